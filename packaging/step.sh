#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run one step of a build, and say in one line what it was and how long it took:
#
#	packaging/step.sh "the daemon" COMMAND...
#
# What the command says is kept in build/log/, and shown if it fails. Every ten
# seconds the last of it is shown, so that a long step is seen to go on. V=1 shows
# all of it as it comes.
set -uo pipefail

(($# >= 2)) || { echo "usage: step.sh NAME COMMAND..." >&2; exit 2; }
name=$1
shift
logs=$(cd "$(dirname "$0")/.." && pwd)/build/log
log=$logs/${name//[^A-Za-z0-9.-]/-}
start=$SECONDS status=0

if [[ ${V:-0} = 1 ]]; then
	echo "$name: $*"
	"$@" || status=$?
	printf '%s: status %d after %d s\n' "$name" "$status" $((SECONDS - start))
	exit "$status"
fi

# Words of the last line, no longer than a terminal is wide
last() {
	tail -c 400 "$log" | tr '\r' '\n' | tr -cd '[:print:]\n' | grep . | tail -n 1 | cut -c 1-"$1"
}

progress() {
	local next=10
	while sleep 10 >/dev/null 2>&1; do
		if [[ -t 1 ]]; then
			printf '\r\e[K%-34.34s %4d s  %s' "$name" $((SECONDS - start)) "$(last 36)"
		# To a file, now and then: each line stays.
		elif ((SECONDS - start >= next)); then
			printf '%-34s %4d s ... %s\n' "$name" $((SECONDS - start)) "$(last 60)"
			next=$((next * 2))
		fi
	done
}

mkdir -p "$logs"
[[ ! -t 1 ]] || printf '%-34.34s   ...' "$name"
progress &
shown=$!
trap 'kill "$shown" 2>/dev/null' EXIT
"$@" >"$log" 2>&1 </dev/null || status=$?
kill "$shown" 2>/dev/null
wait "$shown" 2>/dev/null
[[ ! -t 1 ]] || printf '\r\e[K'
if ((status)); then
	# Without what went well, and make's "Error 2" for each level
	grep -vE '^make(\[[0-9]+\])?: |^  [A-Z]+ |^\[ *[0-9]+%\] Built' "$log" | tail -n 30 >&2
	printf '%s failed with status %d after %d s; all of it: %s\n' \
		"$name" "$status" $((SECONDS - start)) "$log" >&2
	exit "$status"
fi
printf '%-34s %4d s\n' "$name" $((SECONDS - start))
