// SPDX-License-Identifier: GPL-2.0-only
/*
 * All of it follows from the state, so that nothing has to be remembered: when the
 * referee has caught up, what tongbud has is made to be what the state says; from
 * then on what changes is told. What could not be told is made so again later.
 */
#include "wishes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "tell.h"
#include "timefmt.h"

#define RETRY_USEC 5000000ULL

/**
 * struct tb_wishes - what packs want
 * @config: what is to be; the caller's
 * @tell: to tongbud
 * @retry: timer, on while something could not be told
 * @touched: numbers of clocks that changed since tongbud was told
 * @touched_count: how many
 * @orders: what packs wanted outputs to be since tongbud was told, in order
 * @sent: orders that were carried out, "output record value", until their records come
 * @readers: who may read all records, as tongbud was told; NULL if it was not
 * @told: tongbud has what the state says, but for @touched and @orders
 * @until: before all is told, records below this one are to be folded: what was
 *	ordered before, by a referee that is gone, is among them; -1 if not asked yet
 * @referee: the last one seen
 * @chain: where it stood
 * @last: in that chain
 * @trouble: what could not be told, or empty
 */
struct tb_wishes {
	const struct tb_config *config;
	struct tb_tell *tell;
	sd_event_source *retry;
	int64_t *touched;
	size_t touched_count;
	json_t *orders;
	json_t *sent;
	json_t *readers;
	bool told;
	int64_t until;
	struct tb_referee *referee;
	uint8_t chain[TONGBU_CHAIN_LEN];
	int64_t last;
	struct tb_error trouble;
};

/* @clocks gets what ArmClocks takes. */
static void add_clock(json_t *clocks, int64_t id, int64_t time)
{
	json_t *clock = json_pack("{s:I}", "id", (json_int_t)id);

	if (time >= 0)
		json_object_set_new(clock, "time", json_integer(time * (int64_t)TB_NSEC_PER_SEC));
	json_array_append_new(clocks, clock);
}

static int add_running(int64_t id, int64_t due, int64_t warn, void *userdata)
{
	add_clock(userdata, id * 2, due);
	if (warn >= 0)
		add_clock(userdata, id * 2 + 1, warn);
	return 0;
}

/* The kernel may know of none (it was booted) or of some that run no more. */
static int tell_all_clocks(struct tb_wishes *w, const json_t *armed, struct tb_error *err)
{
	json_t *clocks = json_array(), *id;
	int64_t due, warn, number;
	size_t i;
	int ret;

	json_array_foreach((json_t *)armed, i, id) {
		number = json_integer_value(id);
		if (!tb_referee_running(w->referee, number / 2, &due, &warn) ||
		    (number % 2 && warn < 0))
			add_clock(clocks, number, -1);
	}
	tb_referee_each_running(w->referee, add_running, clocks);
	ret = tb_tell_clocks(w->tell, clocks, err);
	json_decref(clocks);
	return ret;
}

static int tell_touched(struct tb_wishes *w, struct tb_error *err)
{
	json_t *clocks = json_array();
	int64_t due, warn, id;
	size_t i;
	int ret;

	for (i = 0; i < w->touched_count; i++) {
		id = w->touched[i];
		if (!tb_referee_running(w->referee, id, &due, &warn))
			due = warn = -1;
		add_clock(clocks, id * 2, due);
		add_clock(clocks, id * 2 + 1, warn);
	}
	w->touched_count = 0;
	ret = tb_tell_clocks(w->tell, clocks, err);
	json_decref(clocks);
	return ret;
}

/*
 * An order stands in the state until the record of its output being set is folded, so
 * one that was carried out is not carried out again, however often the ledger is
 * folded; and one that was not, because somebody or the machine died between, is
 * carried out when it is back.
 */
static int carry_out(struct tb_wishes *w, const char *output, int64_t value, const char *record,
		     struct tb_error *err)
{
	char key[256];
	int ret;

