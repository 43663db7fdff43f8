#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tongbud is killed with -9 twenty times while lines move and people submit:
# nothing acknowledged is missing from the ledger, and nothing is there twice.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

KILLS=20

station_load heartbeat=3600000 submit_rate=0
four_lines_config
check "the station starts" station_start

touch "$WORK/go"
move_lines() { while [[ -e $WORK/go ]]; do pull_edges 400; sleep 0.05; done; }
submit_lines() {
	local user=$1 i=0
	while [[ -e $WORK/go ]]; do
		as "$user" "$TONGBUCTL" submit "$user says $((i++))" --json
		sleep 0.05
	done
}
move_lines &
movers=($!)
for user in alice bob; do
	submit_lines "$user" >"$WORK/receipts.$user" 2>"$WORK/errors.$user" &
	movers+=($!)
done

restarts=0 backwards=0
for ((k = 0; k < KILLS; k++)); do
	sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
	station_kill
	# What was acknowledged before the kill must be on the disk now.
	acked=$(kernel_acked)
	next=$(sql 'SELECT max(id) + 1 FROM record')
	((next >= acked + (1 << 40))) || backwards=$((backwards + 1))
	station_start && restarts=$((restarts + 1))
done
rm "$WORK/go"
wait "${movers[@]}"
until_durable

same "it starts again after each kill" "$KILLS" "$restarts"
same "what the kernel let go was always on the disk" 0 "$backwards"
check "no submission fails" cat_nothing "$WORK"/errors.*
check "the ledger's numbers have no gap" no_gap
same "each record is in the ledger once" "$(rows)" "$(kernel acked)"
same "each attach and each death of the daemon is on record" "$((KILLS + 1)) $KILLS" \
	"$(log_count --kind attach) $(log_count --kind detach)"
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies, and so do all receipts" verify "$WORK/bundle" \
	--receipt "$WORK/receipts.alice" --receipt "$WORK/receipts.bob"
