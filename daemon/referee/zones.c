// SPDX-License-Identifier: GPL-2.0-only
/*
 * The station's time zone, as the last record on it says: its rule stands in the record,
 * so that the same records have the same dates wherever, and whenever, they are folded.
 */
#include "calendar.h"
#include "engine.h"

static const char key[] = "zone";

/**
 * tb_zone_load() - the zone that was in force when the state was left
 * @r: the referee
 */
void tb_zone_load(struct tb_referee *r)
{
	sqlite3_stmt *stmt;

	r->zone = r->options.rule;
	stmt = tb_db_ask(r->db,
			 "SELECT json_extract(value, '$.rule'), json_extract(value, '$.name')"
			 " FROM store WHERE pack = 'engine' AND key = ?",
			 "t", key);
	if (!tb_db_row(r->db, stmt))
		return;
	if (!tb_zone_rule(tb_db_text(stmt, 0) ?: "", &r->zone))
		snprintf(r->zone.name, sizeof(r->zone.name), "%s", tb_db_text(stmt, 1) ?: "");
	tb_db_end(stmt);
}

/**
 * tb_zone_set() - from here on this is the station's zone
 * @r: the referee, in an act
 * @name: its name
 * @rule: its rule, as tb_zone_rule() takes it
 *
 * Days that were counted stay as they are.
 *
 * Return: 0 or -EINVAL.
 */
int tb_zone_set(struct tb_referee *r, const char *name, const char *rule)
{
	struct tb_zone zone;
	int ret = tb_zone_rule(rule, &zone);

	if (ret)
		return ret;
	snprintf(zone.name, sizeof(zone.name), "%s", name);
	r->zone = zone;
	tb_db_do(r->db,
		 "INSERT INTO store (pack, key, value) VALUES ('engine', ?, json_object('name', ?,"
		 " 'rule', ?)) ON CONFLICT DO UPDATE SET value = excluded.value",
		 "ttt", key, name, rule);
	return 0;
}

/**
 * tb_referee_zone() - the zone that a record named
 * @referee: the referee
 *
 * Return: the referee's own; without a rule if no record named any.
 */
const struct tb_zone *tb_referee_zone(const struct tb_referee *referee)
{
	return &referee->zone;
}

/**
 * tb_zone_at() - how far is the station east of UTC?
 * @r: the referee
 * @time: when, seconds since 1970
 *
 * Return: seconds.
 */
int tb_zone_at(const struct tb_referee *r, int64_t time)
{
	return *r->zone.rule ? tb_zone_offset(&r->zone, time) : r->options.zone;
}

/**
 * tb_zone_date() - the date at the station
 * @r: the referee
 * @time: seconds since 1970
 *
 * Return: the day.
 */
int64_t tb_zone_date(const struct tb_referee *r, int64_t time)
{
	return tb_date_of(time, tb_zone_at(r, time));
}

/**
 * tb_zone_day_end() - the last second of a day at the station
 * @r: the referee
 * @day: the day
 *
 * Return: seconds since 1970.
 */
int64_t tb_zone_day_end(const struct tb_referee *r, int64_t day)
{
	int64_t end = tb_date_end(day, tb_zone_at(r, tb_date_end(day, 0)));

	/* Where clocks are changed at midnight, what holds then is what counts. */
	return tb_date_end(day, tb_zone_at(r, end));
}