	snprintf(key, sizeof(key), "%s %s %d", output, record, value != 0);
	if (json_object_get(w->sent, key))
		return 0;
	ret = tb_tell_output(w->tell, output, value != 0, record, err);
	if (!ret)
		json_object_set_new(w->sent, key, json_true());
	else
		tb_error_set(err, ret,
			     "output %.40s could not be set to %d because of record %.40s: %.300s",
			     output, value != 0, record, strdupa(err->text));
	return ret;
}

/* In the order in which they were given: a pulse is one and then the other */
static int tell_orders(struct tb_wishes *w, struct tb_error *err)
{
	json_t *order;
	int ret = 0;
	size_t i;

	json_array_foreach(w->orders, i, order)
		ret = carry_out(w, json_string_value(json_object_get(order, "output")), json_integer_value(json_object_get(order, "value")), json_string_value(json_object_get(order, "record")), err) ?:
			      ret;
	json_array_clear(w->orders);
	return ret;
}

static int copy_order(const char *output, int64_t value, const char *record, void *userdata)
{
	json_array_append_new(userdata, json_pack("{s:s, s:I, s:s}", "output", output, "value",
						  (json_int_t)value, "record", record));
	return 0;
}

static int tell_open_orders(struct tb_wishes *w, struct tb_error *err)
{
	json_array_clear(w->orders);
	tb_referee_each_order(w->referee, copy_order, w->orders);
	if (!json_array_size(w->orders))
		json_object_clear(w->sent);
	return tell_orders(w, err);
}

/* A text of a pack that is not in force is put in force by a record. */
static int say_pack(struct tb_wishes *w, const char *name, struct tb_error *err)
{
	char wanted[65], now[65] = "";
	int64_t record;
	int ret;

	tb_referee_hash(w->referee, name, now);
	/* What is wrong with a pack does not mend by trying again. */
	if (tb_referee_folder_hash(w->referee, name, wanted, err)) {
		tb_log_error("%s: the pack stays as it was", err->text);
		return 0;
	}
	if (!strcmp(wanted, now))
		return 0;
	ret = tb_tell_force(w->tell,
			    json_pack("{s:s, s:s, s:s, s:s}", "pack", "base", "kind", "pack",
				      "name", name, "hash", wanted),
			    &record, err);
	if (ret)
		return tb_error_set(err, ret, "pack %.40s could not be put in force: %.400s", name,
				    strdupa(err->text));
	tb_log_notice("pack %s: text %.16s.. is put in force by record %lld", name, wanted,
		      (long long)record);
	return 0;
}

static const char *framing_word(const struct tb_source_def *def)
{
	return def->type == TONGBU_SOURCE_COUNTER ? "count" : tb_framing_name(def->serial.framing);
}

/* So is how the raw bytes of a source are to be read. */
static int say_measure(struct tb_wishes *w, const struct tb_source_def *def, json_t *values,
		       struct tb_error *err)
{
	json_t *now = tb_referee_measure(w->referee, def->name), *wanted;
	const char *word = framing_word(def);
	int64_t record;
	bool same;
	int ret;

	same = now ? values && json_equal(json_object_get(now, "values"), values) &&
			       json_integer_value(json_object_get(now, "silent")) == def->silent &&
			       !strcmp(json_string_value(json_object_get(now, "framing")), word) :
		     !values;
	json_decref(now);
	if (same)
		return 0;
	wanted = values ? json_incref(values) : json_array();
	ret = tb_tell_force(w->tell,
			    json_pack("{s:s, s:s, s:s, s:s, s:o, s:o*}", "pack", "base", "kind",
				      "measure", "source", def->name, "framing", word, "values",
				      wanted, "silent",
				      values && def->silent ? json_integer(def->silent) : NULL),
			    &record, err);
	if (ret)
		return tb_error_set(err, ret,
				    "values of source %.40s could not be put in force: %.400s",
				    def->name, strdupa(err->text));
	tb_log_notice("source %s is read as configured from record %lld on", def->name,
		      (long long)record);
	return 0;
}

