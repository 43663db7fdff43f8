#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A station's log before others: tongbu-verify, the verifier in Python, and those that
# nobody here wrote, see others.sh. All of them take what is true, and nothing with a byte
# changed. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
cmake --build "$top/build/daemon" --target tongbu-log-files >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cd "$work" || exit 1
"$top/build/bin/tongbu-log-files" . 2>/dev/null
report $? "a log is made, as a station makes it"

# shellcheck source=tests/log/lib.sh
. "$top/tests/log/lib.sh"

{ cat vkey; echo; } >keys
for receipt in receipt-*; do
	agree "$receipt verifies, for both" 0 "$receipt"
done
agree "that the log goes on verifies, for both" 0 growth kept
missed=''
for ((i = 0; i < 24; i++)); do
	file=growth kept=kept
	((i % 2)) || file=receipt-400 kept=''
	# One character of base64 is another one, here and there in the file.
	/usr/bin/python3 - "$file" "$i" >bad <<-'END'
		import re, sys
		text = open(sys.argv[1], encoding="utf-8").read()
		places = [m.start() + 3 for m in re.finditer(r"[A-Za-z0-9+/]{40,}=*$|(?<=extra )\w+", text, re.M)]
		at = places[int(sys.argv[2]) // 2 % len(places)]
		print(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:], end="")
	END
	cmp -s "$file" bad && missed+=" $i: not changed;"
	in_c bad --policy keys ${kept:+--checkpoint "$kept"} >/dev/null 2>&1 && missed+=" $i: taken in C;"
	in_python keys bad ${kept:+"$kept"} >/dev/null 2>&1 && missed+=" $i: taken in Python;"
done
[[ -z $missed ]] || echo "#$missed"
[[ -z $missed ]]
report $? "24 that were changed verify for neither"

cp bad changed
"$top/tests/log/others.sh" "$work"
failed=$((failed | $?))
# Some records of the log, of the rest hashes; it numbers its own.
/usr/bin/python3 "$top/tests/log/disclosed.py" "$top/build/bin/tongbu-verify" keys disclosure receipt-400 |
	grep -v '^1\.\.'
failed=$((failed | PIPESTATUS[0]))
"$top/tests/log/disclose.sh" | grep -v '^1\.\.'
failed=$((failed | PIPESTATUS[0]))
# What is said of each chain, and the page; and what finds what was done to a bundle.
for program in page tamper; do
	/usr/bin/python3 "$top/tests/log/$program.py" "$top/build/bin/tongbu-verify" | grep -v '^1\.\.'
	failed=$((failed | PIPESTATUS[0]))
done
# A witness signs what goes on from what it signed last.
station() {
	mkdir -p "$1" && cp log.pem "$1/"
	"$top/build/bin/tongbu-log-files" "$1" serve "${@:2}" 2>/dev/null &
	running+=" $!"
	export TONGBU_SOCKET=$work/$1/socket
	until [[ -S $TONGBU_SOCKET ]]; do sleep 0.1; done
}
ctl() { "$top/build/bin/tongbuctl" "$@" >said 2>&1; }
# refused WORDS COMMAND... - it fails, and says so
refused() { ! ctl "${@:2}" && grep -qF -- "$1" said; }
/usr/bin/python3 "$top/tests/log/witness.py" vkey witness &
running=$!
# They were begun here; each ends by its own number.
# shellcheck disable=SC2086,SC2154
trap 'kill $running; rm -rf "$work"' EXIT
until [[ -e witness ]]; do sleep 0.1; done
url=$(sed -n 2p witness)
printf 'log %s\nwitness w %s\nquorum w\n' "$(<vkey)" "$(sed -n 1p witness)" >policy
/usr/bin/python3 - "$url" <<-'END'
	import sys, urllib.request
	body = "old 0\n\n" + open("kept", encoding="utf-8").read()
	urllib.request.urlopen(sys.argv[1] + "/add-checkpoint", body.encode())
END
report $? "the witness signs what it sees first"
station true
check "it signs what goes on from there, when the station is told where it stands" \
	ctl witness "$url" held --policy policy
check "the station keeps that as well" cmp held true/held
"$top/build/bin/tongbuctl" proof inclusion 256 | grep -q '^— witness.example/w '
report $? "proofs bear the witness's signature"
sed -n 1p witness >>keys
in_python keys held | grep -q 'witness.example/w": 1'
report $? "the verifier in Python finds its signature"
"$top/build/bin/tongbuctl" proof inclusion 256 >plain
check "a proof without the record is no receipt, and what helps is said" \
	refused "has no record in it" verify plain --policy vkey
check "and again" ctl witness "$url" held --policy policy --json
"$top/tests/json-fields.py" "$top/build/bin/tongbuctl" witness <said
report $? "witness: --json is as the page says"
for command in checkpoint 'proof inclusion 400' 'proof consistency 300'; do
	# shellcheck disable=SC2086
	ctl $command --json && "$top/tests/json-fields.py" "$top/build/bin/tongbuctl" ${command%% [0-9]*} <said
	report $? "$command: --json is as the page says"
done
"$top/build/bin/tongbuctl" proof consistency 300 >grown && in_python keys grown kept >said
report $? "a proof over the socket verifies in Python"
sed 's,^quorum w,witness x hub.example/mirror+2ac46552+BImCuJHv6NSNGJhUgRRbjYBIXEML5UrVKH6e68b7InA3\nquorum x,' policy >strange
check "a signature that the policy does not ask for is not enough" refused "lacks signatures" \
	witness "$url" new --policy strange
cp held before
station other lie
check "another log under the same key is refused" refused "refuses, 422" witness "$url" held --policy policy
cmp held before
report $? "and what is held stays"
check "what is no witness's place is said" refused "it is http://127.0.0.1:PORT" \
	witness http://witness.example/ held --policy policy
check "nor is a port where nobody is" refused "cannot be reached" \
	witness http://127.0.0.1:1/ held --policy policy
exit "$failed"
