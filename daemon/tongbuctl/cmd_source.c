// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl source: straight to the kernel, which records who changed what. */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "salt.h"
#include "source_show.h"

static int source_list(struct tb_kernel *kernel)
{
	char where[TONGBU_DEVICE_LEN + 16], what[32], state[32], level[8];
	struct tb_source_def *list;
	int status = CTL_OK;
	struct tb_error err;
	size_t count, i;

	if (tb_kernel_source_list(kernel, &list, &count, &err))
		return ctl_failed(&err);
	if (!ctl.json)
		printf("%4s  %-16s %-8s %-24s %-12s %-12s %5s %10s %8s\n", "ID", "NAME", "TYPE",
		       "WHERE", "WHAT", "STATE", "LEVEL", "SEALED", "LOST");
	for (i = 0; i < count && !status; i++) {
		const struct tb_source_def *def = &list[i];

		if (ctl.json) {
			status = ctl_print(source_json(def));
			continue;
		}
		source_where(def, where, sizeof(where));
		source_what(def, what, sizeof(what));
		device_state(def->state, state, sizeof(state));
		snprintf(level, sizeof(level), def->level == TONGBU_LEVEL_UNKNOWN ? "-" : "%u",
			 def->level);
		printf("%4u  %-16s %-8s %-24s %-12s %-12s %5s %10" PRIu64 " %8" PRIu64 "\n",
		       def->id, def->name, tb_source_type_name(def->type) ?: "?", where, what,
		       state, level, def->sealed, def->lost);
	}
	free(list);
	return status;
}

/* What is hashed needs the salt, as the configured sources have it. */
static int take_salt(struct tb_source_def *def, char *path)
{
	struct tb_devices devices = { .sources = def, .source_count = 1, .salt_file = path };
	struct tb_error err;

	return tb_salt_load(&devices, &err) ? ctl_failed(&err) : 0;
}

static int source_add(struct tb_kernel *kernel, struct tb_source_def *def)
{
	struct tb_error err;

	if (tb_kernel_source_add(kernel, def, &def->id, &err))
		return ctl_refused(&err);
	return device_added("source", def->name, def->id);
}

static int source_del(struct tb_kernel *kernel, const char *name)
{
	struct tb_error err;

	if (tb_kernel_source_del(kernel, 0, name, &err))
		return ctl_refused(&err);
	return device_removed(name);
}

/* "1:holding:0:2": slave, function, first address, how many */
static int take_poll(struct tb_serial_def *serial)
{
	unsigned int unit, address, count;
	char function[16];
	int number, end = 0;

	if (sscanf(optarg, "%3u:%15[a-z]:%5u:%4u%n", &unit, function, &address, &count, &end) !=
		    4 ||
	    optarg[end] || unit < 1 || unit > 247 || address > UINT16_MAX)
		return ctl_bad("--poll %s: give UNIT:FUNCTION:ADDRESS:COUNT, such as 1:holding:0:2",
			       optarg);
	number = tb_word_number(tb_function_name, function);
	if (number < 0)
		return ctl_bad("--poll %s: the function is one of coils, discrete, holding, input",
			       optarg);
	if (serial->poll_count == TONGBU_POLLS_MAX)
		return ctl_bad("--poll: at most %d of them", TONGBU_POLLS_MAX);
	serial->polls[serial->poll_count++] = (struct tongbu_poll){
		.unit = (uint8_t)unit,
		.function = (uint8_t)number,
		.address = htole16((uint16_t)address),
		.count = htole16((uint16_t)count),
	};
	return 0;
}

#define AT(field) offsetof(struct tb_source_def, field)

enum {
	FIELD_TYPE,
	FIELD_POLL,
	FIELD_SALT,
	FIELD_TIMEOUT,
};

