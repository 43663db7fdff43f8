// SPDX-License-Identifier: GPL-2.0-only
#include "record_log.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tongbu_nl.h"

/* Bounds of what one test reads; memory is taken as it is used */
#define RECORDS_MAX 200000
#define BYTES_MAX   (RECORDS_MAX * 200UL)

/* Sources told apart when numbers are checked */
#define SOURCES_MAX 256

/**
 * record_log_init() - make an empty log
 * @log: the log; record_log_free() when done with
 *
 * Return: 0 or -ENOMEM.
 */
int record_log_init(struct record_log *log)
{
	memset(log, 0, sizeof(*log));
	log->record = calloc(RECORDS_MAX, sizeof(*log->record));
	log->bytes = calloc(1, BYTES_MAX);
	return log->record && log->bytes ? 0 : -ENOMEM;
}

/**
 * record_log_free() - free a log
 * @log: the log
 */
void record_log_free(struct record_log *log)
{
	free(log->record);
	free(log->bytes);
	memset(log, 0, sizeof(*log));
}

static int take_record(struct record_log *log, const uint8_t *from, size_t left)
{
	struct record *record = &log->record[log->count];
	struct tongbu_header header;

	if (left < TONGBU_RECORD_MIN)
		return -EBADMSG;
	memcpy(&header, from, sizeof(header));
	*record = (struct record){
		.bytes = log->bytes + log->used,
		.size = TONGBU_RECORD_MIN + (size_t)le16toh(header.length),
		.seq = le64toh(header.seq),
		.boottime = le64toh(header.boottime),
		.realtime = le64toh(header.realtime),
		.kind = le16toh(header.kind),
		.flags = le16toh(header.flags),
		.source = le32toh(header.source),
		.source_seq = le32toh(header.source_seq),
		.uid = le32toh(header.uid),
		.pid = le32toh(header.pid),
		.length = le16toh(header.length),
	};
	record->payload = record->bytes + TONGBU_HEADER_LEN;
	record->tag = record->payload + record->length;
	if (header.version != TONGBU_RECORD_VERSION || header.precision > TONGBU_PRECISION_MAX)
		return -EBADMSG;
	if (record->length > TONGBU_PAYLOAD_MAX || record->size > left)
		return -EBADMSG;
	if (log->count + 1 >= RECORDS_MAX || log->used + record->size > BYTES_MAX)
		return -ENOSPC;
	memcpy(log->bytes + log->used, from, record->size);
	log->used += record->size;
	log->count++;
	log->next = record->seq + 1;
	return 0;
}

/**
 * record_log_read() - read what there is from @log->next on
 * @log: the log
 * @nl: the reader's
 *
 * Return: 0 or a negative errno.
 */
int record_log_read(struct record_log *log, struct tongbu_nl *nl)
{
	uint64_t head;
	int err = 0;

	if (!nl->ring)
		return -ENOTCONN;
	head = tongbu_nl_head(nl);
	if (log->next < le64toh(nl->ring->acked) || log->next > head)
		return -ERANGE;
	while (!err && log->next < head) {
		size_t size;
		const uint8_t *record = tongbu_nl_record(nl, log->next, &size);

		err = take_record(log, record, size);
	}
	return err;
}

struct numbers {
	uint32_t source;
	uint32_t last;
};

/* The last number of a source, or where the first one belongs */
static struct numbers *find_numbers(struct numbers *all, size_t *count, uint32_t source)
{
	size_t i;

	for (i = 0; i < *count; i++)
		if (all[i].source == source)
			return &all[i];
	if (*count == SOURCES_MAX)
		return NULL;
	/* The recorder's and a device's stream open with a record of their own, 0; of
	 * people, clocks, outputs and reflexes 1 is the first.
	 */
	all[*count] = (struct numbers){ source, UINT32_MAX };
	if (source != TONGBU_SOURCE_RECORDER && source < TONGBU_SOURCE_FIRST)
		all[*count].last = 0;
	return &all[(*count)++];
}

/**
 * record_log_whole() - are the records without a gap?
 * @log: the log, read from record 0 on; @log->wrong says what is not
 *
 * Numbers in the chain rise by one. Numbers in each source rise by one too,
 * but over a LOST record by as many as it counts.
 *
 * Return: true if so.
 */
