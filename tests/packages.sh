#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian packages for one release: do they hold what packaging/files says, has
# lintian nothing to say, are two builds the same? Then, in a guest of that release whose
# process 1 systemd is, what they do: tests/systemd/all.sh. Prints TAP.
#
#	tests/packages.sh 12|13 [full]		in full: DKMS for all of its kernels, and the
#						second build on either release, not this
#						machine's own alone
#
# Functions are called through check():
# shellcheck disable=SC2317
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-packages.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
. tests/tap.sh
release=${1:?usage: packages.sh 12|13 [full]}
form=${2:-short}
kernel=6.1
((release == 12)) || kernel=6.12
built=build/guest/$release
version=$(sed -n 's/^VERSION[[:space:]]*:= *//p' Makefile)

packages() { sed -n 's/^Package: //p' packaging/debian/control; }

# holds PACKAGE - each file of the list, and none beside but Debian's own
holds() {
	local file unit=/usr/lib/systemd/system
	file=$(echo "build/deb/$release/$1_$version+deb$release"_*.deb)
	((release > 12)) || unit=/lib/systemd/system
	UNITDIR=$unit packaging/install.sh list "$1" | cut -f 2 | sort >"$work/wanted"
	dpkg-deb -c "$file" | awk '$1 !~ /^d/ { print substr($6, 2) }' | sed -E 's,(/man/.*|/packs/[^/]*)\.gz$,\1,' |
		grep -vE '^/usr/share/(lintian/|doc/[^/]*/(copyright|changelog)(\.gz)?$)' | sort >"$work/held"
	diff "$work/wanted" "$work/held"
}

says_nothing() {
	local said
	said=$(tests/vm/in-root "$release" bash -c 'lintian --tag-display-limit 0 build/deb/*.changes' 2>&1 |
		grep -v 'running with root privileges')
	echo "$said"
	[[ -z $said ]]
}

# With another clock zone, umask and directory; deb.sh takes another each time
same_bytes() {
	tests/vm/in-root "$release" bash -c 'umask 077; TZ=Asia/Shanghai packaging/deb.sh build/deb-again' &&
		(cd "$built/deb-again" && sha256sum -- *.deb) >"$work/again" &&
		(cd "build/deb/$release" && sha256sum -c "$work/again")
}

# repack FILE DIR COMMAND... - the same package but for what the command does to it, unpacked
# in its last argument
repack() {
	local file=$1 dir=$2
	shift 2
	rm -rf "$work/unpacked" && dpkg-deb -R "$file" "$work/unpacked" && "$@" "$work/unpacked" &&
		mkdir -p "$dir" && dpkg-deb --root-owner-group -b "$work/unpacked" "$dir"
}
older() { sed -i "s/^Version: .*/Version: 0.0.9+deb$release/" "$1/DEBIAN/control"; }
release_before() {
	repack "$(echo "build/deb/$release/tongbu_$version+deb$release"_*.deb)" "$built/deb-old" older
}

# tongbu-modules for the guest's kernel; the signature is at the end of the file, and strip
# leaves it out
modules() {
	tests/vm/in-root "$release" packaging/modules-deb.sh "$(tests/vm/kver.sh "$kernel")" \
		build/deb-modules build/signing/key.pem build/signing/certificate.der
}
bare() { find "$1" -name tongbu.ko -exec strip --strip-debug {} +; }
modules_bare() {
	repack "$(echo "$built/deb-modules"/tongbu-modules-*.deb)" "$built/deb-modules/bare" bare
}

# DKMS with the release's own kernel, in full with each of it that guests run
dkms() {
	local name kvers=()
	for name in $(tests/vm/kver.sh all); do
		[[ $name = "$kernel" || $form = full && $name != debug &&
			$(tests/vm/kver.sh --release "$name") = "$release" ]] || continue
		kvers+=("$(tests/vm/kver.sh "$name")")
	done
	BASE=build OUT=$PWD/build/deb/$release tests/fresh/root "$release" \
		tests/dkms.sh "$version" "${kvers[@]}"
}

new_key() {
	rm -rf "$built/signing" "$built/deb-modules"
	mkdir -p "$built/signing"
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Tongbu test" \
		-keyout "$built/signing/key.pem" -outform DER -out "$built/signing/certificate.der"
}

check "debian/changelog names the version" \
	grep -q "^tongbu ($version) " packaging/debian/changelog
check "make deb RELEASE=$release" make -s deb "RELEASE=$release"
for package in $(packages); do
	check "$package holds what packaging/files says" holds "$package"
done
check "lintian says nothing" says_nothing
[[ $form != full && $kernel != "$(tests/vm/kver.sh --name stock)" ]] ||
	check "built twice, the packages are the same" same_bytes
check "F15: DKMS builds the module for a kernel, and passes over one it is not for" dkms
check "the release before, for an upgrade" release_before
check "a key to sign modules with" new_key
check "tongbu-modules, signed" modules
check "... and not signed" modules_bare
((failed == 0)) || exit 1
tests/vm/run --release "$release" --kernel "$kernel" --systemd --no-module --timeout 3600 \
	--console "build/test/console-packages-$release" --script tests/systemd/all.sh
