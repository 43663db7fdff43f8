#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every test there is; called by `make test`. Each suite prints TAP, and what it
# printed stays in build/test/. Ends in a line "N passed, N failed", with
# ", N skipped" behind if any was. SUITES="unit guest-7.3" runs just those. One suite
# more runs at a time than there are processors, since guests often wait; JOBS=1 one. None
# depends on the machine being quiet.
#
# `make test-kernels` (FULL=yes) is the guests' suites alone, on every kernel all that `make
# test` runs on this release's own; and guest-debug, whose kernel has to be built first.
# `make test-long` (LONG=yes) is every suite so, all of `make run` on machines just
# installed, faults and soaks with full counts, and faults of the module's past planted
# again. Both leave docs/kernels.md its tables, the second docs/faults.md too.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
logs=$top/build/test
mkdir -p "$logs"
long=${LONG:+full}
full=${FULL:+full}
full=${full:-$long}

# suite NAME COMMAND... - run it, count its TAP lines, say how it went
suite() {
	local name=$1 log=$logs/$1.log status=0 start=$SECONDS cpu ok bad skip
	local TIMEFORMAT='%U %S'
	shift
	rm -f "$logs/$name.count"
	# What it took of processors says more than the seconds if the machine is busy.
	{ time "$@" >"$log" 2>&1 </dev/null || status=$?; } 2>"$logs/$name.time"
	cpu=$(awk '{ print int($1 + $2 + 0.5) }' "$logs/$name.time")
	rm "$logs/$name.time"
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
	echo "$ok $bad $skip $((SECONDS - start)) $cpu" >"$logs/$name.count"
	# In one piece, as another suite may end at the same time
	{
		printf '%-14s %4d passed %3d failed %3d skipped  %4d s, %4d s of processors\n' \
			"$name" "$ok" "$bad" "$skip" $((SECONDS - start)) "$cpu"
		grep -E '^ *ok .*# SKIP' "$log" | sed 's/^/    /' || true
		if ((bad)); then
			grep -E '^ *not ok' -B 12 "$log" | sed 's/^/    /' | tail -n 60
			echo "    all of it: $log"
		fi
	} >"$logs/$name.said"
	cat "$logs/$name.said"
	rm "$logs/$name.said"
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

fuzz() { FUZZ_SECONDS=${FUZZ_SECONDS:-${long:+600}} FUZZ_SEED=${FUZZ_SEED:-${long:+0}} tests/fuzz/run.sh; }

# guest KERNEL [full] - what a guest of that kernel can tell, in one go; the short form
# unless all is asked for
guest() {
	local tree
	if tree=$(git describe --always 2>/dev/null); then
		# The table that the guest before it left there is no change.
		git diff --quiet HEAD -- . ':!docs/kernels.md' ':!docs/faults.md' || tree+=-dirty
	fi
	echo "# tree: ${tree:-unknown}"
	tests/vm/run --kernel "$1" --no-module --timeout 7200 --console "$logs/console-$1" \
		${long:+--env RELOADS=50 --env KILLS=100 --env CUTS=50 --env FUZZ_MESSAGES=1000000 --env FUZZ_SEQUENCES=100000} \
		--script tests/guest/all.sh -- "$1" "${2:-$full}"
}

# The scenarios whose hardware is moved from outside the guest
hardware() {
	tests/vm/run --no-module --qmp --serial --device qemu-xhci --beside tests/hardware/host \
		--console "$logs/console-hardware" --script tests/hardware/all.sh
}

own=$(tests/vm/kver.sh --name stock)

# NAME COMMAND... of each suite; those that take longest begin first
suites() {
	local kernel
	cat <<-END
		guest-$own guest $own full
		packages-12 tests/packages.sh 12 $long
		packages-13 tests/packages.sh 13 $long
		fresh-12 tests/fresh/test.sh 12 $long
		fresh-13 tests/fresh/test.sh 13 $long
		fuzz fuzz
		unit unit
		runner tests/vm/test.sh
	END
	for kernel in $(tests/vm/kver.sh all); do
		[[ $kernel != "$own" && ($kernel != debug || -n $full${SUITES:-}) ]] || continue
		echo "guest-$kernel guest $kernel"
	done
	[[ -z $long$([[ " ${SUITES:-} " != *" planted "* ]] || echo asked) ]] ||
		echo "planted tests/planted/run.sh --write"
	cat <<-END
		suspend tests/suspend/run.sh stock
		suspend-rt tests/suspend/run.sh rt
		hardware hardware
		bench tests/bench/test.sh
		packs tests/packs/run.sh
		vectors /usr/bin/python3 tests/verify_vectors.py tests/vectors
		mutated /usr/bin/python3 tests/verify_mutated.py build/bin ${long:+10000}
		tables tests/tables/run.sh
		log tests/log/run.sh
		hub tests/hub/run.sh
		hub-database tests/hub/database.sh
		hub-net tests/hub/net.sh
		hub-uplink tests/hub/uplink.sh
		hub-witness tests/hub/witness.sh $long
		hub-replica tests/hub/replica.sh
		run-hub tests/run/hub-test.sh
		hub-province tests/hub/province.sh $long
		console tests/console/run.sh $long
		exports tests/exports/run.sh
		cli tests/cli/cli.sh
		fields tests/cli/fields.sh
		registers tests/cli/registers.sh
		hostile /usr/bin/python3 tests/cli/hostile.py
		install tests/install.sh
	END
}

[[ -z ${FULL:-} ]] || : "${SUITES:=$(tests/vm/kver.sh all | sed 's/[^ ]*/guest-&/g')}"
counts=()
while read -r name command; do
	[[ -z ${SUITES:-} || " $SUITES " == *" $name "* ]] || continue
	while (($(jobs -rp | wc -l) >= ${JOBS:-$(nproc) + 1})); do wait -n || true; done
	read -ra command <<<"$command"
	counts+=("$logs/$name.count")
	suite "$name" "${command[@]}" &
done < <(suites)
wait

tests/guest/matrix.sh ${full:+--write} >"$logs/matrix.md"
tests/guest/faults.sh ${long:+--write} >"$logs/faults.md"
read -r passed failed skipped < <(cat "${counts[@]}" /dev/null |
	awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
line="$passed passed, $failed failed"
((skipped == 0)) || line+=", $skipped skipped"
echo "$line"
((failed == 0 && passed > 0))
