#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The one place that names the Debian packages this project needs.
#
#	packaging/deps.sh build|deb|run|test|lint|hub|console|exports	install what is missing for that
#	packaging/deps.sh list			print all names
#	packaging/deps.sh list root|guest 12|13	... of what guests of that release are
#						built in, and consist of
#
# Silent when nothing is missing. Without root it prints the line to run.
set -euo pipefail

programs=(build-essential cmake pkg-config
	libnl-3-dev libnl-genl-3-dev libsqlite3-dev liblua5.4-dev libjansson-dev
	libssl-dev libsystemd-dev libconfig-dev libexpat1-dev libnats-dev libpq-dev)
build=("${programs[@]}" kmod libelf-dev linux-headers-amd64)
own=(debhelper dkms dh-dkms po-debconf lintian) # of packages of our own
deb=("${programs[@]}" "${own[@]}")
# What guests are booted with and consist of
run=("${build[@]}" qemu-system-x86 busybox-static cpio xz-utils zstd mmdebstrap
	debian-archive-keyring erofs-utils e2fsprogs util-linux python3 openssl)
test=("${run[@]}" "${own[@]}" libcmocka-dev linux-source gpiod sqlite3 python3-cryptography systemd
	clang libclang-rt-dev # libFuzzer
	golang-go tidy) # judges of logs and of pages
lint=("${test[@]}" linux-headers-rt-amd64 sparse clang-format clang-tidy cppcheck shellcheck
	codespell python3-yaml man-db)

# What tongbu-hub and tongbu-uplink are tested on: of no guest, and of no station
hub=(postgresql nats-server)

# What the console is tried with: of no guest, and of no station but Cockpit itself
console=(cockpit-ws cockpit-bridge openssl chromium chromium-driver python3-selenium python3-cryptography
	fonts-noto-cjk)

# Readers of open formats, written elsewhere: judges of exports, of no guest and no station
exports=(python3-geojson python3-gpxpy python3-icalendar libical-dev libxml2-utils unzip)

# What guests are built in has the headers of all their kernels besides, see
# tests/vm/build-root; what they consist of has no compiler.
declare -A root guest
root[12]="${build[*]/linux-*/} ${own[*]} libcmocka-dev linux-source-6.1 xz-utils flex bison bc python3"
root[13]="${build[*]/linux-*/} ${own[*]} libcmocka-dev linux-source-6.12 xz-utils flex bison bc python3"
guest[12]="passwd systemd systemd-sysv udev dbus kmod iproute2 procps dmsetup
	libnl-3-200 libnl-genl-3-200 libsqlite3-0 liblua5.4-0 libjansson4 libsystemd0 gpiod
	sqlite3 python3 python3-cryptography openssl libssl3 libconfig9"
guest[13]=${guest[12]/libssl3/libssl3t64}
guest[13]=${guest[13]/libconfig9/libconfig11}
guest[13]+=" python3-yaml python3-jsonschema" # of the kernel's own client, tests/ynl

case "${1:-}" in
build) want=("${build[@]}") ;;
deb) want=("${deb[@]}") ;;
run) want=("${run[@]}") ;;
test) want=("${test[@]}") ;;
lint) want=("${lint[@]}") ;;
hub) want=("${hub[@]}") ;;
console) want=("${programs[@]}" "${console[@]}") ;;
exports) want=("${exports[@]}") ;;
list)
	case "${2:-} ${3:-}" in
	' ') printf '%s\n' "${lint[@]}" "${hub[@]}" "${console[@]}" "${exports[@]}" ;;
	'root 12' | 'root 13') tr -s ' \t\n' '\n' <<<"${root[$3]}" ;;
	'guest 12' | 'guest 13') tr -s ' \t\n' '\n' <<<"${guest[$3]}" ;;
	*) echo "usage: packaging/deps.sh list [root|guest 12|13]" >&2; exit 2 ;;
	esac
	exit 0
	;;
*) echo "usage: packaging/deps.sh build|deb|run|test|lint|hub|console|exports|list" >&2; exit 2 ;;
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
# A machine may have no lists of packages yet, or old ones. One at a time: apt waits for
# dpkg, but not for another that fetches lists.
flock "$0" "$(dirname "$0")/step.sh" "${#missing[@]} packages" sh -ec \
	'apt-get update; apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"' sh "${missing[@]}"
