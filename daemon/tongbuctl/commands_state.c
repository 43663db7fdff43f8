// SPDX-License-Identifier: GPL-2.0-only
/* The commands about what people do by packs, and what records came to. */
#include "config.h"
#include "state.h"

#define VISIBLE                                                                          \
	"You see the matters of your office, of those below it, and those shared with\n" \
	"them; admins, supervisors, auditors and root see all.\n"
#define MOST_ROWS "at most N rows (default 100, N up to 1000)"
#define NEXT_PAGE "rows after that one: the next page"
#define TIMES	  "TIME is like \"2026-11-23 10:00\", 2026-11-23, -1d, today.\n"

/* Of all lists; which of them a list has, its row says. */
static const struct tb_option filters[] = {
	{ OPT_FILTER, 0, "pack", "PACK", "only of that pack" },
	{ OPT_FILTER, 0, "kind", "KIND", "only of that kind" },
	{ OPT_FILTER, 0, "stage", "STAGE", "only at that stage" },
	{ OPT_FILTER, 0, "office", "ID", "only of that office" },
	{ OPT_FILTER, 0, "matter", "ID", "only of that matter" },
	{ OPT_FILTER, 0, "place", "ID", "only of that place" },
	{ OPT_FILTER, 0, "level", "info|warn|fault", "only of that level" },
	{ OPT_FILTER, 0, "rule", "RULE", "only by that rule" },
	{ OPT_FILTER, 0, "group", "GROUP", "only of that group" },
	{ OPT_FILTER, 0, "road", "NO", "only along that road" },
	{ OPT_FILTER, 0, "river", "NAME", "only along that river" },
	{ OPT_FILTER, 0, "key", "KEY", "only with that key" },
	{ OPT_FILTER, 0, "overdue", NULL, "only with a deadline that was missed" },
	{ OPT_FILTER, 0, "mine", NULL,
	  "only yours, and those of your office that no person was given" },
	{ OPT_FILTER, 0, "all", NULL, "also what is closed, done, resolved or cancelled" },
	{ OPT_FILTER, 0, "since", "TIME", "only from that time on" },
	{ OPT_FILTER, 0, "until", "TIME", "only up to that time" },
	{ OPT_FILTER, 'n', "limit", "N", MOST_ROWS },
	{ OPT_FILTER, 0, "after", "ROW", NEXT_PAGE },
	{ 0 },
};

/* The same words, with what they mean of offices */
static const struct tb_option office_filters[] = {
	{ OPT_FILTER, 0, "kind", "KIND", "only of that kind" },
	{ OPT_FILTER, 0, "office", "ID", "only those directly below that office" },
	{ OPT_FILTER, 0, "key", "ID", "only that office" },
	{ OPT_FILTER, 'n', "limit", "N", MOST_ROWS },
	{ OPT_FILTER, 0, "after", "ROW", NEXT_PAGE },
	{ 0 },
};

static const struct tb_option pack_filters[] = {
	{ OPT_FILTER, 0, "pack", "PACK", "only that pack" },
	{ OPT_FILTER, 0, "all", NULL, "also what was in force before" },
	{ OPT_FILTER, 'n', "limit", "N", MOST_ROWS },
	{ OPT_FILTER, 0, "after", "ROW", NEXT_PAGE },
	{ 0 },
};

static const struct tb_option act_options_table[] = {
	{ OPT_JSON_DATA, 0, "json-data", "JSON",
	  "the fields as one JSON object; can be combined with FIELD=VALUE" },
	{ OPT_WAIT, 0, "wait", NULL, "wait for the result; the default on a terminal" },
	{ OPT_NO_WAIT, 0, "no-wait", NULL, "wait only until it is sealed" },
	{ 0 },
};

