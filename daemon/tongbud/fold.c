// SPDX-License-Identifier: GPL-2.0-only
#include "fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "hex.h"
#include "log.h"
#include "timefmt.h"

#define CHUNK (48 * 1024)

/**
 * struct tb_fold - the fold of the ledger
 * @config: what is to be; the caller's
 * @kernel: the socket that owns the chain; the caller's
 * @names: what the sources are called; the caller's
 * @referee: folds
 * @cursor: rows to come
 * @again: goes on after others had their turn
 * @touched: numbers of clocks that changed since the kernel was told
 * @touched_count: how many
 * @orders: what packs wanted outputs to be since the kernel was told, in order
 * @caught_up: all there was has been folded once
 * @trouble: why it stands still, or empty
 */
struct tb_fold {
	const struct tb_config *config;
	struct tb_kernel *kernel;
	const struct tb_names *names;
	struct tb_referee *referee;
	struct tb_cursor *cursor;
	sd_event_source *again;
	int64_t *touched;
	size_t touched_count;
	json_t *orders;
	bool caught_up;
	struct tb_error trouble;
};

static void on_effect(const json_t *effect, void *userdata)
{
	json_int_t id = json_integer_value(json_object_get(effect, "id"));
	struct tb_fold *fold = userdata;
	int64_t *more;

	if (json_object_get(effect, "output")) {
		json_array_append(fold->orders, (json_t *)effect);
		return;
	}
	if (!json_object_get(effect, "clock") || !json_object_get(effect, "due"))
		return;
	more = reallocarray(fold->touched, fold->touched_count + 1, sizeof(*more));
	if (!more)
		return;
	fold->touched = more;
	more[fold->touched_count++] = id;
}

static void arm(struct tb_fold *fold, uint64_t id, int64_t time)
{
	struct tb_error err;
	int ret;

	if (time < 0)
		ret = tb_kernel_clock_cancel(fold->kernel, id, &err);
	else
		ret = tb_kernel_clock_arm(fold->kernel, id, (uint64_t)time * TB_NSEC_PER_SEC, &err);
	if (ret && ret != -EALREADY && ret != -ENOENT)
		tb_log_error("clock %llu could not be set: %s", (unsigned long long)id, err.text);
}

static int arm_running(int64_t id, int64_t due, int64_t warn, void *userdata)
{
	arm(userdata, (uint64_t)id * 2, due);
	if (warn >= 0)
		arm(userdata, (uint64_t)id * 2 + 1, warn);
	return 0;
}

/* The kernel may know of none (it was booted) or of some that run no more. */
static void arm_all(struct tb_fold *fold)
{
	struct tb_clock_def *clocks;
	int64_t due, warn;
	struct tb_error err;
	size_t count, i;

	if (tb_kernel_clock_list(fold->kernel, &clocks, &count, &err)) {
		tb_log_error("the kernel's clocks could not be listed: %s", err.text);
		return;
	}
	for (i = 0; i < count; i++)
		if (clocks[i].seq == UINT64_MAX &&
		    !tb_referee_running(fold->referee, (int64_t)(clocks[i].id / 2), &due, &warn))
			arm(fold, clocks[i].id, -1);
	free(clocks);
	tb_referee_each_running(fold->referee, arm_running, fold);
}

static void arm_touched(struct tb_fold *fold)
{
	int64_t due, warn, id;
	size_t i;

	for (i = 0; i < fold->touched_count; i++) {
		id = fold->touched[i];
		if (!tb_referee_running(fold->referee, id, &due, &warn))
			due = warn = -1;
		arm(fold, (uint64_t)id * 2, due);
		arm(fold, (uint64_t)id * 2 + 1, warn);
	}
	fold->touched_count = 0;
}

/*
 * An order stands in the state until the record of its output being set is folded, so
 * one that was carried out is not carried out again, however often the ledger is
 * folded; and one that was not, because the daemon or the machine died between, is
 * carried out when it is back. But of the chain that runs only: when the machine was
 * off, its outputs were safe, and what was true before need not be so any more. The
 * packs hear of that by the records of the new chain.
 */
static void carry_out(struct tb_fold *fold, const char *output, int64_t value, const char *record)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	struct tb_kernel_info info;
	struct tb_error err;
	const char *seq = strchr(record, ':');
	int ret;

	ret = tb_kernel_info(fold->kernel, &info, &err);
	if (!ret) {
		tb_hex_encode(chain, info.chain, TONGBU_CHAIN_LEN);
		if (!seq || seq - record != 8 || strncmp(chain, record, 8) != 0)
			return;
		ret = tb_kernel_output_set(fold->kernel, output, value != 0,
					   strtoull(seq + 1, NULL, 10), &err);
	}
	if (ret)
		tb_log_error("output %s could not be set to %d because of record %s: %s", output,
			     value != 0, record, err.text);
}

static int carry_out_open(const char *output, int64_t value, const char *record, void *userdata)
{
	carry_out(userdata, output, value, record);
	return 0;
}

