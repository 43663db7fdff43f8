#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tongbud and tongbu-referee are killed with -9, each $KILLS times, at random moments while
# lines move and people act: nothing acknowledged is missing from the ledger, nothing is
# there twice, each act has had its effect once, and the state is what a replay gives.
# `make test-long` kills each a hundred times.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

KILLS=${KILLS:-5}

station_load heartbeat=3600000 submit_rate=0
{
	config_with 0 1 2 3
	echo "packs = [ \"market\" ]; packs_dir = \"$TONGBU_TOP/daemon/packs\";"
} | station_config
check "the station starts" station_start

touch "$WORK/go"
move_lines() { while [[ -e $WORK/go ]]; do pull_edges 400; sleep 0.05; done; }
submit_lines() {
	local user=$1 i=0
	while [[ -e $WORK/go ]]; do
		i=$((i + 1))
		as "$user" "$TONGBUCTL" submit --json --json-data \
			"{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"$user-$i\",\"name\":\"$user $i\"}"
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
	sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
	referee_kill
	referee_start && restarts=$((restarts + 1))
done
rm "$WORK/go"
wait "${movers[@]}"
until_durable

same "both start again after each kill" "$((2 * KILLS))" "$restarts"
same "what the kernel let go was always on the disk" 0 "$backwards"
check "no submission fails" cat_nothing "$WORK"/errors.*
check "the ledger's numbers have no gap" no_gap
same "each record is in the ledger once" "$(rows)" "$(kernel acked)"
same "each attach and each death of the daemon is on record" "$((KILLS + 1)) $KILLS" \
	"$(log_count --kind attach) $(log_count --kind detach)"
folded() {
	[[ $(sqlite3 -readonly "$STATE" 'SELECT last FROM fold' 2>/dev/null) -ge $1 &&
		$(tongbuctl status --json | jget referee.caught_up 2>/dev/null) = True ]]
}
check "packs have all of it" until_so folded "$(sql 'SELECT max(id) FROM record')"
same "each act that was acknowledged has had its effect once" \
	"$(cat "$WORK"/receipts.* | wc -l)" \
	"$(sqlite3 -readonly "$STATE" 'SELECT count(*) FROM office')"
same "and no pack failed" 0 "$(sqlite3 -readonly "$STATE" \
	"SELECT count(*) FROM finding WHERE rule IN ('engine.failed', 'engine.refused')")"
check "the state is what a replay gives" tongbuctl replay
echo "# $((2 * KILLS)) kills, $(rows) records, $(cat "$WORK"/receipts.* | wc -l) acts"
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies, and so do all receipts" verify "$WORK/bundle" \
	--receipt "$WORK/receipts.alice" --receipt "$WORK/receipts.bob"
