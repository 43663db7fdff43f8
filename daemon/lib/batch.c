// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hex.h"

#define MAGIC "tongbu1\n"

static void put16(FILE *out, size_t number)
{
	uint16_t big = htobe16((uint16_t)number);

	fwrite(&big, sizeof(big), 1, out);
}

static void put64(FILE *out, uint64_t number)
{
	uint64_t big = htobe64(number);

	fwrite(&big, sizeof(big), 1, out);
}

/**
 * tb_batch_write() - make a batch for sending
 * @batch: the batch
 * @bytes: set to it, the caller's
 * @len: set to its bytes
 * @err: told what went wrong
 *
 * Return: 0; -E2BIG if an entry has more than 65,535 bytes; or -ENOMEM.
 */
int tb_batch_write(const struct tb_batch *batch, uint8_t **bytes, size_t *len, struct tb_error *err)
{
	char *proof = tb_tlog_proof_text(&batch->proof), *made = NULL;
	FILE *out = open_memstream(&made, len);
	bool big = false;
	size_t i;

	if (!proof || !out) {
		free(proof);
		if (out)
			fclose(out);
		free(made);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	fputs(MAGIC, out);
	put64(out, batch->first);
	put64(out, batch->sent);
	put16(out, batch->count);
	put16(out, strlen(proof));
	fputs(proof, out);
	for (i = 0; i < batch->count; i++) {
		big = big || batch->len[i] > UINT16_MAX;
		put16(out, batch->len[i]);
		fwrite(batch->entry[i], batch->len[i], 1, out);
	}
	free(proof);
	if (fclose(out) || big) {
		free(made);
		return big ? tb_error_set(err, -E2BIG, "an entry has more than 65535 bytes") :
			     tb_error_set(err, -ENOMEM, "out of memory");
	}
	*bytes = (uint8_t *)made;
	return 0;
}

/**
 * struct rest - bytes still to be read
 * @at: the next one
 * @len: how many
 */
struct rest {
	const uint8_t *at;
	size_t len;
};

static bool take(struct rest *rest, const void **bytes, size_t len)
{
	if (len > rest->len)
		return false;
	*bytes = rest->at;
	rest->at += len;
	rest->len -= len;
	return true;
}

static bool take16(struct rest *rest, size_t *number)
{
	const void *bytes;
	uint16_t big;

	if (!take(rest, &bytes, sizeof(big)))
		return false;
	memcpy(&big, bytes, sizeof(big));
	*number = be16toh(big);
	return true;
}

static bool take64(struct rest *rest, uint64_t *number)
{
	const void *bytes;
	uint64_t big;

	if (!take(rest, &bytes, sizeof(big)))
		return false;
	memcpy(&big, bytes, sizeof(big));
	*number = be64toh(big);
	return *number <= INT64_MAX;
}

static bool take_entries(struct rest *rest, struct tb_batch *batch)
{
	const void *bytes;
	size_t i;

	for (i = 0; i < batch->count; i++) {
		if (!take16(rest, &batch->len[i]) || !take(rest, &bytes, batch->len[i]))
			return false;
		batch->entry[i] = bytes;
	}
	return !rest->len;
}

/**
 * tb_batch_read() - read a batch
 * @bytes: what came; the batch's entries stay in it
 * @len: its bytes
 * @batch: filled in, to be cleared by the caller, also after a failure; whether the proof
 *	holds, and who signed, is another question
 * @err: told what is wrong
 *
 * Return: 0; -EINVAL if it is none; or -ENOMEM.
 */
int tb_batch_read(const uint8_t *bytes, size_t len, struct tb_batch *batch, struct tb_error *err)
{
	struct rest rest = { .at = bytes, .len = len };
	const void *magic, *text;
	size_t text_len;
	char *proof;
	int ret;

	batch->count = 0;
	batch->proof = (struct tb_tlog_proof){ 0 };
	if (!take(&rest, &magic, strlen(MAGIC)) || memcmp(magic, MAGIC, strlen(MAGIC)) ||
	    !take64(&rest, &batch->first) || !take64(&rest, &batch->sent) ||
	    !take16(&rest, &batch->count) || batch->count > TB_BATCH_MAX ||
	    !take16(&rest, &text_len) || !take(&rest, &text, text_len) ||
	    !take_entries(&rest, batch))
		return tb_error_set(err, -EINVAL,
				    "this is no batch of entries, or another version's");
	if (memchr(text, '\0', text_len))
		return tb_error_set(err, -EINVAL, "the proof of a batch is no text");
	proof = strndup(text, text_len);
	ret = proof ? tb_tlog_proof_parse(proof, &batch->proof, err) :
		      tb_error_set(err, -ENOMEM, "out of memory");
	free(proof);
	if (!ret && (!batch->proof.is_old || batch->proof.number != batch->first + batch->count))
		ret = tb_error_set(err, -EINVAL,
				   "the proof of a batch is not of the entry behind its last");
	if (!ret && batch->proof.number > batch->proof.checkpoint.size)
		ret = tb_error_set(err, -EINVAL,
				   "a batch has entries that its checkpoint does not have");
	return ret;
}

/**
 * tb_batch_clear() - be done with a batch
 * @batch: the batch
 */
void tb_batch_clear(struct tb_batch *batch)
{
	tb_tlog_proof_clear(&batch->proof);
}

/**
 * tb_batch_subject() - a log's name, as a word of a subject
 * @origin: the log
 * @text: set to it
 *
 * Return: @text.
 */
char *tb_batch_subject(const char *origin, char text[TB_SUBJECT_SIZE])
{
	uint8_t hash[TB_HASH_LEN];

	if (!EVP_Digest(origin, strlen(origin), hash, NULL, EVP_sha256(), NULL))
		abort();
	return tb_hex_encode(text, hash, sizeof(hash));
}
