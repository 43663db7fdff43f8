// SPDX-License-Identifier: GPL-2.0-only
#include "orders.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/**
 * tb_orders_put() - a pack wants an output set
 * @r: the referee, in an event
 * @output: name of the output
 * @value: what it shall be
 *
 * The last order stands; what was wanted before is no matter any more.
 */
void tb_orders_put(struct tb_referee *r, const char *output, int64_t value)
{
	tb_db_do(r->db,
		 "INSERT INTO store (pack, key, value) VALUES ('engine', 'order/' || ?1,"
		 " json_object('record', ?2, 'value', ?3)) ON CONFLICT DO UPDATE SET"
		 " value = excluded.value",
		 "tti", output, r->event->record, value);
}

/**
 * tb_orders_done() - an output was set
 * @r: the referee
 * @event: the record of it
 *
 * An order is done when the output was set because of the record that gave it: with
 * another cause, or for an order since replaced, it is another thing: so is another
 * value, of a record that gave one order after the other. What the chip failed at was
 * not done.
 */
void tb_orders_done(struct tb_referee *r, const struct tb_event *event)
{
	const char *output = json_string_value(json_object_get(event->fields, "output"));
	const char *cause = json_string_value(json_object_get(event->fields, "cause"));
	const json_t *because = json_object_get(event->fields, "because");
	const json_t *value = json_object_get(event->fields, "value");

	if (!output || !cause || strcmp(cause, "set") || !json_is_string(because) ||
	    json_object_get(event->fields, "error"))
		return;
	tb_db_do(r->db,
		 "DELETE FROM store WHERE pack = 'engine' AND key = 'order/' || ?1 AND"
		 " value ->> 'record' = ?2 AND value ->> 'value' = ?3",
		 "tti", output, json_string_value(because), (int64_t)json_integer_value(value));
}

/**
 * tb_referee_each_order() - go through the orders that are open
 * @referee: the referee
 * @each: called with each: the output, what it shall be, and the id of the record
 *	that says so; anything but 0 ends it
 * @userdata: for @each
 *
 * Return: 0, or what @each returned.
 */
int tb_referee_each_order(struct tb_referee *referee,
			  int (*each)(const char *output, int64_t value, const char *record,
				      void *userdata),
			  void *userdata)
{
	sqlite3_stmt *stmt;
	int ret = 0;

	stmt = tb_db_ask(referee->db,
			 "SELECT substr(key, 7), value ->> 'value', value ->> 'record' FROM store"
			 " WHERE pack = 'engine' AND key >= 'order/' AND key < 'order0'",
			 "");
	while (tb_db_row(referee->db, stmt)) {
		ret = each(tb_db_text(stmt, 0), sqlite3_column_int64(stmt, 1), tb_db_text(stmt, 2),
			   userdata);
		if (ret) {
			tb_db_end(stmt);
			break;
		}
	}
	return ret;
}
