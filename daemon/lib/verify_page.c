// SPDX-License-Identifier: GPL-2.0-only
/* A verification as a page; headings are in English and Chinese. */
#include "verify_page.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "hex.h"
#include "outfile.h"
#include "term.h"
#include "timefmt.h"

/* Events that are listed; all that are kept are in the picture. */
#define LINES 500U

static const char style[] =
	"body{font:14px/1.4 sans-serif;margin:2em auto;max-width:60em;color:#111}"
	"h1{font-size:1.4em}h2{font-size:1.1em;margin-top:1.5em}"
	"table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .5em;"
	"text-align:left;vertical-align:top;overflow-wrap:anywhere}"
	".verdict{font-size:1.3em;font-weight:bold;border:3px solid;padding:.4em}"
	".good{border-color:#060}.bad{border-color:#a00}"
	"svg text{font:11px sans-serif}svg .last{text-anchor:end}"
	".chain{fill:#bcd;stroke:#234}.gap{fill:#fff;stroke:#a00}.lost{fill:#a00}"
	".clock_step{fill:#639}.unsynced{fill:#c80}.silent{fill:#555}.gone{fill:#000}"
	".held{fill:#060}.end{stroke:#000;stroke-width:3}"
	".open{stroke:#000;stroke-width:2;stroke-dasharray:3 3}"
	".key{padding:0}.key li{display:inline-block;margin-right:1.2em}"
	"@media print{body{margin:0;max-width:none}tr,svg{break-inside:avoid}"
	"*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}";

/**
 * tb_page_text() - write anybody's text so that it is text to whoever reads the page
 * @text: the text; what is not UTF-8, or does not print, becomes U+FFFD
 * @out: where to
 */
void tb_page_text(const char *text, FILE *out)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t i, run, len = strlen(text);
	uint32_t c;

	for (i = 0; i < len; i += run) {
		run = tb_char_next(bytes + i, len - i, &c);
		if (c == '&')
			fputs("&amp;", out);
		else if (c == '<')
			fputs("&lt;", out);
		else if (c == '>')
			fputs("&gt;", out);
		else if (c == '"')
			fputs("&quot;", out);
		else if (c == '\'')
			fputs("&#39;", out);
		else if (c == TB_CHAR_NONE || tb_char_unseen(c) || c == 0xfffe || c == 0xffff)
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(bytes + i, 1, run, out);
	}
}

static void put_row(const char *en, const char *zh, const char *text, FILE *out)
{
	fprintf(out, "<tr><th>%s %s</th><td>", en, zh);
	tb_page_text(text, out);
	fputs("</td></tr>\n", out);
}

static void put_number(const char *en, const char *zh, uint64_t number, FILE *out)
{
	fprintf(out, "<tr><th>%s %s</th><td>%" PRIu64 "</td></tr>\n", en, zh, number);
}

static int hash_file(const struct tb_bundle *bundle, char text[TB_HEX_SIZE(EVP_MAX_MD_SIZE)])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t buf[65536], hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	ssize_t got = -1;
	off_t at = 0;

	if (ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL))
		while ((got = pread(bundle->fd, buf, sizeof(buf), at)) > 0 &&
		       EVP_DigestUpdate(ctx, buf, (size_t)got))
			at += got;
	if (got || !EVP_DigestFinal_ex(ctx, hash, &len))
		len = 0;
	EVP_MD_CTX_free(ctx);
	tb_hex_encode(text, hash, len);
	return len ? 0 : -EIO;
}

/* Nothing but this style is let in, by its hash. */
static int put_head(FILE *out)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned int len;
	char *base64;

	if (!EVP_Digest(style, sizeof(style) - 1, hash, &len, EVP_sha256(), NULL))
		return -EIO;
	base64 = tb_base64_encode(hash, len);
	if (!base64)
		return -ENOMEM;
	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-%s&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width\"/>\n"
		"<title>Verification of a bundle of records 记录包验证书</title>\n<style>%s</style>\n</head>\n<body>\n"
		"<h1>Verification of a bundle of records <span lang=\"zh\">记录包验证书</span></h1>\n",
		base64, style);
	free(base64);
	return 0;
}

