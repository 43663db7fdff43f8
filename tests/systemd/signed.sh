#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel that loads signed modules alone, and packages of the module that are signed and
# not. Run by all.sh, last: until the guest ends that cannot be taken back.
#
# Functions are called through check():
# shellcheck disable=SC2317
# shellcheck source=tests/systemd/lib.sh
. "$TONGBU_TOP/tests/systemd/lib.sh"

check "a module that is not signed is installed" installs "$TONGBU_TOP"/build/deb-modules/bare/tongbu-modules-*.deb
check "the kernel is told to load signed modules alone" \
	tee /sys/module/module/parameters/sig_enforce <<<1
# EKEYREJECTED and ENOKEY, as kmod has them in words
for_its_key='Key was rejected by service|Required key not available'
refused_module() { ! modprobe --ignore-install tongbu 2>"$WORK/why"; cat "$WORK/why"; ! loaded; }
check "the module that is not signed is refused" refused_module
check "... for that reason" grep -qE "$for_its_key" "$WORK/why"
check "the signed one is installed over it" dpkg -i "$TONGBU_TOP"/build/deb-modules/tongbu-modules-*.deb
same "... and says who signed it" "Tongbu test" "$(modinfo -F signer tongbu)"
# A guest has no firmware to enrol the certificate with: this far, and no further.
check "... and is refused as long as nobody has enrolled its certificate" refused_module
check "... for that reason" grep -qE "$for_its_key" "$WORK/why"
check "the package of the module is removed" dpkg -r "tongbu-modules-$kver"
check "... and the module with it" test ! -e "/lib/modules/$kver/updates/tongbu.ko"
