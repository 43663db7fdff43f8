#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What tongbu costs, beside what people would use instead; called by `make bench`.
# Prints tables. BENCH="edges reflex burst submits verify packs rules hub" runs just those; logs and
# programs stay in build/bench/.
#
#	bench.sh		in full: figures to go by
#	bench.sh --short	little of each: does every row fill?
#
#	edges	one edge of a GPIO line from interrupt to reader, against the
#		kernel's own GPIO character device in the largest batches it has, at
#		1, 16 and 256 edges a wake-up; in a guest that counts instructions,
#		the moving of the line itself taken off. And where they go, by phase
#	reflex	from an edge to an output, by a reflex and by programs that use the
#		character device; in that guest
#	burst	what is left of many edges that nobody reads; in that guest
#	submits	acts a second until durable through tongbud, against rows of SQLite:
#		one at a time, and thousands at once; by the clock, in a guest
#	verify	records a second, against OpenSSL hashing as many bytes; on the host
#	packs	records a second through all six packs by `tongbuctl try`, against
#		sqlite3 keeping the same lines and counting them by pack, which
#		judges nothing; and the memory that takes, of more and more records
#		whose matters close; on the host
#	hub	records a second that tongbu-hub takes out of NATS into PostgreSQL, each root
#		checked and each station cosigned, against psql copying the same rows,
#		which checks nothing; by the clock, on the host
#	rules	cases judged a second by the conditions of market and of sentence's
#		commutation, against json-rules-engine with the same conditions: the
#		same facts in, the same findings out, or it fails; by processor time, on
#		the host; skipped where node or its package cannot be had
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
out=$top/build/bench
station=$top/build/kselftest/libstation.a
mkdir -p "$out"

case ${1:-} in
build) ;;
'') runs=3 edges=4096 firings=10000 burst=60000 submits=5000 verify=500000 packs=100000 rules=2000 hub=400000 ;;
--short) runs=1 edges=512 firings=100 burst=5000 submits=200 verify=20000 packs=4000 rules=100 hub=64000 ;;
*) echo "usage: bench.sh [--short]" >&2; exit 2 ;;
esac

# What the guest runs; in the build root of its release, as "bench.sh build"
build() {
	local name libs=(libnl-3.0 libnl-genl-3.0 libcrypto) flags
	make -s -C tests/kselftest "$station" >"$out/make.log" 2>&1 || { cat "$out/make.log" >&2; exit 1; }
	read -ra flags <<<"$(pkg-config --cflags "${libs[@]}")"
	read -ra libs <<<"$(pkg-config --libs "${libs[@]}")"
	for name in edges reflex submits; do
		cc -O2 -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Iuapi -Itests/kselftest \
			"${flags[@]}" -o "$out/$name" "tests/bench/$name.c" tests/bench/cdev.c \
			"$station" "${libs[@]}"
	done
}

# least FILE NAME - the least time of the runs of that name, a unit
least() {
	awk -v name="$2" '$1 == name && $2 > 0 { t = $3 / $2; if (!n++ || t < least) least = t }
		END { if (!n) exit 1; print least }' "$1" ||
		{ echo "$2 has no result: see $1" >&2; exit 1; }
}

row() { printf '%-34s %14s %14s %8s\n' "$@"; }
head_row() {
	printf '\n%s\n' "$1"
	row "" tongbu "$2" ratio
}

# guest LOG OPTION... - run the guest's part
guest() {
	local log=$1
	shift
	command=(tests/vm/run --no-module "$@")
	"${command[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
}

# compare FORMAT TONGBU PEER - both, and tongbu's over the peer's
compare() {
	awk -v t="$2" -v p="$3" -v f="$1" 'BEGIN { printf f " " f " %.2f\n", t, p, t / p }'
}

made_by() { printf '    %s\n' "$*"; }

# part NAME BATCH moving|reading - instructions of that part an edge, less the moves' own
part() {
	awk -v name="$1" -v batch="$2" -v part="$3" '
		{ i = part == "moving" ? 4 : 5 }
		$1 == "gpiod" && $2 == batch { count = $3 }
		$1 == "base" && $2 == batch { moves = $4 }
		$1 == name && $2 == batch { found = 1; all = $i; edges = $3 }
		END {
			if (!found) exit 1
			if (!edges) edges = count
			twice = name ~ /rising/ ? 2 : 1
			print (all - (part == "moving" ? twice * moves : 0)) / edges
		}' "$out/edges.log" || { echo "$1 has no result: see $out/edges.log" >&2; exit 1; }
}

sum() { awk "BEGIN { print $1 }"; }

