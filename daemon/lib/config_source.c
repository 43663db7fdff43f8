// SPDX-License-Identifier: GPL-2.0-only
/* The sources of the configuration, of all types. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

#define BIT(type)  (1U << TONGBU_SOURCE_##type)
#define LINES	   (BIT(GPIO) | BIT(COUNTER) | BIT(PPS))
#define ALL	   (LINES | BIT(INPUT) | BIT(SERIAL))
#define NUMBER_MAX UINT32_MAX

typedef int (*get_setting)(const struct tb_loading *l, const config_setting_t *setting,
			   struct tb_source_def *def);

static int get_name(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_name(l, setting, def->name);
}

static int get_chip(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_text(l, setting, def->chip, sizeof(def->chip));
}

static int get_line(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_number(l, setting, 0, UINT16_MAX, &def->line);
}

static int get_edges(const struct tb_loading *l, const config_setting_t *setting,
		     struct tb_source_def *def)
{
	return tb_get_word(l, setting, tb_edges_name, &def->edges);
}

static int get_bias(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_word(l, setting, tb_bias_name, &def->bias);
}

static int get_active_low(const struct tb_loading *l, const config_setting_t *setting,
			  struct tb_source_def *def)
{
	return tb_get_flag(l, setting, TONGBU_SOURCE_ACTIVE_LOW, &def->flags);
}

static int get_debounce(const struct tb_loading *l, const config_setting_t *setting,
			struct tb_source_def *def)
{
	return tb_get_number(l, setting, 0, 10000000, &def->debounce);
}

static int get_silent(const struct tb_loading *l, const config_setting_t *setting,
		      struct tb_source_def *def)
{
	return tb_get_number(l, setting, 0, NUMBER_MAX, &def->silent);
}

static int get_rate(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_number(l, setting, 0, NUMBER_MAX, &def->rate);
}

static int get_interval(const struct tb_loading *l, const config_setting_t *setting,
			struct tb_source_def *def)
{
	return tb_get_number(l, setting, 1, NUMBER_MAX, &def->interval);
}

static int get_device(const struct tb_loading *l, const config_setting_t *setting,
		      struct tb_source_def *def)
{
	return tb_get_text(l, setting, def->input.device, sizeof(def->input.device));
}

static int get_phys(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_text(l, setting, def->input.phys, sizeof(def->input.phys));
}

static int get_short(const struct tb_loading *l, const config_setting_t *setting, uint16_t *value)
{
	uint32_t number = 0;
	int ret = tb_get_number(l, setting, 1, UINT16_MAX, &number);

	*value = (uint16_t)number;
	return ret;
}

static int get_vendor(const struct tb_loading *l, const config_setting_t *setting,
		      struct tb_source_def *def)
{
	return get_short(l, setting, &def->input.vendor);
}

static int get_product(const struct tb_loading *l, const config_setting_t *setting,
		       struct tb_source_def *def)
{
	return get_short(l, setting, &def->input.product);
}

static int get_key(const struct tb_loading *l, const config_setting_t *setting,
		   struct tb_source_def *def)
{
	return get_short(l, setting, &def->input.key);
}

static int get_mode(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_word(l, setting, tb_input_mode_name, &def->input.mode);
}

static int get_grab(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_flag(l, setting, TONGBU_SOURCE_GRAB, &def->flags);
}

static int get_hashed(const struct tb_loading *l, const config_setting_t *setting,
		      struct tb_source_def *def)
{
	return tb_get_flag(l, setting, TONGBU_SOURCE_HASHED, &def->flags);
}

static int get_timeout(const struct tb_loading *l, const config_setting_t *setting,
		       struct tb_source_def *def)
{
	return tb_get_number(l, setting, 1, 60000,
			     def->type == TONGBU_SOURCE_INPUT ? &def->input.timeout :
								&def->serial.timeout);
}

static int get_baud(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return tb_get_number(l, setting, 1, NUMBER_MAX, &def->serial.baud);
}

static int get_small(const struct tb_loading *l, const config_setting_t *setting, uint32_t min,
		     uint32_t max, uint8_t *value)
{
	uint32_t number = 0;
	int ret = tb_get_number(l, setting, min, max, &number);

	*value = (uint8_t)number;
	return ret;
}

static int get_bits(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return get_small(l, setting, 7, 8, &def->serial.bits);
}

static int get_stop(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_source_def *def)
{
	return get_small(l, setting, 1, 2, &def->serial.stop);
}

static int get_parity(const struct tb_loading *l, const config_setting_t *setting,
		      struct tb_source_def *def)
{
	return tb_get_word(l, setting, tb_parity_name, &def->serial.parity);
}

static int get_framing(const struct tb_loading *l, const config_setting_t *setting,
		       struct tb_source_def *def)
{
	return tb_get_word(l, setting, tb_framing_name, &def->serial.framing);
}

static int get_length(const struct tb_loading *l, const config_setting_t *setting,
		      struct tb_source_def *def)
{
	return tb_get_number(l, setting, 1, TONGBU_FRAME_MAX, &def->serial.length);
}

static int get_gap(const struct tb_loading *l, const config_setting_t *setting,
		   struct tb_source_def *def)
{
	return tb_get_number(l, setting, 0, 1000000, &def->serial.gap);
}

static int get_modem(const struct tb_loading *l, const config_setting_t *setting,
		     struct tb_source_def *def)
{
	return tb_get_flag(l, setting, TONGBU_SOURCE_MODEM, &def->flags);
}

static int get_polls(const struct tb_loading *l, const config_setting_t *setting,
		     struct tb_source_def *def)
{
	return tb_get_polls(l, setting, &def->serial);
}

/* These are looked at before or after all others. */
static int get_elsewhere(const struct tb_loading *l, const config_setting_t *setting,
			 struct tb_source_def *def)
{
	(void)l, (void)setting, (void)def;
	return 0;
}

