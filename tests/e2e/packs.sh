#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packs on sealed records: what people submit is folded into matters; the state is
# the same when it is folded again; a pack that misbehaves harms nobody; an altered
# one is told from the one in force.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

PACKS=$WORK/packs
cp -r "$TONGBU_TOP/daemon/packs" "$PACKS"

# bad_pack NAME CODE - a pack whose one act runs that code
bad_pack() {
	mkdir -p "$PACKS/$1"
	cat >"$PACKS/$1/pack.lua" <<-LUA
		return { name = "$1", acts = { go = { roles = "public", run = function(e) $2 end } } }
	LUA
}
bad_pack loops 'while true do end'
bad_pack catches 'while true do pcall(function() while true do end end) end'
bad_pack grows 'local t = {} while true do t[#t + 1] = ("x"):rep(100000) .. #t end'
bad_pack reaches 'os.execute("touch /tmp/reached")'
bad_pack errs 'error({ "no text" })'
bad_pack nonsense 'matter.open(42)'
bad_pack halfway 'store.set("half", true) finding{ rule = "half", text = "done" } error("then not")'
mkdir "$PACKS/says"
cat >"$PACKS/says/pack.lua" <<-LUA
	return { name = "says", acts = { go = { roles = "public", fields = { text = { "string", max = 600 } },
		run = function(e) store.set("text", e.data.text) end },
		wait = { roles = "public", run = function(e)
			local id = matter.open { kind = "m", title = "waits", office = "county" }
			clock.start("due150", id)
			clock.start("due240", id) end } },
		matters = { m = { first = "open", stages = { open = { to = {} } } } },
		clocks = { due150 = { days = 150, roll = false }, due240 = { days = 240, roll = false } } }
LUA
bad=(loops catches grows reaches errs nonsense halfway)

packs_config() { # [ZONE]
	local pack list=''
	for pack in market says "${bad[@]}"; do list+="${list:+, }\"$pack\""; done
	{
		config_with 0
		echo "packs = [ $list ]; packs_dir = \"$PACKS\"; timezone = \"${1:-+08:00}\";"
	} | station_config
}

# act USER JSON - submit, and wait until it is durable
act() { as "$1" "$TONGBUCTL" submit --json-data "$2" --wait >/dev/null; }
state() { sqlite3 -readonly "$STATE" "$1"; }

# until_folded - wait until the state is as far as the ledger
until_folded() {
	local i
	until_durable
	for ((i = 0; i < 300; i++)); do
		[[ $(state 'SELECT last FROM fold' 2>/dev/null) -ge $(sql 'SELECT max(id) FROM record') ]] &&
			return 0
		sleep 0.1
	done
	echo "not folded after 30 s" >&2
	return 1
}

alice=$(id -u alice) bob=$(id -u bob)
station_load heartbeat=3600000
packs_config
check "the station starts with packs" station_start
check "all texts are put in force by records" until_folded
sleep 1
until_folded
same "each pack once" "$((2 + ${#bad[@]}))" "$(state 'SELECT count(*) FROM pack')"

act alice '{"pack":"base","kind":"office","id":"county","name":"County bureau","owns":["round"]}'
act alice "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$alice,\"name\":\"Alice\",\"office\":\"county\",\"roles\":[\"admin\"]}"
act bob "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$bob,\"name\":\"Bob\",\"office\":\"county\",\"roles\":[\"admin\"]}"
until_folded
same "the founder is admin, and nobody makes himself one" "$alice" \
	"$(state 'SELECT group_concat(uid) FROM actor')"
same "the attempt stays on record, refused" "1" \
	"$(state "SELECT count(*) FROM finding WHERE rule = 'engine.refused' AND uid = $bob")"

# rivers OFFICE - 600 places as CSV; that of line 517 is of the office
rivers() {
	echo id,kind,name,office
	awk -v office="$1" 'BEGIN { for (i = 2; i <= 601; i++)
		print "R-" i ",river,river " i "," (i == 517 ? office : "county") }'
}
rivers >"$WORK/rivers.csv" ""
sed -i '517s/river/,/' "$WORK/rivers.csv"
chmod -R a+rX "$WORK"
before=$(rows)
refused "an import whose line 517 is broken" 1 "rivers.csv: line 517, column " \
	as alice "$TONGBUCTL" place import "$WORK/rivers.csv"