bench_edges() {
	local batch mode name cost=()
	guest "$out/edges.log" --icount --script tests/bench/guest.sh -- edges "$edges" 1
	head_row "Instructions for one edge, kernel and reader (less is better)" gpio-cdev
	for batch in 1 16 256; do
		for mode in '' -rising; do
			name="both edges"
			[[ -z $mode ]] || name="rising edges only"
			read -ra cost <<<"$(compare %.0f \
				"$(sum "$(part tongbu$mode $batch moving) + $(part tongbu$mode $batch reading)")" \
				"$(sum "$(part gpiod$mode $batch moving) + $(part gpiod$mode $batch reading)")")"
			row "$name, $batch a wake-up" "${cost[@]}"
		done
	done
	made_by "${command[@]}"
	made_by "going to sleep and waking up is left out"
	bench_phases
}

# Where the instructions of an edge go, by a plugin of QEMU's
bench_phases() {
	local dir=$out/phases count=512
	printf '\n%s\n' "The same by phase, 16 a wake-up"
	if ! cc -O2 -std=gnu17 -Wall -Wextra -Werror -fvisibility=hidden -shared -fPIC \
		-o "$out/count.so" tests/bench/count.c 2>"$out/phases.log"; then
		made_by "skipped: $(tail -n 1 "$out/phases.log")"
		return 0
	fi
	rm -rf "$dir"
	mkdir -p "$dir"
	guest "$out/phases.log" --icount --out "$dir" --plugin "$out/count.so,out=$dir/counts" \
		--script tests/bench/guest.sh -- phases $count 1
	tests/bench/phases.py "$dir" $count
	made_by "tests/bench/phases.py --functions ${dir#"$top"/} $count"
}

bench_reflex() {
	local name log=$out/reflex.log
	guest "$log" --icount --script tests/bench/guest.sh -- reflex "$firings" 1
	printf '\n%s\n' "From an edge until an output is set, in instructions (less is better)"
	row "" times median worst
	for name in tongbu tongbu-thread gpiod gpiomon; do
		# shellcheck disable=SC2046
		row "$(reflex_of "$name")" \
			$(awk -v name="$name" '$1 == name { print $2, $3, $4 }' "$log")
	done
	made_by "${command[@]}"
	made_by "a nanosecond of the guest each"
}

reflex_of() {
	case $1 in
	tongbu) echo "reflex, in the interrupt" ;;
	tongbu-thread) echo "reflex, on a chip that sleeps" ;;
	gpiod) echo "a process on gpio-cdev" ;;
	*) echo "gpiomon, and gpioset for each" ;;
	esac
}

bench_burst() {
	local name log=$out/burst.log
	guest "$log" --icount --script tests/bench/guest.sh -- burst "$burst" 1
	printf '\n%s\n' "$burst edges that nobody reads meanwhile"
	row "" kept "known lost" "an edge"
	for name in gpiod-default gpiod tongbu-small tongbu; do
		# shellcheck disable=SC2046
		row "$(burst_of "$name")" $(awk -v name="$name" -v edges="$burst" '
			$1 == "base" { moves = $5 }
			$1 == name { print $3, $4, int(($5 - moves) / edges + 0.5) }' "$log")
	done
	made_by "${command[@]}"
	made_by "an edge: instructions up to where it is kept"
}

burst_of() {
	case $1 in
	gpiod-default) echo "gpio-cdev, 16 events, its default" ;;
	gpiod) echo "gpio-cdev, 1024 events, its most" ;;
	tongbu-small) echo "tongbu, ring=4096" ;;
	*) echo "tongbu, ring=65536, its default" ;;
	esac
}

bench_submits() {
	local log=$out/submits.log cost=() mode name
	guest "$log" --script tests/bench/guest.sh -- submits "$submits" "$runs"
	head_row "Acts a second until durable (more is better)" SQLite
	for mode in single stream; do
		read -ra cost <<<"$(compare %.0f \
			"$(awk -v t="$(least "$log" $mode)" 'BEGIN { print 1e9 / t }')" \
			"$(awk -v t="$(least "$log" "sqlite-$mode")" 'BEGIN { print 1e9 / t }')")"
		name="one at a time"
		[[ $mode = single ]] || name="$submits under way"
		row "$name" "${cost[@]}"
	done
	made_by "${command[@]}"
	made_by "peer: sqlite3, WAL, synchronous=FULL, on the same disk; a transaction for each row,"
	made_by "and one for $submits rows. By the clock: only on a machine that does nothing else"
}

