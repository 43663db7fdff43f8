// SPDX-License-Identifier: GPL-2.0-only
/* What packs hear of devices, by descriptions that are on record; orders to outputs. */
#include "fold.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "event.h"

static const char pack[] =
	"local function tell(e)\n"
	"  store.set(e.kind, { source = e.source, values = e.values,\n"
	"    units = e.units, count = e.count, code = e.code, hash = e.hash,\n"
	"    why = e.why, over = e.over, seconds = e.seconds, output = e.output,\n"
	"    because = e.because, reflex = e.reflex, after = e.after, line = e.line,\n"
	"    value = e.value })\n"
	"end\n"
	"return { name = 'p', version = '1', acts = { go = { roles = 'public',\n"
	"  run = function() output.set('sampler', 1) end }, pulse = { roles = 'public',\n"
	"  run = function() output.set('sampler', 1) output.set('sampler', 0) end } }, on = {\n"
	"  edge = tell, measure = tell, count = tell, code = tell, gone = tell, silent = tell,\n"
	"  restored = tell, storm = tell, output = tell, reflex = tell },\n"
	"  reports = { heard = { columns = {}, run = function(q)\n"
	"    return { store.get(q.kind) or {} } end } } }\n";

static struct tb_names *names;

static void fold_device(struct tb_referee *r, uint64_t seq, unsigned int kind, uint32_t source,
			const void *payload, size_t len)
{
	uint8_t buf[TONGBU_RECORD_MAX];
	char id[TB_EVENT_ID_SIZE];
	struct tb_event event;
	struct tb_record rec;
	struct tb_error err;

	fill_record(buf, seq, kind, payload, len);
	rec = parsed(buf, sizeof(buf));
	rec.source = source;
	rec.boottime = seq * 1000000000ULL;
	tb_names_add(names, rec.chain, TB_NAMED_SOURCE, 16, "probe");
	tb_names_add(names, rec.chain, TB_NAMED_OUTPUT, 1, "sampler");
	tb_names_add(names, rec.chain, TB_NAMED_REFLEX, 1, "warn");
	tb_event_of(&rec, names, id, &event);
	assert_done(tb_referee_begin(r, &err), err);
	assert_done(tb_referee_fold(r, &event, &err), err);
	assert_done(tb_referee_commit(r, &err), err);
	tb_event_clear(&event);
}

static void fold_level(struct tb_referee *r, uint64_t seq, unsigned int raw)
{
	struct tongbu_frame f = { .framing = TONGBU_FRAMING_MODBUS };
	uint8_t payload[sizeof(f) + 7] = { 0 };

	memcpy(payload, &f, sizeof(f));
	payload[sizeof(f)] = 1;
	payload[sizeof(f) + 1] = 3;
	payload[sizeof(f) + 2] = 2;
	payload[sizeof(f) + 3] = (uint8_t)(raw >> 8);
	payload[sizeof(f) + 4] = (uint8_t)raw;
	fold_device(r, seq, TONGBU_KIND_FRAME, 16, payload, sizeof(payload));
}

/* What the pack heard of that kind last */
static void expect(struct tb_referee *r, const char *kind, const char *wanted)
{
	json_t *query = json_pack("{s:s}", "kind", kind), *rows = NULL, *want = fold_json(wanted);
	struct tb_error err;
	char *text;

	assert_done(tb_referee_report(r, "p", "heard", query, 0, true, &rows, &err), err);
	if (!json_equal(json_array_get(rows, 0), want)) {
		text = json_dumps(rows, JSON_SORT_KEYS);
		fail_msg("%s: heard %s", kind, text);
	}
	json_decref(rows);
	json_decref(query);
	json_decref(want);
}

static struct tb_referee *opened(void)
{
	struct tb_referee *r;
	struct tb_error err;

	fold_write("p", "pack.lua", pack);
	r = fold_open("state.db", false);
	assert_done(tb_referee_begin(r, &err), err);
	assert_done(tb_referee_use(r, "p", &err), err);
	assert_done(tb_referee_commit(r, &err), err);
	return r;
}

#define MEASURE(factor)                                                                  \
	"{'pack':'base','kind':'measure','source':'probe','framing':'modbus','values':[" \
	"{'name':'level','unit':'m','index':0,'factor':" factor "}]}"

/* The same bytes are another value as soon as a record says so, and not before. */
static void values_by_the_record_in_force(void **state)
{
	struct tb_referee *r = opened();
	json_t *measure;

	(void)state;
	fold_level(r, 1, 3512);
	expect(r, "measure", "{}");
	fold_act(r, "t:2", 1795428002, 0, MEASURE("0.001"));
	fold_level(r, 3, 3512);
	expect(r, "measure", "{'source':'probe','values':{'level':3.512},'units':{'level':'m'}}");
	fold_act(r, "t:4", 1795428004, 0, MEASURE("0.01"));
	fold_level(r, 5, 3512);
	expect(r, "measure", "{'source':'probe','values':{'level':35.12},'units':{'level':'m'}}");
	measure = tb_referee_measure(r, "probe");
	assert_string_equal(json_string_value(json_object_get(measure, "record")), "t:4");
	json_decref(measure);
	assert_null(tb_referee_measure(r, "other"));
	fold_act(r, "t:6", 1795428006, 0,
		 "{'pack':'base','kind':'measure','source':'probe','framing':'modbus',"
		 "'values':[]}");
	assert_null(tb_referee_measure(r, "probe"));
	tb_referee_close(r);
}

