#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Put a table that a run has made into a page, where the last one stands:
#
#	tests/into-page.sh MAKER PAGE <TABLE
#
# From the line "<!-- made by MAKER -->" to the next empty one.
set -euo pipefail

maker=$1 page=$2
marker="<!-- made by $maker -->"
grep -qxF "$marker" "$page" || { echo "no place for a table of $maker in $page" >&2; exit 1; }
new=$(table=$(cat) marker=$marker awk '/^$/ { skip = 0 } !skip { print }
	$0 == ENVIRON["marker"] { print ENVIRON["table"]; skip = 1 }' "$page"; echo .)
printf '%s' "${new%.}" >"$page"
