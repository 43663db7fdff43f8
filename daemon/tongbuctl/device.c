// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * device_open() - reach the kernel
 * @kernel: set to the socket
 *
 * Return: 0 or the exit status.
 */
int device_open(struct tb_kernel **kernel)
{
	struct tb_error err;
	int ret = tb_kernel_open(kernel, &err);

	if (!ret)
		return 0;
	ctl_bad("%s", err.text);
	return ret == -ENOENT ? CTL_NO_MODULE : CTL_FAILED;
}

/**
 * device_name() - take a name from the command line
 * @what: what it is called
 * @text: the name
 * @name: where to, %TONGBU_NAME_LEN bytes
 *
 * Return: 0 or the exit status.
 */
int device_name(const char *what, const char *text, char *name)
{
	if (!*text || strlen(text) >= TONGBU_NAME_LEN)
		return ctl_bad("%s: a %s has 1 to %d bytes", text, what, TONGBU_NAME_LEN - 1);
	memcpy(name, text, strlen(text) + 1);
	return 0;
}

/**
 * device_added() - tell that a device was added
 * @what: what it is called
 * @name: its name
 * @id: its number
 *
 * Return: the exit status.
 */
int device_added(const char *what, const char *name, uint32_t id)
{
	if (ctl.json)
		return ctl_print(json_pack("{s:s, s:I}", "name", name, "id", (json_int_t)id));
	printf("%s is %s %u\n", name, what, id);
	return CTL_OK;
}

/**
 * device_removed() - tell that a device was removed: to programs, people see the prompt
 * @name: its name
 *
 * Return: the exit status.
 */
int device_removed(const char *name)
{
	return ctl.json ? ctl_print(json_pack("{s:s}", "name", name)) : CTL_OK;
}

/**
 * device_option() - the next option of a device
 * @argc: number of arguments
 * @argv: the arguments
 * @fields: what there is, closed by one without a name
 * @index: set to which of @fields it is
 *
 * Return: 1 for an option, 0 after the last, -1 if it is none and that was said.
 */
int device_option(int argc, char **argv, const struct device_field *fields, size_t *index)
{
	struct option options[DEVICE_FIELDS_MAX] = { 0 };
	int option, i;

	for (i = 0; fields[i].option && i < DEVICE_FIELDS_MAX - 1; i++) {
		options[i].name = fields[i].option;
		options[i].has_arg = fields[i].kind == DEVICE_FLAG ? no_argument :
								     required_argument;
		options[i].val = CTL_OPTION(200 + i);
	}
	option = ctl_option(argc, argv, "", options);
	if (option == -1)
		return 0;
	if (option < CTL_OPTION(200))
		return -1;
	*index = (size_t)(option - CTL_OPTION(200));
	return 1;
}

static int take_word(const struct device_field *field, uint8_t *value)
{
	int number = tb_word_number(field->word, optarg);
	char known[128] = "";
	unsigned int i;

	if (number >= 0) {
		*value = (uint8_t)number;
		return 0;
	}
	for (i = 0; i < 16; i++)
		if (field->word(i))
			snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
				 *known ? ", " : "", field->word(i));
	return ctl_bad("--%s %s: it must be one of %s", field->option, optarg, known);
}

static int take_number(const struct device_field *field, void *value)
{
	uint64_t number;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;

	/* Vendors and products are written 0x1a86. */
	if (field->kind == DEVICE_U16 && !strncmp(optarg, "0x", 2) && strlen(optarg) <= 6 &&
	    strspn(optarg + 2, "0123456789abcdefABCDEF") == strlen(optarg + 2))
		number = strtoull(optarg + 2, NULL, 16);
	else if (!ctl_number(optarg, field->max, &number) || number < field->min)
		return ctl_bad("--%s %s: it must be a number from %u to %u", field->option, optarg,
			       field->min, field->max);
	u8 = (uint8_t)number;
	u16 = (uint16_t)number;
	u32 = (uint32_t)number;
	if (field->kind == DEVICE_U8)
		memcpy(value, &u8, sizeof(u8));
	else if (field->kind == DEVICE_U16)
		memcpy(value, &u16, sizeof(u16));
	else
		memcpy(value, &u32, sizeof(u32));
	return 0;
}

/**
 * device_take() - put the value of an option into its field
 * @field: the option; its value is in optarg
 * @def: the structure
 *
 * Return: 0 or the exit status.
 */
int device_take(const struct device_field *field, void *def)
{
	char *at = (char *)def + field->at;
	uint32_t flags;

	switch (field->kind) {
	case DEVICE_TEXT:
		if (!*optarg || strlen(optarg) >= field->max)
			return ctl_bad("--%s %s: it must have 1 to %u bytes", field->option, optarg,
				       field->max - 1);
		memcpy(at, optarg, strlen(optarg) + 1);
		return 0;
	case DEVICE_WORD:
		return take_word(field, (uint8_t *)at);
	case DEVICE_FLAG:
		memcpy(&flags, at, sizeof(flags));
		flags |= field->max;
		memcpy(at, &flags, sizeof(flags));
		return 0;
	case DEVICE_U8:
	case DEVICE_U16:
	case DEVICE_U32:
		return take_number(field, at);
	default:
		return CTL_FAILED;
	}
}

/**
 * device_state() - how a device fares, in words
 * @state: enum tongbu_source_state
 * @text: where to: "GONE", "SILENT STORM", or "ok"
 * @size: its bytes
 */
void device_state(uint32_t state, char *text, size_t size)
{
	static const char *const words[] = { "GONE", "SILENT", "STORM" };
	size_t i;

	*text = '\0';
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (state >> i & 1)
			snprintf(text + strlen(text), size - strlen(text), "%s%s", *text ? " " : "",
				 words[i]);
	if (!*text)
		snprintf(text, size, "ok");
}
