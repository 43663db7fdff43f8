#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A province: stations whose ledgers go on at twenty times the speed of life, each with its
# tongbu-uplink; three servers of NATS with each message on all, two hubs, one PostgreSQL. What
# can go wrong does, two stations lie, and then it is counted: nothing is lost or there
# twice, and both liars are found. Prints TAP.
#
#	province.sh		six stations, a thousandth of the records
#	province.sh full	165, of 11 cities, for ten minutes; writes docs/scale.md
set -uo pipefail

targets=(tongbu-hub-province)
# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
full=${1:-}
# An average station has 0.2 records a second; three weeks of it are 362,880.
rate=4 stations=6 step=60 weeks=4000 seconds=0
[[ -z $full ]] || stations=165 step=30000 weeks=362880 seconds=600
away=1 restored=2 flipped=3 forked=4
hub_program=("$top/build/bin/tongbu-hub" -c "$work/hub.conf")
hub() { "${hub_program[@]}" "$@"; }
log_of() { cut -d + -f 1 "$(at "$1")/vkey"; }
fail() { echo "Bail out! $*"; tail -n 5 "$work"/hub*.log | sed 's/^/# /'; exit 1; }

# The ledgers
ledgers "$stations" "$rate"
begin=$SECONDS
touch "$work"/hub{1,2}.log

# Everyone who takes part, and what NATS lets each do
certificate
write_uplink() {
	cat >"$(at "$1")/tongbu.conf" <<-END
		station = "$(log_of "$1" | cut -d / -f 1)";
		ledger = "$(at "$1")/ledger.db";
		uplink = {
			servers = [ $(servers tls 3) ];
			ca = "$work/tls.pem"; tls_name = "hub.test";
			nats_key = "$(at "$1")/nats.pem"; held = "$(at "$1")/kept/held";
			hub = "$key"; interval = 1;
		};
	END
}
uplink() { "$top/build/bin/tongbu-uplink" -c "$(at "$1")/tongbu.conf" "${@:2}"; }
declare -A sending
start_uplink() {
	"$top/build/bin/tongbu-uplink" -c "$(at "$1")/tongbu.conf" >>"$(at "$1")/log" 2>&1 &
	sending[$1]=$!
}
stop_uplink() {
	kill -TERM "${sending[$1]}"
	wait "${sending[$1]}" 2>/dev/null
	unset "sending[$1]"
}
key=$("$top/build/bin/tongbu-hub" -k "$work/hub.pem" -n hub.example/m key)
write_nodes 3 "include users.conf"
cat >"$work/hub.conf" <<-END
	database = "$where";
	key = "$work/hub.pem";
	name = "hub.example/m";
	servers = [ $(servers tls 3) ];
	ca = "$work/tls.pem";
	tls_name = "hub.test";
	nats_key = "$work/hub-nats.pem";
	replicas = 3;
	queue = 256;
END
{
	echo "tls { cert_file: \"$work/tls.pem\", key_file: \"$work/tls.key\" }"
	echo 'authorization { users: ['
	hub user
	for ((i = 0; i < stations; i++)); do
		mkdir "$(at "$i")/kept"
		write_uplink "$i"
		uplink "$i" --user
		hub station add "$(<"$(at "$i")/vkey")" >"$work/said" || fail "a station is not registered"
	done
	echo '] }'
} >"$work/users.conf"
for i in 0 1 2; do start_node "$i"; done
# The first of these takes, the second waits
declare -A serving
start_hub() {
	"${hub_program[@]}" serve >>"$work/hub$1.log" 2>&1 &
	serving[$1]=$!
}
start_hub 1
takes() { grep -q "receives records" "$work/hub$1.log"; }
until_so takes 1 || fail "the hub does not begin"
start_hub 2
for ((i = 0; i < stations; i++)); do start_uplink "$i"; done

