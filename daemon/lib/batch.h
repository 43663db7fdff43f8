/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a station sends to a hub: entries of its log, one behind the other, and the proof
 * that they belong to what it signed. All numbers big-endian:
 *
 *	8 bytes		"tongbu1\n"
 *	u64		number of the first entry
 *	u64		the station's time, s since 1970
 *	u16		how many entries
 *	u16, bytes	the proof: "old N" and so on, as in tlog_proof.h; N is the number of
 *			the entry behind the last; its checkpoint names the log
 *	u16, bytes	each entry
 *
 * One without entries asks how far the station is held. What the hub answers is JSON:
 *
 *	next		entries it has, durable
 *	note		the last checkpoint that it signed, with the signature; or null
 *	refused		why it did not take what was sent; or null
 *	mended		what was sent replaced entries that were damaged at the hub
 *	again		the first of TB_BLOCK entries that are damaged at the hub, and are to be sent
 *			once more; or null
 */
#ifndef TONGBU_BATCH_H
#define TONGBU_BATCH_H

#include "tlog_proof.h"

/* Entries in one batch, and bytes: below what NATS takes by default */
#define TB_BATCH_MAX	   1024
#define TB_BATCH_MAX_BYTES 900000
/* Entries that are found damaged, and mended, together */
#define TB_BLOCK 256

/* Subjects: of entries, before the shard, a point and the log's name; of answers, before that */
#define TB_SUBJECT_RECORDS "tb.rec."
#define TB_SUBJECT_ANSWERS "tb.cos."
/* The log's name in a subject: SHA-256 of it, 64 digits, and the closing NUL */
#define TB_SUBJECT_SIZE 65

/**
 * struct tb_batch - some entries, in place
 * @first: number of the first
 * @sent: when, by the station's clock, ns since 1970
 * @count: how many
 * @proof: that they belong to a checkpoint
 * @entry: where each begins in the bytes it was read from
 * @len: bytes of each
 */
struct tb_batch {
	uint64_t first;
	uint64_t sent;
	size_t count;
	struct tb_tlog_proof proof;
	const uint8_t *entry[TB_BATCH_MAX];
	size_t len[TB_BATCH_MAX];
};

int tb_batch_write(const struct tb_batch *batch, uint8_t **bytes, size_t *len,
		   struct tb_error *err);
int tb_batch_read(const uint8_t *bytes, size_t len, struct tb_batch *batch, struct tb_error *err);
void tb_batch_clear(struct tb_batch *batch);
char *tb_batch_subject(const char *origin, char text[TB_SUBJECT_SIZE]);

#endif /* TONGBU_BATCH_H */
