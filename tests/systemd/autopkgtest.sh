#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The packages' own tests, packaging/debian/tests, as autopkgtest would run them. Run by
# all.sh, with the module out of a package and not out of DKMS.
# shellcheck source=tests/systemd/lib.sh
. "$TONGBU_TOP/tests/systemd/lib.sh"

check "the packages are installed" installs "$debs"/tongbu_*.deb "$debs"/tongbu-verify_*.deb
while read -r test; do
	mkdir "$WORK/$test"
	export AUTOPKGTEST_TMP=$WORK/$test
	sed '/^dkms status/d' "$TONGBU_TOP/packaging/debian/tests/$test" >"$WORK/script"
	check "autopkgtest: $test" sh "$WORK/script"
done < <(sed -n 's/^Tests: //p' "$TONGBU_TOP/packaging/debian/tests/control")
ends_and_purged
