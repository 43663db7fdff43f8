#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tongbuctl and the daemons as a person meets them, as far as that takes no module.
# Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
tongbuctl=$top/build/bin/tongbuctl
tongbud=$top/build/bin/tongbud
referee=$top/build/bin/tongbu-referee
verify=$top/build/bin/tongbu-verify
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export TONGBU_SOCKET=$work/no-socket TONGBU_REFEREE=$work/no-referee
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

# says STATUS WORDS NAME COMMAND... - exit status, and words on standard output
says() {
	local status=$1 words=$2 name=$3 rc=0
	shift 3
	"$@" >out 2>err </dev/null || rc=$?
	if ((rc == status)) && grep -qF -- "$words" out; then
		report 0 "$name"
	else
		sed 's/^/# /' out err
		echo "# status $rc, expected $status with: $words"
		report 1 "$name"
	fi
}

# refuses STATUS WORDS NAME COMMAND... - one line on standard error, no output
refuses() {
	local status=$1 words=$2 name=$3 rc=0
	shift 3
	"$@" >out 2>err </dev/null || rc=$?
	if ((rc == status)) && grep -qF -- "$words" err && [[ $(wc -l <err) -eq 1 && ! -s out ]]; then
		report 0 "$name"
	else
		sed 's/^/# /' out err
		echo "# status $rc, expected $status with one line: $words"
		report 1 "$name"
	fi
}

says 0 "tongbuctl verify station.bundle" "--help has examples" "$tongbuctl" --help
says 0 "tongbuctl $(sed -n 's/^VERSION.*= //p' "$top/Makefile")" "--version" "$tongbuctl" --version
for command in status doctor latency submit log help; do
	says 0 "Examples:" "$command --help has examples" "$tongbuctl" "$command" --help
	grep -q "Cm $command" "$top/docs/man/tongbuctl.1"
	report $? "$command is in the man page"
done
for command in chain bundle backup verify key blob subject; do
	says 0 "Examples:" "$command --help has examples" "$tongbuctl" "$command" --help
	grep -q "Cm $command" "$top/docs/man/tongbuctl-evidence.1"
	report $? "$command is in the man page"
done
for command in source output reflex; do
	says 0 "Examples:" "$command --help has examples" "$tongbuctl" "$command" --help
	grep -q "Cm $command" "$top/docs/man/tongbuctl-devices.1"
	report $? "$command is in the man page"
done
for command in act matter task clock finding notice place office points report pack; do
	says 0 "Examples:" "$command --help has examples" "$tongbuctl" "$command" --help
	grep -q "Cm .*\b$command\b" "$top/docs/man/tongbuctl-packs.1"
	report $? "$command is in the man page"
