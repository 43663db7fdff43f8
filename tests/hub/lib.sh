# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A PostgreSQL of a test's own, on a socket, for the tests of the hub: sourced by them, and
# $work is their directory. The caller uses what is set:
# shellcheck disable=SC2034
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
"$top/packaging/deps.sh" hub || exit 1
if ! { make -C "$top" --no-print-directory daemon &&
	cmake --build "$top/build/daemon" --target tongbu-hub-batches; } >"$work/log" 2>&1; then
	cat "$work/log"
	exit 1
fi

# The server refuses root; its directory is its own.
postgres=$(find /usr/lib/postgresql -name initdb -printf '%h\n' | sort -V | tail -n 1)
as_postgres=(env -i PATH="$postgres:$PATH" LC_ALL=C.UTF-8)
((EUID)) || as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups "${as_postgres[@]}")
chmod 755 "$work"
data=$work/pg
mkdir "$data"
((EUID)) || chown postgres: "$data"
pg() { (cd "$data" && "${as_postgres[@]}" "$@"); }
start_pg() { pg pg_ctl -D "$data/data" -l "$data/log" -w -t 60 start >/dev/null; }
# Called by the trap
# shellcheck disable=SC2317
stop() {
	local pid
	for pid in $(jobs -p); do kill -KILL "$pid"; done 2>/dev/null
	pg pg_ctl -D "$data/data" -w -m immediate stop >/dev/null 2>&1
	rm -rf "$work"
}
trap stop EXIT
pg initdb -D "$data/data" -U hub -A trust -E UTF8 --locale=C.UTF-8 >"$work/log" 2>&1 ||
	{ cat "$work/log"; exit 1; }
pg sh -c "printf \"listen_addresses = ''\nunix_socket_directories = '%s'\n\" '$data' >>data/postgresql.conf"
start_pg || { cat "$data/log"; exit 1; }
where="host=$data user=hub dbname=postgres"

sql() { pg psql -qtA -h "$data" -U hub postgres -c "$1"; }
batches() { "$top/build/bin/tongbu-hub-batches" "$@" 2>/dev/null; }

# same NAME EXPECTED IS
same() {
	[[ $2 == "$3" ]] || echo "# expected '$2', is '$3'"
	[[ $2 == "$3" ]]
	report $? "$1"
}

# until_so COMMAND... - wait until it succeeds, five minutes at the most
until_so() {
	local i
	for ((i = 0; i < 3000; i++)); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}
is_fsync() { [[ $(sql 'SHOW fsync') == "$1" ]]; }
