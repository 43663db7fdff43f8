#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The one place that names the Debian packages this project needs.
#
#	packaging/deps.sh build|deb|test|lint	install what is missing for that
#	packaging/deps.sh list			print all names
#
# Silent when nothing is missing. Without root it prints the line to run.
set -euo pipefail

programs=(build-essential cmake pkg-config
	libnl-3-dev libnl-genl-3-dev libsqlite3-dev liblua5.4-dev libjansson-dev
	libssl-dev libsystemd-dev libconfig-dev)
build=("${programs[@]}" kmod libelf-dev linux-image-amd64 linux-headers-amd64)
deb=("${programs[@]}" debhelper dh-dkms po-debconf lintian)
test=("${build[@]}" "${deb[@]:${#programs[@]}}" libcmocka-dev linux-image-rt-amd64 linux-headers-rt-amd64
	linux-source xz-utils qemu-system-x86 gpiod busybox-static cpio
	flex bison bc # of the debug kernel, beside build-essential and libelf-dev
	e2fsprogs sqlite3 openssl python3 python3-cryptography util-linux systemd)
lint=("${test[@]}" sparse clang clang-format clang-tidy cppcheck shellcheck
	codespell python3-yaml man-db libclang-rt-dev)

case "${1:-}" in
build) want=("${build[@]}") ;;
deb) want=("${deb[@]}") ;;
test) want=("${test[@]}") ;;
lint) want=("${lint[@]}") ;;
list) printf '%s\n' "${lint[@]}"; exit 0 ;;
*) echo "usage: packaging/deps.sh build|deb|test|lint|list" >&2; exit 2 ;;
esac

missing=()
installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "${want[@]}" 2>/dev/null || true)"
for package in "${want[@]}"; do
	[[ $installed == *" installed:$package "* ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

if ((EUID)); then
	echo "packages are missing; run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
	exit 1
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# A machine may have no lists of packages yet, or old ones.
"$(dirname "$0")/step.sh" "${#missing[@]} packages" sh -ec \
	'apt-get update; apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"' sh "${missing[@]}"
