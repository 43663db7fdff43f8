#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A hub on a PostgreSQL of its own: what it holds and cosigns, what it refuses and keeps as
# evidence, and that damage in PostgreSQL is found and mended. Nothing listens on a network.
# Prints TAP.
set -uo pipefail

# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"

hub() { "$top/build/bin/tongbu-hub" -d "$where" -k "$work/hub.pem" -n hub.example/m "$@"; }
# take DIRECTORY ENTRIES WORD FROM PER [SENT] - what the hub answers, a line a batch
take() { batches "$@" | hub take 2>"$work/complaint" >"$work/answers"; }
last() { tail -n 1 "$work/answers" | /usr/bin/python3 -c 'import json, sys; a = json.load(sys.stdin)[sys.argv[1]]; print("-" if a is None else a)' "$1"; }
is_locked() { [[ $(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 1 ]]; }

mkdir "$work/a" "$work/other"
check "the hub has a key" hub key
hub key >"$work/hub.vkey"
take "$work/a" 700 edge 0 64
same "a station that is not registered is refused" "0 True" \
	"$(last next) $(grep -q 'station add' "$work/answers" && echo True)"
check "a station is registered" hub station add "$(<"$work/a/vkey")"
take "$work/a" 700 edge 0 64
same "700 entries in 11 batches are held" "11 700 -" "$(wc -l <"$work/answers") $(last next) $(last refused)"
tail -n 1 "$work/answers" | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["note"], end="")' >"$work/held"
same "batches before the last are held, and not cosigned" "-" \
	"$(head -n 1 "$work/answers" | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["note"] or "-")')"
{ cat "$work/a/vkey"; echo; cat "$work/hub.vkey"; } >"$work/keys"
/usr/bin/python3 "$top/tests/receipt.py" "$work/keys" "$work/held" >"$work/said" 2>&1
grep -q '"hub.example/m": 1' "$work/said"
report $? "the verifier in Python takes the hub's signature"
same "each entry is there once" "700 700 0 699" \
	"$(sql 'SELECT count(*), count(DISTINCT entry), min(entry), max(entry) FROM tongbu.record' | tr '|' ' ')"
take "$work/a" 700 edge 0 100
same "what comes again is not held twice" "700 - 700" \
	"$(last next) $(last refused) $(sql 'SELECT count(*) FROM tongbu.record')"
take "$work/a" 900 edge 800 64
same "behind a gap nothing is taken, and where to go on is said" "700 -" "$(last next) $(last refused)"
take "$work/a" 900 edge 690 64
same "from there, and from before there, it goes on" "900 -" "$(last next) $(last refused)"

# Three kinds of damage: in PostgreSQL, on whole blocks and behind the last one
check "a scrub finds nothing wrong" hub scrub "$(sed -n 1p "$work/held")"
for entry in 300 899; do
	sql "UPDATE tongbu.record SET bytes = set_bit(bytes, 400, 1 - get_bit(bytes, 400)) WHERE entry = $entry"
	hub scrub "$(sed -n 1p "$work/held")" >"$work/said"
	same "a flipped bit of entry $entry is found" 1 "$?"
	same "and the block told" "$((entry / 256))" "$(sql 'SELECT block FROM tongbu.damaged')"
	take "$work/a" 900 edge "$((entry / 256 * 256))" 256
	same "the station sends it again, and it is mended" "900 - 0" \
		"$(last next) $(last refused) $(sql 'SELECT count(*) FROM tongbu.damaged')"
	check "a scrub finds nothing more" hub scrub "$(sed -n 1p "$work/held")"
done

# Liars, with the station's own key
rollback=$work/rollback
mkdir "$rollback"
cp "$work/a/log.pem" "$rollback/"
take "$rollback" 500 edge 500 64 "$(($(date +%s) + 60))"
same "an end that was taken back is found at the next contact" "900 rollback" "$(last next) $(last refused)"
take "$rollback" 800 other 800 64
same "and once other records stand there, it is a fork" "900 fork" "$(last next) $(last refused)"
take "$rollback" 800 other 700 64
same "its records are not those that are held" "900 changed" "$(last next) $(last refused)"
take "$rollback" 1200 other 900 300
same "though it has grown over what is held" "900 wrong root" "$(last next) $(last refused)"
same "nothing of it is held" 900 "$(sql 'SELECT count(*) FROM tongbu.record')"
hub refused | grep -q "kind fork"
report $? "the evidence is listed"
hub --json refused show "$(sql "SELECT id FROM tongbu.evidence WHERE kind = 'fork'")" >"$work/said"
/usr/bin/python3 -c 'import json, sys; e = json.load(sys.stdin); assert "river-07" in e["held"] and "river-07" in e["proof"] and e["held"] != e["proof"]' <"$work/said"
report $? "with both checkpoints"
take "$work/a" 1000 edge 900 64
same "the true one goes on" "1000 -" "$(last next) $(last refused)"
batches "$work/a" 1100 edge 1000 64 >"$work/stream"
/usr/bin/python3 - "$work/stream" <<-'END'
	import sys
	data = bytearray(open(sys.argv[1], "rb").read())
	size = int.from_bytes(data[:4], "big")
	data[size - 20] ^= 1  # within the last record of the first batch
	open(sys.argv[1], "wb").write(data)
END
hub take <"$work/stream" >"$work/answers" 2>/dev/null
same "a record that was changed on the way is refused" "wrong root" \
	"$(head -n 1 "$work/answers" | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["refused"])')"
take "$work/a" 1100 edge 1000 64
same "and taken as it is" "1100 -" "$(last next) $(last refused)"
echo garbage | hub take >"$work/said" 2>&1
same "what is no batch ends it with a word" "2 1" "$? $(grep -c 'not a batch' "$work/said")"
take "$work/other" 10 edge 0 64
same "another's key makes another log" 1 "$(grep -c 'there is no station' "$work/answers")"

# PostgreSQL itself
sql "ALTER SYSTEM SET fsync = off"
sql "SELECT pg_reload_conf()" >/dev/null
until_so is_fsync off
batches "$work/a" 1200 edge 1100 64 | hub take >"$work/said" 2>&1
same "with fsync off nothing is cosigned, and why is said" "2 1" \
	"$? $(grep -c 'fsync = off' "$work/said")"
sql "ALTER SYSTEM RESET fsync"
sql "SELECT pg_reload_conf()" >/dev/null
until_so is_fsync on
mkfifo "$work/fifo"
hub take <"$work/fifo" >"$work/first" 2>&1 &
first=$!
exec 7>"$work/fifo"
until_so is_locked
take "$work/a" 1200 edge 1100 64
same "a second hub takes nothing while the first does" 1 "$(grep -c 'another tongbu-hub' "$work/complaint")"
batches "$work/a" 1200 edge 1100 100 >&7
until_so test -s "$work/first"
pg pg_ctl -D "$data/data" -w -m immediate stop >/dev/null
exec 7>&-
wait "$first"
start_pg
same "what was answered survives a PostgreSQL that is stopped hard" "1200 1200" \
	"$(sql 'SELECT next FROM tongbu.station') $(sql 'SELECT count(*) FROM tongbu.record')"
take "$work/a" 1300 edge 1200 64
same "and the next hub goes on" "1300 -" "$(last next) $(last refused)"
check "stations are listed" grep -q "held 1300" <(hub stations)
exit "$failed"
