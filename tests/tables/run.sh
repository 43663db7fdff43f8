#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What `tongbuctl pack check` finds in tables: nothing in ours, and each fault that is planted
# in the example pack. Prints TAP; exits 1 if anything is not as expected.
#
# TONGBUCTL  the program (default build/bin/tongbuctl)

set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
tongbuctl=${TONGBUCTL:-$root/build/bin/tongbuctl}
work=$(mktemp -d)
tests=0 failed=0
trap 'rm -rf "$work"' EXIT

result() { # STATUS NAME
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $tests - $2"
	cut -c1-500 "$work/out" | head -n 20 | sed 's/^/# /'
}

check() { # DIR
	"$tongbuctl" pack check "$1" >"$work/out" 2>&1
}

clean() { # DIR NAME
	check "$1"
	result $? "$2 is clean"
}

# Plants a fault: what is replaced in a table of the example must be found as told
planted() { # NAME FILE SED-SCRIPT FOUND
	rm -rf "$work/permit"
	cp -r "$root/tests/tables/permit" "$work/permit"
	sed -i -E "$3" "$work/permit/data/$2"
	if cmp -s "$work/permit/data/$2" "$root/tests/tables/permit/data/$2"; then
		echo "nothing was planted" >"$work/out"
		result 1 "$1"
		return
	fi
	if check "$work/permit"; then
		result 1 "$1: exit status"
	else
		grep -qE "$4" "$work/out"
		result $? "$1"
	fi
}

[ -x "$tongbuctl" ] || { echo "Bail out! $tongbuctl: build it first"; exit 1; }

for folder in "$root"/daemon/packs/*/; do
	[ ! -f "$folder/data/acts.csv" ] || clean "$folder" "$(basename "$folder")"
done
clean "$root/tests/tables/permit" "the example"

planted "a dead end" acts.csv 's/^(grant|refuse),,case,asked/\1,,case,granted/' \
	'acts.csv.*stage asked has no way to an end'
planted "a dead end for what was skipped" acts.csv \
	's/^(grant|refuse)(.*asker:other-asker),,,/\1\2,paid:other-asker,,/; s/^ask,.*/&\nask,,case,granted,,,,,paid,,,,,/' \
	'stage asked has no way to an end: .* needs paid'
planted "a row without an example" examples.csv '/^crowd.*5001/d' 'conditions.csv:3: crowd: no example shows where it is found'
planted "a limit without the example above it" examples.csv '/ahead.*2026-04-01/d' \
	'limit ahead of ahead has no example one above'
planted "an example that says otherwise" examples.csv 's/(visitors=5000),no/\1,yes/' 'examples.csv:6: crowd: .*it is: no'
planted "an expired row" law.csv 's/^(answer,.*2020-01-01),,/\1,2024-12-31,/' 'law.csv:2: answer ends on 2024-12-31 without a successor, and is expired'
planted "a gap between versions" law.csv 's/2025-12-31/2025-11-30/' 'ahead ends on 2025-11-30, the next version begins on 2026-01-01'
planted "a text without its twin" texts.csv 's/^(other-asker,[^,]*),.*/\1,/' 'texts.csv:4: other-asker lacks its twin'
planted "a text that is not there" texts.csv '/^crowd/d' 'there is no text crowd'
planted "a fact nobody defines" facts.csv '/^visitors/d' 'fact visitors is defined by nobody'
planted "a limit that is no row" conditions.csv 's/<=,crowd/<=,throng/' 'limit throng of crowd is no row'
planted "a clock nobody declares" acts.csv 's/,answer,,$/,reply,,/' 'grant stops reply, which is no clock'
planted "a side nobody is" acts.csv 's/asked,town/asked,city/' 'city is no side'

planted "a text too long for a record" ../pack.lua 's/(town = \{ "office", required = true \}) \}/\1, a = { "string", max = 1990 } }/' \
	'pack.lua: act ask may have 8[0-9]{3} bytes, 8000 fit a record'
planted "a list too long for a record" ../pack.lua \
	's/(town = \{ "office", required = true \}) \}/\1, a = { "list", max = 99, of = { "string", max = 20 } } }/' \
	'pack.lua: act ask may have 8[0-9]{3} bytes, 8000 fit a record'
planted "a text without a bound" ../pack.lua 's/(town = \{ "office", required = true \}) \}/\1, a = { "string" } }/' \
	'pack.lua: text ask.a has no max'

# Exports: a row and the function of its name belong together.
rm -rf "$work/permit"
cp -r "$root/tests/tables/permit" "$work/permit"
printf 'id,format,lists,who,open,en,zh\nplaces,geojson,places,actor,,places,\n' >"$work/permit/data/exports.csv"
! check "$work/permit" && grep -q 'exports.csv:2: export places: pack.exports has no such function' "$work/out" &&
	grep -q 'exports.csv:2: export places: it has no text in both languages' "$work/out"
result $? "an export without a function, and without a text"
rm "$work/permit/data/exports.csv"
sed -i 's/^return {/return { exports = { places = function() return {} end },/' "$work/permit/pack.lua"
! check "$work/permit" && grep -q 'exports.csv:1: export places: data/exports.csv has no such row' "$work/out"
result $? "a function without a row"

# What is generated is what was taken away.
rm -rf "$work/permit"
cp -r "$root/tests/tables/permit" "$work/permit"
sed -i '/visitors=4999/d; /visitors=5001/d' "$work/permit/data/examples.csv"
"$tongbuctl" pack check --generate "$work/permit" >"$work/out" 2>&1
[ "$(grep '^crowd,' "$root/tests/tables/permit/data/examples.csv" | grep -v 5000)" = "$(cat "$work/out")" ]
result $? "--generate makes the examples beside a limit"

"$tongbuctl" pack show permit --packs-dir "$root/tests/tables" --table law --as-of 2025-06-01 >"$work/out" 2>&1
grep -q 'figure: 20 d' "$work/out" && ! grep -q 'figure: 30 d' "$work/out"
result $? "show --as-of has the law of that day"

"$tongbuctl" pack show sentence --packs-dir "$root/daemon/packs" --kind commutation >"$work/out" 2>&1
grep -q 'for: commutation' "$work/out" && ! grep -q 'for: outside' "$work/out" &&
	[ "$(LC_ALL=C awk '{ gsub(/[\340-\357]/, "") } length > 100' "$work/out")" = "" ] # of three bytes two
result $? "show --kind has the conditions of that kind, 100 columns wide"

! "$tongbuctl" pack show sentence --packs-dir "$root/daemon/packs" --kind nothing >"$work/out" 2>&1 &&
	grep -q 'about a nothing' "$work/out"
result $? "show --kind of what there is none: says so"

mkdir "$work/packs"
cp -r "$root/daemon/packs/base" "$root/tests/tables/permit" "$work/packs"
"$tongbuctl" try "$root/tests/tables/permit.ndjson" --pack permit --packs-dir "$work/packs" --quiet >"$work/out" 2>&1
result $? "the example works"

echo "1..$tests"
[ "$failed" = 0 ]
