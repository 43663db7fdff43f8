#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the kernel selftests as root, in a guest with a simulated chip "station"
# and the users alice and bob (group tongbu) and mallory (not in it):
#
#	tests/vm/run --no-module --script tests/kselftest/run.sh -- [PROGRAM...]
#
# PROGRAM:TEST is one test of it; the harness of Debian 12's kernel cannot, and runs all.
# Programs that take a debug kernel run on that one alone, unless they are named.
# Each test loads the module afresh, with the parameters it wants. Prints KTAP.
# Exit status 1 if anything failed, or the kernel had to complain.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=${TONGBU_TOP:-$(cd "$here/../.." && pwd)}
bin=${TONGBU_KSELFTEST:-$top/build/kselftest}
export TONGBU_KO=${TONGBU_KO:-$top/build/kmod/$(uname -r)/tongbu.ko}

if [[ ! -f $TONGBU_KO ]]; then
	echo "Bail out! there is no $TONGBU_KO: run make kmod KVER=$(uname -r)"
	exit 1
fi
programs=()
for program; do
	[[ -z $program ]] || programs+=("$program")
done
if ((${#programs[@]} == 0)); then
	for program in "$bin"/test_*; do
		[[ -x $program ]] || continue
		[[ $program != */test_fault* || -e /proc/self/fail-nth ]] || continue
		programs+=("$(basename "$program")")
	done
fi
if ((${#programs[@]} == 0)); then
	echo "Bail out! there are no programs in $bin: run make -C tests/kselftest"
	exit 1
fi
for module in $(modinfo -F depends "$TONGBU_KO" | tr , ' '); do
	modprobe "$module" || exit 1
done
# Keyboards to plug, and somebody else who looks at them
modprobe -a uinput evdev || exit 1

status=0
number=0
echo "KTAP version 1"
echo "1..$((${#programs[@]} + 1))"
for program in "${programs[@]}"; do
	number=$((number + 1))
	echo "# selftests: tongbu: $program on $(uname -r)"
	only=()
	[[ $program != *:* ]] || only=(-t "${program#*:}")
	if "$bin/${program%%:*}" "${only[@]}" 2>&1 | sed 's/^/  /'; then
		echo "ok $number selftests: tongbu: $program"
	else
		echo "not ok $number selftests: tongbu: $program"
		status=1
	fi
done

# What a passing test may still have done to the kernel
number=$((number + 1))
if splats=$("$top/tests/vm/splats.sh"); then
	echo "ok $number selftests: tongbu: kernel log"
else
	printf '  # %s\n' "${splats//$'\n'/$'\n'  # }"
	echo "not ok $number selftests: tongbu: kernel log"
	status=1
fi
if [[ -d /sys/module/tongbu ]] && ! rmmod tongbu; then
	status=1
fi
exit "$status"
