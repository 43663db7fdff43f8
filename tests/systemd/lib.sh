# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts of this directory share. They run one after the other in one guest
# whose process 1 systemd is, see all.sh; each begins with no package of ours but
# tongbu-modules, and ends so.
#
#	build/deb		the packages of this tree
#	build/deb-old		the release before
#	build/deb-modules	tongbu-modules for the guest's kernel, signed
#	build/deb-modules/bare	the same, not signed
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"
trap 'rm -rf "$WORK"; exit "$FAILED"' EXIT
# What is installed, and nothing from the tree
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2034 # of the scripts that read them
debs=$TONGBU_TOP/build/deb kver=$(uname -r)

# unit PROPERTY [UNIT]
unit() { systemctl show --value -p "$1" "${2:-tongbud}"; }
installs() { dpkg --force-confold -i "$@" </dev/null; }
loaded() { [[ -d /sys/module/tongbu ]]; }
# within SECONDS COMMAND... - until it succeeds
within() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
}
inactive() { [[ $(unit ActiveState) = inactive ]]; }
# answers true|false COMMAND... - with that answer to whether evidence goes as well
answers() {
	echo "tongbu tongbu/remove-evidence boolean $1" | debconf-set-selections
	shift
	"$@"
}
# As it was before the package came, for who comes next
ends_and_purged() {
	tongbuctl chain end >/dev/null 2>&1 && within 60 inactive
	rmmod tongbu 2>/dev/null
	check "the package is purged, and the module can be unloaded" answers true dpkg -P tongbu
	same "... in fact" "" "$(loaded && echo loaded)"
}
