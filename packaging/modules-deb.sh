#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A package with the finished module for one kernel, signed: what a station gets that
# must not be able to sign by itself (docs/deployment.md):
#
#	packaging/modules-deb.sh KVER DIR [KEY CERTIFICATE]
#
# leaves tongbu-modules-KVER_VERSION_ARCH.deb in DIR. KVER is a kernel whose headers are
# here. The key is a PEM file or a PKCS#11 URI, as the kernel's sign-file takes it, the
# certificate a DER file; without both the module is not signed. The key is not copied
# anywhere.
set -euo pipefail

die() { echo "modules-deb.sh: $*" >&2; exit 1; }
(($# == 2 || $# == 4)) || { echo "usage: modules-deb.sh KVER DIR [KEY CERTIFICATE]" >&2; exit 2; }
kver=$1 out=$(realpath -m "$2") key=${3:-} certificate=${4:-}
[[ -z $key || $key == pkcs11:* ]] || key=$(realpath -e "$key") || die "there is no key $key"
[[ -z $certificate ]] || certificate=$(realpath -e "$4") || die "there is no certificate $4"
headers=$(realpath -e "/lib/modules/$kver/build" 2>/dev/null) ||
	die "there are no headers for kernel $kver: install linux-headers-$kver"

cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "${VERSION_ID:-}")
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)+deb$release
SOURCE_DATE_EPOCH=$(date -d "$(sed -n 's/^ -- .*>  //p' packaging/debian/changelog | head -n 1)" +%s)
export SOURCE_DATE_EPOCH KBUILD_BUILD_TIMESTAMP=@$SOURCE_DATE_EPOCH
name=tongbu-modules-$kver

work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-modules.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 022
DESTDIR=$work/source packaging/install.sh install tongbu-dkms
source=("$work"/source/usr/src/tongbu-*)
make -C "$headers" M="${source[0]}/kmod" -j "$(nproc)" modules

root=$work/root
module=$root/lib/modules/$kver/updates/tongbu.ko
install -D -m 644 "${source[0]}/kmod/tongbu.ko" "$module"
strip --strip-debug "$module"
if [[ -n $key ]]; then
	"$headers/scripts/sign-file" sha256 "$key" "$certificate" "$module" || die "$key does not sign"
fi
[[ $release = 12 ]] || { mkdir "$root/usr" && mv "$root/lib" "$root/usr/lib"; }

install -D -m 644 packaging/debian/copyright "$root/usr/share/doc/$name/copyright"
mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<END
Package: $name
Source: tongbu
Version: $version
Architecture: $(dpkg --print-architecture)
Section: kernel
Priority: optional
Maintainer: $(sed -n 's/^Maintainer: //p' packaging/debian/control)
Depends: kmod
Recommends: linux-image-$kver
Provides: tongbu-modules (= $version)
Conflicts: tongbu-dkms
Installed-Size: $(du -sk "$root" | cut -f 1)
Description: kernel module that stamps and seals events, for Linux $kver
 Tongbu lets public duty be supervised while it happens. This is its kernel
 module, built $([[ -n $key ]] && echo and signed || echo "but not signed") elsewhere than at the station.
END
for when in postinst postrm; do
	printf '#!/bin/sh\nset -e\ndepmod %s || true\n' "$kver" >"$root/DEBIAN/$when"
	chmod 755 "$root/DEBIAN/$when"
done
# Who removes the kernel itself has no list of modules to renew.
sed -i "s,^depmod,[ ! -e /lib/modules/$kver/modules.builtin ] || &," "$root/DEBIAN"/post*
mkdir -p "$out"
dpkg-deb --root-owner-group --build "$root" "$out/${name}_${version}_$(dpkg --print-architecture).deb"
