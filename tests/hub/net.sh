#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# From a station's ledger to a hub and back, by a real nats-server with TLS and keys, into a
# real PostgreSQL, all on loopback. Each of them is killed meanwhile: nothing is lost, and
# nothing is there twice. A ledger that was cut, or forked, is found. Prints TAP.
set -uo pipefail

# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
ledger=$work/a/ledger.db
kept=$work/kept
mkdir "$work/a" "$work/nats" "$kept"
nats_at=127.0.0.1:$(free_ports 1)

# grow DIRECTORY ENTRIES [WORD] - the ledger goes on, and is signed
grow() { batches "$1" "$2" "${3:-edge}" "$2" 64 >/dev/null || echo "# $1 does not grow to $2"; }
hub_program=("$top/build/bin/tongbu-hub" -c "$work/hub.conf")
uplink_program=("$top/build/bin/tongbu-uplink" -c "$work/tongbu.conf")
hub() { "${hub_program[@]}" "$@"; }

# write_config [HUB'S KEY] [NAME IN THE CERTIFICATE]
write_config() {
	cat >"$work/tongbu.conf" <<-END
		station = "river-07";
		ledger = "$ledger";
		uplink = {
			servers = [ "tls://$nats_at" ];
			ca = "$work/tls.pem"; tls_name = "${2:-hub.test}";
			nats_key = "$work/nats.pem"; held = "$kept/held";
			hub = "${1:-$(hub key)}"; interval = 1;
		};
	END
}

write_nats() {
	cat >"$work/nats.conf" <<-END
		listen: $nats_at
		jetstream { store_dir: "$work/nats", max_mem: 16M, max_file: 1G }
		tls { cert_file: "$work/tls.pem", key_file: "$work/tls.key" }
		authorization { users: [
			$("${uplink_program[@]}" --user)
			$(hub user)
		] }
	END
}

start_nats() {
	nats-server -c "$work/nats.conf" >>"$work/nats.log" 2>&1 &
	nats=$!
}
start_hub() {
	"${hub_program[@]}" serve >>"$work/hub.log" 2>&1 &
	serving=$!
}
start_uplink() {
	"${uplink_program[@]}" >>"$work/uplink.log" 2>&1 &
	sending=$!
}
held() { sed -n 2p "$kept/held" 2>/dev/null; }
is_held() { [[ $(held) == "$1" ]]; }
says() { grep -q "$1" "$kept/trouble" 2>/dev/null; }
says_nothing() { [[ ! -e $kept/trouble ]]; }
# held_up_to ENTRIES NAME - it comes back, sooner or later
held_up_to() {
	until_so is_held "$1"
	report $? "$2"
	is_held "$1" || { echo "# held: $(held)"; tail -n 4 "$work/uplink.log" "$work/hub.log" | sed 's/^/# /'; }
}
found() { until_so says "$1"; report $? "$2"; }
# all_once ENTRIES NAME
all_once() {
	same "$2" "$1 $1 0 $(($1 - 1))" \
		"$(sql 'SELECT count(*), count(DISTINCT entry), min(entry), max(entry) FROM tongbu.record' | tr '|' ' ')"
}

# as_printed FILE - nats-server takes the example, but for the paths of certificates
as_printed() {
	sed "s,/etc/nats/[a-z0-9-]*\\.key,$work/tls.key,; s,/etc/nats/[a-z0-9-]*\\.pem,$work/tls.pem,g" "$1" >"$work/example.conf" &&
		nats-server -t -c "$work/example.conf"
}

cat >"$work/hub.conf" <<-END
	database = "$where";
	key = "$work/hub.pem";
	name = "hub.example/m";
	servers = [ "tls://$nats_at" ];
	ca = "$work/tls.pem";
	tls_name = "hub.test";
	nats_key = "$work/hub-nats.pem";
	queue = 64;
END
certificate
for file in "$top"/docs/hub/nats-*.conf; do
	check "nats-server takes docs/hub/${file##*/}" as_printed "$file"
