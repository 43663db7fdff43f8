#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What happens at the station during `make run`; runs in the guest as root.
set -euo pipefail
# shellcheck source=tests/vm/station.sh
. "$TONGBU_TOP/tests/vm/station.sh"
# shellcheck source=tests/vm/gpio-sim.sh
. "$TONGBU_TOP/tests/vm/gpio-sim.sh"

say() { printf '   -- %s\n' "$*"; }
line() { gpio_sim_pull station "$1" "$2"; sleep 0.2; }

say "the module is loaded, tongbud starts a chain under the supervisor's key"
station_load
station_default_config
station_start
tongbuctl watch &
watch=$!
trap 'kill "$watch" 2>/dev/null || true' EXIT
sleep 1

say "the water rises over the mark and falls again; somebody opens the door"
line 0 up
line 1 up
line 1 down
line 0 down

say "alice and bob, two people of the station, each say what they did"
install -d -o alice -m 700 /run/alice
as alice tongbuctl submit "sluice 3 opened by hand" --wait \
	--receipt /run/alice/receipt | sed 's/^/      alice: /'
cp /run/alice/receipt "$TONGBU_OUT/alice.receipt"
as bob tongbuctl submit --json-data '{"kind":"check","place":"dike 12","found":"47 sacks in place"}' \
	--wait | sed 's/^/      bob:   /'

say "tongbud is killed with -9; the water rises again and the door opens"
station_kill
line 0 up
line 1 up
as bob tongbuctl submit "door 2 found open, nobody inside" | sed 's/^/      bob:   /'

say "tongbud is started again: the kernel hands over what happened meanwhile"
station_start
sleep 2

say "alice exports a bundle, ending in the supervisor's challenge"
as alice tongbuctl bundle export /run/alice/station.bundle --challenge "$CHALLENGE"
sleep 1
cp /run/alice/station.bundle "$TONGBU_OUT/"

say "the station as it stands"
tongbuctl status
station_stop
station_unload
