#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The hub's database: from version to version, by several programs at once; who may do what
# in it; and a backup by PostgreSQL's own means, with which the hub goes on. Prints TAP.
set -uo pipefail

# shellcheck source=tests/hub/lib.sh
. "$(dirname "$0")/lib.sh"
database=postgres role=hub
hub() { "$top/build/bin/tongbu-hub" -d "host=$data user=$role dbname=$database" -k "$work/hub.pem" -n hub.example/m "$@"; }
in_db() { pg psql -qtA -v ON_ERROR_STOP=1 -h "$data" -U "$role" "$database" "$@"; }
sql() { in_db -c "$1"; }
take() { batches "$@" | hub take 2>"$work/complaint" >"$work/answers"; }
last() { tail -n 1 "$work/answers" | /usr/bin/python3 -c 'import json, sys; a = json.load(sys.stdin)[sys.argv[1]]; print("-" if a is None else a)' "$1"; }

# Version 1 had a station
mkdir "$work/a" "$work/b"
batches "$work/a" 300 edge 300 64 >/dev/null
in_db <"$top/daemon/hub/schema.sql"
sql "INSERT INTO tongbu.station (origin, vkey) VALUES ('$(cut -d + -f 1 "$work/a/vkey")', '$(<"$work/a/vkey")')"
several() {
	local i pids=()
	for i in 1 2 3 4 5; do
		hub stations >"$work/several$i" 2>&1 &
		pids+=("$!")
	done
	for i in "${pids[@]}"; do wait "$i" || return 1; done
}
check "tables of version 1 are taken further, by five programs at once" several
same "once" "1 2 3" "$(sql 'SELECT version FROM tongbu.version ORDER BY 1' | tr '\n' ' ' | sed 's/ $//')"
grep -q "river-07" "$work/several1"
report $? "and the station is there"
take "$work/a" 300 edge 0 64
same "what it sends is held" "300 -" "$(last next) $(last refused)"
hub status | grep -q "taking 0  stations 1  entries 300  not_cosigned 0"
report $? "status says so"
sql 'CREATE DATABASE fresh'
database=fresh
check "tables are made by five programs at once" several
same "once in a database that had none" "1 2 3" "$(sql 'SELECT version FROM tongbu.version ORDER BY 1' | tr '\n' ' ' | sed 's/ $//')"
sql 'INSERT INTO tongbu.version (version) VALUES (99)'
hub stations >"$work/said" 2>&1
same "tables of a later version are left to a later program" "2 1" "$? $(grep -c 'use the newer program' "$work/said")"
database=postgres

