#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's part of bench.sh: guest.sh edges|phases|burst|reflex|submits COUNT RUNS. Prints what the
# programs print: submits "NAME COUNT NS", in as many runs, of which the least counts;
# edges, where runs do not differ, what edges.c says.
set -euo pipefail

what=$1 count=$2 runs=$3
bin=$TONGBU_TOP/build/bench
TONGBU_KO=$TONGBU_TOP/build/kmod/$(uname -r)/tongbu.ko
export TONGBU_KO

for module in $(modinfo -F depends "$TONGBU_KO" | tr , ' '); do
	modprobe "$module"
done
case $what in
edges)
	for batch in 1 16 256; do
		for name in base gpiod gpiod-rising tongbu tongbu-rising tongbu-count tongbu-deaf; do
			"$bin/edges" "$name" "$batch" "$count"
		done
	done
	;;
phases)
	for name in base gpiod gpiod-rising tongbu tongbu-rising; do
		SYMBOLS=$TONGBU_OUT/$name.symbols "$bin/edges" "$name" 16 "$count"
	done
	;;
burst)
	for name in base gpiod-default gpiod tongbu tongbu-small; do
		"$bin/edges" "$name" burst "$count"
	done
	;;
reflex)
	for name in tongbu tongbu-thread gpiod; do
		"$bin/reflex" "$name" "$count"
	done
	"$bin/reflex" gpiomon $(((count + 49) / 50))
	;;
submits)
	# shellcheck source=tests/vm/station.sh
	. "$TONGBU_TOP/tests/vm/station.sh"
	station_load submit_rate=0
	station_default_config
	station_start
	db=/var/lib/tongbu/peer.db
	row="INSERT INTO act (time, uid, text) VALUES (unixepoch(), 1000, 'Sluice 3 opened by a hand''s breadth, level 2.41 m');"
	# peer NAME COUNT BEGIN COMMIT - that many rows, in one transaction or in as many
	peer() {
		local begin i
		rm -f "$db"*
		sqlite3 "$db" "PRAGMA journal_mode=WAL; CREATE TABLE act (time, uid, text);" >/dev/null
		{
			echo "PRAGMA synchronous=FULL; $3"
			for ((i = 0; i < $2; i++)); do echo "$row"; done
			echo "$4"
		} >/run/peer.sql
		begin=$(date +%s%N)
		sqlite3 "$db" </run/peer.sql
		echo "$1 $2 $(($(date +%s%N) - begin))"
	}
	for ((run = 0; run < runs; run++)); do
		"$bin/submits" single $((count / 10))
		peer sqlite-single $((count / 10)) "" ""
		"$bin/submits" stream "$count"
		peer sqlite-stream "$count" "BEGIN;" "COMMIT;"
	done
	station_stop
	;;
*)
	echo "usage: guest.sh edges|phases|burst|reflex|submits COUNT RUNS" >&2
	exit 2
	;;
esac
