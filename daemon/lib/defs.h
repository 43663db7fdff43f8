/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel is asked for, and how it stands: sources, outputs, reflexes,
 * clocks. A number the kernel has a default for may be 0, and is then left to it.
 */
#ifndef TONGBU_DEFS_H
#define TONGBU_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/tongbu.h>

/**
 * struct tb_input_def - what an input device source has besides
 * @device: name the device must have, or empty
 * @phys: physical path it must have, or empty
 * @present: the device that is there, or empty; not read when adding
 * @vendor: vendor it must have, or 0
 * @product: product it must have, or 0
 * @key: the one key that counts, or 0
 * @timeout: longest time between two characters, ms
 * @mode: enum tongbu_input_mode
 * @salt: what codes are hashed with, if %TONGBU_SOURCE_HASHED; never listed
 */
struct tb_input_def {
	char device[TONGBU_DEVICE_LEN];
	char phys[TONGBU_DEVICE_LEN];
	char present[TONGBU_DEVICE_LEN];
	uint16_t vendor;
	uint16_t product;
	uint16_t key;
	uint32_t timeout;
	uint8_t mode;
	uint8_t salt[TONGBU_SALT_LEN];
};

/**
 * struct tb_serial_def - what a serial source has besides
 * @baud: bits a second
 * @gap: silence that ends a frame, us
 * @timeout: time an answer may take to begin, ms
 * @length: bytes of a frame of fixed length; else the most
 * @framing: enum tongbu_framing
 * @parity: enum tongbu_parity
 * @bits: data bits
 * @stop: stop bits
 * @polls: what to ask for
 * @poll_count: how many
 * @good: good frames; not read when adding
 * @bad: bad frames; not read when adding
 * @skipped: bytes left out before answers; not read when adding
 * @echoes: requests heard back; not read when adding
 */
struct tb_serial_def {
	uint32_t baud;
	uint32_t gap;
	uint32_t timeout;
	uint32_t length;
	uint8_t framing;
	uint8_t parity;
	uint8_t bits;
	uint8_t stop;
	struct tongbu_poll polls[TONGBU_POLLS_MAX];
	size_t poll_count;
	uint64_t good;
	uint64_t bad;
	uint64_t skipped;
	uint64_t echoes;
};

/**
 * struct tb_source_def - a source, as asked for and as it stands
 * @id: its number; not read when adding
 * @name: its name
 * @chip: label of the GPIO chip, or name of the serial port
 * @line: offset of the line
 * @debounce: time a level must hold, us
 * @flags: enum tongbu_source_flag
 * @silent: longest time it may say nothing, ms
 * @rate: most events a second
 * @interval: time between two records or rounds of polling, ms
 * @state: enum tongbu_source_state; not read when adding
 * @type: enum tongbu_source_type
 * @edges: enum tongbu_edges
 * @bias: enum tongbu_bias
 * @level: last level recorded; not read when adding
 * @sealed: events sealed; not read when adding
 * @lost: events lost; not read when adding
 * @last: CLOCK_BOOTTIME of its last event, ns, or 0; not read when adding
 * @input: of %TONGBU_SOURCE_INPUT
 * @serial: of %TONGBU_SOURCE_SERIAL
 */
struct tb_source_def {
	uint32_t id;
	char name[TONGBU_NAME_LEN];
	char chip[TONGBU_NAME_LEN];
	uint32_t line;
	uint32_t debounce;
	uint32_t flags;
	uint32_t silent;
	uint32_t rate;
	uint32_t interval;
	uint32_t state;
	uint8_t type;
	uint8_t edges;
	uint8_t bias;
	uint8_t level;
	uint64_t sealed;
	uint64_t lost;
	uint64_t last;
	struct tb_input_def input;
	struct tb_serial_def serial;
};

/**
 * struct tb_output_def - an output, as asked for and as it stands
 * @id: its number; not read when adding
 * @name: its name
 * @chip: label of the GPIO chip
 * @line: offset of the line
 * @flags: enum tongbu_output_flag
 * @away: longest time without a reader of the chain, ms; 0 for any
 * @state: enum tongbu_source_state; not read when adding
 * @safe: its safe value
 * @value: its value; not read when adding
 * @changes: times it was set; not read when adding
 */
struct tb_output_def {
	uint32_t id;
	char name[TONGBU_NAME_LEN];
	char chip[TONGBU_NAME_LEN];
	uint32_t line;
	uint32_t flags;
	uint32_t away;
	uint32_t state;
	uint8_t safe;
	uint8_t value;
	uint64_t changes;
};

/**
 * struct tb_reflex_def - a reflex, as asked for and as it stands
 * @id: its number; not read when adding
 * @name: its name
 * @source: name of its source
 * @second: name of its second source, or empty
 * @output: name of its output
 * @flags: enum tongbu_reflex_flag
 * @hold: time the level must hold, ms
 * @count: events there must be
 * @within: time they must fall into, ms
 * @length: how long it pulses or blinks, ms
 * @period: time from one blink to the next, ms
 * @cooldown: time it rests after firing, ms
 * @condition: enum tongbu_condition
 * @level: the level it waits for
 * @action: enum tongbu_action
 * @fired: times it fired; not read when adding
 * @rested: times its condition came to hold while it rested; not read when adding
 */
struct tb_reflex_def {
	uint32_t id;
	char name[TONGBU_NAME_LEN];
	char source[TONGBU_NAME_LEN];
	char second[TONGBU_NAME_LEN];
	char output[TONGBU_NAME_LEN];
	uint32_t flags;
	uint32_t hold;
	uint32_t count;
	uint32_t within;
	uint32_t length;
	uint32_t period;
	uint32_t cooldown;
	uint8_t condition;
	uint8_t level;
	uint8_t action;
	uint64_t fired;
	uint64_t rested;
};

/**
 * struct tb_clock_def - a clock that is to come due
 * @id: its number
 * @due: when, CLOCK_REALTIME, ns
 * @seq: number of its DUE record, or UINT64_MAX if it is not due yet
 */
struct tb_clock_def {
	uint64_t id;
	uint64_t due;
	uint64_t seq;
};

/* No line of a chip has this number: which one was not said */
#define TB_LINE_NONE UINT32_MAX

void tb_source_def_init(struct tb_source_def *def, unsigned int type);
void tb_output_def_init(struct tb_output_def *def);
void tb_reflex_def_init(struct tb_reflex_def *def);

#endif /* TONGBU_DEFS_H */