# Roles
roles() { in_db <"$top/docs/hub/roles.sql"; }
check "docs/hub/roles.sql" roles
check "and once more" roles
sql "CREATE ROLE centre LOGIN IN ROLE tongbu_hub; CREATE ROLE office LOGIN IN ROLE tongbu_reader"
role=centre
take "$work/a" 700 edge 300 64
same "the hub's role takes and cosigns" "700 - 700" "$(last next) $(last refused) $(sql 'SELECT size FROM tongbu.station')"
check "it registers stations" hub station add "$(batches "$work/b" 5 edge 5 64 >/dev/null; cat "$work/b/vkey")"
mkdir "$work/short"
cp "$work/a/log.pem" "$work/short/"
take "$work/short" 500 edge 500 64 "$(($(date +%s) + 60))"
same "it keeps evidence" "rollback 1" "$(last refused) $(sql 'SELECT count(*) FROM tongbu.evidence')"
take "$work/short" 500 edge 500 64 "$(($(date +%s) + 70))"
same "and that it came again" 2 "$(sql 'SELECT times FROM tongbu.evidence')"
role=hub
sql "UPDATE tongbu.record SET bytes = set_bit(bytes, 400, 1 - get_bit(bytes, 400)) WHERE entry = 300"
role=centre
hub scrub "$(sed -n 1p "$work/a/checkpoint")" >"$work/said"
same "it notes damage" 1 "$?"
take "$work/a" 700 edge 256 256 "$(date +%s)" 512
same "and mends it" "True 0" "$(last mended) $(sql 'SELECT count(*) FROM tongbu.damaged')"
same "a month's table is made for it" 1 "$(sql "SELECT tongbu.make_month('2031-05-05')" >/dev/null && sql "SELECT count(*) FROM pg_class WHERE relname = 'record_2031_05'")"
# denied ROLE SQL...
denied() {
	local statement
	role=$1
	for statement in "${@:2}"; do
		sql "$statement" >"$work/said" 2>&1 && { echo "$role could: $statement"; return 1; }
		grep -q "permission denied\|must be owner" "$work/said" || { cat "$work/said"; return 1; }
	done
}
check "it can take nothing away" denied centre "DELETE FROM tongbu.evidence" "TRUNCATE tongbu.evidence" \
	"DROP TABLE tongbu.evidence" "UPDATE tongbu.evidence SET proof = ''" "DELETE FROM tongbu.record" \
	"TRUNCATE tongbu.record" "DROP TABLE tongbu.record_2031_05" "DELETE FROM tongbu.station" \
	"UPDATE tongbu.station SET vkey = ''" "DELETE FROM tongbu.tree" "UPDATE tongbu.tree SET hash = ''" \
	"ALTER TABLE tongbu.record DETACH PARTITION tongbu.record_2031_05" "DROP SCHEMA tongbu CASCADE" \
	"CREATE TABLE tongbu.other (a int)"
role=office
same "people read the views" "2 1 1" \
	"$(sql 'SELECT count(*) FROM tongbu.stations') $(sql 'SELECT count(*) FROM tongbu.refused') $(sql 'SELECT count(*) FROM tongbu.status')"
check "and nothing else" denied office "SELECT bytes FROM tongbu.record" "SELECT proof FROM tongbu.evidence" \
	"SELECT vkey FROM tongbu.station" "INSERT INTO tongbu.damaged VALUES (1, 1)" "DELETE FROM tongbu.evidence" \
	"SELECT tongbu.make_month('2031-06-06')"
role=hub
sql 'DROP VIEW tongbu.status; DROP TABLE tongbu.witnessed_fork, tongbu.witnessed; DELETE FROM tongbu.version WHERE version > 1'
role=centre
hub stations >"$work/said" 2>&1
same "the hub's role does not change tables, and says who may" "2 1" "$? $(grep -c 'as their owner' "$work/said")"
role=hub
check "the owner does" hub stations
check "and then roles.sql once more" roles
role=centre
hub status | grep -q "entries 700"
report $? "the hub's role sees what is new"

# Backup
role=hub
# shellcheck disable=SC2016
pg pg_dump -h "$data" -U hub -Fc -f "$data/backup" postgres
report $? "pg_dump, while the hub has the tables"
role=centre
take "$work/a" 1000 edge 700 64
same "the hub goes on behind it" "1000 -" "$(last next) $(last refused)"
role=hub
sql 'CREATE DATABASE restored'
pg pg_restore -h "$data" -U hub --exit-on-error -d restored "$data/backup"
report $? "pg_restore"
database=restored role=centre
check "what was backed up is what the stations signed" hub scrub "$(sed -n 1p "$work/a/checkpoint")"
same "with its evidence" 1 "$(sql 'SELECT count(*) FROM tongbu.evidence')"
take "$work/a" 1200 edge 1000 64
same "it says from where the station is to send again" "700 -" "$(last next) $(last refused)"
take "$work/a" 1200 edge 700 64
same "and goes on" "1200 - 1200" "$(last next) $(last refused) $(sql "SELECT count(DISTINCT entry) FROM tongbu.record WHERE station = 1")"
check "a scrub finds nothing wrong" hub scrub "$(sed -n 1p "$work/a/checkpoint")"
check "nor can its role take anything away there" denied centre "DELETE FROM tongbu.evidence" "DROP TABLE tongbu.evidence"
exit "$failed"
