# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# TAP of tests in bash that run on the machine itself: sourced by them; $work is a
# directory of their own. The exit status of the test is $failed:
# shellcheck disable=SC2034
failed=0

# report STATUS NAME - ok if the status is 0
report() {
	if (($1)); then
		echo "not ok - $2"
		failed=1
	else
		echo "ok - $2"
	fi
}

# check NAME COMMAND... - ok if the command succeeds; else what it said is shown
check() {
	local name=$1 status=0
	shift
	"$@" >"${work:?}/said" 2>&1 || status=$?
	((status == 0)) || sed 's/^/# /' "$work/said" | tail -n 40
	report "$status" "$name"
}

# skip NAME WHY
skip() { echo "ok - $1 # SKIP $2"; }
