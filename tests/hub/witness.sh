#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A hub as a witness of others' logs, by tlog-witness of C2SP: behind a server of HTTP on
# loopback, asked by tongbuctl, and by hand with what must be refused; what it signs before a
# judge that nobody here wrote. Prints TAP.
#
#	witness.sh [full]	full: asked by sigsum's client too, which takes a Go to be built
set -uo pipefail

targets=(tongbu-log-files)
# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
cat >hub.conf <<-END
	database = "$where";
	key = "$work/hub.pem";
	name = "hub.example/m";
	witness = "hub.example/w";
	witness_key = "$work/witness.pem";
END
hub() { "$top/build/bin/tongbu-hub" -c "$work/hub.conf" "$@"; }
ctl() { "$top/build/bin/tongbuctl" "$@"; }
mkdir station
"$top/build/bin/tongbu-log-files" station serve 2>complaint &
until [[ -S station/socket ]]; do sleep 0.1; done
export TONGBU_SOCKET=$work/station/socket
hub witness key >w
report $? "a witness has a key"
[[ $(cut -d + -f 3 w) != "$(hub key | cut -d + -f 3)" ]]
report $? "which is not the one that says that something is held"
! hub -n hub.example/w witness key >said 2>&1 && grep -q "another name" said
report $? "nor is its name"

mkdir -p www/cgi-bin
printf '#!/bin/sh\nexec %s -c %s witness\n' "$top/build/bin/tongbu-hub" "$work/hub.conf" >www/cgi-bin/w
chmod +x www/cgi-bin/w
at=127.0.0.1:$(free_ports 1)
busybox httpd -f -p "$at" -h www >httpd.log 2>&1 &
until (exec 3<>"/dev/tcp/${at/://}") 2>/dev/null; do sleep 0.1; done
url=http://$at/cgi-bin/w
printf 'log %s\nwitness w %s\nquorum w\n' "$(<station/vkey)" "$(<w)" >policy
# post FILE - "STATUS TYPE" of the answer, which is in the file said
post() {
	/usr/bin/python3 - "$url/add-checkpoint" "$1" <<-'END'
		import sys, urllib.error, urllib.request
		try:
		    answer = urllib.request.urlopen(sys.argv[1], open(sys.argv[2], "rb").read())
		except urllib.error.HTTPError as refused:
		    answer = refused
		open("said", "wb").write(answer.read())
		print(answer.status, answer.headers["Content-Type"].split(";")[0])
	END
}
# last FILE - the last checkpoint as the witness shows it, into the file; or the status
last() {
	/usr/bin/python3 - "$url" "$(cut -d + -f 1 station/vkey)" "$1" <<-'END'
		import hashlib, sys, urllib.error, urllib.request
		name = hashlib.sha256(sys.argv[2].encode()).hexdigest()
		try:
		    answer = urllib.request.urlopen(f"{sys.argv[1]}/{name}/checkpoint")
		    open(sys.argv[3], "wb").write(answer.read())
		except urllib.error.HTTPError as refused:
		    print(refused.status)
	END
}
ask() { printf 'old %s\n%s\n' "$1" "${3:-}" | cat - "station/$2" >ask; post ask; } # OLD NOTE [HASHES]
same "a log that nobody registered is not known" "404 text/plain" "$(ask 0 kept)"
check "it is registered" hub witness add "$(<station/vkey)"
same "of nothing that was signed there is no checkpoint" 404 "$(last shown)"
same "the first checkpoint is signed, after nothing" "200 text/plain" "$(ask 0 kept)"
cat station/kept said >signed
{ cat station/vkey; echo; cat w; } >keys
/usr/bin/python3 "$top/tests/receipt.py" keys signed | grep -q '"hub.example/w": 1'
report $? "the verifier in Python takes the signature"
same "once more after nothing: it says how far it signed" "409 text/x.tlog.size 300" "$(ask 0 now) $(<said)"
same "the same again is signed again" "200 text/plain" "$(ask 300 kept)"
same "without a proof that it goes on it is not signed" "422 text/plain" "$(ask 300 now)"
same "old is more than there is" "400 text/plain" "$(ask 301 kept)"
echo hello >ask
same "what is no request" "400 text/plain" "$(post ask)"
sed 's/^\(— [^ ]* ....\)./\1A/' station/growth >ask
cmp -s ask station/growth && sed -i 's/^\(— [^ ]* ....\)./\1B/' ask
same "a signature that was changed" "403 text/plain" "$(post ask)"
sed '2s/.*/47DEQpj8HBSa+\/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=/' station/growth >ask
same "another hash in the proof" "422 text/plain" "$(post ask)"
head -c 200000 /dev/zero | tr '\0' a >ask
same "much too much" "400 text/plain" "$(post ask)"

