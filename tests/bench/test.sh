#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Does `make bench` work: its short form must fill every row with figures. What they
# are is not looked at: the machine may be busy. Prints TAP.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
table=build/bench/short
mkdir -p build/bench
status=0
tests/bench/bench.sh --short >"$table" 2>&1 || status=$?
sed 's/^/# /' "$table"

# Each row the benchmark knows, as it begins
for row in "both edges, 1 a wake-up" "rising edges only, 256 a wake-up" "one at a time" "200 under way" \
	"edges, 104 bytes each" "4000 records" "1000 records" "64 a message"; do
	if grep -qE "^$row +[0-9.]*[1-9][0-9.]* +[0-9.]*[1-9][0-9.]* +[0-9]+\.[0-9]+$" "$table"; then
		echo "ok - bench: $row"
	else
		echo "not ok - bench: $row: no figures"
		((status)) || status=1
	fi
done
for row in "reflex, in the interrupt" "reflex, on a chip that sleeps" "a process on gpio-cdev" \
	"gpiomon, and gpioset for each" "gpio-cdev, 16 events, its default" "tongbu, ring=4096"; do
	if grep -qE "^$row +[0-9]+ +[0-9]+ +[0-9]*[1-9][0-9]*$" "$table"; then
		echo "ok - bench: $row"
	else
		echo "not ok - bench: $row: no figures"
		((status)) || status=1
	fi
done
# This one may be skipped, with a reason
if grep -qE "^100 cases +[0-9]+ +[0-9]+ +[0-9.]+$" "$table"; then
	echo "ok - bench: 100 cases"
elif why=$(grep -oE "skipped: .*" "$table"); then
	echo "ok - bench: 100 cases # SKIP ${why#skipped: }"
else
	echo "not ok - bench: 100 cases: no figures"
	((status)) || status=1
fi
exit "$status"
