#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A centre on this machine, to look at: three servers of NATS, PostgreSQL, a hub, and three
# stations with recorded ledgers, of which one has come to lie. All of it is on loopback and
# in a directory of its own, and goes when it ends. Called by `make run-hub`.
set -uo pipefail

targets=(tongbu-log-files)
# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/../hub/lib.sh"
bin=$top/build/bin
hub_program=("$bin/tongbu-hub" -c "$work/hub.conf")
hub() { "${hub_program[@]}" "$@"; }
ended=''
trap 'ended=yes; echo' INT TERM
step() { [[ -n $ended ]] || echo "== $*"; }
until_held() { [[ -n $ended ]] || until_so is_held "$@"; }
is_held() { [[ -n $ended || -e $work/$1/kept/held ]]; }
is_refused() { [[ -n $ended ]] || [[ -n $(hub refused) ]]; }

# record DIRECTORY NAME PACK SCENARIO - a station's ledger, of what tests of packs recorded
record() {
	local maker
	mkdir -p "$1/kept"
	"$top/tests/cli/state.py" "$3" "$top/tests/packs/$3/$4.ndjson" "$1/bundle"
	rm -f "$1/socket"
	ORIGIN=$2 "$bin/tongbu-log-files" "$1" of "$1/bundle" 2>>"$work/log" &
	maker=$!
	# It makes the ledger and would answer questions about it; the ledger is enough.
	until [[ -S $1/socket ]] || ! kill -0 "$maker" 2>/dev/null; do sleep 0.1; done
	kill "$maker"
	wait "$maker" 2>/dev/null
	[[ -s $1/checkpoint ]]
}
uplink() { "$bin/tongbu-uplink" -c "$work/$1/tongbu.conf" "${@:2}"; }

step "Three stations, each with the ledger of a day"
cd "$work" || exit 1
names=(market prison village)
give_up() { cat "$@"; exit 1; }
record market city-01/market market round || give_up "$work/log"
record prison city-02/prison sentence custody-once || give_up "$work/log"
record village city-03/village community suggestion || give_up "$work/log"

step "Three servers of NATS, a hub and PostgreSQL, on loopback, with TLS and keys"
certificate
key=$("$bin/tongbu-hub" -k "$work/hub.pem" -n hub.example/m key 2>>"$work/log")
write_nodes 3 "include users.conf"
cat >hub.conf <<-END
	database = "$where";
	key = "$work/hub.pem";
	name = "hub.example/m";
	servers = [ $(servers tls 3) ];
	ca = "$work/tls.pem";
	tls_name = "hub.test";
	nats_key = "$work/hub-nats.pem";
	replicas = 3;
	queue = 64;
END
{
	echo "tls { cert_file: \"$work/tls.pem\", key_file: \"$work/tls.key\" }"
	echo 'authorization { users: ['
	hub user
	for name in "${names[@]}"; do
		cat >"$name/tongbu.conf" <<-END
			station = "$name";
			ledger = "$work/$name/ledger.db";
			uplink = {
				servers = [ $(servers tls 3) ];
				ca = "$work/tls.pem"; tls_name = "hub.test";
				nats_key = "$work/$name/nats.pem"; held = "$work/$name/kept/held";
				hub = "$key"; interval = 1;
			};
		END
		uplink "$name" --user
	done
	echo '] }'
} >users.conf 2>>"$work/log"
for i in 0 1 2; do start_node "$i"; done
"${hub_program[@]}" serve 2>>"$work/hub.log" &
pids=("$!")
declare -A sending
start_uplink() {
	"$bin/tongbu-uplink" -c "$work/$1/tongbu.conf" 2>>"$work/$1/log" &
	sending[$1]=$!
}
for name in "${names[@]}"; do
	hub station add "$(<"$name/vkey")" || exit 1
	start_uplink "$name"
done
for name in "${names[@]}"; do
	until_held "$name" || { tail -n 3 "$work/hub.log" "$name/log"; exit 1; }
done

step "The village makes its ledger anew, with its own key: a fork"
if [[ -z $ended ]]; then
	kill -TERM "${sending[village]}"
	wait "${sending[village]}"
	rm -f village/{ledger.db*,checkpoint}
	record village city-03/village community petition || { cat "$work/log"; exit 1; }
	start_uplink village
	until_so is_refused || { tail -n 3 "$work/hub.log" village/log; exit 1; }
fi

if [[ -z $ended ]]; then
	command="$bin/tongbu-hub -c $work/hub.conf"
	step "What the hub says"
	for words in status stations refused "refused show 1"; do
		printf '\n$ tongbu-hub %s\n' "$words"
		# shellcheck disable=SC2086
		hub $words
	done
	printf '\nThe village itself knows: %s\n' "$(cat village/kept/trouble 2>/dev/null)"
	cat <<-END

		Try, in another terminal:
		    $command stations
		    $command refused
		    $command scrub city-01/market
		    $command export city-01/market >/tmp/market.bundle
		    $bin/tongbu-verify /tmp/market.bundle --no-key
		    psql -h $data -U hub postgres -c 'SELECT * FROM tongbu.stations'
		    tail -f $work/hub.log
		Ctrl-C ends it, and removes $work.
	END
fi
while [[ -z $ended ]]; do
	sleep 1 &
	wait "$!"
done
step "Ended"
kill -TERM "${sending[@]}" "${pids[@]}" "${node[@]}" 2>/dev/null
wait "${sending[@]}" "${pids[@]}" "${node[@]}" 2>/dev/null
exit 0
