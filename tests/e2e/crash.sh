#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tongbud and tongbu-referee are killed with -9, each $KILLS times, at random moments while
# lines move and people act: nothing acknowledged is missing from the ledger, nothing is
# there twice, each act has had its effect once, the state is what a replay gives, and
# outputs and the kernel's clocks are what that state wants: whenever the load rests, and at
# the end. `make test-long` kills each a hundred times.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

KILLS=${KILLS:-3}
REST=$((KILLS < 10 ? 2 : 5)) # kills from one rest to the next

# A beacon that shows the lever, line 5. Each pull of it starts a clock that stays and one
# that comes due in a second, which turns the lamp over; each release stops one that stayed.
PACKS=$WORK/packs
cp -r "$TONGBU_TOP/daemon/packs" "$PACKS"
mkdir "$PACKS/lever"
cat >"$PACKS/lever/pack.lua" <<-'LUA'
	local function count(key, n)
	    local now = (store.get(key) or 0) + n
	    store.set(key, now)
	    return now
	end
	return {
	    name = "lever",
	    matters = { pull = { title = "Pull", first = "open",
	                         stages = { open = { to = { "closed" } }, closed = { final = true } } } },
	    clocks = {
	        stays = { days = 30, warn = 3 },
	        soon = { seconds = 1, due = function(e, c)
	            local lamp = count("due", 1) % 2
	            store.set("lamp", lamp)
	            output.set("lamp", lamp)
	        end },
	    },
	    on = { edge = function(e)
	        if e.source ~= "line5" then return end
	        store.set("beacon", e.level)
	        output.set("beacon", e.level)
	        if e.level == 1 then
	            local id = matter.open{ kind = "pull", title = "pull", office = "lever" }
	            clock.start("stays", id)
	            clock.start("soon", id)
	            count("pulls", 1)
	            store.set("pull", id)
	        elseif count("releases", 1) % 2 == 0 then
	            clock.stop("stays", store.get("pull"))
	        end
	    end },
	}
LUA
chmod 711 "$WORK"

station_load heartbeat=3600000 submit_rate=0
{
	config_with 0 1 2 3 5
	echo "packs = [ \"market\", \"lever\" ]; packs_dir = \"$PACKS\";"
	echo 'outputs = ( { name = "beacon"; chip = "station"; line = 6; },'
	echo '            { name = "lamp"; chip = "station"; line = 7; } );'
} | station_config
check "the station starts" station_start
check "there is an office" as alice "$TONGBUCTL" act base.office id=lever name=Lever --wait

move_lines() { while [[ -e $WORK/go ]]; do pull_edges 400; sleep 0.05; done; }
move_lever() {
	local way=down
	while [[ -e $WORK/go ]]; do
		[[ $way = up ]] && way=down || way=up
		gpio_sim_pull station 5 "$way"
		sleep "0.$((1 + RANDOM % 3))"
	done
}
submit_lines() {
	local user=$1 i=0
	[[ ! -e $WORK/receipts.$user ]] || i=$(wc -l <"$WORK/receipts.$user")
	while [[ -e $WORK/go ]]; do
		i=$((i + 1))
		as "$user" "$TONGBUCTL" submit --json --json-data \
			"{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"$user-$i\",\"name\":\"$user $i\"}"
		sleep 0.05
	done >>"$WORK/receipts.$user" 2>>"$WORK/errors.$user"
}
load_start() {
	local user
	touch "$WORK/go"
	move_lines & movers=($!)
	move_lever & movers+=($!)
	for user in alice bob; do submit_lines "$user" & movers+=($!); done
}
load_stop() {
	rm "$WORK/go"
	wait "${movers[@]}"
	until_durable
}

