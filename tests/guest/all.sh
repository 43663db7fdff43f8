#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The suites that need the module, in one guest; prints TAP. The kernel's log is
# a test of its own: a warning, a splat or a leak there fails.
#
#	tests/guest/all.sh stock|rt	on rt only what the kernel has a part in
set -uo pipefail

cd "$TONGBU_TOP" || exit 1
status=0
scenarios=(tests/e2e/[a-z]*.sh)
[[ ${1:-stock} = stock ]] || scenarios=(tests/e2e/{load,crash,ring,restart}.sh)
dmesg --clear
tests/kselftest/run.sh || status=1
for scenario in "${scenarios[@]}"; do
	[[ $scenario = */lib.sh ]] && continue
	echo "# $scenario"
	start=$SECONDS
	bash "$scenario" || status=1
	echo "# $scenario took $((SECONDS - start)) s"
done
if dmesg | grep -E 'WARNING:|BUG:|Oops|refcount_t|possible recursive|inconsistent lock|blocked for more'; then
	dmesg | tail -n 100 | sed 's/^/# /'
	echo "not ok - the kernel's log has no warning"
	status=1
else
	echo "ok - the kernel's log has no warning"
fi
exit "$status"
