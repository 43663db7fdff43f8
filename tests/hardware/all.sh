#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The scenarios whose hardware is moved from outside, in one guest; prints TAP:
#
#	tests/vm/run --no-module --qmp --serial --device qemu-xhci \
#		--beside tests/hardware/host --script tests/hardware/all.sh [-- NAME...]
set -uo pipefail

cd "$TONGBU_TOP" || exit 1
status=0
names=("$@")
((${#names[@]})) || names=(input serial readings)
dmesg --clear
for name in "${names[@]}"; do
	echo "# tests/hardware/$name.sh"
	bash "tests/hardware/$name.sh" || status=1
done
if dmesg | grep -E 'WARNING:|BUG:|Oops|refcount_t|possible recursive|inconsistent lock|blocked for more'; then
	dmesg | tail -n 100 | sed 's/^/# /'
	echo "not ok - the kernel's log has no warning"
	status=1
else
	echo "ok - the kernel's log has no warning"
fi
exit "$status"
