// SPDX-License-Identifier: GPL-2.0-only
/*
 * Beside the way from an entry to the root stand the roots of subtrees. Between two
 * records that are told of, each entry is under one that stands beside the way of the one
 * or of the other: so those are the hashes of the rest, and their own proof.
 */
#include "disclosure.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"

#define BLOCK_MAX (2 * TB_NOTE_MAX)

/**
 * struct span - entries under one hash
 * @from: the first
 * @to: the one behind the last
 * @hash: the hash
 */
struct span {
	uint64_t from;
	uint64_t to;
	uint8_t hash[TB_HASH_LEN];
};

/**
 * struct way - what stands beside the way of an entry to the root
 * @beside: subtrees
 * @count: how many
 */
struct way {
	struct span beside[TB_PROOF_MAX];
	size_t count;
};

/* Of a proof that is as long as it must be */
static void way_of(const struct tb_tlog_proof *proof, struct way *way)
{
	uint64_t from = 0, to = proof->checkpoint.size, half;
	size_t left = proof->proof.count;

	for (way->count = 0; left && to - from > 1; way->count++) {
		struct span *span = &way->beside[way->count];

		half = 1ULL << (63 - __builtin_clzll(to - from - 1));
		memcpy(span->hash, proof->proof.hash[--left], TB_HASH_LEN);
		span->from = proof->number - from < half ? from + half : from;
		span->to = proof->number - from < half ? to : from + half;
		if (span->from == from)
			from += half;
		else
			to = span->from;
	}
}

static const struct span *find(const struct way *way, uint64_t from, uint64_t to)
{
	size_t i;

	for (i = 0; i < way->count; i++)
		if (way->beside[i].from == from && way->beside[i].to == to)
			return &way->beside[i];
	return NULL;
}

/* The largest that begins there and does not reach beyond */
static const struct span *largest(const struct way *way, uint64_t from, uint64_t to,
				  const struct span *than)
{
	size_t i;

	for (i = 0; i < way->count; i++)
		if (way->beside[i].from == from && way->beside[i].to <= to &&
		    (!than || way->beside[i].to > than->to))
			than = &way->beside[i];
	return than;
}

static int put_rest(const struct way *before, const struct way *behind, uint64_t from, uint64_t to,
		    FILE *out)
{
	const struct span *span;
	char *base64;

	for (; from < to; from = span->to) {
		span = largest(behind, from, to, largest(before, from, to, NULL));
		base64 = span ? tb_base64_encode(span->hash, TB_HASH_LEN) : NULL;
		if (!base64)
			return -EINVAL;
		fprintf(out, "rest %" PRIu64 " %" PRIu64 " %s\n", from, span->to, base64);
		free(base64);
		if (span->to == to)
			fputc('\n', out);
	}
	return 0;
}

/**
 * struct tb_disclosure_writer - a disclosure being written
 * @out: where to
 * @checkpoint: what all its proofs lead to
 * @ways: of the record before, and of the next one
 * @count: records in it
 * @next: the entry that must come next
 */
struct tb_disclosure_writer {
	FILE *out;
	struct tb_checkpoint checkpoint;
	struct way ways[2];
	size_t count;
	uint64_t next;
};

/**
 * tb_disclosure_begin() - begin to write a disclosure
 * @out: where to; to be closed by the caller, after tb_disclosure_end()
 * @checkpoint: what all its proofs lead to; must stay until the end
 *
 * Return: the writer; NULL without memory.
 */
struct tb_disclosure_writer *tb_disclosure_begin(FILE *out, const struct tb_checkpoint *checkpoint)
{
	struct tb_disclosure_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return NULL;
	writer->out = out;
	writer->checkpoint = *checkpoint;
	fprintf(out, TB_DISCLOSURE_HEADER "\n%s\n", checkpoint->note);
	return writer;
}

/**
 * tb_disclosure_add() - write the next record
 * @writer: the disclosure
 * @proof: that it is an entry behind those written before, with the record as its extra
 *
 * Return: 0; -EBADMSG if the record is not that entry of the log, or stands before one that
 * was written; or -ENOMEM.
 */
