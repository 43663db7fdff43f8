#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which kernel a guest runs: kver.sh stock|rt prints the version of the newest
# installed one, or nothing if there is none.
set -euo pipefail

case "${1:-}" in
stock) pattern='*[0-9]-amd64' ;;
rt) pattern='*-rt-amd64' ;;
*) echo "usage: kver.sh stock|rt" >&2; exit 2 ;;
esac
find /boot -maxdepth 1 -name "vmlinuz-$pattern" -printf '%f\n' 2>/dev/null |
	sed 's/^vmlinuz-//' | sort -V | tail -n 1