/* In the order in which they were given: a pulse is one and then the other */
static void carry_out_new(struct tb_fold *fold)
{
	json_t *order;
	size_t i;

	json_array_foreach(fold->orders, i, order)
		carry_out(fold, json_string_value(json_object_get(order, "output")),
			  json_integer_value(json_object_get(order, "value")),
			  json_string_value(json_object_get(order, "record")));
	json_array_clear(fold->orders);
}

/* What the daemon has to say is an act like others, under its own uid. */
static int submit(struct tb_fold *fold, json_t *act, struct tb_receipt *receipt,
		  struct tb_error *err)
{
	char *text = act ? json_dumps(act, JSON_COMPACT) : NULL;
	int ret;

	json_decref(act);
	ret = text ? tb_kernel_submit(fold->kernel, TONGBU_ACT_JSON, text, strlen(text), receipt,
				      err) :
		     tb_error_set(err, -ENOMEM, "out of memory");
	free(text);
	return ret;
}

/* A text of a pack that is not in force is put in force by a record. */
static void say_pack(struct tb_fold *fold, const char *name)
{
	char wanted[65], now[65] = "";
	struct tb_receipt receipt;
	struct tb_error err;

	tb_referee_hash(fold->referee, name, now);
	if (tb_referee_folder_hash(fold->referee, name, wanted, &err)) {
		tb_log_error("%s: the pack stays as it was", err.text);
		return;
	}
	if (!strcmp(wanted, now))
		return;
	if (submit(fold,
		   json_pack("{s:s, s:s, s:s, s:s}", "pack", "base", "kind", "pack", "name", name,
			     "hash", wanted),
		   &receipt, &err))
		tb_log_error("pack %s could not be put in force: %s: run tongbud as a user of the group",
			     name, err.text);
	else
		tb_log_notice("pack %s: text %.16s.. is put in force by record %llu", name, wanted,
			      (unsigned long long)receipt.seq);
}

static const char *framing_word(const struct tb_source_def *def)
{
	return def->type == TONGBU_SOURCE_COUNTER ? "count" : tb_framing_name(def->serial.framing);
}

/* So is how the raw bytes of a source are to be read. */
static void say_measure(struct tb_fold *fold, const struct tb_source_def *def, json_t *values)
{
	json_t *now = tb_referee_measure(fold->referee, def->name), *wanted;
	const char *word = framing_word(def);
	struct tb_receipt receipt;
	struct tb_error err;
	bool same;

	same = now ? values && json_equal(json_object_get(now, "values"), values) &&
			       !strcmp(json_string_value(json_object_get(now, "framing")), word) :
		     !values;
	json_decref(now);
	if (same)
		return;
	wanted = values ? json_incref(values) : json_array();
	if (submit(fold,
		   json_pack("{s:s, s:s, s:s, s:s, s:o}", "pack", "base", "kind", "measure",
			     "source", def->name, "framing", word, "values", wanted),
		   &receipt, &err))
		tb_log_error("values of source %s could not be put in force: %s: run tongbud as a user of the group",
			     def->name, err.text);
	else
		tb_log_notice("source %s is read as configured from record %llu on", def->name,
			      (unsigned long long)receipt.seq);
}

static bool may_measure(const struct tb_source_def *def)
{
	return def->type == TONGBU_SOURCE_COUNTER ||
	       (def->type == TONGBU_SOURCE_SERIAL && def->serial.framing != TONGBU_FRAMING_FIXED);
}

/**
 * tb_fold_configured() - the configuration was read again
 * @fold: the fold, or NULL
 *
 * What changed in how sources are read is put on record.
 */
void tb_fold_configured(struct tb_fold *fold)
{
	const struct tb_devices *devices;
	size_t i;

	/* Before that it is not known what is in force. */
	if (!fold || !fold->caught_up)
		return;
	devices = &fold->config->devices;
	for (i = 0; i < devices->source_count; i++)
		if (may_measure(&devices->sources[i]))
			say_measure(fold, &devices->sources[i], devices->values[i]);
}

static void catch_up(struct tb_fold *fold)
{
	size_t i;

	if (fold->caught_up) {
		arm_touched(fold);
		carry_out_new(fold);
		return;
	}
	fold->caught_up = true;
	fold->touched_count = 0;
	json_array_clear(fold->orders);
	arm_all(fold);
	tb_referee_each_order(fold->referee, carry_out_open, fold);
	for (i = 0; i < fold->config->pack_count; i++)
		say_pack(fold, fold->config->packs[i]);
	tb_fold_configured(fold);
}

static int fold_records(struct tb_fold *fold, const uint8_t *bytes, size_t len)
{
	char id[TB_EVENT_ID_SIZE];
	struct tb_event event;
	struct tb_record rec;
	int ret = 0;

	for (; !ret && len; bytes += rec.size, len -= rec.size) {
		if (tb_record_parse(bytes, len, tb_cursor_chain(fold->cursor), &rec))
			return tb_error_set(&fold->trouble, -EBADMSG,
					    "the ledger holds what is no record");
		tb_event_of(&rec, fold->names, id, &event);
		ret = tb_referee_fold(fold->referee, &event, &fold->trouble);
		tb_event_clear(&event);
	}
	return ret;
}

