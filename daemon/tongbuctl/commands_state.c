// SPDX-License-Identifier: GPL-2.0-only
/* The commands about what records came to, and their help. */
#include "state.h"

#define PAGES                                                             \
	"  -n, --limit=N      so many rows (default 100, at most 1000)\n" \
	"  --after=ID         those behind that row, for the next page\n"
#define TIMES                            \
	"  --since=TIME, --until=TIME\n" \
	"                     TIME is like \"2026-11-23 10:00\", 2026-11-23, -1d, today\n"
#define VISIBLE                                                                          \
	"You see the matters of your office, of those below it, and those shared with\n" \
	"them; admins, supervisors, auditors and root see all.\n"

static const struct ctl_command commands[] = {
	{ "act", "PACK.KIND [FIELD=VALUE]... | list [--pack PACK] | show PACK.KIND",
	  "Do what a pack knows, on record under your name",
	  "  list  which acts there are\n"
	  "  show  which fields an act has\n"
	  "\n"
	  "  --json-data=JSON   fields as one JSON object; may go with FIELD=VALUE\n"
	  "  --wait             until it is known what came of it; the default on a terminal\n"
	  "  --no-wait          only until it is sealed\n"
	  "\n"
	  "VALUE is a number, true, false, a list or an object as in JSON; all else is text, and\n"
	  "so is what an act wants as text. Exit status 1 if the act was refused: it stays on\n"
	  "record as attempted.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl act show market.round\n"
	  "  tongbuctl act market.round place=M-1 second=1002 basis=tip\n"
	  "  tongbuctl act base.duty office=station uid=1001 'days=[1,2,3]' from=08:00 to=18:00\n",
	  cmd_act },
	{ "matter", "list [FILTER]... | show ID | act ID KIND [FIELD=VALUE]...",
	  "Matters: what is under way, and how it came there",
	  "  list  matters that are open\n"
	  "  show  one of them: data, sides, clocks, tasks, and its timeline\n"
	  "  act   do something in it, as tongbuctl act does\n"
	  "\n"
	  "  --pack=PACK, --kind=KIND, --stage=STAGE, --office=ID, --key=KEY, --place=ID\n"
	  "  --overdue          only with a clock that ran out\n"
	  "  --all              closed ones too\n" TIMES PAGES "\n" VISIBLE "\n"
	  "Examples:\n"
	  "  tongbuctl matter list --pack highway --overdue\n"
	  "  tongbuctl matter show market-12\n"
	  "  tongbuctl matter act market-12 explain language=zh understood=true\n",
	  cmd_matter },
	{ "task", "list [--mine] [FILTER]...", "What somebody is to do",
	  "  --mine             yours, and those of your office that are nobody's own\n"
	  "  --pack=PACK, --matter=ID, --office=ID, --key=KEY\n"
	  "  --all              done ones too\n" TIMES PAGES "\n"
	  "Examples:\n"
	  "  tongbuctl task list --mine\n",
	  cmd_task },
	{ "clock", "list [FILTER]...", "Deadlines, the next one first",
	  "  --pack=PACK, --kind=CLOCK, --matter=ID, --office=ID, --key=KEY\n"
	  "  --overdue          only those that ran out\n"
	  "  --all              those that were met or stopped too\n" TIMES PAGES "\n"
	  "Examples:\n"
	  "  tongbuctl clock list --overdue --office station\n"
	  "  tongbuctl clock list --matter sentence-4 --all\n",
	  cmd_clock },
	{ "finding", "list [FILTER]...", "What the rules found, the newest first",
	  "  --level=LEVEL      info, warn or fault\n"
	  "  --pack=PACK, --rule=RULE, --matter=ID, --office=ID\n"
	  "  --all              resolved ones too\n" TIMES PAGES "\n" VISIBLE "\n"
	  "Examples:\n"
	  "  tongbuctl finding list --level fault --since today\n"
	  "  tongbuctl finding list --rule engine.refused\n",
	  cmd_finding },
	{ "notice", "list [FILTER]... | publish --pack PACK [PART]... [FIELD=VALUE]...",
	  "What was published, the newest first; and to publish",
	  "  list     --pack=PACK, --kind=KIND, --place=ID, --group=GROUP, --key=KEY, --matter=ID\n"
	  "  --all              cancelled ones too\n" TIMES PAGES "\n"
	  "  publish  by the act of the pack that publishes such a notice: on record under your\n"
	  "           name, as of tongbuctl act, and refused as acts are. Parts are\n"
	  "  --kind=KIND, --key=NUMBER, --place=ID, --group=ID\n"
	  "  --title=TEXT, --text=TEXT, --title-zh=TEXT, --text-zh=TEXT\n"
	  "  --matter=ID        of a matter, whose own words are published\n"
	  "  --from=TIME, --to=TIME\n"
	  "                     holds from, and until: 2026-11-23, \"2026-11-23 10:00\", +2h\n"
	  "  --wait, --no-wait  as of tongbuctl act\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl notice list --pack highway --since -1d\n"
	  "  tongbuctl notice publish --pack highway --kind closure --key N-7 --to +2h \\\n"
	  "    --text \"closed for repair\" --text-zh 施工封闭 road=G60 from_km=110 to_km=112\n"
	  "  tongbuctl notice publish --pack community --matter community-2\n",
	  cmd_notice },
	{ "place", "list [FILTER]... | check FILE | import FILE",
	  "Rivers, roads, markets, stations",
	  "  list    --kind=KIND, --office=ID, --road=NO, --river=NAME, --key=ID\n"
	  "  check   read FILE and print its places as import would submit them\n"
	  "  import  set all places of FILE, or none: takes the role admin. FILE has one JSON\n"
	  "          object a line, or is CSV with a header, or a GeoJSON FeatureCollection.\n"
	  "          Fields: id, kind, name; office, parent, road, from_km, to_km, river,\n"
	  "          length_km, area (GeoJSON), data (in CSV: data.NAME)\n" PAGES
	  "  --wait, --no-wait  as of tongbuctl act\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl place list --kind river --office town-3\n"
	  "  tongbuctl place check rivers.csv\n"
	  "  tongbuctl place import rivers.csv\n",
	  cmd_place },
	{ "office", "list [--kind KIND] [--office ID]", "Offices",
	  "  --kind=KIND        only of that kind\n"
	  "  --office=ID        only those right below that one\n" PAGES "\n"
	  "Examples:\n"
	  "  tongbuctl office list\n",
	  cmd_office },
	{ "points", "[ACCOUNT] [--pack PACK]", "Balances; of one account, each line",
	  "  --pack=PACK        only of that pack\n" PAGES "\n"
	  "Examples:\n"
	  "  tongbuctl points\n"
	  "  tongbuctl points S-17\n",
	  cmd_points },
	{ "report", "[PACK.]NAME [--from DATE] [--to DATE] [KEY=VALUE]... | list [--pack PACK]",
	  "What a pack counts",
	  "  list  which reports there are\n"
	  "\n"
	  "  --from=DATE, --to=DATE\n"
	  "                     from and up to that day, as 2026-11-23\n"
	  "\n"
	  "Of what you may see, for those who have a role of the pack; admins, supervisors\n"
	  "and root see all. The pack may be left out where one alone has such a report.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl report list\n"
	  "  tongbuctl report audit --from 2026-10-01 --to 2026-12-31\n"
	  "  tongbuctl report market.rounds --from 2026-11-01 --to 2026-11-30\n",
	  cmd_report },
	{ "pack", "list | check [DIR] | show NAME", "Packs in force; the tables of packs",
	  "  list    name, text, since which record\n"
	  "  --all             list: earlier texts too\n" PAGES
	  "  check   what is wrong with the tables of the packs in DIR, or of the one in DIR:\n"
	  "          stages without an end, rows without examples, limits without examples\n"
	  "          beside them, law that ended, texts without a twin, facts nobody defines\n"
	  "  show    print a table as people read it\n"
	  "  --generate        check: print the missing examples, to be judged and added\n"
	  "  --table=TABLE     show: conditions (default), acts, law, texts, facts, clocks,\n"
	  "                    sides or examples\n"
	  "  --as-of=DAY       the law as it held on that day (today)\n"
	  "  --markdown        show: as a table for a page\n"
	  "  --packs-dir=DIR   where packs are (default " TB_PACKS_DIR ", or $TONGBU_PACKS)\n"
	  "\n"
	  "check and show need neither module nor daemon. Exit status 1 if check finds anything.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl pack list\n"
	  "  tongbuctl pack check\n"
	  "  tongbuctl pack show sentence --table law --as-of 2026-10-31\n",
	  cmd_pack },
	{ 0 },
};

/**
 * ctl_state_commands() - the commands about what records came to
 *
 * Return: an array closed by one without a name.
 */
const struct ctl_command *ctl_state_commands(void)
{
	return commands;
}
