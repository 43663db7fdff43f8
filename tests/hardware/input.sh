#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A panic button on the PS/2 keyboard, and a badge reader on USB that is plugged,
# unplugged and plugged again: each key a record, each badge a record, shown by
# watch as it comes.
set -uo pipefail
# shellcheck source=tests/hardware/lib.sh
. "$TONGBU_TOP/tests/hardware/lib.sh"

READER="QEMU QEMU USB Keyboard"
BUTTON="AT Translated Set 2 keyboard"
F12=88

modprobe -a xhci_pci usbhid hid_generic evdev

station_config <<CONF
	station = "hardware"; supervisor_key = "/etc/tongbu/supervisor.pub.pem";
	sources = (
		{ name = "panic"; type = "input"; device = "$BUTTON"; key = $F12; },
		{ name = "badge"; type = "input"; device = "$READER"; mode = "code";
		  grab = true; timeout_ms = 60000; }
	);
CONF
station_load heartbeat=3600000
check "the station starts, with a button and a reader that is not there" station_start
# From the first record on; without --since it would begin with the next one.
tongbuctl log -f --since -1h --json >"$WORK/watch" 2>"$WORK/watch.err" &
watcher=$!

check "the reader is on record as gone" until_records gone 1
same "... with why" "yet $READER" "$(part gone 1 payload.why) $(part gone 1 payload.device)"

check "other keys are typed" host type abc
check "the button is pressed" host key f12
check "it is a record when it goes down, and one when it goes up" until_records key 2
same "... the first is of F12, down" "panic $F12 1" \
	"$(part key 1 source_name) $(part key 1 payload.code) $(part key 1 payload.value)"
same "... the second of F12, up" "$F12 0" "$(part key 2 payload.code) $(part key 2 payload.value)"
# In a thread where the kernel makes threads of all interrupts
stamp='[]'
[[ ! -e /sys/kernel/realtime ]] || stamp='["thread-stamp"]'
same "G1: ... stamped in the hard interrupt, where there is one" "$stamp" "$(part key 1 flags)"

check "the reader is plugged" host plug badge usb-kbd
check "... which is on record" until_records back 1
check "a badge is read" host type 0012345678
check "... up to Enter" host key ret
check "it is one record" until_records code 1
same "... with its number" "badge 0012345678 enter" \
	"$(part code 1 source_name) $(part code 1 payload.code) $(part code 1 payload.end)"
same "G1: ... flagged as USB hands it on later" '["thread-stamp"]' "$(part code 1 flags)"
same "... and no key of it is one" 2 "$(log_count --kind key)"

check "the reader is unplugged" host unplug badge
check "... which is on record" until_records gone 2
same "... with why" "removed $READER" "$(part gone 2 payload.why) $(part gone 2 payload.device)"
check "the button is pressed once more" host key f12
check "... and heard" until_records key 4

check "the reader is plugged again" host plug badge usb-kbd
check "... which is on record" until_records back 2
check "a badge is read with it" host type 77
check "... up to Enter" host key ret
check "... and is a record" until_records code 2
same "... with its number" 77 "$(part code 2 payload.code)"

check "a badge is begun" host type 123
check "... and the reader unplugged" host unplug badge
check "what was read is on record" until_records code 3
same "... and how it ended" "123 timeout" "$(part code 3 payload.code) $(part code 3 payload.end)"

# watched KIND - watch has shown all that are in the ledger
watched() {
	local i shown
	for ((i = 0; i < 100; i++)); do
		shown=$(grep -c "\"kind\":\"$1\"" "$WORK/watch")
		((shown < $(log_count --kind "$1"))) || break
		sleep 0.2
	done
	same "watch shows each $1" "$(log_count --kind "$1")" "$shown"
}
for kind in gone back key code; do watched "$kind"; done
kill "$watcher"
wait "$watcher"

check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
