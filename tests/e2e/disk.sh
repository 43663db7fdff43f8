#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What may happen to the disk of the ledger, an ext4 file system: capture goes on, doctor
# says what is wrong, and when its cause has ended all that was sealed is there once, and
# verifies. The power is cut $CUTS times; `make test-long` cuts it fifty times.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

CUTS=${CUTS:-2}
PLACE=/var/lib/tongbu
device=$(awk -v place="$PLACE" '$2 == place { print $1 }' /proc/mounts)
sectors=$(blockdev --getsz "$device")
# There is no udev in a guest without systemd, and nobody waits for it.
export DM_DISABLE_UDEV=1

# disk_is TARGET [ARG...] - what the kernel finds at its place from now on
disk_is() {
	dmsetup suspend --noflush --nolockfs ledger &&
		dmsetup load ledger --table "0 $sectors $*" && dmsetup resume ledger
}
disk_is_well() { disk_is linear "$device" 0; }
umount_disk() { until_so umount "$PLACE"; }
mount_disk() { mount -t ext4 -o errors=remount-ro /dev/mapper/ledger "$PLACE"; }
mount_again() {
	station_stop
	umount_disk
	disk_is_well
	check "$row: it is mounted again" mount_disk
	check "$row: the station starts" station_start
}
back() {
	disk_is_well
	cleanup
	umount_disk
	dmsetup remove ledger
	mount -t ext4 "$device" "$PLACE"
	exit "$FAILED"
}
no_trouble() { [[ $(tongbuctl status --json | jget trouble) = None ]]; }
well_again() { check "$row: nothing is wrong any more" until_so no_trouble; }
waits() { (($(kernel_acked) <= acked)); }

umount "$PLACE"
modprobe -a dm-flakey dm-delay
check "the disk is one that can be made to fail" dmsetup create ledger --table "0 $sectors linear $device 0"
trap back EXIT
check "it is mounted" mount_disk

station_load heartbeat=3600000 submit_rate=0
four_lines_config
check "the station starts" station_start
edges 24
until_durable

# Root takes the blocks that are reserved for it as well.
fault "the disk is full"
! dd if=/dev/zero of="$PLACE/ballast" bs=64k status=none 2>/dev/null
fills() {
	! dd if=/dev/zero bs=512 status=none >>"$PLACE/ballast" 2>/dev/null
	edges 200
	status_line '^trouble .*full'
}
check "$row: status says so" until_so fills
doctor_tells FAIL daemon 'full'
acked=$(kernel_acked)
edges 200
check "$row: edges are sealed, and none is acknowledged" waits
rm "$PLACE/ballast"
well_again
fault_over

# As ext4 does it by itself where it finds its own structures damaged
fault "the disk turns read-only"
until_durable
acked=$(kernel_acked)
echo "a test" >"$(echo /sys/fs/ext4/dm-*)/trigger_fs_error"
takes_none() { ! touch "$PLACE/new" 2>/dev/null; }
check "$row: it does" until_so takes_none
edges 200
status_tells '^trouble '
doctor_tells FAIL daemon ''
check "$row: edges are sealed, and none is acknowledged" waits
mount_again
well_again
fault_over

# ext4 gives up its journal then, and has to be mounted again as well.
fault "the disk refuses to write (EIO)"
until_durable
acked=$(kernel_acked)
disk_is flakey "$device" 0 0 1000000 1 error_writes
edges 200
status_tells '^trouble '
doctor_tells FAIL daemon ''
check "$row: edges are sealed, and none is acknowledged" waits
mount_again
well_again
fault_over

fault "the disk hangs"
until_durable
acked=$(kernel_acked)
dmsetup suspend --noflush --nolockfs ledger
edges 1200
tongbuctl status >"$WORK/status" 2>&1 &
doctor_tells FAIL daemon 'tongbud does not answer'
wait $!
check "$row: status says so" grep -q "tongbud does not answer" "$WORK/status"
check "$row: edges are sealed, and none is acknowledged" waits
dmsetup resume ledger
well_again
fault_over

fault "the disk takes half a second for each write"
disk_is delay "$device" 0 0 "$device" 0 500
edges 1200
fault_over
disk_is_well

fault "the power of the disk is cut, $CUTS times"
submits() {
	local i=0
	while [[ -e $WORK/go ]]; do
		i=$((i + 1))
		as alice "$TONGBUCTL" submit "act $1.$i" --wait --json >>"$WORK/receipts" 2>/dev/null
	done
}
not_there=0
for ((k = 1; k <= CUTS; k++)); do
	touch "$WORK/go"
	submits "$k" &
	submitter=$!
	edges $((8 * (12 + RANDOM % 50)))
	sleep "0.$((RANDOM % 10))"
	disk_is error
	station_kill
	referee_kill
	rm "$WORK/go"
	# Who waits for durability would wait for long.
	pkill -P "$submitter"
	wait "$submitter"
	umount_disk
	disk_is_well
	mount_disk
	acked=$(kernel_acked)
	(($(sql 'SELECT max(id) + 1 FROM record') >= acked + (1 << 40))) || not_there=$((not_there + 1))
	((k > 1)) || doctor_tells FAIL chain 'nobody reads it'
	station_start || echo "not ok - $row: the station starts"
done
same "$row: what the kernel let go was always on the disk" 0 "$not_there"
fault_over
check "$row: each act that was durable is there" verify "$WORK/bundle" --receipt "$WORK/receipts"
echo "# $(wc -l <"$WORK/receipts") acts were durable when power was cut"

# What stood on it is lost, and which records that were is said.
fault "a page of the ledger is overwritten"
words="on the page that is lost"
check "$row: an act is on it" as alice "$TONGBUCTL" submit --wait "$words"
edges 400
until_durable
station_stop
page=$(($(grep -abo "$words" "$LEDGER" | head -n 1 | cut -d: -f1) / 4096))
dd if=/dev/urandom of="$LEDGER" bs=4096 count=1 seek="$page" conv=notrunc status=none
check "$row: the station starts" station_start
edges 200
check "$row: edges are durable" until_durable
refused "$row: who reads it is told what to do" 2 "tongbud --repair" tongbuctl log --limit 0
status_tells '^trouble .*tongbud --repair'
doctor_tells FAIL daemon 'tongbud --repair'
station_stop
records=$(sql 'SELECT (max(id) & 0xffffffffff) + 1 FROM record')
check "$row: it is repaired" tongbud --repair
sed 's/^/# /' "$WORK/check"
missing=$(sed -n 's/.*without at least \([0-9]*\) that could not.*/\1/p' "$WORK/check")
check "$row: the station starts on what could be read" station_start
check "$row: what was sealed is durable" until_durable
same "$row: all other records are there" "$((records - missing))" \
	"$(sql "SELECT count(*) FROM record WHERE id & 0xffffffffff < $records")"
gone=$((pulled - $(events_of_lines)))
check "$row: what is gone is named" test "$gone" -le "$missing"
told+="; tongbud --repair: $missing records cannot be read"
pulled=$((pulled - gone))
edges 24
fault_over missing
