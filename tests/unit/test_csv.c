// SPDX-License-Identifier: GPL-2.0-only
/* Tables as comma-separated values: what a spreadsheet writes is read; what is no table is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "csv.h"

/* The text as rows is the JSON, by id if it has one */
static void same(const char *text, const char *wanted)
{
	char why[128] = "";
	json_t *rows = tb_csv_rows(text, strlen(text), why, sizeof(why)), *by_id;
	char *is;

	if (!rows)
		fail_msg("%s", why);
	by_id = tb_csv_by_id(rows);
	is = json_dumps(by_id ?: rows, JSON_COMPACT);
	assert_string_equal(is, wanted);
	free(is);
	json_decref(by_id);
	json_decref(rows);
}

static void wrong(const char *text, size_t len, const char *wanted)
{
	char why[128] = "";

	assert_null(tb_csv_rows(text, len, why, sizeof(why)));
	assert_non_null(strstr(why, wanted));
}

static void cells(void **state)
{
	(void)state;
	same("a,b\n1,x\n", "[{\"a\":1,\"b\":\"x\",\"line\":2}]");
	same("a,b\r\n-7,1.5\r\n", "[{\"a\":-7,\"b\":1.5,\"line\":2}]");
	same("a,b\n\"1\",\"\"\"q\"\", r\"\n", "[{\"a\":\"1\",\"b\":\"\\\"q\\\", r\",\"line\":2}]");
	same("a,b\n\"two\nlines\",2\n,3",
	     "[{\"a\":\"two\\nlines\",\"b\":2,\"line\":2},{\"b\":3,\"line\":4}]");
	same("# people\na\n# more\n\n-\n2026-01-01\n1/2\n",
	     "[{\"a\":\"-\",\"line\":5},{\"a\":\"2026-01-01\",\"line\":6},{\"a\":\"1/2\",\"line\":7}]");
	same("t.en,t.zh\nyes,是\n", "[{\"t\":{\"en\":\"yes\",\"zh\":\"是\"},\"line\":2}]");
	same("a\n99999999999999999999\n", "[{\"a\":\"99999999999999999999\",\"line\":2}]");
	same("a,b\n", "[]");
}

static void versions(void **state)
{
	(void)state;
	same("id,figure,unit,extend\nx,9,months,1\n",
	     "{\"x\":{\"id\":\"x\",\"figure\":9,\"unit\":\"months\",\"extend\":{\"months\":1,\"times\":1},"
	     "\"line\":2,\"months\":9}}");
	same("id,n\nx,1\ny,2\nx,3\nx,4\n",
	     "{\"x\":[{\"id\":\"x\",\"n\":1,\"line\":2},{\"id\":\"x\",\"n\":3,\"line\":4},"
	     "{\"id\":\"x\",\"n\":4,\"line\":5}],\"y\":{\"id\":\"y\",\"n\":2,\"line\":3}}");
}

static void faults(void **state)
{
	char many[200];

	(void)state;
	wrong("a\n\"x\n", 5, "line 3: a quote has no end");
	wrong("a\n\"x", 4, "a quote has no end");
	wrong("a\n1\n2,3\n", 8, "line 3: more cells");
	wrong("a\n\xff\n", 4, "line 2");
	memset(many, ',', sizeof(many));
	wrong(many, sizeof(many), "more than 32 columns");
}

/* Whatever the bytes are, it ends, and within them */
static void any_bytes(void **state)
{
	static const char alphabet[] = "a1,\"\n\r#.-";
	unsigned int seed = 1, i, round;
	char text[64], why[128];

	(void)state;
	for (round = 0; round < 20000; round++) {
		size_t len = round % sizeof(text);
		json_t *rows;
		char *copy;

		for (i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		/* On the heap: one byte beyond it is found. */
		copy = malloc(len ?: 1);
		assert_non_null(copy);
		memcpy(copy, text, len);
		rows = tb_csv_rows(copy, len, why, sizeof(why));
		if (rows)
			json_decref(tb_csv_by_id(rows));
		json_decref(rows);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(versions),
		cmocka_unit_test(faults),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
