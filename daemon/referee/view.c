// SPDX-License-Identifier: GPL-2.0-only
#include "view.h"

#include <stddef.h>
#include <string.h>

/* A matter is seen by its sides, and by the offices above them. */
#define SEEN(id)                                                     \
	"EXISTS (SELECT 1 FROM side WHERE side.matter = " id " AND " \
	"side.office IN (SELECT id FROM own))"
#define ACTOR		"EXISTS (SELECT 1 FROM actor AS viewer WHERE viewer.uid = ?1)"

#define OFFICE_NAME(id) "(SELECT name FROM office WHERE office.id = " id ")"
#define ACTOR_NAME(uid) "(SELECT name FROM actor WHERE actor.uid = " uid ")"
#define MATTER_TITLE(id)                                                      \
	"(SELECT kind FROM matter WHERE matter.id = " id ") AS matter_kind, " \
	"(SELECT title FROM matter WHERE matter.id = " id ") AS \"matter_title{}\""

#define MATTER                                                                                                                                     \
	"matter.id, matter.pack, matter.kind, matter.title AS \"title{}\", matter.stage,"                                                          \
	" matter.office, " OFFICE_NAME("matter.office") " AS office_name, matter.key,"                                                             \
							" matter.place, (SELECT name FROM place WHERE place.id = matter.place) AS"                 \
							" place_name, matter.opened, matter.closed, matter.record, (SELECT min(due) FROM"          \
							" clock WHERE clock.matter = matter.id AND clock.state IN ('running', 'waiting')) AS due," \
							" (SELECT count(*) FROM clock WHERE clock.matter = matter.id AND clock.state ="            \
							" 'overdue') AS overdue"

