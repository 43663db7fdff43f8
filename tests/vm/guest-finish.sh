# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How a guest ends; sourced by what runs the script in it. $words is the process
# that carries output out, or empty.

# finish STATUS - hand the script's status to the host and turn the guest off
finish() {
	local process pid
	echo "$1" >/mnt/out/.guest-exit
	sync
	exec >/dev/null 2>&1
	# Who is still running would keep the pipe open; kernel threads have no exe.
	for process in /proc/[0-9]*; do
		pid=${process#/proc/}
		[[ ! -e $process/exe || $pid = 1 || $pid = "$$" || $pid = "${words:-}" ]] ||
			kill -9 "$pid"
	done
	[[ -z ${words:-} ]] || while kill -0 "$words" 2>/dev/null; do
		wait "$words" 2>/dev/null || sleep 0.05
	done
	echo o >/proc/sysrq-trigger
	sleep 60
}

fail() {
	echo "guest: $*"
	finish 125
}
