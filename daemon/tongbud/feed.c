// SPDX-License-Identifier: GPL-2.0-only
/*
 * One round: read all there is, commit, acknowledge. While one commit is under
 * way the kernel's ring gathers what the next round takes: the busier the
 * station, the more records share a commit.
 *
 * What cannot be made durable is not acknowledged: it stays in the ring, and the
 * round is tried again. Waiting does not mend records that do not follow each
 * other: then the daemon ends, and says so.
 */
#include "feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

#include "hex.h"
#include "key.h"
#include "log.h"

#define USEC_PER_SEC 1000000ULL
/* Tried again while there is trouble */
#define POLL_USEC USEC_PER_SEC
/* A report on the clock holds for 1,024 s in the kernel; changes show sooner */
#define CLOCK_USEC   (16 * USEC_PER_SEC)
#define COMMIT_BYTES (4 * 1024 * 1024)
/* Rounds in a row before others on the event loop have their turn */
#define ROUNDS 16
/* A reader that was just killed may take a moment to be gone, and udev one to give the
 * device its owner
 */
#define ATTACH_TRIES   50
#define ATTACH_WAIT_NS 100000000L

/**
 * struct tb_feed - records on their way
 * @kernel: the socket of the reader; the caller's
 * @ledger: where they go; the caller's
 * @ops: who is told
 * @userdata: for @ops
 * @news_source: watches the kernel's ring
 * @poll_source: timer
 * @clock_source: timer
 * @again: goes on after others had their turn
 * @trouble: why the last round failed, or empty
 * @synced: what was last reported of the clock
 * @got: records came in this round
 */
struct tb_feed {
	struct tb_kernel *kernel;
	struct tb_ledger *ledger;
	const struct tb_feed_ops *ops;
	void *userdata;
	sd_event_source *news_source;
	sd_event_source *poll_source;
	sd_event_source *clock_source;
	sd_event_source *again;
	struct tb_error trouble;
	bool synced;
	bool got;
};

static int take_batch(const uint8_t *records, size_t len, void *userdata)
{
	struct tb_feed *feed = userdata;
	int ret;

	feed->got = true;
	ret = tb_ledger_append(feed->ledger, records, len, &feed->trouble);
	if (!ret && tb_ledger_pending(feed->ledger) >= COMMIT_BYTES)
		ret = tb_ledger_commit(feed->ledger, &feed->trouble);
	return ret;
}

static int ack_durable(struct tb_feed *feed, struct tb_error *err)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(feed->ledger);

	return tail->next ? tb_kernel_ack(feed->kernel, tail->next - 1, err) : 0;
}

/* Return: 1 if there may be more, 0 if not, or a negative errno. */
static int one_round(struct tb_feed *feed)
{
	struct tb_error err = { 0 };
	uint64_t before = tb_ledger_tail(feed->ledger)->next;
	int ret;

	feed->got = false;
	feed->trouble.text[0] = '\0';
	ret = tb_kernel_read(feed->kernel, before, take_batch, feed, &err);
	if (!ret)
		ret = tb_ledger_commit(feed->ledger, &feed->trouble);
	else if (!feed->trouble.text[0])
		feed->trouble = err;
	if (ret)
		tb_ledger_rollback(feed->ledger);
	if (tb_ledger_tail(feed->ledger)->next != before) {
		/* Even if the rest failed, so much is on the disk. */
		int acked = ack_durable(feed, &err);

		if (acked && !ret) {
			ret = acked;
			feed->trouble = err;
		}
		feed->ops->durable(feed->userdata);
	}
	return ret ?: feed->got;
}

static bool is_fatal(int code)
{
	return code == -EBADMSG || code == -ERANGE || code == -ENOTCONN || code == -EBUSY ||
	       code == -ESHUTDOWN;
}

static void run_rounds(struct tb_feed *feed)
{
	bool was_well = !feed->trouble.text[0];
	int i, ret = 1;

	for (i = 0; i < ROUNDS && ret > 0; i++)
		ret = one_round(feed);
	if (!ret && tb_ledger_tail(feed->ledger)->ended)
		ret = tb_error_set(&feed->trouble, -ESHUTDOWN,
				   "the chain has ended, and the ledger has all of it");
	if (ret > 0) {
		sd_event_source_set_enabled(feed->again, SD_EVENT_ONESHOT);
	} else if (is_fatal(ret)) {
		feed->ops->fatal(&feed->trouble, feed->userdata);
	} else if (ret < 0 && was_well) {
		tb_log_error("%s; nothing is lost yet: records wait in the kernel, trying again",
			     feed->trouble.text);
	} else if (!ret && !was_well) {
		tb_log_notice("the ledger takes records again");
	}
	/* While trouble lasts, the timer tries: the ring would be readable without end. */
	sd_event_source_set_enabled(feed->news_source,
				    feed->trouble.text[0] ? SD_EVENT_OFF : SD_EVENT_ON);
}

