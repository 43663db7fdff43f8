#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What DKMS makes of the package, in a build root that has headers; called by
# tests/packages.sh with the packages in /out: dkms.sh VERSION KVER...
set -eux

version=$1
shift
# DKMS builds for each kernel that has headers: of those of the root, for these alone.
for dir in /lib/modules/*; do
	case " $* " in
	*" ${dir##*/} "*) ;;
	*) rm -f "$dir/build" ;;
	esac
done
# F15: a kernel it is not for is passed over, and said to be. The one that runs here has no
# headers, and may be such a one, too: the package has to be configured all the same.
mkdir /lib/modules/9.9.9-none
ln -s "/lib/modules/$1/build" /lib/modules/9.9.9-none/build
dpkg -i /out/tongbu-dkms_*.deb
test -z "$(dpkg --audit)"
for kver; do
	dkms install "tongbu/$version" -k "$kver"
	test "$(modinfo -k "$kver" -F version tongbu)" = "$version"
	modinfo -k "$kver" -n tongbu | grep -q /updates/dkms/
	modinfo -k "$kver" -F alias tongbu | grep -q 'net-pf-16-proto-16-family-tongbu'
done

status=0
dkms install "tongbu/$version" -k 9.9.9-none >/tmp/said 2>&1 || status=$?
cat /tmp/said
test "$status" -ne 0
grep -q 'BUILD_EXCLUSIVE' /tmp/said
# When a kernel is installed: the DKMS of Debian 12 takes that for a failure.
status=0
dkms autoinstall -k 9.9.9-none || status=$?
case $(dpkg-query -W -f '${Version}' dkms) in
3.0.*) test "$status" -eq 11 ;;
*) test "$status" -eq 0 ;;
esac

dpkg -r tongbu-dkms
for kver; do
	test ! -e "/lib/modules/$kver/updates/dkms/tongbu.ko"
done