/* What sources can have, and of which types those are that can */
static const struct {
	const char *name;
	unsigned int types;
	get_setting get;
} settings[] = {
	{ "name", ALL, get_name },
	{ "type", ALL, get_elsewhere },
	{ "values", BIT(COUNTER) | BIT(SERIAL), get_elsewhere },
	{ "silent_ms", ALL, get_silent },
	{ "rate", ALL & ~BIT(PPS), get_rate },
	{ "interval_ms", BIT(COUNTER) | BIT(PPS) | BIT(SERIAL), get_interval },
	{ "chip", LINES, get_chip },
	{ "line", LINES, get_line },
	{ "edges", LINES, get_edges },
	{ "bias", LINES, get_bias },
	{ "active_low", LINES, get_active_low },
	{ "debounce_us", BIT(GPIO) | BIT(COUNTER), get_debounce },
	{ "device", BIT(INPUT), get_device },
	{ "phys", BIT(INPUT), get_phys },
	{ "vendor", BIT(INPUT), get_vendor },
	{ "product", BIT(INPUT), get_product },
	{ "mode", BIT(INPUT), get_mode },
	{ "key", BIT(INPUT), get_key },
	{ "grab", BIT(INPUT), get_grab },
	{ "hashed", BIT(INPUT), get_hashed },
	{ "timeout_ms", BIT(INPUT) | BIT(SERIAL), get_timeout },
	{ "port", BIT(SERIAL), get_chip },
	{ "baud", BIT(SERIAL), get_baud },
	{ "bits", BIT(SERIAL), get_bits },
	{ "parity", BIT(SERIAL), get_parity },
	{ "stop", BIT(SERIAL), get_stop },
	{ "framing", BIT(SERIAL), get_framing },
	{ "length", BIT(SERIAL), get_length },
	{ "gap_us", BIT(SERIAL), get_gap },
	{ "modem", BIT(SERIAL), get_modem },
	{ "polls", BIT(SERIAL), get_polls },
};

static int get_source_setting(const struct tb_loading *l, const config_setting_t *setting,
			      struct tb_source_def *def)
{
	const char *name = config_setting_name(setting);
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strcmp(settings[i].name, name))
			continue;
		if (!(settings[i].types & 1U << def->type))
			return tb_fault(l, setting,
					"a source of type %s has no setting %s: see tongbu.conf(5)",
					tb_source_type_name(def->type), name);
		return settings[i].get(l, setting, def);
	}
	return tb_fault(l, setting, "a source has no setting %s: see tongbu.conf(5)", name);
}

