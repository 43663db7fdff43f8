#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One day of all six works on sealed records (tests/scenario/day/): what each pack
# made of it, what the kernel did by itself, folded again to the same, verified.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"
# shellcheck source=tests/scenario/day/station.sh
. "$TONGBU_TOP/tests/scenario/day/station.sh"

cp /etc/passwd /etc/group "$WORK/"

# matters PACK - "kind stage count", by kind
matters() {
	day_state "SELECT group_concat(word, ', ') FROM (SELECT kind || ' ' || stage || ' ' || count(*)
		AS word FROM matter WHERE pack = '$1' GROUP BY kind, stage ORDER BY kind, stage)"
}

# rules PACK - the rules of its findings that do not hang on the hour, by name
rules() {
	day_state "SELECT group_concat(word, ', ') FROM (SELECT rule || ' ' || count(*) AS word
		FROM finding WHERE pack = '$1' AND rule != 'reply.off-duty'
		GROUP BY rule ORDER BY rule)"
}

# part NAME COMMAND... - as check, but shows what it tells even when all is well
part() {
	"${@:2}" >"$WORK/part" 2>&1
	local rc=$?
	sed 's/^/# /' "$WORK/part"
	check "$1" test "$rc" = 0
}

# seq_of KIND - the number of the last such record
seq_of() { last_of "$1" | jget seq; }

# fired - each firing of a reflex: its name, its output, the value
fired() {
	local field
	log_json --kind reflex >"$WORK/fired"
	while read -r record; do
		for field in reflex_name output_name value; do jget "payload.$field" <<<"$record"; done
	done <"$WORK/fired" | paste -sd ' '
}

# level OUTPUT - of its line
level() { cat "$DAY_LINES/$1/value"; }

day_users
check "the station starts with all six packs" day_start
part "until noon each act comes out as it should" day_morning
station_kill
same "the beacon is off" 0 "$(level beacon-1)"
part "line and people are heard while tongbud is down, and the beacon is on at once" day_down
check "the station starts again" station_start
part "until evening each act comes out as it should" day_afternoon

until_durable
same "one reflex fired: the beacon's" "flood-beacon beacon-1 1" "$(fired)"
check "it did before tongbud was back, and after it was gone" \
	test "$(seq_of detach)" -lt "$(seq_of reflex)" -a "$(seq_of reflex)" -lt "$(seq_of attach)"
same "the water stands, the beacon is on; the creek has fallen, the sampler is off" "1 0" \
	"$(level beacon-1) $(level sampler-1)"

same "sentence: matters" \
	"commutation closed 1, commutation submitted 1, flaw closed 1, person serving 2" "$(matters sentence)"
same "sentence: findings" \
	"engine.refused 3, interval 1, late 1, notice.prison 1" "$(rules sentence)"
same "ecology: matters" \
	"beat current 1, case closed 1, clue closed 1, clue new 1, element watched 1, patrol ended 1" "$(matters ecology)"
same "ecology: findings" "engine.refused 1, fix.replayed 1, patrol.short 1" "$(rules ecology)"
same "highway: matters" \
	"call answered 1, entry admitted 1, group open 1, hazard accepted 1, hazard temporary 1, hazard verified 1, redemption booked 1, tip published 1" "$(matters highway)"
same "highway: findings" "engine.refused 4, hazard.no-section 1" "$(rules highway)"
same "highway: points, twice reported and once redeemed" "R-0000417 30, S-D1 5" \
	"$(day_state "SELECT group_concat(word, ', ') FROM (SELECT account || ' ' || sum(n) AS word
		FROM points WHERE pack = 'highway' GROUP BY account ORDER BY account)")"
same "control: matters" \
	"advice accepted 1, audit open 1, check clear 1, check open 1, contract unapproved 1, issue found 1, issue verified 1, rule registered 1" "$(matters control)"
same "control: findings" "contract.unapproved 1, engine.refused 1, payment.no-line 1" "$(rules control)"
same "market: matters" "item kept 1, item referred 1, round closed 1" "$(matters market)"
same "market: findings" "boundary 1, clause.1 1, engine.refused 1" "$(rules market)"
same "community: matters" \
	"group active 1, meeting closed 1, notice published 2, suggestion closed 1" "$(matters community)"
same "community: findings" "engine.refused 3" "$(rules community)"
same "base: one who would be admin" "engine.refused 1" "$(rules base)"
same "of mallory there is no act on record, but that she was turned away" "0 1" \
	"$(log_count --uid mallory --kind act) $(log_count --uid mallory --kind refused)"

check "replay gives the state as it is" tongbuctl replay
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
day_overview | sed 's/^/# /'
cat "$WORK/passwd" >/etc/passwd
cat "$WORK/group" >/etc/group