state() { sqlite3 -readonly -cmd '.timeout 10000' "$STATE" "$1"; }
folded() {
	[[ $(state 'SELECT last FROM fold' 2>/dev/null) -ge $1 &&
		$(tongbuctl status --json | jget referee.caught_up 2>/dev/null) = True ]]
}
wanted() { state "SELECT value FROM store WHERE pack = 'lever' AND key = '$1'"; }
line_value() { cat "$(gpio_sim_dir station)/sim_gpio$1/value"; }
# What the kernel has armed, and what follows from the state: a clock's number twice, and
# its warning's one more
armed() {
	/usr/bin/python3 - <<-'PYTHON'
		import json, socket
		s = socket.socket(socket.AF_UNIX)
		s.connect("/run/tongbu/socket")
		s.sendall(b'{"method":"org.tongbu.Station.GetClocks","parameters":{}}\0')
		answer = b""
		while not answer.endswith(b"\0"):
		    answer += s.recv(65536) or exit("tongbud closed the connection")
		print(*sorted(json.loads(answer[:-1])["parameters"]["clocks"]))
	PYTHON
}
wanted_clocks() {
	state "SELECT id * 2 FROM clock WHERE state = 'running' UNION ALL
		SELECT id * 2 + 1 FROM clock WHERE state = 'running' AND warn IS NOT NULL ORDER BY 1" |
		xargs
}
# No order is open, each line is at what was wanted last, and each clock that was to come
# due has, once.
is_right() {
	local said=0
	is() { [[ $2 = "$3" ]] || { echo "$1: wanted $2, is $3"; said=1; }; }
	is "open orders" 0 "$(state "SELECT count(*) FROM store WHERE key LIKE 'order/%'")"
	is beacon "$(wanted beacon)" "$(line_value 6)"
	is lamp "$(wanted lamp)" "$(line_value 7)"
	is "clocks that came due" "$(wanted pulls)" "$(wanted due)"
	is "armed clocks" "$(wanted_clocks)" "$(armed)"
	return "$said"
}
all_right() {
	until_so folded "$(sql 'SELECT max(id) FROM record')" && { until_so is_right || is_right; }
}

load_start

restarts=0 backwards=0 wrong=0
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
	(((k + 1) % REST == 0 && k + 1 < KILLS)) || continue
	load_stop
	all_right | sed 's/^/# /' || wrong=$((wrong + 1))
	load_start
done
load_stop

same "both start again after each kill" "$((2 * KILLS))" "$restarts"
same "what the kernel let go was always on the disk" 0 "$backwards"
check "no submission fails" cat_nothing "$WORK"/errors.*
check "the ledger's numbers have no gap" no_gap
# A heartbeat may come between the two numbers.
each_once() { [[ $(rows) = $(kernel acked) ]]; }
check "each record is in the ledger once" until_so each_once
same "each attach and each death of the daemon is on record" "$((KILLS + 1)) $KILLS" \
	"$(log_count --kind attach) $(log_count --kind detach)"
check "packs have all of it" until_so folded "$(sql 'SELECT max(id) FROM record')"
same "outputs and clocks were right whenever the load rested" 0 "$wrong"
check "and are now" all_right
same "each act that was acknowledged has had its effect once" \
	"$(cat "$WORK"/receipts.* | wc -l)" \
	"$(state "SELECT count(*) FROM office WHERE id != 'lever'")"
same "and no pack failed" 0 "$(state \
	"SELECT count(*) FROM finding WHERE rule IN ('engine.failed', 'engine.refused')")"
check "the state is what a replay gives" tongbuctl replay
echo "# $((2 * KILLS)) kills, $(rows) records, $(cat "$WORK"/receipts.* | wc -l) acts," \
	"$(wanted pulls) clocks came due, $(armed | wc -w) armed"
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies, and so do all receipts" verify "$WORK/bundle" \
	--receipt "$WORK/receipts.alice" --receipt "$WORK/receipts.bob"
fault_row "tongbud and tongbu-referee are killed, $KILLS times each" \
	"$(cat "$WORK"/receipts.* | wc -l)" 0 "nothing: they start again at once" verified