# shown BUNDLE COUNT [OPTION] - records a second that bundle show writes
shown() {
	local begin ns least='' bundle=$1 count=$2
	shift 2
	for ((run = 0; run < runs; run++)); do
		begin=$(date +%s%N)
		build/bin/tongbuctl bundle show "$bundle" "$@" >/dev/null
		ns=$(($(date +%s%N) - begin))
		[[ -n $least ]] && ((least < ns)) || least=$ns
	done
	awk -v n="$count" -v t="$least" 'BEGIN { print n * 1e9 / t }'
}

bench_verify() {
	local count=$verify bundle=$out/bench.bundle key=$out/bench.pem begin ns least='' hash cost=()
	/usr/bin/python3 tests/bench/bundle.py "$out" "$count"
	for ((run = 0; run < runs; run++)); do
		begin=$(date +%s%N)
		build/bin/tongbuctl verify "$bundle" --key "$key" >"$out/verify.log"
		ns=$(($(date +%s%N) - begin))
		[[ -n $least ]] && ((least < ns)) || least=$ns
	done
	# A record of an edge takes BLAKE2s over 64 + 72 bytes for the tag and 64 for the next key.
	hash=$(openssl speed -mr -seconds 2 -bytes 200 -evp blake2s256 2>/dev/null |
		sed -n 's/^+F:[^:]*:[^:]*:\([0-9.]*\).*/\1/p' | tail -n 1)
	head_row "Records verified a second (more is better)" "openssl"
	read -ra cost <<<"$(compare %.0f "$(awk -v n="$count" -v t="$least" 'BEGIN { print n * 1e9 / t }')" \
		"$(awk -v h="$hash" 'BEGIN { print h / 200 }')")"
	row "edges, 104 bytes each" "${cost[@]}"
	made_by "tongbuctl verify ${bundle#"$top"/} --key ${key#"$top"/}"
	made_by "peer: openssl speed -bytes 200 -evp blake2s256, which is a record's hashing alone"
	head_row "Records shown as JSON a second (more is better)" "as text"
	read -ra cost <<<"$(compare %.0f "$(shown "$bundle" "$count" --json)" "$(shown "$bundle" "$count")")"
	row "edges" "${cost[@]}"
	made_by "tongbuctl bundle show ${bundle#"$top"/} --json"
}

# packs_peer FILE - the same lines, kept and counted
packs_peer() {
	local db=$out/works.db
	rm -f "$db"
	sqlite3 "$db" <<-SQL
		PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
		CREATE TABLE record (line TEXT);
		.mode ascii
		.separator "\037" "\n"
		.import $1 record
		CREATE INDEX record_pack ON record (json_extract(line, '\$.act.pack'));
		SELECT json_extract(line, '\$.act.pack'), count(*) FROM record GROUP BY 1;
	SQL
	rm -f "$db"*
}

# most COMMAND... - "NS KIB": how long it took, and the most memory it had
most() {
	/usr/bin/python3 -c '
import resource, subprocess, sys, time
begin = time.monotonic_ns()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
ns = time.monotonic_ns() - begin
print(ns, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)' "$@"
}

bench_packs() {
	local all=$packs count file log=$out/packs.log ns kib cost=() try
	try=(build/bin/tongbuctl try --packs-dir daemon/packs --quiet)
	: >"$log"
	for count in $((all / 4)) $((all / 2)) "$all"; do
		file=$out/works-$count.ndjson
		tests/bench/works.py "$count" >"$file"
		for ((run = 0; run < runs; run++)); do
			read -r ns kib < <(most "${try[@]}" "$file")
			echo "try-$count $count $ns $kib" >>"$log"
		done
	done
	for ((run = 0; run < runs; run++)); do
		ns=$(date +%s%N)
		packs_peer "$file" >"$out/packs-peer.log"
		echo "peer $all $(($(date +%s%N) - ns))" >>"$log"
	done
	head_row "Records of all six packs folded a second (more is better)" sqlite3
	read -ra cost <<<"$(compare %.0f \
		"$(awk -v t="$(least "$log" "try-$all")" 'BEGIN { print 1e9 / t }')" \
		"$(awk -v t="$(least "$log" peer)" 'BEGIN { print 1e9 / t }')")"
	row "$all records" "${cost[@]}"
	made_by "${try[*]} ${file#"$top"/}"
	made_by "peer: sqlite3 .import of the same lines, an index on their pack, and a count by it:"
	made_by "it keeps, and judges nothing"
	head_row "Memory at most, in KiB (flat is better)" "of $((all / 4))"
	for count in $((all / 4)) $((all / 2)) "$all"; do
		read -ra cost <<<"$(compare %.0f \
			"$(awk -v n="try-$count" '$1 == n && $4 > m { m = $4 } END { print m }' "$log")" \
			"$(awk -v n="try-$((all / 4))" '$1 == n && $4 > m { m = $4 } END { print m }' "$log")")"
		row "$count records" "${cost[@]}"
	done
}

