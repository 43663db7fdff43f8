#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the packages make of a machine whose process 1 systemd is. Run in a guest by
# tests/packages.sh, which has built them; prints TAP.
#
# Functions are called through check():
# shellcheck disable=SC2317
# shellcheck source=tests/systemd/lib.sh
. "$TONGBU_TOP/tests/systemd/lib.sh"

# Packages make their own.
for user in tongbu-referee tongbu; do userdel "$user" 2>/dev/null; done
groupdel tongbu 2>/dev/null
rmdir /var/lib/tongbu/lost+found
check "the module comes in a package" installs "$TONGBU_TOP"/build/deb-modules/bare/tongbu-modules-*.deb
check "... where modprobe finds it" modinfo -n tongbu
for script in packages autopkgtest unit signed; do
	start=$SECONDS
	bash "$TONGBU_TOP/tests/systemd/$script.sh" || FAILED=1
	echo "# $script took $((SECONDS - start)) s"
done