done
# One table: what the help has, the completion offers, and the synopsis of the pages has.
unknown='' option=''
complete() { "$tongbuctl" --complete "$@" | cut -f1; }
for command in $("$tongbuctl" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	complete '' | grep -x "$command" >/dev/null || unknown+=" $command in the completion;"
	for word in $("$tongbuctl" "$command" --help | sed -n "s/^\(Usage:\|      \) tongbuctl $command \([a-z]*\).*/\2/p"); do
		complete "$command" '' | grep -x "$word" >/dev/null || unknown+=" $command $word in the completion;"
		grep -qx ".Cm $command $word" "$top"/docs/man/tongbuctl*.1 || unknown+=" $command $word in a page;"
		"$tongbuctl" --fields "$command" "$word" >/dev/null 2>&1 || unknown+=" what $command $word --json prints;"
	done
	! "$tongbuctl" "$command" --help | grep -q "^Usage: tongbuctl $command\( [^a-z]\|$\)" ||
		"$tongbuctl" --fields "$command" >/dev/null 2>&1 || unknown+=" what $command --json prints;"
	for option in $("$tongbuctl" "$command" --help | sed -n 's/^  \(-., \)\?\(--[a-z][a-z-]*\).*/\2/p' | sort -u); do
		for word in '' $(complete "$command" ''); do
			complete "$command" ${word:+"$word"} "$option"
		done | grep -x -- "$option" >/dev/null || unknown+=" $command $option in the completion;"
		name=${option#--}
		grep -qE "Fl Fl $name( |$)" "$top"/docs/man/tongbu*.1 ||
			grep -qE "^\.It Va ${name//-/_} " "$top/docs/man/tongbu-devices.5" ||
			unknown+=" $command $option in the man pages;"
	done
done
for option in $({ "$verify" --help; "$verify" key --help; } | grep -o -- '--[a-z][a-z-]*' | sort -u); do
	grep -qE "Fl Fl ${option#--}( |$)" "$top/docs/man/tongbu-verify.1" ||
		unknown+=" tongbu-verify $option in the man page;"
	grep -qE -- "$option( |\)|\")" "$top/packaging/tongbu-verify.bash-completion" ||
		unknown+=" tongbu-verify $option in the completion;"
done
for command in $(complete ''); do "$tongbuctl" "$command" --help; done | grep -E '^.{91}' | grep -v '^Usage:'
report $((! $?)) "no line of a help is wider than 90 columns"
[[ -z $unknown ]] || echo "# missing:$unknown"
[[ -z $unknown && -n ${option-} ]]
report $? "each command and each option in a --help is in the pages and in the completion"
for page in "$top"/docs/man/tongbuctl*.1; do
	"$top/docs/man/synopsis.sh" "$tongbuctl" <"$page" >synopsis
	cmp synopsis "$page"
	report $? "${page##*/}: its synopsis is what the table gives: make docs"
done
# completed EXPECTED WORD... - what the last word is completed to, by bash
completed() {
	local expected=$1 found
	found=$(PATH=$top/build/bin:$PATH bash -c '. "$0"; COMP_WORDS=(tongbuctl "$@")
		COMP_CWORD=$#; _tongbuctl; echo "${COMPREPLY[*]}"' "$top/packaging/tongbuctl.bash" "${@:2}")
	[[ $found == "$expected" ]]
	report $? "completion of ${*:2}: $found"
}
completed "pull-up pull-down" source add x --bias pull
completed --debounce-us source add x --deb
completed status --socket /run/x --json sta
completed export bundle e
completed gone log --kind = go
completed storm log --kind = sto
[[ $(complete log --kind =) == "$(complete log --kind '')" && -z $(complete frobnicate x) &&
	$(complete log --kind = | wc -l) -ge 28 ]]
report $? "F14: --kind= completes, odd words print nothing"
for shell in zsh fish; do
	! command -v "$shell" >/dev/null || "$shell" -n "$top/packaging/tongbuctl.$shell"
	report $? "the completion for $shell is good $shell, where there is one"
done
cmake --build "$top/build/daemon" --target tongbu-devices-page >page.log 2>&1
"$top/build/bin/tongbu-devices-page" | cmp - "$top/docs/man/tongbu-devices.5"
report $? "tongbu-devices(5) is what the tables give: make docs"
says 0 "  finding " "--help has the commands about the state" "$tongbuctl" --help
# What a sentence or a page tells people to type, its program knows.
unknown=''
while read -r program option; do
	"$top/build/bin/$program" --help | grep -q -- "$option\b" || unknown+=" $program $option;"
done < <(grep -rhoE "\btongbu(d|-referee|-verify) --[a-z][a-z-]*" "$top"/daemon/*/*.[ch] "$top/docs" \
	"$top/README.md" "$top/packaging" | sort -u)
while read -r _ command option; do
	"$tongbuctl" help "$command" | grep -q -- "$option\b" || "$tongbuctl" help | grep -q -- "$option\b" ||
		unknown+=" tongbuctl $command $option;"
done < <(grep -rhoE "\btongbuctl [a-z]+( [a-z]+)? --[a-z][a-z-]*" "$top"/daemon/*/*.[ch] "$top/docs" \
	"$top/README.md" "$top/packaging" | awk '{ print $1, $2, $NF }' | sort -u)
[[ -z $unknown ]]
report $? "options that sentences and pages name are there:$unknown"
says 0 "Replay the ledger: does the state agree with its records?" "what a command asks ends as a question" "$tongbuctl" replay --help
says 0 "Examples:" "a word behind a command has its help" "$tongbuctl" matter list --help
says 0 "Examples:" "tongbu-verify --help has examples" "$verify" --help
says 0 "Examples:" "tongbu-verify key --help has examples" "$verify" key --help
says 0 "Examples:" "tongbud --help has examples" "$tongbud" --help
refuses 2 "give a command: see tongbuctl help" "without a command" "$tongbuctl"
refuses 2 "no command frobnicate" "an unknown command" "$tongbuctl" frobnicate
refuses 2 "did you mean status?" "a misspelt command" "$tongbuctl" statsu
refuses 2 "did you mean list?" "a misspelt word" "$tongbuctl" matter lst
refuses 2 "did you mean --since?" "a misspelt option" "$tongbuctl" log --sinec -1h
refuses 2 "option --since takes a value" "an option without its value" "$tongbuctl" log --since
refuses 2 "--follow=yes takes no value" "a value too many" "$tongbuctl" log --follow=yes
says 0 "Usage: tongbuctl log" "help COMMAND" "$tongbuctl" help log
refuses 2 "no command lgo" "help of what there is not" "$tongbuctl" help lgo
refuses 5 "tongbu-referee does not run" "options stand in any place" \
	"$tongbuctl" --json matter --pack market list --socket x -n 3
says 0 '"fingerprint"' "a word behind its options" \
	"$tongbuctl" key --out early.pem --json new
refuses 2 "there is no option --frobnicate" "an unknown option" "$tongbuctl" log --frobnicate
refuses 2 "--kind nonsense: it must be one of" "an unknown kind" "$tongbuctl" log --kind nonsense
refuses 2 "there is no such user" "an unknown user" "$tongbuctl" log --uid no-such-user
refuses 2 "give a time as" "a time that is none" "$tongbuctl" log --since whenever
refuses 2 "latency takes no argument now" "latency of something" "$tongbuctl" latency now
refuses 2 "32 hexadecimal digits" "a chain that is none" "$tongbuctl" log --chain xyz
refuses 2 "must be a number" "a number that is none" "$tongbuctl" log --from -3
refuses 2 "a source of type gpio needs chip" "a source without a line" "$tongbuctl" source add x
refuses 2 "rising, falling, both" "edges that are none" \
	"$tongbuctl" source add x --chip c --line 0 --edges sideways
refuses 2 "of type gpio has no setting baud" "a speed for a line that has none" \
	"$tongbuctl" source add x --chip c --line 0 --baud 9600
refuses 2 "gap_us must be a number from 0 to 1000000" "a gap longer than the configuration takes" \
	"$tongbuctl" source add x --type serial --port ttyS1 --gap-us 1000001
refuses 2 "needs port" "a serial source without a port" "$tongbuctl" source add x --type serial
refuses 2 "needs device, phys" "an input source that could be any" \
	"$tongbuctl" source add x --type input
refuses 2 "gpio, counter, pps, input, serial" "a type that is none" \
	"$tongbuctl" source add x --type mouse
refuses 2 "UNIT:FUNCTION:ADDRESS:COUNT" "a poll that is none" \
	"$tongbuctl" source add x --type serial --port ttyS1 --poll 1:holding
refuses 2 "coils, discrete, holding or input" "a poll with a function that is none" \
	"$tongbuctl" source add x --type serial --port ttyS1 --poll 1:writing:0:1
refuses 2 "must be 0 or 1" "an output set to neither" "$tongbuctl" output set beacon on
refuses 2 "an output needs chip" "an output without a line" "$tongbuctl" output add beacon
refuses 2 "list, show, remove, set, add" "output without a word" "$tongbuctl" output
refuses 2 "a reflex needs source" "a reflex without a source" "$tongbuctl" reflex add x
refuses 2 "edge, held, count, both" "a condition that is none" \
	"$tongbuctl" reflex add x --when never
refuses 2 "one thing at a time" "two things to submit" \
	"$tongbuctl" submit --mark 00 --json-data '{}'
refuses 2 "PACK.KIND" "an act without a pack" "$tongbuctl" act round
refuses 2 "FIELD=VALUE" "a field without a value" "$tongbuctl" act market.round M-1
refuses 2 "place is given twice" "a field given twice" \
	"$tongbuctl" act market.round place=M-1 --json-data '{"place":"M-2"}'
refuses 2 "kind is given twice" "a field that is the act's own" "$tongbuctl" act market.round kind=x
refuses 2 "list, show, act" "matter without a word" "$tongbuctl" matter
refuses 2 "no matter's id" "a matter that is none" "$tongbuctl" matter act market explain
refuses 2 "must be a date" "a report from a date that is none" \
	"$tongbuctl" report market.rounds --from yesterday
refuses 2 "[PACK.]NAME" "a report without a name" "$tongbuctl" report
refuses 5 "tongbu-referee does not run" "a report by its name alone, without a daemon to say whose it is" \
	"$tongbuctl" report rounds
refuses 2 "give a time as" "a list since a time that is none" "$tongbuctl" finding list --since x
refuses 2 "list, publish" "notice without a word" "$tongbuctl" notice
refuses 2 "notice publish --pack PACK" "a notice without a pack" "$tongbuctl" notice publish --text x
refuses 2 "there is no option --colour" "a notice with a part there is not" \
	"$tongbuctl" notice publish --pack highway --colour red
refuses 5 "tongbu-referee does not run" "notice publish without a daemon" \
	"$tongbuctl" notice publish --pack highway --text x
for command in matter task clock finding notice place office pack report; do
	refuses 5 "tongbu-referee does not run" "$command list without a daemon" "$tongbuctl" "$command" list
done
refuses 5 "tongbu-referee does not run" "points without a daemon" "$tongbuctl" points
# The line that is wrong is named before anybody is asked anything.
{
	echo 'id,type,name,road,from_km,to_km,data.note'
	echo 'R-1,river,"The ""big"" one, upper",,,,5'
	echo 'R-2,river,,,,,'
} >places.csv
refuses 1 "places.csv: line 3, column 3: name: it is missing" "CSV with a place without a name" \
	"$tongbuctl" place import places.csv
sed -i '3s/,river,/,road,"two\nlines",/; 3s/,,,,$/G1,5,4,/' places.csv
refuses 1 "lower one first" "CSV with a road the wrong way round" "$tongbuctl" place import places.csv
echo 'id,kind,name,colour' >places.csv
refuses 1 "line 1, column 4: colour: a place has no such column" "CSV with an unknown column" \
	"$tongbuctl" place import places.csv
printf '{"id":"R-1","kind":"river","name":"x"}\n{"id":"R-1","kind":"river","name":"y"}\n' >places
refuses 1 "line 2, column 7: R-1: line 1 has it already" "a place that is there twice" \
	"$tongbuctl" place import places
printf '{"id":"R-1","kind":"river","name":"x","area":{"type":"Point"}}\n' >places
refuses 1 "line 1, column 39: area: it must be a GeoJSON Polygon" "an area that is none" \
	"$tongbuctl" place import places
printf '{"id":"R-1","kind":"river","name":"x"}\n{"id":' >places
refuses 1 "line 2, column 6: " "a line that is no JSON" "$tongbuctl" place import places
echo '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a"}}]}' >places
refuses 1 "line 1, column 41: feature 1: kind: it is missing" "GeoJSON with a feature without a kind" \
	"$tongbuctl" place import places
# A file of 600 whose line 517 is broken: that line is named, in whichever form it stands
/usr/bin/python3 - <<-'PYTHON'
	import json
	rows = [{"id": f"R-{i}", "kind": "river", "name": f"river {i}", "length_km": 1.5} for i in range(600)]
	features = [{"type": "Feature", "properties": dict(row),
	             "geometry": {"type": "Polygon", "coordinates": [[[i / 10, 0], [i / 10 + 1, 0], [i / 10, 1], [i / 10, 0]]]}}
	            for i, row in enumerate(rows)]
	features[516]["geometry"]["coordinates"] = []
	rows[515]["length_km"] = "long"
	with open("517.csv", "w") as out:
	    out.write("id,kind,name,length_km\n")
	    out.writelines(",".join(str(row[key]) for key in ("id", "kind", "name", "length_km")) + "\n" for row in rows)
	rows[515]["length_km"], rows[516]["length_km"] = 1.5, -1
	with open("517.ndjson", "w") as out:
	    out.writelines(json.dumps(row) + "\n" for row in rows)
	with open("517.geojson", "w") as out:
	    json.dump({"type": "FeatureCollection", "features": features}, out)
	PYTHON
refuses 1 "517.csv: line 517, column 4: length_km: it must be a number" "CSV whose line 517 is broken" \
	"$tongbuctl" place import 517.csv
refuses 1 "517.ndjson: line 517, column 55: length_km: it must be a number, not below 0" \
	"lines of JSON, the 517th broken" "$tongbuctl" place import 517.ndjson
refuses 1 ": feature 517: area: it has no coordinates" "GeoJSON whose feature 517 is broken" \
	"$tongbuctl" place import 517.geojson
# The register of a province as the act takes it: whole, or not at all
mkdir blobs
"$top/tests/packs/ecology/places.py" --file >register
# tried COUNT NAME WORDS - the act places, and how many places there are after it
tried() {
	local hash
	hash=$(sha256sum <register | cut -d' ' -f1)
	cp register "blobs/$hash"
	{
		echo '{"time":"2026-01-05T08:00:00+08:00","office":{"id":"o","name":"o"}}'
		echo '{"actor":{"uid":1,"name":"a","office":"o","roles":["admin"]}}'
		for i in {1..15}; do echo "{\"office\":{\"id\":\"station-$i\",\"name\":\"s\"}}"; done
		echo "{\"uid\":1,\"act\":{\"pack\":\"base\",\"kind\":\"places\",\"blob\":\"$hash\",\"count\":7796}}"
		echo "{\"expect\":$3}"
		echo '{"report":{"pack":"ecology","name":"coverage"}}'
		echo "{\"expect\":{\"report\":{\"rows\":[{\"kind\":\"all\",\"places\":$1}]}}}"
	} >register.ndjson
	"$tongbuctl" try register.ndjson --pack ecology --packs-dir "$top/daemon/packs" --blobs blobs \
		--quiet >out 2>err
	report $? "$2"
}
tried 7796 "7,373 rivers, 153 lakes, 157 reservoirs and 113 markets go in at once" '{"none":"finding"}'
sed -i '517s/"station-[0-9]*"/"nowhere"/' register
tried 0 "with line 517 of no office there is, none does, and the line is named" \
	'{"finding":{"rule":"engine.refused","text":"line 517: river-517: there is no office nowhere"}}'
echo '{"time":"2026-01-05T08:00:00+08:00","edge":{"source":"s","level":1,"colour":2}}' >line
refuses 2 "line 1: edge takes source, level, missed and line: 1 object item(s) left unpacked: colour" \
	"try: a field an edge has not" "$tongbuctl" try line --packs-dir "$top/daemon/packs"
echo '{"time":"2026-01-05T08:00:00+08:00","uid":"me","act":{}}' >line
refuses 2 "line 1: uid must be a whole number" "try: a uid that is none" \
	"$tongbuctl" try line --packs-dir "$top/daemon/packs"
echo '{"time":5}' >line
refuses 2 "line 1: time must be a text" "try: a time that is none" \
	"$tongbuctl" try line --packs-dir "$top/daemon/packs"
refuses 2 "nowhere" "a file of places that is not there" "$tongbuctl" place import nowhere
LANG=zh_CN.UTF-8 says 0 "Examples:" "help in a Chinese locale" "$tongbuctl" act --help
# A daemon that dies while it is asked: an error, no signal that ends the command without a word
/usr/bin/python3 - "$tongbuctl" "$work/dying" <<-'PYTHON' >err 2>&1
	import socket, subprocess, sys
	listener = socket.socket(socket.AF_UNIX)
	listener.bind(sys.argv[2])
	listener.listen()
	# Far more than a socket holds: the command is still sending when the other end goes.
	asks = subprocess.Popen([sys.argv[1], "blob", "put", "-", "--referee", sys.argv[2]],
	                        stdin=subprocess.PIPE, stderr=subprocess.PIPE)
	asks.stdin.write(bytes(6 << 20))
	asks.stdin.close()
	listener.accept()[0].close()
	said = asks.stderr.read().decode()
	print(said, asks.wait())
	sys.exit(not (asks.returncode == 2 and "tongbu-referee closed the connection" in said))
	PYTHON
report $? "a daemon that dies while it is asked is an error: $(<err)"
refuses 5 "tongbud does not run" "log without a daemon" "$tongbuctl" log
refuses 5 "tongbud does not run" "chain list without a daemon" "$tongbuctl" chain list
if [[ ! -d /sys/module/tongbu ]]; then
	refuses 3 "module tongbu is not loaded" "submit without the module" "$tongbuctl" submit hello
	refuses 3 "module tongbu is not loaded" "act without the module" \
		"$tongbuctl" act market.round place=M-1
	refuses 3 "module tongbu is not loaded" "latency without the module" "$tongbuctl" latency
	refuses 3 "module tongbu is not loaded" "status without the module" "$tongbuctl" status
	says 1 "FAIL" "doctor finds that the module is missing" "$tongbuctl" doctor
	says 1 '"level":"fail"' "doctor --json" "$tongbuctl" --json doctor
fi

says 0 "fingerprint" "key new" "$tongbuctl" key new
says 0 '"fingerprint":' "key show --json" "$tongbuctl" key show supervisor.pub.pem --json
says 0 "private key" "key show of the private one" "$tongbuctl" key show supervisor.pem
! grep -q "$(openssl pkey -in supervisor.pem -text -noout | sed -n '3p' | tr -d ' \n')" out
report $? "does not show it"
[[ $(stat -c %a supervisor.pem) = 600 ]]
report $? "the private key is for its owner alone"
openssl pkey -in supervisor.pem -pubout 2>/dev/null | cmp -s - supervisor.pub.pem
report $? "openssl reads the pair, and finds it to be one"
cp supervisor.pem before
refuses 2 "supervisor.pem" "key new overwrites nothing" "$tongbuctl" key new
cmp -s before supervisor.pem
report $? "and left the key as it was"

# The published bundles, as files
/usr/bin/python3 - "$top/tests/vectors" <<-'PYTHON'
	import json, sys
	from cryptography.hazmat.primitives import serialization
	from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
	def cases(name):
	    return {c["name"]: c for c in json.load(open(f"{sys.argv[1]}/{name}.json"))["cases"]}
	good, bad = cases("bundles-good"), cases("bundles-bad")
	open("good", "wb").write(bytes.fromhex(good["two chains"]["bundle"]))
	open("altered", "wb").write(bytes.fromhex(bad["payload altered"]["bundle"]))
	open("dropped", "wb").write(bytes.fromhex(bad["dropped"]["bundle"]))
	key = X25519PrivateKey.from_private_bytes(bytes.fromhex(good["two chains"]["private"]))
	open("key.pem", "wb").write(key.private_bytes(serialization.Encoding.PEM,
	    serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
	PYTHON
# What the supervisor must trust is one small program.
libraries=$(ldd "$verify" | sed -n 's,^[[:space:]]*\(lib[a-z]*\)\.so.*,\1,p' | sort | tr '\n' ' ')
[[ $libraries == "libc libcrypto libjansson " ]]
report $? "tongbu-verify needs libc, libcrypto and libjansson: $libraries"
make -s -C "$top" tongbu-verify-static >static.log 2>&1 || sed 's/^/# /' static.log
! ldd "$verify-static" >out 2>&1 && grep -q "not a dynamic executable" out
report $? "make tongbu-verify-static gives one file that needs no other"
says 0 "verified: " "and it verifies" "$verify-static" good --key key.pem
says 0 "verified: " "tongbu-verify verifies" "$verify" good --key key.pem
says 0 "fingerprint" "tongbu-verify key new" "$verify" key new --out second.pem
echo "river seven" >passphrase
says 0 "fingerprint" "key new under a passphrase" \
	"$verify" key new --out locked.pem --passphrase-file passphrase
grep -q "BEGIN ENCRYPTED PRIVATE KEY" locked.pem
report $? "is what openssl calls encrypted"
refuses 2 "give it by --passphrase-file" "such a key where nobody can be asked" \
	"$verify" good --key locked.pem
says 1 "another supervisor" "such a key with its passphrase" \
	"$verify" good --key locked.pem --passphrase-file passphrase
echo "river eight" >wrong
refuses 2 "does not open with that passphrase" "such a key with another passphrase" \
	"$verify" good --key locked.pem --passphrase-file wrong
/usr/bin/python3 - "$verify" good locked.pem <<-'PYTHON'
	import os, pty, sys, termios, time
	answered, out = False, b""
	pid, terminal = pty.fork()
	if not pid:
	    os.execv(sys.argv[1], [sys.argv[1], sys.argv[2], "--key", sys.argv[3]])
	try:
	    while data := os.read(terminal, 4096):
	        out += data
	        if b"Passphrase of" in out and not answered:
	            answered = True
	            while termios.tcgetattr(terminal)[3] & termios.ECHO:
	                time.sleep(0.01)
	            os.write(terminal, b"river seven\n")
	except OSError:
	    pass
	sys.exit(0 if answered and b"another supervisor" in out and b"seven" not in out else 1)
PYTHON
report $? "on a terminal it is asked for, and not shown"
says 0 "private key" "tongbu-verify key show" "$verify" key show second.pem
refuses 2 "tongbu-verify: bundle nowhere: cannot read it" "an error names the program" "$verify" nowhere
says 0 "verified: " "verify says verified" "$tongbuctl" verify good --key key.pem
# has_fields COMMAND [WORD] - what is in `out` has the members that the page lists
has_fields() {
	"$top/tests/json-fields.py" "$tongbuctl" "$@" <out
	report $? "the page lists what ${*} --json prints"
}
"$tongbuctl" verify good --key key.pem --json >out
has_fields verify
"$tongbuctl" verify altered --key key.pem --json >out
has_fields verify
"$tongbuctl" key new --out listed.pem --json >out
has_fields key new
"$tongbuctl" key show listed.pub.pem --json >out
has_fields key show
"$tongbuctl" doctor --json >out
has_fields doctor
"$tongbuctl" subject new --json >out
has_fields subject new
"$tongbuctl" pack check "$top/daemon/packs" --json >out
has_fields pack check
says 1 "structure only: " "verify without key looks at the structure, and is no verification" \
	"$tongbuctl" verify good
says 0 "structure only: " "unless that is asked for" "$tongbuctl" verify good --no-key
says 1 '"ok":false,"verdict":"consistent"' "and --json says the same" "$tongbuctl" verify good --json
refuses 2 "give one of them" "a key and none" "$tongbuctl" verify good --key key.pem --no-key
says 0 '"verdict":"verified"' "verify --json" "$tongbuctl" verify good --key key.pem --json
says 1 "first bad: record 6" "verify names the altered record" "$tongbuctl" verify altered --key key.pem
says 0 "structure only" "which nobody sees without the key" "$tongbuctl" verify altered --no-key
says 1 "NOT verified: missing" "verify misses a record, even without key" "$tongbuctl" verify dropped
says 1 "another supervisor" "verify with another key" "$tongbuctl" verify good --key supervisor.pem
says 1 "challenge" "verify for a challenge that is not there" \
	"$tongbuctl" verify good --key key.pem --challenge 00ff
refuses 2 "a bundle ends in its challenge" "a challenge, and an end before it" \
	"$tongbuctl" bundle export out.bundle --to 5 --challenge 00ff
says 0 "chain" "bundle show" "$tongbuctl" bundle show good
refuses 2 "nowhere" "verify of no file" "$tongbuctl" verify nowhere
refuses 2 "private" "verify with a public key" "$tongbuctl" verify good --key supervisor.pub.pem
refuses 2 "is this a bundle?" "verify of something else" "$tongbuctl" verify "$tongbuctl"
echo garbage >receipt
refuses 2 "receipt receipt" "verify with a receipt that is none" \
	"$tongbuctl" verify good --key key.pem --receipt receipt
says 0 "Usage" "nothing is coloured off a terminal" "$tongbuctl" --help
! grep -q $'\e' out
report $? "no escape sequence was printed"
/usr/bin/python3 -c '
import os, pty, sys
out = b""
def read(fd):
    global out
    data = os.read(fd, 65536)
    out += data
    return b""
pty.spawn(sys.argv[1:], read)
sys.exit(0 if b"\x1b[" in out else 1)' "$tongbuctl" verify good --key key.pem
report $? "a terminal is coloured"
# on_terminal COMMAND... - what it prints on one
on_terminal() {
	/usr/bin/python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$@" </dev/null
}
PAGER="sed s/^/paged:/" on_terminal "$tongbuctl" help log >out 2>&1
grep -q "^paged:Usage: tongbuctl log" out
report $? "on a terminal a long answer goes through \$PAGER"
PAGER="sed s/^/paged:/" on_terminal "$tongbuctl" help log --no-pager >out 2>&1
grep -q "^Usage: tongbuctl log" out
report $? "but not with --no-pager"
PAGER="head -n 1" on_terminal "$tongbuctl" help >out 2>&1 && [[ $(wc -l <out) -eq 1 ]]
report $? "a pager that is left early is no error"
PAGER=nosuchpager on_terminal "$tongbuctl" help >out 2>&1
grep -q "nosuchpager" out && grep -q "^Usage: tongbuctl" out
report $? "a pager that is not there is named, and the answer given without it"
mkdir few && ln -s /bin/sh /bin/cat few/
on_terminal /usr/bin/env -u PAGER PATH="$PWD/few" "$tongbuctl" help >out 2>&1
! grep -q "not found" out && grep -q "^Usage: tongbuctl" out
report $? "... nor is one missed where less is not installed"

cat >conf <<-'CONF'
	station = "s"; supervisor_key = "supervisor.pub.pem";
	sources = ( { name = "door"; chip = "pinctrl-bcm2711"; line = 3; } );
CONF
cp conf private.conf
sed -i s/supervisor.pub.pem/supervisor.pem/ private.conf
refuses 2 "holds a private key" "tongbud --check of a station with a private key" \
	"$tongbud" --check --config private.conf
says 0 "station s, 1 sources, 0 outputs, 0 reflexes" "tongbud --check" "$tongbud" --check --config conf
refuses 2 "cannot be read" "tongbud --check of no file" "$tongbud" --check --config nowhere
# What docs/hardware.md tells people to write must be what the daemon reads.
/usr/bin/python3 - "$top/docs/hardware.md" <<-'PYTHON'
	import pathlib, re, sys
	text = pathlib.Path(sys.argv[1]).read_text()
	blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.M)
	blocks = [b for b in blocks if "sources" in b]
	for number, block in enumerate(blocks):
	    pathlib.Path("hardware-%d" % number).write_text(
	        'supervisor_key = "supervisor.pub.pem";\n' + block)
PYTHON
for conf in hardware-*; do
	says 0 "station" "docs/hardware.md: block ${conf#hardware-} is a configuration" \
		"$tongbud" --check --config "$conf"
done
hardware=(hardware-*)
test "${#hardware[@]}" -ge 9
report $? "docs/hardware.md has its blocks"
# What docs/field-notes.md tells is what some test sees.
/usr/bin/python3 - "$top" <<-'PYTHON' >notes.log
	import pathlib, re, sys
	top = pathlib.Path(sys.argv[1])
	notes = (top / "docs/field-notes.md").read_text().split("\n### ")[1:]
	for note in notes:
	    title = note.splitlines()[0]
	    tests = re.findall(r'^Test: `([^`]+)`, "([^"]+)"$', note, re.M)
	    if not tests:
	        print(title + ": no test is named")
	    for file, name in tests:
	        if not (top / file).is_file() or name not in (top / file).read_text():
	            print("%s: %s has no test %s" % (title, file, name))
	if len(notes) < 20:
	    print("only %d symptoms" % len(notes))
PYTHON
test ! -s notes.log
report $? "docs/field-notes.md: each symptom names the test it happens in: $(<notes.log)"
sed 's,^//,,; s,/etc/tongbu/,,' "$top/packaging/tongbu.conf" |
	sed '/^ /d' >conf
says 0 "station" "the examples of packaging/tongbu.conf are a configuration" \
	"$tongbud" --check --config conf
echo 'colour = "blue";' >conf
refuses 2 "conf:1: there is no setting colour" "tongbud --check of an unknown setting" \
	"$tongbud" --check --config conf
echo 'sources = (' >conf
refuses 2 "conf:" "tongbud --check of a broken file" "$tongbud" --check --config conf

# The referee without tongbud: it answers, and says what it waits for.
says 0 "Examples:" "tongbu-referee --help has examples" "$referee" --help
refuses 2 "is not an option" "tongbu-referee with a word too many" "$referee" rebuild
refuses 2 "cannot be read" "tongbu-referee without a configuration" "$referee" --config nowhere
cat >conf <<-CONF
	supervisor_key = "supervisor.pub.pem"; packs = [ "market" ]; packs_dir = "$top/daemon/packs";
	socket = "$TONGBU_SOCKET"; referee_socket = "$TONGBU_REFEREE"; state = "$work/referee/state.db";
CONF
mkdir referee
"$referee" --config conf 2>referee.log &
pid=$!
for ((i = 0; i < 300; i++)); do
	"$tongbuctl" matter list >/dev/null 2>&1 && break
	sleep 0.1
done
report "$((i == 300))" "without tongbud, the referee answers"
"$tongbuctl" matter list >out 2>err
grep -q "packs stopped: tongbud does not run" err
report $? "and says that this may not be the last state"
"$tongbuctl" doctor >out
grep -qE "^FAIL  packs .*stopped: tongbud does not run.*recording continues" out
report $? "doctor says so too"
refuses 1 "there is no matter market-1" "a matter that is none" "$tongbuctl" matter show market-1
says 0 "$(printf 'x' | sha256sum | cut -c1-64)" "a blob is kept" "$tongbuctl" blob put <(printf x)
kill -9 "$pid"
wait "$pid" 2>/dev/null
refuses 5 "tongbu-referee does not run" "killed, it is missed" "$tongbuctl" matter list

# A replica of a bundle
refuses 2 "go with --ledger" "a socket without a copy" "$referee" --socket x
refuses 1 "nowhere" "a replica of no file" "$referee" --ledger nowhere \
	--packs-dir "$top/daemon/packs"
"$referee" --ledger good --packs-dir "$top/daemon/packs" --state replica.db 2>err
report $? "a replica folds a bundle"
same_last=$(sqlite3 -readonly replica.db 'SELECT last > 0 FROM fold')
report "$((same_last != 1))" "and has come to its end"
"$referee" --ledger good --packs-dir "$top/daemon/packs" --socket "$TONGBU_REFEREE" 2>referee.log &
pid=$!
for ((i = 0; i < 300; i++)); do
	"$tongbuctl" matter list >/dev/null 2>&1 && break
	sleep 0.1
done
report "$((i == 300))" "and answers"
refuses 1 "this is a replica of good" "but keeps no blobs" "$tongbuctl" blob put <(printf x)
kill "$pid"
wait "$pid" 2>/dev/null

exit "$failed"