int tb_disclosure_add(struct tb_disclosure_writer *writer, const struct tb_tlog_proof *proof)
{
	struct way *before = &writer->ways[(writer->count + 1) % 2];
	struct way *way = &writer->ways[writer->count % 2];
	uint8_t leaf[TB_HASH_LEN];
	char *text, *body;
	int ret;

	tb_merkle_leaf(proof->extra, proof->extra_len, leaf);
	if (proof->number < writer->next ||
	    !tb_merkle_included(leaf, proof->number, writer->checkpoint.size, &proof->proof,
				writer->checkpoint.root))
		return -EBADMSG;
	way_of(proof, way);
	ret = put_rest(before, way, writer->next, proof->number, writer->out);
	text = ret ? NULL : tb_tlog_proof_text(proof);
	if (!text)
		return ret ?: -ENOMEM;
	/* As in a receipt, between its first line and its checkpoint */
	body = text + strlen(TB_TLOG_PROOF_HEADER);
	fprintf(writer->out, "%.*s\n", (int)(strstr(body, "\n\n") - body + 1), body);
	free(text);
	writer->next = proof->number + 1;
	writer->count++;
	return 0;
}

/**
 * tb_disclosure_end() - write the hashes behind the last record, and be done
 * @writer: the disclosure, or NULL
 *
 * Return: 0; -EINVAL if no record was written; or -ENOMEM.
 */
int tb_disclosure_end(struct tb_disclosure_writer *writer)
{
	int ret = -EINVAL;

	if (writer && writer->count)
		ret = put_rest(&writer->ways[(writer->count + 1) % 2], &(struct way){ 0 },
			       writer->next, writer->checkpoint.size, writer->out);
	free(writer);
	return ret;
}

/**
 * struct reading - a disclosure, half read
 * @file: the file
 * @result: what is known so far
 * @block: lines up to an empty one
 * @len: bytes of @block
 * @next: the entry that must come next
 * @before: of the record before
 * @rest: hashes behind it that are not looked at yet
 * @rest_count: how many
 */
struct reading {
	FILE *file;
	struct tb_disclosure *result;
	char block[BLOCK_MAX];
	size_t len;
	uint64_t next;
	struct way before;
	struct span rest[2 * TB_PROOF_MAX];
	size_t rest_count;
};

/* Return: 1 with a block, 0 at the end, or -EINVAL. */
static int next_block(struct reading *reading)
{
	char *line;

	for (reading->len = 0;; reading->len += strlen(line)) {
		line = reading->block + reading->len;
		if (BLOCK_MAX - reading->len < 2)
			return -EINVAL;
		if (!fgets(line, (int)(BLOCK_MAX - reading->len), reading->file)) {
			*line = '\0';
			return ferror(reading->file) ? -EINVAL : reading->len > 0;
		}
		if (*line == '\n') {
			*line = '\0';
			return reading->len ? 1 : -EINVAL;
		}
	}
}

