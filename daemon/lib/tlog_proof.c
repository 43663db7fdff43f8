// SPDX-License-Identifier: GPL-2.0-only
#include "tlog_proof.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/**
 * tb_is_tlog_proof() - does a text begin as a proof does?
 * @text: the text
 *
 * Return: whether tb_tlog_proof_parse() is to be asked.
 */
bool tb_is_tlog_proof(const char *text)
{
	return begins(text, TB_TLOG_PROOF_HEADER) || begins(text, TB_TLOG_OLD_HEADER);
}

/* Return: what is behind the line, or NULL if it is no line "@word NUMBER". */
static const char *take_number(const char *text, const char *word, uint64_t *number)
{
	size_t len;

	if (!begins(text, word))
		return NULL;
	text += strlen(word);
	len = strcspn(text, "\n");
	return text[len] && tb_note_number(text, len, number) ? text + len + 1 : NULL;
}

static const char *take_extra(const char *text, struct tb_tlog_proof *proof)
{
	size_t len = strcspn(text, "\n");
	char *copy;
	int ret;

	if (!begins(text, "extra ") || !text[len])
		return text;
	copy = strndup(text + 6, len - 6);
	ret = copy ? tb_base64_decode(copy, &proof->extra, &proof->extra_len) : -ENOMEM;
	free(copy);
	return ret ? NULL : text + len + 1;
}

static const char *take_hashes(const char *text, struct tb_proof *proof)
{
	size_t len;

	for (; *text != '\n'; text += len + 1) {
		len = strcspn(text, "\n");
		if (!text[len] || proof->count == TB_PROOF_MAX ||
		    !tb_note_hash(text, len, proof->hash[proof->count++]))
			return NULL;
	}
	return text + 1;
}

/**
 * tb_tlog_proof_parse() - read a proof
 * @text: the proof
 * @proof: filled in, to be cleared by the caller, also after a failure; whether it holds
 *	is another question
 * @err: told what is wrong
 *
 * Return: 0; -EINVAL if it is none; or -ENOMEM.
 */
int tb_tlog_proof_parse(const char *text, struct tb_tlog_proof *proof, struct tb_error *err)
{
	*proof = (struct tb_tlog_proof){ .is_old = begins(text, TB_TLOG_OLD_HEADER) };
	if (proof->is_old) {
		text = take_number(text, TB_TLOG_OLD_HEADER, &proof->number);
	} else {
		text = begins(text, TB_TLOG_PROOF_HEADER) ? text + strlen(TB_TLOG_PROOF_HEADER) :
							    NULL;
		text = text ? take_extra(text, proof) : NULL;
		text = text ? take_number(text, "index ", &proof->number) : NULL;
	}
	text = text ? take_hashes(text, &proof->proof) : NULL;
	if (!text)
		return tb_error_set(err, -EINVAL,
				    "this is no proof: it begins with 'c2sp.org/tlog-proof@v1' and 'index N', or with 'old N', then hashes, an empty line and a checkpoint");
	return tb_checkpoint_parse(text, &proof->checkpoint, err);
}

/**
 * tb_tlog_proof_text() - a proof for a file
 * @proof: the proof; of its checkpoint the note
 *
 * Return: the text, the caller's; NULL without memory.
 */
char *tb_tlog_proof_text(const struct tb_tlog_proof *proof)
{
	char *text = NULL, *base64;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (!proof->is_old)
		fputs(TB_TLOG_PROOF_HEADER, out);
	if (!proof->is_old && proof->extra) {
		base64 = tb_base64_encode(proof->extra, proof->extra_len);
		fprintf(out, "extra %s\n", base64 ?: "");
		free(base64);
	}
	fprintf(out, "%s%" PRIu64 "\n", proof->is_old ? TB_TLOG_OLD_HEADER : "index ",
		proof->number);
	for (i = 0; i < proof->proof.count; i++) {
		base64 = tb_base64_encode(proof->proof.hash[i], TB_HASH_LEN);
		fprintf(out, "%s\n", base64 ?: "");
		free(base64);
	}
	fprintf(out, "\n%s", proof->checkpoint.note);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

/**
 * tb_tlog_proof_clear() - be done with a proof
 * @proof: the proof
 */
void tb_tlog_proof_clear(struct tb_tlog_proof *proof)
{
	free(proof->extra);
	proof->extra = NULL;
	tb_checkpoint_clear(&proof->checkpoint);
}
