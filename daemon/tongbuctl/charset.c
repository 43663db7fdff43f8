// SPDX-License-Identifier: GPL-2.0-only
/*
 * A spreadsheet in China saves CSV in GBK, another in UTF-16. What is no UTF-8 is read as
 * GB 18030, of which GBK and GB 2312 are parts; a guess, so whoever asked is told of it.
 */
#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <jansson.h>
#include <stdbool.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

/**
 * struct outlet - a stream into the charset of the locale
 * @cd: from UTF-8
 * @to: what is written to
 * @held: the beginning of a character whose end is still to come
 * @count: its bytes
 */
struct outlet {
	iconv_t cd;
	FILE *to;
	uint8_t held[4];
	size_t count;
};

/* What is written is no text for people, and stays as it is. */
static bool raw;

/* iconv_open() fails with -1, although it returns a pointer. */
static bool is_open(iconv_t cd)
{
	return (intptr_t)cd != -1;
}

/* The first @len bytes held; what the charset has not becomes \uXXXX, as in JSON and C. */
static void put_char(struct outlet *outlet, size_t len)
{
	char *in = (char *)outlet->held, small[8], *out = small;
	size_t in_left = len, out_left = sizeof(small);
	uint32_t c;

	if (iconv(outlet->cd, &in, &in_left, &out, &out_left) == 0) {
		fwrite(small, 1, sizeof(small) - out_left, outlet->to);
		return;
	}
	iconv(outlet->cd, NULL, NULL, NULL, NULL);
	tb_char_next(outlet->held, len, &c);
	if (c == TB_CHAR_NONE)
		fprintf(outlet->to, "\\x%02x", outlet->held[0]);
	else
		fprintf(outlet->to, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
}

static ssize_t write_outlet(void *cookie, const char *text, size_t len)
{
	struct outlet *outlet = cookie;
	size_t i, run;
	uint32_t c;

	if (raw || ctl.json) {
		fwrite(text, 1, len, outlet->to);
		len = fflush(outlet->to) || ferror(outlet->to) ? 0 : len;
		return (ssize_t)len;
	}
	for (i = 0; i < len; i++) {
		outlet->held[outlet->count++] = (uint8_t)text[i];
		run = tb_char_next(outlet->held, outlet->count, &c);
		/* The rest of it may be in what is written next. */
		if (c == TB_CHAR_NONE && outlet->held[0] >= 0xc2 && outlet->count < 4 &&
		    (outlet->count == 1 || (text[i] & 0xc0) == 0x80))
			continue;
		put_char(outlet, run);
		outlet->count -= run;
		memmove(outlet->held, outlet->held + run, outlet->count);
	}
	return fflush(outlet->to) || ferror(outlet->to) ? 0 : (ssize_t)len;
}

/* The charset asked for, though this machine may not have the locale itself */
static const char *charset_asked(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL, *dot;
	size_t i;

	for (i = 0; i < 3 && !(value && *value); i++)
		value = getenv(names[i]);
	dot = value ? strchr(value, '.') : NULL;
	return dot ? dot + 1 : nl_langinfo(CODESET);
}

static FILE *outlet_new(FILE *to, const char *charset, int mode)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	FILE *file = NULL;

	if (outlet)
		file = fopencookie(outlet, "w", (cookie_io_functions_t){ .write = write_outlet });
	if (!file) {
		free(outlet);
		return to;
	}
	outlet->to = to;
	outlet->cd = iconv_open(charset, "UTF-8");
	if (!is_open(outlet->cd))
		outlet->cd = iconv_open("ASCII", "UTF-8");
	setvbuf(file, NULL, mode, 0);
	return file;
}

/**
 * charset_output() - let what is printed be in the charset of the locale
 *
 * Output for programs (--json, bytes of blobs) stays as it is. Called once, before
 * anything is printed; the streams live as long as the program.
 */
void charset_output(void)
{
	char charset[32];

	snprintf(charset, sizeof(charset), "%.*s", (int)strcspn(charset_asked(), "@"),
		 charset_asked());
	if (!strcasecmp(charset, "UTF-8") || !strcasecmp(charset, "utf8"))
		return;
	stdout = outlet_new(stdout, charset, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);
	stderr = outlet_new(stderr, charset, _IOLBF);
}

/**
 * charset_raw() - what is printed from here on is for programs
 */
void charset_raw(void)
{
	fflush(stdout);
	raw = true;
}

static bool is_utf8(const char *text, size_t len)
{
	json_t *json = json_stringn(text, len);

	json_decref(json);
	return json;
}

/* UTF-16 by its mark; without one by where its zero bytes are */
static const char *utf16_of(const char *text, size_t len)
{
	size_t i, zeros[2] = { 0, 0 };

	if (len >= 2 && !memcmp(text, "\xff\xfe", 2))
		return "UTF-16LE";
	if (len >= 2 && !memcmp(text, "\xfe\xff", 2))
		return "UTF-16BE";
	for (i = 0; i < len && i < 512; i++)
		zeros[i & 1] += !text[i];
	if (len % 2 || zeros[0] + zeros[1] < 8)
		return NULL;
	/* A few characters have their zero on the other side: the Chinese for one is U+4E00. */
	if (zeros[1] > 4 * zeros[0])
		return "UTF-16LE";
	return zeros[0] > 4 * zeros[1] ? "UTF-16BE" : NULL;
}

static unsigned long line_of(const char *text, const char *at)
{
	unsigned long line = 1;

	for (; text < at; text++)
		line += *text == '\n' || (*text == '\r' && text[1] != '\n');
	return line;
}

static int convert(char **text, size_t *len, const char *from, struct tb_error *err)
{
	size_t in_left = *len, out_left = *len * 4, size = out_left;
	char *in = *text, *whole = malloc(size + 1), *out = whole;
	iconv_t cd = iconv_open("UTF-8", from);
	int ret = 0;

	if (!whole || !is_open(cd)) {
		ret = tb_error_set(err, -ENOMEM, "it cannot be read as %s: %s", from,
				   strerror(errno));
	} else if (iconv(cd, &in, &in_left, &out, &out_left) == (size_t)-1) {
		ret = tb_error_set(err, -EILSEQ,
				   "line %lu: this is neither UTF-8 nor %s: save the file as UTF-8",
				   line_of(*text, in), from);
	} else {
		*out = '\0';
		free(*text);
		*text = whole;
		*len = size - out_left;
		whole = NULL;
	}
	if (is_open(cd))
		iconv_close(cd);
	free(whole);
	return ret;
}

/**
 * charset_to_utf8() - make a file's text UTF-8
 * @text: the file with a NUL behind, from malloc(); replaced if it is converted
 * @len: its bytes; changed likewise
 * @was: set to what it was taken for, NULL for UTF-8
 * @err: told what is wrong
 *
 * A byte order mark is taken off.
 *
 * Return: 0 or a negative errno.
 */
int charset_to_utf8(char **text, size_t *len, const char **was, struct tb_error *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	int ret;

	*was = utf16_of(*text, *len);
	if (!*was && !is_utf8(*text, *len))
		*was = "GB18030";
	ret = *was ? convert(text, len, *was, err) : 0;
	if (ret)
		return ret;
	if (*len >= 3 && !memcmp(*text, mark, 3)) {
		*len -= 3;
		memmove(*text, *text + 3, *len + 1);
	}
	if (strlen(*text) != *len)
		return tb_error_set(err, -EINVAL,
				    "line %lu: this is no text: it has a zero byte: save it as UTF-8",
				    line_of(*text, *text + strlen(*text)));
	return 0;
}
