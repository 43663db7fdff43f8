#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Does a stranger get along with README.md, on a machine where nothing was installed
# yet? In a root of the release, with the words README.md has:
#
#	tests/fresh/test.sh 12|13		what `make run` builds before its guest
#	tests/fresh/test.sh 12|13 full	all of `make run`; then the packages, installed
#
# Prints TAP; what was said is in build/fresh/.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
release=${1:?usage: test.sh 12|13 [full]}
log=$PWD/build/fresh/debian-$release.log
mkdir -p "${log%/*}"
failed=0

# section NAME - the commands below that heading
section() { sed -n "/^## $1/,/^## /s/^    //p" README.md; }

# check NAME COMMAND...
check() {
	local name=$1
	shift
	if "$@"; then
		echo "ok - Debian $release, just installed: $name"
	else
		echo "not ok - Debian $release, just installed: $name"
		failed=1
	fi
}
fresh() {
	local status=0
	tests/fresh/root "$release" sh -exc "$1" >"$log" 2>&1 || status=$?
	tail -n $((status ? 40 : 5)) "$log" | sed 's/^/# /'
	return "$status"
}

# Up to the first `make run`
words=$(section "Two commands" | sed '/^make run$/q')
[[ $words == *"make run" ]] || { echo "not ok - README.md says how to begin"; exit 1; }
built='test -x build/bin/tongbuctl && test -s build/kmod/tongbu.ko'
if [[ ${2:-} = full ]]; then
	# On a kernel that its archive has headers of: this machine's may be any.
	kver=$(tests/vm/kver.sh "$([[ $release = 12 ]] && echo 6.1 || echo 6.12)")
	words+="
$built
$(section "On a real machine" | sed -n '/^make deb/,/^usermod/{/^usermod/!p}' |
		sed "s/\$(uname -r)/$kver/; s,\./tongbu,./build/deb/$release/tongbu,g")
modinfo -k $kver tongbu
tongbud --version"
else
	# What `make run` is up to where the guest begins
	words=${words/%make run/make build DEPS=run}
fi
check "${words//$'\n'/; }" fresh "set -e
$words
$built"
check "no page of directories entered" test "$(grep -c "Entering directory" "$log")" = 0
exit "$failed"