bool record_log_whole(struct record_log *log)
{
	struct numbers all[SOURCES_MAX], *numbers;
	size_t i, sources = 0;

	for (i = 0; i < log->count; i++) {
		const struct record *record = &log->record[i];
		uint64_t step = 1;

		if (record->seq != i) {
			snprintf(log->wrong, sizeof(log->wrong), "record %zu has number %" PRIu64,
				 i, record->seq);
			return false;
		}
		if (record->kind == TONGBU_KIND_LOST)
			step = le64toh(record_lost(record).count);
		numbers = find_numbers(all, &sources, record->source);
		if (!numbers || record->source_seq != (uint32_t)(numbers->last + step)) {
			snprintf(log->wrong, sizeof(log->wrong),
				 "record %zu: source %u has number %u after %u", i, record->source,
				 record->source_seq, numbers ? numbers->last : 0);
			return false;
		}
		numbers->last = record->source_seq;
	}
	return true;
}

/**
 * record_log_find() - find a record
 * @log: the log
 * @kind: enum tongbu_kind
 * @source: its source, or %ANY_SOURCE
 * @nth: which of those, from 0
 *
 * Return: the record, or NULL.
 */
const struct record *record_log_find(const struct record_log *log, uint16_t kind, uint32_t source,
				     size_t nth)
{
	size_t i;

	for (i = 0; i < log->count; i++) {
		const struct record *record = &log->record[i];

		if (record->kind != kind || (source != ANY_SOURCE && record->source != source))
			continue;
		if (!nth--)
			return record;
	}
	return NULL;
}

/**
 * record_log_count() - count records
 * @log: the log
 * @kind: enum tongbu_kind
 * @source: their source, or %ANY_SOURCE
 *
 * Return: how many.
 */
size_t record_log_count(const struct record_log *log, uint16_t kind, uint32_t source)
{
	size_t count = 0, i;

	for (i = 0; i < log->count; i++)
		count += log->record[i].kind == kind &&
			 (source == ANY_SOURCE || log->record[i].source == source);
	return count;
}

/**
 * record_log_lost() - sum of all LOST records
 * @log: the log
 * @source: their source, or %ANY_SOURCE
 *
 * Return: events lost.
 */
uint64_t record_log_lost(const struct record_log *log, uint32_t source)
{
	const struct record *record;
	uint64_t lost = 0;
	size_t i;

	for (i = 0; (record = record_log_find(log, TONGBU_KIND_LOST, source, i)); i++)
		lost += le64toh(record_lost(record).count);
	return lost;
}

/* Payloads stand at any address: copied out before use */
#define PAYLOAD(name)                                                   \
	struct tongbu_##name record_##name(const struct record *record) \
	{                                                               \
		struct tongbu_##name payload = { 0 };                   \
		size_t len = record->length;                            \
                                                                        \
		if (len > sizeof(payload))                              \
			len = sizeof(payload);                          \
		memcpy(&payload, record->payload, len);                 \
		return payload;                                         \
	}

/* Behind struct tongbu_source */
struct tongbu_source_more record_source_more(const struct record *record)
{
	struct tongbu_source_more more = { 0 };

	if (record->length >= sizeof(struct tongbu_source) + sizeof(more))
		memcpy(&more, record->payload + sizeof(struct tongbu_source), sizeof(more));
	return more;
}

PAYLOAD(edge)
PAYLOAD(lost)
PAYLOAD(clock)
PAYLOAD(refused)
PAYLOAD(heartbeat)
PAYLOAD(source)
PAYLOAD(source_end)
PAYLOAD(reader)
PAYLOAD(act)
PAYLOAD(genesis)
PAYLOAD(due)
PAYLOAD(key)
PAYLOAD(code)
PAYLOAD(count)
PAYLOAD(storm)
PAYLOAD(silence)
PAYLOAD(presence)
PAYLOAD(pps)
PAYLOAD(frame)
PAYLOAD(output)
PAYLOAD(output_end)
PAYLOAD(output_change)
PAYLOAD(reflex)
PAYLOAD(reflex_end)
PAYLOAD(firing)
