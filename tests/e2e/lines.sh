#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What lines of a chip tell, besides edges, as who watches sees it: counted pulses, a
# clock held against pulses of a second, silence, a storm, a chip that goes and comes
# back, reflexes that pulse and blink.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

gpio_sim_create other 4
trap 'cleanup; gpio_sim_remove other; exit "$FAILED"' EXIT

station_load heartbeat=3600000
station_config <<-CONF
	station = "e2e"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
	sources = (
		{ name = "rain"; type = "counter"; chip = "station"; line = 0; interval_ms = 1000; },
		{ name = "second"; type = "pps"; chip = "station"; line = 1; interval_ms = 2000; },
		{ name = "flow"; chip = "station"; line = 2; rate = 20; },
		{ name = "door"; chip = "station"; line = 3; },
		{ name = "pump"; chip = "station"; line = 4; edges = "rising"; silent_ms = 500; },
		{ name = "far"; chip = "other"; line = 0; }
	);
	outputs = (
		{ name = "horn"; chip = "station"; line = 5; },
		{ name = "lamp"; chip = "station"; line = 6; },
		{ name = "valve"; chip = "station"; line = 7; safe = 1; away_ms = 1000; }
	);
	reflexes = (
		{ name = "door-horn"; source = "door"; output = "horn"; action = "pulse"; length_ms = 300; },
		{ name = "door-lamp"; source = "door"; level = 0; output = "lamp"; action = "blink";
		  length_ms = 1000; period_ms = 200; }
	);
CONF
check "the station starts" station_start
tongbuctl log -f --since 2000-01-01T00:00:00Z --json >"$WORK/watched" 2>/dev/null &
watcher=$!
trap 'kill $watcher 2>/dev/null; cleanup; gpio_sim_remove other; exit "$FAILED"' EXIT

# shown COUNT PATTERN... - within a minute that many records have been watched that
# have all of these
shown() {
	local count=$1 limit=$((SECONDS + 60)) pattern
	shift
	while ((SECONDS < limit)); do
		cp "$WORK/watched" "$WORK/some"
		for pattern; do
			grep -- "$pattern" "$WORK/some" >"$WORK/fewer"
			mv "$WORK/fewer" "$WORK/some"
		done
		(($(wc -l <"$WORK/some") >= count)) && return 0
		sleep 0.2
	done
	tail -n 20 "$WORK/watched"
	return 1
}
value() { cat "$(gpio_sim_dir station)/sim_gpio$1/value"; }
sum() { grep '"kind":"count"' "$WORK/watched" | sed 's/.*"count":\([0-9]*\).*/\1/' | awk '{ n += $1 } END { print n + 0 }'; }
pulse() { gpio_sim_pull station "$1" up; gpio_sim_pull station "$1" down; }

for ((i = 0; i < 7; i++)); do pulse 0; sleep 0.05; done
check "pulses of a counter are shown, an interval a record" shown 1 '"kind":"count"' '"source_name":"rain"' '"count":[1-9]'
check "an interval without any is shown too" shown 2 '"kind":"count"' '"count":0'
same "no pulse is missing" 7 "$(sum)"

for ((i = 0; i < 2; i++)); do pulse 1; sleep 1; done
check "the clock's distance from the full second is shown" shown 1 '"kind":"pps"' '"source_name":"second"' '"mean":'

check "a source that must speak and does not is shown as silent" shown 1 '"kind":"silent"' '"source_name":"pump"'
check "and source list says so" sh -c "tongbuctl source list --json | grep '\"name\":\"pump\"' | grep -q silent"
pulse 4
check "it speaks again" shown 1 '"kind":"restored"' '"source_name":"pump"'

gpio_sim_pull station 3 up
check "the door opens: the horn sounds" shown 1 '"kind":"reflex"' '"reflex_name":"door-horn"' '"value":1'
check "and is off again, on record" shown 1 '"kind":"output"' '"output_name":"horn"' '"cause":"end"'
same "as the line is" 0 "$(value 5)"
gpio_sim_pull station 3 down
check "the door closes: the lamp blinks" shown 1 '"kind":"reflex"' '"reflex_name":"door-lamp"'
check "and no longer does" shown 1 '"kind":"output"' '"output_name":"lamp"' '"cause":"end"'

dir=$(gpio_sim_dir station)
timeout 10 sh -c "while :; do echo pull-up >$dir/sim_gpio2/pull; echo pull-down >$dir/sim_gpio2/pull; done" &
flood=$!
for ((i = 0; i < 10; i++)); do
	gpio_sim_pull station 3 up; sleep 0.2
	gpio_sim_pull station 3 down; sleep 0.2
done
wait "$flood"
check "a line over its rate is a storm, shown once" shown 1 '"kind":"storm"' '"source_name":"flow"' '"over":false'
check "and it is over, with what was counted" shown 1 '"kind":"storm"' '"source_name":"flow"' '"over":true' '"count":[1-9]'
until_durable
same "the other line has lost no edge" 22 "$(log_count --kind edge --source door)"
check "the flooded one has few records" test "$(log_count --source flow)" -lt 100
same "nothing is lost" 0 "$(lost_in_ledger)"

gpio_sim_pull other 0 up
check "an edge of another chip" shown 1 '"kind":"edge"' '"source_name":"far"'
echo 0 >/sys/kernel/config/gpio-sim/other/live
check "the chip is taken away" shown 1 '"kind":"gone"' '"source_name":"far"' '"why":"removed"'
check "doctor says so" sh -c "tongbuctl doctor 2>&1 | grep -q far"
echo 1 >/sys/kernel/config/gpio-sim/other/live
check "it is put back" shown 1 '"kind":"back"' '"source_name":"far"'
gpio_sim_pull other 0 up
check "and its edges are shown" shown 2 '"kind":"edge"' '"source_name":"far"'

check "the valve is shut by hand" tongbuctl output set valve 0
same "it is" 0 "$(value 7)"
station_stop
sleep 2
same "without a daemon for its time it is made safe" 1 "$(value 7)"
check "the daemon starts" station_start
until_durable
check "it is on record why" test -n "$(log_json --kind output | grep '"cause":"away"')"
check "a bundle of all that is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
check "the independent verifier agrees" python_verify "$WORK/bundle"
