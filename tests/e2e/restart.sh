#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The daemon restarted, the configuration read again, the module reloaded: the
# ledger goes on exactly where it ended, and one chain names the one before it.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

station_load heartbeat=1000
four_lines_config
check "the station starts" station_start
check "edges are recorded" pull_edges 24
station_stop
check "edges while the daemon is away" pull_edges 24
check "the daemon starts again" station_start
until_durable
same "none of them is missing" 48 "$(events_of_lines)"
check "the ledger's numbers have no gap" no_gap

config_with 4 5 >/etc/tongbu/tongbu.conf
kill -HUP "$(<"$TONGBU_PID")"
sleep 1
same "SIGHUP: sources are those of the new configuration" "line4 line5" \
	"$(tongbuctl source list --json | names | sort | tr '\n' ' ' | sed 's/ $//')"
echo 'sources = ( { name = "x"; } );' >/etc/tongbu/tongbu.conf
kill -HUP "$(<"$TONGBU_PID")"
sleep 1
check "SIGHUP: a wrong configuration is named" grep -q 'tongbu.conf:1: a source of type gpio needs' "$TONGBU_LOG"
same "and changes nothing" 2 "$(tongbuctl source list --json | wc -l)"

for round in 2 3; do
	until_durable
	station_stop
	# What is left is read by a tongbud that needs a configuration to start with.
	four_lines_config
	station_unload
	station_load heartbeat=1000
	check "the station starts on chain $round" station_start
	check "edges are recorded on chain $round" pull_edges 24
done
until_durable
same "there are three chains" 3 "$(tongbuctl chain list --json | wc -l)"
check "a bundle of all is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
same "with its three chains, from the very first" "3 True" \
	"$(verify "$WORK/bundle" --json | jget chains) $(verify "$WORK/bundle" --json | jget from_start)"
check "the independent verifier agrees" python_verify "$WORK/bundle"

middle=$(tongbuctl chain list --json | sed -n 2p | jget chain)
check "one chain of them is exported" export_bundle "$WORK/one" --chain "$middle" --from 3 --to 6
same "and verifies from record 3 on" "5" "$(verify "$WORK/one" --json | jget records)"

# Who leaves out the chain between is found out.
drop_chain "$WORK/bundle" 1 "$WORK/gap"
same "a chain left out is missed" missing "$(verify "$WORK/gap" --json | jget verdict)"

# A ledger out of a backup has a hole: what is there is packed, and the hole is named.
until_durable
station_stop
sqlite3 /var/lib/tongbu/ledger.db 'DELETE FROM record WHERE id & 0xffffffffff BETWEEN 8 AND 11'
check "the daemon starts on a ledger with holes" station_start
until_durable
check "a bundle of all that is there is exported" export_bundle "$WORK/holes"
same "the verifier names a gap in each chain" "missing 3" \
	"$(verify "$WORK/holes" --json | jget verdict) $(verify "$WORK/holes" --json | grep -o '"kind":"gap","first":8,"last":12' | wc -l)"
check "and finds what is there to be as it was sealed" grep -q "as they were sealed, 3 gaps" \
	<(verify "$WORK/holes")

check "log finds acts, sources, users" test "$(log_count --kind edge --source line0)" -gt 0
same "nobody knows an unknown source" 0 "$(log_count --source nosuch)"
same "the newest three" 3 "$(log_count --limit 3)"

# A backup that was made while records came, put back in place
move_lines() { while [[ ! -e $WORK/enough ]]; do pull_edges 40; sleep 0.05; done; }
move_lines &
mover=$!
before=$(rows)
check "a backup is made while records come" tongbuctl backup "$WORK/backup.db"
refused "it overwrites nothing" 2 "it is there already" tongbuctl backup "$WORK/backup.db"
touch "$WORK/enough"
wait "$mover"
until_durable
copied=$(sqlite3 -readonly "$WORK/backup.db" 'SELECT count(*) FROM record')
check "it has what was durable before, and no more than there was" \
	test "$before" -le "$copied" -a "$copied" -le "$(rows)"
same "it is one file" "$WORK/backup.db" "$(echo "$WORK"/backup.db*)"
pull_edges 24 >/dev/null
until_durable
station_stop
cat "$WORK/backup.db" >"$LEDGER"
rm -f "$LEDGER-wal" "$LEDGER-shm"
check "the daemon starts on the backup" station_start
check "and says which records are gone" grep -q "are not in this ledger: was it restored" "$TONGBU_LOG"
pull_edges 24 >/dev/null
until_durable
check "a bundle of it is exported" export_bundle "$WORK/restored"
same "and the verifier names what is missing" missing "$(verify "$WORK/restored" --json | jget verdict)"
check "and finds what is there to be as it was sealed" grep -q "as they were sealed, 4 gaps" \
	<(verify "$WORK/restored")
