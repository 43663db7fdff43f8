// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl act: do what a pack knows, on record. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "act.h"
#include "hex.h"
#include "people.h"
#include "state.h"
#include "submit.h"
#include "timefmt.h"

#define STEP_NS 50000000L
#define STEPS	600

/**
 * act_waits() - is what comes of an act told, unless something else is said?
 *
 * Return: whether a person reads it.
 */
bool act_waits(void)
{
	return isatty(STDOUT_FILENO);
}

/**
 * act_options() - how an act is to be submitted, from the command line
 * @options: filled in
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: 0 or an exit status.
 */
int act_options(struct act_options *options, int argc, char **argv)
{
	int option;

	options->data = NULL;
	options->wait = act_waits();
	while ((option = ctl_option(argc, argv)) != -1) {
		if (option == OPT_JSON_DATA)
			options->data = optarg;
		else if (option == OPT_WAIT || option == OPT_NO_WAIT)
			options->wait = option == OPT_WAIT;
		else
			return CTL_FAILED;
	}
	return 0;
}

/**
 * act_new() - an act without fields
 * @pack: the pack
 * @kind: what is done
 *
 * Return: the act, the caller's; NULL if these are no words.
 */
json_t *act_new(const char *pack, const char *kind)
{
	return json_pack("{s:s, s:s}", "pack", pack, "kind", kind);
}

static int set_field(json_t *act, const char *name, json_t *value)
{
	if (!value)
		return ctl_bad("%s: this is not UTF-8", name);
	if (json_object_get(act, name)) {
		json_decref(value);
		return ctl_bad("%s is given twice", name);
	}
	return json_object_set_new(act, name, value) ? ctl_bad("%s: this is not UTF-8", name) : 0;
}

/**
 * act_fields() - which fields does an act have?
 * @pack: the pack
 * @kind: what is done
 *
 * Return: its fields by name, the caller's; NULL if there is nobody to ask.
 */
json_t *act_fields(const char *pack, const char *kind)
{
	json_t *reply, *fields = NULL, *query;
	struct tb_error err;
	struct tb_rpc *rpc;

	query = json_pack("{s:s, s:{s:s, s:s}}", "what", "acts", "filter", "pack", pack, "kind",
			  kind);
	if (!query || ctl_connect_referee(&rpc, &err)) {
		json_decref(query);
		return NULL;
	}
	if (!tb_rpc_call(rpc, "Query", query, &reply, &err)) {
		fields = json_object_get(json_array_get(json_object_get(reply, "rows"), 0),
					 "fields");
		json_incref(fields);
		json_decref(reply);
	}
	tb_rpc_close(rpc);
	return fields;
}

