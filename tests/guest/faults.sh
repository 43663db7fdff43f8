#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What happened to stations in a guest, and what became of them: a table, from what its
# scenarios said when tests/test.sh ran them last.
#
#	tests/guest/faults.sh [--write] [LOG...]	into docs/faults.md as well; from other logs
set -euo pipefail

cd "$(dirname "$0")/../.."
write=''
[[ ${1:-} != --write ]] || { write=yes; shift; }
(($#)) || set -- "build/test/guest-$(tests/vm/kver.sh --name stock).log"

rows=$(grep -h '^# fault: ' "$@" 2>/dev/null | sed 's/^# fault: \(.*\)/| \1 |/') || true
made=$(
	echo "| fault | events meanwhile | recorded | counted as lost | doctor says | all of it afterwards |"
	echo "|---|---|---|---|---|---|"
	echo "${rows:-| not run | | | | | |}"
)
echo "$made"
[[ -z $write ]] || { [[ -n $rows ]] && tests/into-page.sh tests/guest/faults.sh docs/faults.md <<<"$made"; }
