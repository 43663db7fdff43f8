#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian packages of both releases: do they hold what packaging/files says, has
# lintian nothing to say, are two builds the same? Prints TAP. What they do on a
# machine is asked by tests/systemd/packages.sh.
#
# Functions are called through check():
# shellcheck disable=SC2317
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-packages.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
version=$(sed -n 's/^VERSION[[:space:]]*:= *//p' Makefile)

# check NAME COMMAND... - ok if the command succeeds
check() {
	local name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok - $name"
	else
		sed 's/^/# /' "$work/said" | tail -n 40
		echo "not ok - $name"
		failed=1
	fi
}

packages() { sed -n 's/^Package: //p' packaging/debian/control; }

# holds RELEASE PACKAGE - each file of the list, and none beside but Debian's own
holds() {
	local file unit=/usr/lib/systemd/system
	file=$(echo "build/deb/$1/$2_$version+deb$1"_*.deb)
	(($1 > 12)) || unit=/lib/systemd/system
	UNITDIR=$unit packaging/install.sh list "$2" | cut -f 2 | sort >"$work/wanted"
	dpkg-deb -c "$file" | awk '$1 !~ /^d/ { print substr($6, 2) }' | sed -E 's,(/man/.*|/packs/[^/]*)\.gz$,\1,' |
		grep -vE '^/usr/share/(lintian/|doc/[^/]*/(copyright|changelog)(\.gz)?$)' | sort >"$work/held"
	diff "$work/wanted" "$work/held"
}

says_nothing() {
	local said
	said=$(tests/vm/in-root "$1" bash -c 'lintian --tag-display-limit 0 build/deb/*.changes' 2>&1 |
		grep -v 'running with root privileges')
	echo "$said"
	[[ -z $said ]]
}

# With another clock zone, umask and directory; deb.sh takes another each time
same_bytes() {
	tests/vm/in-root "$1" bash -c 'umask 077; TZ=Asia/Shanghai packaging/deb.sh build/deb-again' &&
		(cd "build/guest/$1/deb-again" && sha256sum -- *.deb) >"$work/again" &&
		(cd "build/deb/$1" && sha256sum -c "$work/again")
}

check "debian/changelog names the version" \
	grep -q "^tongbu ($version) " packaging/debian/changelog
for release in 12 13; do
	check "Debian $release: make deb" make -s deb "RELEASE=$release"
	for package in $(packages); do
		check "Debian $release: $package holds what packaging/files says" holds "$release" "$package"
	done
	check "Debian $release: lintian says nothing" says_nothing "$release"
	check "Debian $release: built twice, the packages are the same" same_bytes "$release"
done
exit "$failed"
