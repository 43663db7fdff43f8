#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each parser of what comes from outside, given $FUZZ_SECONDS (60) of libFuzzer's
# bytes, as many at once as there are processors. What it found stays in build/fuzz.
# They begin with $FUZZ_SEED (1), so that a run can be had again; 0 takes another one.
# FUZZ="bundle receipt" runs just those. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
out=$top/build/fuzz
mkdir -p "$out"

if ! command -v clang >/dev/null; then
	echo "ok - fuzz # SKIP clang is not here: packaging/deps.sh test installs it"
	exit 0
fi
if ! { CC=clang cmake -S daemon -B "$out" -DTONGBU_FUZZ=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo &&
	cmake --build "$out" -j "$(nproc)" --target fuzz; } >"$out/build.log" 2>&1; then
	tail -n 40 "$out/build.log" | sed 's/^/# /'
	echo "not ok - the targets build with clang"
	exit 1
fi

# What to begin with: the published bundles and records, and files of this tree
/usr/bin/python3 - tests "$out/seed" <<-'PYTHON'
	import json, pathlib, sys
	tests, out = map(pathlib.Path, sys.argv[1:])
	def seed(name, number, data):
	    (out / name).mkdir(parents=True, exist_ok=True)
	    (out / name / ("%03d" % number)).write_bytes(data)
	def cases(name):
	    return json.load(open(tests / "vectors" / (name + ".json")))["cases"]
	bundles = cases("bundles-good") + cases("bundles-bad")
	for number, case in enumerate(bundles):
	    seed("bundle", number, bytes.fromhex(case["bundle"]))
	    for receipt in case.get("receipts", []):
	        seed("receipt", number, receipt.encode())
	(out / "key").write_text(bundles[0]["private"])
	# A batch of one entry, in the log of the worked example of tlog-proof
	import base64, struct
	root = base64.b64encode(bytes(32)).decode()
	proof = "old 1\n\nstation.example/7\n1\n%s\n\n\u2014 station.example/7 %s\n" % (
	    root, base64.b64encode(bytes(68)).decode())
	seed("batch", 0, b"tongbu1\n" + struct.pack(">QQHH", 0, 0, 1, len(proof.encode())) + proof.encode() +
	     struct.pack(">H", 5) + b"rec-0")
	for number, record in enumerate(json.load(open(tests / "vectors/chain.json"))["records"]):
	    seed("record", number, bytes([number % 5]) + bytes.fromhex(record["bytes"]))
	for name, files in (("config", ["packaging/tongbu.conf"]),
	                    ("csv", ["tests/tables/permit/data/law.csv", "daemon/packs/sentence/data/acts.csv"]),
	                    ("try", ["tests/scenario/day/founding.ndjson"])):
	    for number, file in enumerate(files):
	        seed(name, number, pathlib.Path(file).read_bytes())
PYTHON
FUZZ_KEY=$(cat "$out/seed/key") FUZZ_PACKS=$top/daemon/packs
# libconfig forgets a string that has no end.
echo "leak:libconfig" >"$out/suppressions"
LSAN_OPTIONS=suppressions=$out/suppressions:print_suppressions=0
export FUZZ_KEY FUZZ_PACKS LSAN_OPTIONS

# one NAME - fuzz it; a line of TAP
one() {
	local name=$1 log=$out/$1.log corpora=("$out/corpus/$1")
	[[ ! -d tests/fuzz/corpus/$name ]] || corpora+=("tests/fuzz/corpus/$name")
	mkdir -p "$out/found/$name" "$out/seed/$name" "$out/corpus/$name"
	if "$out/fuzz/fuzz_$name" -max_total_time="${FUZZ_SECONDS:-60}" -seed="${FUZZ_SEED:-1}" \
		-timeout=60 \
		-rss_limit_mb=1024 -max_len=16384 -print_final_stats=1 \
		-artifact_prefix="$out/found/$name/" "${corpora[@]}" "$out/seed/$name" >"$log" 2>&1; then
		echo "ok - $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
	else
		tail -n 30 "$log" | sed 's/^/# /'
		echo "not ok - $name: see $log"
	fi
}
export -f one
export out

names=(bundle receipt proof batch record rpc config places csv try)
[[ -z ${FUZZ:-} ]] || read -ra names <<<"$FUZZ"
printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {}' >"$out/tap"
cat "$out/tap"
! grep -q '^not ok' "$out/tap"