total() { sql 'SELECT coalesce(sum(size), 0) FROM tongbu.station'; }
is_more() { (($(total) >= $1)); }
# go_on NAME - so many more are held, whatever was done
go_on() {
	until_so is_more $(($(total) + step))
	report $? "$1"
}
# What a process had of processors is added up when it is killed.
declare -A had=([hub]=0 [nats]=0 [pg]=0)
add() { had[$1]=$((had[$1] + $(ticks "${@:2}"))); }
seconds_of() { awk -v t="${had[$1]}" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.0f", t / hz }'; }
is_held_of() { [[ $(sed -n 2p "$(at "$1")/kept/held" 2>/dev/null) -ge $2 ]]; }
for ((i = 0; i < stations; i++)); do until_so is_held_of "$i" 1 || fail "station $i is not held"; done
go_on "$stations stations are held, and go on"
wal=$(sql 'SELECT pg_current_wal_lsn()')
# How long ago each that is not away or lying was cosigned, s
while sleep 2; do
	sql "SELECT extract(epoch FROM now() - held_at)::numeric(9, 1) FROM tongbu.station WHERE id NOT IN ($((away + 1)), $((restored + 1)), $((forked + 1)))"
done >"$work/lags" 2>/dev/null &
sampling=$!

stop_uplink $away
tell jump $away "$weeks"
sqlite3 "$(at $restored)/ledger.db" ".backup $work/backup.db" || fail "no backup"
go_on "one was cut off, for three weeks; the others go on"

# Of three servers the one that leads
leader() {
	/usr/bin/python3 -c '
import json, sys, urllib.request
url = "http://127.0.0.1:%s/jsz?streams=true" % sys.argv[1]
told = json.load(urllib.request.urlopen(url, timeout=60))
print(told["account_details"][0]["stream_detail"][0]["cluster"]["leader"][1:])' "$1" 2>/dev/null
}
is_leader() { led=$(leader "${port[6]}") && [[ $led == [012] ]]; }
until_so is_leader || fail "nobody leads"
add nats "${node[led]}"
kill_hard "${node[led]}"
go_on "the server of NATS that leads was killed; two go on"
start_node "$led"
go_on "it is back"
add hub "${serving[1]}"
kill_hard "${serving[1]}"
until_so takes 2
report $? "the hub was killed; the other one takes over"
go_on "and goes on"
: >"$work/hub1.log"
start_hub 1
# shellcheck disable=SC2046
add pg $(pids_pg)
pg pg_ctl -D "$data/data" -w -m immediate stop >/dev/null
start_pg
go_on "PostgreSQL was stopped hard, and started"

# Whoever has the lock now
takes_now() {
	local i
	for i in 1 2; do
		[[ $(tail -n 1 "$work/hub$i.log") == *"receives records"* ]] && { active=$i; return 0; }
	done
	return 1
}
until_so takes_now || fail "no hub takes"
add hub "${serving[$active]}"
kill_hard "${serving[$active]}"
go_on "the hub that takes was killed a second time"
: >"$work/hub$active.log"
start_hub "$active"

# One bit in PostgreSQL
is_whole() { (($(sql "SELECT size FROM tongbu.station WHERE id = $((flipped + 1))") > 100)); }
until_so is_whole
sql "UPDATE tongbu.record SET bytes = set_bit(bytes, 777, 1 - get_bit(bytes, 777)) WHERE station = $((flipped + 1)) AND entry = 100"
scrub_all() {
	local i found=''
	for ((i = 0; i < stations; i++)); do
		hub scrub "$(log_of "$i")" >"$work/said" || found+="$i "
	done
	echo "$found"
}
same "one bit was flipped in PostgreSQL: the scrub finds that station" "$flipped " "$(scrub_all)"
is_mended() { [[ $(sql 'SELECT count(*) FROM tongbu.damaged') == 0 ]]; }
until_so is_mended
report $? "it is fetched again from the station"
check "and is as it was" hub scrub "$(log_of $flipped)"

# Two that lie, with their own keys: what they have signed since is theirs alone
declare -A honest
# lie STATION ENTRIES WORD - with another ledger
lie() {
	tell leave "$1"
	until_so is_held_of "$1" "$(sed -n 2p "$(at "$1")/checkpoint")" || fail "station $1 is not held"
	stop_uplink "$1"
	honest[$1]=$(sed -n 2p "$(at "$1")/kept/held")
	rm -f "$(at "$1")"/{ledger.db*,checkpoint}
	[[ -z ${4:-} ]] || cp "$4" "$(at "$1")/ledger.db"
	STATION=$(log_of "$1" | cut -d / -f 1) batches "$(at "$1")" "$2" "$3" "$2" 64 >/dev/null || fail "$1 cannot lie"
	start_uplink "$1"
}
lie $restored 0 - "$work/backup.db"
lie $forked "$((step * 10))" other
is_refused() { hub refused | grep -F "$(log_of "$1")" | grep -q "kind \($2\)"; }
until_so is_refused $restored rollback
report $? "a ledger that was restored from a backup is found: rollback"
until_so is_refused $forked 'fork\|changed\|wrong root'
report $? "another log under a station's key is found: fork"
same "nobody else is refused" 2 "$(sql 'SELECT count(DISTINCT station) FROM tongbu.evidence')"

start_uplink $away
until_so is_held_of $away "$weeks"
report $? "the one that was away sends its three weeks"
while ((SECONDS - begin < seconds)); do sleep 1; done
elapsed=$((SECONDS - begin))
echo end >&"$say"
entries=0
missing=''
while read -r i is; do
	until_so is_held_of "$i" "$is" || missing+=" $i"
	honest[$i]=$is
	entries=$((entries + is))
done <&"$hear"
[[ -z $missing ]] || echo "# not held to their end:$missing"
[[ -z $missing && ${#honest[@]} == "$stations" ]]
report $? "each station knows that all it recorded is held"
kill "$sampling"

# It is counted.
# counts - of each station: entries, different ones, the last one
counts() {
	sql 'SELECT station - 1, count(*), count(DISTINCT entry), max(entry) + 1 FROM tongbu.record GROUP BY 1 ORDER BY 1' | tr '|' ' '
}
for ((i = 0; i < stations; i++)); do echo "$i ${honest[$i]} ${honest[$i]} ${honest[$i]}"; done >"$work/should"
counts >"$work/is"
lost=$(join "$work/should" "$work/is" 2>/dev/null | awk '$6 < $2 { n += $2 - $6 } END { print n + 0 }')
doubled=$(awk '{ n += $2 - $3 } END { print n + 0 }' "$work/is")
check "what is held is what was recorded, each entry once" diff "$work/should" "$work/is"
same "all of it is what the stations signed: the scrub finds nothing" "" "$(scrub_all)"

# shellcheck disable=SC2046
add pg $(pids_pg)
add hub "${serving[@]}"
add nats "${node[@]}"
uplinks=$(ticks "${sending[@]}")
kill -TERM "${sending[@]}" "${serving[@]}" "${node[@]}"
wait "${sending[@]}" "${serving[@]}" "${node[@]}" 2>/dev/null
records=$(awk '{ n += $2 } END { print n }' "$work/is")
echo "# $records records of $stations stations in $elapsed s, $lost lost, $doubled doubled"
[[ -n $full && $failed == 0 ]] || exit "$failed"

# The page
kib() { sql "SELECT $1"; }
row_bytes=$(kib "round(avg(length(bytes))) FROM tongbu.record")
disk=$(kib "(SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'tongbu.record'::regclass)::bigint / $records")
log_bytes=$(kib "pg_wal_lsn_diff(pg_current_wal_lsn(), '$wal')::bigint / $records")
us() { awk -v t="$1" -v n="$records" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.0f", t * 1e6 / hz / n }'; }
lag() { sort -n "$work/lags" | awk -v p="$1" '{ v[NR] = $1 } END { print v[int((NR - 1) * p) + 1] }'; }
"$top/tests/into-page.sh" tests/hub/province.sh "$top/docs/scale.md" <<-END
	| | |
	|---|---|
	| stations, each with its tongbu-uplink | $stations |
	| records, of $row_bytes bytes | $records |
	| seconds | $elapsed |
	| lost | $lost |
	| there twice | $doubled |
	| liars found, of two | $(sql 'SELECT count(DISTINCT station) FROM tongbu.evidence') |
	| flipped bits found and fetched again, of one | 1 |
	| last cosigned so long ago, s: median, 95 of 100, at most | $(lag 0.5), $(lag 0.95), $(lag 1) |
	| processor, microseconds a record: hub, PostgreSQL, three servers of NATS | $(us "${had[hub]}"), $(us "${had[pg]}"), $(us "${had[nats]}") |
	| processor of all uplinks, microseconds a record | $(us "$uplinks") |
	| bytes a record in PostgreSQL: tables and indexes, log | $disk, $log_bytes |
	| processors, and load when it ended | $(nproc), $(cut -d ' ' -f 1 /proc/loadavg) |
END
all=$((had[hub] + had[pg] + had[nats]))
# sheet STATIONS RATE - a row of the capacity sheet
sheet() {
	awk -v n="$1" -v rate="$2" -v len="$row_bytes" -v disk="$disk" -v wal="$log_bytes" -v us="$(us "$all")" 'BEGIN {
		day = n * rate * 86400
		printf "| %d | %s | %d | %.2f | %.1f | %.1f | %.1f | %.1f |\n", n, rate, n * rate, day / 1e6,
			day * len / 1e9, day * disk / 1e9, day * wal / 1e9, n * rate * us / 1e6 }'
}
{
	echo "| stations | records a second each | all | million a day | GB a day | in PostgreSQL | its log | processors |"
	echo "|---|---|---|---|---|---|---|---|"
	for i in 15 165 1000 100000; do sheet "$i" 0.2; done
	sheet 1000 20
} | "$top/tests/into-page.sh" "tests/hub/province.sh, the sheet" "$top/docs/scale.md"
