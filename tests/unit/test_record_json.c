// SPDX-License-Identifier: GPL-2.0-only
/* What programs are shown of a record. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "names.h"

/* What is written must be JSON. */
static json_t *shown(const struct tb_record *rec, const struct tb_names *names)
{
	char text[TB_RECORD_JSON_SIZE];
	size_t len = tb_record_json(rec, names, text);
	json_error_t why;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);

	if (!json)
		fail_msg("%s: %s", text, why.text);
	assert_int_equal(len, strlen(text));
	return json;
}

static json_t *json_of(unsigned int kind, const void *payload, size_t len)
{
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;
	json_t *json;

	fill_record(buf, kind != TONGBU_KIND_GENESIS, kind, payload, len);
	assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), 0);
	json = shown(&rec, NULL);
	assert_non_null(json);
	return json;
}

static json_t *act_payload(unsigned int format, const void *data, size_t len)
{
	uint8_t payload[TONGBU_PAYLOAD_MAX] = { 0 };
	json_t *json, *decoded;

	payload[offsetof(struct tongbu_act, format)] = (uint8_t)format;
	memcpy(payload + sizeof(struct tongbu_act), data, len);
	json = json_of(TONGBU_KIND_ACT, payload, sizeof(struct tongbu_act) + len);
	decoded = json_incref(json_object_get(json, "payload"));
	json_decref(json);
	return decoded;
}

/* Every kind, and every flag, as the vectors have them */
static void vectors(void **state)
{
	json_t *file = vectors_load("chain"), *vector, *wanted, *got;
	struct tb_names *names = tb_names_new();
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_record rec;
	struct bytes bytes;
	char *text;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(file, "records"), i, vector) {
		bytes = vectors_bytes(vector, "bytes");
		rec = parsed(bytes.data, bytes.len);
		if (!i)
			memcpy(chain, rec.chain, sizeof(chain));
		rec.chain = chain;
		assert_int_equal(tb_names_learn(names, &rec), 0);
		got = shown(&rec, names);
		wanted = json_object_get(vector, "fields");
		if (!json_equal(got, wanted)) {
			text = json_dumps(got, 0);
			fail_msg("record %zu is shown as %s", i, text);
		}
		json_decref(got);
		free(bytes.data);
	}
	assert_true(i >= 10);
	tb_names_free(names);
	json_decref(file);
}

static void numbers_of_64_bits(void **state)
{
	json_t *json = tb_json_u64(INT64_MAX);

	(void)state;
	assert_true(json_is_integer(json) && json_integer_value(json) == INT64_MAX);
	json_decref(json);
	json = tb_json_u64((uint64_t)INT64_MAX + 1);
	assert_string_equal(json_string_value(json), "9223372036854775808");
	json_decref(json);
	json = tb_json_u64(UINT64_MAX);
	assert_string_equal(json_string_value(json), "18446744073709551615");
	json_decref(json);
}

static void kind_not_known(void **state)
{
	json_t *json = json_of(77, "\x00\xff\x01", 3);
	const json_t *payload = json_object_get(json, "payload");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(json, "kind")), "unknown");
	assert_int_equal(json_integer_value(json_object_get(json, "kind_number")), 77);
	assert_string_equal(json_string_value(json_object_get(payload, "data_base64")), "AP8B");
	assert_null(json_object_get(json, "source_name"));
	json_decref(json);
}

static void payload_too_short(void **state)
{
	unsigned int i;
	json_t *json;

	(void)state;
	for (i = 0; tb_kind_list(i); i++) {
		json = json_of((unsigned int)tb_kind_from_name(tb_kind_list(i)), "abc", 3);
		assert_string_equal(json_string_value(json_object_get(json_object_get(json,
										      "payload"),
								      "data_base64")),
				    "YWJj");
		json_decref(json);
	}
}

/* A newer payload begins as the known one does. */
static void payload_longer(void **state)
{
	uint8_t payload[sizeof(struct tongbu_edge) + 40] = { 1 };
	json_t *json = json_of(TONGBU_KIND_EDGE, payload, sizeof(payload));

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "payload"),
							    "level")),
			 1);
	json_decref(json);
}

static void flags_not_known(void **state)
{
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;
	json_t *json, *flags;

	(void)state;
	fill_record(buf, 1, 77, NULL, 0);
	rec = parsed(buf, sizeof(buf));
	rec.flags = 0xffff;
	json = shown(&rec, NULL);
	flags = json_object_get(json, "flags");
	assert_int_equal(json_array_size(flags), 16);
	assert_string_equal(json_string_value(json_array_get(flags, 0)), "synced");
	assert_string_equal(json_string_value(json_array_get(flags, 15)), "bit-15");
	json_decref(json);
}

