#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Data of people stand in blobs, never in the chain: who may read them, who may
# not, and that nothing of them is left when the key is erased, while the chain still
# verifies.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

LIB=/var/lib/tongbu-referee
PACKS=$WORK/packs
mkdir -p "$PACKS/files"
cp -r "$TONGBU_TOP/daemon/packs/base" "$PACKS"
cat >"$PACKS/files/pack.lua" <<-'LUA'
	return {
		name = "files",
		matters = { file = { first = "open", stages = { open = {} } } },
		acts = {
			open = { fields = { blob = { "blob" } }, run = function(e)
				matter.open{ kind = "file", title = "a file", data = { identity = e.data.blob } }
			end },
			share = { fields = { matter = { "matter" }, office = { "office" } }, run = function(e)
				matter.share(e.data.matter, e.data.office)
			end },
		},
	}
LUA
chmod -R a+rX "$WORK"

act() { as "$1" "$TONGBUCTL" submit --json-data "$2" --wait >/dev/null; }
state() { sqlite3 -readonly "$LIB/state.db" "$1"; }
until_folded() {
	local i
	until_durable
	for ((i = 0; i < 300; i++)); do
		[[ $(state 'SELECT last FROM fold' 2>/dev/null) -ge $(sql 'SELECT max(id) FROM record') ]] &&
			return 0
		sleep 0.1
	done
	return 1
}

# raw USER BYTES - so many bytes of a request that does not end; prints how many went
raw() {
	as "$1" /usr/bin/python3 -c '
import socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect("/run/tongbu/socket")
peer.settimeout(20)
sent = 0
try:
    while sent < int(sys.argv[1]):
        sent += peer.send(b"x" * min(32768, int(sys.argv[1]) - sent))
    peer.recv(1)
    print("kept waiting")
except TimeoutError:
    print("kept waiting")
except OSError:
    print("hung up")' "$2"
}

alice=$(id -u alice) bob=$(id -u bob)
secret='{"name":"Zhang San","identity":"110101199003074578","illness":"hepatitis B"}'
echo "$secret" >"$WORK/identity"
echo "minutes of a meeting" >"$WORK/minutes"
head -c $((8 << 20)) /dev/urandom >"$WORK/most"
head -c $((1 << 20)) "$WORK/most" >"$WORK/some"
{ cat "$WORK/most"; echo; } >"$WORK/more"
: >"$WORK/none"
chmod 644 "$WORK"/{identity,minutes,some,most,more,none}

station_load heartbeat=3600000
{
	config_with 0
	echo "packs = [ \"files\" ]; packs_dir = \"$PACKS\"; timezone = \"+08:00\";"
} | station_config
check "the station starts" station_start
until_folded
sleep 1

plain=$(as alice "$TONGBUCTL" blob put "$WORK/minutes")
same "a plain blob is named by its bytes" "$(sha256sum <"$WORK/minutes" | cut -d' ' -f1)" "$plain"
same "root gets it" "minutes of a meeting" "$(tongbuctl blob get "$plain")"
subject=$(tongbuctl subject new)
same "a pseudonym has 16 letters and digits" 1 "$(grep -cE '^S-[0-9A-Z]{16}$' <<<"$subject")"
hash=$(as alice "$TONGBUCTL" blob put - --subject "$subject" <"$WORK/identity")
same "a blob of a person is named by what stands on the disk" \
	"$(sha256sum <"$LIB/blobs/$hash" | cut -d' ' -f1)" "$hash"
same "root gets what was put" "$secret" "$(tongbuctl blob get "$hash")"
same "and whose it is" "$subject" "$(tongbuctl blob get "$hash" --json | jget subject)"
other=$(as alice "$TONGBUCTL" blob put "$WORK/identity" --subject "$subject")
check "the same data again are another blob" test "$hash" != "$other"
nowhere() { ! grep -rqaF -e "Zhang San" -e 110101199003074578 "$LIB" /var/lib/tongbu; }
check "nothing on the station's disk has them in clear" nowhere
same "the keys are for the daemon alone" "600 600" \
	"$(stat -c %a "$LIB/keys.db" "$LIB/keys.db-journal" | paste -sd' ')"

