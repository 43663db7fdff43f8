#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build the Debian packages of this tree on this machine:
#
#	packaging/deb.sh DIR	leaves them in DIR, with what lintian has to say of them
#
# The version bears the release, "+deb12", so that an upgrade of the machine takes the
# package built for the next one.
set -euo pipefail

cd "$(dirname "$0")/.."
out=$(realpath -m "${1:?usage: deb.sh DIR}")
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "${VERSION_ID:-}")
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)+deb$release

work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 022
mkdir "$work/tongbu"
cp -a Makefile LICENSE README.md daemon docs kmod packaging uapi "$work/tongbu/"
cd "$work/tongbu"
cp -a packaging/debian debian
sed -i "1s/(.*)/($version)/" debian/changelog
# As a packager has it: nothing from this machine's own settings
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$work" LC_ALL=C.UTF-8 \
	DEB_BUILD_OPTIONS="noautodbgsym parallel=$(nproc)" dpkg-buildpackage --build=binary --no-sign
rm -rf "$out"
mkdir -p "$out"
cp "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$out/"
