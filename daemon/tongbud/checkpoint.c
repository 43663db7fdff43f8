// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was signed last, and what others signed, is kept beside the ledger. A ledger that does not go on from it
 * was cut, or restored from a backup: to sign that as the same log would be a lie, which
 * whoever holds the other checkpoint could show. Records go on; signatures do not.
 */
#include "checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "held.h"
#include "ledger_tree.h"
#include "log.h"
#include "log_key.h"
#include "outfile.h"

/* The first record behind a checkpoint waits so long for others */
#define WAIT_USEC 500000ULL

/**
 * struct tb_signer - signs
 * @ledger: the ledger
 * @path: file of the last checkpoint
 * @private: the station's key, or NULL if it cannot be had
 * @key: its public half
 * @last: what was signed last
 * @timer: signs
 * @waiting: it is armed
 * @trouble: why nothing is signed, or empty
 */
struct tb_signer {
	struct tb_ledger *ledger;
	char *path;
	EVP_PKEY *private;
	struct tb_vkey key;
	struct tb_checkpoint last;
	sd_event_source *timer;
	bool waiting;
	struct tb_error trouble;
};

static int keep(const struct tb_signer *signer, const char *note, struct tb_error *err)
{
	struct tb_outfile out;
	int ret = tb_outfile_open(&out, signer->path, err);

	if (!ret) {
		fputs(note, out.file);
		ret = tb_outfile_commit(&out, err);
	}
	tb_outfile_close(&out);
	return ret;
}

static int sign(struct tb_signer *signer, struct tb_error *err)
{
	struct tb_tree *tree = tb_ledger_tree(signer->ledger);
	struct tb_checkpoint next;
	uint8_t root[TB_HASH_LEN];
	char *note;
	int ret;

	tb_tree_root(tree, root);
	note = tb_checkpoint_sign(&signer->key, signer->private, tb_tree_size(tree), root);
	if (!note)
		return tb_error_set(err, -EIO, "libcrypto could not sign a checkpoint");
	ret = tb_checkpoint_parse(note, &next, err);
	if (!ret) {
		tb_checkpoint_clear(&signer->last);
		signer->last = next;
		/* It can be given out all the same: what it says is durable. */
		if (keep(signer, note, err))
			tb_log_paced("%s", err->text);
	}
	free(note);
	return ret;
}

/**
 * tb_signer_now() - have a checkpoint
 * @signer: who signs
 * @size: entries it must have at least; those are durable
 * @err: told why there is none
 *
 * Return: 0; -EUCLEAN if the ledger does not go on from what was signed; or another
 * negative errno.
 */
int tb_signer_now(struct tb_signer *signer, uint64_t size, struct tb_error *err)
{
	if (signer->trouble.text[0]) {
		*err = signer->trouble;
		return err->code;
	}
	return signer->last.note && signer->last.size >= size ? 0 : sign(signer, err);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct tb_signer *signer = userdata;
	struct tb_error err;

	(void)source, (void)usec;
	signer->waiting = false;
	if (tb_signer_now(signer, tb_tree_size(tb_ledger_tree(signer->ledger)), &err))
		tb_log_paced("%s", err.text);
	return 0;
}

/**
 * tb_signer_due() - records were made durable
 * @signer: who signs, within a second
 */
void tb_signer_due(struct tb_signer *signer)
{
	if (signer->waiting || signer->trouble.text[0])
		return;
	signer->waiting = sd_event_source_set_time_relative(signer->timer, WAIT_USEC) >= 0 &&
			  sd_event_source_set_enabled(signer->timer, SD_EVENT_ONESHOT) >= 0;
}

/* Does the ledger go on from what was signed last? */
static int compare(struct tb_signer *signer, const char *path, struct tb_checkpoint *last)
{
	struct tb_tree *tree = tb_ledger_tree(signer->ledger);
	uint8_t root[TB_HASH_LEN];
	struct tb_error err;
	uint64_t time;

	/* Another key or name is another log. */
	if (strcmp(last->origin, signer->key.name) ||
	    tb_checkpoint_signed(last, &signer->key, &time, &err) != 1)
		return 0;
	if (!tb_tree_root_at(tree, last->size, root, &err) &&
	    !memcmp(root, last->root, TB_HASH_LEN)) {
		if (!signer->last.note || signer->last.size < last->size) {
			tb_checkpoint_clear(&signer->last);
			signer->last = *last;
			*last = (struct tb_checkpoint){ 0 };
		}
		return 0;
	}
	tb_error_set(&signer->trouble, -EUCLEAN,
		     "the log has %" PRIu64
		     " entries and does not go on from checkpoint %s, which has %" PRIu64
		     ": the ledger was cut, or restored from a backup. Records are kept, but no checkpoint is signed: see tongbud(8), 'A new log'",
		     tb_tree_size(tree), path, last->size);
	tb_log_error("%s", signer->trouble.text);
	return 1;
}

