# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the end-to-end scenarios share: TAP, and questions to the station. They
# run in the guest, as root, with nothing loaded at the start and at the end.
set -uo pipefail
# shellcheck source=tests/vm/station.sh
. "$TONGBU_TOP/tests/vm/station.sh"
# shellcheck source=tests/vm/gpio-sim.sh
. "$TONGBU_TOP/tests/vm/gpio-sim.sh"

FAILED=0
WORK=$(mktemp -d)
LEDGER=/var/lib/tongbu/ledger.db
# shellcheck disable=SC2034 # of the scenarios that read it
STATE=/var/lib/tongbu-referee/state.db

# Lines at rest, however the scenario before left them: else the first pull is none.
for line in 0 1 2 3 4 5 6 7; do gpio_sim_pull station "$line" down; done

# check NAME COMMAND... - ok if the command succeeds
check() {
	local name=$1
	shift
	if "$@" >"$WORK/check" 2>&1; then
		echo "ok - $name"
	else
		sed 's/^/# /' "$WORK/check"
		echo "not ok - $name"
		FAILED=1
	fi
}

# same NAME EXPECTED ACTUAL
same() {
	if [[ $2 == "$3" ]]; then
		echo "ok - $1"
	else
		echo "# expected: $2"
		echo "# actual:   $3"
		echo "not ok - $1"
		FAILED=1
	fi
}

# refused NAME STATUS WORDS COMMAND... - it must fail so, saying that
refused() {
	local name=$1 status=$2 words=$3 rc=0
	shift 3
	"$@" >"$WORK/out" 2>"$WORK/err" || rc=$?
	if ((rc == status)) && grep -qF -- "$words" "$WORK/err" &&
	   [[ $(wc -l <"$WORK/err") -eq 1 ]]; then
		echo "ok - $name"
	else
		echo "# status $rc, expected $status; expected words: $words"
		sed 's/^/# said: /' "$WORK/err"
		echo "not ok - $name"
		FAILED=1
	fi
}

cleanup() {
	station_stop
	[[ ! -d /sys/module/tongbu ]] || station_unload
	rm -rf "$WORK" /var/lib/tongbu/{ledger.db*,salt,log.pem,checkpoint,held} /var/lib/tongbu-referee
}
trap 'cleanup; exit "$FAILED"' EXIT

# kernel FIELD - a number the kernel tells of itself
kernel() { tongbuctl status --json | jget "kernel.$1"; }

# jget PATH - a value of the JSON object on standard input; as Python has True, False and
# None, whose start would take ten times as long here
jget() {
	local line path="$.\"${1//./\".\"}\"" value
	IFS= read -r line
	value=$(sqlite3 :memory: <<-SQL
		SELECT '=' || CASE json_type(json, path) WHEN 'true' THEN 'True' WHEN 'false' THEN 'False'
			WHEN 'null' THEN 'None' ELSE json_extract(json, path) END
		FROM (SELECT '${line//\'/\'\'}' AS json, '$path' AS path)
		WHERE json_type(json, path) IS NOT NULL;
	SQL
	)
	[[ -n $value ]] || { echo "no $1 in: $line" >&2; return 1; }
	echo "${value#=}"
}

sql() { sqlite3 -readonly "$LEDGER" "$1"; }

# until_durable - wait until the ledger has all that was sealed until now
until_durable() {
	local head i
	head=$(kernel head)
	for ((i = 0; i < 600; i++)); do
		(($(kernel acked) >= head)) && return 0
		sleep 0.1
	done
	echo "not durable after 60 s" >&2
	return 1
}

