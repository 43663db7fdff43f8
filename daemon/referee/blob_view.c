// SPDX-License-Identifier: GPL-2.0-only
#include "blob_view.h"

#include "engine.h"

/**
 * tb_referee_has_role() - is this an actor of that role?
 * @referee: the referee, or NULL
 * @uid: who
 * @role: "admin", or "pack.role"
 *
 * Return: whether.
 */
bool tb_referee_has_role(struct tb_referee *referee, int64_t uid, const char *role)
{
	return referee &&
	       tb_db_number(referee->db, 0, "SELECT 1 FROM role WHERE uid = ?1 AND role = ?2", "it",
			    uid, role);
}

/**
 * tb_referee_sees_blob() - may this user read that blob?
 * @referee: the referee, or NULL
 * @uid: who
 * @hash: the blob, in small letters
 * @brought: asked whether that user brought the blob
 * @userdata: for @brought
 *
 * Admins and supervisors may. So may who is of an office that is a side of a matter whose
 * data name the blob, if who brought the blob has acted in that matter: a hash
 * stands in the chain for all to see, and naming it in a matter of one's own must
 * not open it.
 *
 * Return: whether.
 */
bool tb_referee_sees_blob(struct tb_referee *referee, int64_t uid, const char *hash,
			  bool (*brought)(int64_t by, void *userdata), void *userdata)
{
	sqlite3_stmt *stmt;
	bool sees = false;

	if (!referee)
		return false;
	if (tb_referee_has_role(referee, uid, "admin") ||
	    tb_referee_has_role(referee, uid, "supervisor"))
		return true;
	stmt = tb_db_ask(referee->db,
			 "SELECT DISTINCT t.uid FROM actor AS a JOIN side AS s ON s.office = a.office"
			 " JOIN matter AS m ON m.id = s.matter JOIN timeline AS t ON t.matter = m.id"
			 " WHERE a.uid = ?1 AND instr(lower(m.data), ?2) AND t.uid IS NOT NULL",
			 "it", uid, hash);
	while (!sees && tb_db_row(referee->db, stmt))
		sees = brought(sqlite3_column_int64(stmt, 0), userdata);
	if (sees)
		tb_db_end(stmt);
	return sees;
}
