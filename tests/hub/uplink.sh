#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A station's uplink on a poor line: no more bytes a second than are allowed; three weeks
# without a server; records that were archived before they were sent. Prints TAP.
set -uo pipefail

targets=(tongbu-hub-province)
# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
slow=0 away=1 old=2
hub_program=("$top/build/bin/tongbu-hub" -c "$work/hub.conf")
hub() { "${hub_program[@]}" "$@"; }
ledgers 3 0
write_nodes 1
cat >"$work/hub.conf" <<-END
	database = "$where";
	key = "$work/hub.pem";
	name = "hub.example/m";
	servers = [ $(servers nats 1) ];
	nats_key = "$work/hub-nats.pem";
	queue = 64;
END
key=$(hub key 2>/dev/null)
# write_uplink STATION [SETTING]
write_uplink() {
	mkdir -p "$(at "$1")/kept"
	cat >"$(at "$1")/tongbu.conf" <<-END
		station = "s$1";
		ledger = "$(at "$1")/ledger.db";
		archive = "$(at "$1")/archive";
		uplink = {
			servers = [ $(servers nats 1) ];
			nats_key = "$(at "$1")/nats.pem"; held = "$(at "$1")/kept/held";
			hub = "$key"; interval = 1; ${2:-}
		};
	END
}
start_uplink() {
	"$top/build/bin/tongbu-uplink" -c "$(at "$1")/tongbu.conf" >>"$(at "$1")/log" 2>&1 &
	sending=$!
}
stop_uplink() {
	kill -TERM "$sending"
	wait "$sending"
}
says() { grep -q "$2" "$(at "$1")/kept/trouble" 2>/dev/null; }
held() { sed -n 2p "$(at "$1")/kept/held" 2>/dev/null; }
is_held() { [[ $(held "$1") -ge $2 ]]; }
held_up_to() { # STATION ENTRIES NAME
	until_so is_held "$1" "$2"
	report $? "$3"
	is_held "$1" "$2" || tail -n 4 "$(at "$1")/log" "$work/hub.log" | sed 's/^/# /'
	same "each once" "$2 $2" "$(sql "SELECT count(*), count(DISTINCT entry) FROM tongbu.record WHERE station = $(($1 + 1))" | tr '|' ' ')"
}
for i in $slow $away $old; do
	write_uplink "$i"
	hub station add "$(<"$(at "$i")/vkey")" >"$work/said" || { cat "$work/said"; exit 1; }
done

# Nobody is there yet. A day's records, day after day
write_uplink $away "rate = 512;"
start_uplink $away
until_so says $away "NATS at"
report $? "without a server the station is told so"
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$sending/status"; }
before=$(resident)
for ((day = 1; day <= 21; day++)); do tell jump $away 2000; done
files=$(find "$(at $away)/kept" -type f | wc -l)
same "in three weeks it keeps nothing but what is in the way" 1 "$files"
# The newest checkpoint is all that it read meanwhile.
(($(resident) - before < 4096))
report $? "and its memory does not grow: $before KiB, $(resident) KiB"
start_node 0
"${hub_program[@]}" serve >>"$work/hub.log" 2>&1 &
# What is there is cosigned when all is that the station signed.
reached() { sql "SELECT next FROM tongbu.station WHERE id = $((away + 1))"; }
has_some() { (($(reached) >= 2000)); }
until_so has_some
report $? "then there is a server: it begins to send"
kill_hard "$sending"
reached=$(reached)
((reached < 42001))
report $? "it is killed on the way, at $reached"
write_uplink $away
start_uplink $away
held_up_to $away 42001 "and goes on to the end"
! says $away .
report $? "and nothing is in the way"
stop_uplink

# A slow line can be slower than is allowed, not faster.
tell jump $slow 1500
write_uplink $slow "rate = 32;"
begin=$(date +%s%N)
start_uplink $slow
until_so is_held $slow 1501
took=$((($(date +%s%N) - begin) / 1000000))
bytes=$(sql "SELECT sum(length(bytes)) FROM tongbu.record WHERE station = $((slow + 1))")
# The last message is not waited for: 64 records, and what is around them
least=$(((bytes - bytes * 64 / 1501) * 1000 / (32 * 1024)))
((took >= least))
report $? "$bytes bytes at 32 KiB a second take $took ms, not less than $least"
held_up_to $slow 1501 "all of it is held"
stop_uplink

# Two chains that ended are in bundles before anything was sent
tell jump $old 700
tell chain $old
tell jump $old 500
tell chain $old
tell jump $old 300
tell archive $old
same "two chains are archived" 2 "$(find "$(at $old)/archive" -name '*.bundle' | wc -l)"
((records = $(sqlite3 -readonly "$(at $old)/ledger.db" 'SELECT count(*) FROM record'), records < 400))
report $? "the ledger has them no more: $records records of 1501"
mv "$(at $old)/archive" "$work/elsewhere"
start_uplink $old
until_so says $old "archive"
report $? "without the bundles it says what is missing: $(cat "$(at $old)/kept/trouble" 2>/dev/null)"
same "and nothing is held" "" "$(held $old)"
mv "$work/elsewhere" "$(at $old)/archive"
stop_uplink
start_uplink $old
held_up_to $old 1501 "with them all is held, out of bundles and ledger"
check "and is what the station signed" hub scrub "$(sed -n 1p "$(at $old)/kept/held")"
tell chain $old
tell jump $old 200
tell archive $old
held_up_to $old 1701 "a chain that is archived while it runs is no trouble"
stop_uplink
exit "$failed"
