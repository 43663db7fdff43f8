// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers in text, as sensors write them.
 *
 * Nothing here asks the C library for numbers: what is read must be the same on
 * every machine and in every locale. And nothing is guessed: "12,5" is one number
 * to some and two to others, so that who configures the source has to say.
 */
#include "measure_priv.h"

#include <stdint.h>
#include <string.h>

/* A double has no greater power of ten than 308. */
#define EXPONENT_MAX 300

/* A piece of a line, somebody else's */
struct part {
	const char *text;
	size_t len;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_sign(char c)
{
	return c == '+' || c == '-';
}

static struct part trimmed(struct part part)
{
	while (part.len && is_blank(*part.text))
		part.text++, part.len--;
	while (part.len && is_blank(part.text[part.len - 1]))
		part.len--;
	return part;
}

static bool begins(struct part part, const char *with)
{
	return part.len >= strlen(with) && !memcmp(part.text, with, strlen(with));
}

static struct part behind(struct part part, size_t len)
{
	return (struct part){ part.text + len, part.len - len };
}

/* Of a text that is shown in a sentence */
static int shown(struct part part)
{
	return part.len > 40 ? 40 : (int)part.len;
}

static double power_of_ten(int64_t power)
{
	double scale = 1;

	while (power--)
		scale *= 10;
	return scale;
}

/* "e-3", if that is what stands there; the bytes it takes */
static size_t read_exponent(struct part part, int64_t *power)
{
	int64_t sign = 1, number = 0;
	size_t i = 1;

	*power = 0;
	if (part.len < 2 || (*part.text != 'e' && *part.text != 'E'))
		return 0;
	if (is_sign(part.text[i]))
		sign = part.text[i++] == '-' ? -1 : 1;
	if (i == part.len || !is_digit(part.text[i]))
		return 0;
	for (; i < part.len && is_digit(part.text[i]); i++)
		if (number < EXPONENT_MAX)
			number = number * 10 + (part.text[i] - '0');
	*power = sign * number;
	return i;
}

/* The number that the text begins with; the bytes it takes, 0 if there is none */
static size_t read_number(struct part part, char mark, double *number)
{
	bool minus = part.len && *part.text == '-', point = false, digits = false;
	size_t i = part.len && is_sign(*part.text);
	int64_t power, decimals = 0;
	uint64_t mantissa = 0;

	for (; i < part.len; i++) {
		if (part.text[i] == mark && !point) {
			point = true;
			continue;
		}
		if (!is_digit(part.text[i]))
			break;
		digits = true;
		/* Beyond 15 digits a double would not tell them apart. */
		if (mantissa > 99999999999999ULL) {
			if (!point)
				return 0;
			continue;
		}
		mantissa = mantissa * 10 + (uint64_t)(part.text[i] - '0');
		decimals += point;
	}
	if (!digits)
		return 0;
	i += read_exponent(behind(part, i), &power);
	power -= decimals;
	if (power > EXPONENT_MAX || power < -EXPONENT_MAX)
		return 0;
	*number = power < 0 ? (double)mantissa / power_of_ten(-power) :
			      (double)mantissa * power_of_ten(power);
	if (minus)
		*number = -*number;
	return i;
}

/* A number and nothing else but what the description lets stand around it */
static enum tb_measured read_part(const json_t *value, const char *prefix, struct part part,
				  double *number, struct tb_why *why)
{
	const char *suffix = tb_measure_word(value, "suffix", NULL);
	const char *unit = tb_measure_word(value, "unit", "");
	struct part rest;
	size_t len;

	if (!begins(part, prefix))
		return TB_MEASURED_NOT_HERE;
	part = trimmed(behind(part, strlen(prefix)));
	len = read_number(part, *tb_measure_word(value, "decimal", "."), number);
	rest = trimmed(behind(part, len));
	if (len && !rest.len && !suffix)
		return TB_MEASURED;
	if (len && rest.len == strlen(suffix ?: unit) && begins(rest, suffix ?: unit))
		return TB_MEASURED;
	return tb_measure_why(why, part.len ? "\"%.*s\" is no number" : "it is empty", shown(part),
			      part.text);
}

/* The part of that number between separators, from 1 */
static bool find_between(struct part line, char separator, json_int_t number, struct part *found)
{
	const char *end;

	for (; (end = memchr(line.text, separator, line.len)) && number > 1; number--)
		line = behind(line, (size_t)(end - line.text) + 1);
	if (number > 1)
		return false;
	if (end)
		line.len = (size_t)(end - line.text);
	*found = trimmed(line);
	return true;
}

/* Columns between blanks: several of them are one separator. */
static bool find_word(struct part line, json_int_t number, struct part *found)
{
	size_t len;

	for (;; line = behind(line, len)) {
		line = trimmed(line);
		for (len = 0; len < line.len && !is_blank(line.text[len]); len++)
			;
		if (!len || !--number)
			break;
	}
	*found = (struct part){ line.text, len };
	return len;
}

/* A sign begins a number, but for that of an exponent. */
static bool begins_signed(struct part line, size_t at)
{
	return is_sign(line.text[at]) &&
	       !(at > 1 && (line.text[at - 1] | 0x20) == 'e' && is_digit(line.text[at - 2]));
}

static bool ends(struct part part, const char *with)
{
	size_t len = strlen(with);

	return len && part.len > len && !memcmp(part.text + part.len - len, with, len);
}

/* The three characters behind an answer of SDI-12 that was asked for with a CRC (1.4, 4.4.12) */
static bool has_crc(struct part line)
{
	size_t i;

	for (i = line.len - 3; line.len > 3 && i < line.len; i++)
		if ((line.text[i] & 0xc0) != 0x40)
			return false;
	return line.len > 3;
}

static bool is_crc_right(struct part line)
{
	uint16_t crc = 0;
	size_t i;
	int bit;

	for (i = 0; i < line.len - 3; i++) {
		crc ^= (uint8_t)line.text[i];
		for (bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
	}
	return line.text[i] == (0x40 | crc >> 12) &&
	       line.text[i + 1] == (0x40 | (crc >> 6 & 0x3f)) &&
	       line.text[i + 2] == (0x40 | (crc & 0x3f));
}

/* "0+1.234-22.5" of SDI-12: an address, then numbers that are told by their signs */
static bool find_signed(struct part line, json_int_t number, struct part *found)
{
	size_t at, end;

	for (at = 0; at < line.len; at++)
		if (begins_signed(line, at) && !--number)
			break;
	if (at >= line.len)
		return false;
	for (end = at + 1; end < line.len && !begins_signed(line, end); end++)
		;
	*found = (struct part){ line.text + at, end - at };
	return true;
}

/*
 * May its commas be decimal marks as well as separators? Or, of 1.234,5 and 1,234.5, marks of
 * thousands? By the form, not by how many digits there are today.
 */
static bool is_ambiguous(struct part line)
{
	size_t commas = 0, points[2] = { 0 }, i;
	bool blanks = false, mark = false;

	for (i = 1; i + 1 < line.len; i++) {
		if (line.text[i] == ';')
			return false;
		points[commas > 0] += line.text[i] == '.';
		if (line.text[i] == ',') {
			commas++;
			mark = mark || (is_digit(line.text[i - 1]) && is_digit(line.text[i + 1]));
		}
		if (is_blank(line.text[i]) && line.text[i - 1] != ',' && line.text[i + 1] != ',')
			blanks = true;
	}
	if (points[0] || points[1])
		return mark && commas == 1 && !blanks && !(points[0] && points[1]);
	return mark && (commas == 1 || blanks);
}

static bool find_column(const json_t *value, struct part line, json_int_t column,
			struct part *found)
{
	const char *separator = tb_measure_word(value, "separator", NULL);
	bool comma = *tb_measure_word(value, "decimal", ".") != ',';

	if (separator && strlen(separator) == 1)
		return is_blank(*separator) ? find_word(line, column, found) :
					      find_between(line, *separator, column, found);
	if (memchr(line.text, ';', line.len))
		return find_between(line, ';', column, found);
	if (comma && memchr(line.text, ',', line.len))
		return find_between(line, ',', column, found);
	/* One number may have blanks around its unit. */
	if (column == 1 && json_object_get(value, "suffix")) {
		*found = line;
		return true;
	}
	return find_word(line, column, found);
}

/**
 * tb_measure_column() - read a number in a line
 * @value: its description
 * @text: the line
 * @len: its bytes
 * @number: set to it
 * @why: told why not
 *
 * Return: what became of it.
 */
enum tb_measured tb_measure_column(const json_t *value, const char *text, size_t len,
				   double *number, struct tb_why *why)
{
	const json_t *said = json_object_get(value, "column");
	json_int_t column = said ? json_integer_value(said) : 1;
	const char *separator = tb_measure_word(value, "separator", NULL);
	const char *prefix = tb_measure_word(value, "prefix", "");
	struct part line = trimmed((struct part){ text, len }), part;
	bool sign = separator && !strcmp(separator, TB_MEASURE_SIGN);

	if (memchr(text, '\0', len))
		return tb_measure_why(why, "it is no text");
	if (!sign && !separator && !json_object_get(value, "decimal") && is_ambiguous(line))
		return tb_measure_why(why,
				      "\"%.*s\" may be one number or two: say decimal or separator",
				      shown(line), line.text);
	if (sign && has_crc(line) &&
	    !ends(line, tb_measure_word(value, "suffix", tb_measure_word(value, "unit", "")))) {
		if (!is_crc_right(line))
			return tb_measure_why(why, "its checksum is wrong");
		line.len -= 3;
	}
	/* Before the first column the prefix may be a word of its own, or an address. */
	if (column == 1 || sign) {
		if (!begins(line, prefix))
			return TB_MEASURED_NOT_HERE;
		line = trimmed(behind(line, strlen(prefix)));
		prefix = "";
	}
	if (!(sign ? find_signed(line, column, &part) : find_column(value, line, column, &part)))
		return tb_measure_why(why, "\"%.*s\" has no column %lld", shown(line), line.text,
				      (long long)column);
	return read_part(value, prefix, part, number, why);
}

/* "text*hh": the checksum is the exclusive or of the text. */
static bool is_checked(struct part text)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned int sum = 0;
	size_t i;

	if (text.len < 3 || text.text[text.len - 3] != '*')
		return false;
	for (i = 0; i < text.len - 3; i++)
		sum ^= (unsigned char)text.text[i];
	return (text.text[i + 1] & ~0x20) == (digits[sum >> 4] & ~0x20) &&
	       (text.text[i + 2] & ~0x20) == (digits[sum & 15] & ~0x20);
}

/**
 * tb_measure_field() - read a number in a sentence of NMEA 0183
 * @value: its description
 * @text: the sentence, a TAG block before it or not, a checksum behind it or not
 * @len: its bytes
 * @number: set to it
 * @why: told why not
 *
 * "$GPGGA,...*47": of which talker, is no matter.
 *
 * Return: what became of it.
 */
enum tb_measured tb_measure_field(const json_t *value, const char *text, size_t len, double *number,
				  struct tb_why *why)
{
	const char *sentence = tb_measure_word(value, "sentence", "");
	json_int_t field = json_integer_value(json_object_get(value, "field"));
	struct part line = trimmed((struct part){ text, len }), part;
	const char *end;

	if (memchr(text, '\0', len))
		return tb_measure_why(why, "it is no text");
	while (begins(line, "\\")) {
		end = memchr(line.text + 1, '\\', line.len - 1);
		if (!end)
			return TB_MEASURED_NOT_HERE;
		line = behind(line, (size_t)(end - line.text) + 1);
	}
	if (!begins(line, "$") && !begins(line, "!"))
		return TB_MEASURED_NOT_HERE;
	line = behind(line, 1);
	if (memchr(line.text, '$', line.len) || memchr(line.text, '!', line.len))
		return tb_measure_why(why, "there is more than one sentence in the line");
	end = memchr(line.text, '*', line.len);
	if (end && !is_checked(line))
		return tb_measure_why(why, "its checksum is wrong");
	if (end)
		line.len = (size_t)(end - line.text);
	find_between(line, ',', 1, &part);
	if (part.len < strlen(sentence) ||
	    !begins(behind(part, part.len - strlen(sentence)), sentence))
		return TB_MEASURED_NOT_HERE;
	if (!find_between(line, ',', field + 1, &part))
		return tb_measure_why(why, "%s has no field %lld", sentence, (long long)field);
	return read_part(value, tb_measure_word(value, "prefix", ""), part, number, why);
}
