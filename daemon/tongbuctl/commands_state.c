// SPDX-License-Identifier: GPL-2.0-only
/* The commands about what people do by packs, and what records came to. */
#include "config.h"
#include "state.h"

#define VISIBLE                                                                          \
	"You see the matters of your office, of those below it, and those shared with\n" \
	"them; admins, supervisors, auditors and root see all.\n"
#define TIMES "TIME is like \"2026-11-23 10:00\", 2026-11-23, -1d, today.\n"

/* Of all lists; which of them a list has, its row says. */
static const struct tb_option filters[] = {
	{ OPT_FILTER, 0, "pack", "PACK", "only of that pack" },
	{ OPT_FILTER, 0, "kind", "KIND", "only of that kind" },
	{ OPT_FILTER, 0, "stage", "STAGE", "only at that stage" },
	{ OPT_FILTER, 0, "office", "ID", "only of that office; of office list: right below it" },
	{ OPT_FILTER, 0, "matter", "ID", "only of that matter" },
	{ OPT_FILTER, 0, "place", "ID", "only of that place" },
	{ OPT_FILTER, 0, "level", "info|warn|fault", "only of that level" },
	{ OPT_FILTER, 0, "rule", "RULE", "only by that rule" },
	{ OPT_FILTER, 0, "group", "GROUP", "only of that group" },
	{ OPT_FILTER, 0, "road", "NO", "only along that road" },
	{ OPT_FILTER, 0, "river", "NAME", "only along that river" },
	{ OPT_FILTER, 0, "key", "KEY", "only with that key" },
	{ OPT_FILTER, 0, "overdue", NULL, "only with a clock that ran out" },
	{ OPT_FILTER, 0, "mine", NULL, "yours, and those of your office that are nobody's own" },
	{ OPT_FILTER, 0, "all", NULL, "also what is closed, done, resolved or cancelled" },
	{ OPT_FILTER, 0, "since", "TIME", "only from then on" },
	{ OPT_FILTER, 0, "until", "TIME", "only up to then" },
	{ OPT_FILTER, 'n', "limit", "N", "so many rows (default 100, at most 1000)" },
	{ OPT_FILTER, 0, "after", "ROW", "those behind that row, for the next page" },
	{ 0 },
};

static const struct tb_option act_options_table[] = {
	{ OPT_JSON_DATA, 0, "json-data", "JSON", "fields as one object; may go with FIELD=VALUE" },
	{ OPT_WAIT, 0, "wait", NULL,
	  "until it is known what came of it; the default on a\nterminal" },
	{ OPT_NO_WAIT, 0, "no-wait", NULL, "only until it is sealed" },
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
	{ OPT_PART, 0, "matter", "ID", "of a matter, whose own words are published" },
	{ OPT_PART, 0, "from", "TIME", "holds from then" },
	{ OPT_PART, 0, "to", "TIME", "holds until then: 2026-11-23, \"2026-11-23 10:00\", +2h" },
	{ OPT_WAIT, 0, "wait", NULL,
	  "until it is known what came of it; the default on a\nterminal" },
	{ OPT_NO_WAIT, 0, "no-wait", NULL, "only until it is sealed" },
	{ 0 },
};

static const struct tb_option report_options[] = {
	{ OPT_FROM, 0, "from", "DATE", "from that day, as 2026-11-23" },
	{ OPT_TO, 0, "to", "DATE", "up to that day" },
	{ 0 },
};

#define PACKS_DIR                                                                       \
	{                                                                               \
		OPT_PACKS_DIR, 0, "packs-dir", "DIR",                                   \
			"where packs are (default " TB_PACKS_DIR ",\nor $TONGBU_PACKS)" \
	}

static const struct tb_option check_options[] = {
	{ OPT_GENERATE, 0, "generate", NULL, "print the missing examples, to be judged and added" },
	{ OPT_AS_OF, 0, "as-of", "DAY", "the law as it held on that day (today)" },
	PACKS_DIR,
	{ 0 },
};