check "into a file" tongbuctl blob get "$hash" "$WORK/got"
check "it is the same, for its owner's eyes alone" test \
	"$(<"$WORK/got") $(stat -c %a "$WORK/got")" = "$secret 600"
refused "never over another file" 2 "File exists" tongbuctl blob get "$hash" "$WORK/got"
most=$(as alice "$TONGBUCTL" blob put "$WORK/most" --subject "$subject")
same "8 MiB are kept, with 16 bytes of tag, 12 of nonce, and their head" \
	"$(((8 << 20) + 16 + 12 + 15 + 19))" "$(stat -c %s "$LIB/blobs/$most")"
some=$(as alice "$TONGBUCTL" blob put "$WORK/some" --subject "$subject")
check "1 MiB comes back as it was" cmp <(tongbuctl blob get "$some") "$WORK/some"
refused "one byte more" 2 "8388608" as alice "$TONGBUCTL" blob put "$WORK/more"
refused "an empty file" 2 "empty" as alice "$TONGBUCTL" blob put "$WORK/none"
refused "no pseudonym" 2 "not a pseudonym" as alice "$TONGBUCTL" blob put "$WORK/identity" --subject Zhang
refused "a sealed blob as data" 1 "blob is sealed already" tongbuctl blob put "$LIB/blobs/$hash"
refused "a blob that is not there" 1 "is not there" tongbuctl blob get "${hash//[0-7]/9}"
refused "no hash" 1 "give the hash of the blob" tongbuctl blob get ../keys.db

refused "a stranger puts nothing" 4 "members of the group tongbu" \
	as mallory "$TONGBUCTL" blob put "$WORK/most"
same "nor takes more than 64 KiB of memory" "hung up" "$(raw mallory 1000000)"
same "who may ask takes 12 MiB at the most" "hung up" "$(raw alice 20000000)"
check "the daemon goes on" tongbuctl status
refused "who put it gets it not" 4 "only root" as alice "$TONGBUCTL" blob get "$hash"

for office in first second; do
	act alice "{\"pack\":\"base\",\"kind\":\"office\",\"id\":\"$office\",\"name\":\"$office\"}"
done
act alice "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$alice,\"name\":\"A\",\"office\":\"first\",\"roles\":[\"admin\"]}"
act alice "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$bob,\"name\":\"B\",\"office\":\"second\",\"roles\":[]}"
act alice "{\"pack\":\"files\",\"kind\":\"open\",\"blob\":\"$hash\"}"
until_folded
same "an admin gets it" "$secret" "$(as alice "$TONGBUCTL" blob get "$hash")"
refused "another office does not" 4 "only root" as bob "$TONGBUCTL" blob get "$hash"
act bob "{\"pack\":\"files\",\"kind\":\"open\",\"blob\":\"$hash\"}"
until_folded
refused "nor by naming it in a matter of its own" 4 "only root" as bob "$TONGBUCTL" blob get "$hash"
act alice '{"pack":"files","kind":"share","matter":"files-1","office":"second"}'
until_folded
same "it does as a side of the matter" "$secret" "$(as bob "$TONGBUCTL" blob get "$hash")"
refused "but not what the matter does not name" 4 "only root" as bob "$TONGBUCTL" blob get "$other"

same "nothing in the matter is erased yet" "[] 1" \
	"$(as bob "$TONGBUCTL" matter show files-1 --json | jget erased) $(as bob "$TONGBUCTL" \
		matter show files-1 | grep -cx "  identity: $hash")"
