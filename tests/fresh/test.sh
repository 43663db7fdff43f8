#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Does a stranger get along with README.md, on a machine where nothing was installed
# yet? In a root of each release, with the words README.md has:
#
#	tests/fresh/test.sh		what `make run` builds before its guest
#	tests/fresh/test.sh --full	all of `make run`
#
# RELEASES="13" takes just that. Prints TAP; what was said is in build/fresh/.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
full=${1:-}
logs=$PWD/build/fresh
mkdir -p "$logs"
failed=0

# The block of commands under "Two commands" that ends with `make run`
words=$(sed -n '/^## Two commands/,/^    make run$/s/^    //p' README.md)
[[ $words == *"make run" ]] || { echo "not ok - README.md says how to begin"; exit 1; }
# Up to where the guest begins, `make run` is this.
[[ $full = --full ]] || words=${words/%make run/make build DEPS=run}

for release in ${RELEASES:-12 13}; do
	log=$logs/debian-$release.log
	name="Debian $release, just installed: ${words//$'\n'/; }"
	if tests/fresh/root "$release" sh -exc "$words
		test -x build/bin/tongbuctl && test -s build/kmod/tongbu.ko" >"$log" 2>&1; then
		tail -n 4 "$log" | sed 's/^/# /'
		echo "ok - $name"
	else
		tail -n 30 "$log" | sed 's/^/# /'
		echo "not ok - $name"
		failed=1
	fi
	if grep -q 'Entering directory' "$log"; then
		echo "not ok - Debian $release: no page of directories entered"
		failed=1
	else
		echo "ok - Debian $release: no page of directories entered"
	fi
done
exit "$failed"
