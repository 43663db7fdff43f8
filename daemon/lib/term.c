// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes from outside is shown without control characters, so that a record cannot
 * play tricks on a terminal.
 */
#include "term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/**
 * tb_colour() - may standard output be coloured?
 *
 * Return: true on a terminal, unless NO_COLOR is set.
 */
bool tb_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	/* Once it is known it stays, though a pager may be between by then. */
	static int may = -1;

	if (may < 0)
		may = isatty(STDOUT_FILENO) && !(no && *no) && !(term && !strcmp(term, "dumb"));
	return may;
}

/**
 * tb_columns() - how wide is the terminal?
 *
 * Return: columns of standard output as it was first; 0 if it is no terminal.
 */
unsigned int tb_columns(void)
{
	static int columns = -1;
	struct winsize size;

	if (columns < 0)
		columns = isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ?
				  size.ws_col :
				  0;
	return (unsigned int)columns;
}

/**
 * tb_char_next() - the character that begins here
 * @bytes: what is meant to be UTF-8
 * @len: how many, at least one
 * @c: set to its code point, or to %TB_CHAR_NONE
 *
 * Return: its bytes; 1 for what is no character (RFC 3629: overlong forms, surrogates and
 * what is beyond U+10FFFF are none).
 */
size_t tb_char_next(const uint8_t *bytes, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t run = bytes[0] < 0x80 ? 1 :
		     bytes[0] < 0xc2 ? 0 :
		     bytes[0] < 0xe0 ? 2 :
		     bytes[0] < 0xf0 ? 3 :
		     bytes[0] < 0xf5 ? 4 :
				       0;
	size_t i;

	*c = run < 2 ? bytes[0] : bytes[0] & (0x7fU >> run);
	for (i = 1; i < run && i < len && (bytes[i] & 0xc0) == 0x80; i++)
		*c = *c << 6 | (bytes[i] & 0x3f);
	if (run && i >= run && *c >= least[run] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff))
		return run;
	*c = TB_CHAR_NONE;
	return 1;
}

/**
 * tb_char_unseen() - does this character show nothing, but move or hide what does?
 * @c: its code point
 *
 * Controls, line ends, and those that Unicode calls format characters: what has no width,
 * turns the direction of writing, or tags.
 *
 * Return: whether it does.
 */
bool tb_char_unseen(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },
		{ 0x034f, 0x034f },   { 0x061c, 0x061c },   { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/**
 * tb_text_put() - write bytes that are meant to be UTF-8
 * @bytes: the bytes; what is not UTF-8, or does not print, becomes \xNN
 * @len: how many
 * @out: where to
 */
void tb_text_put(const uint8_t *bytes, size_t len, FILE *out)
{
	size_t i, j, run;
	uint32_t c;

	for (i = 0; i < len; i += run) {
		run = tb_char_next(bytes + i, len - i, &c);
		if (c != TB_CHAR_NONE && !tb_char_unseen(c)) {
			fwrite(bytes + i, 1, run, out);
			continue;
		}
		for (j = 0; j < run; j++)
			fprintf(out, "\\x%02x", bytes[i + j]);
	}
}