static const struct tb_option show_options[] = {
	{ OPT_TABLE, 0, "table", "conditions|acts|law|texts|facts|clocks|sides|examples",
	  "which table (default conditions)" },
	{ OPT_AS_OF, 0, "as-of", "DAY", "the law as it held on that day (today)" },
	{ OPT_MARKDOWN, 0, "markdown", NULL, "as a table for a page" },
	PACKS_DIR,
	{ 0 },
};

static const struct tb_option try_options[] = {
	{ OPT_PACK, 0, "pack", "PACK", "that pack; may be given more than once; without it, all" },
	PACKS_DIR,
	{ OPT_BLOBS, 0, "blobs", "DIR", "where the blobs are that records name" },
	{ OPT_TZ, 0, "tz", "ZONE", "the station's time zone, +08:00 (default) or\nEurope/Berlin" },
	{ OPT_QUIET, 'q', "quiet", NULL, "print only expectations that are not met" },
	{ 0 },
};

static const struct tb_option replay_options[] = {
	{ OPT_CONFIG, 'c', "config", "FILE", "configuration (default " TB_CONFIG_PATH ")" },
	{ OPT_NOW, 0, "now", NULL,
	  "with the packs' texts in the directory now, instead of\n"
	  "those the records name: from which record on would it\n"
	  "differ?" },
	{ 0 },
};

/* A list: its command, what it is of, and which filters it has */
#define LIST(what, text, only)                                           \
	{                                                                \
		"list", "", text, filters, only, NULL, what##_list, true \
	}

static const struct ctl_word act[] = {
	{ NULL, "PACK.KIND [FIELD=VALUE]...", NULL, act_options_table, NULL, NULL, cmd_act, false },
	{ "list", "", "which acts there are", filters, "pack", NULL, act_list, true },
	{ "show", "PACK.KIND", "which fields an act has", NULL, NULL, NULL, act_show, true },
	{ 0 },
};