static int wrong(struct reading *reading, uint64_t entry, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(struct reading *reading, uint64_t entry, const char *fmt, ...)
{
	va_list args;

	reading->result->bad = entry;
	va_start(args, fmt);
	vsnprintf(reading->result->why, sizeof(reading->result->why), fmt, args);
	va_end(args);
	return 1;
}

static int take_head(struct reading *reading, const struct tb_policy *policy, struct tb_error *err)
{
	char note[2 * BLOCK_MAX + 2];
	int ret = next_block(reading);

	if (ret != 1 || strcmp(reading->block, TB_DISCLOSURE_HEADER) || next_block(reading) != 1)
		return tb_error_set(err, -EINVAL, "it does not begin as a disclosure does");
	snprintf(note, sizeof(note), "%s\n", reading->block);
	if (next_block(reading) != 1)
		return tb_error_set(err, -EINVAL, "nobody signed the checkpoint in it");
	strcat(note, reading->block);
	ret = tb_checkpoint_parse(note, &reading->result->held.checkpoint, err);
	if (!ret && tb_policy_judge(policy, &reading->result->held, err))
		return wrong(reading, 0, "%s", err->text);
	return ret;
}

/* Each entry is there or in a hash, once. */
static int check_order(struct reading *reading, uint64_t from, uint64_t to)
{
	if (from > reading->next)
		return wrong(reading, reading->next,
			     "entries up to %" PRIu64
			     " are neither there nor hashed: they were left out",
			     from - 1);
	if (from < reading->next || to <= from)
		return wrong(reading, from, "the entry is there and hashed, or either twice");
	return 0;
}

static int take_rest(struct reading *reading, struct tb_error *err)
{
	char *line, *save, base64[64];
	struct span *span;
	int used, ret;

	for (line = strtok_r(reading->block, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		span = &reading->rest[reading->rest_count];
		if (reading->rest_count == 2 * TB_PROOF_MAX ||
		    sscanf(line, "rest %" SCNu64 " %" SCNu64 " %63s%n", &span->from, &span->to,
			   base64, &used) != 3 ||
		    line[used] || !tb_note_hash(base64, strlen(base64), span->hash))
			return tb_error_set(err, -EINVAL,
					    "behind entry %" PRIu64
					    " a line is not 'rest FROM TO HASH'",
					    reading->next);
		ret = check_order(reading, span->from, span->to);
		if (ret)
			return ret;
		reading->next = span->to;
		reading->rest_count++;
	}
	return 0;
}

/* Each hash since the record before must stand beside its way, or beside the next one's. */
static int check_rest(struct reading *reading, const struct way *behind)
{
	const struct span *span, *known;
	size_t i;

	for (i = 0; i < reading->rest_count; i++) {
		span = &reading->rest[i];
		known = find(&reading->before, span->from, span->to) ?:
				find(behind, span->from, span->to);
		if (!known || memcmp(known->hash, span->hash, TB_HASH_LEN))
			return wrong(reading, span->from,
				     "the hash over entries up to %" PRIu64 " is not the log's",
				     span->to - 1);
	}
	reading->rest_count = 0;
	return 0;
}

static int take_record(struct reading *reading, struct tb_tlog_proof *proof, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &reading->result->held.checkpoint;
	uint8_t leaf[TB_HASH_LEN];
	struct way way;
	char *text;
	int ret;

	if (asprintf(&text, TB_TLOG_PROOF_HEADER "%s\n%s", reading->block, checkpoint->note) < 0)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = tb_tlog_proof_parse(text, proof, err);
	free(text);
	if (ret || !proof->extra)
		return tb_error_set(err, -EINVAL,
				    "behind entry %" PRIu64
				    " stands what is neither a record nor hashes",
				    reading->next);
	ret = check_order(reading, proof->number, proof->number + 1);
	if (ret)
		return ret;
	tb_merkle_leaf(proof->extra, proof->extra_len, leaf);
	if (!tb_merkle_included(leaf, proof->number, checkpoint->size, &proof->proof,
				checkpoint->root))
		return wrong(reading, proof->number, "the record is not that entry of the log");
	way_of(proof, &way);
	ret = check_rest(reading, &way);
	reading->before = way;
	reading->next = proof->number + 1;
	return ret;
}

static int take_blocks(struct reading *reading,
		       int (*told)(const struct tb_tlog_proof *proof, void *userdata),
		       void *userdata, struct tb_error *err)
{
	struct tb_tlog_proof proof;
	int more, ret = 0;

	while (!ret && (more = next_block(reading)) == 1) {
		if (!strncmp(reading->block, "rest ", 5)) {
			ret = take_rest(reading, err);
			continue;
		}
		proof = (struct tb_tlog_proof){ 0 };
		ret = take_record(reading, &proof, err);
		if (!ret) {
			reading->result->records++;
			ret = told(&proof, userdata);
		}
		tb_tlog_proof_clear(&proof);
	}
	if (!ret && more)
		return tb_error_set(err, -EINVAL,
				    "behind entry %" PRIu64 " a part is empty or too long",
				    reading->next);
	return ret;
}

/**
 * tb_disclosure_verify() - verify a disclosure, with public keys alone
 * @file: the disclosure; it is read once, and never held in memory
 * @policy: whose signatures count
 * @told: called with each record that is the log's; 0 to go on
 * @userdata: handed to @told
 * @disclosure: filled in; its checkpoint is to be cleared by the caller
 * @err: told why it could not be verified
 *
 * Return: 0 if there is an answer: @disclosure has no why if it verifies; or a negative errno.
 */
int tb_disclosure_verify(FILE *file, const struct tb_policy *policy,
			 int (*told)(const struct tb_tlog_proof *proof, void *userdata),
			 void *userdata, struct tb_disclosure *disclosure, struct tb_error *err)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	uint64_t size;
	int ret;

	memset(disclosure, 0, sizeof(*disclosure));
	if (!reading)
		return tb_error_set(err, -ENOMEM, "out of memory");
	reading->file = file;
	reading->result = disclosure;
	ret = take_head(reading, policy, err) ?: take_blocks(reading, told, userdata, err);
	size = disclosure->held.checkpoint.size;
	if (!ret && reading->next < size)
		ret = wrong(reading, reading->next,
			    "entries up to %" PRIu64
			    " are neither there nor hashed: they were left out",
			    size - 1);
	if (!ret && !disclosure->records)
		ret = tb_error_set(err, -EINVAL, "it has no record");
	if (!ret)
		ret = check_rest(reading, &(struct way){ 0 });
	free(reading);
	return ret < 0 ? ret : 0;
}