# until_so COMMAND... - within two minutes
until_so() {
	local end=$((SECONDS + 120))
	while ((SECONDS < end)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "not within 120 s: $*" >&2
	return 1
}

# What people run, under whatever PATH theirs is
export TONGBUCTL=$TONGBU_TOP/build/bin/tongbuctl

# config_with LINE... - a configuration of these lines of the simulated chip
config_with() {
	local line separator=''
	echo 'station = "e2e"; supervisor_key = "/etc/tongbu/supervisor.pub.pem"; sources = ('
	for line; do
		echo "$separator{ name = \"line$line\"; chip = \"station\"; line = $line; rate = 0; }"
		separator=,
	done
	echo ');'
}

four_lines_config() { config_with 0 1 2 3 | station_config; }

# pull_edges COUNT - on the four lines, as fast as it goes
pull_edges() {
	local dir line pulls=()
	dir=$(gpio_sim_dir station)
	for line in 0 1 2 3; do pulls+=("$dir/sim_gpio$line/pull"); done
	"$TONGBU_TOP/build/e2e/edges" "$1" "${pulls[@]}"
}

# cat_nothing FILE... - fails, and shows them, unless all are empty
cat_nothing() {
	cat "$@"
	[[ -z $(cat "$@") ]]
}

# sum_of FIELD - over JSON objects, one a line, on standard input
sum_of() {
	/usr/bin/python3 -c '
import json, sys
print(sum(json.loads(line)[sys.argv[1]] for line in sys.stdin))' "$1"
}

names() {
	/usr/bin/python3 -c '
import json, sys
for line in sys.stdin: print(json.loads(line)["name"])'
}

# A fault, and what becomes of the station: a row of the table in docs/faults.md, which
# tests/guest/faults.sh makes of what is printed here.
#
#	fault NAME		it begins
#	edges COUNT		what happens meanwhile; a multiple of 8, as lines are to rest at its end
#	doctor_tells LEVEL CHECK PATTERN	doctor says so; its words go into the table
#	status_tells PATTERN	status says so
#	fault_over [VERDICT]	all is there once, and verifies (or to VERDICT)
#	fault_row NAME EVENTS LOST TOLD VERDICT	the row alone
pulled=0
edges() {
	local left
	for ((left = $1; left > 0; left -= 40)); do
		pull_edges $((left < 40 ? left : 40)) >/dev/null
	done
	pulled=$((pulled + $1))
}
fault() {
	row=$1 told='' failed_before=$FAILED FAILED=0
	row_pulled=$pulled row_lost=$(lost_in_ledger)
}
doctor_line() {
	tongbuctl doctor >"$WORK/doctor" 2>&1
	grep -E "^$1 +$2 .*$3" "$WORK/doctor" >"$WORK/told"
}
doctor_tells() {
	check "$row: doctor says so" until_so doctor_line "$@" || tail -n 20 "$WORK/doctor"
	told+="${told:+; }$(head -n 1 "$WORK/told" | tr -s ' |' ' ')"
}
status_line() { grep -qE "$1" <(tongbuctl status 2>&1); }
status_tells() { check "$row: status says so" until_so status_line "$1"; }
fault_row() {
	echo "# fault: $1 | $2 | $(($2 - $3)) | $3 | $4 | $( ((FAILED)) && echo FAILED || echo "$5")"
}
fault_over() {
	local lost
	check "$row: what was sealed is durable" until_durable
	same "$row: each edge is there once, or counted as lost" "$pulled" "$(events_of_lines)"
	lost=$(($(lost_in_ledger) - row_lost))
	[[ ${1:-verified} != verified ]] || check "$row: the ledger's numbers have no gap" no_gap
	check "$row: a bundle is exported" export_bundle "$WORK/bundle"
	same "$row: it verifies" "${1:-verified}" "$(verify "$WORK/bundle" --json | jget verdict)"
	fault_row "$row" "$((pulled - row_pulled))" "$lost" "${told:-nothing is wrong}" "${1:-verified}"
	FAILED=$((FAILED | failed_before))
}

log_json() { tongbuctl log --json "$@"; }
log_count() { log_json "$@" | wc -l; }
last_of() { log_json --kind "$1" --limit 1; }
rows() { sql 'SELECT count(*) FROM record'; }

# Numbers within each chain run from its first without a gap.
no_gap() {
	[[ $(sql 'SELECT count(*) FROM chain c WHERE
		(SELECT max(id) - min(id) + 1 FROM record WHERE id >> 40 = c.no) !=
		(SELECT count(*) FROM record WHERE id >> 40 = c.no)') = 0 ]]
}

# Edges of lines in the ledger, and those its LOST records count
events_of_lines() {
	local edges lost
	edges=$(log_count --kind edge)
	lost=$(lost_in_ledger)
	echo $((edges + lost))
}
lost_in_ledger() {
	log_json --kind lost | /usr/bin/python3 -c '
import json, sys
print(sum(json.loads(line)["payload"]["count"] for line in sys.stdin))'
}

# The kernel's own word, when no daemon can be asked
kernel_acked() { "$TONGBU_TOP/build/e2e/probe" acked; }
second_attach() { "$TONGBU_TOP/build/e2e/probe" attach; }

# drop_chain BUNDLE NUMBER OUT
drop_chain() { /usr/bin/python3 "$TONGBU_TOP/tests/e2e/drop-chain.py" "$@"; }

# export_bundle FILE - as a person of the station, with a mark at the end
export_bundle() {
	install -d -o alice -m 700 "$WORK/alice" && chmod 711 "$WORK"
	as alice "$(command -v tongbuctl)" bundle export "$WORK/alice/bundle" "${@:2}" >/dev/null &&
		mv "$WORK/alice/bundle" "$1"
}

verify() { tongbuctl verify "$@" --key "$TONGBU_OUT/supervisor.pem"; }

# python_verify BUNDLE - exits as it says
python_verify() {
	/usr/bin/python3 "$TONGBU_TOP/tests/verify.py" "$1" --key "$TONGBU_OUT/supervisor.pem"
}