static void put_verdict(const struct tb_verify_result *result, FILE *out)
{
	const struct tb_verify_place *bad = &result->bad;
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	fprintf(out, "<p class=\"verdict %s\">%s: %s</p>\n", result->ok ? "good" : "bad",
		result->ok && result->keyed ? "Verified 验证通过" :
		result->ok		    ? "Structure only, no key 仅查结构，未用密钥" :
					      "NOT verified 验证未通过",
		tb_verdict_name(result->verdict, result->keyed));
	if (result->verdict == TB_VERIFIED)
		return;
	fprintf(out,
		"<p>First bad: record %" PRIu64 " of chain %s, at byte %" PRIu64
		". 首个不符的记录。 ",
		bad->seq, tb_hex_encode(chain, bad->chain, TONGBU_CHAIN_LEN), bad->offset);
	tb_page_text(bad->detail, out);
	fputs("</p>\n", out);
	if (!result->walked)
		fputs("<p>What stands behind it was not judged. 其后内容未作判断。</p>\n", out);
}

static void put_file(const struct tb_verify_page *page, const char *hash, FILE *out)
{
	char now[TB_TIME_SIZE];

	fputs("<h2>The file 文件</h2>\n<table>\n", out);
	put_row("Name", "名称", page->path, out);
	put_row("SHA-256", "哈希", hash, out);
	put_number("Bytes", "字节", page->bundle->records_offset + page->bundle->records_len, out);
	if (page->bundle->station)
		put_row("Station, as the file says", "站点（文件自述）", page->bundle->station,
			out);
	if (page->bundle->created)
		put_row("Packed, as the file says", "打包时间（文件自述）", page->bundle->created,
			out);
	put_row("Verified at", "验证时间", tb_time_format(tb_time_now(), now), out);
	put_row("By", "验证程序", "tongbu-verify " TONGBU_VERSION, out);
	fputs("</table>\n", out);
}

static void put_keys(const struct tb_verify_page *page, FILE *out)
{
	char fingerprint[TB_FINGERPRINT_SIZE];
	const struct tb_vkey *key;
	char *text;
	size_t i;

	fputs("<h2>Keys used 所用密钥</h2>\n<table>\n", out);
	put_row("Supervisor's key", "监督方密钥",
		page->key ? tb_key_fingerprint(page->key->public, fingerprint) :
			    "none: anybody can make what passes without it",
		out);
	for (i = 0; page->policy && (key = tb_policy_key(page->policy, i)); i++) {
		text = tb_vkey_text(key);
		put_row(key->type == TB_VKEY_LOG ? "Log's key" : "Witness's key",
			key->type == TB_VKEY_LOG ? "日志公钥" : "见证方公钥", text ?: "", out);
		free(text);
	}
	fputs("</table>\n", out);
}

static void put_facts(const struct tb_verify_result *result, FILE *out)
{
	const struct tb_verify_facts *facts = &result->facts;
	char text[TB_TIME_SIZE];

	fputs("<h2>What the good records say 记录内容</h2>\n<table>\n", out);
	put_number("Records", "记录数", result->records, out);
	put_number("Chains (boots)", "记录链（启动次数）", result->chains, out);
	if (result->records) {
		put_row("From", "自", tb_time_format(facts->first_realtime, text), out);
		put_row("To", "至", tb_time_format(facts->last_realtime, text), out);
	}
	put_number("Acts of people", "人员行为", facts->acts, out);
	put_number("Edges", "电平变化", facts->edges, out);
	put_number("Gaps", "缺失段", result->gap_count, out);
	put_number("Events lost", "丢失事件", facts->events_lost, out);
	put_number("Clock steps", "时钟跳变", facts->clock_steps, out);
	put_number("Records with a clock not synchronised", "时钟未同步的记录", facts->unsynced,
		   out);
	put_number("Chains broken off", "中断的记录链", facts->broken_off, out);
	put_number("Receipts that agree", "相符的回执", result->receipts, out);
	fputs("</table>\n", out);
}

