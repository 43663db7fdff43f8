#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What happens at the station during `make run`: the day of tests/scenario/day/.
# Runs in the guest as root.
set -euo pipefail
# shellcheck source=tests/vm/station.sh
. "$TONGBU_TOP/tests/vm/station.sh"
# shellcheck source=tests/vm/gpio-sim.sh
. "$TONGBU_TOP/tests/vm/gpio-sim.sh"
# shellcheck source=tests/scenario/day/station.sh
. "$TONGBU_TOP/tests/scenario/day/station.sh"

say() { printf '\n   -- %s\n' "$*"; }

printf '   -- %s\n' "the module is loaded, tongbud starts a chain under the supervisor's key, and six packs"
day_users
day_start
day_morning

say "tongbud is killed with -9"
station_kill
day_down

say "tongbud is started again: the kernel hands over what happened meanwhile"
station_start
day_afternoon

say "alice keeps a receipt, and exports a bundle that ends in the supervisor's challenge"
install -d -o alice -m 700 /run/alice
as alice tongbuctl submit "the day is over, 47 sacks in place at dike 12" --wait \
	--receipt /run/alice/receipt | sed 's/^/      alice: /'
as alice tongbuctl bundle export /run/alice/station.bundle --challenge "$CHALLENGE" |
	sed 's/^/      alice: /'
cp /run/alice/receipt "$TONGBU_OUT/alice.receipt"
cp /run/alice/station.bundle "$TONGBU_OUT/"

say "the ledger is folded again, beside the state"
tongbuctl replay >/run/replay || {
	cat /run/replay >&2
	exit 1
}
sed 's/^/      /' /run/replay
cp /run/replay "$TONGBU_OUT/replay"
day_overview >"$TONGBU_OUT/overview"
station_stop
station_unload
