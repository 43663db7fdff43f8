// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"

static void hex_both_ways(void **state)
{
	uint8_t bytes[256], back[256];
	char text[TB_HEX_SIZE(sizeof(bytes))];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (len = 0; len <= sizeof(bytes); len++) {
		assert_ptr_equal(tb_hex_encode(text, bytes, len), text);
		assert_int_equal(strlen(text), 2 * len);
		assert_int_equal(tb_hex_decode(text, back, len), 0);
		assert_memory_equal(back, bytes, len);
	}
	tb_hex_encode(text, "\x00\x9f\xa0\xff", 4);
	assert_string_equal(text, "009fa0ff");
	assert_int_equal(tb_hex_decode("009FA0Ff", back, 4), 0);
	assert_memory_equal(back, "\x00\x9f\xa0\xff", 4);
}

static void hex_refused(void **state)
{
	static const char *const texts[] = {
		"",	    "0",	"00ff0",    "00ff001",	      "00ff00112",
		"0x00ff00", "00ff00 1", " 00ff001", "00ff00g0",	      "00ff001\n",
		"00:ff:00", "-1ff0011", "00ff00+1", "00ff00\xc3\xa4",
	};
	uint8_t bytes[4];
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(tb_hex_decode(texts[i], bytes, sizeof(bytes)), -EINVAL);
	assert_int_equal(tb_hex_decode("00ff0011", bytes, sizeof(bytes)), 0);
	assert_int_equal(tb_hex_decode_upto("00ff001122", bytes, sizeof(bytes), &len), -EMSGSIZE);
	assert_int_equal(tb_hex_decode_upto("00ff0", bytes, sizeof(bytes), &len), -EINVAL);
	assert_int_equal(tb_hex_decode_upto("00f", bytes, 0, &len), -EINVAL);
	assert_int_equal(tb_hex_decode_upto("00ff", bytes, sizeof(bytes), &len), 0);
	assert_int_equal(len, 2);
	assert_int_equal(tb_hex_decode_upto("", bytes, sizeof(bytes), &len), 0);
	assert_int_equal(len, 0);
}

static void base64_known(void **state)
{
	/* RFC 4648, section 10: "", "f" and so on up to "foobar" */
	static const char word[] = "foobar";
	static const char *const encoded[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
	};
	uint8_t *bytes;
	size_t i, len;
	char *text;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(encoded); i++) {
		text = tb_base64_encode(word, i);
		assert_string_equal(text, encoded[i]);
		free(text);
		assert_int_equal(tb_base64_decode(encoded[i], &bytes, &len), 0);
		assert_int_equal(len, i);
		assert_memory_equal(bytes, word, len);
		free(bytes);
	}
}

static void base64_both_ways(void **state)
{
	uint8_t bytes[300], *back;
	size_t len, got;
	char *text;

	(void)state;
	for (len = 0; len < sizeof(bytes); len++)
		bytes[len] = (uint8_t)(len * 7);
	for (len = 0; len <= sizeof(bytes); len++) {
		text = tb_base64_encode(bytes, len);
		assert_int_equal(tb_base64_decode(text, &back, &got), 0);
		assert_int_equal(got, len);
		assert_memory_equal(back, bytes, len);
		free(text);
		free(back);
	}
}

static void base64_refused(void **state)
{
	static const char *const texts[] = {
		"Z",	"Zg",	  "Zg=",  "Zg===", "====", "Zg==Zg==", "Z===",
		"=Zg=", "Zm9v\n", " Zm9", "Zm9v ", "Zm-_", "Zm9v====", "Z\xc3\xa4v",
	};
	uint8_t *bytes;
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (tb_base64_decode(texts[i], &bytes, &len) != -EINVAL)
			fail_msg("'%s' is taken for base64", texts[i]);
}

static void base64_too_long(void **state)
{
	(void)state;
	assert_null(tb_base64_encode("", SIZE_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_both_ways),  cmocka_unit_test(hex_refused),
		cmocka_unit_test(base64_known),	  cmocka_unit_test(base64_both_ways),
		cmocka_unit_test(base64_refused), cmocka_unit_test(base64_too_long),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
