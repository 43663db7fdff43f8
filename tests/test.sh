#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every test there is; called by `make test`. Each suite prints TAP, and what it
# printed stays in build/test/. Ends in a line "N passed, N failed", with
# ", N skipped" behind if any was. SUITES="unit guest-stock" runs just those.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
logs=$top/build/test
mkdir -p "$logs"
passed=0 failed=0 skipped=0

# suite NAME COMMAND... - run it and count its TAP lines
suite() {
	local name=$1 log=$logs/$1.log status=0 start=$SECONDS ok bad skip
	shift
	[[ -z ${SUITES:-} || " $SUITES " == *" $name "* ]] || return 0
	"$@" >"$log" 2>&1 </dev/null || status=$?
	# A program of selftests is not counted beside its tests, unless it alone failed.
	skip=$(grep -cE '^ *ok .*# SKIP' "$log" || true)
	ok=$(($(grep -E '^ *ok ' "$log" | grep -cv ' selftests: tongbu: test_' || true) - skip))
	bad=$(grep -E '^ *not ok ' "$log" | grep -cv ' selftests: tongbu: test_' || true)
	((bad)) || bad=$(grep -cE '^not ok ' "$log" || true)
	# A suite that broke off, or tried nothing, has failed as a whole.
	if ((bad == 0 && (status != 0 || ok + skip == 0))); then
		bad=1
		echo "not ok - $name ended with status $status after $ok tests" >>"$log"
	fi
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	printf '%-14s %4d passed %3d failed %3d skipped  %4d s\n' \
		"$name" "$ok" "$bad" "$skip" $((SECONDS - start))
	grep -E '^ *ok .*# SKIP' "$log" | sed 's/^/    /' || true
	if ((bad)); then
		grep -E '^ *not ok' -B 12 "$log" | sed 's/^/    /' | tail -n 60
		echo "    all of it: $log"
	fi
}

unit() {
	cmake -S daemon -B build/unit -DTONGBU_TESTS=ON -DTONGBU_SANITIZE=ON >"$logs/cmake.log" 2>&1 ||
		{ cat "$logs/cmake.log"; return 1; }
	cmake --build build/unit -j "$(nproc)" >"$logs/build.log" 2>&1 ||
		{ tail -n 40 "$logs/build.log"; return 1; }
	local program status=0
	for program in build/unit/tests/test_*; do
		[[ -x $program && ! -d $program ]] || continue
		echo "# $program"
		CMOCKA_MESSAGE_OUTPUT=TAP "$program" 2>&1 || status=1
	done
	return "$status"
}

# Everything a guest of that kernel can tell, in one boot
guest() {
	make -s -C tests/kselftest
	make -s -C tests/e2e
	tests/vm/run --kernel "$1" --no-module --timeout 3600 --console "$logs/console-$1" \
		--script tests/guest/all.sh -- "$1"
}

# The scenarios whose hardware is moved from outside the guest
hardware() {
	tests/vm/run --no-module --qmp --serial --device qemu-xhci --beside tests/hardware/host \
		--console "$logs/console-hardware" --script tests/hardware/all.sh
}

suite unit unit
suite fuzz tests/fuzz/run.sh
suite vectors /usr/bin/python3 tests/verify.py --vectors tests/vectors --tap
suite packs tests/packs/run.sh
suite tables tests/tables/run.sh
suite cli tests/cli/cli.sh
suite registers tests/cli/registers.sh
suite hostile /usr/bin/python3 tests/cli/hostile.py
suite install tests/install.sh
suite packages tests/packages.sh
suite runner tests/vm/test.sh
suite bench tests/bench/test.sh
suite systemd tests/vm/run --systemd --no-module --script tests/systemd/unit.sh
suite suspend tests/suspend/run.sh stock
suite suspend-rt tests/suspend/run.sh rt
suite hardware hardware
suite guest-stock guest stock
suite guest-rt guest rt
suite guest-debug guest debug

line="$passed passed, $failed failed"
((skipped == 0)) || line+=", $skipped skipped"
echo "$line"
((failed == 0))
