#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Serial sensors: sentences and answers of slaves come as bytes from the host over a
# UART, and are shown by log -f. The UART is taken away, and an adapter on USB is
# plugged and unplugged.
#
# What looks like a variable begins a sentence:
# shellcheck disable=SC2016
set -uo pipefail
# shellcheck source=tests/hardware/lib.sh
. "$TONGBU_TOP/tests/hardware/lib.sh"

port=${TONGBU_TTY:?}

# config_of SETTINGS - the serial port, and an adapter on USB
config_of() {
	cat <<-CONF
		station = "hardware"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
		sources = (
			{ name = "line"; type = "serial"; port = "$port"; $1 },
			{ name = "usb"; type = "serial"; port = "ttyUSB0"; modem = true; }
		);
	CONF
}

modprobe -a xhci_pci ftdi_sio
station_load heartbeat=3600000
config_of 'framing = "nmea";' | station_config
check "the station starts" station_start
# From the beginning of time: however long it takes to come up, it misses nothing.
tongbuctl log -f --since 2000-01-01T00:00:00Z --json >"$WORK/watched" &
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
	sh -c "echo 1 >/sys/class/tty/$port/device/remove"
check "watch shows it as gone" until_shown 1 '"kind":"gone".*"why":"removed".*"device":"ttyS'
check "it is put back" sh -c 'echo 1 >/sys/bus/pci/rescan'
check "watch shows it as back" until_shown 1 '"kind":"back".*"why":"removed".*"device":"ttyS'
check "the host says a sentence" say '$SDDPT,3.0,*7A\r\n'
check "watch shows it" until_shown 1 '"text":"$SDDPT,3.0,\*7A"'

check "the adapter is on record as not there yet" until_shown 1 '"kind":"gone".*"why":"yet"'
for round in 1 2; do
	check "the adapter is plugged" host plug adapter usb-serial
	check "watch shows it as there" until_shown "$round" '"kind":"back".*"device":"ttyUSB0"'
	check "the adapter is unplugged" host unplug adapter
	check "watch shows it as gone" until_shown "$round" \
		'"kind":"gone".*"why":"removed".*"device":"ttyUSB0"'
done

config_of 'framing = "modbus"; interval_ms = 200; timeout_ms = 2000; polls = (
	{ unit = 17; function = "holding"; address = 258; count = 2; },
	{ unit = 18; function = "holding"; address = 0; count = 1; },
	{ unit = 19; function = "holding"; address = 0; count = 1; },
	{ unit = 20; function = "holding"; address = 0; count = 1; } );' >/etc/tongbu/tongbu.conf
station_reload
check "a slave's answer is shown" \
	until_shown 2 '"status":"good","bytes":"11030401020103[0-9a-f]\{4\}","poll":0'
check "a slave's exception is shown" until_shown 2 '"status":"exception".*"poll":1'
check "a slave's wrong answer is shown" until_shown 2 '"status":"bad-check".*"poll":2'
check "a slave's silence is shown" until_shown 2 '"status":"timeout","bytes":"","poll":3'

until_durable
check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
