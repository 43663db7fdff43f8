// SPDX-License-Identifier: GPL-2.0-only
#include "remake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "log.h"
#include "timefmt.h"

/* Of what is said in the log, in percent */
#define SAID_EVERY 10

/**
 * struct tb_remake - a state being made anew
 * @state: file of the state there is; the caller's
 * @path: file of the one being made
 * @old: answers meanwhile; NULL if there is none that can
 * @chains: chains of the ledger, as tongbud tells them; NULL if it has not
 * @begun: since when records come, ns; 0 for not yet
 * @before: how many were folded by then
 * @done: how many are folded
 * @total: how many there are
 * @said: percent, as the log has it
 */
struct tb_remake {
	const char *state;
	char *path;
	struct tb_referee *old;
	json_t *chains;
	uint64_t begun;
	uint64_t before;
	uint64_t done;
	uint64_t total;
	unsigned int said;
};

/**
 * tb_remake_remove() - remove a state, with what SQLite keeps beside it
 * @path: its file
 */
void tb_remake_remove(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[4096];
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static char *path_of(const struct tb_config *config)
{
	char *path;

	return asprintf(&path, "%s.anew", config->state) < 0 ? NULL : path;
}

/**
 * tb_remake_due() - is the state to be made anew?
 * @config: where it is
 * @wanted: somebody said so
 *
 * Return: true if somebody did, the tables are of another version, or it was being made
 * anew when the program ended. False where there is none: it is made in its place.
 */
bool tb_remake_due(const struct tb_config *config, bool wanted)
{
	char *path = path_of(config);
	bool due = wanted, state = !access(config->state, F_OK);

	if (path && !access(path, F_OK)) {
		/* Ended between the removal of the old one and its own renaming */
		if (!state && !wanted)
			rename(path, config->state);
		else
			due = true;
	}
	free(path);
	if (!due && tb_state_outdated(config->state)) {
		tb_log_notice("%s was made by another version: folding the ledger anew",
			      config->state);
		due = true;
	}
	return due && state;
}

static void open_old(struct tb_remake *remake, const struct tb_config *config)
{
	struct tb_referee_options options = {
		.state = config->state,
		.packs = config->packs_dir,
		.kept = config->kept,
		.blobs = config->blobs,
		.zone = config->zone,
	};
	struct tb_error err;

	if (tb_state_outdated(config->state))
		return;
	if (tb_referee_open(&options, &remake->old, &err)) {
		remake->old = NULL;
		tb_log_warning("no questions are answered while the new state is made, because the old one cannot be opened: %s",
			       err.text);
	}
}

/**
 * tb_remake_new() - begin to make a state anew, or go on with it
 * @config: where it is; kept
 * @wanted: somebody said so now: what was begun before is of no use
 *
 * Return: the making; tb_remake_free() frees it. NULL without memory.
 */
struct tb_remake *tb_remake_new(const struct tb_config *config, bool wanted)
{
	struct tb_remake *remake = calloc(1, sizeof(*remake));

	if (!remake)
		return NULL;
	remake->state = config->state;
	remake->path = path_of(config);
	if (!remake->path) {
		free(remake);
		return NULL;
	}
	if (wanted || tb_state_outdated(remake->path))
		tb_remake_remove(remake->path);
	open_old(remake, config);
	tb_log_notice("the state is made anew; %s",
		      remake->old ? "until then answers come from the old one" :
				    "until then answers are not complete");
	return remake;
}

/**
 * tb_remake_path() - where the new one is made
 * @remake: the making
 *
 * Return: its file.
 */
const char *tb_remake_path(const struct tb_remake *remake)
{
	return remake->path;
}

/**
 * tb_remake_old() - who answers meanwhile
 * @remake: the making, or NULL
 *
 * Return: a referee of the old state, not to fold; NULL if there is none.
 */
struct tb_referee *tb_remake_old(const struct tb_remake *remake)
{
	return remake ? remake->old : NULL;
}

/**
 * tb_remake_chains() - learn how many records there are
 * @remake: the making, or NULL
 * @chains: chains of the ledger in order, as tongbud tells them
 */
void tb_remake_chains(struct tb_remake *remake, const json_t *chains)
{
	if (!remake)
		return;
	json_decref(remake->chains);
	remake->chains = json_incref((json_t *)chains);
}

static uint64_t number(const json_t *chain, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(chain, name));
}