static const struct tb_option publish_options[] = {
	{ OPT_PACK, 0, "pack", "PACK", "the pack whose notice it is" },
	{ OPT_PART, 0, "kind", "KIND", "its kind" },
	{ OPT_PART, 0, "key", "NUMBER", "its number" },
	{ OPT_PART, 0, "place", "ID", "of that place" },
	{ OPT_PART, 0, "group", "ID", "of that group" },
	{ OPT_PART, 0, "title", "TEXT", "its title" },
	{ OPT_PART, 0, "text", "TEXT", "its text" },
	{ OPT_PART, 0, "title-zh", "TEXT", "its title in Chinese" },
	{ OPT_PART, 0, "text-zh", "TEXT", "its text in Chinese" },
	{ OPT_PART, 0, "matter", "ID", "publish the text of that matter" },
	{ OPT_PART, 0, "from", "TIME", "valid from that time" },
	{ OPT_PART, 0, "to", "TIME",
	  "valid until that time: 2026-11-23, \"2026-11-23 10:00\", +2h" },
	{ OPT_WAIT, 0, "wait", NULL, "wait for the result; the default on a terminal" },
	{ OPT_NO_WAIT, 0, "no-wait", NULL, "wait only until it is sealed" },
	{ 0 },
};

static const struct tb_option report_options[] = {
	{ OPT_FROM, 0, "from", "DATE", "from that day, as 2026-11-23" },
	{ OPT_TO, 0, "to", "DATE", "up to that day" },
	{ 0 },
};

static const struct tb_option export_options[] = {
	{ TB_OPT_OUT, 'o', "out", "FILE", "write to that file" },
	{ OPT_FROM, 0, "from", "DATE", "from that day, as 2026-11-23" },
	{ OPT_TO, 0, "to", "DATE", "up to that day" },
	{ 0 },
};

#define PACKS_DIR                                                                      \
	{                                                                              \
		OPT_PACKS_DIR, 0, "packs-dir", "DIR",                                  \
			"where packs are (default " TB_PACKS_DIR ", or $TONGBU_PACKS)" \
	}

static const struct tb_option check_options[] = {
	{ OPT_GENERATE, 0, "generate", NULL,
	  "print the examples that are missing, for you to judge and add" },
	{ OPT_AS_OF, 0, "as-of", "DAY", "the law as it held on that day (today)" },
	PACKS_DIR,
	{ 0 },
};

static const struct tb_option show_options[] = {
	{ OPT_TABLE, 0, "table", "conditions|acts|law|texts|facts|clocks|sides|examples|exports",
	  "which table (default conditions)" },
	{ OPT_KIND, 0, "kind", "KIND", "conditions of that kind of matter alone: commutation" },
	{ OPT_AS_OF, 0, "as-of", "DAY", "the law as it held on that day (today)" },
	{ OPT_MARKDOWN, 0, "markdown", NULL, "as a Markdown table" },
	PACKS_DIR,
	{ 0 },
};

static const struct tb_option try_options[] = {
	{ OPT_PACK, 0, "pack", "PACK",
	  "use that pack; may be given more than once (default: all)" },
	PACKS_DIR,
	{ OPT_BLOBS, 0, "blobs", "DIR", "where the blobs are that the records name" },
	{ OPT_TZ, 0, "tz", "ZONE", "the station's time zone, +08:00 (default) or Europe/Berlin" },
	{ OPT_QUIET, 'q', "quiet", NULL, "print only expectations that are not met" },
	{ 0 },
};

static const struct tb_option replay_options[] = {
	{ OPT_CONFIG, 'c', "config", "FILE", "configuration (default " TB_CONFIG_PATH ")" },
	{ OPT_NOW, 0, "now", NULL,
	  "use the packs as they are in their directory now, not those that the records name: "
	  "from which record on would the state differ?" },
	{ 0 },
};

/* A list: its command, what it is of, and which filters it has */
#define LIST(what, text, only)                                           \
	{                                                                \
		"list", "", text, filters, only, NULL, what##_list, true \
	}

static const struct ctl_word act[] = {
	{ NULL, "PACK.KIND [FIELD=VALUE]...", NULL, act_options_table, NULL, NULL, cmd_act, false },
	{ "list", "", "all acts", filters, "pack", NULL, act_list, true },
	{ "show", "PACK.KIND", "the fields of an act", NULL, NULL, NULL, act_show, true },
	{ 0 },
};

