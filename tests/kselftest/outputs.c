// SPDX-License-Identifier: GPL-2.0-only
#include "outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CARD_DIR "/sys/bus/pci/drivers/pci-idio-16/0000:*"

/**
 * output_put() - ask for an output
 * @msg: the request, to which it is added
 * @output: which and how
 */
void output_put(struct nl_msg *msg, const struct output *output)
{
	nla_put_string(msg, TONGBU_A_OUTPUT_NAME, output->name);
	nla_put_string(msg, TONGBU_A_GPIO_CHIP, output->chip ? output->chip : STATION_CHIP);
	nla_put_u32(msg, TONGBU_A_GPIO_LINE, output->line);
	nla_put_u32(msg, TONGBU_A_OUTPUT_FLAGS, output->flags);
	nla_put_u8(msg, TONGBU_A_OUTPUT_SAFE, output->safe);
	nla_put_u32(msg, TONGBU_A_OUTPUT_AWAY, output->away);
}

/**
 * output_add() - take an output
 * @nl: the socket
 * @output: which and how
 *
 * Return: its number, or a negative errno.
 */
int output_add(struct tongbu_nl *nl, const struct output *output)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_OUTPUT_ADD);
	int err;

	output_put(msg, output);
	err = tongbu_nl_do(nl, msg);
	return err ? err : (int)nla_get_u32(nl->attrs[TONGBU_A_OUTPUT_ID]);
}

/**
 * output_del() - let go of an output
 * @nl: the socket
 * @name: its name
 *
 * Return: 0 or what the kernel answered.
 */
int output_del(struct tongbu_nl *nl, const char *name)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_OUTPUT_DEL);

	nla_put_string(msg, TONGBU_A_OUTPUT_NAME, name);
	return tongbu_nl_do(nl, msg);
}

/**
 * output_set_for() - set an output because of a record
 * @nl: the socket
 * @name: its name
 * @value: what to
 * @cause: number of the record, or %TONGBU_SEQ_NONE to leave it out
 *
 * Return: 0 or what the kernel answered.
 */
int output_set_for(struct tongbu_nl *nl, const char *name, uint8_t value, uint64_t cause)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_OUTPUT_SET);

	nla_put_string(msg, TONGBU_A_OUTPUT_NAME, name);
	nla_put_u8(msg, TONGBU_A_OUTPUT_VALUE, value);
	if (cause != TONGBU_SEQ_NONE)
		nla_put_u64(msg, TONGBU_A_OUTPUT_CAUSE, cause);
	return tongbu_nl_do(nl, msg);
}

/**
 * output_set() - set an output
 * @nl: the socket
 * @name: its name
 * @value: what to
 *
 * Return: 0 or what the kernel answered.
 */
int output_set(struct tongbu_nl *nl, const char *name, uint8_t value)
{
	return output_set_for(nl, name, value, TONGBU_SEQ_NONE);
}

/* What is looked for in a dump, by the attribute that names it */
struct looking {
	const char *name;
	struct output_state *output;
	struct reflex_state *reflex;
	bool found;
};

static int look_at_output(struct nlattr **attrs, void *arg)
{
	struct looking *looking = arg;

	if (strcmp(nla_get_string(attrs[TONGBU_A_OUTPUT_NAME]), looking->name))
		return 0;
	looking->found = true;
	looking->output->value = nla_get_u8(attrs[TONGBU_A_OUTPUT_VALUE]);
	looking->output->changes = nla_get_u64(attrs[TONGBU_A_OUTPUT_CHANGES]);
	looking->output->state = nla_get_u32(attrs[TONGBU_A_SOURCE_STATE]);
	return 0;
}

/**
 * output_look() - how an output stands
 * @nl: the socket
 * @name: its name
 * @state: filled in
 *
 * Return: 0; -ENOENT if it is not there; or what the kernel answered.
 */
int output_look(struct tongbu_nl *nl, const char *name, struct output_state *state)
{
	struct looking looking = { .name = name, .output = state };
	int err = tongbu_nl_dump(nl, tongbu_nl_request(nl, TONGBU_CMD_OUTPUT_GET), look_at_output,
				 &looking);

	return err || looking.found ? err : -ENOENT;
}

static void put_number(struct nl_msg *msg, int attr, uint32_t number)
{
	if (number)
		nla_put_u32(msg, attr, number);
}

/**
 * reflex_put() - ask for a reflex
 * @msg: the request, to which it is added
 * @reflex: which and how
 */
void reflex_put(struct nl_msg *msg, const struct reflex *reflex)
{
	nla_put_string(msg, TONGBU_A_REFLEX_NAME, reflex->name);
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, reflex->source);
	nla_put_string(msg, TONGBU_A_OUTPUT_NAME, reflex->output);
	if (reflex->second)
		nla_put_string(msg, TONGBU_A_REFLEX_SECOND, reflex->second);
	if (reflex->condition)
		nla_put_u8(msg, TONGBU_A_REFLEX_CONDITION, reflex->condition);
	if (reflex->level != NO_LEVEL)
		nla_put_u8(msg, TONGBU_A_REFLEX_LEVEL, (uint8_t)reflex->level);
	if (reflex->action)
		nla_put_u8(msg, TONGBU_A_REFLEX_ACTION, reflex->action);
	put_number(msg, TONGBU_A_REFLEX_HOLD, reflex->hold);
	put_number(msg, TONGBU_A_REFLEX_COUNT, reflex->count);
	put_number(msg, TONGBU_A_REFLEX_WITHIN, reflex->within);
	put_number(msg, TONGBU_A_REFLEX_LENGTH, reflex->length);
	put_number(msg, TONGBU_A_REFLEX_PERIOD, reflex->period);
	put_number(msg, TONGBU_A_REFLEX_COOLDOWN, reflex->cooldown);
}

