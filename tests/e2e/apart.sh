#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs apart (G11): whatever becomes of the referee, records, reflexes and answers
# about records go on, and it is said what rests; and it goes on where it was.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

PACKS=$WORK/packs
cp -r "$TONGBU_TOP/daemon/packs" "$PACKS"
mkdir "$PACKS/spins"
cat >"$PACKS/spins/pack.lua" <<-'LUA'
	return { name = "spins", on = { edge = function(e) while true do end end } }
LUA
chmod 711 "$WORK"

# packs_config LINE... - a configuration with packs, and lines beside
packs_config() {
	{
		config_with 0 1 2 3
		echo "packs = [ \"market\", \"spins\" ]; packs_dir = \"$PACKS\";"
		echo 'outputs = ( { name = "beacon"; chip = "station"; line = 4; } );'
		echo 'reflexes = ( { name = "warn"; source = "line0"; output = "beacon"; } );'
	} | station_config
}

folded() { tongbuctl status --json | jget referee.caught_up 2>/dev/null; }
# until_folded - wait until packs have what was sealed until now
until_folded() {
	local i row
	until_durable
	row=$(sql 'SELECT max(id) FROM record')
	for ((i = 0; i < 1200; i++)); do
		[[ $(sqlite3 -readonly "$STATE" 'SELECT last FROM fold' 2>/dev/null) -ge $row &&
			$(folded) = True ]] && return 0
		sleep 0.1
	done
	echo "not folded after 1200 looks" >&2
	return 1
}
submits() { as alice "$TONGBUCTL" submit "$1" --wait; }
no_trouble() { ! grep -q 'stopped:' <(tongbuctl status); }
beacon_is() { [[ $(<"$(gpio_sim_dir station)/sim_gpio4/value") = "$1" ]]; }
rests() { grep -q "packs    stopped: $1.*recording continues" <(tongbuctl status); }
doctor_says() { grep -qE "^FAIL +packs +stopped: $1" <(tongbuctl doctor); }
log_has() { grep -qF -- "$1" <(tongbuctl log); }

# still_recorded WHO - what goes on without a referee
still_recorded() {
	local edges
	check "$1: what people submit is durable" submits "while $1"
	check "$1: the log has it" log_has "while $1"
	edges=$(log_count --kind edge)
	gpio_sim_pull station 0 up
	check "$1: a reflex sets its output" until_so beacon_is 1
	gpio_sim_pull station 0 down
	until_durable
	check "$1: edges are on record" test "$(log_count --kind edge)" -gt "$edges"
	tongbuctl output set beacon 0
	check "$1: a bundle is exported" export_bundle "$WORK/bundle"
}

station_load heartbeat=1000
packs_config
check "the station starts" station_start
check "packs are put in force" until_folded
same "the recorder has no Lua in it" 0 "$(grep -c lua "/proc/$(<"$TONGBU_PID")/maps")"
check "an office is founded" as alice "$TONGBUCTL" act base.office id=town name=Town --wait
check "status says how far packs are" grep -qE '^packs    2, applied up to record [0-9]+' <(tongbuctl status)

referee_kill
still_recorded "the referee is dead"
check "status says that packs rest" rests "tongbu-referee does not run"
check "doctor says so" doctor_says "tongbu-referee does not run"
refused "what records came to is not told" 5 "tongbu-referee does not run" tongbuctl office list
check "the referee is back, and folds what it missed" referee_start
check "all of it" until_folded
same "the office is there" town "$(tongbuctl office list --json | jget id)"

kill -STOP "$(<"$REFEREE_PID")"
still_recorded "the referee is stalled"
check "status says so" rests "tongbu-referee does not answer"
kill -CONT "$(<"$REFEREE_PID")"
check "it goes on" until_folded

# greedy SOCKET METHOD COUNT - so many connections that ask without end, and hardly listen
greedy() {
	exec /usr/bin/python3 - "$@" <<-'PYTHON'
		import json, select, socket, sys, time
		call = json.dumps({"method": sys.argv[2], "parameters": {"what": "findings"}}).encode() + b"\0"
		peers = []
		for _ in range(int(sys.argv[3])):
		    peer = socket.socket(socket.AF_UNIX)
		    peer.connect(sys.argv[1])
		    peer.setblocking(False)
		    peers.append(peer)
		while True:
		    readable, writable, _ = select.select(peers, peers, [])
		    for peer in writable:
		        try:
		            peer.send(call * 100)
		        except BlockingIOError:
		            pass
		    for peer in readable:
		        peer.recv(1 << 20)
		    # Its own work must not be what slows the others down.
		    time.sleep(0.05)
	PYTHON
}

