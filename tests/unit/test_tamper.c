// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever is done to one record of a thousand, the verifier says which it was
 * and what was done. Each test does one thing to every record in turn.
 */
#include "unit.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include "chain_maker.h"
#include "verify.h"

#define RECORDS 1000U

/**
 * struct stage - what all tests share
 * @supervisor: whose chain it is
 * @chain: the chain, of RECORDS records
 * @other: another station's chain
 * @whole: the bundle nobody touched
 */
static struct stage {
	struct tb_key supervisor;
	struct chain *chain;
	struct chain *other;
	struct packed whole;
} stage;

/* What a verifier is to say */
struct expected {
	enum tb_verdict verdict;
	size_t seq;
};

static struct tb_verify_result verify(const struct packed *file, bool keyed)
{
	struct tb_verify_options options = { .key = keyed ? &stage.supervisor : NULL };
	struct tb_verify_result result;
	struct tb_error err = { 0 };

	assert_done(packed_verify(file, &options, &result, &err), err);
	/* Its lists are looked at by nobody. */
	tb_verify_clear(&result);
	return result;
}

static void expect(const struct packed *file, bool keyed, enum tb_verdict verdict, size_t seq)
{
	struct tb_verify_result result = verify(file, keyed);
	struct tb_receipt good;

	if (result.verdict != verdict || result.bad.seq != seq)
		fail_msg("record %zu should be %s, but record %llu is %s: %s", seq,
			 tb_verdict_name(verdict, keyed), (unsigned long long)result.bad.seq,
			 tb_verdict_name(result.verdict, keyed), result.bad.detail);
	assert_memory_equal(result.bad.chain, stage.chain->id, TONGBU_CHAIN_LEN);
	assert_true(*result.bad.detail);
	assert_int_equal(result.records, seq);
	assert_int_equal(result.has_good, seq > 0);
	if (!seq)
		return;
	good = chain_receipt(stage.chain, seq - 1);
	assert_int_equal(result.good.seq, seq - 1);
	assert_memory_equal(result.good.tag, good.tag, TONGBU_TAG_LEN);
}

static void expect_both(const struct packed *file, enum tb_verdict verdict, size_t seq)
{
	expect(file, true, verdict, seq);
	expect(file, false, verdict, seq);
}

static void begin(struct packed *file)
{
	struct tb_bundle_chain part = chain_part(stage.chain, 0, RECORDS - 1);

	packed_begin(file, &part, 1);
}

/* Each record with some of its bytes turned, all others as they are */
static void alter_each(size_t at, size_t len, uint8_t mask)
{
	size_t seq, i;

	for (seq = 0; seq < RECORDS; seq++) {
		uint8_t *bytes = stage.whole.bytes + stage.whole.start + stage.chain->at[seq] + at;

		for (i = 0; i < len; i++)
			bytes[i] ^= mask;
		expect(&stage.whole, true, TB_ALTERED, seq);
		for (i = 0; i < len; i++)
			bytes[i] ^= mask;
	}
}

#define FIELD_TEST(field)                                                        \
	static void field##_altered(void **state)                                \
	{                                                                        \
		(void)state;                                                     \
		alter_each(offsetof(struct tongbu_header, field),                \
			   sizeof(((struct tongbu_header *)NULL)->field), 0x01); \
	}

FIELD_TEST(boottime)
FIELD_TEST(realtime)
FIELD_TEST(kind)
FIELD_TEST(flags)
FIELD_TEST(source)
FIELD_TEST(source_seq)
FIELD_TEST(uid)
FIELD_TEST(pid)
FIELD_TEST(version)
FIELD_TEST(precision)

/* Far away, so that it is the number of no other record */
static void seq_altered(void **state)
{
	(void)state;
	alter_each(offsetof(struct tongbu_header, seq) + 4, 1, 0x01);
}

/* To the number of another record, where there is one */
static void seq_altered_to_another(void **state)
{
	(void)state;
	alter_each(offsetof(struct tongbu_header, seq), 1, 0x01);
}

