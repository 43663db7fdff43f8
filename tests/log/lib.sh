# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by tests of the log: $top is the tree, and they run where the keys are.

in_c() { "${top:?}/build/bin/tongbu-verify" "$@"; }
in_python() { /usr/bin/python3 "${top:?}/tests/receipt.py" "$@"; }
# agree NAME STATUS FILE [KEPT] - what both say of a receipt or a proof
agree() {
	local name=$1 status=$2 c=0 python=0
	in_c "$3" --policy keys ${4:+--checkpoint "$4"} >said 2>&1 || c=$?
	in_python keys "$3" ${4:+"$4"} >>said 2>&1 || python=$?
	((c == status && python == status)) || sed 's/^/# /' said
	report $((c != status || python != status)) "$name"
}

# judges [PACKAGE...] - the directory where packages of those who judge a log are unpacked, as
# Debian 13 has them, fetched once: those; or sigsum's programs for keys and witnesses; and in Go formats and
# Merkle trees of transparency-dev, and what is behind Go's checksum database.
judges() (
	# shellcheck source=tests/vm/cache.sh
	. "$top/tests/vm/cache.sh"
	packages=(sigsum-go golang-github-transparency-dev-formats-dev
		golang-github-transparency-dev-merkle-dev golang-golang-x-mod-dev)
	(($# == 0)) || packages=("$@")
	unpack() {
		renew_lists 13
		cd "$1" || return 1
		apt_of 13 apt-get -q download "${packages[@]}" >log 2>&1 || { tail -n 5 log; return 1; }
		for package in *.deb; do dpkg -x "$package" root || return 1; done
	}
	home=$cache/roots/judges-trixie-$(sha256sum <<<"${packages[*]}" | cut -c1-8)
	kept "$home" unpack >&2 && echo "$home/root"
)
