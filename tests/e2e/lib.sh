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
	[[ ! -f $TONGBU_PID ]] || station_stop
	[[ ! -d /sys/module/tongbu ]] || station_unload
	rm -rf "$WORK" /var/lib/tongbu/ledger.db*
}
trap 'cleanup; exit "$FAILED"' EXIT

# kernel FIELD - a number the kernel tells of itself
kernel() { tongbuctl status --json | jget "kernel.$1"; }

# jget PATH - a value of the JSON object on standard input
jget() {
	/usr/bin/python3 -c '
import json, sys
value = json.loads(sys.stdin.readline())
for key in sys.argv[1].split("."):
    value = value[key]
print(value)' "$1"
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

# export_bundle FILE - as a person of the station, with a mark at the end
export_bundle() {
	install -d -o alice -m 700 "$WORK/alice" && chmod 711 "$WORK"
	as alice "$(command -v tongbuctl)" bundle export "$WORK/alice/bundle" "${@:2}" >/dev/null &&
		mv "$WORK/alice/bundle" "$1"
}

verify() { tongbuctl verify "$@" --key "$TONGBU_OUT/supervisor.pem"; }
