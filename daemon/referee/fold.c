// SPDX-License-Identifier: GPL-2.0-only
#include "fold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "copy.h"
#include "event.h"
#include "ledger_read.h"
#include "link.h"
#include "log.h"
#include "names.h"
#include "remake.h"
#include "timefmt.h"
#include "server.h"
#include "wishes.h"

/* Folding goes on that long before people have their turn */
#define SLICE_NS (50 * 1000000ULL)
/* People come first, but for no longer than that, or than the fold's last turn took */
#define TURN_USEC 200000ULL
/* After a failure, doubled up to the last */
#define RETRY_USEC     1000000ULL
#define RETRY_MAX_USEC 32000000ULL

/**
 * struct tb_fold - the fold of the ledger
 * @config: what is to be; the caller's
 * @names: what sources, outputs and reflexes are called
 * @referee: folds; NULL while the state cannot be used
 * @link: records to come; NULL of a copy
 * @wishes: what packs want of tongbud; NULL of a copy
 * @remake: the state is made anew beside the old one; NULL if it is not
 * @again: goes on when nobody asks
 * @turn: timer: goes on though people ask
 * @retry: timer, on while the state cannot be used
 * @took: how long its last turn took, us
 * @wait: how long until the next try, us
 * @piece: records being folded
 * @at: bytes of them that were
 * @chain: chain the fold has come to; zeros if it is not known yet
 * @last: the ledger's name of the last record that was folded, or -1
 * @caught_up: all there was has been folded
 * @failed: why the state cannot be used, or empty
 * @unlinked: why no records come, or empty
 */
struct tb_fold {
	const struct tb_config *config;
	struct tb_names *names;
	struct tb_referee *referee;
	struct tb_link *link;
	struct tb_wishes *wishes;
	struct tb_remake *remake;
	sd_event_source *again;
	sd_event_source *turn;
	sd_event_source *retry;
	uint64_t took;
	uint64_t wait;
	struct tb_piece piece;
	size_t at;
	uint8_t chain[TONGBU_CHAIN_LEN];
	int64_t last;
	bool caught_up;
	struct tb_error failed;
	struct tb_error unlinked;
};

static void drop_piece(struct tb_fold *fold)
{
	free(fold->piece.records);
	memset(&fold->piece, 0, sizeof(fold->piece));
	fold->at = 0;
	sd_event_source_set_enabled(fold->again, SD_EVENT_OFF);
	sd_event_source_set_enabled(fold->turn, SD_EVENT_OFF);
}

static void go_on(struct tb_fold *fold)
{
	sd_event_source_set_enabled(fold->again, SD_EVENT_ONESHOT);
	/* A pack that spins has half of the time, and no more. */
	sd_event_source_set_time_relative(fold->turn,
					  fold->took > TURN_USEC ? fold->took : TURN_USEC);
	sd_event_source_set_enabled(fold->turn, SD_EVENT_ONESHOT);
}

static void on_effect(const json_t *effect, void *userdata)
{
	struct tb_fold *fold = userdata;

	tb_wishes_note(fold->wishes, effect);
}

static int open_referee(struct tb_fold *fold, struct tb_error *err)
{
	const struct tb_config *config = fold->config;
	/* Clocks to arm, and outputs to set */
	static const char *const heard[] = { "clock",	"met",	  "late",    "extend",
					     "ended",	"warn",	  "waiting", "paused",
					     "derived", "output", NULL };
	struct tb_referee_options options = {
		.state = fold->remake ? tb_remake_path(fold->remake) : config->state,
		.packs = config->packs_dir,
		.kept = config->kept,
		.blobs = config->blobs,
		.zone = config->zone,
		.effect = fold->wishes ? on_effect : NULL,
		.effects = heard,
		.userdata = fold,
	};
	int ret = tb_referee_open(&options, &fold->referee, err);

	if (!ret)
		fold->last = tb_referee_last(fold->referee);
	return ret;
}

/* What was not committed is gone with the referee's handle; it is folded again. */
static void fail(struct tb_fold *fold, const struct tb_error *why)
{
	if (strcmp(fold->failed.text, why->text) != 0)
		tb_log_error("packs stopped: %s; recording continues; trying again", why->text);
	fold->failed = *why;
	fold->caught_up = false;
	drop_piece(fold);
	tb_wishes_forget(fold->wishes);
	tb_referee_close(fold->referee);
	fold->referee = NULL;
	sd_event_source_set_time_relative(fold->retry, fold->wait);
	sd_event_source_set_enabled(fold->retry, SD_EVENT_ONESHOT);
	if (fold->wait < RETRY_MAX_USEC)
		fold->wait *= 2;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct tb_fold *fold = userdata;
	struct tb_error err;

	(void)source, (void)usec;
	if (open_referee(fold, &err))
		fail(fold, &err);
	else
		tb_link_again(fold->link);
	return 0;
}

