/* SPDX-License-Identifier: GPL-2.0-only */
/* Records as a reader gets them, and what must hold of any sequence of them. */
#ifndef TONGBU_SELFTEST_RECORD_LOG_H
#define TONGBU_SELFTEST_RECORD_LOG_H

#include <linux/tongbu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tongbu_nl;

/**
 * struct record - one record, its header in the host's byte order
 * @bytes: the record as it came: header, payload, tag
 * @payload: in @bytes
 * @tag: in @bytes
 * @size: bytes of all three
 *
 * The other fields are those of struct tongbu_header.
 */
struct record {
	const uint8_t *bytes;
	const uint8_t *payload;
	const uint8_t *tag;
	size_t size;
	uint64_t seq;
	uint64_t boottime;
	uint64_t realtime;
	uint16_t kind;
	uint16_t flags;
	uint32_t source;
	uint32_t source_seq;
	uint32_t uid;
	uint32_t pid;
	uint16_t length;
};

/**
 * struct record_log - all records read so far
 * @record: the records
 * @count: how many
 * @next: number of the next one to read
 * @bytes: room for their bytes, which never moves
 * @used: bytes used of it
 * @wrong: what is wrong with them, in words, or empty
 */
struct record_log {
	struct record *record;
	size_t count;
	uint64_t next;
	uint8_t *bytes;
	size_t used;
	char wrong[128];
};

int record_log_init(struct record_log *log);
void record_log_free(struct record_log *log);
int record_log_read(struct record_log *log, struct tongbu_nl *nl);
bool record_log_whole(struct record_log *log);
const struct record *record_log_find(const struct record_log *log, uint16_t kind, uint32_t source,
				     size_t nth);
size_t record_log_count(const struct record_log *log, uint16_t kind, uint32_t source);
uint64_t record_log_lost(const struct record_log *log, uint32_t source);

/* Any source, for the functions above */
#define ANY_SOURCE 0xffffffffU

struct tongbu_edge record_edge(const struct record *record);
struct tongbu_lost record_lost(const struct record *record);
struct tongbu_clock record_clock(const struct record *record);
struct tongbu_refused record_refused(const struct record *record);
struct tongbu_heartbeat record_heartbeat(const struct record *record);
struct tongbu_source record_source(const struct record *record);
struct tongbu_source_end record_source_end(const struct record *record);
struct tongbu_reader record_reader(const struct record *record);
struct tongbu_act record_act(const struct record *record);
struct tongbu_due record_due(const struct record *record);
struct tongbu_key record_key(const struct record *record);
struct tongbu_code record_code(const struct record *record);
struct tongbu_count record_count(const struct record *record);
struct tongbu_storm record_storm(const struct record *record);
struct tongbu_silence record_silence(const struct record *record);
struct tongbu_presence record_presence(const struct record *record);
struct tongbu_pps record_pps(const struct record *record);
struct tongbu_source_more record_source_more(const struct record *record);
struct tongbu_output record_output(const struct record *record);
struct tongbu_output_end record_output_end(const struct record *record);
struct tongbu_output_change record_output_change(const struct record *record);
struct tongbu_reflex record_reflex(const struct record *record);
struct tongbu_reflex_end record_reflex_end(const struct record *record);
struct tongbu_firing record_firing(const struct record *record);
struct tongbu_genesis record_genesis(const struct record *record);
struct tongbu_frame record_frame(const struct record *record);

#endif /* TONGBU_SELFTEST_RECORD_LOG_H */