/* Of all records those up to this one */
static void count(struct tb_remake *remake, const char *id, uint64_t seq)
{
	const json_t *chain;
	bool here, past = false;
	uint64_t all;
	size_t i;

	remake->done = 0;
	remake->total = 0;
	json_array_foreach(remake->chains, i, chain) {
		here = !strcmp(json_string_value(json_object_get(chain, "chain")) ?: "", id);
		all = number(chain, "last") + 1 - number(chain, "first");
		/* It grows while it is folded. */
		if (here && seq > number(chain, "last"))
			all = seq + 1 - number(chain, "first");
		remake->total += all;
		if (here)
			remake->done += seq + 1 - number(chain, "first");
		else if (!past)
			remake->done += all;
		past = past || here;
	}
}

static uint64_t seconds_left(const struct tb_remake *remake)
{
	double came = (double)(remake->done - remake->before);
	double took = (double)(tb_time_monotonic() - remake->begun) / TB_NSEC_PER_SEC;

	return (uint64_t)(took * (double)(remake->total - remake->done) / came + 0.5);
}

/**
 * tb_remake_came() - so far was folded
 * @remake: the making, or NULL
 * @chain: chain of the last record
 * @seq: its number
 */
void tb_remake_came(struct tb_remake *remake, const uint8_t chain[TONGBU_CHAIN_LEN], uint64_t seq)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	unsigned int percent;

	if (!remake)
		return;
	count(remake, tb_hex_encode(id, chain, TONGBU_CHAIN_LEN), seq);
	if (!remake->begun) {
		remake->begun = tb_time_monotonic();
		remake->before = remake->done;
	}
	percent = remake->total ? (unsigned int)(remake->done * 100 / remake->total) : 0;
	if (percent < remake->said + SAID_EVERY || remake->done == remake->before ||
	    remake->done == remake->total)
		return;
	remake->said = percent;
	tb_log_notice("the state is made anew: %u %%, %llu of %llu records, about %llu s left",
		      percent, (unsigned long long)remake->done, (unsigned long long)remake->total,
		      (unsigned long long)seconds_left(remake));
}

/**
 * tb_remake_progress() - how far it has come
 * @remake: the making, or NULL
 *
 * Return: records folded, of how many, and seconds_left where that can be told; whether
 * the old state answers. The caller's; NULL without a making.
 */
json_t *tb_remake_progress(const struct tb_remake *remake)
{
	json_t *json;

	if (!remake)
		return NULL;
	json = json_pack("{s:I, s:I, s:b}", "records", (json_int_t)remake->done, "of",
			 (json_int_t)remake->total, "old_answers", remake->old != NULL);
	if (remake->done > remake->before)
		json_object_set_new(json, "seconds_left",
				    json_integer((json_int_t)seconds_left(remake)));
	return json;
}

/**
 * tb_remake_swap() - put the new state in the old one's place
 * @remake: the making; nobody has the new state open
 * @err: told what went wrong
 *
 * Who reads the old one as a file keeps it as it is.
 *
 * Return: 0 or a negative errno; then the new one is where it was.
 */
int tb_remake_swap(struct tb_remake *remake, struct tb_error *err)
{
	tb_referee_close(remake->old);
	remake->old = NULL;
	/* Or what SQLite keeps beside the old one would be taken for the new one's */
	tb_remake_remove(remake->state);
	if (rename(remake->path, remake->state))
		return tb_error_set(err, -errno, "state %s: %s", remake->path, strerror(errno));
	tb_log_notice("the state has been made anew, and answers questions");
	return 0;
}

/**
 * tb_remake_free() - be done with it; what was made stays, and is gone on with
 * @remake: the making, or NULL
 */
void tb_remake_free(struct tb_remake *remake)
{
	if (!remake)
		return;
	tb_referee_close(remake->old);
	json_decref(remake->chains);
	free(remake->path);
	free(remake);
}