done
grow "$work/a" 300
write_config
write_nats
start_nats
start_hub
start_uplink
found "there is no station" "a station that is not registered is told so"
check "it is registered" hub station add "$(<"$work/a/vkey")"
held_up_to 300 "what it has is held, and it knows"
{ cat "$work/a/vkey"; echo; hub key; } >"$work/keys"
/usr/bin/python3 "$top/tests/receipt.py" "$work/keys" "$kept/held" >"$work/said" 2>&1
grep -q '"hub.example/m": 1' "$work/said"
report $? "the verifier in Python takes what the station keeps"
check "nothing is in the way" until_so says_nothing

grow "$work/a" 700
held_up_to 700 "what comes is held"
kill_hard "$serving"
grow "$work/a" 1100
start_hub
held_up_to 1100 "a hub that was killed goes on"
kill_hard "$nats"
grow "$work/a" 1300
rm -rf "$work/nats"
mkdir "$work/nats"
start_nats
held_up_to 1300 "a server of NATS that was killed and lost all it had is no loss"
pg pg_ctl -D "$data/data" -w -m immediate stop >/dev/null
grow "$work/a" 1500
start_pg
held_up_to 1500 "nor is a PostgreSQL that was stopped hard"
kill_hard "$sending"
grow "$work/a" 6000
start_uplink
held_up_to 6000 "a station that was away sends what it has"

first=$serving
start_hub
until_so grep -q "this one waits" "$work/hub.log"
report $? "a second hub waits"
kill_hard "$first"
grow "$work/a" 6200
held_up_to 6200 "and takes over"

sql "ALTER SYSTEM SET fsync = off"
sql "SELECT pg_reload_conf()" >/dev/null
until_so is_fsync off
grow "$work/a" 6300
until_so grep -q "fsync = off" "$work/hub.log"
report $? "with fsync off nothing is cosigned"
same "nothing was" 6200 "$(held)"
sql "ALTER SYSTEM RESET fsync"
sql "SELECT pg_reload_conf()" >/dev/null
until_so is_fsync on
held_up_to 6300 "and once it is on, it goes on"
all_once 6300 "each entry is there once"
check "a scrub finds nothing wrong" hub scrub "$(sed -n 1p "$kept/held")"

# Who has the station's key can sign another log; the ledger is not the one that is held.
# other ENTRIES WORD - the station's ledger is another one now
other() {
	kill -TERM "$sending"
	wait "$sending"
	rm -rf "$work/b"
	mkdir "$work/b"
	cp "$work/a/log.pem" "$work/b/"
	grow "$work/b" "$1" "$2"
	ledger=$work/b/ledger.db
	write_config
	start_uplink
}
other 5000 edge
found "was cut, or restored" "a ledger that was cut is found at the station"
until_so grep -q "rollback of station" "$work/hub.log"
report $? "and at the hub"
other 6500 other
found "fork\|changed\|wrong root\|not those of the ledger" "a fork is found at the station"
until_so grep -q "\(fork\|wrong root\|changed\) of station" "$work/hub.log"
report $? "and at the hub, which keeps the evidence"
hub refused | grep -q "kind rollback"
report $? "as it does of the one that was cut"
all_once 6300 "nothing of both is held"
same "what is kept at the station is still what was signed" 6300 "$(held)"

# again [HUB'S KEY] [NAME] - the true ledger, with that configuration
again() {
	kill -TERM "$sending" 2>/dev/null
	wait "$sending"
	ledger=$work/a/ledger.db
	write_config "$@"
	start_uplink
}
grow "$work/a" 6400
again "" other.test
found "NATS at" "a server with another name in its certificate is not talked to"
again "$(<"$work/a/vkey")"
wait "$sending"
same "what is no key of a hub is refused" 2 "$?"
again
held_up_to 6400 "the true one goes on"
kill -TERM "$sending" "$serving" "$nats"
wait "$sending"
same "the uplink ends as asked" 0 "$?"
wait "$serving"
same "and the hub" 0 "$?"
exit "$failed"
