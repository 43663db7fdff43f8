# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A PostgreSQL of a test's own, on a socket, and servers of NATS on loopback, for the tests
# of the hub: sourced by them, and $work is their directory. What they need built is in
# $targets. The caller uses what is set:
# shellcheck disable=SC2034
[[ -v targets ]] || targets=()
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
"$top/packaging/deps.sh" hub || exit 1
if ! { make -C "$top" --no-print-directory daemon &&
	cmake --build "$top/build/daemon" --target tongbu-hub-batches "${targets[@]}"; } >"$work/log" 2>&1; then
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

# free_ports COUNT - that nothing listens on, on loopback
free_ports() {
	/usr/bin/python3 -c '
import socket, sys
all = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in all: s.bind(("127.0.0.1", 0))
for s in all: print(s.getsockname()[1])' "$1"
}

# certificate - of hub.test, for servers of NATS: $work/tls.pem, and its key
certificate() {
	openssl req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=hub.test \
		-addext subjectAltName=DNS:hub.test -keyout "$work/tls.key" -out "$work/tls.pem" >"$work/log" 2>&1 ||
		{ cat "$work/log"; exit 1; }
}

# A cluster of servers of NATS, on the ports of $port: of clients, then of the servers
# among themselves, then to ask how they do. $node has their numbers of processes.
node=()
# write_nodes COUNT [MORE] - their configurations; MORE is in each
write_nodes() {
	local i nodes=$1
	readarray -t port < <(free_ports $((3 * nodes)))
	for ((i = 0; i < nodes; i++)); do
		mkdir "$work/nats$i"
		{
			printf 'server_name: n%d\nlisten: 127.0.0.1:%d\nhttp: 127.0.0.1:%d\n' "$i" "${port[i]}" "${port[2 * nodes + i]}"
			printf 'jetstream { store_dir: "%s/nats%d", max_mem: 16M, max_file: 4G }\n' "$work" "$i"
			if ((nodes > 1)); then
				printf 'cluster { name: hub, listen: 127.0.0.1:%d, routes: [' "${port[nodes + i]}"
				printf ' nats-route://127.0.0.1:%d,' "${port[@]:nodes:nodes}"
				printf ' ] }\n'
			fi
			printf '%s\n' "${2:-}"
		} >"$work/nats$i.conf"
	done
}
start_node() {
	nats-server -c "$work/nats$1.conf" >>"$work/nats$1.log" 2>&1 &
	node[$1]=$!
}
# servers SCHEME COUNT - a list for configurations
servers() {
	local i list=''
	for ((i = 0; i < $2; i++)); do list+="${list:+, }\"$1://127.0.0.1:${port[i]}\""; done
	echo "$list"
}

# kill_hard PID... - and wait for it; bash is not to say so
kill_hard() {
	kill -KILL "$@"
	wait "$@" 2>/dev/null
}

# ticks PID... - of processor that they have had, all their children with them
ticks() { (cd /proc && for pid in "$@"; do cat "$pid/stat"; done) 2>/dev/null | sed 's/.*) //' | awk '{ t += $12 + $13 + $14 + $15 } END { print t + 0 }'; }
pids_pg() { pgrep -P "$(head -n 1 "$data/data/postmaster.pid")"; }

# The ledgers of many stations, that tongbu-hub-province makes, and has go on
at() { echo "$work/p/s$1"; }
is_done() {
	local word
	read -r word <&"$hear"
	[[ $word == "done" ]] || { echo "Bail out! the ledgers do not go on: $word"; exit 1; }
}
# tell WORD... - those who make them
tell() {
	echo "$*" >&"$say"
	is_done
}
# ledgers STATIONS RATE - begin
ledgers() {
	mkdir "$work/p"
	coproc LEDGERS { exec nice "$top/build/bin/tongbu-hub-province" "$work/p" "$1" "$2" 2>"$work/p/log"; }
	exec {say}>&"${LEDGERS[1]}" {hear}<&"${LEDGERS[0]}"
	is_done
}
