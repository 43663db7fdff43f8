// SPDX-License-Identifier: GPL-2.0-only
/*
 * Personal data has no place in a text that is sealed in clear. What looks like the
 * number of an identity card, of a mobile telephone or of a vehicle is found, in the
 * shapes people write it: full width, in groups, with a prefix, side by side. Ordinary
 * numbers are not: an identity number has a province and a day of birth in it, a
 * mobile's number its length, its beginning and its grouping. Landlines and short
 * numbers are those of offices, and pass.
 */
#include "personal.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define PIECES 12
#define DIGITS 64

/**
 * struct said - a text, a character each, in the width of ASCII and in capitals
 * @chars: the characters
 * @count: how many
 */
struct said {
	uint32_t *chars;
	size_t count;
};

static uint32_t next_character(const unsigned char **text)
{
	const unsigned char *c = *text;
	uint32_t value = *c;
	int more = value >= 0xf0 ? 3 : value >= 0xe0 ? 2 : value >= 0xc0 ? 1 : 0;

	value &= more == 3 ? 0x07 : more == 2 ? 0x0f : more == 1 ? 0x1f : 0xff;
	for (c++; more && (*c & 0xc0) == 0x80; more--)
		value = value << 6 | (*c++ & 0x3f);
	*text = c;
	return value;
}

/* 0: it is not seen, and parts nothing */
static uint32_t plain(uint32_t c)
{
	static const uint32_t dashes[] = { 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015,
					   0x2212, 0x30fc, 0xb7,   0x2022, 0x2027, 0x30fb };
	size_t i;

	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	else if (c == 0x3000 || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == '\t')
		c = ' ';
	else if ((c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff || c == 0xad)
		return 0;
	for (i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++)
		if (c == dashes[i])
			return '-';
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_sign(uint32_t c)
{
	return is_digit(c) || is_letter(c);
}

static bool is_gap(uint32_t c)
{
	return c < 128 && c && strchr(" -./_()", (int)c);
}

static uint32_t at(const struct said *s, size_t i)
{
	return i < s->count ? s->chars[i] : 0;
}

static int number_of(const char *digits, size_t from, size_t len)
{
	int n = 0;

	while (len--)
		n = n * 10 + digits[from++] - '0';
	return n;
}

static bool is_day(const char *digits)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = number_of(digits, 0, 4), month = number_of(digits, 4, 2),
	    day = number_of(digits, 6, 2);

	return year >= 1880 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1];
}

static bool is_province(const char *digits)
{
	static const char provinces[] = "11121314152122233132333435363741424344454650515253546162"
					"636465717281828391";
	const char *p;

	for (p = provinces; *p; p += 2)
		if (!strncmp(p, digits, 2))
			return true;
	return false;
}

/* 17 digits of an identity number: province, county, day of birth, order */
static bool is_identity(const char *digits)
{
	return is_province(digits) && is_day(digits + 6);
}

/* The 15 digits of before 1999, whose year has two */
static bool is_old_identity(const char *digits)
{
	char day[] = "19YYMMDD";

	memcpy(day + 2, digits + 6, 6);
	return is_province(digits) && is_day(day);
}

static bool is_mobile(const char *digits)
{
	return digits[0] == '1' && digits[1] >= '3';
}

/* Side by side without anything between them: nothing but such numbers */
static bool is_tiled(const char *digits, size_t len)
{
	if (!len)
		return true;
	return (len >= 11 && is_mobile(digits) && is_tiled(digits + 11, len - 11)) ||
	       (len >= 18 && is_identity(digits) && is_tiled(digits + 18, len - 18));
}

/**
 * struct groups - digits in groups that stand together
 * @digits: they, without what stands between
 * @ends: where each group ends in @digits
 * @count: how many groups
 * @from: character of the text each group begins at
 * @to: the one behind it
 * @tight: no group is parted from the next by a space
 */
struct groups {
	char digits[DIGITS + 1];
	size_t ends[PIECES];
	size_t from[PIECES];
	size_t to[PIECES];
	size_t count;
	bool tight;
};

static size_t skip_gap(const struct said *s, size_t i, bool *space)
{
	size_t gap;

	for (gap = 0; gap < 3 && is_gap(at(s, i)); gap++, i++)
		*space = *space || at(s, i) == ' ';
	return i;
}

/* The groups from character @i on, as many as fit; false if a run is too long for a name */
static bool take_groups(const struct said *s, size_t i, struct groups *g)
{
	size_t len = 0;
	bool space = false;

	memset(g, 0, sizeof(*g));
	g->tight = true;
	while (g->count < PIECES) {
		g->from[g->count] = i;
		for (; is_digit(at(s, i)) && len < DIGITS; i++)
			g->digits[len++] = (char)at(s, i);
		if (is_digit(at(s, i)))
			return g->count > 0;
		g->to[g->count] = i;
		g->ends[g->count++] = len;
		i = skip_gap(s, i, &space);
		if (!is_digit(at(s, i)))
			break;
	}
	g->tight = !space;
	return true;
}