static void put_chain(const struct tb_verify_page *page, size_t i, FILE *out)
{
	const struct tb_verify_chain *chain = &page->result->each[i];
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], from[TB_TIME_SIZE], until[TB_TIME_SIZE];
	const char *name;
	uint64_t since;
	size_t k;

	fprintf(out,
		"<tr><td>%s</td><td>%" PRIu64 "–%" PRIu64 "</td><td>%s<br/>%s</td><td>%s</td><td>",
		tb_hex_encode(id, chain->id, TONGBU_CHAIN_LEN), chain->first, chain->last,
		tb_time_format(chain->from, from), tb_time_format(chain->until, until),
		chain->ended			 ? "ended 已结束" :
		i + 1 < page->result->each_count ? "broken off 中断" :
						   "no END 无结束记录");
	if (chain->held)
		fprintf(out, "up to record %" PRIu64, chain->held_seq);
	else
		fputs("—", out);
	for (k = 0; (name = tb_held_since(chain, page->held, k, &since)); k++) {
		fputs("<br/>", out);
		tb_page_text(name, out);
		fprintf(out, ", %s", tb_time_format(since * TB_NSEC_PER_SEC, from));
	}
	fputs("</td></tr>\n", out);
}

static void put_chains(const struct tb_verify_page *page, FILE *out)
{
	const struct tb_verify_result *result = page->result;
	size_t i;

	fputs("<h2>Chains 记录链</h2>\n<table>\n"
	      "<tr><th>Chain 链</th><th>Records 记录</th><th>Time 时间</th><th>End 结束</th>"
	      "<th>Held elsewhere, by whom, since when 异地留存</th></tr>\n",
	      out);
	for (i = 0; i < result->each_count; i++)
		put_chain(page, i, out);
	fputs("</table>\n<h2>Timeline 时间图</h2>\n", out);
	tb_verify_picture(result, out);
	fputs("<h2>To be asked about 需说明的事项</h2>\n<ul>\n", out);
	for (i = 0; i < result->event_count && i < LINES; i++) {
		fprintf(out,
			"<li>chain %02x%02x%02x%02x: ", result->each[result->events[i].chain].id[0],
			result->each[result->events[i].chain].id[1],
			result->each[result->events[i].chain].id[2],
			result->each[result->events[i].chain].id[3]);
		tb_verify_event_text(&result->events[i], out);
		fputs("</li>\n", out);
	}
	if (!i)
		fputs("<li>nothing 无</li>\n", out);
	fputs("</ul>\n", out);
	if (i < result->event_count || result->events_left_out)
		fprintf(out, "<p>And %" PRIu64 " more. 其余从略。</p>\n",
			result->event_count - i + result->events_left_out);
}

static void put_limits(const struct tb_verify_page *page, FILE *out)
{
	size_t i;

	fputs("<h2>What this does not show 本页不能证明</h2>\n<ul>\n"
	      "<li>That what was recorded is true. 记录内容是否属实。</li>\n",
	      out);
	if (!page->result->keyed)
		fputs("<li>That the station sealed it: no key was given. 未用密钥，不能证明由站点封存。</li>\n",
		      out);
	for (i = 0; i < page->held_count && !page->held[i].agrees; i++)
		;
	if (i == page->held_count)
		fputs("<li>That the end was not taken back before: nothing held elsewhere was given that agrees. "
		      "没有相符的异地留存，不能排除末尾曾被撤回。</li>\n",
		      out);
	if (!page->result->end_sealed && !page->result->end_marked)
		fputs("<li>That the last record is the last there was. 不能证明末条即最后一条。</li>\n",
		      out);
	fputs("</ul>\n</body>\n</html>\n", out);
}

/**
 * tb_verify_page_write() - write the page, whole or not at all
 * @page: what goes on it
 * @path: its file
 * @err: told why not
 *
 * Return: 0 or a negative errno.
 */
int tb_verify_page_write(const struct tb_verify_page *page, const char *path, struct tb_error *err)
{
	char hash[TB_HEX_SIZE(EVP_MAX_MD_SIZE)];
	struct tb_outfile out;
	int ret;

	ret = hash_file(page->bundle, hash);
	if (ret)
		return tb_error_set(err, ret, "%s: its hash could not be made", page->path);
	ret = tb_outfile_open(&out, path, err);
	if (ret)
		return ret;
	if (put_head(out.file)) {
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	} else {
		put_verdict(page->result, out.file);
		put_file(page, hash, out.file);
		put_keys(page, out.file);
		put_facts(page->result, out.file);
		put_chains(page, out.file);
		put_limits(page, out.file);
		ret = tb_outfile_commit(&out, err);
	}
	tb_outfile_close(&out);
	return ret;
}