/* Is the field one of text, even if what it is given looks like a number? */
static bool is_text(const json_t *field)
{
	static const char *const types[] = { "string", "enum",	 "date",    "time", "matter",
					     "place",  "office", "subject", "blob" };
	const char *type = json_string_value(json_object_get(field, "type"));
	size_t i;

	for (i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

/* Numbers, true, false, lists, objects and quoted text are JSON; all else is text. */
static json_t *value_of(const char *text, const json_t *field)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

	if (json_is_null(json) || (is_text(field) && !json_is_string(json))) {
		json_decref(json);
		json = NULL;
	}
	return json ? json : json_string(text);
}

static int add_data(json_t *act, const char *text)
{
	json_error_t why;
	json_t *data = json_loads(text, JSON_REJECT_DUPLICATES, &why), *value;
	const char *name;
	int status = 0;

	if (!data)
		return ctl_bad("--json-data: %s at column %d", why.text, why.column);
	if (!json_is_object(data))
		status = ctl_bad("--json-data: one JSON object is wanted, in braces");
	json_object_foreach(data, name, value)
		if (!status)
			status = set_field(act, name, json_incref(value));
	json_decref(data);
	return status;
}

/**
 * act_fill() - give an act its fields
 * @act: the act
 * @fields: the fields it has, or NULL
 * @data: an object of fields as text, or NULL
 * @argc: number of further fields
 * @argv: they, as FIELD=VALUE
 *
 * Return: 0 or an exit status.
 */
int act_fill(json_t *act, const json_t *fields, const char *data, int argc, char **argv)
{
	int i, status = data ? add_data(act, data) : 0;
	const char *value;
	char name[128];

	for (i = 0; !status && i < argc; i++) {
		value = strchr(argv[i], '=');
		if (!value || value == argv[i] || value - argv[i] >= (ptrdiff_t)sizeof(name))
			return ctl_bad("%s: fields are given as FIELD=VALUE", argv[i]);
		snprintf(name, sizeof(name), "%.*s", (int)(value - argv[i]), argv[i]);
		status = set_field(act, name, value_of(value + 1, json_object_get(fields, name)));
	}
	return status;
}

static void record_id(const struct tb_receipt *receipt, char id[40])
{
	char chain[TB_HEX_SIZE(4)];

	snprintf(id, 40, "%s:%" PRIu64, tb_hex_encode(chain, receipt->chain, 4), receipt->seq);
}

static bool has_come(const json_t *reply, const struct tb_receipt *receipt)
{
	json_t *row = json_array_get(json_object_get(reply, "rows"), 0), *part;
	const char *key, *chain = json_string_value(json_object_get(reply, "chain"));
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	tb_hex_encode(id, receipt->chain, TONGBU_CHAIN_LEN);
	if (chain && !strcmp(chain, id) &&
	    json_integer_value(json_object_get(reply, "position")) >= (json_int_t)receipt->seq)
		return true;
	json_object_foreach(row, key, part)
		if (json_array_size(part))
			return true;
	return false;
}

/* What came of it, as soon as it was folded */
static int wait_folded(const struct tb_receipt *receipt, json_t **reply)
{
	struct timespec step = { .tv_nsec = STEP_NS };
	char id[40];
	int i, status;

	record_id(receipt, id);
	for (i = 0; i < STEPS; i++) {
		status = people_ask("record", json_pack("{s:s}", "record", id), reply);
		if (status || has_come(*reply, receipt))
			return status;
		status = json_object_get(*reply, "trouble") ? CTL_FAILED : 0;
		json_decref(*reply);
		if (status)
			return status;
		nanosleep(&step, NULL);
	}
	return ctl_bad("record %s is on record, but what comes of it is not known yet: see tongbuctl finding list",
		       id);
}

static int wait_and_show(struct tb_kernel *kernel, const struct tb_receipt *receipt)
{
	json_t *reply, *row;
	struct tb_error err;
	struct tb_rpc *rpc;
	int status;

	/* Without tongbud nobody would take it from the kernel: say so at once. */
	if (ctl_connect(&rpc, &err))
		return ctl_failed(&err);
	tb_rpc_close(rpc);
	if (submit_wait(kernel, receipt, &err))
		return ctl_failed(&err);
	status = wait_folded(receipt, &reply);
	if (status)
		return status;
	row = json_array_get(json_object_get(reply, "rows"), 0);
	if (ctl.json)
		json_object_set_new(row, "receipt", tb_receipt_json(receipt));
	status = outcome_show(row, people_zone(reply));
	json_decref(reply);
	return status;
}

static int show_receipt(const struct tb_receipt *receipt)
{
	char id[40];

	if (ctl.json)
		return ctl_print(tb_receipt_json(receipt));
	record_id(receipt, id);
	printf("%s %s\n", people_say("record", "记录"), id);
	return CTL_OK;
}

/**
 * act_submit() - put an act on record
 * @act: the act; taken over
 * @wait: tell what came of it
 *
 * Return: exit status: %CTL_NO if it was refused.
 */
int act_submit(json_t *act, bool wait)
{
	char *text = json_dumps(act, JSON_COMPACT);
	struct tb_receipt receipt;
	struct tb_kernel *kernel;
	struct tb_error err;
	int status;

	json_decref(act);
	if (!text)
		return ctl_bad("out of memory");
	if (tb_kernel_open(&kernel, &err)) {
		ctl_bad("%s", err.text);
		status = err.code == -ENOENT ? CTL_NO_MODULE : CTL_FAILED;
	} else {
		if (tb_kernel_submit(kernel, TONGBU_ACT_JSON, text, strlen(text), &receipt, &err))
			status = ctl_refused(&err);
		else
			/* With --json there is one answer: what came of it has the receipt. */
			status = wait && ctl.json ? 0 : show_receipt(&receipt);
		if (!status && wait)
			status = wait_and_show(kernel, &receipt);
		tb_kernel_close(kernel);
	}
	free(text);
	return status;
}

static const struct people_column act_columns[] = {
	{ "act", "行为", "id", 't' },
	{ "what it is", "说明", "doc", 't' },
	{ 0 },
};

static const struct people_list acts = { "acts", act_columns, false, false, true };

/**
 * act_list() - tongbuctl act list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int act_list(int argc, char **argv)
{
	return people_list(&acts, argc, argv);
}

static char *split(const char *text, const char **kind)
{
	const char *dot = strchr(text, '.');

	if (!dot || dot == text || !dot[1])
		return NULL;
	*kind = dot + 1;
	return strndup(text, (size_t)(dot - text));
}

/**
 * act_show() - tongbuctl act show
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int act_show(int argc, char **argv)
{
	static const struct people_column columns[] = {
		{ "field", "字段", "name", 't' },
		{ "type", "类型", "type", 't' },
		{ "unit", "单位", "unit", 't' },
		{ "required", "必填", "required", 't' },
		{ "values", "取值", "values", 't' },
		{ "what it is", "说明", "doc", 't' },
		{ 0 },
	};
	json_t *reply, *row, *field, *rows;
	const char *kind, *name;
	char *pack;
	int status;

	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	pack = optind + 1 == argc ? split(argv[optind], &kind) : NULL;
	if (!pack)
		return ctl_bad("act show PACK.KIND: see tongbuctl act list");
	status = people_ask("acts", json_pack("{s:s, s:s}", "pack", pack, "kind", kind), &reply);
	free(pack);
	if (status)
		return status;
	row = json_array_get(json_object_get(reply, "rows"), 0);
	if (!row) {
		status = CTL_NO;
		ctl_bad("there is no act %s: see tongbuctl act list", argv[optind]);
	} else if (ctl.json) {
		status = ctl_print(json_incref(row));
	} else {
		puts(json_string_value(json_object_get(row, "doc")) ?: "");
		rows = json_array();
		json_object_foreach(json_object_get(row, "fields"), name, field) {
			json_object_set_new(field, "name", json_string(name));
			json_array_append(rows, field);
		}
		people_table(columns, rows, 0, "  ");
		json_decref(rows);
	}
	json_decref(reply);
	return status;
}

/**
 * cmd_act() - tongbuctl act
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_act(int argc, char **argv)
{
	struct act_options options;
	json_t *act, *fields;
	const char *kind;
	char *pack;
	int status = act_options(&options, argc, argv);

	if (status)
		return status;
	pack = optind < argc ? split(argv[optind], &kind) : NULL;
	if (!pack)
		return ctl_bad("which act? act PACK.KIND FIELD=VALUE...: see tongbuctl act list");
	act = act_new(pack, kind);
	fields = act ? act_fields(pack, kind) : NULL;
	free(pack);
	if (!act)
		return ctl_bad("%s: this is not UTF-8", argv[optind]);
	status = act_fill(act, fields, options.data, argc - optind - 1, argv + optind + 1);
	json_decref(fields);
	if (!status)
		return act_submit(act, options.wait);
	json_decref(act);
	return status;
}
