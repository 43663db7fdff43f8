// SPDX-License-Identifier: GPL-2.0-only
/*
 * A checkpoint that others signed counts here only if it is this ledger's, which the
 * ledger's own tree tells, and if the policy says that they count. Without a policy the
 * configured hub counts, and the word of root, who handed it in.
 */
#include "elsewhere.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger_tree.h"
#include "outfile.h"

static int judge_log(const struct tb_station *station, const struct tb_checkpoint *checkpoint,
		     struct tb_error *err)
{
	struct tb_tree *tree = tb_ledger_tree(station->ledger);
	const struct tb_vkey *key = tb_signer_key(station->signer);
	uint8_t root[TB_HASH_LEN];
	uint64_t time;
	int ret = strcmp(checkpoint->origin, key->name) ?
			  0 :
			  tb_checkpoint_signed(checkpoint, key, &time, err);

	if (ret < 0)
		return ret;
	if (!ret)
		return tb_error_set(err, -EKEYREJECTED,
				    "the checkpoint is of the log %s, which this station's key did not sign",
				    checkpoint->origin);
	if (tb_tree_root_at(tree, checkpoint->size, root, err) ||
	    memcmp(root, checkpoint->root, TB_HASH_LEN))
		return tb_error_set(err, -EUCLEAN,
				    "the log has %" PRIu64
				    " entries and does not go on from the checkpoint that others signed, which has %" PRIu64
				    ": the ledger was cut, or restored from a backup",
				    tb_tree_size(tree), checkpoint->size);
	return 0;
}

/* What witnesses say of themselves: root handed it in, who looked at their signatures */
static void take_word(struct tb_held *held)
{
	while (held->by_count < TB_POLICY_MAX &&
	       tb_checkpoint_cosigner(&held->checkpoint, held->by_count,
				      held->by[held->by_count].name,
				      &held->by[held->by_count].time))
		held->by_count++;
}

static int judge_hub(const struct tb_vkey *hub, struct tb_held *held, struct tb_error *err)
{
	int ret = tb_checkpoint_signed(&held->checkpoint, hub, &held->by[0].time, err);

	if (ret <= 0)
		return ret;
	memcpy(held->by[0].name, hub->name, sizeof(held->by[0].name));
	held->by_count = 1;
	return 0;
}

static int judge_policy(const char *path, struct tb_held *held, struct tb_error *err)
{
	struct tb_policy *policy;
	int ret = tb_policy_load(path, &policy, err);

	if (ret)
		return ret;
	ret = tb_policy_judge(policy, held, err);
	tb_policy_free(policy);
	return ret;
}

static int judge_witnesses(const struct tb_station *station, const struct tb_vkey *hub,
			   struct tb_held *held, struct tb_error *err)
{
	int ret = 0;

	if (station->config->log_policy)
		ret = judge_policy(station->config->log_policy, held, err);
	else if (hub)
		ret = judge_hub(hub, held, err);
	else
		take_word(held);
	if (ret || held->by_count)
		return ret;
	return tb_error_set(err, -EKEYREJECTED, "no witness signed the checkpoint of size %" PRIu64,
			    held->checkpoint.size);
}

/**
 * tb_elsewhere_own() - read a checkpoint of the station's own log
 * @station: the station
 * @note: the checkpoint, whoever signed it besides
 * @checkpoint: filled in, to be cleared by the caller
 * @err: told why it is none
 *
 * Return: 0; -EKEYREJECTED if the station did not sign it; -EUCLEAN if the ledger does not
 * go on from it; or another negative errno.
 */
int tb_elsewhere_own(const struct tb_station *station, const char *note,
		     struct tb_checkpoint *checkpoint, struct tb_error *err)
{
	int ret = tb_checkpoint_parse(note, checkpoint, err);

	ret = ret ?: judge_log(station, checkpoint, err);
	if (ret)
		tb_checkpoint_clear(checkpoint);
	return ret;
}

static int judge(const struct tb_station *station, const char *note, const struct tb_vkey *hub,
		 struct tb_held *held, struct tb_error *err)
{
	int ret;

	memset(held, 0, sizeof(*held));
	ret = tb_elsewhere_own(station, note, &held->checkpoint, err);
	ret = ret ?: judge_witnesses(station, hub, held, err);
	if (ret)
		tb_checkpoint_clear(&held->checkpoint);
	return ret;
}

static int load(const struct tb_station *station, const char *path, const struct tb_vkey *hub,
		struct tb_held *held, struct tb_error *err)
{
	char *text = NULL;
	int ret = path ? tb_text_load(path, &text, err) :
			 tb_error_set(err, -ENOMEM, "out of memory");

