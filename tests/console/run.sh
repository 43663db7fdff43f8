#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The console in a browser: Cockpit's own server and bridge, as people of the day of
# tests/scenario/day, before a replica of what is on record then. Prints TAP, and leaves
# pictures in build/test/console/.
#
#	tests/console/run.sh [full]
#
# full		with ten thousand matters of one kind
# AXE_CORE	axe.min.js of axe-core, no package of Debian's (default: npm's global one);
#		without it those rows are left out, and that is said
#
# In namespaces of its own: the people, the sockets and what runs there is seen by nobody
# else, and ends with it.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
((EUID == 0)) || { echo "ok - the console # SKIP people are taken on by root alone"; exit 0; }
packaging/deps.sh console
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make --no-print-directory daemon >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
pictures=$top/build/test/console
rm -rf "$pictures"
mkdir -p "$pictures"
chmod 755 "$work"
# Where those people can read it
DESTDIR=$work/root packaging/install.sh install tongbu tongbu-console

export PYTHONDONTWRITEBYTECODE=1
day=tests/scenario/day
/usr/bin/python3 $day/play.py --try $day/{founding,sentence,ecology,highway,control,market,community}.ndjson >"$work/day"
# sealed NAME SUGGESTIONS - a bundle of that day, and of so many suggestions more
sealed() {
	/usr/bin/python3 tests/console/suggestions.py "$2" <"$work/day" >"$work/more"
	cat "$work/day" "$work/more" |
		tests/cli/state.py sentence,ecology,highway,control,market,community - "$work/$1"
	chmod 644 "$work/$1"
}
sealed bundle 1
[[ ${1:-} != full ]] || sealed many 10000

unshare --mount --pid --fork --kill-child --mount-proc \
	/usr/bin/python3 tests/console/pages.py "$work" "$pictures" \
	"${AXE_CORE:-$(npm root --global 2>/dev/null || true)/axe-core/axe.min.js}"