static const struct device_field fields[] = {
	[FIELD_TYPE] = { "type", DEVICE_WORD, AT(type), 0, 0, tb_source_type_name },
	[FIELD_POLL] = { "poll", DEVICE_OTHER, 0, 0, 0, NULL },
	[FIELD_SALT] = { "salt-file", DEVICE_OTHER, 0, 0, 0, NULL },
	[FIELD_TIMEOUT] = { "timeout", DEVICE_U32, AT(input.timeout), 1, 60000, NULL },
	{ "chip", DEVICE_TEXT, AT(chip), 0, TONGBU_NAME_LEN, NULL },
	{ "port", DEVICE_TEXT, AT(chip), 0, TONGBU_NAME_LEN, NULL },
	{ "line", DEVICE_U32, AT(line), 0, UINT16_MAX, NULL },
	{ "edges", DEVICE_WORD, AT(edges), 0, 0, tb_edges_name },
	{ "bias", DEVICE_WORD, AT(bias), 0, 0, tb_bias_name },
	{ "active-low", DEVICE_FLAG, AT(flags), 0, TONGBU_SOURCE_ACTIVE_LOW, NULL },
	{ "debounce", DEVICE_U32, AT(debounce), 0, 10000000, NULL },
	{ "silent", DEVICE_U32, AT(silent), 0, UINT32_MAX, NULL },
	{ "rate", DEVICE_U32, AT(rate), 0, UINT32_MAX, NULL },
	{ "interval", DEVICE_U32, AT(interval), 1, UINT32_MAX, NULL },
	{ "device", DEVICE_TEXT, AT(input.device), 0, TONGBU_DEVICE_LEN, NULL },
	{ "phys", DEVICE_TEXT, AT(input.phys), 0, TONGBU_DEVICE_LEN, NULL },
	{ "vendor", DEVICE_U16, AT(input.vendor), 1, UINT16_MAX, NULL },
	{ "product", DEVICE_U16, AT(input.product), 1, UINT16_MAX, NULL },
	{ "mode", DEVICE_WORD, AT(input.mode), 0, 0, tb_input_mode_name },
	{ "key", DEVICE_U16, AT(input.key), 1, UINT16_MAX, NULL },
	{ "grab", DEVICE_FLAG, AT(flags), 0, TONGBU_SOURCE_GRAB, NULL },
	{ "hashed", DEVICE_FLAG, AT(flags), 0, TONGBU_SOURCE_HASHED, NULL },
	{ "baud", DEVICE_U32, AT(serial.baud), 1, UINT32_MAX, NULL },
	{ "bits", DEVICE_U8, AT(serial.bits), 7, 8, NULL },
	{ "parity", DEVICE_WORD, AT(serial.parity), 0, 0, tb_parity_name },
	{ "stop", DEVICE_U8, AT(serial.stop), 1, 2, NULL },
	{ "framing", DEVICE_WORD, AT(serial.framing), 0, 0, tb_framing_name },
	{ "length", DEVICE_U32, AT(serial.length), 1, TONGBU_FRAME_MAX, NULL },
	{ "gap", DEVICE_U32, AT(serial.gap), 0, UINT32_MAX, NULL },
	{ "modem", DEVICE_FLAG, AT(flags), 0, TONGBU_SOURCE_MODEM, NULL },
	{ NULL, DEVICE_OTHER, 0, 0, 0, NULL },
};

/**
 * struct asked - what was asked for
 * @def: the source
 * @salt_file: file of the salt
 * @has_line: --line was given
 */
struct asked {
	struct tb_source_def def;
	char *salt_file;
	bool has_line;
};

static int take_option(struct asked *asked, size_t index)
{
	struct device_field field = fields[index];

	if (index == FIELD_POLL)
		return take_poll(&asked->def.serial);
	if (index == FIELD_SALT) {
		asked->salt_file = optarg;
		return 0;
	}
	if (index == FIELD_TIMEOUT && asked->def.type == TONGBU_SOURCE_SERIAL)
		field.at = AT(serial.timeout);
	asked->has_line |= !strcmp(field.option, "line");
	return device_take(&field, &asked->def);
}

/* What a source is unless something else is said depends on its type: that first */
static int take_type(int argc, char **argv, uint8_t *type)
{
	struct tb_source_def def = { .type = TONGBU_SOURCE_GPIO };
	int more, status;
	size_t index;

	while ((more = device_option(argc, argv, fields, &index)) > 0) {
		status = index == FIELD_TYPE ? device_take(&fields[index], &def) : 0;
		if (status)
			return status;
	}
	*type = def.type;
	optind = 0;
	return more ? CTL_FAILED : CTL_OK;
}

static int check_where(const struct asked *asked)
{
	const struct tb_source_def *def = &asked->def;

	switch (def->type) {
	case TONGBU_SOURCE_SERIAL:
		return *def->chip ? CTL_OK :
				    ctl_bad("source add --type serial needs --port, such as ttyS1");
	case TONGBU_SOURCE_INPUT:
		return *def->input.device || *def->input.phys || def->input.vendor ||
				       def->input.product ?
			       CTL_OK :
			       ctl_bad("source add --type input needs --device, --phys, --vendor or --product: /proc/bus/input/devices shows them");
	default:
		return *def->chip && asked->has_line ?
			       CTL_OK :
			       ctl_bad("source add needs --chip and --line: gpiodetect and gpioinfo show them");
	}
}

/**
 * cmd_source() - tongbuctl source
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_source(int argc, char **argv)
{
	static char salt_file[] = "/var/lib/tongbu/salt";
	struct asked asked = { .salt_file = salt_file };
	struct tb_kernel *kernel;
	uint8_t type = 0;
	const char *what;
	int status, more;
	size_t index;

	status = take_type(argc, argv, &type);
	if (status)
		return status;
	tb_source_def_init(&asked.def, type);
	while ((more = device_option(argc, argv, fields, &index)) > 0) {
		status = take_option(&asked, index);
		if (status)
			return status;
	}
	if (more)
		return CTL_FAILED;
	what = optind < argc ? argv[optind] : "";
	if (!strcmp(what, "add") && optind + 2 == argc) {
		status = check_where(&asked)					       ?:
				 device_name("name", argv[optind + 1], asked.def.name) ?:
				 take_salt(&asked.def, asked.salt_file);
		if (status)
			return status;
	} else if (!(!strcmp(what, "del") && optind + 2 == argc) &&
		   !(!strcmp(what, "list") && optind + 1 == argc)) {
		return ctl_bad("source add NAME, del NAME or list: see tongbuctl source --help");
	}
	status = device_open(&kernel);
	if (status)
		return status;
	if (!strcmp(what, "add"))
		status = source_add(kernel, &asked.def);
	else if (!strcmp(what, "del"))
		status = source_del(kernel, argv[optind + 1]);
	else
		status = source_list(kernel);
	tb_kernel_close(kernel);
	return status;
}
