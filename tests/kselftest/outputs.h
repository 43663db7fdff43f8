/* SPDX-License-Identifier: GPL-2.0-only */
/* Outputs and reflexes of a station, and what their lines really are at. */
#ifndef TONGBU_SELFTEST_OUTPUTS_H
#define TONGBU_SELFTEST_OUTPUTS_H

#include <linux/tongbu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "station.h"

/**
 * struct output - an output to be
 * @name: its name
 * @line: offset
 * @chip: label of its chip, or NULL for %STATION_CHIP
 * @flags: enum tongbu_output_flag
 * @safe: its safe value
 * @away: ms
 */
struct output {
	const char *name;
	uint32_t line;
	const char *chip;
	uint32_t flags;
	uint8_t safe;
	uint32_t away;
};

/* struct reflex.level: leave it out */
#define NO_LEVEL (-1)

/**
 * struct reflex - a reflex to be; what is 0 or NULL is left out
 * @name: its name
 * @source: its source
 * @second: the second one
 * @output: its output
 * @condition: enum tongbu_condition
 * @level: the level, or %NO_LEVEL
 * @action: enum tongbu_action
 * @hold: ms
 * @count: events
 * @within: ms
 * @length: ms
 * @period: ms
 * @cooldown: ms
 */
struct reflex {
	const char *name;
	const char *source;
	const char *second;
	const char *output;
	uint8_t condition;
	int level;
	uint8_t action;
	uint32_t hold;
	uint32_t count;
	uint32_t within;
	uint32_t length;
	uint32_t period;
	uint32_t cooldown;
};

/**
 * struct output_state - how an output stands, as OUTPUT_GET tells
 * @value: its value
 * @changes: times it was set
 * @state: enum tongbu_source_state
 */
struct output_state {
	uint8_t value;
	uint64_t changes;
	uint32_t state;
};

/**
 * struct reflex_state - how a reflex stands, as REFLEX_GET tells
 * @fired: times it fired
 * @rested: times it did not, because it rested
 */
struct reflex_state {
	uint64_t fired;
	uint64_t rested;
};

void output_put(struct nl_msg *msg, const struct output *output);
int output_add(struct tongbu_nl *nl, const struct output *output);
int output_del(struct tongbu_nl *nl, const char *name);
int output_set(struct tongbu_nl *nl, const char *name, uint8_t value);
int output_set_for(struct tongbu_nl *nl, const char *name, uint8_t value, uint64_t cause);
int output_look(struct tongbu_nl *nl, const char *name, struct output_state *state);

void reflex_put(struct nl_msg *msg, const struct reflex *reflex);
int reflex_add(struct tongbu_nl *nl, const struct reflex *reflex);
int reflex_del(struct tongbu_nl *nl, const char *name);
int reflex_look(struct tongbu_nl *nl, const char *name, struct reflex_state *state);

int line_value(uint32_t line);
bool line_comes_to(uint32_t line, int value);

int card_label(char label[TONGBU_NAME_LEN]);
/* Instead of a value: the card's driver does not read outputs back */
#define CARD_WRITE_ONLY 2

int card_value(uint32_t line);

#endif /* TONGBU_SELFTEST_OUTPUTS_H */
