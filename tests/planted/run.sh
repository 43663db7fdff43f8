#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Plant faults again that the module once had, each in a copy of it, and see that the
# tests which are there for them fail; and that they pass without. Prints TAP, and leaves
# a table of what they said in build/planted.md:
#
#	tests/planted/run.sh [--write] [NAME...]	into docs/kernels.md as well;
#							NAME is that of a patch here
#
# A patch begins with what the fault is, and the tests that are to find it: those of a
# program in tests/kselftest/, in a guest with Debian's kernel, or of kunit, on the debug
# kernel. All is of Debian 13.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cd "$top"
write='' names=()
for arg; do
	case $arg in
	--write) write=yes ;;
	*) names+=("$arg") ;;
	esac
done
((${#names[@]})) || mapfile -t names < <(cd "$here" && printf '%s\n' *.patch | sed 's/\.patch$//')

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
declare -A which=([selftests]=6.12 [kunit]=debug)
for kind in selftests kunit; do
	kernel=${which[$kind]}
	tests/vm/build --kernel "$kernel"
	tests/vm/in-root 13 tests/planted/build.sh "$kind" "$(tests/vm/kver.sh "$kernel")" \
		"${names[@]}" >&2
	mkdir -p "$out/$kind"
	tests/vm/run --kernel "$kernel" --no-module --timeout 7200 --out "$out/$kind" \
		--script tests/planted/guest.sh -- "$kind" "${names[@]}" >&2 ||
		echo "# the guest with kernel $kernel ended with status $?"
done

# What a test printed, in a line of a table: the first failure of it, or of none the last
# thing that it measured. KUnit says what it found in the lines after.
said() {
	sed -E 's/^[# ]+//' "$1" | awk -v failed="$2" '
		/EXPECTATION FAILED|ASSERTION FAILED/ { if (!text) { getline text; if (text ~ /but$/) { getline b; text = text " " b } } next }
		/:Expected / { if (!text) { sub(/.*:Expected /, "Expected "); text = $0 } next }
		/^(losses|frames|clocks): / { last = $0 }
		/: careless / { sub(/.*: careless/, "careless"); last = $0 }
		/panic|Oops|BUG:/ { if (!text) text = $0 }
		END { print failed && text ? text : last ? last : failed ? "nothing" : "ok" }' |
		tr -s ' \t' ' ' | sed 's/^ //; s/|/\\|/g'
}

number=0 status=0 last=''
mkdir -p build
{
	echo "| fault planted | test | says with it | says without it |"
	echo "|---|---|---|---|"
} >build/planted.md
for name in "${names[@]}"; do
	fault=$(sed -n 's/^Fault: //p' "$here/$name.patch")
	while read -r program test; do
		number=$((number + 1))
		kind=selftests
		[[ $program != kunit ]] || kind=kunit
		with=$out/$kind/$name-$test.with without=$out/$kind/$test.without
		touch "$with" "$without"
		if grep -qE "^ *not ok [0-9]+ .*\b$test\b" "$with" && grep -qE "^ *ok [0-9]+ .*\b$test\b" "$without"; then
			echo "ok $number - $name is found by $test"
		else
			sed 's/^/# /' "$with" "$without"
			echo "not ok $number - $name is found by $test"
			status=1
		fi
		[[ $fault != "$last" ]] || fault=
		last=${fault:-$last}
		echo "| $fault | \`$test\` | $(said "$with" failed) | $(said "$without" '') |" >>build/planted.md
	done < <(sed -n 's/^Test: //p' "$here/$name.patch")
done
echo "1..$number"
[[ -z $write ]] || tests/into-page.sh tests/planted/run.sh docs/kernels.md <build/planted.md
exit "$status"