static void a_description_that_is_none_is_refused(void **state)
{
	struct tb_referee *r = opened();

	(void)state;
	fold_act(r, "t:1", 1795428001, 0,
		 "{'pack':'base','kind':'measure','source':'probe','framing':'modbus',"
		 "'values':[{'name':'level'}]}");
	assert_null(tb_referee_measure(r, "probe"));
	fold_act(r, "t:2", 1795428001, 0,
		 "{'pack':'base','kind':'measure','source':'probe','framing':'fixed',"
		 "'values':[{'name':'level'}]}");
	assert_null(tb_referee_measure(r, "probe"));
	tb_referee_close(r);
}

/* Issue F 3: a source that speaks and yet tells no value is silent as far as that goes. */
static void a_value_falls_silent(void **state)
{
	struct tb_referee *r = opened();
	json_t *all, *level;

	(void)state;
	fold_act(r, "t:2", 1795428002, 0,
		 "{'pack':'base','kind':'measure','source':'probe','framing':'modbus','silent':5000,"
		 "'values':[{'name':'level','index':0,'max':4000}]}");
	fold_level(r, 3, 3512);
	fold_level(r, 4, 9999);
	fold_level(r, 7, 9999);
	expect(r, "silent", "{}");
	fold_level(r, 8, 9999);
	expect(r, "silent",
	       "{'source':'probe','value':'level','seconds':5,'why':'9999 is more than max, 4000'}");
	fold_level(r, 20, 9999);
	/* Once, and people are told once. */
	expect(r, "silent",
	       "{'source':'probe','value':'level','seconds':5,'why':'9999 is more than max, 4000'}");
	assert_int_equal(tb_db_number(r->db, -1,
				      "SELECT count(*) FROM finding WHERE rule = 'measure.unread'",
				      ""),
			 1);
	all = tb_referee_measures(r);
	level = json_object_get(json_object_get(json_object_get(all, "probe"), "state"), "level");
	assert_true(json_is_true(json_object_get(level, "silent")));
	assert_int_equal((int)json_number_value(json_object_get(level, "value")), 3512);
	json_decref(all);
	expect(r, "restored", "{}");
	fold_level(r, 30, 3000);
	expect(r, "restored", "{'source':'probe','value':'level','seconds':27}");
	/* It is not counted from before the description changed. */
	fold_act(r, "t:31", 1795428002, 0, MEASURE("0.001"));
	fold_level(r, 90, 9999);
	expect(r, "silent",
	       "{'source':'probe','value':'level','seconds':5,'why':'9999 is more than max, 4000'}");
	tb_referee_close(r);
}

static void pulses_are_counts_and_measures(void **state)
{
	struct tongbu_count count = { .count = htole32(4),
				      .total = htole64(9),
				      .interval = htole32(60000) };
	struct tb_referee *r = opened();

	(void)state;
	fold_act(r, "t:1", 1795428001, 0,
		 "{'pack':'base','kind':'measure','source':'probe','framing':'count',"
		 "'values':[{'name':'rain','factor':0.2}]}");
	fold_device(r, 2, TONGBU_KIND_COUNT, 16, &count, sizeof(count));
	expect(r, "count", "{'source':'probe','count':4}");
	expect(r, "measure", "{'source':'probe','values':{'rain':0.8},'units':{}}");
	tb_referee_close(r);
}

static void what_devices_tell(void **state)
{
	struct tongbu_code code = { .end = TONGBU_CODE_ENTER, .length = htole16(4) };
	struct tongbu_presence gone = { .why = TONGBU_ABSENT_HANGUP };
	struct tongbu_silence silent = { .silent = htole64(61000000000) };
	struct tongbu_storm storm = { .over = 1, .count = htole64(7) };
	struct tongbu_edge line = { .level = 1 }, cts = { .level = 1, .line = TONGBU_LINE_CTS };
	uint8_t payload[sizeof(code) + 4];
	struct tb_referee *r = opened();

	(void)state;
	memcpy(payload, &code, sizeof(code));
	memcpy(payload + sizeof(code), "1234", 4);
	fold_device(r, 1, TONGBU_KIND_CODE, 16, payload, sizeof(payload));
	expect(r, "code", "{'source':'probe','code':'1234'}");
	fold_device(r, 2, TONGBU_KIND_GONE, 16, &gone, sizeof(gone));
	expect(r, "gone", "{'source':'probe','why':'hangup'}");
	fold_device(r, 3, TONGBU_KIND_SILENT, 16, &silent, sizeof(silent));
	expect(r, "silent", "{'source':'probe','seconds':61}");
	fold_device(r, 4, TONGBU_KIND_STORM, 16, &storm, sizeof(storm));
	expect(r, "storm", "{'source':'probe','over':true,'count':7}");
	fold_device(r, 5, TONGBU_KIND_EDGE, 16, &cts, sizeof(cts));
	expect(r, "edge", "{'source':'probe','count':0,'line':'cts'}");
	fold_device(r, 6, TONGBU_KIND_EDGE, 16, &line, sizeof(line));
	expect(r, "edge", "{'source':'probe','count':0}");
	/* A source nobody knows tells nothing. */
	fold_device(r, 7, TONGBU_KIND_SILENT, 99, &silent, sizeof(silent));
	tb_referee_close(r);
}

