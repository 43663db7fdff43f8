#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `make run-hub` says what there is to look at, what it says can be done, and Ctrl-C ends it
# and leaves nothing. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
running=''
trap '[[ -z $running ]] || kill "$running"; rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

# A shell's job in the background would not hear of Ctrl-C.
env --default-signal=INT "$top/tests/run/hub.sh" >"$work/out" 2>&1 &
running=$!
until grep -q "^Ctrl-C ends it" "$work/out" || ! kill -0 "$running" 2>/dev/null; do sleep 0.2; done
grep -q "^Ctrl-C ends it" "$work/out"
report $? "it comes up"
((failed)) && { sed 's/^/# /' "$work/out"; exit 1; }
for words in "city-01/market.*entries 62  held 62" "city-03/village.*refused 1" "kind fork" "The village itself knows: "; do
	grep -q "$words" "$work/out"
	report $? "it shows: $words"
done
directory=$(sed -n 's/^Ctrl-C ends it, and removes \(.*\)\.$/\1/p' "$work/out")
sed -n '/^Try, in/,/^Ctrl-C/s/^    //p' "$work/out" | grep -v '^tail' >"$work/commands"
while read -r line; do
	check "${line##*/}" sh -c "cd $work && ${line//\/tmp\/market/$work/market}"
done <"$work/commands"
kill -INT "$running"
wait "$running"
report $? "Ctrl-C ends it"
running=''
[[ -n $directory && ! -e $directory ]]
report $? "and its directory is gone"
! pgrep -f "$directory" >/dev/null
report $? "and whatever ran there"
exit "$failed"