static int on_news(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	(void)source, (void)fd, (void)revents;
	run_rounds(userdata);
	return 0;
}

static int on_again(sd_event_source *source, void *userdata)
{
	(void)source;
	run_rounds(userdata);
	return 0;
}

static int rearm(sd_event_source *source, uint64_t usec)
{
	int ret = sd_event_source_set_time_relative(source, usec);

	return ret < 0 ? ret : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_poll(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)usec;
	run_rounds(userdata);
	return rearm(source, POLL_USEC);
}

static void report_clock(struct tb_feed *feed)
{
	struct timex state = { 0 };
	struct tb_error err;
	int ret = adjtimex(&state);
	bool synced = ret >= 0 && ret != TIME_ERROR && !(state.status & STA_UNSYNC);

	if (tb_kernel_clock_state(feed->kernel, synced, (uint32_t)state.esterror,
				  (uint32_t)state.maxerror, &err)) {
		tb_log_warning("the clock's state could not be reported: %s", err.text);
		return;
	}
	if (synced != feed->synced)
		tb_log_notice("the realtime clock is %s",
			      synced ? "synchronised" : "not synchronised");
	feed->synced = synced;
}

static int on_clock(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)usec;
	report_clock(userdata);
	return rearm(source, CLOCK_USEC);
}

static int start_chain(struct tb_feed *feed, const char *supervisor_key, struct tb_error *err)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(feed->ledger);
	char fingerprint[TB_FINGERPRINT_SIZE];
	struct tb_key key;
	int ret;

	ret = tb_key_load_public(supervisor_key, &key, err);
	if (ret)
		return ret;
	ret = tb_kernel_chain_start(feed->kernel, key.public, tail->has_last ? &tail->last : NULL,
				    err);
	if (!ret)
		tb_log_notice("a chain begins for the supervisor %s",
			      tb_key_fingerprint(key.public, fingerprint));
	return ret;
}

static int attach(struct tb_feed *feed, struct tb_error *err)
{
	const struct timespec moment = { .tv_nsec = ATTACH_WAIT_NS };
	int i, ret = -EBUSY;

	for (i = 0; i < ATTACH_TRIES && (ret == -EBUSY || ret == -EACCES); i++) {
		if (i)
			nanosleep(&moment, NULL);
		ret = tb_kernel_attach(feed->kernel, err);
	}
	return ret;
}

static int begin_new_chain(struct tb_feed *feed, const struct tb_kernel_info *info,
			   struct tb_error *err)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	uint64_t known;
	int ret;

	tb_hex_encode(id, info->chain, TONGBU_CHAIN_LEN);
	ret = tb_ledger_find_chain(feed->ledger, info->chain, &known, err);
	if (ret)
		return ret;
	if (known)
		return tb_error_set(err, -EBADMSG,
				    "chain %s runs in the kernel, but the ledger has another one after it: is this the right ledger?",
				    id);
	if (info->acked)
		tb_log_warning("records 0 to %llu of chain %s were acknowledged earlier, but are not in this ledger",
			       (unsigned long long)info->acked - 1, id);
	return tb_ledger_add_chain(feed->ledger, info->chain, info->acked, info->genesis,
				   info->genesis_len, err);
}

/* Where does the ledger end, and where does the kernel go on? */
static int take_up(struct tb_feed *feed, const struct tb_kernel_info *info, struct tb_error *err)
{
	const struct tb_ledger_tail *tail = tb_ledger_tail(feed->ledger);
	int ret;

	if (!tail->chain_no || memcmp(tail->last.chain, info->chain, TONGBU_CHAIN_LEN)) {
		ret = begin_new_chain(feed, info, err);
		/* A chain without any record could not be named by the next one. */
		if (!ret && !info->acked)
			ret = tb_ledger_append(feed->ledger, info->genesis, info->genesis_len, err);
		return ret ?: tb_ledger_commit(feed->ledger, err);
	}
	if (tail->next > info->head)
		return tb_error_set(err, -EBADMSG,
				    "the ledger ends in record %llu, which the kernel has not sealed yet: is this the right ledger?",
				    (unsigned long long)tail->next - 1);
	if (tail->next > info->acked)
		return ack_durable(feed, err);
	if (tail->next < info->acked) {
		tb_log_warning("records %llu to %llu were acknowledged earlier, but are not in this ledger: was it restored from a backup?",
			       (unsigned long long)tail->next, (unsigned long long)info->acked - 1);
		tb_ledger_skip_to(feed->ledger, info->acked);
	}
	return 0;
}

