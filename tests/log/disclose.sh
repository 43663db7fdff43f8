#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
#	disclose.sh	with tongbu-log-files built; run.sh calls it
#
# tongbuctl bundle disclose, from a station's records to whoever verifies: some by number,
# those of one matter by its id; and signed by a witness. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
# They were begun here; each ends by its own number.
# shellcheck disable=SC2086,SC2154
trap 'kill $running; rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
cd "$work" || exit 1
running=''
begin() {
	"$@" 2>>complaints &
	running+=" $!"
}
mkdir station
"$top/tests/cli/state.py" market "$top/tests/packs/market/round.ndjson" bundle
begin "$top/build/bin/tongbu-log-files" station of bundle
begin "$top/build/bin/tongbu-referee" --ledger bundle --packs-dir "$top/daemon/packs" --state state.db --socket referee
export TONGBU_SOCKET=$work/station/socket TONGBU_REFEREE=$work/referee
until [[ -S $TONGBU_SOCKET && -S $TONGBU_REFEREE ]]; do sleep 0.1; done
ctl() { "$top/build/bin/tongbuctl" "$@"; }
{ cat station/vkey; echo; } >keys

# entries FILE - of which entries both verifiers find the records
entries() {
	"$top/build/bin/tongbu-verify" "$1" --policy keys --json >c 2>&1 || cat c
	/usr/bin/python3 "$top/tests/disclosure.py" keys "$1" >python 2>&1 || cat python
	/usr/bin/python3 - <<-'END'
		import json
		c, python = (json.load(open(name, encoding="utf-8")) for name in ("c", "python"))
		assert [one["entry"] for one in c["entries"]] == python["entries"]
		print(*python["entries"])
	END
}
# is NAME EXPECTED ACTUAL
is() {
	[[ $2 == "$3" ]] || echo "# expected '$2', is '$3'"
	[[ $2 == "$3" ]]
	report $? "$1"
}

check "records are disclosed by number" ctl bundle disclose some 3 5-9 7 3
is "each once, and no other" "3 5 6 7 8 9" "$(entries some)"
ctl bundle disclose matter --matter market-5 --json >said
"$top/tests/json-fields.py" "$top/build/bin/tongbuctl" bundle disclose <said
report $? "disclose: --json is as the page says"
# A matter has its first record, and those that its timeline names.
named=$(ctl matter show market-5 --json |
	/usr/bin/python3 -c 'import json, sys; m = json.load(sys.stdin)
print(*sorted({int(line["record"].split(":")[1]) for line in [m, *m["timeline"]]}))')
is "a matter is disclosed by its id: all its records, no other" "$named" "$(entries matter)"
check "a record can be added" ctl bundle disclose more 0 61 --matter market-5
is "and is there, too" "0 $named 61" "$(entries more)"
check "all there is can be disclosed" ctl bundle disclose all 0-61
is "and is" "$(seq -s ' ' 0 61)" "$(entries all)"
refused() { ! ctl bundle disclose none "${@:2}" >said 2>&1 && grep -qF -- "$1" said && [[ ! -e none ]]; }
check "a record that is not there: said, and no file is left" refused "has records 0 to 61" 5 62
check "what is no number" refused "neither a record's number nor FROM-TO" 5 9-6
check "no record at all" refused "which records" --json
check "a matter that nobody knows" refused "there is no matter market-99" --matter market-99
check "a chain that is not there" refused "no such chain" 5 --chain 00
sed "s/^rest 0 \\([0-9]*\\) ./rest 0 \\1 _/" some >bad
! entries bad >/dev/null 2>&1
report $? "what was changed in one verifies for neither"

begin /usr/bin/python3 "$top/tests/log/witness.py" station/vkey witness
until [[ -e witness ]]; do sleep 0.1; done
printf 'log %s\nwitness w %s\nquorum w\n' "$(<station/vkey)" "$(sed -n 1p witness)" >policy
check "a witness signs" ctl witness "$(sed -n 2p witness)" held --policy policy
check "the station keeps that as well" cmp held station/held
check "what is disclosed then" ctl bundle disclose signed --matter market-5
"$top/build/bin/tongbu-verify" signed --policy policy >said
grep -q 'held by witness.example/w since' said
report $? "bears the witness's signature, for who asks for it"
! "$top/build/bin/tongbu-verify" some --policy policy >said
report $? "which what was disclosed before does not"
sed -n 1p witness >>keys
is "its entries are the same" "$named" "$(entries signed)"
exit "$failed"