static const struct tb_view views[] = {
	{ "matters",
	  MATTER,
	  "matter",
	  SEEN("matter.id"),
	  't',
	  "(matter.opened, matter.pack, matter.no) < (SELECT m.opened, m.pack, m.no FROM matter AS"
	  " m WHERE m.id = ?)",
	  "matter.opened DESC, matter.pack DESC, matter.no DESC",
	  { { "pack", 't', "matter.pack = ?" },
	    { "kind", 't', "matter.kind = ?" },
	    { "stage", 't', "matter.stage = ?" },
	    { "office", 't', "matter.office = ?" },
	    { "key", 't', "matter.key = ?" },
	    { "place", 't', "matter.place = ?" },
	    { "open", 'b', "matter.closed IS NULL" },
	    { "overdue", 'b',
	      "(matter.closed IS NULL AND EXISTS (SELECT 1 FROM clock WHERE clock.matter ="
	      " matter.id AND clock.state = 'overdue'))" },
	    { "since", 'i', "matter.opened >= ?" },
	    { "until", 'i', "matter.opened <= ?" },
	    { "record", 't',
	      "matter.id IN (SELECT timeline.matter FROM timeline WHERE timeline.record = ?)" } } },
	{ "matter",
	  MATTER ", matter.data AS \"data{}\"",
	  "matter",
	  SEEN("matter.id"),
	  't',
	  "0 = ?",
	  "matter.id",
	  { { "id", 't', "matter.id = ?" } } },
	{ "clocks",
	  "clock.id, clock.pack, clock.name, clock.matter, " MATTER_TITLE("clock.matter") ", clock.key,"
											  " clock.started, clock.due, clock.extended, clock.state, clock.doubt, clock.law AS \"law{}\","
											  " clock.record",
	  "clock",
	  SEEN("clock.matter"),
	  'i',
	  "(clock.due, clock.id) > (SELECT c.due, c.id FROM clock AS c WHERE c.id = ?)",
	  "clock.due, clock.id",
	  { { "pack", 't', "clock.pack = ?" },
	    { "kind", 't', "clock.name = ?" },
	    { "office", 't',
	      "EXISTS (SELECT 1 FROM matter WHERE matter.id = clock.matter AND matter.office = ?)" },
	    { "matter", 't', "clock.matter = ?" },
	    { "key", 't', "clock.key = ?" },
	    { "open", 'b',
	      "(clock.state IN ('running', 'waiting') OR (clock.state = 'overdue' AND EXISTS (SELECT 1 FROM"
	      " matter WHERE matter.id = clock.matter AND matter.closed IS NULL)))" },
	    { "overdue", 'b', "clock.state = 'overdue'" },
	    { "since", 'i', "clock.due >= ?" },
	    { "until", 'i', "clock.due <= ?" },
	    { "record", 't', "clock.record = ?" } } },
	{ "findings",
	  "finding.id, finding.pack, finding.rule, finding.level, finding.text AS \"text{}\","
	  " finding.law AS \"law{}\", finding.matter, finding.uid, " ACTOR_NAME("finding.uid") " AS"
											       " name, finding.record, finding.time, finding.resolved AS \"resolved{}\"",
	  "finding",
	  /* Without a matter: what oneself caused, and one's people */
	  "(" SEEN("finding.matter") " OR (finding.matter IS NULL AND (finding.uid = ?1 OR EXISTS"
				     " (SELECT 1 FROM actor WHERE actor.uid = finding.uid AND actor.office IN (SELECT id"
				     " FROM own)))))",
	  'i',
	  "finding.id < ?",
	  "finding.id DESC",
	  { { "pack", 't', "finding.pack = ?" },
	    { "rule", 't', "finding.rule = ?" },
	    { "level", 't', "finding.level = ?" },
	    { "matter", 't', "finding.matter = ?" },
	    { "office", 't',
	      "EXISTS (SELECT 1 FROM matter WHERE matter.id = finding.matter AND matter.office ="
	      " ?)" },
	    { "open", 'b', "finding.resolved IS NULL" },
	    { "since", 'i', "finding.time >= ?" },
	    { "until", 'i', "finding.time <= ?" },
	    { "record", 't', "finding.record = ?" } } },
	{ "tasks",
	  "task.id, task.pack, task.matter, " MATTER_TITLE("task.matter") ", task.office,"
									  " " OFFICE_NAME("task.office") " AS office_name, task.uid, " ACTOR_NAME("task.uid") " AS"
																			      " name, task.text AS \"text{}\", task.key, task.record, task.time, task.done",
	  "task",
	  "(" SEEN("task.matter") " OR task.uid = ?1 OR task.office IN (SELECT id FROM own))",
	  'i',
	  "task.id > ?",
	  "task.id",
	  { { "pack", 't', "task.pack = ?" },
	    { "matter", 't', "task.matter = ?" },
	    { "office", 't', "task.office = ?" },
	    { "key", 't', "task.key = ?" },
	    { "mine", 'b',
	      "(ifnull(task.uid = ?1, 0) OR (task.uid IS NULL AND ifnull(task.office = (SELECT"
	      " actor.office FROM actor WHERE actor.uid = ?1), 0)))" },
	    { "open", 'b', "task.done IS NULL" },
	    { "since", 'i', "task.time >= ?" },
	    { "until", 'i', "task.time <= ?" },
	    { "record", 't', "task.record = ?" } } },
	{ "notices",
	  "notice.id, notice.pack, notice.kind, notice.title AS \"title{}\", notice.text AS"
	  " \"text{}\", notice.place, notice.grp AS \"group\", notice.key, notice.since AS \"from\","
	  " notice.until AS \"to\", notice.refers, notice.record, notice.time, notice.cancelled AS"
	  " \"cancelled{}\"",
	  "notice",
	  ACTOR,
	  'i',
	  "notice.id < ?",
	  "notice.id DESC",
	  { { "pack", 't', "notice.pack = ?" },
	    { "kind", 't', "notice.kind = ?" },
	    { "matter", 't', "notice.key = ?" },
	    { "key", 't', "notice.key = ?" },
	    { "place", 't', "notice.place = ?" },
	    { "group", 't', "notice.grp = ?" },
	    { "open", 'b', "notice.cancelled IS NULL" },
	    { "since", 'i', "notice.time >= ?" },
	    { "until", 'i', "notice.time <= ?" },
	    { "record", 't', "notice.record = ?" } } },
	{ "places",
	  "place.id, place.kind, place.name, place.office, place.parent, place.road, place.from_km,"
	  " place.to_km, place.river, nullif(place.length_km, 0) AS length_km, place.area AS"
	  " \"area{}\", place.data AS"
	  " \"data{}\"",
	  "place",
	  ACTOR,
	  't',
	  "place.id > ?",
	  "place.id",
	  { { "kind", 't', "place.kind = ?" },
	    { "office", 't', "place.office = ?" },
	    { "key", 't', "place.id = ?" },
	    { "road", 't', "place.road = ?" },
	    { "river", 't', "place.river = ?" } } },
	{ "offices",
	  "office.id, office.name, office.parent, office.kind, office.owns AS \"owns{}\", office.data"
	  " AS \"data{}\", (SELECT count(*) FROM actor WHERE actor.office = office.id) AS actors",
	  "office",
	  ACTOR,
	  't',
	  "office.id > ?",
	  "office.id",
	  { { "kind", 't', "office.kind = ?" },
	    { "key", 't', "office.id = ?" },
	    { "office", 't', "office.parent = ?" } } },
	{ "actors",
	  "actor.uid, actor.name, actor.office, " OFFICE_NAME("actor.office") " AS office_name,"
									      " actor.roles AS \"roles{}\"",
	  "actor",
	  ACTOR,
	  'i',
	  "actor.uid > ?",
	  "actor.uid",
	  { { "office", 't', "actor.office = ?" }, { "uid", 'i', "actor.uid = ?" } } },
	{ "balances",
	  "balance.id, balance.pack, balance.account, balance.points, balance.lines",
	  "(SELECT pack || '/' || account AS id, pack, account, sum(n) AS points, count(*) AS lines"
	  " FROM points GROUP BY pack, account) AS balance",
	  ACTOR,
	  't',
	  "balance.id > ?",
	  "balance.id",
	  { { "pack", 't', "balance.pack = ?" } } },
	{ "points",
	  "line.no AS id, line.pack, line.account, line.n AS points, line.balance, line.reason,"
	  " line.key, line.record",
	  "(SELECT *, sum(n) OVER (PARTITION BY pack, account ORDER BY no) AS balance FROM points)"
	  " AS line",
	  ACTOR,
	  'i',
	  "line.no > ?",
	  "line.no",
	  { { "account", 't', "line.account = ?" },
	    { "pack", 't', "line.pack = ?" },
	    { "key", 't', "line.key = ?" },
	    { "record", 't', "line.record = ?" } } },
	{ "packs",
	  "pack.no AS id, pack.name, pack.hash, pack.record, pack.no = (SELECT max(p.no) FROM pack"
	  " AS p WHERE p.name = pack.name) AS in_force",
	  "pack",
	  NULL,
	  'i',
	  "pack.no > ?",
	  "pack.no",
	  { { "pack", 't', "pack.name = ?" },
	    { "open", 'b',
	      "pack.no = (SELECT max(p.no) FROM pack AS p WHERE p.name = pack.name)" } } },
	/* The roster: of exports alone */
	{ ".duties",
	  "duty.no, duty.office, " OFFICE_NAME("duty.office") " AS office_name, duty.uid, " ACTOR_NAME("duty.uid") " AS name, duty.days AS \"days{}\", duty.since AS \"from\", duty.until AS \"to\"",
	  "duty",
	  "(duty.uid = ?1 OR duty.office IN (SELECT id FROM own))",
	  'i',
	  "duty.no > ?",
	  "duty.no",
	  { { "office", 't', "duty.office = ?" } } },
	/* What one matter is made of: asked for by query.c alone, when it may be seen */
	{ ".timeline",
	  "timeline.no, timeline.record, timeline.time, timeline.uid, " ACTOR_NAME("timeline.uid") " AS"
												   " name, timeline.text AS \"text{}\"",
	  "timeline",
	  NULL,
	  'i',
	  "timeline.no > ?",
	  "timeline.no",
	  { { "matter", 't', "timeline.matter = ?" } } },
	{ ".owners",
	  "owner.office, " OFFICE_NAME("owner.office") " AS office_name, owner.reason, owner.record,"
						       " owner.time",
	  "owner",
	  NULL,
	  'i',
	  "owner.no > ?",
	  "owner.no",
	  { { "matter", 't', "owner.matter = ?" } } },
	{ ".sides",
	  "side.office, " OFFICE_NAME("side.office") " AS office_name, side.how, side.record",
	  "side",
	  NULL,
	  't',
	  "side.office > ?",
	  "side.how, side.office",
	  { { "matter", 't', "side.matter = ?" } } },
	{ ".links",
	  "link.other AS matter, link.how, link.record",
	  "link",
	  NULL,
	  't',
	  "link.other > ?",
	  "link.other, link.how",
	  { { "matter", 't', "link.matter = ?" } } },
	{ 0 },
};

/**
 * tb_view_find() - the list of a name
 * @name: its name
 *
 * Return: the list, or NULL.
 */
const struct tb_view *tb_view_find(const char *name)
{
	const struct tb_view *view;

	for (view = views; view->name; view++)
		if (!strcmp(view->name, name))
			return view;
	return NULL;
}