static int own_chain(struct tb_feed *feed, const char *supervisor_key, struct tb_error *err)
{
	struct tb_kernel_info info;
	int ret;

	/* From here on nobody else acknowledges, and a chain may be started. */
	ret = attach(feed, err);
	if (!ret)
		ret = tb_kernel_info(feed->kernel, &info, err);
	if (!ret && !info.running) {
		ret = start_chain(feed, supervisor_key, err);
		if (!ret || ret == -EEXIST)
			ret = tb_kernel_info(feed->kernel, &info, err);
	}
	return ret ?: take_up(feed, &info, err);
}

static int watch(struct tb_feed *feed, sd_event *event)
{
	int ret;

	ret = sd_event_add_io(event, &feed->news_source, tb_kernel_fd(feed->kernel), EPOLLIN,
			      on_news, feed);
	if (ret >= 0)
		ret = sd_event_add_time_relative(event, &feed->poll_source, CLOCK_BOOTTIME, 0, 0,
						 on_poll, feed);
	if (ret >= 0)
		ret = sd_event_add_time_relative(event, &feed->clock_source, CLOCK_BOOTTIME, 0, 0,
						 on_clock, feed);
	if (ret >= 0)
		ret = sd_event_add_defer(event, &feed->again, on_again, feed);
	if (ret >= 0)
		ret = sd_event_source_set_enabled(feed->again, SD_EVENT_OFF);
	/* Before all else on the event loop: what is not read is lost in the end. */
	if (ret >= 0)
		ret = sd_event_source_set_priority(feed->news_source, SD_EVENT_PRIORITY_IMPORTANT);
	if (ret >= 0)
		ret = sd_event_source_set_priority(feed->poll_source, SD_EVENT_PRIORITY_IMPORTANT);
	if (ret >= 0)
		ret = sd_event_source_set_priority(feed->again, SD_EVENT_PRIORITY_IMPORTANT);
	return ret;
}

/**
 * tb_feed_start() - own the chain and begin to read
 * @event: the event loop
 * @kernel: a socket; kept
 * @ledger: the ledger; kept
 * @supervisor_key: file of the supervisor's public key, read if no chain runs
 * @ops: who is told; kept
 * @userdata: for @ops
 * @feed: set to the feed; tb_feed_free() ends it
 * @err: told what went wrong
 *
 * Return: 0; -EBUSY if the chain has another owner; -EBADMSG if the ledger is of
 * another station; or what the kernel, the key or the ledger said.
 */
int tb_feed_start(sd_event *event, struct tb_kernel *kernel, struct tb_ledger *ledger,
		  const char *supervisor_key, const struct tb_feed_ops *ops, void *userdata,
		  struct tb_feed **feed, struct tb_error *err)
{
	struct tb_feed *f = calloc(1, sizeof(*f));
	int ret;

	if (!f)
		return tb_error_set(err, -ENOMEM, "out of memory");
	f->kernel = kernel;
	f->ledger = ledger;
	f->ops = ops;
	f->userdata = userdata;
	ret = own_chain(f, supervisor_key, err);
	if (!ret) {
		ret = watch(f, event);
		if (ret < 0)
			tb_error_set(err, ret, "event loop: %s", strerror(-ret));
		else
			ret = 0;
	}
	if (ret)
		tb_feed_free(f);
	else
		*feed = f;
	return ret;
}

/**
 * tb_feed_drain() - take what waits in the kernel, once, before the end
 * @feed: the feed
 */
void tb_feed_drain(struct tb_feed *feed)
{
	int i;

	for (i = 0; i < ROUNDS && one_round(feed) > 0; i++)
		;
}

/**
 * tb_feed_trouble() - why are records not made durable?
 * @feed: the feed
 *
 * Return: a sentence of the feed's own, or NULL if all is well.
 */
const char *tb_feed_trouble(const struct tb_feed *feed)
{
	return feed->trouble.text[0] ? feed->trouble.text : NULL;
}

/**
 * tb_feed_free() - stop reading
 * @feed: the feed, or NULL
 */
void tb_feed_free(struct tb_feed *feed)
{
	if (!feed)
		return;
	sd_event_source_disable_unref(feed->news_source);
	sd_event_source_disable_unref(feed->poll_source);
	sd_event_source_disable_unref(feed->clock_source);
	sd_event_source_disable_unref(feed->again);
	free(feed);
}
