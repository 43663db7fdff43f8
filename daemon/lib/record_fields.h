/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the payload of a record of each kind holds: one table each, in
 * record_fields.c. From it comes a record's JSON; a field has the name and unit
 * there that it has in tongbu-devices(5).
 */
#ifndef TONGBU_RECORD_FIELDS_H
#define TONGBU_RECORD_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "names.h"
#include "out.h"
#include "record.h"

/**
 * enum tb_part_kind - what a field of a payload is
 * @TB_PART_NUMBER: a number
 * @TB_PART_SIGNED: a number that may be below 0
 * @TB_PART_PLACE: a number, 0 one like any other: people are told it, too
 * @TB_PART_MOMENT: a number, and null if it is 0
 * @TB_PART_SEQ: the number of a record, and null if there is none
 * @TB_PART_LEVEL: the level of a line, and null if it is not known
 * @TB_PART_BOOL: true or false
 * @TB_PART_UID: a user or group, and null for nobody
 * @TB_PART_WORD: a number that has a word
 * @TB_PART_BITS: a number each bit of which has a word
 * @TB_PART_ERROR: an errno; its name stands beside it
 * @TB_PART_SOURCE: a source's number; its name stands beside it, where it is known
 * @TB_PART_SECOND: the same, and null if it is 0
 * @TB_PART_OUTPUT: an output's
 * @TB_PART_REFLEX: a reflex's
 * @TB_PART_NAME: text, NUL-padded
 * @TB_PART_HEX: bytes
 * @TB_PART_HEX_ANY: bytes, and null if all are 0
 */
enum tb_part_kind {
	TB_PART_NUMBER,
	TB_PART_SIGNED,
	TB_PART_PLACE,
	TB_PART_MOMENT,
	TB_PART_SEQ,
	TB_PART_LEVEL,
	TB_PART_BOOL,
	TB_PART_UID,
	TB_PART_WORD,
	TB_PART_BITS,
	TB_PART_ERROR,
	TB_PART_SOURCE,
	TB_PART_SECOND,
	TB_PART_OUTPUT,
	TB_PART_REFLEX,
	TB_PART_NAME,
	TB_PART_HEX,
	TB_PART_HEX_ANY,
};

/**
 * struct tb_part - a field of a payload
 * @name: its name
 * @word: gives the words of %TB_PART_WORD and %TB_PART_BITS
 * @at: where in the structure it is
 * @size: its bytes
 * @kind: enum tb_part_kind
 */
struct tb_part {
	const char *name;
	const char *(*word)(unsigned int number);
	uint16_t at;
	uint16_t size;
	uint8_t kind;
};

/**
 * struct tb_layout - what a payload begins with
 * @parts: its fields, closed by one without a name; NULL for a kind not known
 * @size: bytes of the structure
 * @rest: writes what follows it, and what depends on it; or NULL
 */
struct tb_layout {
	const struct tb_part *parts;
	size_t size;
	void (*rest)(struct tb_out *out, const struct tb_record *rec);
};

/**
 * struct tb_run - fields that stand together in a payload
 * @parts: the fields, closed by one without a name; NULL if there are no more runs
 * @at: where their structure begins
 */
struct tb_run {
	const struct tb_part *parts;
	const uint8_t *at;
};

/* Most runs of a source's payload, with the one that closes them */
#define TB_SOURCE_RUNS 4

extern const struct tb_part tb_poll_parts[];

const struct tb_layout *tb_record_layout(unsigned int kind);
size_t tb_source_runs(const struct tb_record *rec, struct tb_run runs[TB_SOURCE_RUNS],
		      const uint8_t **polls);
uint64_t tb_part_number(const struct tb_part *part, const uint8_t *payload);
void tb_part_put(struct tb_out *out, const struct tb_part *part, const uint8_t *payload,
		 const struct tb_record *rec, const struct tb_names *names);
void tb_parts_put(struct tb_out *out, const struct tb_part *parts, const uint8_t *payload,
		  const struct tb_record *rec, const struct tb_names *names);

/* What a payload has besides its structure; record_json.c and record_fields.c */
void tb_rest_source(struct tb_out *out, const struct tb_record *rec);
void tb_rest_edge(struct tb_out *out, const struct tb_record *rec);
void tb_rest_code(struct tb_out *out, const struct tb_record *rec);
void tb_rest_frame(struct tb_out *out, const struct tb_record *rec);
void tb_rest_act(struct tb_out *out, const struct tb_record *rec);

#endif /* TONGBU_RECORD_FIELDS_H */
