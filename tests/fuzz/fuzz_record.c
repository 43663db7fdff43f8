// SPDX-License-Identifier: GPL-2.0-only
/*
 * One record of any kind: shown to people and to programs, and the values that are
 * read in it. The first byte says how a frame is to be read.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "record.h"

static const char *const descriptions[] = {
	"[{\"name\":\"a\",\"poll\":0,\"index\":0,\"type\":\"u16\"},"
	"{\"name\":\"b\",\"poll\":1,\"index\":3,\"type\":\"float\",\"order\":\"CDAB\"}]",
	"[{\"name\":\"a\",\"sentence\":\"GGA\",\"field\":2},"
	"{\"name\":\"b\",\"sentence\":\"RMC\",\"field\":3,\"factor\":0.01}]",
	"[{\"name\":\"a\",\"column\":1},{\"name\":\"b\",\"column\":5,\"offset\":-3}]",
	"[{\"name\":\"a\",\"factor\":0.2,\"unit\":\"mm\"}]",
	/* Of a referee that knows more */
	"[{\"name\":\"a\",\"type\":\"f32\"},{\"name\":\"b\",\"order\":\"little\"},"
	"{\"name\":\"c\",\"index\":-1},{\"name\":\"d\",\"index\":9223372036854775807},"
	"{\"name\":\"e\",\"sentence\":\"GGA\",\"field\":-1},{\"name\":\"f\",\"column\":-1}]",
};

#define COUNT (sizeof(descriptions) / sizeof(descriptions[0]))

static const json_t *description(size_t which)
{
	static json_t *read[COUNT];

	which %= COUNT;
	if (!read[which])
		read[which] = json_loads(descriptions[which], 0, NULL);
	return read[which];
}

/* Whatever is in the record, what is written is JSON. */
static void show_json(const struct tb_record *rec, const struct tb_names *names)
{
	char text[TB_RECORD_JSON_SIZE];
	json_t *json;

	tb_record_json(rec, names, text);
	json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!json)
		abort();
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_names *names;
	struct tb_record rec;

	if (!len || tb_record_parse(data + 1, len - 1, chain, &rec))
		return 0;
	names = tb_names_new();
	tb_names_learn(names, &rec);
	tb_record_text(&rec, names, nowhere());
	show_json(&rec, names);
	json_decref(tb_measure_read(description(data[0]), &rec, NULL));
	tb_names_free(names);
	return 0;
}
