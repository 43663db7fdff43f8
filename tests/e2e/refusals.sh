#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who may not, and what cannot be: one line that names the thing, an exit status,
# and a record where the promises ask for one.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

refused "without the module, submit says so" 3 "module tongbu is not loaded" \
	as alice "$TONGBUCTL" submit hello
refused "without the module, status says so" 3 "module tongbu is not loaded" tongbuctl status
four_lines_config
refused "without the module, tongbud says so" 3 "module tongbu is not loaded" tongbud

station_load heartbeat=3600000
refused "without the daemon, status says so" 5 "tongbud does not run" tongbuctl status
refused "without the daemon, log says so" 5 "tongbud does not run" tongbuctl log
check "the station starts" station_start

refused "a caller outside the group" 4 "group" as mallory "$TONGBUCTL" submit "I was never here"
until_durable
same "is on record, with the caller's uid" "$(id -u mallory) submit EPERM" \
	"$(last_of refused | jget uid) $(last_of refused | jget payload.command) $(last_of refused | jget payload.error_name)"

refused "an unprivileged source add" 4 "CAP_SYS_ADMIN" \
	as alice "$TONGBUCTL" source add spy --chip station --line 5
refused "an unprivileged source remove" 4 "CAP_SYS_ADMIN" as alice "$TONGBUCTL" source remove line0

refused "a second attach" 1 "open in another process" second_attach
refused "a second tongbud" 1 "in use by another tongbud" tongbud

refused "an unknown chip" 1 "nosuchchip" tongbuctl source add x --chip nosuchchip --line 0
refused "a line beyond the chip" 1 "99" tongbuctl source add x --chip station --line 99
refused "a taken line" 1 "line 0" tongbuctl source add x --chip station --line 0
refused "a taken name" 1 "line0" tongbuctl source add line0 --chip station --line 6
refused "a source that is not there" 1 "nosuch" tongbuctl source remove nosuch
refused "a name too long" 2 "31 bytes" tongbuctl source add "$(printf 'x%.0s' {1..32})" \
	--chip station --line 6
refused "a debounce too long" 2 "0 to 10000000" \
	tongbuctl source add x --chip station --line 6 --debounce 10000001

head -c 9000 /dev/zero | tr '\0' x >"$WORK/long"
chmod 644 "$WORK/long" && chmod 711 "$WORK"
refused "a payload of 9,000 bytes" 1 "9000 bytes" as alice "$TONGBUCTL" submit --file "$WORK/long"
refused "an empty payload" 1 "empty" as alice "$TONGBUCTL" submit ""
refused "JSON that is none" 2 "--json-data" as alice "$TONGBUCTL" submit --json-data "{oops"
refused "the ledger, to a stranger" 4 "members of the group tongbu" as mallory "$TONGBUCTL" log

before=$(kernel head)
check "somebody of the group may" as alice "$TONGBUCTL" submit --wait "here I am"
same "and is on record" "$(id -u alice) here I am" \
	"$(last_of act | jget uid) $(last_of act | jget payload.text)"
same "refused control operations took no record" "$((before + 1))" "$(kernel head)"

check "a source by hand" tongbuctl source add spare --chip station --line 5 --edges rising
until_durable
same "is on record, with root's uid" "0 spare 5" \
	"$(last_of source-add | jget uid) $(last_of source-add | jget payload.name) $(last_of source-add | jget payload.line)"
check "goes away again" tongbuctl source remove spare
refused "the module stays while it is read" 1 "in use" rmmod tongbu

# F 6: two chips of one label, as two cards of one kind have
of() { echo "platform:$(<"$GPIO_SIM/$1/dev_name")"; }
state_of() { tongbuctl source list --json | grep "\"name\":\"$1\"" | jget state; }
state_is() { [[ $(state_of "$1") == "$2" ]]; }
gpio_sim_create twin 8 station
refused "F6: a label that two chips have" 1 "2 GPIO chips are labelled station, of platform:gpio-sim." \
	tongbuctl source add y --chip station --line 7
refused "F6: a device that is not there" 1 "platform:nosuch" \
	tongbuctl source add y --chip platform:nosuch --line 7
refused "F6: a device of another bus" 1 "no GPIO chip" \
	tongbuctl source add y --chip "usb:$(<"$GPIO_SIM/twin/dev_name")" --line 7
check "F6: by its device the one is taken" tongbuctl source add mine --chip "$(of station)" --line 7
check "F6: and the other" tongbuctl source add theirs --chip "$(of twin)" --line 7
refused "F6: a line that is taken by its device" 1 "is held by mine" \
	tongbuctl source add y --chip "$(of station)" --line 7
number_of() { cat "$GPIO_SIM/$1/bank0/chip_name"; }
chip_of() { tongbuctl source show "$1" --json | jget chip; }
check "F6: by the number it has now" tongbuctl source add numbered --chip "$(number_of twin)" --line 6
same "F6: which is kept as its device" "$(of twin)" "$(chip_of numbered)"
check "F6: an output by the file of its chip" tongbuctl output add lit --chip "/dev/$(number_of twin)" --line 5
same "F6: is kept so, too" "$(of twin)" "$(tongbuctl output show lit --json | jget chip)"
tongbuctl source remove numbered && tongbuctl output remove lit
refused "F6: a number that no chip has" 2 "there is no gpiochip999: gpiodetect shows" \
	tongbuctl source add y --chip gpiochip999 --line 7
echo "station = \"e2e\"; supervisor_key = \"/etc/tongbu/supervisor.pub.pem\";
sources = ( { name = \"y\"; chip = \"$(number_of twin)\"; line = 7; } );" >"$WORK/numbered.conf"
refused "F6: a number in the configuration" 2 \
	"$(number_of twin) may be another chip after the next start: its device is $(of twin), name that" \
	tongbud --config "$WORK/numbered.conf" --check
edges_of() { log_count --kind edge --source "$1"; }
gpio_sim_pull twin 7 up
until_durable
same "F6: a line of the one moves, and is of that one" "0 1" "$(edges_of mine) $(edges_of theirs)"
check "F6: an output by its device" tongbuctl output add lamp --chip "$(of twin)" --line 3
check "F6: is set" tongbuctl output set lamp 1
same "F6: on that chip" 1 "$(<"$(gpio_sim_dir twin)/sim_gpio3/value")"
check "F6: and goes away" tongbuctl output remove lamp
gpio_sim_unplug station
check "F6: a chip is pulled out" until_so state_is line0 '["gone"]'
check "F6: also of who named its device" until_so state_is mine '["gone"]'
until_durable
same "F6: the other of its label is not taken for it" 0 "$(log_count --kind back)"
same "F6: nor is that one gone" "[]" "$(state_of theirs)"
gpio_sim_unplug twin
check "F6: it is pulled out, too" until_so state_is theirs '["gone"]'
gpio_sim_plug station
check "F6: the one that was pulled out is taken again" until_so state_is line0 "[]"
check "F6: by its device, too" until_so state_is mine "[]"
same "F6: and the other stays away" '["gone"]' "$(state_of theirs)"
gpio_sim_pull station 7 up
until_durable
same "F6: its line is recorded again" 1 "$(edges_of mine)"
check "F6: a source by its device goes away" tongbuctl source remove mine
check "F6: and one whose chip is gone" tongbuctl source remove theirs
rmdir "$GPIO_SIM/twin/bank0" "$GPIO_SIM/twin"
