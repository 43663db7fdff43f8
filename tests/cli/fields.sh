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
	QUESTIONS
	[[ $pack != highway ]] || { "$tongbuctl" points --json >out; has_fields points; }
	kill "$pid"
	wait "$pid" 2>/dev/null
done

exit "$failed"