same "puts nothing on record, and no place" "$before 0" "$(rows) $(state 'SELECT count(*) FROM place')"
# What only the packs can know is refused by them: as a whole, and on record.
rivers nowhere >"$WORK/rivers.csv"
refused_import() {
	as alice "$TONGBUCTL" place import "$WORK/rivers.csv" --wait >"$WORK/import" 2>&1
	[[ $? == 1 ]] && grep -q "line 516: R-517: there is no office nowhere" "$WORK/import"
}
check "an import whose place 516, on line 517, is of no office there is" refused_import
until_folded
same "leaves a finding, and no place" "1 0" \
	"$(state "SELECT count(*) FROM finding WHERE rule = 'engine.refused' AND text LIKE '%line 516%'") $(state 'SELECT count(*) FROM place')"
rivers county >"$WORK/rivers.csv"
check "mended it goes in" as alice "$TONGBUCTL" place import "$WORK/rivers.csv" --wait
until_folded
same "as a whole" 600 "$(state 'SELECT count(*) FROM place')"
act alice '{"pack":"base","kind":"place","id":"R-1","type":"river","name":"长江上游金沙江右岸支流普渡河第一橡胶坝下游三百米处左岸取水口"}'
until_folded

# F 12: a text of allowed length is refused neither for its characters nor for its bytes, by try no
# more than by the station.
said() { # COUNT - an act whose text has so many characters of four bytes
	printf '{"pack":"says","kind":"go","text":"%s"}' "$(printf '𠮷%.0s' $(seq "$1"))"
}
tried() { # COUNT - what try says of it
	echo "{\"uid\":$alice,\"act\":$(said "$1")}" | "$TONGBUCTL" try - --pack says --packs-dir "$PACKS" 2>&1 |
		grep -v '"effect":"pack"'
}
refusals() { state "SELECT text FROM finding WHERE rule = 'engine.refused' AND text LIKE '%characters%'"; }
same "F12: 600 characters of four bytes are taken by try" "" "$(tried 600)"
check "F12: and by the station" act alice "$(said 600)"
until_folded
same "F12: which folds them" "602 2402" \
	"$(state "SELECT length(value) || ' ' || length(CAST(value AS BLOB)) FROM store WHERE key = 'text'" | head -n 1)"
same "F12: and refuses nothing" "" "$(refusals)"
told="field text has 601 characters, more than 600"
check "F12: 601 characters of four bytes" act alice "$(said 601)"
until_folded
same "F12: are refused by the station" "\"$told\"" "$(refusals)"
tried 601 >"$WORK/tried"
check "F12: and by try, in the same words" grep -qF "$told" "$WORK/tried"
refused "F12: what no pack bounds is told in characters and bytes" 1 \
	"the act has 2037 characters in 8037 bytes, at most 8000 bytes" as alice "$TONGBUCTL" submit --json-data "$(said 2000)"
tried 2000 >"$WORK/tried"
check "F12: by try as well" grep -qF "the act has 2037 characters in 8037 bytes, at most 8000 bytes" "$WORK/tried"

# on_terminal COLUMNS COMMAND... - its output on a terminal as wide as that
on_terminal() {
	/usr/bin/python3 -c '
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if not pid:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
try:
    while data := os.read(fd, 65536):
        os.write(1, data)
except OSError:
    pass' "$@"
}
# widest - columns of the widest line, Chinese counted as two
widest() {
	/usr/bin/python3 -c '
import re, sys, unicodedata
print(max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in
              re.sub("\\x1b\\[[0-9;]*m", "", line.rstrip())) for line in sys.stdin))'
}
LC_ALL=C.UTF-8 on_terminal 70 tongbuctl place list --key R-1 --no-pager >"$WORK/table"
check "a table has the name, cut to the terminal" grep -q '长江上游.*…' "$WORK/table"
check "however wide Chinese is" test "$(widest <"$WORK/table")" -le 70
check "off a terminal nothing is cut" grep -q "左岸取水口" <(tongbuctl place list --key R-1)

for pack in "${bad[@]}"; do act bob "{\"pack\":\"$pack\",\"kind\":\"go\"}"; done
until_folded
same "each pack that misbehaves has a finding" "$(printf '%s\n' "${bad[@]}" | sort)" \
	"$(state "SELECT pack FROM finding WHERE rule = 'engine.failed' ORDER BY pack")"
check "the finding says how" test -n \
	"$(state "SELECT 1 FROM finding WHERE pack = 'loops' AND text LIKE '%million instructions%'")"
check "nothing was reached" test ! -e /tmp/reached
same "nothing half done stays" "0 0" \
	"$(state "SELECT count(*) FROM store WHERE pack = 'halfway'") $(state "SELECT count(*) FROM finding WHERE rule = 'half'")"