/* How people part the eleven digits: where the groups end, a bit for each place */
static bool is_grouping(uint32_t ends, const char *digits, bool tight)
{
	switch (ends) {
	case 0: /* 13800138000 */
	case 1 << 3 | 1 << 7: /* 138 0013 8000 */
	case 1 << 3 | 1 << 6: /* 138 001 38000 */
	case 1 << 7: /* 1380013 8000 */
	case 1 << 1 | 1 << 4 | 1 << 7: /* 1 380 013 8000 */
	case 0x7fe: /* one by one */
		return true;
	case 1 << 3: /* 138 00138000, but not a number and a date */
		return !is_day(digits + 3);
	case 1 << 4 | 1 << 7: /* 1380-013-8000 */
		return tight;
	default:
		return false;
	}
}

/* An amount, or a fraction: 13800138000.50, 0.13800138000, 13800138000元 */
static bool is_amount(const struct said *s, size_t from, size_t to)
{
	size_t decimals = 0;

	if (at(s, to) == 0x5143 || (at(s, to) == 'Y' && at(s, to + 1) == 'U'))
		return true;
	if (from && (s->chars[from - 1] == 0xa5 || s->chars[from - 1] == 0xffe5))
		return true;
	if (from > 1 && s->chars[from - 1] == '.' && is_digit(s->chars[from - 2]))
		return true;
	if (at(s, to) == '.')
		while (is_digit(at(s, to + 1 + decimals)))
			decimals++;
	return decimals == 1 || decimals == 2;
}

/* The first @count groups: is it a mobile's number, with or without a prefix? */
static bool groups_mobile(const struct said *s, const struct groups *g, size_t count)
{
	static const char *const prefixes[] = { "", "0", "86", "0086", "086" };
	size_t len = g->ends[count - 1], skip, i, p;
	uint32_t ends;

	for (p = 0; p < sizeof(prefixes) / sizeof(prefixes[0]); p++) {
		skip = strlen(prefixes[p]);
		if (len != skip + 11 || strncmp(g->digits, prefixes[p], skip) != 0 ||
		    !is_mobile(g->digits + skip) || (skip == 1 && g->ends[0] == 1))
			continue;
		ends = 0;
		for (i = 0; i + 1 < count; i++)
			if (g->ends[i] > skip)
				ends |= 1u << (g->ends[i] - skip);
		if (is_grouping(ends, g->digits + skip, g->tight))
			return ends || !is_amount(s, g->from[0], g->to[count - 1]);
	}
	return false;
}

static bool groups_identity(const struct said *s, const struct groups *g, size_t count)
{
	size_t len = g->ends[count - 1], end = g->to[count - 1];

	if (len == 15 && count == 1)
		return is_old_identity(g->digits);
	if (count > 6 || len < 17 || !is_identity(g->digits))
		return false;
	if (len == 18)
		return true;
	while (is_gap(at(s, end)) && end < g->to[count - 1] + 2)
		end++;
	return len == 17 && at(s, end) == 'X' && !is_letter(at(s, end + 1));
}

/* A name in hexadecimal, such as a hash: digits in it are no number. Its length, or 0 */
static size_t hex_name(const struct said *s, size_t i)
{
	size_t len = 0;
	bool letters = false;

	for (; is_digit(at(s, i)) || (at(s, i) >= 'A' && at(s, i) <= 'F'); i++, len++)
		letters = letters || is_letter(at(s, i));
	return letters && len >= 24 && !is_letter(at(s, i)) ? len : 0;
}

static bool has_number(const struct said *s)
{
	struct groups g;
	size_t i = 0, count, name;

	while (i < s->count) {
		name = !i || !is_letter(s->chars[i - 1]) ? hex_name(s, i) : 0;
		if (name || !is_digit(s->chars[i])) {
			i += name ?: 1;
			continue;
		}
		if (take_groups(s, i, &g)) {
			if (g.ends[0] > 18 && is_tiled(g.digits, g.ends[0]))
				return true;
			for (count = 1; count <= g.count; count++)
				if (groups_mobile(s, &g, count) || groups_identity(s, &g, count))
					return true;
		}
		while (is_digit(at(s, i)))
			i++;
	}
	return false;
}

static bool in(uint32_t c, const char *list)
{
	const unsigned char *text = (const unsigned char *)list;

	while (*text)
		if (next_character(&text) == c)
			return true;
	return false;
}

/**
 * struct tail - letters and digits that end a plate
 * @len: how many
 * @digits: how many of them are digits
 * @end: the character behind them
 */
struct tail {
	size_t len;
	size_t digits;
	size_t end;
};

/* What stands together from character @i on, or one by one with a gap between each */
static struct tail take_tail(const struct said *s, size_t i)
{
	struct tail t = { .end = i };
	bool space = false, apart = false;
	size_t next;

	while (is_sign(at(s, t.end))) {
		t.digits += is_digit(at(s, t.end));
		t.len++;
		next = skip_gap(s, ++t.end, &space);
		if (t.len == 1)
			apart = next > t.end;
		if (apart && is_sign(at(s, next)) && !is_sign(at(s, next + 1)))
			t.end = next;
	}
	return t;
}

