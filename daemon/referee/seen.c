// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may see what: the matters of which a side is one's office or one below it;
 * admins, supervisors and auditors all. While a report runs, what packs read is held to that.
 */
#include "engine.h"

/**
 * tb_seen_all() - does this user see all?
 * @r: the referee
 * @viewer: the user
 *
 * Return: whether it is an admin, a supervisor or an auditor.
 */
bool tb_seen_all(struct tb_referee *r, int64_t viewer)
{
	return tb_db_number(r->db, 0,
			    "SELECT EXISTS (SELECT 1 FROM role WHERE role = 'admin' AND uid = ?1) OR"
			    " EXISTS (SELECT 1 FROM role WHERE role = 'supervisor' AND uid = ?1) OR"
			    " EXISTS (SELECT 1 FROM role WHERE role = 'auditor' AND uid = ?1)",
			    "i", viewer);
}

/**
 * tb_referee_readers() - who sees all?
 * @r: the referee
 *
 * Return: an array of their uids, in order; null while nobody has the role admin, and
 * anybody may take it; the caller's.
 */
json_t *tb_referee_readers(struct tb_referee *r)
{
	json_t *uids = json_array();
	sqlite3_stmt *stmt;

	if (!tb_db_number(r->db, 0, "SELECT EXISTS (SELECT 1 FROM role WHERE role = 'admin')",
			  "")) {
		json_decref(uids);
		return json_null();
	}
	stmt = tb_db_ask(r->db,
			 "SELECT DISTINCT uid FROM role WHERE role IN ('admin', 'supervisor',"
			 " 'auditor') ORDER BY uid",
			 "");
	while (tb_db_row(r->db, stmt))
		json_array_append_new(uids, json_integer(sqlite3_column_int64(stmt, 0)));
	return uids;
}

/**
 * tb_seen_role() - has this user any role of a pack?
 * @r: the referee
 * @pack: the pack
 * @viewer: the user
 *
 * Return: whether.
 */
bool tb_seen_role(struct tb_referee *r, const char *pack, int64_t viewer)
{
	return tb_db_number(r->db, 0,
			    "SELECT 1 FROM role WHERE uid = ?1 AND"
			    " substr(role, 1, length(?2) + 1) = ?2 || '.'",
			    "it", viewer, pack);
}

/**
 * tb_seen_begin() - from here on what is read is what a user may see
 * @r: the referee
 * @viewer: the user
 *
 * Until tb_seen_end().
 */
void tb_seen_begin(struct tb_referee *r, int64_t viewer)
{
	sqlite3_stmt *stmt;

	r->own = json_object();
	stmt = tb_db_ask(r->db,
			 "WITH RECURSIVE own(id) AS (SELECT office FROM actor WHERE uid = ? UNION"
			 " SELECT office.id FROM office JOIN own ON office.parent = own.id)"
			 " SELECT id FROM own",
			 "i", viewer);
	while (tb_db_row(r->db, stmt))
		json_object_set_new(r->own, tb_db_text(stmt, 0), json_true());
}

/**
 * tb_seen_end() - from here on all may be read
 * @r: the referee
 */
void tb_seen_end(struct tb_referee *r)
{
	json_decref(r->own);
	r->own = NULL;
}

/**
 * tb_seen_office() - may what is of this office alone be read?
 * @r: the referee
 * @office: the office, or NULL
 *
 * Return: whether.
 */
bool tb_seen_office(const struct tb_referee *r, const char *office)
{
	return !r->own || (office && json_object_get(r->own, office));
}

/**
 * tb_seen_matter() - may this matter be read?
 * @r: the referee
 * @matter: the matter; NULL for what is of none
 *
 * Return: whether.
 */
bool tb_seen_matter(struct tb_referee *r, const char *matter)
{
	sqlite3_stmt *stmt;
	bool seen = false;

	if (!r->own)
		return true;
	if (!matter)
		return false;
	stmt = tb_db_ask(r->db, "SELECT office FROM side WHERE matter = ? ORDER BY office", "t",
			 matter);
	while (!seen && tb_db_row(r->db, stmt))
		seen = tb_seen_office(r, tb_db_text(stmt, 0));
	if (seen)
		tb_db_end(stmt);
	return seen;
}
