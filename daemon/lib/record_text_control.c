// SPDX-License-Identifier: GPL-2.0-only
/* Records of what the station does by itself, for people; see record_text.c. */
#include <endian.h>
#include <inttypes.h>

#include "record_priv.h"
#include "timefmt.h"

static void describe_due(const struct tb_record *rec, FILE *out)
{
	char late[TB_DURATION_SIZE], time[TB_TIME_SIZE];
	struct tongbu_due d;

	if (tb_record_payload(rec, &d, sizeof(d)))
		return;
	fprintf(out, "clock %" PRIu64 " due at %s, %s late", le64toh(d.id),
		tb_time_format(le64toh(d.due), time),
		tb_duration_format(le64toh(d.lateness), late));
}

/**
 * tb_record_control_describe() - say what such a record tells
 * @rec: the record
 * @out: where to
 *
 * Return: false for a record that is none.
 */
bool tb_record_control_describe(const struct tb_record *rec, FILE *out)
{
	switch (rec->kind) {
	case TONGBU_KIND_DUE:
		describe_due(rec, out);
		return true;
	default:
		return false;
	}
}
