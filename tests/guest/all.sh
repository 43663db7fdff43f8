#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The suites that need the module, in one guest; prints TAP. The kernel's log is
# a test of its own: a warning, a splat or a leak there fails.
#
#	tests/guest/all.sh stock|rt|debug	on rt only what the kernel has a part in,
#						on debug what may hurt it
set -uo pipefail

cd "$TONGBU_TOP" || exit 1
status=0
kernel=${1:-stock}
case $kernel in
rt) scenarios=(tests/e2e/{load,crash,ring,restart,reload}.sh) ;;
debug) scenarios=(tests/e2e/reload.sh) ;;
*) scenarios=(tests/e2e/[a-z]*.sh) ;;
esac

# Fifty times on the kernel that stations run; the others are slower by far, and
# each of their selftests loads the module afresh as well
case $kernel in
rt) export RELOADS=10 ;;
debug) export RELOADS=3 ;;
esac

# took COMMAND... - run it, and tell how long that took
took() {
	local start=$SECONDS
	echo "# $*"
	"$@" || status=1
	echo "# $* took $((SECONDS - start)) s"
}

# What the module has allocated and nobody can free any more. Only what is older
# than five seconds counts, and what a first look found may be found in use by the
# second.
leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >"$kmemleak"
	echo scan >"$kmemleak"
	! grep . "$kmemleak"
}

dmesg --clear
took tests/kselftest/run.sh
for scenario in "${scenarios[@]}"; do
	[[ $scenario = */lib.sh ]] || took bash "$scenario"
done
if [[ $kernel = debug ]]; then
	took tests/kunit/run.sh
	if found=$(leaks); then
		echo "ok - nothing of the module's is left in memory"
	else
		printf '# %s\n' "${found//$'\n'/$'\n'# }"
		echo "not ok - nothing of the module's is left in memory"
		status=1
	fi
fi
if splats=$(tests/vm/splats.sh); then
	echo "ok - the kernel's log has no warning"
else
	printf '# %s\n' "${splats//$'\n'/$'\n'# }"
	dmesg | tail -n 100 | sed 's/^/# /'
	echo "not ok - the kernel's log has no warning"
	status=1
fi
exit "$status"
