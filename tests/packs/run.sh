#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tries the packs: each tests/packs/NAME/*.ndjson, and what each executable *.py there
# prints, is folded by `tongbuctl try`, and each expectation must be met. Then each finding made
# must name its law, no text of an act may take personal data, and the page of the pack is held against it. Prints TAP; exits 1 if anything is not as expected.
#
#   tests/packs/run.sh [NAME]...
#
# TONGBUCTL  the program (default build/bin/tongbuctl)
# TONGBU_PACKS  where the packs are (default daemon/packs)

set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
tongbuctl=${TONGBUCTL:-$root/build/bin/tongbuctl}
export TONGBU_PACKS=${TONGBU_PACKS:-$root/daemon/packs}
tests=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

result() { # STATUS NAME [FILE of why]
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $tests - $2"
	[ $# -lt 3 ] || cut -c1-1000 "$3" | head -n 20 | sed 's/^/# /'
}

try_file() { # PACK NAME RECORDS
	local status met
	"$tongbuctl" try - --pack "$1" --packs-dir "$TONGBU_PACKS" \
		<"$3" >"$work/effects" 2>"$work/err"
	status=$?
	grep '"effect":"finding"' "$work/effects" >>"$work/findings"
	grep '"missed"' "$work/effects" >"$work/out"
	met=$(sed -n 's/.* \([0-9]*\) expectations met.*/\1/p' "$work/err")
	cat "$work/err" >>"$work/out"
	[ -n "$met" ] || status=1
	result "$status" "$2: ${met:-0} expectations" "$work/out"
}

[ -x "$tongbuctl" ] || { echo "Bail out! $tongbuctl: build it first"; exit 1; }
if [ $# = 0 ]; then
	cd "$root/tests/packs" && set -- */
fi
for name; do
	name=${name%/}
	: >"$work/findings"
	for file in "$root/tests/packs/$name"/*; do
		case $file in
		*.ndjson)
			try_file "$name" "$name/${file##*/}" "$file"
			;;
		*.py)
			[ -x "$file" ] || continue
			if "$file" >"$work/records" 2>"$work/err"; then
				try_file "$name" "$name/${file##*/}" "$work/records"
			else
				result 1 "$name/${file##*/}: it prints no records" "$work/err"
			fi
			;;
		esac
	done
	"$root/tests/packs/personal.py" "$name" >"$work/records"
	try_file "$name" "$name: no text takes personal data" "$work/records"
	"$root/tests/packs/anything.py" "$name" >"$work/records"
	try_file "$name" "$name: whatever is said, no act fails" "$work/records"
	"$root/tests/packs/findings.py" "$name" "$work/findings" >"$work/out" 2>&1
	result $? "$name: each finding names its law" "$work/out"
	TONGBUCTL=$tongbuctl "$root/tests/packs/page.py" "$name" >"$work/out" 2>&1
	result $? "$name: docs/packs/$name.md: $(tail -n 1 "$work/out")" "$work/out"
done
echo "1..$tests"
[ "$failed" = 0 ]
