#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tests that are to find what is planted, with it and without; for run.sh, which
# looks at what they say in $TONGBU_OUT:
#
#	tests/planted/guest.sh selftests|kunit NAME...
set -uo pipefail

cd "$TONGBU_TOP" || exit 1
kind=$1
shift

# kunit [MODULE] - all suites; what is said of one test is picked from that
kunit() { TONGBU_KUNIT_KO=${1:-} timeout 600 tests/kunit/run.sh 2>&1; }

# only TEST - its lines of what KUnit has said: those after the line of the test before
only() { awk -v test="$1" '/^ *(not )?ok [0-9]/ { if ($NF == test) { printf "%s", text; print } text = ""; next } { text = text $0 "\n" }'; }

[[ $kind = selftests ]] || kunit >"$TONGBU_OUT/all.without"
for name; do
	module=$PWD/build/planted/$name-$kind.ko
	[[ -f $module ]] || continue
	echo "# $name"
	dmesg --clear
	[[ $kind = selftests ]] || kunit "$module" >"$TONGBU_OUT/$name.with"
	while read -r program test; do
		if [[ $program = kunit ]]; then
			[[ $kind = kunit ]] || continue
			only "$test" <"$TONGBU_OUT/$name.with" >"$TONGBU_OUT/$name-$test.with"
			only "$test" <"$TONGBU_OUT/all.without" >"$TONGBU_OUT/$test.without"
		elif [[ $kind = selftests ]]; then
			TONGBU_KO=$module timeout 600 tests/kselftest/run.sh "$program:$test" \
				>"$TONGBU_OUT/$name-$test.with" 2>&1
			TONGBU_KO='' timeout 600 tests/kselftest/run.sh "$program:$test" \
				>"$TONGBU_OUT/$test.without" 2>&1
		fi
	done < <(sed -n 's/^Test: //p' "tests/planted/$name.patch")
done