static void went_well(struct tb_fold *fold)
{
	fold->wait = RETRY_USEC;
	if (!fold->failed.text[0])
		return;
	tb_log_notice("packs run again");
	fold->failed.text[0] = '\0';
}

/* As much of the piece as there is time for */
static int fold_records(struct tb_fold *fold, struct tb_error *err)
{
	const struct tb_piece *piece = &fold->piece;
	uint64_t begun = tb_time_monotonic();
	struct tb_record rec;
	int ret = 0;

	while (!ret && fold->at < piece->len && tb_time_monotonic() - begun < SLICE_NS) {
		if (tb_record_parse(piece->records + fold->at, piece->len - fold->at, piece->chain,
				    &rec))
			return tb_error_set(err, -EBADMSG,
					    "tongbud sent something that is not a record");
		ret = tb_event_fold(fold->referee, fold->names, &rec, err);
		fold->at += rec.size;
		fold->last = (piece->position & ~(int64_t)TB_LEDGER_SEQ_MAX) | (int64_t)rec.seq;
	}
	if (fold->at == piece->len)
		fold->last = piece->position;
	return ret ?: tb_referee_set_last(fold->referee, fold->last, err);
}

static int fold_slice(struct tb_fold *fold, struct tb_error *err)
{
	int ret;

	if (!fold->piece.len)
		return 0;
	ret = tb_referee_begin(fold->referee, err);
	if (!ret)
		ret = fold_records(fold, err);
	if (!ret)
		ret = tb_referee_commit(fold->referee, err);
	return ret;
}

/* All there was is folded: the state that was made anew takes its place. */
static int end_remake(struct tb_fold *fold, struct tb_error *err)
{
	int ret;

	if (!fold->remake)
		return 0;
	tb_referee_close(fold->referee);
	fold->referee = NULL;
	ret = tb_remake_swap(fold->remake, err);
	if (ret)
		return ret;
	tb_remake_free(fold->remake);
	fold->remake = NULL;
	return open_referee(fold, err);
}

static void take_turn(struct tb_fold *fold)
{
	uint64_t begun = tb_time_monotonic();
	struct tb_error err;
	bool end;

	if (fold_slice(fold, &err)) {
		fail(fold, &err);
		return;
	}
	fold->took = (tb_time_monotonic() - begun) / 1000;
	went_well(fold);
	memcpy(fold->chain, fold->piece.chain, sizeof(fold->chain));
	if (fold->last >= 0)
		tb_remake_came(fold->remake, fold->chain, (uint64_t)fold->last & TB_LEDGER_SEQ_MAX);
	end = fold->piece.end;
	if (end && fold->at == fold->piece.len && end_remake(fold, &err)) {
		fail(fold, &err);
		return;
	}
	if (fold->at < fold->piece.len) {
		end = false;
		go_on(fold);
	} else {
		drop_piece(fold);
		tb_link_more(fold->link);
	}
	fold->caught_up = fold->caught_up || end;
	if (fold->caught_up)
		tb_wishes_tell(fold->wishes, fold->referee, fold->chain,
			       fold->last & (int64_t)TB_LEDGER_SEQ_MAX);
}

static int on_again(sd_event_source *source, void *userdata)
{
	(void)source;
	take_turn(userdata);
	return 0;
}

static int on_turn(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source, (void)usec;
	take_turn(userdata);
	return 0;
}

static int64_t on_begin(void *userdata)
{
	const struct tb_fold *fold = userdata;

	return fold->last;
}

static void on_names(const json_t *names, void *userdata)
{
	struct tb_fold *fold = userdata;

	if (tb_names_read(fold->names, names))
		tb_log_warning("names of sources could not be read: out of memory");
}

static void on_chains(const json_t *chains, void *userdata)
{
	const struct tb_fold *fold = userdata;

	tb_remake_chains(fold->remake, chains);
}

static void on_piece(const struct tb_piece *piece, void *userdata)
{
	struct tb_fold *fold = userdata;

	if (fold->unlinked.text[0])
		tb_log_notice("records come again");
	fold->unlinked.text[0] = '\0';
	fold->piece = *piece;
	fold->at = 0;
	/* Without a state it waits here; when there is one, the link begins anew. */
	if (fold->referee)
		go_on(fold);
}

