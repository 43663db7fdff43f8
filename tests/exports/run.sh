#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Exports, before replicas of what packs' scenarios say and some lines more: each is taken by
# readers written elsewhere (judge.py), and has what is in the state. Prints TAP.
#
# CAP_TS	the folder of @dec112/cap-ts, no package of Debian's (default: npm's global one,
#		with tslib beside it); without it those rows are left out, and that is said
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/tests/exports
tongbuctl=$top/build/bin/tongbuctl
work=$(mktemp -d)
pid=
trap '[[ -z $pid ]] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
"$top/packaging/deps.sh" exports || exit 1
make -C "$top" --no-print-directory daemon >log 2>&1 || { cat log; exit 1; }
export TONGBU_SOCKET=$work/no-socket TONGBU_REFEREE=$work/socket LC_ALL=C.UTF-8
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

# replica PACK SCENARIO - of that, and of the lines for exports behind it
replica() {
	[[ -z $pid ]] || { kill "$pid"; wait "$pid" 2>/dev/null; }
	{ cat "$top/tests/packs/$1/$2.ndjson"; [[ ! -e $here/$1.ndjson ]] || cat "$here/$1.ndjson"; } |
		"$top/tests/cli/state.py" "$1" - state || exit 1
	rm -f socket
	"$top/build/bin/tongbu-referee" --ledger state --packs-dir "$top/daemon/packs" --socket socket 2>referee.log &
	pid=$!
	until "$tongbuctl" pack list >said 2>&1; do
		kill -0 "$pid" 2>/dev/null || { cat referee.log; exit 1; }
		sleep 0.1
	done
}

