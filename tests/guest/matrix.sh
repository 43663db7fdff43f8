#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernels, and what their guests' suites came to when tests/test.sh ran them last:
# a table, from what they left in build/test/.
#
#	tests/guest/matrix.sh [--write]		into docs/kernels.md as well, what
#						ran in full
set -euo pipefail

cd "$(dirname "$0")/../.."

table() {
	local kernel log count said version root form passed failed skipped seconds tree
	echo "| kernel | version | root | run | passed | failed | skipped | seconds | tree |"
	echo "|---|---|---|---|---|---|---|---|---|"
	for kernel in $(tests/vm/kver.sh all); do
		log=build/test/guest-$kernel.log count=build/test/guest-$kernel.count
		if [[ ! -f $count ]] || ! said=$(sed -n 's/^# guest: //p' "$log" | grep .); then
			echo "| $kernel | | | not run | | | | | |"
			continue
		fi
		tree=$(sed -n 's/^# tree: //p' "$log" | head -n 1)
		IFS=, read -r version root form <<<"$said"
		read -r passed failed skipped seconds _ <"$count"
		echo "| $kernel | $version | $root | $form | $passed | $failed | $skipped | $seconds | $tree |"
	done
}

made=$(table)
echo "$made"
[[ ${1:-} != --write ]] || tests/into-page.sh tests/guest/matrix.sh docs/kernels.md <<<"$made"