static const struct ctl_word matter[] = {
	LIST(matter, "open matters",
	     "pack kind stage office place key overdue all since until limit after"),
	{ "show", "ID", "one matter: data, sides, deadlines, tasks and timeline", NULL, NULL, NULL,
	  matter_show, true },
	{ "act", "ID KIND [FIELD=VALUE]...", "do an act in it, as tongbuctl act does",
	  act_options_table, NULL, NULL, matter_act, false },
	{ 0 },
};

static const struct ctl_word task[] = {
	LIST(task, NULL, "mine pack matter office key all since until limit after"),
	{ 0 },
};

static const struct ctl_word clock[] = {
	LIST(clock, NULL, "pack kind matter office key overdue all since until limit after"),
	{ 0 },
};

static const struct ctl_word finding[] = {
	LIST(finding, NULL, "level pack rule matter office all since until limit after"),
	{ 0 },
};

static const struct ctl_word notice[] = {
	LIST(notice, "what was published, the newest first",
	     "pack kind place group key matter all since until limit after"),
	{ "publish", "[FIELD=VALUE]...", "publish a notice, by an act of the pack", publish_options,
	  NULL, NULL, notice_publish, false },
	{ 0 },
};

static const struct ctl_word place[] = {
	LIST(place, "places", "kind office road river key limit after"),
	{ "check", "FILE", "read FILE, and print its places as import would submit them", NULL,
	  NULL, NULL, place_check, false },
	{ "import", "FILE", "add or change all places of FILE, or none (takes the role admin)",
	  act_options_table, "wait no-wait", NULL, place_import, false },
	{ 0 },
};

static const struct ctl_word office[] = {
	{ "list", "", NULL, office_filters, NULL, NULL, office_list, true },
	{ 0 },
};

static const struct ctl_word points[] = {
	{ NULL, "[ACCOUNT]", NULL, filters, "pack key limit after", NULL, cmd_points, true },
	{ 0 },
};

static const struct ctl_word report[] = {
	{ NULL, "[PACK.]NAME [KEY=VALUE]...", NULL, report_options, NULL, NULL, cmd_report, true },
	{ "list", "", "all reports", filters, "pack", NULL, report_list, true },
	{ 0 },
};

static const struct ctl_word export[] = {
	{ NULL, "[PACK.]NAME [KEY=VALUE]...", NULL, export_options, NULL, NULL, cmd_export, false },
	{ "list", "", "all exports, their formats and for whom they are", filters, "pack", NULL,
	  export_list, true },
	{ 0 },
};

static const struct ctl_word pack[] = {
	{ "list", "", "packs in force, and since which record", pack_filters, NULL, NULL, pack_list,
	  true },
	{ "check", "[DIR]", "find faults in the tables of packs", check_options, NULL, NULL,
	  pack_check, true },
	{ "show", "NAME", "print a table of a pack", show_options, NULL, NULL, pack_show, true },
	{ 0 },
};

static const struct ctl_word try[] = {
	{ NULL, "FILE", NULL, try_options, NULL, NULL, cmd_try, false },
	{ 0 },
};

static const struct ctl_word replay[] = {
	{ NULL, "", NULL, replay_options, NULL, NULL, cmd_replay, false },
	{ 0 },
};