# taken NAME [ARGUMENT]... - the export is made, and its judge reads it; what is in it is in `in`
taken() {
	local format
	format=$("$tongbuctl" export list --json | /usr/bin/python3 -c '
import json, sys
print(next(row["format"] for row in map(json.loads, sys.stdin) if row["id"] == sys.argv[1]))' "$1")
	"$tongbuctl" export "$@" >made 2>complaint && /usr/bin/python3 "$here/judge.py" "$format" made >in 2>>complaint
	local status=$?
	((status == 0)) || sed 's/^/# /' complaint
	report "$status" "$*: $format"
}

# has NAME LINE... - `in` has these lines
has() {
	local name=$1 line status=0
	shift
	for line; do
		grep -qxF -- "$line" in || { status=1; echo "# no line: $line"; }
	done
	((status == 0)) || sed 's/^/# /' in
	report "$status" "$name"
}

# count NAME EXPECTED PATTERN
count() {
	local n
	n=$(grep -cE -- "$3" in)
	((n == $2)) || { echo "# $n, not $2"; sed 's/^/# /' in; }
	report $((n != $2)) "$1"
}

# read_by_others NAME - each alert in the ZIP file that was made, read by npm's
read_by_others() {
	local folder=${CAP_TS:-$(npm root -g 2>/dev/null)/@dec112/cap-ts}
	if [[ ! -d $folder ]]; then
		skip "$1: read by cap-ts" "npm install -g @dec112/cap-ts tslib"
		return
	fi
	rm -rf alerts
	unzip -q made -d alerts
	check "$1: read by cap-ts" node "$here/cap.js" "$folder" alerts/*
	[[ $(wc -l <said) = $(wc -l <in) && $(cut -d ' ' -f 4 said | sort -u) = 2 ]]
	report $? "$1: each in two languages"
}

replica ecology patrols
"$tongbuctl" export list --json >listed
/usr/bin/python3 -c 'import json; print(*(json.loads(line)["id"] for line in open("listed")))' >ids
[[ $(<ids) = "base.places base.clocks base.roster base.public ecology.tracks ecology.patrols" ]]
report $? "a list tells which there are"
taken base.places
has "areas, lines and places without" "res-1 Polygon" "path LineString" "m1 nowhere"
"$tongbuctl" place check made >checked
report $? "and are places again"
"$tongbuctl" place list --limit 1000 --json | /usr/bin/python3 -c '
import json, sys
def plain(row):
    row = {name: value for name, value in row.items() if value is not None}
    if "area" in row:
        row["area"]["coordinates"] = [sorted(map(tuple, ring)) for ring in row["area"]["coordinates"]]
    return row
listed = [plain(json.loads(line)) for line in sys.stdin]
checked = [plain(json.loads(line)) for line in open("checked")]
sys.exit(listed != checked)'
report $? "the same, with all that is said of them"
taken base.clocks
count "each deadline that runs or was missed is there" "$("$tongbuctl" clock list --limit 1000 --json | wc -l)" .
taken base.roster --from 2026-06-01 --to 2026-06-07
count "each duty of that week" 6 .
has "a night goes on until the morning, a date is one day" \
	"20260605T1200Z/20260605T2200Z Lake station: duty officer" \
	"20260606T0000Z/20260606T0430Z Lake station: warden one"
taken ecology.patrols
line=$("$tongbuctl" export ecology.tracks | /usr/bin/python3 -c '
import json, sys
at = [(one["geometry"] or {"type": None}, one["properties"]) for one in json.load(sys.stdin)["features"]]
print(sum(len(g["coordinates"]) if g["type"] == "LineString" else 1 for g, said in at if g["type"] and "rule" not in said),
      sum("rule" in said for _, said in at))
sys.exit(sum(said.get("bad", 0) for _, said in at) != sum("rule" in said for _, said in at))')
report $? "each fix that counts for nothing is marked"
[[ $(awk '/^ecology/ { for (i = 2; i <= NF; i++) good += $i } /^marked/ { print good + 0, $2 }' in) = "$line" ]]
report $? "the others are the line, in either format: $line"
taken ecology.patrols patrol=ecology-4
count "one patrol alone" 1 ^ecology
has "in parts, as there was a pause" "$(grep -m 1 -E '^ecology-4 [0-9]+ [0-9]+' in)"
taken ecology.tracks
has "a line" "ecology-4 LineString"
taken base.public
has "tables of what is public" "packs.csv 1" \
	"places.csv $("$tongbuctl" place list --json --limit 1000 | wc -l)" \
	"notices.csv $("$tongbuctl" notice list --json --all --limit 1000 | wc -l)"

replica highway hazards
taken highway.hazards
count "hazards where they are" "$("$tongbuctl" matter list --kind hazard --json --limit 1000 |
	/usr/bin/python3 -c 'import json, sys; print(sum(1 for line in sys.stdin))')" .
grep -qE ' Point$' in
report $? "by the line of their road"
taken highway.alerts
count "two closures, an accident and two floods" 5 ' Alert - (道路封闭|事故预警|积水)'
count "an update refers to what it replaces" 1 ' Update tongbu.centre,notice-[0-9]+,2026-06-01T00:00:[0-9]+-00:00 '
count "a cancellation too" 1 ' Cancel tongbu.centre,notice-[0-9]+,'
read_by_others highway.alerts
taken highway.alerts "id=$(grep -m 1 Update in | cut -d ' ' -f 1)" sender=duty@example.org
count "one alone, of the sender that was named" 1 ' Update duty@example.org,'
taken highway.wzdx
has "closures and restrictions along the line, by their number" \
	"highway-X-1 all-lanes-closed 2 120.109282 30.0"
count "an update is still the same" 1 '^highway-X-3 '
count "what is cancelled, or has no line, is not in it" 2 .
taken highway.cifs
count "the same for navigation, with the accident" 3 '^highway-X-[123] '
has "on the way down the line goes down" "$(awk '/X-2/ && $4 == $5 && /ONE_DIRECTION/' in)"
taken base.public
count "what was removed, and why" 1 'cancel|X-4.*open again'
count "what was replaced, and by which" 1 'X-3.*replaced'

replica community publicity
taken community.alerts
has "a notice that stands" "community-5 Alert - 反诈提示"
count "one that was withdrawn" 1 '^community-6-cancel Cancel tongbu.county,community-6,'
read_by_others community.alerts
grep -q 'it said the wrong number' made
report $? "with why"
grep -q '<polygon>30,120 30,120.1 30.1,120.1 30.1,120 30,120</polygon>' made
report $? "and where: latitude first"

replica control issue
taken control.poam --from 2026-01-01
count "each finding is an item" 1 "^items $("$tongbuctl" matter list --pack control --kind issue --all --json | wc -l)$"
grep -qE '^plan [1-9]' in
report $? "with the milestones of its plan"

refused() { # WHAT STATUS ARGUMENT...
	local said status
	said=$("$tongbuctl" export "${@:3}" 2>&1 >/dev/null </dev/null)
	status=$?
	[[ $status = "$2" && $said = *"$1"* ]] || echo "# $status: $said"
	[[ $status = "$2" && $said = *"$1"* ]]
	report $? "export ${*:3}: $1"
}
refused "which one?" 2
refused "there is no export nothing" 2 nothing
refused "has no export nothing" 1 control.nothing
refused "it must be a date" 2 control.poam --from yesterday
refused "say -o FILE" 2 control.poam --json
refused "No such file" 2 control.poam -o "$work/none/file"
refused "no finding in it" 2 control.poam --from 2030-01-01
"$tongbuctl" export poam --from 2026-01-01 -o plan.json && /usr/bin/python3 "$here/judge.py" oscal-poam plan.json >in
report $? "a name without its pack, into a file"

exit "$failed"
