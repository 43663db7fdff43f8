// SPDX-License-Identifier: GPL-2.0-only
/*
 * Documents as bytes. What stands in one, formats.lua says; here is what JSON, XML, CSV,
 * iCalendar and ZIP want of any: escaping, folding, lengths, sums.
 */
#include "document.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Octets of a line of iCalendar, its end not counted (RFC 5545, 3.1) */
#define LINE_MAX_OCTETS 75
/* As far back as ZIP can tell a day: 1 January 1980. All files have it, so that the same
 * state gives the same bytes.
 */
#define ZIP_DAY ((1 << 5) | 1)

static int write_document(FILE *out, const json_t *document, struct tb_error *err);

/* A list without items comes out of Lua as an object, unless it says what it is. */
static json_t *with_lists(json_t *json)
{
	json_t *list, *item;
	const char *key;
	size_t i;
	void *next;

	json_object_foreach_safe(json, next, key, item) {
		list = with_lists(item);
		if (list)
			json_object_set_new(json, key, list);
	}
	json_array_foreach(json, i, item) {
		list = with_lists(item);
		if (list)
			json_array_set_new(json, i, list);
	}
	return json_object_get(json, "[]") ? json_array() : NULL;
}

static int write_json(FILE *out, const json_t *body)
{
	json_t *copy = json_deep_copy(body), *list = with_lists(copy);

	json_dumpf(list ?: copy, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(list);
	json_decref(copy);
	return 0;
}

/* What XML 1.0 has no way to write is left out: control characters. */
static void put_xml(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			if ((unsigned char)*text >= ' ' || strchr("\t\n\r", *text))
				fputc(*text, out);
		}
}

static void put_value(FILE *out, const json_t *value, void (*put)(FILE *out, const char *text))
{
	char number[40];

	if (json_is_string(value)) {
		put(out, json_string_value(value));
		return;
	}
	if (json_is_integer(value))
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
	else if (json_is_real(value))
		snprintf(number, sizeof(number), "%.15g", json_real_value(value));
	else
		snprintf(number, sizeof(number), "%s",
			 json_is_boolean(value) ? (json_is_true(value) ? "true" : "false") : "");
	put(out, number);
}

/* { name, attributes?, text? or elements? } */
static void put_element(FILE *out, const json_t *element, int depth)
{
	const char *name = json_string_value(json_object_get(element, "name")) ?: "nothing", *key;
	json_t *inner = json_object_get(element, "elements"), *value;
	size_t i;

	fprintf(out, "%*s<%s", depth, "", name);
	json_object_foreach(json_object_get(element, "attributes"), key, value) {
		fprintf(out, " %s=\"", key);
		put_value(out, value, put_xml);
		fputc('"', out);
	}
	if (json_array_size(inner)) {
		fputs(">\n", out);
		json_array_foreach(inner, i, value)
			put_element(out, value, depth + 1);
		fprintf(out, "%*s</%s>\n", depth, "", name);
	} else if (json_object_get(element, "text")) {
		fputc('>', out);
		put_value(out, json_object_get(element, "text"), put_xml);
		fprintf(out, "</%s>\n", name);
	} else {
		fputs("/>\n", out);
	}
}

static int write_xml(FILE *out, const json_t *body)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	put_element(out, body, 0);
	return 0;
}

/* Lines that are too long go on behind a blank, and never within a character. */
static int write_lines(FILE *out, const json_t *body)
{
	size_t i, len, room;
	const char *text;
	json_t *line;

	json_array_foreach((json_t *)body, i, line) {
		text = json_string_value(line) ?: "";
		for (room = LINE_MAX_OCTETS; strlen(text) > room; room = LINE_MAX_OCTETS - 1) {
			for (len = room; ((unsigned char)text[len] & 0xc0) == 0x80;)
				len--;
			fprintf(out, "%.*s\r\n ", (int)len, text);
			text += len;
		}
		fprintf(out, "%s\r\n", text);
	}
	return 0;
}

static void put_cell(FILE *out, const char *text)
{
	bool quoted = text[strcspn(text, ",\"\r\n")];

	if (quoted)
		fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	if (quoted)
		fputc('"', out);
}

/* { columns, rows }; the mark in front tells spreadsheets that it is UTF-8. */
static int write_csv(FILE *out, const json_t *body)
{
	const json_t *columns = json_object_get(body, "columns");
	json_t *row, *column;
	size_t i, j;

	fputs("\xef\xbb\xbf", out);
	json_array_foreach((json_t *)columns, j, column) {
		fputs(j ? "," : "", out);
		put_value(out, column, put_cell);
	}
	fputs("\r\n", out);
	json_array_foreach(json_object_get(body, "rows"), i, row) {
		json_array_foreach((json_t *)columns, j, column) {
			fputs(j ? "," : "", out);
			put_value(out, json_object_get(row, json_string_value(column) ?: ""),
				  put_cell);
		}
		fputs("\r\n", out);
	}
	return 0;
}

static void put16(FILE *out, uint32_t value)
{
	fputc((int)(value & 0xff), out);
	fputc((int)(value >> 8 & 0xff), out);
}