const struct ctl_command ctl_state_commands[] = {
	{ "act", "Do an act that a pack defines, on record under your name", act,
	  "A pack is a set of rules for one kind of public duty. VALUE is a number, true, false, a\n"
	  "list or an object as in JSON; all else is text, and so is each field that the act takes\n"
	  "as text. Exit status 1 if the act was refused: the attempt stays on record.\n",
	  "  tongbuctl act show market.round\n"
	  "  tongbuctl act market.round place=M-1 second=1002 basis=tip\n"
	  "  tongbuctl act base.duty office=station uid=1001 'days=[1,2,3]' from=08:00 to=18:00\n" },
	{ "matter", "Matters: cases that are open, and the history of each", matter, TIMES VISIBLE,
	  "  tongbuctl matter list --pack highway --overdue\n"
	  "  tongbuctl matter show market-12\n"
	  "  tongbuctl matter act market-12 explain language=zh understood=true\n" },
	{ "task", "Tasks: who has to do what", task, TIMES, "  tongbuctl task list --mine\n" },
	{ "clock", "Clocks: deadlines, the next one first", clock, TIMES,
	  "  tongbuctl clock list --overdue --office station\n"
	  "  tongbuctl clock list --matter sentence-4 --all\n" },
	{ "finding", "Findings: what the rules found, the newest first", finding, TIMES VISIBLE,
	  "  tongbuctl finding list --level fault --since today\n"
	  "  tongbuctl finding list --rule engine.refused\n" },
	{ "notice", "Notices: list them, the newest first; publish one", notice,
	  "A notice is published on record under your name, and can be refused, as any act.\n",
	  "  tongbuctl notice list --pack highway --since -1d\n"
	  "  tongbuctl notice publish --pack highway --kind closure --key N-7 --to +2h \\\n"
	  "    --text \"closed for repair\" --text-zh 施工封闭 road=G60 from_km=110 to_km=112\n"
	  "  tongbuctl notice publish --pack community --matter community-2\n" },
	{ "place", "Places: rivers, roads, markets, stations", place,
	  "FILE has one JSON object a line, or is CSV with a header, a GeoJSON\n"
	  "FeatureCollection, or GPX. Fields: id, kind, name; office, parent, road, from_km,\n"
	  "to_km, river, length_km, area (GeoJSON), data (in CSV: data.NAME). In GPX the name of\n"
	  "a waypoint, route or track is the id, its type the kind, its description the name.\n",
	  "  tongbuctl place list --kind river --office town-3\n"
	  "  tongbuctl place check rivers.csv\n"
	  "  tongbuctl place import rivers.csv\n" },
	{ "office", "Offices: the units that act and own matters", office, "",
	  "  tongbuctl office list\n" },
	{ "points", "Points: the balance of each account, or all entries of one", points, "",
	  "  tongbuctl points\n"
	  "  tongbuctl points S-17\n" },
	{ "report", "Reports: what packs count", report,
	  "It takes a role of the pack, and counts what you may see; admins, supervisors, auditors\n"
	  "and root see all. PACK may be left out if only one pack has such a report.\n",
	  "  tongbuctl report list\n"
	  "  tongbuctl report audit --from 2026-10-01 --to 2026-12-31\n"
	  "  tongbuctl report market.rounds --from 2026-11-01 --to 2026-11-30\n" },
	{ "export", "Exports: places, notices, deadlines and more in open formats", export,
	  "GeoJSON, GPX, iCalendar, CAP, WZDx, CIFS, OSCAL, CSV. An export has what you may see;\n"
	  "one for the public has no more than is public. KEY=VALUE is patrol=ID of a patrol, id=ID\n"
	  "of one alert, sender=NAME of alerts. PACK may be left out if only one pack has it.\n",
	  "  tongbuctl export list\n"
	  "  tongbuctl export base.places -o places.geojson\n"
	  "  tongbuctl export clocks -o deadlines.ics\n"
	  "  tongbuctl export ecology.patrols patrol=ecology-7 -o patrol.gpx\n"
	  "  tongbuctl export highway.alerts id=notice-12\n"
	  "  tongbuctl export base.public -o public.zip\n" },
	{ "pack", "Packs: those in force; check and show their tables", pack,
	  "check looks at the packs in DIR, or at the one in DIR: stages without an end, rows\n"
	  "without examples, limits without examples beside them, law that ended, texts without\n"
	  "a twin, facts nobody defines. It and show need neither module nor daemon. Exit\n"
	  "status 1 if check finds anything.\n",
	  "  tongbuctl pack list\n"
	  "  tongbuctl pack check\n"
	  "  tongbuctl pack show sentence --table law --as-of 2026-10-31\n" },
	{ "try", "Try packs: what would they do with these records?", try,
	  "FILE holds one JSON object a line; - is standard input. Needs neither module nor\n"
	  "daemon. Exit status 1 if an expectation in it is not met.\n",
	  "  tongbuctl try day.ndjson --pack market\n" },
	{ "replay", "Replay the ledger: does the state agree with its records?", replay,
	  "Reads ledger and state, so it takes root or the daemon's user. Exit status 1 if there\n"
	  "is a difference.\n",
	  "  sudo tongbuctl replay\n"
	  "  sudo tongbuctl replay --now\n" },
	{ 0 },
};
