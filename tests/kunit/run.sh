#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the KUnit suites as root, in a guest with the debug kernel; tongbu itself is
# not loaded. Prints KTAP as the kernel has it, one line a test that counts.
#
#	tests/vm/run --kernel debug --no-module --script tests/kunit/run.sh
set -uo pipefail

top=${TONGBU_TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
module=${TONGBU_KUNIT_KO:-$top/build/kmod/$(uname -r)/tongbu_kunit.ko}
results=/sys/kernel/debug/kunit

if [[ ! -f $module ]]; then
	echo "Bail out! there is no $module: run make kunit"
	exit 1
fi
for needed in $(modinfo -F depends "$module" | tr , ' '); do
	modprobe "$needed" || exit 1
done
if ! insmod "$module"; then
	echo "not ok - the suites cannot be loaded"
	exit 1
fi
status=0
suites=("$results"/tongbu_*)
for suite in "${suites[@]}"; do
	# A suite's own line says no more than its tests do.
	sed 's/^\(ok\|not ok\) [0-9]* - \(tongbu_[a-z]*\)/# &/' "$suite/results"
	grep -q '^ok ' "$suite/results" || status=1
done
if [[ ! -d ${suites[0]} ]]; then
	echo "not ok - no suite has run"
	status=1
fi
rmmod tongbu_kunit || status=1
exit "$status"