static void acts(void **state)
{
	json_t *p;

	(void)state;
	p = act_payload(TONGBU_ACT_TEXT, "gate open", 9);
	assert_string_equal(json_string_value(json_object_get(p, "text")), "gate open");
	json_decref(p);
	p = act_payload(TONGBU_ACT_TEXT, "a\0b\x1b[2J\n", 8);
	assert_int_equal(json_string_length(json_object_get(p, "text")), 8);
	json_decref(p);
	p = act_payload(TONGBU_ACT_TEXT, "\xc3(", 2);
	assert_string_equal(json_string_value(json_object_get(p, "data_base64")), "wyg=");
	json_decref(p);
	p = act_payload(TONGBU_ACT_TEXT, "", 0);
	assert_string_equal(json_string_value(json_object_get(p, "text")), "");
	json_decref(p);
	p = act_payload(TONGBU_ACT_JSON, "{\"level\":3}", 11);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(p, "json"), "level")),
			 3);
	json_decref(p);
	p = act_payload(TONGBU_ACT_JSON, "{\"level\":3", 10);
	assert_string_equal(json_string_value(json_object_get(p, "text")), "{\"level\":3");
	json_decref(p);
	p = act_payload(TONGBU_ACT_JSON, "\xff", 1);
	assert_string_equal(json_string_value(json_object_get(p, "data_base64")), "/w==");
	json_decref(p);
	p = act_payload(TONGBU_ACT_MARK, "\x00\x9f", 2);
	assert_string_equal(json_string_value(json_object_get(p, "mark")), "009f");
	json_decref(p);
	p = act_payload(9, "x", 1);
	assert_int_equal(json_integer_value(json_object_get(p, "format")), 9);
	assert_string_equal(json_string_value(json_object_get(p, "data_base64")), "eA==");
	json_decref(p);
}

/* A thousand brackets: deep, but no deeper than the stack */
static void act_of_deep_json(void **state)
{
	char data[TONGBU_ACT_MAX];
	json_t *p;

	(void)state;
	memset(data, '[', 1000);
	memset(data + 1000, ']', 1000);
	p = act_payload(TONGBU_ACT_JSON, data, 2000);
	assert_true(json_is_array(json_object_get(p, "json")));
	json_decref(p);
	memset(data, '[', sizeof(data));
	p = act_payload(TONGBU_ACT_JSON, data, sizeof(data));
	assert_true(json_is_string(json_object_get(p, "text")));
	json_decref(p);
}

static void names_that_are_no_text(void **state)
{
	struct tongbu_source source = { .name = "w\xff\xc3tr", .chip = "station" };
	struct tongbu_reader reader = { .comm = "0123456789abcdef" };
	json_t *json;

	(void)state;
	json = json_of(TONGBU_KIND_SOURCE_ADD, &source, sizeof(source));
	assert_string_equal(json_string_value(json_object_get(json_object_get(json, "payload"),
							      "name")),
			    "w??tr");
	json_decref(json);
	memset(source.name, 'n', sizeof(source.name));
	json = json_of(TONGBU_KIND_SOURCE_ADD, &source, sizeof(source));
	assert_int_equal(json_string_length(json_object_get(json_object_get(json, "payload"),
							    "name")),
			 TONGBU_NAME_LEN);
	json_decref(json);
	json = json_of(TONGBU_KIND_ATTACH, &reader, sizeof(reader));
	assert_string_equal(json_string_value(json_object_get(json_object_get(json, "payload"),
							      "comm")),
			    "0123456789abcdef");
	json_decref(json);
}

/* Any payload of any kind is shown somehow, as JSON that can be read back, in
 * which no character below the blank stands as such.
 */
static void any_payload(void **state)
{
	unsigned int seed = 7, round;
	uint8_t payload[TONGBU_PAYLOAD_MAX];
	json_t *json, *back;
	const char *name;
	size_t i, len;
	char *text;

	(void)state;
	for (round = 0; round < 4000; round++) {
		len = (size_t)rand_r(&seed) % 320;
		for (i = 0; i < len; i++)
			payload[i] = (uint8_t)rand_r(&seed);
		if (round % 3 == 0 && len > 8)
			payload[8] = (uint8_t)(round % 4);
		name = tb_kind_list((unsigned int)rand_r(&seed) % 40);
		json = json_of(name ? (unsigned int)tb_kind_from_name(name) : 99, payload, len);
		text = json_dumps(json, JSON_COMPACT);
		assert_non_null(text);
		for (i = 0; text[i]; i++)
			assert_true((uint8_t)text[i] >= ' ');
		back = json_loads(text, 0, NULL);
		assert_true(json_equal(back, json));
		json_decref(back);
		json_decref(json);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(numbers_of_64_bits),
		cmocka_unit_test(kind_not_known),
		cmocka_unit_test(payload_too_short),
		cmocka_unit_test(payload_longer),
		cmocka_unit_test(flags_not_known),
		cmocka_unit_test(acts),
		cmocka_unit_test(act_of_deep_json),
		cmocka_unit_test(names_that_are_no_text),
		cmocka_unit_test(any_payload),
	};

	return cmocka_run_group_tests_name("record-json", tests, NULL, NULL);
}
