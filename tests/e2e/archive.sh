#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A chain that ended is moved out of the ledger while records come, and back: what packs
# make of the records stays the same, also when it is all done anew; and a ledger that has
# taken the room it is meant to have says so, and goes on.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

ARCHIVE=/var/lib/tongbu/archive
trap 'cleanup; rm -rf "$ARCHIVE"; exit "$FAILED"' EXIT

# configure [LINE] - a station with a pack, and that line
configure() {
	{
		config_with 0 1 2 3
		echo "packs = [ \"market\" ]; packs_dir = \"$TONGBU_TOP/daemon/packs\"; ${1:-}"
	} | station_config
}
folded() {
	[[ $(sqlite3 -readonly "$STATE" 'SELECT last FROM fold' 2>/dev/null) -ge $1 &&
		$(tongbuctl status --json | jget referee.caught_up 2>/dev/null) = True ]]
}
until_folded() { until_durable && until_so folded "$(sql 'SELECT max(id) FROM record')"; }
office() { as alice "$TONGBUCTL" act base.office id="$1" name="$1" --wait; }
offices() { tongbuctl office list --json | /usr/bin/python3 -c '
import json, sys
print(*sorted(json.loads(line)["id"] for line in sys.stdin))'; }
archived() { tongbuctl archive "$@" --json; }
step_of() { jget step <<<"$1" 2>/dev/null; }
status_says() { tongbuctl status | grep -qE "$1"; }
bundle_of() { tongbuctl chain list --json | sed -n "$1p" | jget archived; }

station_load heartbeat=1000
configure 'ledger_budget = 1;'
check "the station starts" station_start
check "an office is founded" office one
pull_edges 12000 >/dev/null
check "all of it is folded" until_folded
check "over its budget: status says so" until_so status_says '^disk +[0-9]+ of the 1 MiB .* tongbuctl archive'
check "doctor warns" grep -qE '^WARN +disk +the ledger: .* of the 1 MiB' <(tongbuctl doctor)
before=$(rows)
check "people submit all the same" office more
check "and it is durable" test "$(rows)" -gt "$before"

station_stop
station_unload
configure
station_load heartbeat=1000
check "the station starts on a second chain" station_start
check "an office is founded there" office two
check "all of it is folded, too" until_folded
first=$(tongbuctl chain list --json | sed -n 1p | jget chain)

refused "alice may move nothing" 4 "only root may move chains" \
	as alice "$TONGBUCTL" archive --before 2100-01-01
before=$(rows)
same "what would be moved is said" would "$(step_of "$(archived --before 2100-01-01 --dry-run)")"
fields_hold() {
	archived --before 2100-01-01 --dry-run |
		/usr/bin/python3 "$TONGBU_TOP/tests/json-fields.py" "$TONGBUCTL" archive
}
check "by the members that the page has" fields_hold
same "and not moved" "" "$(bundle_of 1 | sed s/None//)"
check "nothing ended before yesterday" grep -q "no chain ended before" <(tongbuctl archive --before -1d)

"$TONGBU_TOP/build/e2e/probe" pause >"$WORK/pause" &
probe=$!
touch "$WORK/go"
move_lines() { while [[ -e $WORK/go ]]; do pull_edges 40 >/dev/null; sleep 0.05; done; }
move_lines &
mover=$!
size=$(stat -c %s "$LEDGER")
same "the first chain is moved while records come" moved "$(step_of "$(archived --before 2100-01-01)")"
rm "$WORK/go"
wait "$mover"
kill -INT "$probe"
wait "$probe"
echo "# the longest that records waited meanwhile: $(<"$WORK/pause") ms"
until_durable
few_left() { (($(sql 'SELECT count(*) FROM record WHERE id >> 40 = 1') < 20)); }
check "its records are out of the ledger" few_left
check "whose file is smaller" test "$(stat -c %s "$LEDGER")" -lt "$size"
check "it is on record that they were" grep -q "archive: user 0 has .* records of chain $first removed from the ledger" \
	<(tongbuctl log --kind act)
check "the bundle verifies" verify "$ARCHIVE/$(bundle_of 1)"
same "chain list tells where it is" "000001-$first.bundle" "$(bundle_of 1)"
check "log --chain reads it" grep -q line0 <(tongbuctl log --chain "$first" --kind edge)
check "a bundle of what is in the ledger is exported" export_bundle "$WORK/bundle"
check "it verifies without the first chain" verify "$WORK/bundle"
check "one of the first chain is, too" export_bundle "$WORK/first" --chain "$first"
same "with all its records" "$(verify "$ARCHIVE/$(bundle_of 1)" --json | jget records)" \
	"$(verify "$WORK/first" --json | jget records)"

check "all of it is folded" until_folded
check "replay gives the state as it is" tongbuctl replay
referee_stop
check "the state is made anew" referee_start --rebuild
check "all of it" until_folded
same "with the offices of both chains" "more one two" "$(offices | sed 's/station //')"
check "replay gives that state" tongbuctl replay

mkdir "$WORK/safe" && mv "$ARCHIVE"/*.bundle "$WORK/safe/"
check "a bundle is missing: doctor warns" grep -qE "^WARN +archive +1 of 1 bundles .* are missing" <(tongbuctl doctor)
refused "a bundle is missing: replay names it" 2 "000001-$first.bundle, which is not in $ARCHIVE" \
	tongbuctl replay
referee_stop
check "who goes on where it was needs none" referee_start
check "it catches up" until_folded
referee_stop
check "the state is to be made anew" referee_start --rebuild
check "a bundle is missing: status names it" until_so status_says "000001-$first.bundle, which is not in"
same "the old state answers" "more one two" "$(offices | sed 's/station //')"
check "people submit" as alice "$TONGBUCTL" submit --wait "while a bundle is missing"
mv "$WORK/safe"/*.bundle "$ARCHIVE/"
check "put back, it goes on by itself" until_folded
check "replay gives that state" tongbuctl replay

same "the chain is put back" restored "$(step_of "$(archived --restore "$ARCHIVE/000001-$first.bundle")")"
same "all of its records" "$(verify "$ARCHIVE/000001-$first.bundle" --json | jget records)" \
	"$(sql 'SELECT count(*) FROM record WHERE id >> 40 = 1')"
check "a bundle of both is exported" export_bundle "$WORK/both"
same "it verifies, from the very first" True "$(verify "$WORK/both" --json | jget from_start)"
check "all of it is folded" until_folded
check "replay gives the state as it is" tongbuctl replay

# Killed while it moves: all can be read, and the next one goes on.
for i in 1 2 3; do
	tongbuctl archive --before 2100-01-01 >/dev/null 2>&1 &
	sleep "0.$((RANDOM % 5))"
	station_kill
	wait $!
	check "tongbud is killed while it moves, and starts" station_start
	check "replay gives the state as it is" tongbuctl replay
done
check "what is left of it is moved" tongbuctl archive --before 2100-01-01
check "and no more" few_left
check "replay gives the state as it is" tongbuctl replay
check "the bundle verifies" verify "$ARCHIVE/000001-$first.bundle"
