#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job, once, on real input: a supervisor's key, one day of a station that
# records lines and the acts of some forty people in six works and loses its daemon on the
# way, a bundle, its verification by the supervisor, and what becomes of one changed
# byte. Called by `make run`; leaves everything in build/run/.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
run=$top/build/run
tongbuctl=$top/build/bin/tongbuctl

bold='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi
step() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

rm -rf "$run"
mkdir -p "$run/supervisor" "$run/station"

step "The supervisor draws a key; the station gets the public half"
"$tongbuctl" key new --out "$run/supervisor/supervisor.pem" </dev/null
cp "$run/supervisor/supervisor.pub.pem" "$run/station/"
# Known to nobody before now: what is sealed with it was sealed since.
challenge=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

if [[ -d /lib/modules/$(uname -r)/build ]]; then
	echo "This machine's own kernel $(uname -r) has headers: README.md, \"On a real"
	echo "machine\", says how to run the station on it without a guest."
fi

step "The station boots in a guest (kernel $("$top/tests/vm/kver.sh" stock))"
"$top/tests/vm/run" --no-module --out "$run/station" --hide "$run/supervisor" \
	--console "$run/console.log" --timeout 1800 --env "CHALLENGE=$challenge" \
	--script "$top/tests/run/station.sh"

bundle=$run/station/station.bundle
step "The supervisor verifies the bundle with the private key"
"$tongbuctl" verify "$bundle" --key "$run/supervisor/supervisor.pem" \
	--challenge "$challenge" --receipt "$run/station/alice.receipt"

step "Somebody changes one byte of it"
tampered=$run/station/tampered.bundle
cp "$bundle" "$tampered"
# The 7 of alice's "47 sacks" becomes a 1.
offset=$(grep -abo '47 sacks' "$tampered" | head -n 1 | cut -d: -f1)
printf 1 | dd of="$tampered" bs=1 seek=$((offset + 1)) conv=notrunc status=none
echo "byte $((offset + 1)): 47 sacks becomes 41 sacks"
if "$tongbuctl" verify "$tampered" --key "$run/supervisor/supervisor.pem"; then
	echo "the change was not seen: this is a defect" >&2
	exit 1
fi

step "Files"
echo "bundle            $bundle"
echo "changed copy      $tampered"
echo "receipt           $run/station/alice.receipt"
echo "overview          $run/station/overview"
echo "supervisor's key  $run/supervisor/supervisor.pem"
echo "guest's console   $run/console.log"

step "Result"
verified=$("$tongbuctl" verify "$bundle" --key "$run/supervisor/supervisor.pem" --json |
	sed -n 's/.*"records": *\([0-9]*\).*/\1/p')
located=$("$tongbuctl" verify "$tampered" --key "$run/supervisor/supervisor.pem" --json || true)
located=$(sed -n 's/.*"bad": *{[^}]*"seq": *\([0-9]*\).*/\1/p' <<<"$located")
cat "$run/station/overview"
echo
echo "replay: $(<"$run/station/replay")"
echo "$verified records verified; the changed byte was found in record $located"
