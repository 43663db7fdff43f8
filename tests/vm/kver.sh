#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which kernels guests run, and where each keeps what; the one place that knows.
# None of them is installed on this machine: see get-kernel.
#
#	kver.sh all		their names
#	kver.sh NAME		6.1, 6.1-rt, 6.12, 6.12-rt, 7.3, 7.3-rt: version of the
#				newest of that series that Debian has, looked up anew
#				once a week. stock, rt: the one of this machine's release.
#				debug: the debug kernel, built or not: its number, and a
#				hash of all that makes it what it is
#	kver.sh --release NAME	Debian's release whose archive has it, 12 or 13
#	kver.sh --name NAME	the series behind stock and rt
#	kver.sh --home KVER	the directory of its vmlinux, lib/modules and more
#	kver.sh --image KVER	its file to boot
#	kver.sh --modules KVER	where what builds modules for it is: lib/modules/KVER of
#				this machine, or of the build root this runs in
#	kver.sh --host [rt]	the newest kernel this machine itself has headers of
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/vm/cache.sh
. "$here/cache.sh"

names='6.1 6.1-rt 6.12 6.12-rt 7.3 7.3-rt debug'

full_name() {
	local own
	case $1 in
	stock | rt)
		own=$(. /etc/os-release && echo "${VERSION_ID:-}")
		case $own in
		12) own=6.1 ;;
		*) own=6.12 ;;
		esac
		[[ $1 = stock ]] || own+=-rt
		echo "$own"
		;;
	*)
		[[ " $names " == *" $1 "* ]] || stop "a kernel is one of ${names// /, }, stock or rt, not $1"
		echo "$1"
		;;
	esac
}

release_of() {
	case $1 in
	6.1 | 6.1-rt) echo 12 ;;
	*) echo 13 ;;
	esac
}

# The newest of a series with headers beside it
newest() {
	local release series=${1%-rt} flavour=-amd64 file=$cache/kernels/$1 pattern kver
	[[ $1 != *-rt ]] || flavour=-rt-amd64
	release=$(release_of "$1")
	renew_lists "$release"
	if [[ ! $file -nt $cache/apt/$release/renewed ]]; then
		mkdir -p "$cache/kernels"
		pattern="^linux-headers-(${series//./\\.}\\.[.0-9a-z+]*(-[0-9]+)?$flavour)\$"
		kver=$(apt_of "$release" apt-cache pkgnames linux-headers- | sed -nE "s/$pattern/\1/p" |
			sort -Vr | while read -r kver; do
				if apt_of "$release" apt-cache show "linux-image-$kver" >/dev/null 2>&1; then
					echo "$kver"
					break
				fi
			done)
		[[ -n $kver ]] || stop "Debian $release has no kernel $1 here"
		echo "$kver" >"$file.$$"
		mv "$file.$$" "$file"
	fi
	cat "$file"
}

# What it is built from and with is what the build root of its release has.
debug() {
	local root source
	root=$("$here/build-root" "$(release_of debug)")
	source=$(dpkg-query --admindir "$root/var/lib/dpkg" -W -f '${Version}' linux-source-6.12)
	echo "${source%%-*}-debug-$({
		echo "$source"
		dpkg-query --admindir "$root/var/lib/dpkg" -W -f '${Version}' gcc
		grep '^CONFIG_' "$here/debug-kernel.config"
	} | sha256sum | cut -c1-8)"
}

# own -v|-i - of this machine's kernels with headers, without those of -rt or only those
own() {
	find /lib/modules -mindepth 2 -maxdepth 2 -name build -printf '%h\n' 2>/dev/null |
		sed 's,.*/,,' | { grep "$1" -e -rt- || true; } | sort -V | tail -n 1
}

case "$#-${1:-}" in
1-all) echo "$names" ;;
1---host) own -v ;;
2---host) own -i ;;
1-debug) debug ;;
1-[^-]*)
	name=$(full_name "$1")
	newest "$name"
	;;
2---release)
	name=$(full_name "$2")
	release_of "$name"
	;;
2---name) full_name "$2" ;;
2---home) echo "$cache/kernels/$2.d" ;;
2---image) echo "$cache/kernels/$2.d/vmlinux" ;;
2---modules)
	modules=/lib/modules/$2
	[[ $2 != *-debug-* ]] || modules=/usr/src/kernels/$2.d$modules
	echo "$modules"
	;;
*)
	echo "usage: kver.sh all | NAME | --release NAME | --home|--image|--modules KVER | --host: see its head" >&2
	exit 2
	;;
esac
