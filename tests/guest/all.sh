#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The suites that need the module, in one guest; prints TAP. The kernel's log is
# a test of its own: a warning, a splat or a leak there fails.
#
#	tests/guest/all.sh KERNEL [full]	KERNEL as tests/vm/kver.sh names them
#
# The short form is what shows that module and kernel fit: the selftests of each kind
# of source, of records and of reflexes, and a station that reloads its configuration. In
# full an -rt kernel gets what the kernel has a part in, debug what may hurt it.
set -uo pipefail

cd "$TONGBU_TOP" || exit 1
status=0
kernel=${1:?usage: all.sh KERNEL [full]}
form=${2:-short}
selftests=()
if [[ $form = full ]]; then
	case $kernel in
	*-rt) scenarios=(tests/e2e/{load,crash,ring,restart,reload}.sh) ;;
	debug) scenarios=(tests/e2e/reload.sh) ;;
	*) scenarios=(tests/e2e/[a-z]*.sh) ;;
	esac
else
	selftests=(test_edge test_submit test_seal test_serial test_input test_pps test_reflex)
	scenarios=(tests/e2e/reload.sh)
fi

# `make test-long` asks for fifty; each of the selftests loads the module afresh as well
export RELOADS="${RELOADS:-3}"

# took COMMAND... - run it, and tell how long that took
took() {
	local start=$SECONDS
	echo "# $*"
	"$@" || status=1
	echo "# $* took $((SECONDS - start)) s"
}

# What the module has allocated and nobody can free any more. Only what is older
# than five seconds counts, and what a first look found may be found in use by the
# second.
leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >"$kmemleak"
	echo scan >"$kmemleak"
	! grep . "$kmemleak"
}

echo "# guest: $(uname -r),Debian $(. /etc/os-release && echo "$VERSION_ID"),$form"
dmesg --clear
took tests/kselftest/run.sh "${selftests[@]}"
# Debian 13's kernel source has the client.
[[ ! -d build/ynl ]] || took tests/ynl/run.sh
for scenario in "${scenarios[@]}"; do
	[[ $scenario = */lib.sh ]] || took bash "$scenario"
done
if [[ $kernel = debug ]]; then
	took tests/kunit/run.sh
	if found=$(leaks); then
		echo "ok - nothing of the module's is left in memory"
	else
		printf '# %s\n' "${found//$'\n'/$'\n'# }"
		echo "not ok - nothing of the module's is left in memory"
		status=1
	fi
fi
if splats=$(tests/vm/splats.sh); then
	echo "ok - the kernel's log has no warning"
else
	printf '# %s\n' "${splats//$'\n'/$'\n'# }"
	dmesg | tail -n 100 | sed 's/^/# /'
	echo "not ok - the kernel's log has no warning"
	status=1
fi
exit "$status"