# Several at once: one of them goes on from where it was, the others come too late.
for i in 1 2 3 4; do
	(mkdir "at$i" && cd "at$i" && cp ../station/growth ask && post ask >status) &
	several[i]=$!
done
wait "${several[@]}"
same "of four at once one is signed" "1 3" "$(cat at?/status | grep -c ^200) $(cat at?/status | grep -c ^409)"
check "tongbuctl asks, and counts it" ctl witness "$url" held --policy policy
grep -qF "— hub.example/w " held
report $? "and keeps it"
last shown
check "who watches gets the last one, with both signatures" "$top/build/bin/tongbu-verify" station/receipt-400 --policy keys --checkpoint shown
same "which is what was signed" "$(head -n 3 held)" "$(head -n 3 shown)"

# Another log under the same key
mkdir other
cp station/log.pem other/
"$top/build/bin/tongbu-log-files" other serve lie 2>>complaint &
until [[ -S other/socket ]]; do sleep 0.1; done
! TONGBU_SOCKET=$work/other/socket ctl witness "$url" held-other --policy policy >said 2>&1 && grep -qF "refuses, 422" said
report $? "another log under the same key is refused"
same "and kept: both checkpoints" "1 1" "$(sql "SELECT count(*), count(DISTINCT held <> came) FROM tongbu.witnessed_fork" | tr '|' ' ')"
pg pg_ctl -D "$data/data" -w -m immediate stop >/dev/null
same "without PostgreSQL nothing is signed" "503 text/plain" "$(ask 700 now)"
start_pg
same "with it, it goes on" "200 text/plain" "$(ask 700 now)"

# shellcheck source=tests/log/lib.sh
. "$top/tests/log/lib.sh"
if ! root=$(judges 2>log) || ! command -v go >/dev/null; then
	skip "others take its signature" "golang-go or packages of Debian 13 cannot be had"
	exit "$failed"
fi
export GO111MODULE=off GOPATH=$work/go:$root/usr/share/gocode GOCACHE=$work/cache GOFLAGS=
go build -o formats "$top/tests/log/formats.go" >said 2>&1 || sed 's/^/# /' said
check "transparency-dev's code takes its signature" ./formats station/vkey w held
"$root/usr/bin/sigsum-key" from-vkey -k w -o w.pub
same "sigsum-key makes the same text of its key" "$(<w)" \
	"$("$root/usr/bin/sigsum-key" to-vkey -k w.pub -n hub.example/w -t cosignature/v1)"
[[ ${1:-} == full ]] || exit "$failed"

go=golang-1.24
if ! root=$(judges $go-go $go-src golang-sigsum-sigsum-go-dev golang-golang-x-{net,text,sys,term}-dev 2>log); then
	skip "sigsum's client asks" "packages of Debian 13 cannot be had"
	exit "$failed"
fi
GOPATH=$work/go:$root/usr/share/gocode GOTOOLCHAIN=local CGO_ENABLED=0 GOCACHE=$work/cache-client \
	"$root/usr/lib/${go/lang/}/bin/go" build -o client "$top/tests/log/client.go" >said 2>&1 || sed 's/^/# /' said
mkdir third
ORIGIN=third.example/log "$top/build/bin/tongbu-log-files" third 2>>complaint
hub witness add "$(<third/vkey)" >said
printf 'old 0\n\n' | cat - third/kept >first
check "sigsum's client asks: it is told how far, and takes what is signed" ./client "$url" w.pub 0 third/growth first third/growth
same "which are 700 entries" 700 "$(sql "SELECT size FROM tongbu.witnessed WHERE origin LIKE 'third%'")"
exit "$failed"
