// SPDX-License-Identifier: GPL-2.0-only
/* What is held elsewhere, and what is in the way: two files, for whoever asks. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "held.h"
#include "log.h"
#include "outfile.h"
#include "uplink.h"

static int store(const char *path, const char *text, struct tb_error *err)
{
	struct tb_outfile out;
	int ret = tb_outfile_open(&out, path, err);

	if (!ret) {
		fputs(text, out.file);
		ret = tb_outfile_commit(&out, err);
	}
	tb_outfile_close(&out);
	return ret;
}

/* Is it of this log, signed by the hub that is configured, and true of the ledger? */
static int check(struct uplink *up, const struct tb_checkpoint *checkpoint, struct tb_error *err)
{
	const struct tb_vkey *hub = &up->config->uplink.hub;
	uint8_t root[TB_HASH_LEN];
	uint64_t stamp;
	int ret;

	if (strcmp(checkpoint->origin, up->last.origin))
		return tb_error_set(err, -EINVAL, "the hub answered about another log, %s",
				    checkpoint->origin);
	ret = tb_checkpoint_signed(checkpoint, hub, &stamp, err);
	if (ret < 0)
		return ret;
	if (!ret)
		return tb_error_set(err, -EKEYREJECTED,
				    "the hub's answer is not signed by %s: check that 'hub' in tongbu.conf is its public key",
				    hub->name);
	if (checkpoint->size > up->last.size)
		return tb_error_set(err, -EUCLEAN,
				    "%s signed for %" PRIu64
				    " entries, and the station for %" PRIu64
				    ": the ledger was cut, or restored from a backup",
				    hub->name, checkpoint->size, up->last.size);
	ret = tb_log_root(up->log, checkpoint->size, root, err);
	if (!ret && memcmp(root, checkpoint->root, TB_HASH_LEN))
		ret = tb_error_set(err, -EUCLEAN,
				   "%s signed for %" PRIu64
				   " entries that are not those of the ledger: it was cut, or restored from a backup, and then continued differently",
				   hub->name, checkpoint->size);
	return ret;
}

/**
 * uplink_held_store() - keep what the hub signed
 * @up: the uplink, its ledger open
 * @note: what came; it is verified
 * @err: told what is wrong with it
 *
 * Return: 0; -EUCLEAN if the ledger does not go on from it; or another negative errno.
 */
int uplink_held_store(struct uplink *up, const char *note, struct tb_error *err)
{
	struct tb_checkpoint checkpoint = { 0 };
	int ret = tb_checkpoint_parse(note, &checkpoint, err);

	if (!ret && checkpoint.size <= up->held && !strcmp(checkpoint.origin, up->last.origin)) {
		tb_checkpoint_clear(&checkpoint);
		return 0;
	}
	ret = ret ?: check(up, &checkpoint, err);
	ret = ret ?: store(up->config->uplink.held, note, err);
	if (!ret) {
		if (!up->held)
			tb_log_notice("held elsewhere up to %" PRIu64 ", by %s", checkpoint.size,
				      up->config->uplink.hub.name);
		up->held = checkpoint.size;
	}
	tb_checkpoint_clear(&checkpoint);
	return ret;
}

/**
 * uplink_held_load() - what was held when the uplink ran last?
 * @up: the uplink, its ledger open; @up->held is set, to 0 if nothing that is kept is true
 */
void uplink_held_load(struct uplink *up)
{
	struct tb_checkpoint checkpoint = { 0 };
	struct tb_error err;
	char *text = NULL;
	int ret;

	up->held = 0;
	if (tb_text_load(up->config->uplink.held, &text, &err))
		return;
	ret = tb_checkpoint_parse(text, &checkpoint, &err) ?: check(up, &checkpoint, &err);
	if (!ret)
		up->held = checkpoint.size;
	else if (ret == -EUCLEAN)
		uplink_trouble(up, err.text);
	else
		tb_log_warning("%s: %s; the file is not changed", up->config->uplink.held,
			       err.text);
	tb_checkpoint_clear(&checkpoint);
	free(text);
}

/**
 * uplink_trouble() - say what is in the way, or that nothing is
 * @up: the uplink
 * @text: one line without its end, or NULL
 */
void uplink_trouble(struct uplink *up, const char *text)
{
	char *path, *line = NULL;
	struct tb_error err;

	if (!strcmp(up->trouble, text ?: ""))
		return;
	snprintf(up->trouble, sizeof(up->trouble), "%s", text ?: "");
	if (text)
		tb_log_warning("%s", text);
	else
		tb_log_notice("records reach the hub again");
	path = tb_beside(up->config->uplink.held, "trouble");
	if (path && !text)
		unlink(path);
	else if (path && asprintf(&line, "%s\n", text) > 0 && store(path, line, &err))
		tb_log_paced("%s", err.text);
	free(line);
	free(path);
}