static void look_back(struct tb_signer *signer, const char *path)
{
	static char text[TB_NOTE_MAX + 1];
	FILE *file = fopen(path, "re");
	struct tb_checkpoint last = { 0 };
	struct tb_error err;
	size_t len;

	if (!file && errno == ENOENT)
		return;
	len = file ? fread(text, 1, TB_NOTE_MAX, file) : 0;
	text[len] = '\0';
	if (file)
		fclose(file);
	if (tb_checkpoint_parse(text, &last, &err))
		tb_log_warning("%s: %s; it is made anew", path, err.text);
	else
		compare(signer, path, &last);
	tb_checkpoint_clear(&last);
}

/* Without the key nothing is signed, which is no reason to keep no records. */
static int load_key(struct tb_signer *signer, const struct tb_config *config, struct tb_error *err)
{
	int ret = tb_log_key_load(config, &signer->private, &signer->key, err);

	if (!ret || ret == -ENOMEM)
		return ret;
	signer->key = (struct tb_vkey){ 0 };
	tb_error_set(&signer->trouble, ret,
		     "%.400s. Records are kept, but no checkpoint is signed before tongbud starts with a key",
		     err->text);
	tb_log_error("%s", signer->trouble.text);
	return 0;
}

/**
 * tb_signer_new() - begin to sign
 * @event: the event loop
 * @config: where the key is and what the log is called; the station's key is made if
 *	there is none
 * @ledger: whose log; kept
 * @signer: set to who signs; tb_signer_free() ends it
 * @err: told what went wrong
 *
 * For a key or a name that is none there is somebody who signs nothing, and says why.
 *
 * Return: 0 or a negative errno.
 */
int tb_signer_new(sd_event *event, const struct tb_config *config, struct tb_ledger *ledger,
		  struct tb_signer **signer, struct tb_error *err)
{
	char *held = tb_beside(config->ledger, TB_HELD_FILE);
	struct tb_signer *s = calloc(1, sizeof(*s));
	int ret;

	if (!s || !held) {
		free(s);
		free(held);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	s->ledger = ledger;
	s->path = tb_beside(config->ledger, "checkpoint");
	ret = s->path ? load_key(s, config, err) : tb_error_set(err, -ENOMEM, "out of memory");
	if (!ret &&
	    (sd_event_add_time_relative(event, &s->timer, CLOCK_BOOTTIME, 0, 0, on_timer, s) < 0 ||
	     sd_event_source_set_enabled(s->timer, SD_EVENT_OFF) < 0))
		ret = tb_error_set(err, -ENOMEM, "event loop: out of memory");
	if (!ret) {
		look_back(s, s->path);
		look_back(s, held);
		if (config->uplink.hub.name[0])
			look_back(s, config->uplink.held);
	}
	free(held);
	if (ret) {
		tb_signer_free(s);
		return ret;
	}
	tb_signer_due(s);
	*signer = s;
	return 0;
}

/**
 * tb_signer_free() - sign what is durable, and end
 * @signer: who signs, or NULL
 */
void tb_signer_free(struct tb_signer *signer)
{
	struct tb_error err;

	if (!signer)
		return;
	if (signer->waiting &&
	    tb_signer_now(signer, tb_tree_size(tb_ledger_tree(signer->ledger)), &err))
		tb_log_warning("%s", err.text);
	sd_event_source_disable_unref(signer->timer);
	tb_checkpoint_clear(&signer->last);
	EVP_PKEY_free(signer->private);
	free(signer->path);
	free(signer);
}

/**
 * tb_signer_last() - what was signed last?
 * @signer: who signs
 *
 * Return: the signer's own, until it signs again; or NULL if nothing was.
 */
const struct tb_checkpoint *tb_signer_last(const struct tb_signer *signer)
{
	return signer->last.note ? &signer->last : NULL;
}

/**
 * tb_signer_key() - whose signature is it?
 * @signer: who signs
 *
 * Return: the public key, the signer's own.
 */
const struct tb_vkey *tb_signer_key(const struct tb_signer *signer)
{
	return &signer->key;
}

/**
 * tb_signer_trouble() - why is nothing signed?
 * @signer: who signs
 *
 * Return: a sentence of the signer's own, or NULL if all is well.
 */
const char *tb_signer_trouble(const struct tb_signer *signer)
{
	return signer->trouble.text[0] ? signer->trouble.text : NULL;
}
