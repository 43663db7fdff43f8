#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Serial sensors outside the guest: sentences and answers of slaves come as bytes
# from the host over a UART, and are shown by the command. Needs tests/vm/run with
# --serial --beside tests/e2e/serial-far.py.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

# say BYTES - have the far end say that, as printf understands it
say() {
	local limit=$((SECONDS + 60))
	# shellcheck disable=SC2059
	printf "$1" >"$TONGBU_OUT/.serial.say"
	mv "$TONGBU_OUT/.serial.say" "$TONGBU_OUT/serial.say"
	while ((SECONDS < limit)); do
		[[ -e $TONGBU_OUT/serial.say ]] || return 0
		sleep 0.1
	done
	echo "nobody is at the far end of the line"
	return 1
}

# until_shown COUNT PATTERN - wait until the command has watched that many such records
until_shown() {
	local limit=$((SECONDS + 60))
	while ((SECONDS < limit)); do
		(($(grep -c -- "$2" "$WORK/watched") >= $1)) && return 0
		sleep 0.2
	done
	cat "$WORK/watched"
	return 1
}

# config_of SETTINGS - the serial port as the only source
config_of() {
	cat <<-CONF
		station = "e2e"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
		sources = ( { name = "line"; type = "serial"; port = "$TONGBU_TTY"; $1 } );
	CONF
}

check "there is a serial port with somebody at its far end" test -n "${TONGBU_TTY:-}"
[[ -n ${TONGBU_TTY:-} ]] || exit 1
station_load heartbeat=3600000
config_of 'framing = "nmea";' | station_config
check "the station starts" station_start
# From the beginning of time: however long it takes to come up, it misses nothing.
tongbuctl watch --since 2000-01-01T00:00:00Z --json >"$WORK/watched" &
watcher=$!
# shellcheck disable=SC2064
trap "kill $watcher; cleanup; exit \"\$FAILED\"" EXIT

check "the host says a sentence" say '$SDDPT,2.7,*7C\r\n'
check "watch shows it as good" until_shown 1 '"status":"good".*"text":"$SDDPT,2.7,\*7C"'
check "the host says one with a wrong checksum" say '$SDDPT,2.8,*7C\r\n'
check "watch shows it as bad, and counted" until_shown 1 '"bad":1,.*"status":"bad-check"'

kill -STOP "$(<"$TONGBU_PID")"
check "the host speaks while the daemon is stopped" say '$SDDPT,2.9,*72\r\n'
sleep 1
resumed=$(date +%s%N)
kill -CONT "$(<"$TONGBU_PID")"
check "it is shown once the daemon goes on" until_shown 1 '"text":"$SDDPT,2.9,\*72"'
until_durable
check "and it has the time it was said at" \
	test "$(last_of frame | jget realtime)" -lt "$resumed"

check "the port is taken away" \
	sh -c "echo 1 >/sys/class/tty/$TONGBU_TTY/device/remove"
check "watch shows it as gone" until_shown 1 '"kind":"gone".*"why":"removed"'
check "it is put back" sh -c 'echo 1 >/sys/bus/pci/rescan'
check "watch shows it as back" until_shown 1 '"kind":"back".*"why":"removed"'
check "the host says a sentence" say '$SDDPT,3.0,*7A\r\n'
check "watch shows it" until_shown 1 '"text":"$SDDPT,3.0,\*7A"'

config_of 'framing = "modbus"; interval_ms = 200; timeout_ms = 2000; polls = (
	{ unit = 17; function = "holding"; address = 258; count = 2; },
	{ unit = 18; function = "holding"; address = 0; count = 1; },
	{ unit = 19; function = "holding"; address = 0; count = 1; },
	{ unit = 20; function = "holding"; address = 0; count = 1; } );' >/etc/tongbu/tongbu.conf
kill -HUP "$(<"$TONGBU_PID")"
check "a slave's answer is shown" \
	until_shown 2 '"status":"good","bytes":"11030401020103[0-9a-f]\{4\}","poll":0'
check "a slave's exception is shown" until_shown 2 '"status":"exception".*"poll":1'
check "a slave's wrong answer is shown" until_shown 2 '"status":"bad-check".*"poll":2'
check "a slave's silence is shown" until_shown 2 '"status":"timeout","bytes":"","poll":3'

until_durable
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
