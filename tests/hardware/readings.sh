#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What goes wrong with sensors in the field, byte by byte from the host: adapters that
# echo, lines that make noise, slaves that answer no number, and lines of text as
# sensors write them. What is read, or why it cannot be, is asked of the station.
set -uo pipefail
# shellcheck source=tests/hardware/lib.sh
. "$TONGBU_TOP/tests/hardware/lib.sh"

port=${TONGBU_TTY:?}
conf=/etc/tongbu/tongbu.conf

# config_of SETTINGS - the serial port so
config_of() {
	cat <<-CONF
		station = "hardware"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
		packs = [ "ecology" ]; packs_dir = "$TONGBU_TOP/daemon/packs";
		sources = ( { name = "line"; type = "serial"; port = "$port"; $1 } );
	CONF
}

# shows PATTERN - source show says so within two minutes
shows() {
	until_so show_has "$1" && return 0
	tongbuctl source show line
	return 1
}
show_has() { tongbuctl source show line | grep -q -- "$1"; }

# finds PATTERN - among the findings
finds() { tongbuctl finding list --json | grep -q -- "$1"; }

# reads SETTINGS LINE PATTERN - of a line that the host says source show tells that
reads() {
	config_of "framing = \"line\"; values = ( { name = \"level\"; $1 } );" >"$conf"
	station_reload && shows '^value level *not read yet$' && say "$2\r\n" && shows "$3"
}

station_load heartbeat=3600000
config_of 'framing = "modbus"; interval_ms = 200; timeout_ms = 2000; silent_ms = 2000; polls = (
	{ unit = 21; function = "holding"; address = 7; count = 2; },
	{ unit = 22; function = "holding"; address = 258; count = 2; },
	{ unit = 23; function = "input"; address = 0; count = 2; },
	{ unit = 18; function = "holding"; address = 0; count = 1; } );
	values = (
	{ name = "echoed"; poll = 0; register = 7; type = "u32"; },
	{ name = "noisy"; poll = 1; register = 258; type = "u32"; order = "CDAB"; },
	{ name = "level"; poll = 2; register = 0; type = "float"; unit = "m"; },
	{ name = "refused"; poll = 3; register = 0; } );' | station_config
check "the station starts" station_start
tongbuctl log -f --since 2000-01-01T00:00:00Z --json >"$WORK/watched" &
watcher=$!
# shellcheck disable=SC2064
trap "kill $watcher; cleanup; exit \"\$FAILED\"" EXIT

# F 1
check "F1: a request that is echoed is left out, the answer is good" \
	until_shown 2 '"status":"good","bytes":"150304[0-9a-f]\{12\}","poll":0,"skipped":8'
check "F1: its value is read" shows '^value echoed *458760'
check "F1: it is said that the adapter echoes" shows 'The adapter echoes'
same "F1: and once in the kernel's words" 1 "$(dmesg | grep -c 'the adapter echoes')"

# F 2
check "F2: 00 and FF before an answer are left out and counted" \
	until_shown 2 '"status":"good","bytes":"160304[0-9a-f]\{12\}","poll":1,"skipped":2'
check "F2, F5: its value is read, the registers the other way round" \
	shows "^value noisy *$((259 * 65536 + 258))"

# F 3
check "F3: a value that is no number falls silent, and why is said" \
	shows '^value level *not read yet, SILENT; cannot be read now: the slave says it is no number (NaN)'
check "F3: exceptions are named in records" \
	until_shown 2 '"status":"exception".*"exception":"illegal-data-address"'
check "F3: so is why the value is silent" \
	shows '^value refused .*SILENT; .*exception 2, illegal-data-address'
check "F3: people were told, once" until_so finds 'level of source line cannot be read: the slave says'
check "F3: the slave has a value again" host value 40490fdb
check "F3: it is read, and silent no more" shows '^value level *3.14159[0-9]* m, [^;]*$'
check "F3: it has none again" host value 7f800000
check "F3: it is silent again, with its last value" \
	shows '^value level *3.14159[0-9]* m, .*SILENT; .*infinite'

# F 4
check "F4: a prefix" reads 'prefix = "R";' 'R1234' '^value level *1234,'
check "F4: SDI-12" reads 'separator = "sign"; column = 2;' '0+1.234-22.5' '^value level *-22.5,'
check "F4: the unit behind" reads 'unit = "m";' '1.234m' '^value level *1.234 m,'
check "F4: a decimal comma" reads 'decimal = ",";' '12,5' '^value level *12.5,'
check "F4: which is not guessed" reads '' '12,5' \
	'^value level *not read yet; cannot be read now: "12,5" may be one number or two: say decimal'
check "F4: people were told" until_so finds 'level of source line cannot be read: .*12,5'
check "F4: scientific notation" reads 'column = 2;' 'EC 1.5E-3' '^value level *0.0015,'
check "F4: a sentence without a checksum" \
	reads 'sentence = "DPT"; field = 1;' "\$SDDPT,2.7," '^value level *2.7,'
check "F5: a valid range" reads 'max = 30.0;' '85' 'cannot be read now: 85 is more than max, 30'
config_of 'framing = "nmea"; values = ( { name = "depth"; sentence = "DPT"; field = 1; } );' >"$conf"
station_reload
check "F4: sentences are read again" shows '^value depth *not read yet$'
# shellcheck disable=SC2016 # what looks like a variable begins a sentence
check "F4: a TAG block" say '\\s:r1*0A\\$SDDPT,2.7,*7C\r\n'
check "F4: it is of the sentence behind it" shows '^value depth *2.7,'

until_durable
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