# What people submitted is for whoever did, and for a role that sees all.
acts_of() { as "$1" "$TONGBUCTL" log --kind act --json 2>"$WORK/left" | /usr/bin/python3 -c '
import json, sys
print(*sorted({json.loads(line)["uid"] for line in sys.stdin}))'; }
until_readers() { [[ $(<"/var/lib/tongbu/readers.json") = "$1" ]]; }
check "the recorder knows who reads all" until_so until_readers "[$alice]"
same "without a role one has one's own acts" "$bob" "$(acts_of bob)"
check "and is told that others are left out" grep -q "what others submitted is left out" "$WORK/left"
check "field records are there" grep -q '"kind":"genesis"' \
	<(as bob "$TONGBUCTL" log --json 2>/dev/null)
refused "a bundle has all, so it takes a role" 4 "role supervisor, auditor or admin" \
	as bob "$TONGBUCTL" bundle export "$WORK/of-bob"
same "and no mark is sealed for it" 0 "$(log_json --kind act --uid bob | grep -c '"type":"mark"')"
check "an admin has the acts of others" grep -qw "$bob" <(acts_of alice)
act alice "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$bob,\"name\":\"B\",\"office\":\"second\",\"roles\":[\"auditor\"]}"
until_folded
check "an auditor is told of at once" until_so until_readers "[$alice,$bob]"
check "and has the acts of others" grep -qw "$alice" <(acts_of bob)
act alice "{\"pack\":\"base\",\"kind\":\"actor\",\"uid\":$bob,\"name\":\"B\",\"office\":\"second\",\"roles\":[]}"
until_folded
check "a role that was taken away is gone" until_so until_readers "[$alice]"
same "with what it gave" "$bob" "$(acts_of bob)"

refused "bob may not erase" 4 "only root and actors of role admin" \
	as bob "$TONGBUCTL" subject erase "$subject" --yes
same "the data are still there" "$secret" "$(tongbuctl blob get "$hash")"
refused "nobody is asked" 2 "--yes" as alice "$TONGBUCTL" subject erase "$subject" </dev/null
key=$(sqlite3 "$LIB/keys.db" "SELECT hex(key) FROM key WHERE subject = '$subject'")
has_key() { cat "$LIB"/keys.db* | od -An -v -tx1 | tr -d ' \n' | grep -qi "$key"; }
check "the key is in the file" has_key
same "an admin erases it" "$subject is erased" \
	"$(as alice "$TONGBUCTL" subject erase "$subject" --yes)"
until_folded
same "this is on record, with who" "$alice erased $subject" \
	"$(last_of act | /usr/bin/python3 -c '
import json, sys
record = json.loads(sys.stdin.readline())
act = record["payload"].get("json") or json.loads(record["payload"]["text"])
print(record["uid"], act["kind"], act["subject"])')"
same "and in the state, with when" 1 \
	"$(state "SELECT count(*) FROM store WHERE pack = 'base' AND key = 'erased:$subject'")"
has_no_key() { ! has_key; }
check "the key is nowhere in the file" has_no_key
refused "root gets nothing any more" 1 "erased" tongbuctl blob get "$hash"
shown() { as bob "$TONGBUCTL" matter show files-1 | grep -F "identity: $hash"; }
same "the matter that names it says so, to both sides" "  identity: $hash  (erased)" "$(shown)"
same "and to programs" "[\"$hash\"]" \
	"$(as alice "$TONGBUCTL" matter show files-1 --json | jget erased)"
refused "nor of any other blob of this person" 1 "erased" tongbuctl blob get "$most"
refused "there is no new key" 1 "erased" as alice "$TONGBUCTL" blob put "$WORK/identity" --subject "$subject"
same "plain blobs are as they were" "minutes of a meeting" "$(tongbuctl blob get "$plain")"
check "erasing once more does no harm" as alice "$TONGBUCTL" subject erase "$subject" --yes

until_durable
station_stop
check "the station starts again" station_start
refused "it stays erased" 1 "erased" tongbuctl blob get "$hash"
check "a bundle is exported" export_bundle "$WORK/bundle"
check "the chain still verifies" verify "$WORK/bundle"
check "the independent verifier agrees" python_verify "$WORK/bundle"
