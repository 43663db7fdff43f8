#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What --json prints of all that takes a station: the members that the manual pages list.
# tests/cli/fields.sh has what a replica can be asked, and looks that no command is left out.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

PACKS=$WORK/packs
mkdir -p "$PACKS/files"
cp -r "$TONGBU_TOP/daemon/packs/base" "$PACKS"
cat >"$PACKS/files/pack.lua" <<-'LUA'
	return {
		name = "files",
		matters = { file = { first = "open", stages = { open = {} } } },
		acts = {
			open = { run = function(e) matter.open{ kind = "file", title = "a file" } end },
			note = { fields = { matter = { "matter" } }, run = function(e)
				matter.set(e.data.matter, { noted = true })
			end },
			tell = { fields = { text = { "string", required = true } }, notice = { text = "text" },
				run = function(e) notice{ kind = "word", title = "word", text = e.data.text } end },
		},
	}
LUA
chmod -R a+rX "$WORK"

# asked USER COMMAND [WORD] [-- ARGUMENT...]
asked() {
	local user=$1 which=()
	shift
	while (($#)) && [[ $1 != -- ]]; do which+=("$1"); shift; done
	as "$user" "$TONGBUCTL" "${which[@]}" "${@:2}" --json >"$WORK/json" 2>"$WORK/err" </dev/null
	check "the page lists what ${which[*]} --json prints: $(<"$WORK/err")" \
		"$TONGBU_TOP/tests/json-fields.py" "$TONGBUCTL" "${which[@]}" <"$WORK/json"
}
lists() { asked alice "$@"; }
by_root() { asked root "$@"; }

station_load heartbeat=3600000
{
	config_with 0 1 2 3
	echo "packs = [ \"files\" ]; packs_dir = \"$PACKS\";"
} | station_config
check "the station starts" station_start
lists status
lists act -- base.office id=town name=Town --wait
lists act -- base.actor "uid=$(id -u alice)" name=Alice office=town 'roles=["admin"]' --wait
lists act -- files.open --wait
lists matter act -- files-1 note --wait
lists notice publish -- --pack files --text closed --wait
echo '{"id":"R-1","kind":"river","name":"One"}' >"$WORK/places"
chmod a+r "$WORK/places"
lists place import -- "$WORK/places" --wait
lists submit -- "a word" --wait
pull_edges 4 >/dev/null
until_durable
lists log
lists chain list
lists checkpoint
lists proof inclusion -- 1
lists proof consistency -- 1
lists receipt -- 1
echo words >"$WORK/words"
chmod a+r "$WORK/words"
subject=$(as alice "$TONGBUCTL" subject new)
lists subject new
lists blob put -- "$WORK/words" --subject "$subject"
lists blob get -- "$(jget hash <"$WORK/json")"
lists subject erase -- "$subject" --yes
mkdir -m 777 "$WORK/out"
lists bundle export -- "$WORK/out/bundle"
by_root latency
by_root backup -- "$WORK/backup.db"
by_root replay
by_root source add -- water --chip station --line 5
by_root source show -- water
by_root source list
by_root source remove -- water
by_root output add -- beacon --chip station --line 6
by_root output set -- beacon 1
by_root output show -- beacon
by_root output list
by_root reflex add -- warn --source line0 --output beacon
by_root reflex show -- warn
by_root reflex list
by_root reflex remove -- warn
by_root output remove -- beacon
by_root chain end