static void length_altered(void **state)
{
	(void)state;
	alter_each(offsetof(struct tongbu_header, length), 1, 0x03);
}

/* Longer than a record can be: nothing tells where the next one begins */
static void length_altered_beyond_the_most(void **state)
{
	uint8_t *bytes;
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		bytes = stage.whole.bytes + stage.whole.start + stage.chain->at[seq] +
			offsetof(struct tongbu_header, length) + 1;
		*bytes ^= 0x80;
		expect(&stage.whole, true, seq ? TB_ALTERED : TB_MALFORMED, seq);
		expect(&stage.whole, false, TB_MALFORMED, seq);
		*bytes ^= 0x80;
	}
}

/* One byte of the payload, a different one in each record */
static void payload_altered(void **state)
{
	uint8_t *bytes;
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		bytes = stage.whole.bytes + stage.whole.start + stage.chain->at[seq] +
			TONGBU_HEADER_LEN +
			seq % (chain_size(stage.chain, seq) - TONGBU_RECORD_MIN);
		*bytes ^= 0x10;
		expect(&stage.whole, true, TB_ALTERED, seq);
		*bytes ^= 0x10;
	}
}

static void tag_altered(void **state)
{
	uint8_t *bytes;
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		bytes = stage.whole.bytes + stage.whole.start + stage.chain->at[seq + 1] - 1 -
			seq % TONGBU_TAG_LEN;
		*bytes ^= 0x80;
		expect(&stage.whole, true, TB_ALTERED, seq);
		*bytes ^= 0x80;
	}
}

/* Every bit of record 0 counts, the envelope's as well. */
static void every_bit_of_record_0(void **state)
{
	const size_t high = offsetof(struct tongbu_header, length) + 1;
	size_t at, size = chain_size(stage.chain, 0);
	uint8_t *bytes = stage.whole.bytes + stage.whole.start;
	unsigned int bit;

	(void)state;
	for (at = 0; at < size; at++)
		for (bit = 0; bit < 8; bit++) {
			bytes[at] ^= (uint8_t)(1 << bit);
			expect(&stage.whole, true,
			       at == high && ((size - TONGBU_RECORD_MIN) ^ (0x100U << bit)) >
						       TONGBU_PAYLOAD_MAX ?
				       TB_MALFORMED :
				       TB_ALTERED,
			       0);
			bytes[at] ^= (uint8_t)(1 << bit);
		}
}

static void dropped(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq);
		packed_add_range(&file, stage.chain, seq + 1, RECORDS);
		expect_both(&file, seq == RECORDS - 1 ? TB_CUT : TB_MISSING, seq);
	}
	packed_free(&file);
}

static void swapped(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS - 1; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq);
		packed_add_range(&file, stage.chain, seq + 1, seq + 2);
		packed_add_range(&file, stage.chain, seq, seq + 1);
		packed_add_range(&file, stage.chain, seq + 2, RECORDS);
		expect_both(&file, TB_REORDERED, seq);
	}
	packed_free(&file);
}

static void duplicated(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq + 1);
		packed_add_range(&file, stage.chain, seq, RECORDS);
		expect_both(&file, TB_INSERTED, seq + 1);
	}
	packed_free(&file);
}

static void foreign_inserted(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 0; seq <= RECORDS; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq);
		packed_add_range(&file, stage.other, seq % 7, seq % 7 + 1);
		packed_add_range(&file, stage.chain, seq, RECORDS);
		expect(&file, true, TB_INSERTED, seq);
		/* Without the key only record 0 says of which chain it is. */
		if (!seq || seq >= 7)
			expect(&file, false, TB_INSERTED, seq);
	}
	packed_free(&file);
}

/* A record that claims the place, before the one that was sealed for it */
static void forged_inserted(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 1; seq < RECORDS; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq + 1);
		file.bytes[file.len - 1] ^= 0x01;
		packed_add_range(&file, stage.chain, seq, RECORDS);
		expect(&file, true, TB_INSERTED, seq);
	}
	packed_free(&file);
}

