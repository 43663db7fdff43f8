#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a hub holds of a station, exported and folded again by who supervises: the same
# state as of the station's own records; and a bundle of the station's beside what is held,
# in which the first record that differs is named. Prints TAP.
set -uo pipefail

# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
cmake --build "$top/build/daemon" --target tongbu-log-files >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }

hub() { "$top/build/bin/tongbu-hub" -d "$where" -k "$work/hub.pem" -n hub.example/m "$@"; }
verify() { "$top/build/bin/tongbu-verify" "$@"; }
# fold COPY STATE - a replica of it, as a text
fold() {
	"$top/build/bin/tongbu-referee" --ledger "$1" --packs-dir "$top/daemon/packs" --state "$2" 2>>"$work/complaint" &&
		sqlite3 -readonly "$2" .dump
}

cd "$work" || exit 1
mkdir station
"$top/tests/cli/state.py" market "$top/tests/packs/market/round.ndjson" bundle
"$top/build/bin/tongbu-log-files" station of bundle 2>complaint &
maker=$!
until [[ -S station/socket ]]; do sleep 0.1; done
kill "$maker"
wait "$maker" 2>/dev/null
station=$(cut -d + -f 1 station/vkey)
check "a station is registered" hub station add "$(<station/vkey)"
refused() { ! hub "${@:2}" >out 2>said && grep -qF -- "$1" said && [[ ! -s out ]]; }
check "nothing can be exported of one that sent nothing" refused "nothing of $station is held yet" export "$station"
check "nor of one that nobody knows" refused "there is no station" export nobody
batches station 62 - 0 20 | hub take >answers 2>>complaint
same "what a market's round recorded is held" 62 "$(sql 'SELECT next FROM tongbu.station')"
tail -n 1 answers | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["note"], end="")' >held

# What nobody here wrote takes the hub's key and signature.
# shellcheck source=tests/log/lib.sh
. "$top/tests/log/lib.sh"
if ! root=$(judges 2>log) || ! command -v go >/dev/null; then
	skip "others take the hub's signature" "golang-go or packages of Debian 13 cannot be had"
else
	export GO111MODULE=off GOPATH=$work/go:$root/usr/share/gocode GOCACHE=$work/cache GOFLAGS=
	go build -o formats "$top/tests/log/formats.go" >said 2>&1 || sed 's/^/# /' said
	hub key >hub.vkey
	check "transparency-dev's code takes the hub's signature" ./formats station/vkey hub.vkey held
	"$root/usr/bin/sigsum-key" from-vkey -k hub.vkey -o hub.pub
	same "sigsum-key makes the same text of its key" "$(<hub.vkey)" \
		"$("$root/usr/bin/sigsum-key" to-vkey -k hub.pub -n hub.example/m -t cosignature/v1)"
fi

hub export "$station" >exported
report $? "it is exported"
same "record for record what the station has" "$(tail -n +2 bundle | sha256sum)" "$(tail -n +2 exported | sha256sum)"
printf 'log %s\nwitness hub %s\nquorum hub\n' "$(<station/vkey)" "$(hub key)" >policy
verify exported --no-key --policy policy --checkpoint held --json >said
same "it verifies against the hub's own note, with nothing missing from the first record on" \
	"consistent 62 hub.example/m" "$(/usr/bin/python3 -c '
import json; a = json.load(open("said")); print(a["verdict"], a["held"][0]["size"], a["held"][0]["by"][0]["name"])')"
grep -q "held elsewhere up to record 61" <(verify exported --no-key --policy policy --checkpoint held)
report $? "and says up to which record it is held elsewhere"
fold bundle station.db >station.sql
report $? "the station's records are folded"
hub export "$station" | fold - replica.db >replica.sql
report $? "what the hub exports is folded from a pipe"
cmp station.sql replica.sql && grep -q market-5 replica.sql
report $? "and gives the same state, byte for byte"

check "the station's bundle has the records that are held" hub compare "$station" bundle
same "so has one on standard input" "equal" "$(hub export "$station" | hub compare "$station" - | cut -d : -f 1)"
/usr/bin/python3 - <<-'END'
	import json, re
	data = bytearray(open("bundle", "rb").read())
	# What an inspector saw of the knife is another thing.
	at = data.rindex(b'"blade": 100')
	data[at + 9:at + 12] = b"200"
	open("changed", "wb").write(data)
	line, rest = data.split(b"\n", 1)
	manifest = json.loads(line)
	manifest["chains"][0]["last"] = 40
	open("short", "wb").write(json.dumps(manifest).encode() + b"\n" + rest)
END
hub --json compare "$station" changed >said
same "a record that differs: the first one is named" "1 False 33" \
	"$? $(/usr/bin/python3 -c 'import json; a = json.load(open("said")); print(a["equal"], a["seq"])')"
fold changed other.db >other.sql
! cmp -s station.sql other.sql
report $? "which is why the state is another"
head -c -3000 bundle >shorter
hub compare "$station" shorter >said
same "an end that is missing is told" "1 1" "$? $(grep -c 'is held, but is not in the bundle\|differs' said)"
sql "UPDATE tongbu.record SET bytes = set_byte(bytes, 100, get_byte(bytes, 100) # 1) WHERE entry = 33"
hub export "$station" >out 2>said
same "what is not what it was is not exported" "2 1" "$? $(grep -c 'scrub says where' said)"
exit "$failed"
