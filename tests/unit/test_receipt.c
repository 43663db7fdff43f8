// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timefmt.h"

#define CHAIN "0364c08ebef8cd7c6186fb48a87b0ffa"
#define TAG   "eeda268623fd583f816ca1c632fc41cda2faadf324077e52f33955ade9f9c707"

static void words(void **state)
{
	struct tb_error err = { 0 };
	struct tb_receipt receipt;

	(void)state;
	assert_done(tb_receipt_parse(CHAIN ":17:" TAG, &receipt, &err), err);
	assert_int_equal(receipt.chain[0], 0x03);
	assert_int_equal(receipt.chain[15], 0xfa);
	assert_int_equal(receipt.tag[31], 0x07);
	assert_int_equal(receipt.seq, 17);
	assert_int_equal(receipt.realtime, 0);
	assert_done(tb_receipt_parse(" \t" CHAIN ":18446744073709551615:" TAG, &receipt, &err),
		    err);
	assert_true(receipt.seq == UINT64_MAX);
}

static void json(void **state)
{
	struct tb_error err = { 0 };
	struct tb_receipt receipt;

	(void)state;
	assert_done(tb_receipt_parse("{\"chain\":\"" CHAIN "\",\"seq\":17,\"tag\":\"" TAG
				     "\",\"realtime\":1795428000000000000,\"more\":[1]}\n",
				     &receipt, &err),
		    err);
	assert_int_equal(receipt.seq, 17);
	assert_true(receipt.realtime == 1795428000000000000);
	assert_done(tb_receipt_parse("{\"tag\":\"" TAG "\",\"seq\":0,\"chain\":\"" CHAIN "\"}",
				     &receipt, &err),
		    err);
	assert_int_equal(receipt.seq, 0);
	assert_int_equal(receipt.realtime, 0);
}

static void refused(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		":",
		"::",
		CHAIN,
		CHAIN ":17",
		CHAIN ":17:",
		CHAIN "::" TAG,
		CHAIN ":-1:" TAG,
		CHAIN ":+1:" TAG,
		CHAIN ": 1:" TAG,
		CHAIN ":0x1:" TAG,
		CHAIN ":18446744073709551616:" TAG,
		CHAIN ":17:" TAG "00",
		CHAIN ":17: " TAG,
		CHAIN "0:17:" TAG,
		"g364c08ebef8cd7c6186fb48a87b0ffa:17:" TAG,
		"{}",
		"[]",
		"{",
		"{\"chain\":\"" CHAIN "\",\"seq\":17}",
		"{\"chain\":\"" CHAIN "\",\"seq\":-1,\"tag\":\"" TAG "\"}",
		"{\"chain\":\"" CHAIN "\",\"seq\":\"17\",\"tag\":\"" TAG "\"}",
		"{\"chain\":\"" CHAIN "\",\"seq\":1.5,\"tag\":\"" TAG "\"}",
		"{\"chain\":\"00\",\"seq\":17,\"tag\":\"" TAG "\"}",
		"{\"chain\":\"" CHAIN "\",\"seq\":17,\"tag\":\"" TAG "\",\"realtime\":-1}",
		"{\"seq\":1,\"chain\":\"" CHAIN "\",\"seq\":17,\"tag\":\"" TAG "\"}",
		"{\"chain\":\"" CHAIN "\",\"seq\":17,\"tag\":\"" TAG "\"} and more",
	};
	struct tb_receipt receipt;
	struct tb_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (tb_receipt_parse(texts[i], &receipt, &err) != -EINVAL)
			fail_msg("'%s' is taken for a receipt", texts[i]);
		assert_contains(err.text, "is no receipt: a receipt is");
	}
}

static void of_a_record(void **state)
{
	uint8_t buf[TONGBU_RECORD_MAX];
	struct tb_receipt receipt, back;
	struct tb_error err = { 0 };
	struct tb_record rec;
	char time[TB_TIME_SIZE];
	json_t *json;
	char *text;

	(void)state;
	fill_record(buf, 0x7b, TONGBU_KIND_EDGE, NULL, 8);
	rec = parsed(buf, sizeof(buf));
	tb_receipt_of(&rec, &receipt);
	assert_memory_equal(receipt.chain, rec.chain, TONGBU_CHAIN_LEN);
	assert_memory_equal(receipt.tag, rec.tag, TONGBU_TAG_LEN);
	assert_int_equal(receipt.seq, 0x7b);
	assert_true(receipt.realtime == rec.realtime);

	json = tb_receipt_json(&receipt);
	tb_time_format(rec.realtime, time);
	assert_string_equal(json_string_value(json_object_get(json, "time")), time);
	text = json_dumps(json, JSON_COMPACT);
	assert_done(tb_receipt_parse(text, &back, &err), err);
	assert_memory_equal(&back, &receipt, sizeof(back));
	free(text);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(json),
		cmocka_unit_test(refused),
		cmocka_unit_test(of_a_record),
	};

	return cmocka_run_group_tests_name("receipt", tests, NULL, NULL);
}
