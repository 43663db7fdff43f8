#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How fast a hub takes what waits in NATS into PostgreSQL, each root checked and each
# station cosigned; and how fast psql copies the same rows into tables made alike, which
# checks nothing. For `make bench`.
#
#	rate.sh RECORDS NODES PER...	16 stations have so many records; servers of NATS, each
#					message on all of them; records in a message
#
# Prints a line for each PER: "PER HUB PSQL", records a second; and behind that the
# microseconds of processor a record of the hub, PostgreSQL and NATS.
set -uo pipefail

targets=(tongbu-hub-publish)
# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
records=$1 nodes=$2
shift 2
stations=16
each=$((records / stations))
hub_program=("$top/build/bin/tongbu-hub" -c "$work/hub.conf")
fail() { echo "$*" >&2; exit 1; }

write_nodes "$nodes"
for ((i = 0; i < nodes; i++)); do start_node "$i"; done
pids_nats=${node[*]}
cat >"$work/hub.conf" <<-END
	database = "$where";
	key = "$work/hub.pem";
	name = "hub.example/m";
	servers = [ "nats://127.0.0.1:${port[0]}" ];
	nats_key = "$work/nats.pem";
	replicas = $nodes;
	queue = 2048;
END
for ((i = 0; i < stations; i++)); do
	mkdir "$work/s$i"
	batches "$work/s$i" "$each" "$(printf '%050d' "$i")" "$each" 64 >/dev/null
	"${hub_program[@]}" station add "$(<"$work/s$i/vkey")" >/dev/null || fail "a station is not registered"
done

serve() {
	"${hub_program[@]}" serve >>"$work/hub.log" 2>&1 &
	serving=$!
}
is_ready() { tail -n 1 "$work/hub.log" | grep -q "receives records"; }
held() { sql 'SELECT sum(size) FROM tongbu.station'; }
are_held() { [[ $(held) == "$((each * stations))" ]]; }
# a_record TICKS - microseconds a record
a_record() { awk -v t="$1" -v n="$records" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", t * 1e6 / hz / n }'; }

for per in "$@"; do
	sql 'TRUNCATE tongbu.record, tongbu.tree'
	sql "UPDATE tongbu.station SET next = 0, frontier = '', size = 0, note = NULL"
	# The hub makes the stream, and is away while it fills.
	: >"$work/hub.log"
	serve
	until_so is_ready || fail "$(cat "$work/hub.log")"
	kill -TERM "$serving"
	wait "$serving"
	for ((from = 0; from < each; from += 8192)); do
		for ((i = 0; i < stations; i++)); do
			cat <("$top/build/bin/tongbu-hub-batches" "$work/s$i" "$each" - "$from" "$per" 1 $((from + 8192)) 2>/dev/null)
		done
	done >"$work/all"
	"$top/build/bin/tongbu-hub-publish" "nats://127.0.0.1:${port[0]}" "$work/nats.pem" <"$work/all" >/dev/null ||
		fail "what is to be taken does not get into NATS"
	# shellcheck disable=SC2086
	before_nats=$(ticks $pids_nats)
	serve
	until pids_pg | grep -q .; do :; done
	until_so are_held || fail "only $(held) were held: $(tail -n 3 "$work/hub.log")"
	# shellcheck disable=SC2046,SC2086
	used="$(ticks "$serving") $(ticks $(pids_pg)) $(($(ticks $pids_nats) - before_nats))"
	kill -TERM "$serving"
	wait "$serving"
	rate=$(sql "SELECT ((SELECT count(*) FROM tongbu.record WHERE received < (SELECT max(received) FROM tongbu.record))
		/ extract(epoch FROM max(received) - min(received)))::bigint FROM tongbu.record")
	sql "COPY (SELECT station, entry, bytes FROM tongbu.record) TO '$data/rows' (FORMAT binary)"
	sql 'DROP TABLE IF EXISTS peer' 2>/dev/null
	sql 'CREATE TABLE peer (LIKE tongbu.record INCLUDING ALL)'
	begin=$(date +%s%N)
	pg psql -qtA -h "$data" -U hub postgres -c "COPY peer (station, entry, bytes) FROM STDIN (FORMAT binary)" <"$data/rows"
	ns=$(($(date +%s%N) - begin))
	read -r a b c <<<"$used"
	echo "$per $rate $((records * 1000000000 / ns)) $(a_record "$a") $(a_record "$b") $(a_record "$c")"
done
