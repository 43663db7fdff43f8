// SPDX-License-Identifier: GPL-2.0-only
/* Records of what the station does by itself, for programs; see record_json.c. */
#include <endian.h>

#include "record_priv.h"

static json_t *due_json(const struct tb_record *rec)
{
	struct tongbu_due d;

	if (tb_record_payload(rec, &d, sizeof(d)))
		return NULL;
	return json_pack("{s:o, s:o, s:o}", "id", tb_json_u64(le64toh(d.id)), "due",
			 tb_json_u64(le64toh(d.due)), "lateness", tb_json_u64(le64toh(d.lateness)));
}

/**
 * tb_record_control_json() - decode the payload of such a record
 * @rec: the record
 *
 * Return: as tb_record_payload_json(), but NULL for a record that is none.
 */
json_t *tb_record_control_json(const struct tb_record *rec)
{
	switch (rec->kind) {
	case TONGBU_KIND_DUE:
		return due_json(rec);
	default:
		return NULL;
	}
}
