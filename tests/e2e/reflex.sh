#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The water rises while the daemon is stopped: the kernel warns by itself, and says so
# on record. What packs want of outputs is done once, whatever happens to the daemon.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

# The flood line is line 0; the beacon line 4, the sampler line 5.
station_config <<CONF
station = "e2e"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
packs = [ "ecology" ]; packs_dir = "$TONGBU_TOP/daemon/packs";
sources = ( { name = "flood"; chip = "station"; line = 0; },
	    { name = "level"; chip = "station"; line = 1; } );
outputs = ( { name = "beacon"; chip = "station"; line = 4; },
	    { name = "sampler"; chip = "station"; line = 5; } );
reflexes = ( { name = "flood-beacon"; source = "flood"; output = "beacon"; } );
CONF

line_value() { cat "$(gpio_sim_dir station)/sim_gpio$1/value"; }
act() { as alice tongbuctl submit --json-data "$1" --wait >/dev/null; }

line_is() { [[ $(line_value "$1") = "$2" ]]; }
status_says() { grep -qF "$1" <(tongbuctl status); }
set_by_packs() { [[ $(log_json --kind output | grep -c '"cause":"set"') = "$1" ]]; }

station_load heartbeat=1000
check "the station starts" station_start
same "output list shows both" "beacon sampler" "$(tongbuctl output list --json | names | tr '\n' ' ' | sed 's/ $//')"
same "reflex list shows the reflex" flood-beacon "$(tongbuctl reflex list --json | names)"
same "the beacon is off" 0 "$(line_value 4)"
for kind in source output reflex; do
	check "the page has what $kind list --json prints" "$TONGBU_TOP/tests/json-fields.py" \
		tongbuctl "$kind" list < <(tongbuctl "$kind" list --json)
done

kill -STOP "$(<"$TONGBU_PID")"
gpio_sim_pull station 0 up
check "the water rises while tongbud is stopped: the beacon is on" until_so line_is 4 1
kill -CONT "$(<"$TONGBU_PID")"
until_durable
last_of reflex >"$WORK/reflex"
same "the firing is on record, with its names" "flood-beacon beacon 1" \
	"$(for f in reflex_name output_name value; do jget "payload.$f" <"$WORK/reflex"; done | tr '\n' ' ' | sed 's/ $//')"
same "and with the record that made it fire" edge \
	"$(log_json --from "$(jget payload.record <"$WORK/reflex")" --limit 100 | head -n 1 | jget kind)"
told=$(tongbuctl source show flood --json | jget last)
apart=$(($(date -d "$told" +%s) - $(date -d "$(jget time <"$WORK/reflex")" +%s)))
same "its source tells when that was, to the second" 0 "$((apart * apart > 1))"
check "people read it" sh -c "tongbuctl log --kind reflex | grep -q 'flood-beacon fired: beacon set to 1'"
gpio_sim_pull station 0 down
check "the water falls: the beacon is off" until_so line_is 4 0

# An output by hand is on record with who did it.
check "root sets an output" tongbuctl output set beacon 1
same "it is set" 1 "$(line_value 4)"
until_durable
same "on record as asked for, by root" "set 0 None" \
	"$(last_of output | jget payload.cause) $(last_of output | jget uid) $(last_of output | jget payload.record)"
refused "nobody else may" 4 "CAP_SYS_ADMIN" as alice tongbuctl output set beacon 0
refused "an output there is none of" 1 "nosuch" tongbuctl output set nosuch 1
refused "a source that a reflex uses stays" 1 "flood" tongbuctl source remove flood

# A pack fires the sampler, because of a record.
uid=$(id -u alice)
check "a station is founded" act '{"pack":"base","kind":"office","id":"o","name":"office"}'
check "and has an actor" act "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$uid,\"name\":\"a\",\"office\":\"o\",\"roles\":[\"admin\",\"ecology.command\"]}"
check "and a river" act '{"pack":"base","kind":"place","id":"r1","type":"river","name":"river","office":"o","river":"r"}'
check "and a sensor with a sampler" act '{"pack":"ecology","kind":"sensor","source":"level","place":"r1","sort":"level","sampler":"sampler"}'
gpio_sim_pull station 1 up
check "the level rises: the sampler is on" until_so line_is 5 1
until_durable
edge=$(log_json --kind edge --source level --limit 1 | jget seq)
same "because of that edge" "$edge" \
	"$(log_json --kind output --limit 1 | jget payload.record)"
check "the fold takes note" until_so set_by_packs 2
station_stop
check "the daemon starts again" station_start
until_durable
sleep 2
same "what was done is not done again" 2 "$(log_json --kind output | grep -c '"cause":"set"')"
station_stop
check "nor when the state is made anew" station_start --rebuild
until_durable
sleep 2
same "not even then" 2 "$(log_json --kind output | grep -c '"cause":"set"')"

# What falls while the daemon is dead is done when it is back.
station_kill
gpio_sim_pull station 1 down
same "without the daemon the sampler stays as it is" 1 "$(line_value 5)"
check "the daemon starts" station_start
check "and what the packs want is done" until_so line_is 5 0

# What could not be carried out is tried again, and until then it is said what.
check "another sampler is not there yet" \
	act '{"pack":"ecology","kind":"sensor","source":"flood","place":"r1","sort":"level","sampler":"late"}'
gpio_sim_pull station 0 up
check "an order to it fails, and status says so" until_so status_says "output late could not be set"
check "it is there" tongbuctl output add late --chip station --line 6
check "and set, without a restart" until_so line_is 6 1

station_stop
check "the module goes" station_unload