static void reflexes(void **state)
{
	struct tongbu_firing f = { .record = htole64(3),
				   .cause = htole64(1000),
				   .effect = htole64(5000),
				   .reflex = htole32(1),
				   .output = htole32(1),
				   .value = 1 };
	struct tb_referee *r = opened();
	json_t *query = json_pack("{s:s}", "kind", "reflex"), *rows = NULL;
	struct tb_error err;

	(void)state;
	fold_device(r, 4, TONGBU_KIND_REFLEX, TONGBU_SOURCE_REFLEXES, &f, sizeof(f));
	assert_done(tb_referee_report(r, "p", "heard", query, 0, true, &rows, &err), err);
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "reflex")),
			    "warn");
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "output")),
			    "sampler");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "after")),
			 4000);
	json_decref(rows);
	json_decref(query);
	tb_referee_close(r);
}

static int count_order(const char *output, int64_t value, const char *record, void *userdata)
{
	char *last = userdata;

	snprintf(last, 64, "%s=%d by %s", output, (int)value, record);
	return 0;
}

static void expect_order(struct tb_referee *r, const char *wanted)
{
	char last[64] = "";

	tb_referee_each_order(r, count_order, last);
	assert_string_equal(last, wanted);
}

static void set_to(struct tb_referee *r, uint64_t seq, uint64_t because, uint8_t value,
		   unsigned int cause, unsigned int error)
{
	struct tongbu_output_change c = { .record = htole64(because),
					  .output = htole32(1),
					  .value = value,
					  .cause = (uint8_t)cause,
					  .error = htole16((uint16_t)error) };

	fold_device(r, seq, TONGBU_KIND_OUTPUT, TONGBU_SOURCE_OUTPUTS, &c, sizeof(c));
}

/* It is open until the record that it was carried out, and never open again. */
static void an_order_is_carried_out_once(void **state)
{
	struct tb_referee *r = opened();
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;
	char id[TB_EVENT_ID_SIZE], wanted[64];
	struct tb_event event;

	(void)state;
	fill_record(buf, 7, TONGBU_KIND_HEARTBEAT, NULL, sizeof(struct tongbu_heartbeat));
	rec = parsed(buf, sizeof(buf));
	tb_event_of(&rec, names, id, &event);
	expect_order(r, "");
	fold_act(r, id, 1795428007, 0, "{'pack':'p','kind':'go'}");
	snprintf(wanted, sizeof(wanted), "sampler=1 by %s", id);
	expect_order(r, wanted);
	/* By another record, by a reflex, or not at all: the order stands. */
	set_to(r, 8, 6, 1, TONGBU_CAUSE_SET, 0);
	set_to(r, 9, 7, 1, TONGBU_CAUSE_REFLEX, 0);
	set_to(r, 10, 7, 1, TONGBU_CAUSE_SET, 19);
	set_to(r, 11, TONGBU_SEQ_NONE, 1, TONGBU_CAUSE_SET, 0);
	expect_order(r, wanted);
	set_to(r, 12, 7, 1, TONGBU_CAUSE_SET, 0);
	expect_order(r, "");
	/* Of two orders of one record the first that is done is not the second. */
	fold_act(r, id, 1795428013, 0, "{'pack':'p','kind':'pulse'}");
	snprintf(wanted, sizeof(wanted), "sampler=0 by %s", id);
	set_to(r, 14, 7, 1, TONGBU_CAUSE_SET, 0);
	expect_order(r, wanted);
	set_to(r, 15, 7, 0, TONGBU_CAUSE_SET, 0);
	expect_order(r, "");
	tb_referee_close(r);
}

static int make(void **state)
{
	names = tb_names_new();
	return fold_make(state);
}

static int remove_all(void **state)
{
	tb_names_free(names);
	return fold_remove(state);
}

#define DEVICE_TEST(test) cmocka_unit_test_setup_teardown(test, make, remove_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DEVICE_TEST(values_by_the_record_in_force),
		DEVICE_TEST(a_description_that_is_none_is_refused),
		DEVICE_TEST(a_value_falls_silent),
		DEVICE_TEST(pulses_are_counts_and_measures),
		DEVICE_TEST(what_devices_tell),
		DEVICE_TEST(reflexes),
		DEVICE_TEST(an_order_is_carried_out_once),
	};

	return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
