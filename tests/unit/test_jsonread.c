// SPDX-License-Identifier: GPL-2.0-only
/* What is read in one walk is what json_loadb() reads, and what it refuses is refused. */
#include <string.h>

#include "jsonread.h"
#include "jsontext.h"
#include "unit.h"

static const char *const texts[] = {
	"{}",
	"[]",
	" {\t\"a\" :\r\n1 , \"b\":[ ] } ",
	"{\"a\":{\"b\":[1,-2,[3,{\"c\":null}],true,false]}}",
	"\"text\"",
	"\"\"",
	"17",
	"null",
	"{\"zh\":\"期限\",\"期限\":\"zh\"}",
	"{\"a\":\"q\\\"b\\\\s\\/\\b\\f\\n\\r\\t\"}",
	"{\"a\":\"\\u671f\\ud83d\\ude00\"}",
	"{\"a\\n\":1}",
	"[0,-0,1,-1,12345678901234567,1234567890123456789,9223372036854775807]",
	"[0.5,-1.25e3,1E5,120.123456789,1e-7]",
	"{\"a\":1,\"a\":2}",
	"{\"0123456789012345678901234567890123456789012345678901234567890123456789\":1}",
	"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
	"",
	" ",
	"{",
	"[",
	"{\"a\"",
	"{\"a\":",
	"{\"a\":1",
	"{\"a\":1,",
	"{\"a\":1,}",
	"{,}",
	"[1,]",
	"[1 2]",
	"[1}",
	"{\"a\":1]",
	"{a:1}",
	"{\"a\" 1}",
	"\"open",
	"\"open\\",
	"\"\\x\"",
	"\"\\u12\"",
	"\"\n\"",
	"\"\xff\"",
	"\"\xe6\x9c\"",
	"{\"\xff\":1}",
	"01",
	"-",
	"+1",
	"1.",
	".5",
	"1e",
	"12345678901234567890",
	"1e999",
	"nul",
	"nulls",
	"tru",
	"{} {}",
	"[1] x",
};

static void same(const char *text, size_t len, size_t flags)
{
	json_t *mine = tb_json_read(text, len, flags, NULL);
	json_t *theirs = json_loadb(text, len, flags, NULL);

	if (!mine != !theirs || (mine && !json_equal(mine, theirs)))
		fail_msg("%.*s", (int)len, text);
	json_decref(mine);
	json_decref(theirs);
}

/* Each text, and each beginning of it */
static void is_as_jansson_reads_it(void **state)
{
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (len = 0; len <= strlen(texts[i]); len++) {
			same(texts[i], len, 0);
			same(texts[i], len, JSON_DECODE_ANY);
			same(texts[i], len, JSON_REJECT_DUPLICATES);
		}
	same("{}\0", 3, 0);
	same("\"a\0b\"", 5, JSON_DECODE_ANY);
}

/* A text of 1,000 letters with an escape at any place, one that does not fit included */
static void long_texts(void **state)
{
	char text[1100];
	size_t len, at;

	(void)state;
	for (len = 1000; len < sizeof(text) - 3; len += 13)
		for (at = 1; at < len; at += 97) {
			memset(text, 'x', len);
			text[0] = '"';
			text[at] = '\\';
			text[at + 1] = 'n';
			text[len + 1] = '"';
			text[len] = 'y';
			same(text, len + 2, JSON_DECODE_ANY);
		}
}

static void what_is_wrong_is_said(void **state)
{
	json_error_t mine, theirs;

	(void)state;
	assert_null(tb_json_read("{\"a\":1,}", 8, 0, &mine));
	assert_null(json_loadb("{\"a\":1,}", 8, 0, &theirs));
	assert_string_equal(mine.text, theirs.text);
	assert_int_equal(mine.position, theirs.position);
}

/* A pair is written as an object of two is. */
static void pairs(void **state)
{
	static const char *const each[][2] = { { "due", "到期" },
					       { "", "" },
					       { "\"\\\n\x01", "\x7f" } };
	char *mine, *theirs;
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		json = json_pack("{s:s, s:s}", "zh", each[i][1], "en", each[i][0]);
		theirs = tb_json_text(json);
		mine = tb_json_pair(each[i][0], strlen(each[i][0]), each[i][1], strlen(each[i][1]));
		assert_string_equal(mine, theirs);
		json_decref(json);
		free(theirs);
		free(mine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_jansson_reads_it),
		cmocka_unit_test(long_texts),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(pairs),
	};

	return cmocka_run_group_tests_name("jsonread", tests, NULL, NULL);
}
