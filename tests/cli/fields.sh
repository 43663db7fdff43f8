#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What --json prints has the members that the manual pages list, of all that a replica can be
# asked; and each command is held against its list by some test. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
tongbuctl=$top/build/bin/tongbuctl
referee=$top/build/bin/tongbu-referee
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export TONGBU_SOCKET=$work/no-socket TONGBU_REFEREE=$work/no-referee
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

# has_fields COMMAND [WORD] - what is in `out` has the members that the page lists
has_fields() {
	"$top/tests/json-fields.py" "$tongbuctl" "$@" <out
	report $? "the page lists what ${*} --json prints"
}

# times - the station's zone, eight hours ahead, is what people read and write; -u is UTC
times() {
	rows() { "$tongbuctl" finding list --all --rule engine.refused "$@" 2>/dev/null; }
	rows -n 1 | grep -qF "2026-05-06 09:00+08:00"
	report $? "times stand in the station's zone, with its distance from UTC"
	rows -n 1 -u | grep -qF "2026-05-06 01:00Z"
	report $? "with -u in UTC"
	rows -n 1 --json -u | grep -qF '"time":"2026-05-06T01:00:01.000000000Z"'
	report $? "for programs always so, to the nanosecond"
	[[ $(rows --since "2026-05-06 09:00" | wc -l) -eq 2 && $(rows --since "2026-05-06 09:01") = none ]]
	report $? "--since is of that zone"
	[[ $(rows -u --since "2026-05-06 01:00" | wc -l) -eq 2 && $(rows -u --since "2026-05-06 09:00") = none ]]
	report $? "and with -u of UTC"
}

# A replica of what a pack's scenario says has answers to every question.
for scenario in market/round highway/hazards; do
	pack=${scenario%/*}
	"$top/tests/cli/state.py" "$pack" "$top/tests/packs/$scenario.ndjson" state
	"$referee" --ledger state --packs-dir "$top/daemon/packs" --socket "$TONGBU_REFEREE" 2>referee.log &
	pid=$!
	for ((i = 0; i < 300; i++)); do
		"$tongbuctl" matter list >/dev/null 2>&1 && break
		sleep 0.1
	done
	while read -ra question; do
		"$tongbuctl" "${question[@]}" --json >out
		[[ ${question[1]-} != --* ]] || question=("${question[0]}")
		has_fields "${question[@]::2}"
	done <<-QUESTIONS
		matter list --all
		matter show $pack-1
		task list --all
		clock list --all
		finding list --all
		notice list --all
		place list
		office list
		pack list
		act list
		act show base.actor
		report list
		export list
	QUESTIONS
	"$tongbuctl" export base.places -o places --json >out && has_fields export
	[[ $pack != market ]] || times
	[[ $pack != highway ]] || { "$tongbuctl" points --json >out; has_fields points; }
	kill "$pid"
	wait "$pid" 2>/dev/null
done

# What no test holds against its list. What the list has in words is not for a test.
left=''
named=$({
	sed -n 's/^\(lists\|by_root\) \([^$]*\)/\2/p' "$top"/tests/e2e/*.sh | sed 's/ -- .*//'
	sed -n 's/^\(.* \)\?has_fields \([a-z ]*\).*/\2/p' "$top/tests/cli/cli.sh" "$top/tests/cli/fields.sh"
	sed -n '/^	done <<-QUESTIONS$/,/^	QUESTIONS$/s/^	*\([a-z]* [a-z]*\).*/\1/p' "$top/tests/cli/fields.sh"
	sed -n 's/.*json-fields.py" [^ ]* \([a-z ]*[a-z]\)\( <.*\)\?$/\1/p' "$top"/tests/log/*.sh "$top/tests/e2e/archive.sh"
})
while read -r command word; do
	list=$("$tongbuctl" --fields "$command" ${word:+"$word"} 2>/dev/null)
	[[ -z $list || $list = "("* ]] ||
		grep -qx -- "$command${word:+ $word}" <<<"$named" || left+=" $command${word:+ $word};"
done < <(for command in $("$tongbuctl" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	"$tongbuctl" "$command" --help | grep -qE "^(Usage:|      ) tongbuctl $command( [^a-z]|$)" && echo "$command"
	"$tongbuctl" --complete "$command" '' | cut -f1 | sed -n "s/^[a-z]*$/$command &/p"
done)
[[ -z $left && -n $named ]]
report $? "each list is held against what is printed:$left"

exit "$failed"