/**
 * reflex_add() - arm a reflex
 * @nl: the socket
 * @reflex: which and how
 *
 * Return: its number, or a negative errno.
 */
int reflex_add(struct tongbu_nl *nl, const struct reflex *reflex)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_REFLEX_ADD);
	int err;

	reflex_put(msg, reflex);
	err = tongbu_nl_do(nl, msg);
	return err ? err : (int)nla_get_u32(nl->attrs[TONGBU_A_REFLEX_ID]);
}

/**
 * reflex_del() - disarm a reflex
 * @nl: the socket
 * @name: its name
 *
 * Return: 0 or what the kernel answered.
 */
int reflex_del(struct tongbu_nl *nl, const char *name)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_REFLEX_DEL);

	nla_put_string(msg, TONGBU_A_REFLEX_NAME, name);
	return tongbu_nl_do(nl, msg);
}

static int look_at_reflex(struct nlattr **attrs, void *arg)
{
	struct looking *looking = arg;

	if (strcmp(nla_get_string(attrs[TONGBU_A_REFLEX_NAME]), looking->name))
		return 0;
	looking->found = true;
	looking->reflex->fired = nla_get_u64(attrs[TONGBU_A_REFLEX_FIRED]);
	looking->reflex->rested = nla_get_u64(attrs[TONGBU_A_REFLEX_RESTED]);
	return 0;
}

/**
 * reflex_look() - how a reflex stands
 * @nl: the socket
 * @name: its name
 * @state: filled in
 *
 * Return: 0; -ENOENT if it is not there; or what the kernel answered.
 */
int reflex_look(struct tongbu_nl *nl, const char *name, struct reflex_state *state)
{
	struct looking looking = { .name = name, .reflex = state };
	int err = tongbu_nl_dump(nl, tongbu_nl_request(nl, TONGBU_CMD_REFLEX_GET), look_at_reflex,
				 &looking);

	return err || looking.found ? err : -ENOENT;
}

/**
 * line_value() - what a line of the simulated chip is at
 * @line: offset
 *
 * Return: 0 or 1, or a negative errno.
 */
int line_value(uint32_t line)
{
	char path[128], chip[64], pattern[256];
	glob_t found = { 0 };
	FILE *file;
	int value;

	if (station_chip(chip))
		return -ENODEV;
	snprintf(pattern, sizeof(pattern), "/sys/devices/platform/gpio-sim.*/%s/sim_gpio%u/value",
		 chip, line);
	if (glob(pattern, 0, NULL, &found))
		return -ENODEV;
	snprintf(path, sizeof(path), "%s", found.gl_pathv[0]);
	globfree(&found);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (fscanf(file, "%d", &value) != 1)
		value = -EIO;
	fclose(file);
	return value;
}

/**
 * line_comes_to() - wait for a line of the simulated chip
 * @line: offset
 * @value: what it shall be at
 *
 * Return: whether it is within twenty seconds.
 */
bool line_comes_to(uint32_t line, int value)
{
	uint64_t limit = station_boottime() + 20000000000ULL;

	while (line_value(line) != value) {
		if (station_boottime() > limit)
			return false;
		station_sleep_ms(5);
	}
	return true;
}

/**
 * card_label() - label of the chip of the I/O card
 * @label: filled in
 *
 * Return: 0, -ENODEV if the kernel has no driver for one.
 */
int card_label(char label[TONGBU_NAME_LEN])
{
	glob_t found = { 0 };

	if (glob(CARD_DIR, 0, NULL, &found))
		return -ENODEV;
	snprintf(label, TONGBU_NAME_LEN, "%s", strrchr(found.gl_pathv[0], '/') + 1);
	globfree(&found);
	return 0;
}

static int open_card(void)
{
	struct gpiochip_info info = { 0 };
	char label[TONGBU_NAME_LEN], path[32];
	int chip, fd;

	if (card_label(label))
		return -ENODEV;
	for (chip = 0; chip < 16; chip++) {
		snprintf(path, sizeof(path), "/dev/gpiochip%d", chip);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) && !strcmp(info.label, label))
			return fd;
		close(fd);
	}
	return -ENODEV;
}

/**
 * card_value() - what a line of the I/O card is at that nobody holds
 * @line: offset of an output
 *
 * Return: 0 or 1; %CARD_WRITE_ONLY if this kernel's driver does not read its outputs
 * back, as since Linux 7; or a negative errno.
 */
int card_value(uint32_t line)
{
	struct gpio_v2_line_request request = { .num_lines = 1, .consumer = "selftest" };
	struct gpio_v2_line_values values = { .mask = 1 };
	int fd = open_card(), err;

	if (fd < 0)
		return fd;
	/* Without a direction asked for it stays as it is. */
	request.offsets[0] = line;
	err = ioctl(fd, GPIO_V2_GET_LINE_IOCTL, &request) ? -errno : 0;
	close(fd);
	if (err)
		return err;
	err = ioctl(request.fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) ? -errno : 0;
	close(request.fd);
	if (err == -EIO)
		return CARD_WRITE_ONLY;
	return err ? err : (int)(values.bits & 1);
}