# A pack that spins at each edge takes its bound of instructions; edges come faster.
before=$(kernel head)
"$TONGBU_TOP/build/e2e/probe" pause >"$WORK/pause" &
probe=$!
greedy /run/tongbu/socket org.tongbu.Station.GetStatus 16 &
greed=$!
greedy /run/tongbu-referee/socket org.tongbu.Referee.Query 4 &
greed+=" $!"
pull_edges 8 >/dev/null
check "a pack spins: the edges are durable at once" until_durable
check "a pack spins: records are ahead of it" test "$(folded)" = False -o "$(kernel head)" -gt "$before"
check "a pack spins: people submit" submits "while it spins"
check "a pack spins, and twenty ask without end: others are answered" \
	as alice "$TONGBUCTL" office list
kill -INT "$probe"
wait "$probe"
# shellcheck disable=SC2086 # two of them
kill $greed
echo "# the longest that records waited meanwhile: $(<"$WORK/pause") ms"
echo "# tongbud had $(sed -n 's/^VmHWM:\s*//p' "/proc/$(<"$TONGBU_PID")/status") at the most"
check "tongbud stays under 64 MiB" test \
	"$(sed -n 's/^VmHWM:\s*\([0-9]*\).*/\1/p' "/proc/$(<"$TONGBU_PID")/status")" -lt 65536
check "and packs catch up in the end" until_folded
check "each edge has the finding that the pack failed" test \
	"$(sqlite3 -readonly "$STATE" "SELECT count(*) FROM finding WHERE rule = 'engine.failed'")" -ge 8

# Somebody else holds the state: the fold waits, says so, and goes on by itself.
sqlite3 -cmd '.timeout 60000' "$STATE" 'BEGIN IMMEDIATE' \
	".system touch $WORK/held; until test -e $WORK/let-go; do sleep 0.2; done" COMMIT &
holder=$!
until_so test -e "$WORK/held"
check "the state is held: people submit" submits "while the state is held"
check "status says why packs rest" until_so rests ".*database is locked"
check "doctor says so, too" doctor_says ".*database is locked"
touch "$WORK/let-go"
wait "$holder"
check "when it is free, the fold goes on" until_folded
check "and no trouble is left" no_trouble

referee_stop
check "the state is made anew while records come" referee_start --rebuild
check "while it is: people submit" submits "while it is made anew"
check "it is whole again" until_folded
check "replay gives the state as it is" tongbuctl replay --config /etc/tongbu/tongbu.conf

station_kill
out=$(tongbuctl office list --json 2>"$WORK/err")
same "tongbud is dead: the referee answers" town "$(jget id <<<"$out")"
check "and says that more may have come" grep -q "packs stopped: tongbud" "$WORK/err"
check "tongbud is back" station_start
check "and the referee with it" until_folded
check "a bundle is exported" export_bundle "$WORK/bundle"
check "the chain verifies" verify "$WORK/bundle"

# G12: who holds the ledger or a bundle of it has the station's state, byte for byte.
# A heartbeat that tongbud takes while it ends is one that the referee has not seen.
settled() {
	until_folded && station_stop
	[[ $(sqlite3 -readonly "$STATE" 'SELECT last FROM fold') = "$(sql 'SELECT max(id) FROM record')" ]] && return 0
	station_start
	return 1
}
check "ledger and state end in the same record" until_so settled
check "the ledger is copied" sqlite3 -readonly "$LEDGER" ".backup $WORK/copy.db"
check "a replica folds it" tongbu-referee -c /etc/tongbu/tongbu.conf --ledger "$WORK/copy.db" \
	--state "$WORK/replica.db"
check "G12: its state is the station's, byte for byte" cmp \
	<(sqlite3 -readonly "$STATE" .dump) <(sqlite3 -readonly "$WORK/replica.db" .dump)
station_start

# Orders are the referee's user's and root's alone.
order() {
	/usr/bin/python3 - "$@" <<-'PYTHON'
		import json, socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.connect("/run/tongbu/socket")
		s.sendall(json.dumps({"method": "org.tongbu.Station." + sys.argv[1],
		                      "parameters": json.loads(sys.argv[2])}).encode() + b"\0")
		print(s.recv(65536).rstrip(b"\0").decode())
	PYTHON
}
denied() { grep -q 'Station.Denied' <(as alice bash -c "$(declare -f order); order $1 '$2'"); }
check "alice may not ask for clocks" denied GetClocks '{}'
check "nor arm one" denied ArmClocks '{"clocks":[{"id":7,"time":1}]}'
check "nor set an output" denied SetOutput '{"output":"beacon","value":true,"record":"x"}'
check "nor put a pack in force" denied PutInForce '{"act":{"pack":"base","kind":"pack"}}'
check "root may" grep -q '"clocks"' <(order GetClocks '{}')
check "but not have tongbud say anything else" grep -q InvalidParameter \
	<(order PutInForce '{"act":{"pack":"base","kind":"office"}}')
