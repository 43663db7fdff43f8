// SPDX-License-Identifier: GPL-2.0-only
/* What a source, an output or a reflex is unless something else is said. */
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
	def->line = TB_LINE_NONE;
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

/**
 * tb_output_def_init() - an output of which nothing is known
 * @def: filled in
 */
void tb_output_def_init(struct tb_output_def *def)
{
	memset(def, 0, sizeof(*def));
	def->line = TB_LINE_NONE;
}

/**
 * tb_reflex_def_init() - a reflex of which nothing is known
 * @def: filled in
 */
void tb_reflex_def_init(struct tb_reflex_def *def)
{
	memset(def, 0, sizeof(*def));
	def->condition = TONGBU_WHEN_EDGE;
	def->action = TONGBU_DO_SET;
	def->level = 1;
}