static void put32(FILE *out, uint32_t value)
{
	put16(out, value);
	put16(out, value >> 16);
}

static uint32_t crc32_of(const char *bytes, size_t len)
{
	uint32_t sum = 0xffffffff;
	size_t i;
	int bit;

	for (i = 0; i < len; i++) {
		sum ^= (unsigned char)bytes[i];
		for (bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
	}
	return ~sum;
}

/**
 * struct stored - a file within a ZIP file
 * @name: its name
 * @name_len: bytes of that
 * @sum: CRC-32 of it
 * @len: its bytes
 * @at: where its header begins
 */
struct stored {
	const char *name;
	uint32_t name_len;
	uint32_t sum;
	uint32_t len;
	uint32_t at;
};

/* What a header says in either place: version 2.0, names in UTF-8, stored as they are */
static void put_stored(FILE *out, const struct stored *file)
{
	put16(out, 20);
	put16(out, 1 << 11);
	put16(out, 0);
	put16(out, 0);
	put16(out, ZIP_DAY);
	put32(out, file->sum);
	put32(out, file->len);
	put32(out, file->len);
	put16(out, file->name_len);
	put16(out, 0);
}

static int store(FILE *out, const json_t *document, struct stored *file, struct tb_error *err)
{
	char *bytes;
	size_t len;
	int ret;

	ret = tb_document_write(document, &bytes, &len, err);
	if (ret)
		return ret;
	if (len > INT32_MAX || ftell(out) > INT32_MAX - (long)len) {
		free(bytes);
		return tb_error_set(err, -EFBIG, "more than a ZIP file can hold: ask for less");
	}
	file->name = json_string_value(json_object_get(document, "name")) ?: "unnamed";
	file->name_len = (uint32_t)strlen(file->name);
	file->len = (uint32_t)len;
	file->sum = crc32_of(bytes, len);
	file->at = (uint32_t)ftell(out);
	fputs("PK\3\4", out);
	put_stored(out, file);
	fwrite(file->name, 1, file->name_len, out);
	fwrite(bytes, 1, len, out);
	free(bytes);
	return 0;
}

static void put_directory(FILE *out, const struct stored *files, size_t count)
{
	uint32_t at = (uint32_t)ftell(out), end;
	size_t i;

	for (i = 0; i < count; i++) {
		fputs("PK\1\2", out);
		/* Made on a Unix, so that the rights at the end are those of one. */
		put16(out, 3 << 8 | 20);
		put_stored(out, &files[i]);
		put16(out, 0);
		put16(out, 0);
		put16(out, 0);
		put32(out, 0100644U << 16);
		put32(out, files[i].at);
		fwrite(files[i].name, 1, files[i].name_len, out);
	}
	end = (uint32_t)ftell(out);
	fputs("PK\5\6", out);
	put32(out, 0);
	put16(out, (uint32_t)count);
	put16(out, (uint32_t)count);
	put32(out, end - at);
	put32(out, at);
	put16(out, 0);
}

/*
 * Documents with names, stored and not packed: no library that a station has writes ZIP
 * files, and tables of a few hundred kilobytes are not worth one more.
 */
static int write_zip(FILE *out, const json_t *body, struct tb_error *err)
{
	size_t i, count = json_array_size(body);
	struct stored *files;
	json_t *document;
	int ret = 0;

	if (count > UINT16_MAX)
		return tb_error_set(err, -EFBIG, "%zu files in a ZIP file: ask for less", count);
	files = calloc(count + 1, sizeof(*files));
	if (!files)
		return tb_error_set(err, -ENOMEM, "out of memory");
	json_array_foreach((json_t *)body, i, document) {
		ret = store(out, document, &files[i], err);
		if (ret)
			break;
	}
	if (!ret)
		put_directory(out, files, count);
	free(files);
	return ret;
}

static int write_document(FILE *out, const json_t *document, struct tb_error *err)
{
	const char *kind = json_string_value(json_object_get(document, "kind")) ?: "";
	const json_t *body = json_object_get(document, "body");
	static const struct {
		const char *kind;
		int (*write)(FILE *out, const json_t *body);
	} kinds[] = {
		{ "json", write_json },
		{ "xml", write_xml },
		{ "lines", write_lines },
		{ "csv", write_csv },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kind, kinds[i].kind))
			return kinds[i].write(out, body);
	if (!strcmp(kind, "zip"))
		return write_zip(out, body, err);
	return tb_error_set(err, -EINVAL, "there is no kind of document %.32s", kind);
}

/**
 * tb_document_write() - a document as bytes
 * @document: an object of kind and body: json, any; xml, an element; lines, those of
 *	iCalendar; csv, columns and rows; zip, a list of documents that have a name besides
 * @bytes: set to them, a NUL behind them; the caller's
 * @len: set to how many
 * @err: told what is wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_document_write(const json_t *document, char **bytes, size_t *len, struct tb_error *err)
{
	FILE *out = open_memstream(bytes, len);
	int ret;

	if (!out)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = write_document(out, document, err);
	if (fclose(out) && !ret)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	if (ret)
		free(*bytes);
	return ret;
}