/* Of the armed police, and of the forces: WJ and a province, or a word and a letter; five */
static bool is_service_plate(const struct said *s, size_t i)
{
	bool space = false;
	struct tail t;

	if (i >= 2 && s->chars[i - 2] == 'W' && s->chars[i - 1] == 'J') {
		t = take_tail(s, skip_gap(s, i + 1, &space));
		return t.len == 5 && t.digits >= 4;
	}
	if (!in(s->chars[i], "军空海北南沈兰济成广") || !is_letter(at(s, i + 1)))
		return false;
	t = take_tail(s, skip_gap(s, i + 2, &space));
	return t.len == 5 && t.digits == 5 && !space;
}

/* Of embassies: six digits; of Hong Kong and Macau: two letters and up to four, so said */
static bool is_foreign_plate(const struct said *s, size_t i)
{
	bool space = false;
	size_t digits = 0;

	if (in(s->chars[i], "使领")) {
		for (i = skip_gap(s, i + 1, &space); is_digit(at(s, i)); digits++)
			i = skip_gap(s, i + 1, &space);
		return digits == 6;
	}
	if (!in(s->chars[i], "港澳") || at(s, i + 1) != 0x724c)
		return false;
	for (i += 2; is_gap(at(s, i)) || at(s, i) == ':'; i++)
		;
	if (!is_letter(at(s, i)) || !is_letter(at(s, i + 1)))
		return false;
	for (i = skip_gap(s, i + 2, &space); is_digit(at(s, i)); digits++)
		i = skip_gap(s, i + 1, &space);
	return digits >= 1 && digits <= 4;
}

/* Province, letter, five or six letters and digits; or four and a word for the sort */
static bool is_plate(const struct said *s, size_t i)
{
	bool space = false;
	struct tail t;

	if (is_service_plate(s, i) || is_foreign_plate(s, i))
		return true;
	if (!in(s->chars[i], "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"))
		return false;
	i = skip_gap(s, i + 1, &space);
	if (!is_letter(at(s, i)))
		return false;
	t = take_tail(s, skip_gap(s, i + 1, &space));
	if (t.len == 4 && t.digits >= 2)
		return in(at(s, skip_gap(s, t.end, &space)), "挂学警港澳超领使应");
	return (t.len == 5 && t.digits >= 3) || (t.len == 6 && t.digits >= 4);
}

/**
 * tb_personal_find() - does a text hold what looks like personal data?
 * @text: the text, UTF-8
 *
 * Return: what it found first, a number of a person before one of a vehicle.
 */
enum tb_personal tb_personal_find(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	enum tb_personal found = TB_PERSONAL_NONE;
	size_t digits = 0, i;
	struct said s = { 0 };

	/* The digits of full width end as those of ASCII begin, with 0x90 for 0x30. */
	for (; *c; c++)
		digits += (*c >= '0' && *c <= '9') || (*c >= 0x90 && *c <= 0x99);
	if (digits < 2)
		return found;
	s.chars = malloc(strlen(text) * sizeof(*s.chars));
	if (!s.chars)
		return found;
	for (c = (const unsigned char *)text; *c;) {
		s.chars[s.count] = plain(next_character(&c));
		s.count += s.chars[s.count] != 0;
	}
	if (has_number(&s))
		found = TB_PERSONAL_NUMBER;
	for (i = 0; !found && i < s.count; i++)
		if (s.chars[i] > 0x4e00 && is_plate(&s, i))
			found = TB_PERSONAL_PLATE;
	free(s.chars);
	return found;
}

/**
 * tb_personal_in() - do data hold what looks like personal data?
 * @value: the data
 * @named: names of what is in them count as well
 *
 * Return: whether any text does.
 */
bool tb_personal_in(const json_t *value, bool named)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value))
		return tb_personal_find(json_string_value(value));
	json_object_foreach((json_t *)value, key, item)
		if ((named && tb_personal_find(key)) || tb_personal_in(item, true))
			return true;
	json_array_foreach((json_t *)value, i, item)
		if (tb_personal_in(item, true))
			return true;
	return false;
}

/**
 * tb_personal_why() - why a field is refused
 * @what: what it holds
 * @path: the field
 * @why: where to, in both languages as JSON
 * @size: room there
 */
void tb_personal_why(enum tb_personal what, const char *path, char *why, size_t size)
{
	char en[300], zh[300], *text;

	snprintf(en, sizeof(en),
		 what == TB_PERSONAL_PLATE ?
			 "field %.150s has what looks like a number plate: put it in a blob" :
			 "field %.150s has what looks like an identity or telephone number: put personal data in a blob",
		 path);
	snprintf(zh, sizeof(zh),
		 what == TB_PERSONAL_PLATE ?
			 "字段%.150s疑似含有车牌号：须另存密文" :
			 "字段%.150s疑似含有身份证号或手机号：个人信息须另存密文",
		 path);
	text = tb_state_text(en, zh, "");
	snprintf(why, size, "%s", text ?: "a text holds personal data");
	free(text);
}
