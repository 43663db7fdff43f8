#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The suites that need the module, in one guest; prints TAP. The kernel's log is
# a test of its own: a warning, a splat or a leak there fails.
set -uo pipefail

cd "$TONGBU_TOP" || exit 1
status=0
dmesg --clear
tests/kselftest/run.sh || status=1
for scenario in tests/e2e/[a-z]*.sh; do
	[[ $scenario = */lib.sh ]] && continue
	echo "# $scenario"
	bash "$scenario" || status=1
done
if dmesg | grep -E 'WARNING:|BUG:|Oops|refcount_t|possible recursive|inconsistent lock|blocked for more'; then
	dmesg | tail -n 100 | sed 's/^/# /'
	echo "not ok - the kernel's log has no warning"
	status=1
else
	echo "ok - the kernel's log has no warning"
fi
exit "$status"