/* And the zone, if it is one by name, or another was. */
static int say_zone(struct tb_wishes *w, struct tb_error *err)
{
	const struct tb_zone *now = tb_referee_zone(w->referee), *wanted = &w->config->rule;
	int64_t record;
	int ret;

	if (!strcmp(now->rule, wanted->rule) || (!*now->rule && !*wanted->name))
		return 0;
	ret = tb_tell_force(w->tell,
			    json_pack("{s:s, s:s, s:s, s:s}", "pack", "base", "kind", "zone",
				      "name", *wanted->name ? wanted->name : wanted->rule, "rule",
				      wanted->rule),
			    &record, err);
	if (ret)
		return tb_error_set(err, ret, "time zone %.40s could not be put in force: %.400s",
				    wanted->name, strdupa(err->text));
	tb_log_notice("the time zone is %s from record %lld on", wanted->name, (long long)record);
	return 0;
}

static bool may_measure(const struct tb_source_def *def)
{
	return def->type == TONGBU_SOURCE_COUNTER ||
	       (def->type == TONGBU_SOURCE_SERIAL && def->serial.framing != TONGBU_FRAMING_FIXED);
}

static int say_in_force(struct tb_wishes *w, struct tb_error *err)
{
	const struct tb_devices *devices = &w->config->devices;
	int ret = 0;
	size_t i;

	for (i = 0; i < w->config->pack_count; i++)
		ret = say_pack(w, w->config->packs[i], err) ?: ret;
	ret = say_zone(w, err) ?: ret;
	for (i = 0; i < devices->source_count; i++)
		if (may_measure(&devices->sources[i]))
			ret = say_measure(w, &devices->sources[i], devices->values[i], err) ?: ret;
	return ret;
}

/* Roles are asked for each time: they are few, and no effect tells of them. */
static int say_readers(struct tb_wishes *w, struct tb_error *err)
{
	json_t *readers = tb_referee_readers(w->referee);
	int ret;

	if (w->readers && json_equal(readers, w->readers)) {
		json_decref(readers);
		return 0;
	}
	ret = tb_tell_readers(w->tell, readers, err);
	json_decref(w->readers);
	w->readers = ret ? NULL : json_incref(readers);
	json_decref(readers);
	return ret;
}

/* Return: 0 if all was told, 1 if records are to come first, or a negative errno. */
static int tell_all(struct tb_wishes *w, struct tb_error *err)
{
	struct tb_armed armed;
	int ret;

	if (w->until >= 0 && w->last + 1 < w->until)
		return 1;
	ret = tb_tell_armed(w->tell, &armed, err);
	if (ret)
		return ret;
	if (memcmp(armed.chain, w->chain, sizeof(w->chain)) != 0) {
		/* Another chain has just begun: its records are on their way. */
		ret = tb_error_set(err, -EAGAIN, "records of another chain are on their way");
	} else if (w->until < 0 && w->last + 1 < armed.head) {
		w->until = armed.head;
		ret = 1;
	} else {
		w->touched_count = 0;
		ret = tell_all_clocks(w, armed.clocks, err);
		ret = tell_open_orders(w, err) ?: ret;
		ret = say_readers(w, err) ?: ret;
		ret = say_in_force(w, err) ?: ret;
		w->told = !ret;
		w->until = -1;
	}
	json_decref(armed.clocks);
	return ret;
}

static void tell(struct tb_wishes *w)
{
	struct tb_error err;
	int ret;

	if (!w->told) {
		ret = tell_all(w, &err);
	} else {
		ret = tell_touched(w, &err);
		ret = tell_orders(w, &err) ?: ret;
		ret = say_readers(w, &err) ?: ret;
	}
	if (ret > 0)
		return;
	if (ret) {
		if (ret != -EAGAIN && strcmp(w->trouble.text, err.text) != 0)
			tb_log_error("%s; trying again", err.text);
		if (ret != -EAGAIN)
			w->trouble = err;
		w->told = false;
		sd_event_source_set_time_relative(w->retry, RETRY_USEC);
		sd_event_source_set_enabled(w->retry, SD_EVENT_ONESHOT);
		return;
	}
	w->trouble.text[0] = '\0';
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct tb_wishes *w = userdata;

	(void)source, (void)usec;
	if (w->referee)
		tell(w);
	return 0;
}