static int check_input(const struct tb_loading *l, const config_setting_t *group,
		       const struct tb_source_def *def)
{
	const struct tb_input_def *in = &def->input;
	bool code = in->mode == TONGBU_INPUT_CODE;

	if (!*in->device && !*in->phys && !in->vendor && !in->product)
		return tb_fault(l, group,
				"an input source needs device, phys, vendor or product: /proc/bus/input/devices shows them");
	if (!code && (in->timeout || def->flags & TONGBU_SOURCE_HASHED))
		return tb_fault(l, group, "timeout_ms and hashed are for mode = \"code\"");
	if (code && in->key)
		return tb_fault(l, group, "key is for mode = \"keys\"");
	return 0;
}

static int check_serial(const struct tb_loading *l, const config_setting_t *group,
			const struct tb_source_def *def)
{
	bool modbus = def->serial.framing == TONGBU_FRAMING_MODBUS;

	if (!*def->chip)
		return tb_fault(l, group, "a serial source needs port, such as \"ttyS1\"");
	if (modbus && !def->serial.poll_count)
		return tb_fault(l, group, "framing = \"modbus\" needs polls");
	if (!modbus && (def->serial.poll_count || def->interval || def->serial.timeout))
		return tb_fault(l, group,
				"polls, interval_ms and timeout_ms are for framing = \"modbus\"");
	if (def->serial.framing == TONGBU_FRAMING_FIXED && !def->serial.length)
		return tb_fault(l, group, "framing = \"fixed\" needs length");
	return 0;
}

static int check_source(const struct tb_loading *l, const config_setting_t *group,
			const struct tb_source_def *def)
{
	bool line = def->type != TONGBU_SOURCE_INPUT && def->type != TONGBU_SOURCE_SERIAL;

	if (!*def->name && !line)
		return tb_fault(l, group, "a source needs a name");
	if (def->type == TONGBU_SOURCE_INPUT)
		return check_input(l, group, def);
	if (def->type == TONGBU_SOURCE_SERIAL)
		return check_serial(l, group, def);
	if (!*def->name || !*def->chip || !config_setting_get_member(group, "line"))
		return tb_fault(l, group, "a source needs name, chip and line");
	if (def->type == TONGBU_SOURCE_PPS && def->edges == TONGBU_EDGE_BOTH)
		return tb_fault(l, group, "a pps source needs edges = \"rising\" or \"falling\"");
	return 0;
}

static int get_source(const struct tb_loading *l, const config_setting_t *group, void *item)
{
	const config_setting_t *type = config_setting_get_member(group, "type");
	struct tb_source_def *def = item;
	uint8_t number = TONGBU_SOURCE_GPIO;
	int i, ret = 0;

	if (type)
		ret = tb_get_word(l, type, tb_source_type_name, &number);
	if (ret)
		return ret;
	tb_source_def_init(def, number);
	def->flags = TONGBU_SOURCE_CONFIGURED;
	for (i = 0; i < config_setting_length(group); i++) {
		ret = get_source_setting(l, config_setting_get_elem(group, (unsigned int)i), def);
		if (ret)
			return ret;
	}
	return check_source(l, group, def);
}

static const char *name_of(const void *item)
{
	return ((const struct tb_source_def *)item)->name;
}

/**
 * tb_get_sources() - the sources
 * @l: the file
 * @list: their list
 * @devices: what they are added to
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_sources(const struct tb_loading *l, const config_setting_t *list,
		   struct tb_devices *devices)
{
	const config_setting_t *values;
	void *items = NULL;
	size_t count = 0, i;
	int ret;

	ret = tb_get_list(l, list, "source", sizeof(*devices->sources), &items, &count, get_source);
	devices->sources = items;
	if (!ret)
		ret = tb_get_twice(l, list, "source", name_of, items, sizeof(*devices->sources),
				   count);
	if (ret)
		return ret;
	devices->values = calloc(count ? count : 1, sizeof(json_t *));
	if (!devices->values)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	devices->source_count = count;
	for (i = 0; i < count && !ret; i++) {
		values = config_setting_get_member(config_setting_get_elem(list, (unsigned int)i),
						   "values");
		if (values)
			ret = tb_get_values(l, values, &devices->sources[i], &devices->values[i]);
	}
	return ret;
}
