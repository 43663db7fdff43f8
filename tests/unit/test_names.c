// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "names.h"

static const uint8_t one[TONGBU_CHAIN_LEN] = { 1 }, two[TONGBU_CHAIN_LEN] = { 2 };

static void no_devices(void **state)
{
	struct tb_names *names = tb_names_new();

	(void)state;
	assert_string_equal(tb_names_find(NULL, one, TONGBU_SOURCE_RECORDER), "recorder");
	assert_string_equal(tb_names_find(names, two, TONGBU_SOURCE_PEOPLE), "people");
	assert_string_equal(tb_names_find(names, two, TONGBU_SOURCE_OUTPUTS), "outputs");
	assert_string_equal(tb_names_find(names, two, TONGBU_SOURCE_REFLEXES), "reflexes");
	assert_null(tb_names_find(NULL, one, TONGBU_SOURCE_FIRST));
	assert_null(tb_names_find(names, one, TONGBU_SOURCE_FIRST));
	tb_names_free(names);
	tb_names_free(NULL);
}

static void each_chain_has_its_own(void **state)
{
	struct tb_names *names = tb_names_new();
	char name[32];
	uint32_t i;

	(void)state;
	for (i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "line-%u", i);
		assert_int_equal(tb_names_add(names, i % 2 ? one : two, TB_NAMED_SOURCE, i / 2 + 16,
					      name),
				 0);
	}
	for (i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "line-%u", i);
		assert_string_equal(tb_names_find(names, i % 2 ? one : two, i / 2 + 16), name);
	}
	assert_null(tb_names_find(names, one, 16 + 250));
	tb_names_free(names);
}

/* Also from a longer name to a shorter one */
static void last_name_counts(void **state)
{
	struct tb_names *names = tb_names_new();

	(void)state;
	assert_int_equal(tb_names_add(names, one, TB_NAMED_SOURCE, 16, "water"), 0);
	assert_int_equal(tb_names_add(names, one, TB_NAMED_SOURCE, 16, "wd"), 0);
	assert_string_equal(tb_names_find(names, one, 16), "wd");
	tb_names_free(names);
}

static void learned_from_records(void **state)
{
	struct tb_names *names = tb_names_new();
	struct tongbu_source source = { .name = "water", .chip = "station" };
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;

	(void)state;
	fill_record(buf, 1, TONGBU_KIND_SOURCE_ADD, &source, sizeof(source));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_names_learn(names, &rec), 0);
	assert_string_equal(tb_names_find(names, rec.chain, 16), "water");

	/* A name that fills its field has no closing NUL. */
	memset(source.name, 'n', sizeof(source.name));
	memset(source.chip, 'c', sizeof(source.chip));
	fill_record(buf, 1, TONGBU_KIND_SOURCE_ADD, &source, sizeof(source));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_names_learn(names, &rec), 0);
	assert_int_equal(strlen(tb_names_find(names, rec.chain, 16)), TONGBU_NAME_LEN - 1);

	/* Others have none, nor has one that is cut short. */
	fill_record(buf, 1, TONGBU_KIND_EDGE, NULL, sizeof(source));
	rec = parsed(buf, sizeof(buf));
	rec.source = 17;
	assert_int_equal(tb_names_learn(names, &rec), 0);
	fill_record(buf, 1, TONGBU_KIND_SOURCE_ADD, NULL, 10);
	assert_int_equal(tb_record_frame(buf, sizeof(buf), unit_chain, &rec), 0);
	rec.source = 17;
	assert_int_equal(tb_names_learn(names, &rec), 0);
	assert_null(tb_names_find(names, rec.chain, 17));
	tb_names_free(names);
}

/* Source 1, output 1 and reflex 1 are three things. */
static void each_kind_of_thing_has_its_own(void **state)
{
	struct tongbu_output output = { .name = "beacon", .output = htole32(1) };
	struct tongbu_reflex reflex = { .name = "flood-beacon", .reflex = htole32(1) };
	struct tb_names *names = tb_names_new();
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_record rec;

	(void)state;
	fill_record(buf, 1, TONGBU_KIND_OUTPUT_ADD, &output, sizeof(output));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_names_learn(names, &rec), 0);
	fill_record(buf, 2, TONGBU_KIND_REFLEX_ADD, &reflex, sizeof(reflex));
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_names_learn(names, &rec), 0);
	assert_string_equal(tb_names_find_of(names, rec.chain, TB_NAMED_OUTPUT, 1), "beacon");
	assert_string_equal(tb_names_find_of(names, rec.chain, TB_NAMED_REFLEX, 1), "flood-beacon");
	assert_null(tb_names_find_of(names, rec.chain, TB_NAMED_SOURCE, 1));
	assert_null(tb_names_find_of(names, rec.chain, TB_NAMED_OUTPUT, 2));
	assert_null(tb_names_find_of(names, two, TB_NAMED_OUTPUT, 1));
	tb_names_free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_devices),
		cmocka_unit_test(each_chain_has_its_own),
		cmocka_unit_test(last_name_counts),
		cmocka_unit_test(learned_from_records),
		cmocka_unit_test(each_kind_of_thing_has_its_own),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