bench_hub() {
	local per rate peer used log=$out/hub.log sizes=(64)
	((hub < 100000)) || sizes=(1 16 64 256)
	tests/hub/rate.sh "$hub" 1 "${sizes[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
	head_row "Records a second into PostgreSQL, cosigned (more is better)" psql
	while read -r per rate peer used; do
		# shellcheck disable=SC2046
		row "$per a message" $(compare %.0f "$rate" "$peer")
		made_by "microseconds of processor a record, hub, PostgreSQL, NATS: $used"
	done <"$log"
	made_by "tests/hub/rate.sh $hub 1 ${sizes[*]}"
	made_by "peer: psql's COPY of the same rows into a table made alike, in one transaction;"
	made_by "it checks nothing. By the clock: only on a machine that does nothing else"
}

# processor COMMAND... - nanoseconds of processor that it takes; its output goes to OUT
processor() {
	/usr/bin/python3 -c '
import resource, subprocess, sys
with open(sys.argv[1], "wb") as out:
    done = subprocess.run(sys.argv[2:], stdout=out)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(round((used.ru_utime + used.ru_stime) * 1e9))
sys.exit(done.returncode)' "$@"
}

# Both packs with a report that judges given facts, and the peer beside them
rules_ready() {
	local name pack dir=$out/rules
	rm -rf "$dir/packs"
	mkdir -p "$dir/packs"
	cp -r daemon/packs/{base,market,sentence} "$dir/packs/"
	for pack in market sentence; do
		mv "$dir/packs/$pack/pack.lua" "$dir/packs/$pack/original.lua"
		cp tests/bench/rules/judge.lua "$dir/packs/$pack/pack.lua"
	done
	cp tests/bench/rules/{package.json,package-lock.json,peer.js} "$dir/"
	for name in node npm; do
		command -v "$name" >/dev/null || { echo "$name is not on this machine"; return 1; }
	done
	[[ -d $dir/node_modules/json-rules-engine ]] || npm --prefix "$dir" ci >"$out/rules.log" 2>&1 ||
		{ echo "npm cannot get json-rules-engine: see $out/rules.log"; return 1; }
}

bench_rules() {
	local why dir=$out/rules file log=$out/rules-times.log cost=() try
	file=$dir/facts-$rules.ndjson
	try=(build/bin/tongbuctl try --pack market --pack sentence --packs-dir "$dir/packs" "$file")
	head_row "Cases judged by the same conditions a second (more is better)" json-rules
	why=$(rules_ready) || { made_by "skipped: $why"; return 0; }
	/usr/bin/python3 tests/bench/rules/facts.py "$rules" >"$file"
	: >"$log"
	for ((run = 0; run < runs; run++)); do
		echo "rules $rules $(processor "$dir/rules.out" "${try[@]}")" >>"$log"
		echo "peer $rules $(processor "$dir/peer.out" node "$dir/peer.js" "$dir/packs" "$file")" >>"$log"
	done
	/usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    print(" ".join(sorted(row["finding"] for row in json.loads(line)["rows"])))' <"$dir/rules.out" >"$dir/rules.found"
	cmp "$dir/rules.found" "$dir/peer.out" || { echo "the peer finds something else" >&2; exit 1; }
	read -ra cost <<<"$(compare %.0f "$(awk -v t="$(least "$log" rules)" 'BEGIN { print 1e9 / t }')" \
		"$(awk -v t="$(least "$log" peer)" 'BEGIN { print 1e9 / t }')")"
	row "$rules cases" "${cost[@]}"
	made_by "${try[*]}"
	made_by "peer: json-rules-engine $(node -p "require('$dir/node_modules/json-rules-engine/package.json').version")," \
		"node $(node --version), the same conditions; both by processor time, all findings the same;"
	made_by "tongbu's are written out in two languages with clause, figures and dates besides"
}

wanted() { [[ -z ${BENCH:-} || " $BENCH " == *" $1 "* ]]; }

if [[ ${1:-} = build ]]; then
	build
	exit
fi
if wanted edges || wanted reflex || wanted burst || wanted submits; then
	tests/vm/in-root "$(tests/vm/kver.sh --release stock)" tests/bench/bench.sh build
fi
command=()
for name in edges reflex burst submits verify packs rules hub; do
	if wanted "$name"; then "bench_$name"; fi
done