static const struct ctl_word matter[] = {
	LIST(matter, "matters that are open",
	     "pack kind stage office place key overdue all since until limit after"),
	{ "show", "ID", "one of them: data, sides, clocks, tasks, and its timeline", NULL, NULL,
	  NULL, matter_show, true },
	{ "act", "ID KIND [FIELD=VALUE]...", "do something in it, as tongbuctl act does",
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
	{ "publish", "[FIELD=VALUE]...", "publish one, by the act of the pack that does",
	  publish_options, NULL, NULL, notice_publish, false },
	{ 0 },
};

static const struct ctl_word place[] = {
	LIST(place, "places", "kind office road river key limit after"),
	{ "check", "FILE", "read FILE and print its places as import would submit them", NULL, NULL,
	  NULL, place_check, false },
	{ "import", "FILE", "set all places of FILE, or none: takes the role admin",
	  act_options_table, "wait no-wait", NULL, place_import, false },
	{ 0 },
};

static const struct ctl_word office[] = {
	LIST(office, NULL, "kind office key limit after"),
	{ 0 },
};

static const struct ctl_word points[] = {
	{ NULL, "[ACCOUNT]", NULL, filters, "pack key limit after", NULL, cmd_points, true },
	{ 0 },
};

static const struct ctl_word report[] = {
	{ NULL, "[PACK.]NAME [KEY=VALUE]...", NULL, report_options, NULL, NULL, cmd_report, true },
	{ "list", "", "which reports there are", filters, "pack", NULL, report_list, true },
	{ 0 },
};

static const struct ctl_word pack[] = {
	LIST(pack, "packs in force: name, text, since which record", "pack all limit after"),
	{ "check", "[DIR]", "what is wrong with the tables of packs", check_options, NULL, NULL,
	  pack_check, true },
	{ "show", "NAME", "print a table as people read it", show_options, NULL, NULL, pack_show,
	  true },
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
	{ "act", "Do what a pack knows, on record under your name", act,
	  "VALUE is a number, true, false, a list or an object as in JSON; all else is text, and\n"
	  "so is what an act wants as text. Exit status 1 if the act was refused: it stays on\n"
	  "record as attempted.\n",
	  "  tongbuctl act show market.round\n"
	  "  tongbuctl act market.round place=M-1 second=1002 basis=tip\n"
	  "  tongbuctl act base.duty office=station uid=1001 'days=[1,2,3]' from=08:00 to=18:00\n" },
	{ "matter", "Matters: what is under way, and how it came there", matter, TIMES VISIBLE,
	  "  tongbuctl matter list --pack highway --overdue\n"
	  "  tongbuctl matter show market-12\n"
	  "  tongbuctl matter act market-12 explain language=zh understood=true\n" },
	{ "task", "What somebody is to do", task, TIMES, "  tongbuctl task list --mine\n" },
	{ "clock", "Deadlines, the next one first", clock, TIMES,
	  "  tongbuctl clock list --overdue --office station\n"
	  "  tongbuctl clock list --matter sentence-4 --all\n" },
	{ "finding", "What the rules found, the newest first", finding, TIMES VISIBLE,
	  "  tongbuctl finding list --level fault --since today\n"
	  "  tongbuctl finding list --rule engine.refused\n" },
	{ "notice", "What was published, the newest first; and to publish", notice,
	  "To publish is on record under your name, as of tongbuctl act, and refused as acts are.\n",
	  "  tongbuctl notice list --pack highway --since -1d\n"
	  "  tongbuctl notice publish --pack highway --kind closure --key N-7 --to +2h \\\n"
	  "    --text \"closed for repair\" --text-zh 施工封闭 road=G60 from_km=110 to_km=112\n"
	  "  tongbuctl notice publish --pack community --matter community-2\n" },
	{ "place", "Rivers, roads, markets, stations", place,
	  "FILE has one JSON object a line, or is CSV with a header, or a GeoJSON\n"
	  "FeatureCollection. Fields: id, kind, name; office, parent, road, from_km, to_km,\n"
	  "river, length_km, area (GeoJSON), data (in CSV: data.NAME)\n",
	  "  tongbuctl place list --kind river --office town-3\n"
	  "  tongbuctl place check rivers.csv\n"
	  "  tongbuctl place import rivers.csv\n" },
	{ "office", "Offices", office, "", "  tongbuctl office list\n" },
	{ "points", "Balances; of one account, each line", points, "",
	  "  tongbuctl points\n"
	  "  tongbuctl points S-17\n" },
	{ "report", "What a pack counts", report,
	  "Of what you may see, for those who have a role of the pack; admins, supervisors,\n"
	  "auditors and root see all. The pack may be left out where one alone has such a\n"
	  "report.\n",
	  "  tongbuctl report list\n"
	  "  tongbuctl report audit --from 2026-10-01 --to 2026-12-31\n"
	  "  tongbuctl report market.rounds --from 2026-11-01 --to 2026-11-30\n" },
	{ "pack", "Packs in force; the tables of packs", pack,
	  "check looks at the packs in DIR, or at the one in DIR: stages without an end, rows\n"
	  "without examples, limits without examples beside them, law that ended, texts without\n"
	  "a twin, facts nobody defines. It and show need neither module nor daemon. Exit\n"
	  "status 1 if check finds anything.\n",
	  "  tongbuctl pack list\n"
	  "  tongbuctl pack check\n"
	  "  tongbuctl pack show sentence --table law --as-of 2026-10-31\n" },
	{ "try", "What would packs make of these records?", try,
	  "FILE holds one JSON object a line; - is standard input. Needs neither module nor\n"
	  "daemon. Exit status 1 if an expectation in it is not met.\n",
	  "  tongbuctl try day.ndjson --pack market\n" },
	{ "replay", "Does the ledger give the state as it is?", replay,
	  "Reads ledger and state, so it takes root or the daemon's user. Exit status 1 if there\n"
	  "is a difference.\n",
	  "  sudo tongbuctl replay\n"
	  "  sudo tongbuctl replay --now\n" },
	{ 0 },
};