/* Return: 1 if there is more, 0 at the end for now, or a negative errno. */
static int fold_chunk(struct tb_fold *fold)
{
	static uint8_t chunk[CHUNK];
	size_t len;
	bool end;
	int ret;

	ret = tb_cursor_next(fold->cursor, chunk, sizeof(chunk), &len, &end, &fold->trouble);
	if (ret || !len)
		return ret ?: !end;
	ret = tb_referee_begin(fold->referee, &fold->trouble);
	if (!ret)
		ret = fold_records(fold, chunk, len);
	if (!ret)
		ret = tb_referee_set_last(fold->referee, tb_cursor_position(fold->cursor),
					  &fold->trouble);
	if (!ret)
		ret = tb_referee_commit(fold->referee, &fold->trouble);
	return ret ?: !end;
}

static int on_again(sd_event_source *source, void *userdata)
{
	struct tb_fold *fold = userdata;
	int ret = fold_chunk(fold);

	if (ret < 0) {
		tb_log_error("the fold stands still: %s; records go on; 'tongbud --rebuild' begins it anew",
			     fold->trouble.text);
		return 0;
	}
	if (ret)
		return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	catch_up(fold);
	return 0;
}

static int open_referee(struct tb_fold *fold, struct tb_error *err)
{
	const struct tb_config *config = fold->config;
	/* Clocks to arm, and outputs to set */
	static const char *const heard[] = { "clock", "met",	 "late",    "extend", "ended",
					     "warn",  "waiting", "derived", "output", NULL };
	struct tb_referee_options options = {
		.state = config->state,
		.packs = config->packs_dir,
		.kept = config->kept,
		.blobs = config->blobs,
		.zone = config->zone,
		.effect = on_effect,
		.effects = heard,
		.userdata = fold,
	};

	return tb_referee_open(&options, &fold->referee, err);
}

/**
 * tb_fold_start() - fold what is in the ledger, and go on
 * @event: the event loop
 * @config: what is to be; kept
 * @kernel: a socket that owns the chain; kept
 * @reading: the ledger; kept
 * @names: what the sources are called; kept
 * @fold: set to the fold; tb_fold_free() ends it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_fold_start(sd_event *event, const struct tb_config *config, struct tb_kernel *kernel,
		  struct tb_reading *reading, const struct tb_names *names, struct tb_fold **fold,
		  struct tb_error *err)
{
	struct tb_query query = TB_QUERY_ALL;
	struct tb_fold *f = calloc(1, sizeof(*f));
	int ret;

	if (!f)
		return tb_error_set(err, -ENOMEM, "out of memory");
	f->config = config;
	f->kernel = kernel;
	f->names = names;
	f->orders = json_array();
	ret = open_referee(f, err);
	if (!ret) {
		query.after = (uint64_t)(tb_referee_last(f->referee) + 1);
		ret = tb_cursor_open(reading, &query, &f->cursor, err);
	}
	if (!ret) {
		ret = sd_event_add_defer(event, &f->again, on_again, f);
		if (ret < 0)
			tb_error_set(err, ret, "event loop: %s", strerror(-ret));
		else
			ret = 0;
	}
	if (ret)
		tb_fold_free(f);
	else
		*fold = f;
	return ret;
}

/**
 * tb_fold_wake() - there are new records
 * @fold: the fold, or NULL
 */
void tb_fold_wake(struct tb_fold *fold)
{
	if (fold && !fold->trouble.text[0])
		sd_event_source_set_enabled(fold->again, SD_EVENT_ONESHOT);
}

/**
 * tb_fold_last() - how far it has come
 * @fold: the fold, or NULL
 *
 * Return: id of the last row of the ledger that was folded, or -1.
 */
int64_t tb_fold_last(const struct tb_fold *fold)
{
	return fold ? tb_referee_last(fold->referee) : -1;
}

/**
 * tb_fold_referee() - who folds
 * @fold: the fold, or NULL
 *
 * Return: the referee, the fold's; NULL if there is none.
 */
struct tb_referee *tb_fold_referee(struct tb_fold *fold)
{
	return fold ? fold->referee : NULL;
}

/**
 * tb_fold_trouble() - why does it stand still?
 * @fold: the fold, or NULL
 *
 * Return: a sentence of the fold's own, or NULL if it does not.
 */
const char *tb_fold_trouble(const struct tb_fold *fold)
{
	return fold && fold->trouble.text[0] ? fold->trouble.text : NULL;
}

/**
 * tb_fold_free() - stop folding
 * @fold: the fold, or NULL
 */
void tb_fold_free(struct tb_fold *fold)
{
	if (!fold)
		return;
	sd_event_source_disable_unref(fold->again);
	tb_cursor_close(fold->cursor);
	tb_referee_close(fold->referee);
	free(fold->touched);
	json_decref(fold->orders);
	free(fold);
}
