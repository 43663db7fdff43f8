#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module removed and loaded again, $RELOADS times (50), while edges and submissions
# go on coming: each time tongbud is stopped first, and the next chain names the last.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

ROUNDS=${RELOADS:-50}

four_lines_config

# Until there is no $WORK/load any more. A pause keeps the rounds short.
mkfifo "$WORK/never"
exec {never}<>"$WORK/never"
pause() { read -rt "$1" -u "$never" || true; }
edges_go_on() {
	local dir line word
	dir=$(gpio_sim_dir station)
	while [[ -e $WORK/load ]]; do
		for word in pull-up pull-down; do
			for line in 0 1 2 3; do echo "$word" >"$dir/sim_gpio$line/pull"; done
			pause 0.01
		done
	done
}
submissions_go_on() {
	while [[ -e $WORK/load ]]; do
		as "$1" "$TONGBUCTL" submit "in between" >/dev/null 2>&1
		pause 0.3
	done
}

# Somebody's submission may be under way, and hold the module for that long.
unload() {
	local i
	station_finish || return
	for ((i = 0; i < 100; i++)); do
		rmmod tongbu 2>"$WORK/rmmod" && return 0
		grep -q 'is in use' "$WORK/rmmod" || break
		sleep 0.05
	done
	cat "$WORK/rmmod"
	return 1
}

reload() {
	local round
	for ((round = 1; round <= ROUNDS; round++)); do
		echo "round $round"
		station_load heartbeat=100 submit_rate=0 ring=4096 || return
		station_start || return
		station_stop
		unload || return
	done
}

touch "$WORK/load"
edges_go_on & load=($!)
submissions_go_on alice & load+=($!)
submissions_go_on bob & load+=($!)
begun=$SECONDS
check "$ROUNDS times loaded and removed under load" reload
echo "# $ROUNDS rounds took $((SECONDS - begun)) s"
rm "$WORK/load"
wait "${load[@]}"

station_load
check "and once more" station_start
until_durable
same "each time there was a chain" $((ROUNDS + 1)) "$(sql 'SELECT count(*) FROM chain')"
chains_with_edges=$(log_json --kind edge | grep -o '"chain":"[0-9a-f]*"' | sort -u | wc -l)
check "edges are in most of them" test "$chains_with_edges" -gt $((ROUNDS / 2))
check "acts are in the ledger" test "$(log_count --kind act)" -gt 0
check "the ledger's numbers have no gap" no_gap
check "a bundle of all chains is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
check "the kernel has nothing to say of it" "$TONGBU_TOP/tests/vm/splats.sh"