check "the daemon goes on" tongbuctl status

# lists COMMAND [WORD] - the page lists the members of what it prints
lists() {
	check "the page lists what $* --json prints" "$TONGBU_TOP/tests/json-fields.py" tongbuctl "$@" \
		< <(tongbuctl "$@" --json)
}
lists status
lists log
lists chain list
lists finding list
lists place list
lists office list
lists pack list
lists replay
check "replay gives the state as it is" tongbuctl replay
sqlite3 "$STATE" "UPDATE actor SET name = 'Mallory'"
refused_state() { ! tongbuctl replay >"$WORK/replay" && grep -q 'table actor differs' "$WORK/replay"; }
check "replay finds a state that somebody changed" refused_state
station_stop
check "tongbu-referee --rebuild makes it anew" station_start --rebuild
until_folded
check "replay gives the state as it is, again" tongbuctl replay
station_stop
sqlite3 "$STATE" "PRAGMA user_version = 1; DROP TABLE role"
check "a state of another version is no hindrance" station_start
until_folded
check "it is folded anew: replay gives it" tongbuctl replay

cat >>"$PACKS/halfway/pack.lua" <<<'-- changed'
differs() { ! tongbuctl replay --now >"$WORK/replay" && grep -q "pack halfway: the chain names" "$WORK/replay"; }
check "an altered pack is told from the one in force" differs
sed -i 's/error("then not")//' "$PACKS/halfway/pack.lua"
matters() { ! tongbuctl replay --now >"$WORK/replay" && grep -q 'from record .* would differ' "$WORK/replay"; }
check "and from which record on it matters" matters
act bob '{"pack":"halfway","kind":"go"}'
until_folded
same "while tongbud runs, the text that is in force judges, whatever becomes of the file" "2 0" \
	"$(state "SELECT count(*) FROM finding WHERE pack = 'halfway' AND rule = 'engine.failed'") $(state "SELECT count(*) FROM finding WHERE rule = 'half'")"
station_stop
check "the station starts with the altered pack" station_start
sleep 1
until_folded
same "which is put in force by a record" "2" "$(state "SELECT count(*) FROM pack WHERE name = 'halfway'")"
act bob '{"pack":"halfway","kind":"go"}'
until_folded
same "and judges what comes from then on" "1" \
	"$(state "SELECT count(*) FROM finding WHERE rule = 'half'")"
check "replay uses each text where it was in force" tongbuctl replay

# F 13: a deadline that begins in winter and ends in summer, or the other way round, ends with the
# day at the station; its rule stands in the ledger, whatever the configuration says later.
station_stop
# The guest has no package tzdata; these are its rules as they stand today.
[[ -e /usr/share/zoneinfo/Europe/Berlin ]] || /usr/sbin/zic -d /usr/share/zoneinfo - <<-ZONES
	Rule EU 1996 max - Mar lastSun 1:00u 1:00 S
	Rule EU 1996 max - Oct lastSun 1:00u 0 -
	Zone Europe/Berlin 1:00 EU CE%sT
	Zone Asia/Shanghai 8:00 - CST
ZONES
packs_config Europe/Berlin
check "F13: the station starts in Berlin" station_start
until_folded
act alice '{"pack":"says","kind":"wait"}'
until_folded
at_midnight() { TZ=Europe/Berlin date -d "$1 23:59:59" "+$2"; }
begun=$(state "SELECT DISTINCT started FROM clock WHERE pack = 'says'")
crossed=no
for days in 150 240; do
	last=$(date -d "$begun +$days days" +%F)
	same "F13: a deadline of $days days ends with the day in Berlin" "$(at_midnight "$last" %s)" \
		"$(state "SELECT due FROM clock WHERE name = 'due$days'")"
	[[ $(at_midnight "$begun" %z) == "$(at_midnight "$last" %z)" ]] || crossed=yes
done
same "F13: summer time comes or goes in between" yes "$crossed"
same "F13: by a record that has the rule" "Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3" \
	"$(state "SELECT json_extract(value, '\$.name') || ' ' || json_extract(value, '\$.rule') FROM store WHERE key = 'zone'")"
packs_config Asia/Shanghai
check "F13: a replay agrees, whatever the configuration says by then" env TZ=Asia/Tokyo tongbuctl replay

check "a bundle is exported" export_bundle "$WORK/bundle"
check "it verifies" verify "$WORK/bundle"
