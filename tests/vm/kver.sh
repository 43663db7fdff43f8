#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which kernels there are, and where each keeps what; the one place that knows.
#
#	kver.sh stock|rt	version of the newest installed one, nothing if none is
#	kver.sh debug		version of the debug kernel, built or not: its number, and
#				a hash of all that makes it what it is
#	kver.sh --home KVER	the directory of its vmlinuz, if it has one of its own
#	kver.sh --image KVER	the file to boot
#	kver.sh --modules KVER	its lib/modules/KVER; build in there builds modules for it
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${TONGBU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tongbu}
usage() {
	echo "usage: kver.sh stock|rt|debug | --home|--image|--modules KVER" >&2
	exit 2
}

newest() {
	find /boot -maxdepth 1 -name "vmlinuz-$1" -printf '%f\n' 2>/dev/null |
		sed 's/^vmlinuz-//' | sort -V | tail -n 1
}

debug() {
	local source
	source=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null) || return 0
	echo "${source%-*}-debug-$({
		echo "$source"
		gcc -dumpfullversion
		grep '^CONFIG_' "$here/debug-kernel.config"
	} | sha256sum | cut -c1-8)"
}

[[ $# -gt 0 && ($1 != --* || $# -eq 2) ]] || usage
case $1 in
stock) newest '*[0-9]-amd64' ;;
rt) newest '*-rt-amd64' ;;
debug) debug ;;
--home) echo "$cache/$2" ;;
--image) [[ $2 = *-debug-* ]] && echo "$cache/$2/vmlinuz" || echo "/boot/vmlinuz-$2" ;;
--modules) [[ $2 = *-debug-* ]] && echo "$cache/$2/lib/modules/$2" || echo "/lib/modules/$2" ;;
*) usage ;;
esac
