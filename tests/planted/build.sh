#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build the module with one fault after the other planted, in a build root; for run.sh:
#
#	tests/planted/build.sh selftests|kunit KVER NAME...
#
# One tree serves all: from one fault to the next it builds what differs.
set -euo pipefail

kind=$1 kver=$2
shift 2
modules=$(tests/vm/kver.sh --modules "$kver")
src=build/planted/$kind
mkdir -p "$src"

# fresh - the tree's own files, where they are not there already
fresh() {
	local file
	while read -r file; do
		cmp -s "$file" "$src/$file" && continue
		mkdir -p "$src/${file%/*}"
		cp "$file" "$src/$file"
	done < <(printf '%s\n' kmod/*.[ch] kmod/Kbuild uapi/linux/*.h tests/kunit/*.[ch] tests/kunit/Kbuild)
}

for name; do
	patch=tests/planted/$name.patch
	of=selftests
	dir=kmod module=tongbu
	[[ $kind != kunit ]] || { of=kunit dir=tests/kunit module=tongbu_kunit; }
	if [[ $of = kunit ]]; then
		grep -q '^Test: kunit ' "$patch" || continue
	else
		grep -q '^Test: test_' "$patch" || continue
	fi
	fresh
	patch -d "$src" -p0 -s -F0 --no-backup-if-mismatch <"$patch"
	echo "# $name"
	make -s -j "$(nproc)" -C "$modules/build" "M=$PWD/$src/$dir" modules
	cp "$src/$dir/$module.ko" "build/planted/$name-$kind.ko"
done
fresh
