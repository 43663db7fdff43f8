#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A ring of 256 records while tongbud is stopped: the kernel goes on recording,
# counts what there was no room for, and says so once somebody reads again.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

EDGES=1000

station_load ring=256 heartbeat=3600000
four_lines_config
check "the station starts" station_start
until_durable
station_stop

check "the edges are made with nobody reading" pull_edges "$EDGES"
sealed=$(tongbuctl source list --json | sum_of sealed)
lost=$(tongbuctl source list --json | sum_of lost)
same "each edge was sealed or counted" "$EDGES" "$((sealed + lost))"
check "most did not fit" test "$lost" -gt 700

check "the station starts again" station_start
check "the next edges are recorded" pull_edges 40
until_durable
same "LOST records tell the right number" "$lost" "$(lost_in_ledger)"
same "the kernel's count is the same" "$lost" "$(kernel lost)"
check "the ledger's numbers have no gap" no_gap
same "every edge is sealed, or counted as lost" "$((EDGES + 40))" "$(events_of_lines)"
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
same "the verifier counts the same losses" "$lost" \
	"$(verify "$WORK/bundle" --json | jget facts.events_lost)"
check "the independent verifier agrees" python_verify "$WORK/bundle"
