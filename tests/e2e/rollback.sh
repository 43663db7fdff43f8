#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# G4: who is root takes back the end of the ledger and lets the kernel seal another one in
# its place. Its bundle verifies, with any challenge. What somebody else kept shows it.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

station_load heartbeat=1000
four_lines_config
check "the station starts" station_start
check "edges are recorded" pull_edges 24
receipt=$(as alice "$TONGBUCTL" submit "sluice 3 opened by hand" --wait --json)
seq=$(jget seq <<<"$receipt")
check "whoever submitted gets a receipt" as alice "$TONGBUCTL" receipt "$seq"
cp "$WORK/check" "$WORK/receipt"
check "it has 2048 bytes at the most" test "$(stat -c %s "$WORK/receipt")" -le 2048
check "the key is handed out" tongbuctl checkpoint --vkey -o "$WORK/vkey"
same "the log's key is the daemon's alone" 600 "$(stat -c %a /var/lib/tongbu/log.pem)"
check "the receipt verifies with the public key alone" \
	tongbu-verify "$WORK/receipt" --policy "$WORK/vkey"
same "and tells what was said" "sluice 3 opened by hand" \
	"$(tongbu-verify "$WORK/receipt" --policy "$WORK/vkey" --json | jget record.text)"
check "edges follow" pull_edges 24
until_durable
# Heartbeats come meanwhile: up to where it is durable now
entries=$(tongbuctl status --json | jget log.entries)
signed() { (($(tongbuctl status --json | jget log.signed) >= entries)); }
check "what is durable is signed" until_so signed
check "somebody keeps a checkpoint" tongbuctl checkpoint -o "$WORK/kept"
kept=$(sed -n 2p "$WORK/kept")

# with BUNDLE CHECKPOINT - the verdict
with() { verify "$1" --policy "$WORK/vkey" --checkpoint "$2" --json | jget verdict; }
# Some records for somebody, of the others hashes
disclose() { as alice "$TONGBUCTL" bundle disclose "$WORK/alice/$1" "${@:2}" >"$WORK/said" 2>&1; }
install -d -o alice -m 700 "$WORK/alice" && chmod 711 "$WORK"
check "some records are disclosed" disclose some "$seq" 0-2
same "and verify with the public key alone" 4 \
	"$(tongbu-verify "$WORK/alice/some" --policy "$WORK/vkey" --json | jget records)"
same "the second implementation has the same" "True" \
	"$(/usr/bin/python3 "$TONGBU_TOP/tests/disclosure.py" "$WORK/vkey" "$WORK/alice/some" | jget ok)"

# A witness, which is somebody else's
check "status says that nobody holds it" grep -q "^held  *nowhere" <(tongbuctl status)
check "doctor warns" grep -qE '^WARN +held +only this station' <(tongbuctl doctor)
/usr/bin/python3 "$TONGBU_TOP/tests/log/witness.py" "$WORK/vkey" "$WORK/witness" &
witness=$!
until_so test -s "$WORK/witness"
printf 'log %s\nwitness w %s\nquorum w\n' "$(<"$WORK/vkey")" "$(sed -n 1p "$WORK/witness")" >"$WORK/policy"
check "a witness signs" tongbuctl witness "$(sed -n 2p "$WORK/witness")" "$WORK/held" --policy "$WORK/policy"
kill "$witness"
check "status says up to where, by whom, and since when" \
	grep -qE "^held  *elsewhere up to entry $(sed -n 2p "$WORK/held"), by witness.example/w, [0-9]+ s ago" <(tongbuctl status)
check "doctor is content" grep -qE '^OK +held +elsewhere up to' <(tongbuctl doctor)
check "a receipt bears the signature" as alice "$TONGBUCTL" receipt "$seq"
cp "$WORK/check" "$WORK/receipt"
check "with which it counts" grep -q 'held by witness.example/w since' \
	<(tongbu-verify "$WORK/receipt" --policy "$WORK/policy")
hand_in() {
	as alice /usr/bin/python3 - "$(<"$WORK/held")" <<-'END'
		import json, socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.connect("/run/tongbu/socket")
		s.sendall(json.dumps({"method": "org.tongbu.Station.KeepCheckpoint",
		                      "parameters": {"checkpoint": sys.argv[1] + "\n"}}).encode() + b"\0")
		print(s.recv(65536).decode().rstrip("\0"))
	END
}
check "who is not root cannot hand in what nobody can judge" grep -q "handed in by root" <(hand_in)

check "a bundle is exported" export_bundle "$WORK/before"
same "and agrees with what was kept" verified "$(with "$WORK/before" "$WORK/kept")"
same "and with the receipt" verified "$(with "$WORK/before" "$WORK/receipt")"
check "it is said up to where" grep -q "held elsewhere up to record" \
	<(verify "$WORK/before" --policy "$WORK/vkey" --checkpoint "$WORK/kept")
check "the log goes on from it" tongbuctl proof consistency "$kept" -o "$WORK/growth"
check "which verifies" tongbu-verify "$WORK/growth" --policy "$WORK/vkey" --checkpoint "$WORK/kept"

# Now the reviewer's way, with the checkpoint at the station removed as well
station_stop
station_unload
sqlite3 "$LEDGER" "DELETE FROM record WHERE id & 0xffffffffff >= $seq;
	DELETE FROM log_hash WHERE id & 0xffffffffffffff >= $seq OR id >> 56; DELETE FROM armed WHERE record & 0xffffffffff >= $seq"
cp /var/lib/tongbu/checkpoint "$WORK/station"
rm /var/lib/tongbu/{checkpoint,held}
station_load heartbeat=1000
four_lines_config
check "the station starts again" station_start
check "other edges are recorded" pull_edges 8
check "a bundle with a challenge is exported" export_bundle "$WORK/short" --challenge 6b1f
same "by itself it verifies, from the very first record" "verified True" \
	"$(verify "$WORK/short" --challenge 6b1f --json | jget verdict) $(verify "$WORK/short" --json | jget from_start)"
found() { [[ $(with "$1" "$WORK/kept") == @(cut|altered) ]]; }
check "what was kept shows it" found "$WORK/short"
until_long() { pull_edges 24 >/dev/null && (($(tongbuctl status --json | jget log.entries) > kept)); }
check "the log grows over what was kept" until_so until_long
check "a bundle is exported again" export_bundle "$WORK/long"
same "by itself it verifies" verified "$(verify "$WORK/long" --json | jget verdict)"
same "what was kept shows that it is another log" altered "$(with "$WORK/long" "$WORK/kept")"
same "the receipt does" altered "$(with "$WORK/long" "$WORK/receipt")"
same "without the supervisor's key as well" altered \
	"$(tongbu-verify "$WORK/long" --no-key --policy "$WORK/vkey" --checkpoint "$WORK/kept" --json | jget verdict)"
check "nor can the station prove that it goes on" tongbuctl proof consistency "$kept" -o "$WORK/lie"
refused_growth() { ! tongbu-verify "$WORK/lie" --policy "$WORK/vkey" --checkpoint "$WORK/kept"; }
check "what it proves is refused" refused_growth

# With the station's own checkpoint left in place, the station says so itself.
station_stop
cp "$WORK/station" /var/lib/tongbu/checkpoint
check "the station starts" station_start
check "it says that the ledger does not go on" grep -q "does not go on from checkpoint" \
	<(tongbuctl status)
check "so does doctor" grep -qE '^FAIL +log +.*does not go on' <(tongbuctl doctor)
refused "and signs nothing" 2 "does not go on" tongbuctl checkpoint
check "records are kept as always" pull_edges 8