/**
 * tb_wishes_new() - make ready to tell tongbud
 * @event: the event loop
 * @config: what is to be; kept
 * @wishes: set to it; tb_wishes_free() ends it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_wishes_new(sd_event *event, const struct tb_config *config, struct tb_wishes **wishes,
		  struct tb_error *err)
{
	struct tb_wishes *w = calloc(1, sizeof(*w));
	int ret = -ENOMEM;

	if (w) {
		w->config = config;
		w->until = -1;
		w->orders = json_array();
		w->sent = json_object();
		w->tell = tb_tell_new(config->socket);
		ret = w->tell ? sd_event_add_time_relative(event, &w->retry, CLOCK_BOOTTIME, 0, 0,
							   on_retry, w) :
				-ENOMEM;
	}
	if (ret < 0) {
		tb_wishes_free(w);
		return tb_error_set(err, ret, "event loop: %s", strerror(-ret));
	}
	sd_event_source_set_enabled(w->retry, SD_EVENT_OFF);
	*wishes = w;
	return 0;
}

/**
 * tb_wishes_note() - an effect became part of the state
 * @wishes: the wishes
 * @effect: the effect
 */
void tb_wishes_note(struct tb_wishes *wishes, const json_t *effect)
{
	json_int_t id = json_integer_value(json_object_get(effect, "id"));
	int64_t *more;

	/* All is told when it has caught up. */
	if (!wishes->told)
		return;
	if (json_object_get(effect, "output")) {
		json_array_append(wishes->orders, (json_t *)effect);
		return;
	}
	if (!json_object_get(effect, "clock") || !json_object_get(effect, "due"))
		return;
	more = reallocarray(wishes->touched, wishes->touched_count + 1, sizeof(*more));
	if (!more) {
		wishes->told = false;
		return;
	}
	wishes->touched = more;
	more[wishes->touched_count++] = id;
}

/**
 * tb_wishes_forget() - what was noted may not be so; all is to be told anew
 * @wishes: the wishes
 */
void tb_wishes_forget(struct tb_wishes *wishes)
{
	wishes->told = false;
	wishes->until = -1;
	wishes->referee = NULL;
	json_decref(wishes->readers);
	wishes->readers = NULL;
	wishes->touched_count = 0;
	json_array_clear(wishes->orders);
	sd_event_source_set_enabled(wishes->retry, SD_EVENT_OFF);
}

/**
 * tb_wishes_tell() - tell tongbud what is new
 * @wishes: the wishes
 * @referee: the state, as it was committed, caught up; kept until tb_wishes_forget()
 * @chain: the chain it has come to
 * @last: number of the last record of it
 *
 * Waits for tongbud for two seconds at the most.
 */
void tb_wishes_tell(struct tb_wishes *wishes, struct tb_referee *referee,
		    const uint8_t chain[TONGBU_CHAIN_LEN], int64_t last)
{
	int waits = SD_EVENT_OFF;

	wishes->referee = referee;
	memcpy(wishes->chain, chain, TONGBU_CHAIN_LEN);
	wishes->last = last;
	/* What failed is tried by the timer, not at each record. */
	sd_event_source_get_enabled(wishes->retry, &waits);
	if (waits == SD_EVENT_OFF)
		tell(wishes);
}

/**
 * tb_wishes_trouble() - what could not be told?
 * @wishes: the wishes
 *
 * Return: a sentence of the wishes' own, or NULL.
 */
const char *tb_wishes_trouble(const struct tb_wishes *wishes)
{
	return wishes->trouble.text[0] ? wishes->trouble.text : NULL;
}

/**
 * tb_wishes_free() - tell nothing more
 * @wishes: the wishes, or NULL
 */
void tb_wishes_free(struct tb_wishes *wishes)
{
	if (!wishes)
		return;
	sd_event_source_disable_unref(wishes->retry);
	tb_tell_free(wishes->tell);
	free(wishes->touched);
	json_decref(wishes->orders);
	json_decref(wishes->sent);
	json_decref(wishes->readers);
	free(wishes);
}
