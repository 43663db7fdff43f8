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
if [[ ${1:-} = --write ]]; then
	page=docs/kernels.md
	grep -q '^<!-- made by tests/guest/matrix.sh -->$' "$page" || { echo "no place for a table in $page" >&2; exit 1; }
	mkdir -p build/test
	# From its marker to the next empty line
	made=$made awk '/^$/ { skip = 0 } !skip { print }
		/^<!-- made by tests\/guest\/matrix.sh -->$/ { print ENVIRON["made"]; skip = 1 }' "$page" >build/test/kernels.md
	cat build/test/kernels.md >"$page"
fi
