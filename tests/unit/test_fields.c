// SPDX-License-Identifier: GPL-2.0-only
/* One table, many uses: what a row says holds in each of them. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fields.h"
#include "timefmt.h"

static struct tb_error err;

static const struct tb_table *const tables[] = { &tb_source_table, &tb_output_table,
						 &tb_reflex_table };

/* The configuration takes of a field what the command line takes, and no more. */
static void expect_both(const struct tb_table *table, const struct tb_field *field,
			unsigned int type, int64_t number)
{
	union {
		struct tb_source_def source;
		struct tb_output_def output;
		struct tb_reflex_def reflex;
	} def = { 0 };
	char text[32], file[512], said[1024];
	struct tb_config *config = NULL;
	bool taken, in_range = number >= field->min && number <= field->max;
	int ret;

	snprintf(text, sizeof(text), "%lld", (long long)number);
	if (table->type)
		tb_source_def_init(&def.source, type);
	taken = !tb_field_take(field, &def, text, &err);
	if (taken != in_range)
		fail_msg("--%s %s is %staken", field->name, text, taken ? "" : "not ");
	/* What else it needs is not given: what matters is what it says of this field. */
	snprintf(file, sizeof(file), "%s%s = ( { %s%s%s%s = %s%s; } );\n", table->what,
		 table == &tb_reflex_table ? "es" : "s", type ? "type = \"" : "",
		 type ? tb_source_type_name(type) : "", type ? "\"; " : "", field->name, text,
		 number > INT32_MAX ? "L" : "");
	scratch_write("conf", file, strlen(file));
	ret = tb_config_load(scratch_path("conf"), &config, &err);
	assert_int_not_equal(ret, 0);
	snprintf(said, sizeof(said), "%s must be a number from %u to %u", field->name, field->min,
		 field->max);
	if (!strstr(err.text, said) != in_range)
		fail_msg("%s: %s", file, err.text);
}

static void ranges(void **state)
{
	const struct tb_field *field;
	unsigned int type;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (field = tables[i]->fields; field->name; field++) {
			if (!(field->use & TB_FIELD_SET) || field->kind != TB_FIELD_NUMBER)
				continue;
			for (type = 0; type < 6; type++) {
				if (!tb_field_is_of(field, type) || !type != !tables[i]->type)
					continue;
				expect_both(tables[i], field, type, field->min);
				expect_both(tables[i], field, type, field->max);
				expect_both(tables[i], field, type, (int64_t)field->min - 1);
				expect_both(tables[i], field, type, (int64_t)field->max + 1);
			}
		}
}

/* A number fits where it goes, and comes out as it went in. */
static void numbers_fit(void **state)
{
	uint8_t def[sizeof(struct tb_source_def)];
	const struct tb_field *field;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (field = tables[i]->fields; field->name; field++) {
			if (field->kind != TB_FIELD_NUMBER && field->kind != TB_FIELD_FLAG)
				continue;
			memset(def, 0, sizeof(def));
			assert_true(field->at + field->size <= (int)tables[i]->size);
			tb_field_put_number(field, def,
					    field->kind == TB_FIELD_FLAG ? 1 : field->max);
			assert_int_equal(tb_field_number(field, def),
					 field->kind == TB_FIELD_FLAG ? 1 : field->max);
		}
}

/* No two rows of one type have one name, and none two attributes. */
static void rows_are_one(void **state)
{
	const struct tb_field *a, *b;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		assert_string_equal(tables[i]->fields[0].name, "id");
		assert_string_equal(tables[i]->fields[1].name, "name");
		for (a = tables[i]->fields; a->name; a++)
			for (b = a + 1; b->name; b++) {
				if (a->types && b->types && !(a->types & b->types))
					continue;
				assert_string_not_equal(a->name, b->name);
				if (a->attr && a->attr == b->attr)
					fail_msg("%s and %s have one attribute", a->name, b->name);
			}
	}
}

static void json_has_the_names(void **state)
{
	struct tb_source_def def;
	uint64_t boot, last;
	json_t *json;

	(void)state;
	tb_source_def_init(&def, TONGBU_SOURCE_GPIO);
	def.debounce = 7;
	def.silent = 9;
	json = tb_fields_json(&tb_source_table, &def);
	assert_int_equal(json_integer_value(json_object_get(json, "debounce_us")), 7);
	assert_int_equal(json_integer_value(json_object_get(json, "silent_ms")), 9);
	assert_string_equal(json_string_value(json_object_get(json, "edges")), "both");
	assert_true(json_is_false(json_object_get(json, "active_low")));
	assert_null(json_object_get(json, "baud"));
	assert_true(json_is_null(json_object_get(json, "last")));
	json_decref(json);
	/* A moment after the boot is a time of day. */
	def.last = 1;
	boot = tb_time_of_boot(1);
	json = tb_fields_json(&tb_source_table, &def);
	assert_int_equal(tb_time_parse(json_string_value(json_object_get(json, "last")), 0, &last,
				       NULL),
			 0);
	assert_true(boot <= tb_time_now() && last <= boot + TB_NSEC_PER_SEC &&
		    boot <= last + TB_NSEC_PER_SEC);
	json_decref(json);
}

/* What was left to the kernel is as asked for, whatever it is; all else must be equal. */
static void same(void **state)
{
	struct tb_source_def asked, there;

	(void)state;
	tb_source_def_init(&asked, TONGBU_SOURCE_SERIAL);
	there = asked;
	there.serial.gap = 4000;
	there.sealed = 17;
	assert_true(tb_fields_same(&tb_source_table, &asked, &there));
	asked.serial.gap = 3000;
	assert_false(tb_fields_same(&tb_source_table, &asked, &there));
	asked.serial.gap = 0;
	/* Of another type nothing counts. */
	there.debounce = 5;
	assert_true(tb_fields_same(&tb_source_table, &asked, &there));
	there.silent = 1;
	assert_false(tb_fields_same(&tb_source_table, &asked, &there));
	there.silent = 0;
	assert_int_equal(tb_field_take(&(struct tb_field){ .kind = TB_FIELD_POLLS }, &there,
				       "1:holding:0:2", &err),
			 0);
	assert_false(tb_fields_same(&tb_source_table, &asked, &there));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ranges, scratch_make, scratch_remove),
		cmocka_unit_test(numbers_fit),
		cmocka_unit_test(rows_are_one),
		cmocka_unit_test(json_has_the_names),
		cmocka_unit_test(same),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