static void tail_cut(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq);
		expect_both(&file, TB_CUT, seq);
	}
	packed_free(&file);
}

static void tail_cut_within_a_record(void **state)
{
	struct packed file = { 0 };
	size_t seq;

	(void)state;
	for (seq = 0; seq < RECORDS; seq++) {
		begin(&file);
		packed_add_range(&file, stage.chain, 0, seq + 1);
		file.len -= 1 + seq % (chain_size(stage.chain, seq) - 1);
		expect_both(&file, TB_CUT, seq);
	}
	packed_free(&file);
}

/* The numbers are right again, and the manifest; only the tags are not. */
static void renumbered_after_a_drop(void **state)
{
	struct tb_bundle_chain part = chain_part(stage.chain, 0, RECORDS - 2);
	struct packed file = { 0 };
	size_t seq, i, at;
	uint64_t number;

	(void)state;
	for (seq = 0; seq < RECORDS - 1; seq++) {
		packed_begin(&file, &part, 1);
		packed_add_range(&file, stage.chain, 0, seq);
		at = file.len - stage.chain->at[seq + 1];
		packed_add_range(&file, stage.chain, seq + 1, RECORDS);
		for (i = seq + 1; i < RECORDS; i++) {
			number = htole64(i - 1);
			memcpy(file.bytes + at + stage.chain->at[i] +
				       offsetof(struct tongbu_header, seq),
			       &number, sizeof(number));
		}
		expect(&file, true, TB_ALTERED, seq);
	}
	packed_free(&file);
}

static void nothing_done(void **state)
{
	struct tb_verify_result result = verify(&stage.whole, true);

	(void)state;
	assert_int_equal(result.verdict, TB_VERIFIED);
	assert_int_equal(result.records, RECORDS);
	assert_int_equal(verify(&stage.whole, false).verdict, TB_VERIFIED);
	assert_true(result.facts.edges > 500 && result.facts.acts > 50 &&
		    result.facts.losses > 50 && result.facts.heartbeats > 50);
}

static int make(void **state)
{
	struct tb_key stranger;

	(void)state;
	if (tb_key_new(&stage.supervisor, NULL) || tb_key_new(&stranger, NULL))
		return -1;
	stage.chain = chain_new(1, &stage.supervisor, NULL);
	chain_fill(stage.chain, RECORDS);
	stage.other = chain_new(2, &stranger, NULL);
	chain_fill(stage.other, 20);
	begin(&stage.whole);
	packed_add_range(&stage.whole, stage.chain, 0, RECORDS);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	packed_free(&stage.whole);
	chain_free(stage.chain);
	chain_free(stage.other);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_done),
		cmocka_unit_test(seq_altered),
		cmocka_unit_test(seq_altered_to_another),
		cmocka_unit_test(boottime_altered),
		cmocka_unit_test(realtime_altered),
		cmocka_unit_test(kind_altered),
		cmocka_unit_test(flags_altered),
		cmocka_unit_test(source_altered),
		cmocka_unit_test(source_seq_altered),
		cmocka_unit_test(uid_altered),
		cmocka_unit_test(pid_altered),
		cmocka_unit_test(length_altered),
		cmocka_unit_test(length_altered_beyond_the_most),
		cmocka_unit_test(version_altered),
		cmocka_unit_test(precision_altered),
		cmocka_unit_test(payload_altered),
		cmocka_unit_test(tag_altered),
		cmocka_unit_test(every_bit_of_record_0),
		cmocka_unit_test(dropped),
		cmocka_unit_test(swapped),
		cmocka_unit_test(duplicated),
		cmocka_unit_test(foreign_inserted),
		cmocka_unit_test(forged_inserted),
		cmocka_unit_test(tail_cut),
		cmocka_unit_test(tail_cut_within_a_record),
		cmocka_unit_test(renumbered_after_a_drop),
		/* Last: the bundle they all share must be as it was */
		cmocka_unit_test(nothing_done),
	};

	return cmocka_run_group_tests_name("tamper", tests, make, clear);
}
