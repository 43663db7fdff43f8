#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest that is suspended to memory, and woken by its clock. The file system
# shared with the host does not come through that, so all it runs is in its
# initramfs. Prints KTAP.
#
#	tests/suspend/run.sh [KERNEL]	as tests/vm/kver.sh names them
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
kver=$("$top/tests/vm/kver.sh" "${1:-stock}")
work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-suspend.XXXXXX")
trap 'rm -rf "$work"' EXIT

release=$("$top/tests/vm/kver.sh" --release "${1:-stock}")
"$top/tests/vm/build" --kernel "${1:-stock}"
"$top/tests/vm/build" --release "$release"
home=$("$top/tests/vm/kver.sh" --home "$kver")
libs=$("$top/tests/vm/build-root" "$release")
program=build/suspend/test_suspend
ko=$top/build/guest/kmod/$kver/tongbu.ko
root=$work/root
mkdir -p "$root"/{bin,lib,proc,sys,dev,etc,root,run,tmp}
cp /bin/busybox "$root/bin/"
cp "$here/init" "$root/init"
cp "$top/${program/build/build/guest/$release}" "$root/bin/"
"$top/tests/vm/in-root" "$release" ldd "$program" | sed -n 's/.*\(=> \|^\t\)\(\/[^ ]*\) .*/\2/p' | while read -r lib; do
	mkdir -p "$root/$(dirname "$lib")"
	cp -L "$libs/$lib" "$root/$lib"
done
printf 'root:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\ntongbu:x:900:\n' >"$root/etc/group"
for module in $(modinfo -F depends "$ko" | tr , ' '); do
	modprobe -d "$home" -S "$kver" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r path; do
	case $path in
	*.xz) xz -dc "$path" >"$root/lib/$(basename "$path" .xz)" ;;
	*) cp "$path" "$root/lib/" ;;
	esac
	basename "$path" .xz
done >"$root/lib/modules.order"
cp "$ko" "$root/lib/"
(cd "$root" && find . -print0 | cpio --quiet -0 -o -H newc | gzip -1) >"$work/initrd"

# As the firmware starts it: woken, a kernel that QEMU started itself is not found again.
timeout 900 qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 512 -smp 2 -display none -monitor none \
	-nic none -vga none -no-reboot -kernel "$home/vmlinuz" -initrd "$work/initrd" \
	-append "console=ttyS0 quiet panic=-1 oops=panic no_console_suspend" \
	-serial "file:$work/console" -serial "file:$work/words" </dev/null >"$work/qemu" 2>&1 || true
tr -d '\r' <"$work/words"
if ! grep -q '^status 0' "$work/words"; then
	tail -n 20 "$work/console" "$work/qemu" | tr -d '\r' | sed 's/^/# /'
	grep -q '^status' "$work/words" || echo "not ok - the guest came to no end"
	exit 1
fi
