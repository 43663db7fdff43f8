#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tongbuctl latency: it counts what the ledger has, and says what is in its way.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

station_load
four_lines_config
check "the station starts" station_start
says() { tongbuctl latency | grep -qF "$1"; }
check "before the first edge there is nothing to tell" says "No event of hardware"
same "as JSON, too" "" "$(tongbuctl latency --json)"
check "edges are recorded" pull_edges 200
until_durable
tongbuctl latency --json >"$WORK/latency"
same "one kind has occurred" "edge" "$(jget kind <"$WORK/latency")"
same "its records are those of the ledger" "$(log_count --kind edge)" "$(jget records <"$WORK/latency")"
/usr/bin/python3 - "$WORK/latency" >"$WORK/check" 2>&1 <<-'PYTHON'
	import json, sys
	edge = json.load(open(sys.argv[1]))
	buckets = edge["buckets"]
	assert sum(b["records"] for b in buckets) == edge["records"]
	assert [b["below_ns"] for b in buckets] == [1024 << i for i in range(24)] + [None]
	assert 0 < edge["p50_ns"] <= edge["p90_ns"] <= edge["p99_ns"] <= edge["p999_ns"] <= edge["max_ns"]
	for name, part in ("p50_ns", .5), ("p90_ns", .9), ("p99_ns", .99), ("p999_ns", .999):
	    within = sum(b["records"] for b in buckets if (b["below_ns"] or 1 << 63) // 2 < edge[name])
	    assert within >= part * edge["records"], name
	PYTHON
check "buckets and bounds agree" test ! -s "$WORK/check"
check "the table has bars" says "#####"

refused "who is not root is told so" 4 "only root may look" as alice "$TONGBUCTL" latency
mount --bind /mnt /sys/kernel/debug
refused "debugfs that is not mounted is named" 2 "mount -t debugfs" tongbuctl latency
umount /sys/kernel/debug
station_stop
station_unload
refused "a module that is not loaded is named" 3 "module tongbu is not loaded" tongbuctl latency
