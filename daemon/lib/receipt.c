// SPDX-License-Identifier: GPL-2.0-only
/*
 * A receipt says that a record was there: its chain, number and tag. Whoever
 * holds one can show later that the record is still there and still the same.
 *
 *	{"chain":"0f...","seq":17,"tag":"5b...","realtime":1795428000000000000,
 *	 "time":"2026-11-23T10:00:00.000000000Z"}
 *	0f...:17:5b...
 */
#include "record.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "timefmt.h"

#define REMEDY                                                                   \
	"a receipt is one line of JSON as 'tongbuctl submit --json' prints it, " \
	"or CHAIN:SEQ:TAG"

/**
 * tb_receipt_of() - the receipt for a record
 * @rec: the record
 * @receipt: filled in
 */
void tb_receipt_of(const struct tb_record *rec, struct tb_receipt *receipt)
{
	memcpy(receipt->chain, rec->chain, TONGBU_CHAIN_LEN);
	memcpy(receipt->tag, rec->tag, TONGBU_TAG_LEN);
	receipt->seq = rec->seq;
	receipt->realtime = rec->realtime;
}

/**
 * tb_receipt_json() - a receipt for programs, and for a file
 * @receipt: the receipt
 *
 * Return: an object of the caller's; NULL without memory.
 */
json_t *tb_receipt_json(const struct tb_receipt *receipt)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], tag[TB_HEX_SIZE(TONGBU_TAG_LEN)];
	char time[TB_TIME_SIZE];

	/* clang-format off: a name and its value on each line */
	return json_pack("{s:s, s:o, s:s, s:o, s:s?}", "chain",
			 tb_hex_encode(chain, receipt->chain, TONGBU_CHAIN_LEN), "seq",
			 tb_json_u64(receipt->seq), "tag",
			 tb_hex_encode(tag, receipt->tag, TONGBU_TAG_LEN), "realtime",
			 tb_json_u64(receipt->realtime), "time",
			 receipt->realtime ? tb_time_format(receipt->realtime, time) : NULL);
	/* clang-format on */
}

static int parse_json(const char *text, struct tb_receipt *receipt)
{
	const char *chain, *tag;
	json_int_t seq, realtime = 0;
	int ret = -EINVAL;
	json_t *json;

	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!json)
		return -EINVAL;
	if (!json_unpack(json, "{s:s, s:I, s:s, s?I}", "chain", &chain, "seq", &seq, "tag", &tag,
			 "realtime", &realtime) &&
	    seq >= 0 && realtime >= 0) {
		receipt->seq = (uint64_t)seq;
		receipt->realtime = (uint64_t)realtime;
		ret = tb_hex_decode(chain, receipt->chain, TONGBU_CHAIN_LEN) ?:
			      tb_hex_decode(tag, receipt->tag, TONGBU_TAG_LEN);
	}
	json_decref(json);
	return ret;
}

static int parse_words(const char *text, struct tb_receipt *receipt)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	char *end;

	if (strnlen(text, sizeof(chain)) < sizeof(chain) || text[sizeof(chain) - 1] != ':')
		return -EINVAL;
	memcpy(chain, text, sizeof(chain) - 1);
	chain[sizeof(chain) - 1] = '\0';
	text += sizeof(chain);
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	receipt->seq = strtoull(text, &end, 10);
	receipt->realtime = 0;
	if (errno || *end != ':')
		return -EINVAL;
	return tb_hex_decode(chain, receipt->chain, TONGBU_CHAIN_LEN) ?:
		       tb_hex_decode(end + 1, receipt->tag, TONGBU_TAG_LEN);
}

/**
 * tb_receipt_parse() - read a receipt
 * @text: a line of JSON, or CHAIN:SEQ:TAG
 * @receipt: filled in; its realtime is 0 if @text does not tell
 * @err: told why not, or NULL
 *
 * Other members of the JSON object are ignored: a whole line of
 * "tongbuctl submit --json" will do, whatever else it says.
 *
 * Return: 0 or -EINVAL.
 */
int tb_receipt_parse(const char *text, struct tb_receipt *receipt, struct tb_error *err)
{
	int ret;

	text += strspn(text, " \t\r\n");
	ret = *text == '{' ? parse_json(text, receipt) : parse_words(text, receipt);
	if (ret)
		return tb_error_set(err, ret, "'%.40s%s' is no receipt: " REMEDY, text,
				    strlen(text) > 40 ? "..." : "");
	return 0;
}
