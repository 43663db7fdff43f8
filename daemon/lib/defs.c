// SPDX-License-Identifier: GPL-2.0-only
/* What a source is unless something else is said, and whether two are the same. */
#include "defs.h"

#include <string.h>

/* Most edges a second of a line of which nothing else is said */
#define RATE_DEFAULT 1000

/**
 * tb_source_def_init() - a source of which only the type is known
 * @def: filled in
 * @type: enum tongbu_source_type
 */
void tb_source_def_init(struct tb_source_def *def, unsigned int type)
{
	memset(def, 0, sizeof(*def));
	def->type = (uint8_t)type;
	switch (type) {
	case TONGBU_SOURCE_GPIO:
		def->edges = TONGBU_EDGE_BOTH;
		def->rate = RATE_DEFAULT;
		break;
	case TONGBU_SOURCE_COUNTER:
		def->edges = TONGBU_EDGE_RISING;
		def->interval = 60000;
		break;
	case TONGBU_SOURCE_PPS:
		def->edges = TONGBU_EDGE_RISING;
		break;
	case TONGBU_SOURCE_INPUT:
		def->input.mode = TONGBU_INPUT_KEYS;
		break;
	case TONGBU_SOURCE_SERIAL:
		def->serial.baud = 9600;
		def->serial.bits = 8;
		def->serial.stop = 1;
		def->serial.framing = TONGBU_FRAMING_LINE;
		break;
	}
}

static bool same_input(const struct tb_input_def *a, const struct tb_input_def *b)
{
	return !strcmp(a->device, b->device) && !strcmp(a->phys, b->phys) &&
	       a->vendor == b->vendor && a->product == b->product && a->key == b->key &&
	       (!a->timeout || a->timeout == b->timeout) && a->mode == b->mode;
}

static bool same_serial(const struct tb_serial_def *a, const struct tb_serial_def *b)
{
	return a->baud == b->baud && (!a->gap || a->gap == b->gap) &&
	       (!a->timeout || a->timeout == b->timeout) &&
	       (!a->length || a->length == b->length) && a->framing == b->framing &&
	       a->parity == b->parity && a->bits == b->bits && a->stop == b->stop &&
	       a->poll_count == b->poll_count &&
	       !memcmp(a->polls, b->polls, a->poll_count * sizeof(a->polls[0]));
}

/**
 * tb_source_same() - is a source what was asked for?
 * @asked: what was; what was left to the kernel is as it is
 * @there: what the kernel has
 *
 * The salt is not compared, since the kernel tells it to nobody.
 *
 * Return: true if it is.
 */
bool tb_source_same(const struct tb_source_def *asked, const struct tb_source_def *there)
{
	if (asked->type != there->type || asked->flags != there->flags ||
	    asked->silent != there->silent || asked->rate != there->rate ||
	    (asked->interval && asked->interval != there->interval))
		return false;
	if (asked->type == TONGBU_SOURCE_INPUT)
		return same_input(&asked->input, &there->input);
	if (strcmp(asked->chip, there->chip))
		return false;
	if (asked->type == TONGBU_SOURCE_SERIAL)
		return same_serial(&asked->serial, &there->serial);
	return asked->line == there->line && asked->debounce == there->debounce &&
	       asked->edges == there->edges && asked->bias == there->bias;
}

/**
 * tb_output_same() - is an output what was asked for?
 * @asked: what was
 * @there: what the kernel has
 *
 * Return: true if it is, whatever its value.
 */
bool tb_output_same(const struct tb_output_def *asked, const struct tb_output_def *there)
{
	return !strcmp(asked->chip, there->chip) && asked->line == there->line &&
	       asked->flags == there->flags && asked->safe == there->safe &&
	       asked->away == there->away;
}

/**
 * tb_reflex_same() - is a reflex what was asked for?
 * @asked: what was
 * @there: what the kernel has
 *
 * Return: true if it is.
 */
bool tb_reflex_same(const struct tb_reflex_def *asked, const struct tb_reflex_def *there)
{
	return !strcmp(asked->source, there->source) && !strcmp(asked->second, there->second) &&
	       !strcmp(asked->output, there->output) && asked->flags == there->flags &&
	       asked->hold == there->hold && asked->count == there->count &&
	       asked->within == there->within && asked->length == there->length &&
	       asked->period == there->period && asked->cooldown == there->cooldown &&
	       asked->condition == there->condition && asked->level == there->level &&
	       asked->action == there->action;
}
