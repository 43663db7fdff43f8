#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build the Debian packages for one release, and see in a guest of it what they do:
#
#	tests/systemd/run-packages.sh 12|13 [KERNEL]
#
# Prints TAP.
set -euo pipefail

cd "$(dirname "$0")/../.."
release=${1:?usage: run-packages.sh 12|13 [KERNEL]}
kernel=${2:-}
if [[ -z $kernel ]]; then
	kernel=6.1
	((release == 12)) || kernel=6.12
fi
kver=$(tests/vm/kver.sh "$kernel")
build=build/guest/$release
make -s deb "RELEASE=$release" >&2
mkdir -p "$build/signing"
openssl req -new -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Tongbu test" \
	-keyout "$build/signing/key.pem" -outform DER -out "$build/signing/certificate.der" 2>/dev/null
rm -rf "$build/deb-modules"
# shellcheck disable=SC2016
tests/vm/in-root "$release" bash -ec '
	VERSION=0.0.9 packaging/deb.sh build/deb-old
	packaging/modules-deb.sh "$1" build/deb-modules/bare
	packaging/modules-deb.sh "$1" build/deb-modules build/signing/key.pem build/signing/certificate.der
	' packages "$kver" >"$build/packages.log" 2>&1 || { tail -n 30 "$build/packages.log"; exit 1; }
exec tests/vm/run --release "$release" --kernel "$kernel" --systemd --no-module \
	--script tests/systemd/packages.sh