static void on_lost(const struct tb_error *why, void *userdata)
{
	struct tb_fold *fold = userdata;
	struct tb_error said = *why;

	if (why->code == -ERANGE)
		tb_error_set(&said, -ERANGE,
			     "%.300s: 'tongbu-referee --rebuild' makes the state anew", why->text);
	if (strcmp(fold->unlinked.text, said.text) != 0)
		tb_log_warning("no records come: %s; trying again", said.text);
	fold->unlinked = said;
	fold->caught_up = false;
	drop_piece(fold);
	tb_wishes_forget(fold->wishes);
}

static const struct tb_link_ops link_ops = {
	.begin = on_begin,
	.names = on_names,
	.chains = on_chains,
	.piece = on_piece,
	.lost = on_lost,
};

static int add_sources(struct tb_fold *fold, sd_event *event)
{
	int ret;

	ret = sd_event_add_defer(event, &fold->again, on_again, fold);
	if (ret >= 0)
		ret = sd_event_source_set_enabled(fold->again, SD_EVENT_OFF);
	/* Behind people's questions */
	if (ret >= 0)
		ret = sd_event_source_set_priority(fold->again, TB_SERVER_PRIORITY + 1);
	if (ret >= 0)
		ret = sd_event_add_time_relative(event, &fold->turn, CLOCK_BOOTTIME, 0, 0, on_turn,
						 fold);
	if (ret >= 0)
		ret = sd_event_source_set_enabled(fold->turn, SD_EVENT_OFF);
	if (ret >= 0)
		ret = sd_event_add_time_relative(event, &fold->retry, CLOCK_BOOTTIME, 0, 0,
						 on_retry, fold);
	if (ret >= 0)
		ret = sd_event_source_set_enabled(fold->retry, SD_EVENT_OFF);
	return ret;
}

/**
 * tb_fold_start() - fold what is in the ledger, and go on
 * @event: the event loop
 * @config: what is to be; kept
 * @anew: the state is to be made anew
 * @fold: set to the fold; tb_fold_free() ends it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_fold_start(sd_event *event, const struct tb_config *config, bool anew, struct tb_fold **fold,
		  struct tb_error *err)
{
	struct tb_fold *f = calloc(1, sizeof(*f));
	int ret;

	if (!f)
		return tb_error_set(err, -ENOMEM, "out of memory");
	f->config = config;
	f->last = -1;
	f->wait = RETRY_USEC;
	f->names = tb_names_new();
	if (tb_remake_due(config, anew)) {
		f->remake = tb_remake_new(config, anew);
		anew = f->remake;
	} else {
		anew = true;
	}
	ret = add_sources(f, event);
	if (ret < 0 || !f->names || !anew)
		ret = tb_error_set(err, ret < 0 ? ret : -ENOMEM, "event loop: out of memory");
	else
		ret = tb_wishes_new(event, config, &f->wishes, err);
	if (!ret)
		ret = open_referee(f, err);
	if (!ret)
		ret = tb_link_new(event, config->socket, &link_ops, f, &f->link, err);
	if (ret)
		tb_fold_free(f);
	else
		*fold = f;
	return ret;
}

/* Records of a copy that are kept together */
#define BATCH 4096

/**
 * struct whole - a copy being folded
 * @fold: the fold
 * @count: records so far
 * @err: told what went wrong
 */
struct whole {
	struct tb_fold *fold;
	unsigned long count;
	struct tb_error *err;
};

static int end_batch(struct whole *w)
{
	struct tb_referee *referee = w->fold->referee;

	return tb_referee_set_last(referee, w->fold->last, w->err) ?:
		       tb_referee_commit(referee, w->err);
}

static int fold_next(const struct tb_record *rec, int64_t position, void *userdata)
{
	struct whole *w = userdata;
	struct tb_fold *fold = w->fold;
	int ret = 0;

	if (w->count % BATCH == 0) {
		ret = w->count ? end_batch(w) : 0;
		if (!ret)
			ret = tb_referee_begin(fold->referee, w->err);
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\rfolding: %lu records", w->count);
	}
	if (!ret)
		ret = tb_event_fold(fold->referee, fold->names, rec, w->err);
	memcpy(fold->chain, rec->chain, sizeof(fold->chain));
	fold->last = position;
	w->count++;
	return ret;
}

