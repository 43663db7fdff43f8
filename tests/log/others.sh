#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
#	others.sh FILES		of a log that tongbu-log-files made; run.sh calls it
#
# A log before judges that nobody here wrote: the code behind Go's checksum database;
# formats and Merkle trees of transparency-dev, of public logs and their witnesses; and
# sigsum's programs for keys and witnesses. They take ours, we take theirs, and nobody takes
# what was changed. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
files=$(cd "$1" && pwd) || exit 1
work=$(mktemp -d)
running=''
# They were begun here; each ends by its own number.
# shellcheck disable=SC2086
trap '[[ -z $running ]] || kill $running; rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
# shellcheck source=tests/log/lib.sh
. "$top/tests/log/lib.sh"
cp "$files"/{log.pem,vkey,kept,now,growth,changed,receipt-*} "$work" || exit 1
cd "$work" || exit 1

if ! root=$(judges 2>log) || ! command -v go >/dev/null; then
	sed 's/^/# /' log
	skip "others take the log" "golang-go or packages of Debian 13 cannot be had: see above"
	exit 0
fi
export GO111MODULE=off GOPATH=$work/go:$root/usr/share/gocode GOCACHE=$work/cache GOFLAGS=
for judge in judge formats; do
	go build -o "$judge" "$top/tests/log/$judge.go" >said 2>&1 || sed 's/^/# /' said
done

# log_of PROGRAM - a log that it makes is taken here
log_of() {
	mkdir "$1.log" && cd "$1.log" && "../$1" make && cp vkey keys || exit 1
	for receipt in receipt-*; do
		agree "$receipt of the log of $1.go verifies, for both" 0 "$receipt"
	done
	agree "that it goes on verifies, for both" 0 growth kept
	sed 's/^index 400$/index 401/' receipt-400 >bad
	agree "and what was changed in it does not" 1 bad
	cd ..
}
both() { ./judge vkey now receipt-* && ./judge vkey now kept growth; }
check "Go's x/mod takes checkpoints, receipts and proofs" both
! ./judge vkey now kept changed >said 2>&1
report $? "and not what was changed"
log_of judge

# Formats and Merkle trees, and a witness of theirs
./formats cosign now >said && sed -n 1p said >w && sed 1d said >held
printf 'log %s\nwitness w %s\nquorum w\n' "$(<vkey)" "$(<w)" >policy
check "transparency-dev takes checkpoints, receipts and proofs" \
	./formats vkey w held receipt-* growth kept
! ./formats vkey w held changed kept >said 2>&1
report $? "and not what was changed"
# One character within the witness's signature, which is the last line
/usr/bin/python3 - <<-'END'
	text = open("held", encoding="utf-8").read()
	other = "A" if text[-40] != "A" else "B"
	open("bad", "w", encoding="utf-8").write(text[:-40] + other + text[-39:])
END
check "it takes the signature of a witness" ./formats vkey w held
! ./formats vkey w bad >said 2>&1 && grep -q "witness's signature was passed over\|invalid signature" said
report $? "and not one that was changed"
log_of formats
signed() { # RECEIPT - with the witness's signature
	sed '/^$/q' receipt-400 && cat "$1"
}
signed held >receipt
check "the signature of a witness of theirs counts here" "$top/build/bin/tongbu-verify" receipt --policy policy
{ cat vkey; echo; cat w; } >keys
in_python keys receipt | grep -q '"go.example/w": 1'
report $? "and for the verifier in Python"
mkdir rfc6962 && cd rfc6962 && ../formats vectors && cp vkey keys || exit 1
missed=''
for file in receipt-* growth-*; do
	kept=at-${file#growth-}
	[[ $file != receipt-* ]] || kept=''
	in_c "$file" --policy keys ${kept:+--checkpoint "${kept%-*}"} >/dev/null 2>&1 || missed+=" $file in C"
	# Of seven leaves, which RFC 6962 has as its example, in Python as well
	[[ $file != *-7 ]] || in_python keys "$file" ${kept:+"${kept%-*}"} >/dev/null 2>&1 || missed+=" $file in Python"
done
[[ -z $missed ]] || echo "# not taken:$missed"
[[ -z $missed && $(echo receipt-* growth-* | wc -w) == 64 ]]
report $? "the well-known tree of RFC 6962: 28 receipts and 36 proofs verify"
cd ..

# sigsum's programs
sigsum_key() { "$root/usr/bin/sigsum-key" "$@"; }
sigsum_key from-vkey -k vkey -o log.pub
sigsum_key to-vkey -k log.pub -n "$(cut -d + -f 1 vkey)" | cmp -s - <(cat vkey; echo)
report $? "sigsum-key makes the same text of the log's key"
sigsum_key from-vkey -k w -o w.pub
sigsum_key to-vkey -k w.pub -n go.example/w -t cosignature/v1 | cmp -s - w
report $? "and of a witness's"
# It signs for logs of sigsum's names alone. Debian's build answers POST with 404 unless
# Go's older rules for paths are asked for.
origin=$(sigsum_key to-vkey -k log.pub | cut -d + -f 1)
sigsum_key generate -o key >/dev/null
name=sigsum.org/v1/witness/$(sigsum_key to-hash -k key.pub)
mkdir station && cp log.pem station/
ORIGIN=$origin "$top/build/bin/tongbu-log-files" station serve 2>/dev/null &
running+=" $!"
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GODEBUG=httpmuxgo121=0 "$root/usr/bin/sigsum-witness" -k key --log-key log.pub --state-file state "127.0.0.1:$port" >witness.log 2>&1 &
running+=" $!"
url=http://127.0.0.1:$port
export TONGBU_SOCKET=$work/station/socket
first() {
	/usr/bin/python3 - "$url" <<-'END'
		import sys, urllib.request
		body = "old 0\n\n" + open("station/kept", encoding="utf-8").read()
		urllib.request.urlopen(sys.argv[1] + "/add-checkpoint", body.encode())
	END
}
until [[ -S $TONGBU_SOCKET ]] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
printf 'log %s\nwitness w %s\nquorum w\n' "$(<station/vkey)" \
	"$(sigsum_key to-vkey -k key.pub -n "$name" -t cosignature/v1)" >policy
ctl() { "$top/build/bin/tongbuctl" "$@"; }
check "sigsum-witness signs what it sees first" first
check "and what goes on from there, by the proof that a station sends" ctl witness "$url" held --policy policy
grep -qF "— $name " station/held
report $? "the station keeps that"
mkdir other && cp log.pem other/
ORIGIN=$origin "$top/build/bin/tongbu-log-files" other serve lie 2>/dev/null &
running+=" $!"
export TONGBU_SOCKET=$work/other/socket
until [[ -S $TONGBU_SOCKET ]]; do sleep 0.1; done
! ctl witness "$url" held --policy policy >said 2>&1 && grep -qF "refuses, 422" said
report $? "it refuses another log under the same key"
exit "$failed"