	if (!ret)
		ret = judge(station, text, hub, held, err);
	free(text);
	return ret;
}

/* What was handed in */
static int load_kept(const struct tb_station *station, struct tb_held *held, struct tb_error *err)
{
	char *path = tb_beside(station->config->ledger, TB_HELD_FILE);
	int ret = load(station, path, NULL, held, err);

	free(path);
	return ret;
}

/**
 * tb_elsewhere_load() - what is held elsewhere?
 * @station: the station
 * @held: filled in; its checkpoint is to be cleared by the caller
 * @err: told why nothing counts
 *
 * That is what was handed in, or what tongbu-uplink has of the hub, whichever goes further.
 *
 * Return: 0; -ENOENT if there is nothing yet; -EUCLEAN if the ledger does not go on from it;
 * or another negative errno.
 */
int tb_elsewhere_load(const struct tb_station *station, struct tb_held *held, struct tb_error *err)
{
	const struct tb_uplink_config *uplink = &station->config->uplink;
	struct tb_held *other;
	struct tb_error why;
	int ret = load_kept(station, held, err), ret_other;

	if (!uplink->hub.name[0] || ret == -EUCLEAN)
		return ret;
	other = calloc(1, sizeof(*other));
	if (!other)
		return ret;
	ret_other = load(station, uplink->held, &uplink->hub, other, &why);
	if (!ret_other && (ret || other->checkpoint.size >= held->checkpoint.size)) {
		if (!ret)
			tb_checkpoint_clear(&held->checkpoint);
		*held = *other;
		ret = 0;
	} else if (!ret_other) {
		tb_checkpoint_clear(&other->checkpoint);
	} else if (ret_other == -EUCLEAN || ret == -ENOENT) {
		if (!ret)
			tb_checkpoint_clear(&held->checkpoint);
		*err = why;
		ret = ret_other;
	}
	free(other);
	return ret;
}

/**
 * tb_elsewhere_trouble() - what is between the station and the hub?
 * @station: the station
 *
 * Return: a line of tongbu-uplink's, the caller's; NULL if nothing is.
 */
char *tb_elsewhere_trouble(const struct tb_station *station)
{
	const struct tb_uplink_config *uplink = &station->config->uplink;
	char *path = uplink->hub.name[0] ? tb_beside(uplink->held, "trouble") : NULL;
	char *text = NULL;
	struct tb_error err;

	if (path && tb_text_load(path, &text, &err))
		text = NULL;
	free(path);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* Lines of those who signed the old one and not the new one, which are of one log's size */
static void put_others(const struct tb_checkpoint *old, const struct tb_checkpoint *new, FILE *out)
{
	const char *line = old->note + old->text_len + 1, *end;
	char *who;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		who = strndup(line, (size_t)((char *)memrchr(line, ' ', (size_t)(end - line)) -
					     line + 1));
		if (who && !strstr(new->note + new->text_len, who))
			fprintf(out, "%.*s\n", (int)(end - line), line);
		free(who);
	}
}

static int store(const struct tb_station *station, const struct tb_held *old,
		 const struct tb_held *new, struct tb_error *err)
{
	char *path = tb_beside(station->config->ledger, TB_HELD_FILE);
	struct tb_outfile out = { 0 };
	int ret = path ? tb_outfile_open(&out, path, err) :
			 tb_error_set(err, -ENOMEM, "out of memory");

	if (!ret) {
		fputs(new->checkpoint.note, out.file);
		if (old && old->checkpoint.size == new->checkpoint.size)
			put_others(&old->checkpoint, &new->checkpoint, out.file);
		ret = tb_outfile_commit(&out, err);
	}
	tb_outfile_close(&out);
	free(path);
	return ret;
}

/**
 * tb_elsewhere_keep() - keep a checkpoint that others signed
 * @station: the station
 * @note: the checkpoint; one of fewer entries than what is kept is left as it is
 * @err: told why it is not kept
 *
 * Return: 0; -EKEYREJECTED if it does not count; -EUCLEAN if it is not this ledger's; or
 * another negative errno.
 */
int tb_elsewhere_keep(const struct tb_station *station, const char *note, struct tb_error *err)
{
	struct tb_held *held = calloc(2, sizeof(*held)), *old = &held[0], *new = &held[1];
	struct tb_error why;
	bool had;
	int ret;

	if (!held)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = judge(station, note, NULL, new, err);
	if (!ret) {
		had = !load_kept(station, old, &why);
		if (!had || old->checkpoint.size <= new->checkpoint.size)
			ret = store(station, had ? old : NULL, new, err);
		if (had)
			tb_checkpoint_clear(&old->checkpoint);
		tb_checkpoint_clear(&new->checkpoint);
	}
	free(held);
	return ret;
}