/**
 * tb_fold_whole() - fold a copy, to its end
 * @config: where the state is to be, where the bundles of archived chains are, and more;
 *	kept
 * @path: file of a ledger or a bundle
 * @fold: set to the fold; tb_fold_free() ends it
 * @err: told what went wrong
 *
 * Nobody is told of what packs want.
 *
 * Return: 0 or a negative errno.
 */
int tb_fold_whole(const struct tb_config *config, const char *path, struct tb_fold **fold,
		  struct tb_error *err)
{
	struct tb_fold *f = calloc(1, sizeof(*f));
	struct whole w = { .fold = f, .err = err };
	int ret;

	if (!f)
		return tb_error_set(err, -ENOMEM, "out of memory");
	f->config = config;
	f->last = -1;
	f->names = tb_names_new();
	ret = f->names ? open_referee(f, err) : tb_error_set(err, -ENOMEM, "out of memory");
	if (!ret)
		ret = tb_copy_each(path, config->archive, fold_next, &w, err);
	if (!ret && w.count)
		ret = end_batch(&w);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	f->caught_up = !ret;
	if (ret)
		tb_fold_free(f);
	else
		*fold = f;
	return ret;
}

/**
 * tb_fold_configured() - the configuration was read again
 * @fold: the fold, or NULL
 *
 * What changed in packs and in how sources are read is put on record.
 */
void tb_fold_configured(struct tb_fold *fold)
{
	if (!fold)
		return;
	tb_wishes_forget(fold->wishes);
	if (fold->caught_up && fold->referee)
		tb_wishes_tell(fold->wishes, fold->referee, fold->chain,
			       fold->last & (int64_t)TB_LEDGER_SEQ_MAX);
}

/**
 * tb_fold_referee() - who answers
 * @fold: the fold, or NULL
 *
 * Return: the referee, the fold's, until the event loop goes on; NULL if there is none
 * now.
 */
struct tb_referee *tb_fold_referee(struct tb_fold *fold)
{
	return fold ? tb_remake_old(fold->remake) ?: fold->referee : NULL;
}

/**
 * tb_fold_position() - how far it has come
 * @fold: the fold, or NULL
 * @chain: set to the chain it is in; zeros if that is not known
 *
 * While an old state answers, what it was folded up to is not known.
 *
 * Return: number of the last record of that chain that was folded, or -1.
 */
int64_t tb_fold_position(const struct tb_fold *fold, uint8_t chain[TONGBU_CHAIN_LEN])
{
	static const uint8_t none[TONGBU_CHAIN_LEN];

	memcpy(chain, fold && !tb_remake_old(fold->remake) ? fold->chain : none, TONGBU_CHAIN_LEN);
	return fold && fold->last >= 0 && memcmp(chain, none, sizeof(none)) != 0 ?
		       fold->last & (int64_t)TB_LEDGER_SEQ_MAX :
		       -1;
}

/**
 * tb_fold_remaking() - is the state made anew, and how far?
 * @fold: the fold, or NULL
 *
 * Return: as tb_remake_progress(), the caller's; NULL if it is not.
 */
json_t *tb_fold_remaking(const struct tb_fold *fold)
{
	return tb_remake_progress(fold ? fold->remake : NULL);
}

/**
 * tb_fold_caught_up() - has it folded all there is?
 * @fold: the fold, or NULL
 *
 * Return: whether it had, since tongbud was last reached.
 */
bool tb_fold_caught_up(const struct tb_fold *fold)
{
	return fold && fold->caught_up;
}

/**
 * tb_fold_trouble() - why does it not go on?
 * @fold: the fold, or NULL
 *
 * Return: a sentence of the fold's own, or NULL if it does.
 */
const char *tb_fold_trouble(const struct tb_fold *fold)
{
	if (!fold)
		return NULL;
	if (fold->failed.text[0])
		return fold->failed.text;
	if (fold->unlinked.text[0])
		return fold->unlinked.text;
	return fold->wishes ? tb_wishes_trouble(fold->wishes) : NULL;
}

/**
 * tb_fold_free() - stop folding
 * @fold: the fold, or NULL
 */
void tb_fold_free(struct tb_fold *fold)
{
	if (!fold)
		return;
	tb_link_free(fold->link);
	sd_event_source_disable_unref(fold->again);
	sd_event_source_disable_unref(fold->turn);
	sd_event_source_disable_unref(fold->retry);
	free(fold->piece.records);
	tb_referee_close(fold->referee);
	tb_remake_free(fold->remake);
	tb_wishes_free(fold->wishes);
	tb_names_free(fold->names);
	free(fold);
}
