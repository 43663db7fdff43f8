#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# F 9: the disk is full, of each file in turn: log, blobs, write-ahead log of the ledger and of
# the state, then both databases while their logs still grow. It is said what is full, and
# with room again all goes on by itself: nothing that was acknowledged is lost, nothing is
# there twice.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

DISKS=/run/full
LEDGER=$DISKS/ledger/ledger.db
STATE=$DISKS/state/state.db
TONGBU_LOG=$DISKS/log/log
trap 'cleanup; umount -lR "$DISKS"; exit "$FAILED"' EXIT

# disk NAME MIB
disk() { mkdir -p "$DISKS/$1" && mount -t tmpfs -o "size=$2m,mode=0755" "$1" "$DISKS/$1"; }
fill() { ! dd if=/dev/zero bs=4k status=none 2>/dev/null >>"$DISKS/$1/ballast"; }
give_room() { rm "$DISKS/$1/ballast"; }

acts=0
long_name=$(printf 'x%.0s' {1..100})
# act [OPTION...] - one office more; its receipt is kept
act() {
	acts=$((acts + 1))
	as alice "$TONGBUCTL" submit --json "$@" --json-data \
		"{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"o$acts\",\"name\":\"$long_name $acts\"}" \
		>>"$WORK/receipts" 2>>"$WORK/errors"
}
trouble() { tongbuctl status --json | jget "$1"; }
# until_full DISK FIELD FILE - acts go on, until that field of the status names the file
until_full() {
	local i
	for ((i = 0; i < 300; i++)); do
		fill "$1"
		act
		[[ $(trouble "$2") != *"$3"*"is full"* ]] || return 0
		sleep 0.1
	done
	trouble "$2"
	return 1
}
doctor_says() {
	tongbuctl doctor >"$WORK/doctor" 2>&1
	grep -F "$1" "$WORK/doctor" | grep -F "$2"
}
until_folded() {
	local last
	until_durable
	last=$(sql 'SELECT max(id) FROM record')
	until_so folded "$last"
}
folded() {
	[[ $(sqlite3 -readonly "$STATE" 'SELECT last FROM fold') -ge $1 &&
		$(tongbuctl status --json | jget referee.caught_up) = True ]]
}
size() { stat -c %s "$1"; }
same_offices() {
	same "$1" "$acts $acts" "$(wc -l <"$WORK/receipts") $(sqlite3 -readonly "$STATE" \
		'SELECT count(*) FROM office')"
}

mkdir -p "$DISKS"
mount -t tmpfs none "$DISKS"
for name in ledger state log; do disk "$name" 48; done
disk blobs 136
station_load heartbeat=3600000 submit_rate=0
{
	config_with 0 1 2 3
	echo "ledger = \"$LEDGER\"; state = \"$STATE\"; blobs = \"$DISKS/blobs\";"
	echo "packs = [ \"market\" ]; packs_dir = \"$TONGBU_TOP/daemon/packs\";"
} | station_config
check "the station starts" station_start

# The log
fill log
check "F9: with the log full an act is durable" act --wait
check "F9: and folded" until_folded
give_room log
station_reload
check "F9: with room the log goes on" until_so grep -q "configuration" "$TONGBU_LOG"

# Blobs
echo "minutes of a meeting" >"$WORK/minutes"
chmod 711 "$WORK" && chmod 644 "$WORK/minutes"
fill blobs
refused "F9: with their disk full blobs are refused, by its name" 2 "$DISKS/blobs: less than" \
	as alice "$TONGBUCTL" blob put "$WORK/minutes"
give_room blobs
hash=$(as alice "$TONGBUCTL" blob put "$WORK/minutes")
same "F9: with room a blob is kept" "minutes of a meeting" "$(tongbuctl blob get "$hash")"
same "F9: and nothing of the one that was refused" "$hash" "$(ls -A "$DISKS/blobs")"

# The ledger's log
check "F9: with the ledger's disk full the status names it" until_full ledger trouble "$LEDGER"
check "F9: doctor does" doctor_says daemon "$LEDGER"
check "F9: and the log" grep -q "ledger $LEDGER: .*nothing is lost yet" "$TONGBU_LOG"
acked=$(kernel acked)
check "edges are sealed meanwhile" pull_edges 200
for ((i = 0; i < 10; i++)); do act; done
same "and none of it is acknowledged" "$acked" "$(kernel acked)"
give_room ledger
check "F9: with room all of it is durable" until_durable
check "F9: the log says so" grep -q "the ledger takes records again" "$TONGBU_LOG"
check "and packs have it" until_folded
same_offices "F9: each act that was acknowledged has had its effect once"

# The state's log
check "F9: with the state's disk full the status names it" until_full state referee.trouble "$STATE"
check "F9: doctor does" doctor_says packs "$STATE"
check "F9: and the log" grep -q "packs stopped: .*$STATE: .*recording continues" "$TONGBU_LOG"
check "F9: acts are durable meanwhile" act --wait
give_room state
check "F9: with room packs go on" until_folded
check "F9: the log says so" grep -q "packs run again" "$TONGBU_LOG"
same_offices "F9: no act was folded twice"

# The databases alone: each on a disk of its own, its log where it was
station_stop
for name in ledger state; do
	disk "$name-file" 16
	mv "$DISKS/$name/$name.db" "$DISKS/$name-file" && touch "$DISKS/$name/$name.db"
	mount --bind "$DISKS/$name-file/$name.db" "$DISKS/$name/$name.db"
done
check "the station starts on databases apart from their logs" station_start
before="$(size "$LEDGER") $(size "$STATE")"
fill ledger-file
fill state-file
# The log is moved into the database by a commit from 1,000 pages on: the ledger's is brought
# there, and of the state it is asked for.
long() { [[ $(size "$LEDGER-wal") -gt 4200000 ]]; }
pulled=200
while ! long && ((pulled < 200000)); do
	pull_edges 2000
	pulled=$((pulled + 2000))
done
check "the ledger's log is past where it is moved into the database" long
for ((i = 0; i < 24; i++)); do act; done
until_folded
same "nor can the state's be" "database or disk is full" \
	"$(sqlite3 "$STATE" 'PRAGMA wal_checkpoint(TRUNCATE)' 2>&1 | grep -o "database or disk is full")"
check "F9: with both databases full an act is durable" act --wait
check "F9: and folded" until_folded
check "F9: doctor tells that the ledger's disk is full" doctor_says disk "0 MiB are free"
same "neither database has grown" "$before" "$(size "$LEDGER") $(size "$STATE")"
give_room ledger-file
give_room state-file
both_grown() {
	act --wait
	sqlite3 "$STATE" 'PRAGMA wal_checkpoint(PASSIVE)'
	[[ $(size "$LEDGER") -gt ${before% *} && $(size "$STATE") -gt ${before#* } ]]
}
check "F9: with room both grow" until_so both_grown
check "packs have all of it" until_folded

check "no submission fails" cat_nothing "$WORK/errors"
same_offices "F9: nothing that was acknowledged is lost or there twice"
same "each edge is there, or counted as lost" "$pulled" "$(events_of_lines)"
check "the ledger's numbers have no gap" no_gap
check "the state is what a replay gives" tongbuctl replay
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies, and so do all receipts" verify "$WORK/bundle" --receipt "$WORK/receipts"
