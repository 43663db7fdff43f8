// SPDX-License-Identifier: GPL-2.0-only
#include "source_show.h"

#include <endian.h>
#include <string.h>

static json_t *word_or(const char *word)
{
	return json_string(word ? word : "?");
}

static void put_line(json_t *json, const struct tb_source_def *def)
{
	json_object_set_new(json, "chip", json_string(def->chip));
	json_object_set_new(json, "line", json_integer((json_int_t)def->line));
	json_object_set_new(json, "edges", word_or(tb_edges_name(def->edges)));
	json_object_set_new(json, "bias", word_or(tb_bias_name(def->bias)));
	json_object_set_new(json, "active_low",
			    json_boolean(def->flags & TONGBU_SOURCE_ACTIVE_LOW));
	json_object_set_new(json, "debounce_us", json_integer((json_int_t)def->debounce));
	json_object_set_new(json, "level",
			    def->level == TONGBU_LEVEL_UNKNOWN ? json_null() : json_integer(def->level));
}

static void put_input(json_t *json, const struct tb_source_def *def)
{
	const struct tb_input_def *in = &def->input;

	json_object_set_new(json, "device", *in->device ? json_string(in->device) : json_null());
	json_object_set_new(json, "phys", *in->phys ? json_string(in->phys) : json_null());
	json_object_set_new(json, "present", *in->present ? json_string(in->present) : json_null());
	json_object_set_new(json, "vendor", json_integer(in->vendor));
	json_object_set_new(json, "product", json_integer(in->product));
	json_object_set_new(json, "mode", word_or(tb_input_mode_name(in->mode)));
	json_object_set_new(json, "key", json_integer(in->key));
	json_object_set_new(json, "timeout_ms", json_integer((json_int_t)in->timeout));
	json_object_set_new(json, "grab", json_boolean(def->flags & TONGBU_SOURCE_GRAB));
	json_object_set_new(json, "hashed", json_boolean(def->flags & TONGBU_SOURCE_HASHED));
}

static json_t *polls_json(const struct tb_serial_def *s)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < s->poll_count; i++)
		json_array_append_new(list,
				      json_pack("{s:i, s:o, s:i, s:i}", "unit", s->polls[i].unit,
						"function",
						word_or(tb_function_name(s->polls[i].function)),
						"address", le16toh(s->polls[i].address), "count",
						le16toh(s->polls[i].count)));
	return list;
}

static void put_serial(json_t *json, const struct tb_source_def *def)
{
	const struct tb_serial_def *s = &def->serial;

	json_object_set_new(json, "port", json_string(def->chip));
	json_object_set_new(json, "baud", json_integer((json_int_t)s->baud));
	json_object_set_new(json, "bits", json_integer(s->bits));
	json_object_set_new(json, "parity", word_or(tb_parity_name(s->parity)));
	json_object_set_new(json, "stop", json_integer(s->stop));
	json_object_set_new(json, "framing", word_or(tb_framing_name(s->framing)));
	json_object_set_new(json, "length", json_integer((json_int_t)s->length));
	json_object_set_new(json, "gap_us", json_integer((json_int_t)s->gap));
	json_object_set_new(json, "timeout_ms", json_integer((json_int_t)s->timeout));
	json_object_set_new(json, "modem", json_boolean(def->flags & TONGBU_SOURCE_MODEM));
	json_object_set_new(json, "polls", polls_json(s));
	json_object_set_new(json, "good", tb_json_u64(s->good));
	json_object_set_new(json, "bad", tb_json_u64(s->bad));
}

/**
 * source_json() - a source for programs
 * @def: the source
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *source_json(const struct tb_source_def *def)
{
	json_t *json;

	/* clang-format off: a name and its value on each line */
	json = json_pack("{s:I, s:s, s:o, s:o, s:b, s:I, s:I, s:I, s:o, s:o, s:o}", "id",
			 (json_int_t)def->id, "name", def->name, "type",
			 word_or(tb_source_type_name(def->type)), "state",
			 tb_json_flags(def->state, tb_source_state_name), "configured",
			 !!(def->flags & TONGBU_SOURCE_CONFIGURED), "silent_ms",
			 (json_int_t)def->silent, "rate", (json_int_t)def->rate, "interval_ms",
			 (json_int_t)def->interval, "last",
			 def->last ? tb_json_u64(def->last) : json_null(), "sealed",
			 tb_json_u64(def->sealed), "lost", tb_json_u64(def->lost));
	/* clang-format on */
	if (!json)
		return NULL;
	if (def->type == TONGBU_SOURCE_INPUT)
		put_input(json, def);
	else if (def->type == TONGBU_SOURCE_SERIAL)
		put_serial(json, def);
	else
		put_line(json, def);
	return json;
}

/**
 * source_where() - where a source is, in a few words
 * @def: the source
 * @text: where to
 * @size: its bytes
 */
void source_where(const struct tb_source_def *def, char *text, size_t size)
{
	const struct tb_input_def *in = &def->input;

	if (def->type == TONGBU_SOURCE_SERIAL)
		snprintf(text, size, "%s", def->chip);
	else if (def->type != TONGBU_SOURCE_INPUT)
		snprintf(text, size, "%s:%u%s", def->chip, def->line,
			 def->flags & TONGBU_SOURCE_ACTIVE_LOW ? " low" : "");
	else if (*in->device || *in->phys)
		snprintf(text, size, "%s", *in->device ? in->device : in->phys);
	else
		snprintf(text, size, "%04x:%04x", in->vendor, in->product);
}

/**
 * source_what() - what makes its records, in a few words
 * @def: the source
 * @text: where to
 * @size: its bytes
 */
void source_what(const struct tb_source_def *def, char *text, size_t size)
{
	if (def->type == TONGBU_SOURCE_SERIAL)
		snprintf(text, size, "%s %u", tb_framing_name(def->serial.framing) ?: "?",
			 def->serial.baud);
	else if (def->type == TONGBU_SOURCE_INPUT)
		snprintf(text, size, "%s", tb_input_mode_name(def->input.mode) ?: "?");
	else
		snprintf(text, size, "%s", tb_edges_name(def->edges) ?: "?");
}
