/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record, read from the bytes the kernel sealed.
 *
 * The bytes come from a netlink message, a database row or a file: nothing is
 * assumed of their alignment, length or content. tb_record_parse() looks at
 * every byte it needs once; after it, the fields are plain numbers of this
 * machine and the pointers stay inside the bytes given.
 *
 * record_json.c shows a record to programs, record_text.c to people.
 */
#ifndef TONGBU_RECORD_H
#define TONGBU_RECORD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>
#include <linux/tongbu.h>

#include "error.h"
#include "json.h"
#include "names.h"

/* A record as JSON, whatever it holds: each byte of a payload may take six */
#define TB_RECORD_JSON_SIZE 16384

/**
 * struct tb_record - a record, in place
 * @bytes: where it begins
 * @size: all of it: header, payload and tag, bytes
 * @chain: id of its chain, %TONGBU_CHAIN_LEN bytes: in @bytes of record 0, which
 *	names it; of others what the reader was told
 * @payload: in @bytes
 * @tag: %TONGBU_TAG_LEN bytes in @bytes
 * @seq: number in the chain
 * @boottime: CLOCK_BOOTTIME of the event, ns
 * @realtime: CLOCK_REALTIME of the same instant, ns since 1970
 * @source: what made the record
 * @source_seq: number within the source
 * @uid: real user id, or %TONGBU_UID_NONE
 * @pid: process id, or 0
 * @kind: enum tongbu_kind, or a number not known here
 * @flags: enum tongbu_record_flag
 * @length: bytes of @payload
 * @version: version of the format
 * @precision: as in struct tongbu_header
 *
 * Valid as long as the bytes it was read from, and the chain's id, stay where they
 * are.
 */
struct tb_record {
	const uint8_t *bytes;
	size_t size;
	const uint8_t *chain;
	const uint8_t *payload;
	const uint8_t *tag;
	uint64_t seq;
	uint64_t boottime;
	uint64_t realtime;
	uint32_t source;
	uint32_t source_seq;
	uint32_t uid;
	uint32_t pid;
	uint16_t kind;
	uint16_t flags;
	uint16_t length;
	uint8_t version;
	uint8_t precision;
};

/**
 * struct tb_receipt - proof, held elsewhere, that a record was there
 * @chain: id of its chain
 * @tag: its tag
 * @seq: its number
 * @realtime: its CLOCK_REALTIME, ns since 1970; 0 if not known
 */
struct tb_receipt {
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint8_t tag[TONGBU_TAG_LEN];
	uint64_t seq;
	uint64_t realtime;
};

int tb_record_parse(const void *buf, size_t len, const uint8_t *chain, struct tb_record *rec);
int tb_record_frame(const void *buf, size_t len, const uint8_t *chain, struct tb_record *rec);
const char *tb_record_fault(const struct tb_record *rec);
size_t tb_record_sealed_len(const struct tb_record *rec);
uint64_t tb_record_error(const struct tb_record *rec);

/* Payloads: copied out, so that alignment is no matter; numbers still __le */
int tb_record_payload(const struct tb_record *rec, void *payload, size_t size);
int tb_record_act(const struct tb_record *rec, struct tongbu_act *act, const uint8_t **data,
		  size_t *len);

const char *tb_kind_name(unsigned int kind);
int tb_kind_from_name(const char *name);
const char *tb_kind_list(unsigned int index);
const char *tb_flag_name(unsigned int bit);
const char *tb_edges_name(unsigned int edges);
const char *tb_bias_name(unsigned int bias);
const char *tb_act_format_name(unsigned int format);
const char *tb_command_name(unsigned int command);
const char *tb_lost_cause_name(unsigned int cause);
const char *tb_clock_cause_name(unsigned int cause);
const char *tb_source_type_name(unsigned int type);
const char *tb_source_flag_name(unsigned int bit);
const char *tb_source_state_name(unsigned int bit);
const char *tb_input_mode_name(unsigned int mode);
const char *tb_framing_name(unsigned int framing);
const char *tb_parity_name(unsigned int parity);
const char *tb_function_name(unsigned int function);
const char *tb_line_name(unsigned int line);
const char *tb_code_end_name(unsigned int end);
const char *tb_frame_status_name(unsigned int status);
const char *tb_exception_name(unsigned int code);
const char *tb_absence_name(unsigned int why);
const char *tb_output_flag_name(unsigned int bit);
const char *tb_output_cause_name(unsigned int cause);
const char *tb_condition_name(unsigned int condition);
const char *tb_action_name(unsigned int action);
const char *tb_reflex_flag_name(unsigned int bit);
int tb_word_number(const char *(*name_of)(unsigned int number), const char *word);

size_t tb_record_json(const struct tb_record *rec, const struct tb_names *names,
		      char text[TB_RECORD_JSON_SIZE]);

void tb_record_text(const struct tb_record *rec, const struct tb_names *names, FILE *out);
void tb_record_describe(const struct tb_record *rec, const struct tb_names *names, FILE *out);

json_t *tb_receipt_json(const struct tb_receipt *receipt);
int tb_receipt_parse(const char *text, struct tb_receipt *receipt, struct tb_error *err);
void tb_receipt_of(const struct tb_record *rec, struct tb_receipt *receipt);

#endif /* TONGBU_RECORD_H */
