#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Values: the raw pulses are sealed, how they are to be read is a record, and a pack acts
# on them. Then the machine is off while a deadline passes: it is due at the next start,
# with how late it is.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

# rain_config FACTOR - a rain gauge on line 0; it is heard once a second
rain_config() {
	station_config <<-CONF
		station = "e2e"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
		packs = [ "ecology" ]; packs_dir = "$TONGBU_TOP/daemon/packs";
		sources = ( { name = "rain"; type = "counter"; chip = "station"; line = 0;
			      interval_ms = 1000;
			      values = ( { name = "rain"; unit = "mm"; factor = $1; } ); } );
	CONF
}

act() { as alice tongbuctl submit --json-data "$1" --wait >/dev/null; }
pulse() { gpio_sim_pull station 0 up && gpio_sim_pull station 0 down; }

# told KIND WORD - a record of that kind has that in it
told() { log_json --kind "$1" | grep -q -- "$2"; }
acts_on_rain() { log_json --kind act | grep -c '"kind":"measure","source":"rain"'; }

station_load heartbeat=1000
rain_config 0.2
check "the station starts" station_start
check "how the gauge is read is put on record" until_so told act '"factor":0.2'
pulse
check "a pulse is 0.2 mm" until_so told count '"values":{"rain":0.2},"units":{"rain":"mm"}'
check "people read it, too" sh -c "tongbuctl log --kind count | grep -q 'rain 0.2 mm'"
check "what is sealed is the raw count" told count '"count":1,'

rain_config 0.5
station_reload
check "another factor is another record" until_so told act '"factor":0.5'
pulse
check "from there on a pulse is 0.5 mm" until_so told count '"values":{"rain":0.5}'
station_stop
check "the daemon starts again" station_start
until_durable
sleep 2
same "what is in force is not said again" 2 "$(acts_on_rain)"

uid=$(id -u alice)
check "a station is founded" act '{"pack":"base","kind":"office","id":"o","name":"office"}'
check "and has an actor" act "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$uid,\"name\":\"a\",\"office\":\"o\",\"roles\":[\"admin\",\"ecology.command\"]}"
check "and a river" act '{"pack":"base","kind":"place","id":"r1","type":"river","name":"river","office":"o","river":"r"}'
check "and a sensor with a limit" act '{"pack":"ecology","kind":"sensor","source":"rain","place":"r1","sort":"level","value":"rain","above":0.4}'
pulse
clue_open() { [[ $(tongbuctl matter list --json | grep -c '"kind":"clue"') = 1 ]]; }
check "over the limit it opens a clue" until_so clue_open
clock_runs() { tongbuctl clock list --json | grep -q clue-dispatch; }
check "which is to be dispatched by a deadline" until_so clock_runs

# Off for two days: the deadline of 24 hours passes. The module with a new chain stands
# for the machine that was booted.
station_stop
station_unload
date -s '+2 days' >/dev/null
station_load heartbeat=1000
check "the machine is on again, two days later" station_start
check "the deadline is due at once" until_so told due '"lateness"'
late=$(log_json --kind due --limit 1 | jget payload.lateness)
check "with how late it is: a day or so" test "$((late / 3600000000000))" -ge 23
check "which people read" sh -c "tongbuctl log --kind due | grep -q ' d [0-9]* h late\| 23 h'"
station_stop
date -s '-2 days' >/dev/null
