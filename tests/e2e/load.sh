#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 10,000 edges at full speed on four lines while four processes submit: nothing
# is missing that is not accounted for, and ledger, kernel and bundle agree.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

EDGES=10000
ACTS=25

station_load heartbeat=3600000 submit_rate=0
four_lines_config
check "the station starts" station_start

submit_many() {
	local user=$1 i
	for ((i = 0; i < ACTS; i++)); do
		as "$user" "$TONGBUCTL" submit "act $i of $user" --json || return 1
	done
}

submitters=()
for n in 1 2 3 4; do
	user=$([[ $((n % 2)) = 0 ]] && echo alice || echo bob)
	submit_many "$user" >"$WORK/receipts.$n" 2>"$WORK/errors.$n" &
	submitters+=($!)
done
check "the edges are made" pull_edges "$EDGES"
wait "${submitters[@]}"
check "no submission fails" cat_nothing "$WORK"/errors.*
until_durable

check "the ledger's numbers have no gap" no_gap
same "every edge is sealed, or counted as lost" "$EDGES" "$(events_of_lines)"
same "the kernel's count of losses is the ledger's" "$(kernel lost)" "$(lost_in_ledger)"
same "every act is in the ledger" "$((4 * ACTS))" "$(log_count --kind act)"
same "ledger and kernel have the same records" "$(kernel acked)" "$(rows)"

check "a bundle is exported" export_bundle "$WORK/bundle"
for n in 1 2 3 4; do receipts+=(--receipt "$WORK/receipts.$n"); done
check "it verifies, and so do all receipts" verify "$WORK/bundle" "${receipts[@]}"
same "it has the records of the ledger" "$(rows)" "$(verify "$WORK/bundle" --json | jget records)"
check "the independent verifier agrees" python_verify "$WORK/bundle"
