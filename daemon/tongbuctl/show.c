// SPDX-License-Identifier: GPL-2.0-only
#include "show.h"

#include <stdio.h>

#include "ctl.h"

static const char *colour_of(const struct tb_record *rec)
{
	switch (rec->kind) {
	case TONGBU_KIND_LOST:
	case TONGBU_KIND_REFUSED:
		return "\033[31m";
	case TONGBU_KIND_CLOCK:
		return "\033[33m";
	case TONGBU_KIND_EDGE:
		return "\033[32m";
	case TONGBU_KIND_ACT:
		return "\033[36m";
	default:
		return "\033[2m";
	}
}

/**
 * show_record() - show a record
 * @rec: the record
 * @names: what the sources are called; learns from @rec
 *
 * Return: 0 or an exit status.
 */
int show_record(const struct tb_record *rec, struct tb_names *names)
{
	bool colour = ctl_colour();

	tb_names_learn(names, rec);
	if (ctl.json)
		return ctl_print(tb_record_json(rec, names));
	if (colour)
		fputs(colour_of(rec), stdout);
	tb_record_text(rec, names, stdout);
	fputs(colour ? "\033[0m\n" : "\n", stdout);
	return 0;
}

/**
 * show_records() - show records
 * @records: whole records, back to back
 * @len: their bytes
 * @names: what the sources are called; learns from them
 *
 * Return: 0 or an exit status.
 */
int show_records(const uint8_t *records, size_t len, struct tb_names *names)
{
	struct tb_record rec;
	int status = 0;

	for (; len && !status; records += rec.size, len -= rec.size) {
		if (tb_record_frame(records, len, &rec))
			return ctl_bad("bytes among the records are no record");
		status = show_record(&rec, names);
	}
	return status;
}
