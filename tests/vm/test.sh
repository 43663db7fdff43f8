#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the runner itself: what it hands through, how it ends, what it leaves
# behind. Prints TAP. Guests that wait for something run beside one another.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-runner.XXXXXX")
trap 'rm -rf "$work"' EXIT
status=0

# check NAME COMMAND... - ok if the command succeeds
check() {
	local name=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		echo "ok - $name"
	else
		sed 's/^/# /' "$work/check"
		echo "not ok - $name"
		status=1
	fi
}

# same EXPECTED ACTUAL, for check
same() {
	[[ $1 == "$2" ]] && return 0
	printf 'expected: %s\nactual:   %s\n' "$1" "$2"
	return 1
}

# guest NAME OPTION... - run a guest in which $work/NAME.sh does what standard
# input says; what it said is then in NAME.out and NAME.err, NAME.status
guest() {
	local name=$1 rc=0
	shift
	cat >"$work/$name.sh"
	"$here/run" --no-module --script "$work/$name.sh" --timeout 900 \
		--console "$work/$name.console" "$@" \
		>"$work/$name.out" 2>"$work/$name.err" </dev/null || rc=$?
	echo "$rc" >"$work/$name.status"
}

# What is kept, and for how long; in a cache of its own
# shellcheck disable=SC2317
cache_keeps() {
	local cache=$work/cache dir
	# shellcheck source=tests/vm/cache.sh
	TONGBU_CACHE=$cache . "$here/cache.sh"
	for dir in guest-bookworm-0123abcd guest-bookworm-11111111 guest-trixie-22222222 \
		build-bookworm-33333333 guest-trixie-44444444.partial; do
		mkdir -p "$cache/roots/$dir"
	done
	for dir in 6.1.0-55-amd64 6.1.0-55-rt-amd64 6.12.117+deb13-amd64 6.12.117-debug-01234567; do
		mkdir -p "$cache/kernels/$dir.d"
	done
	touch -d '2 days ago' "$cache"/*/*
	kept "$cache/roots/guest-bookworm-11111111" false || return
	kept "$cache/roots/guest-bookworm-55555555" true || return
	kept "$cache/kernels/6.1.0-56-amd64.d" true || return
	kept "$cache/kernels/6.12.118-debug-76543210.d" true || return
	same "$(printf '%s\n' 6.1.0-55-rt-amd64.d 6.1.0-56-amd64.d 6.12.117+deb13-amd64.d \
		6.12.118-debug-76543210.d build-bookworm-33333333 guest-bookworm-11111111 \
		guest-bookworm-55555555 guest-trixie-22222222)" \
		"$(find "$cache" -mindepth 2 -maxdepth 2 -type d -printf '%f\n' | LC_ALL=C sort)"
}
check "what was made anew goes from the cache, unless it was used within a day" cache_keeps

# What is made once tells how long it takes: before it is counted what is said.
release=$("$here/kver.sh" --release stock)
{ "$here/guest-root" "$release" && "$here/guest-kernel" stock && "$here/build" --release "$release"; } |
	sed 's/^/# /'

# refused WORDS OPTION... - refused with 125 and one line that has these words
refused() {
	local words=$1 rc=0
	shift
	"$here/run" "$@" >"$work/said" 2>&1 </dev/null || rc=$?
	cat "$work/said"
	same 125 "$rc" && same 1 "$(wc -l <"$work/said")" && grep -qF -- "$words" "$work/said"
}

check "a kernel there is none of is refused" \
	refused "stock or rt, not mainline" --kernel mainline --script "$0"
check "a release there is none of is refused" \
	refused "--release takes 12 or 13, not 11" --release 11 --script "$0"
check "a script that is not there is refused" \
	refused "there is no script /nowhere/x.sh" --script /nowhere/x.sh
check "an option without its value is refused" refused "--timeout takes a value" --timeout
check "a script beside that is not there is refused" \
	refused "there is no script /nowhere/x.sh" --script "$0" --beside /nowhere/x.sh
check "... and one that cannot be executed" \
	refused "cannot be executed" --script "$0" --beside "$here/gpio-sim.sh"
check "an option QEMU refuses does not hang" \
	refused "QEMU did not start" --no-module --script "$0" --mem nothing --timeout 60

# One in whose place QEMU ends itself, each time a guest boots
mkdir "$work/bin"
cat >"$work/bin/qemu-system-x86_64" <<-SCRIPT
	#!/bin/sh
	case \$* in *--version*) exec $(command -v qemu-system-x86_64) --version ;; esac
	echo begun >>"$work/aborted"
	echo "qemu: Assertion \\\`section_index < sections_nb' failed." >&2
	kill -ABRT \$\$
SCRIPT
chmod +x "$work/bin/qemu-system-x86_64"
broken_off() {
	local rc=0
	PATH=$work/bin:$PATH ACCEL=tcg "$here/run" --no-module --script "$0" --mem 777 >"$work/said" 2>&1 </dev/null || rc=$?
	cat "$work/said"
	same 125 "$rc" && same 3 "$(wc -l <"$work/aborted")" && grep -q "booted, 3 of 3" "$work/said" &&
		tail -n 1 "$work/said" | grep -q "QEMU did not start: .*sections_nb"
}
check "a guest whose QEMU ends itself boots again, three times" broken_off

# shellcheck disable=SC2016
words='ein "Wort", $HOME, it'\''s'
mkdir "$work/out"

guest slow --timeout 30 <<<'echo begun; sleep 1000' &
slow=$!
guest full --out "$work/out" --hide "$here/uart-sim" --env "SAID=$words" --env "EMPTY=" \
	-- one "two  words" "$words" "" <<-'SCRIPT' &
	echo "arguments $#"
	printf '<%s>\n' "$@"
	echo "said <$SAID>, empty <${EMPTY-unset}>"
	echo "to stderr" >/dev/stderr
	cat < <(echo "by way of /dev/fd")
	ls -A tests/vm/uart-sim | wc -l
	echo "root of $(. /etc/os-release && echo "$VERSION_ID")"
	compgen -G '/tmp/tongbu-*' || echo "nothing of the host's"
	echo "on kernel $(uname -r)"
	echo "from the guest" >"$TONGBU_OUT/file"
	sleep 1000 &
	seq 200000
SCRIPT
full=$!
cat >"$work/beside" <<'SCRIPT'
#!/usr/bin/python3
# A host's part: answers on the serial line, asks the monitor, leaves a child.
import json, os, socket, subprocess, sys

def connect(path):
    link = socket.socket(socket.AF_UNIX)
    link.connect(path)
    return link.makefile("rw")

qmp = connect(os.environ["TONGBU_QMP"])
print("monitor of", "QMP" if "QMP" in json.loads(qmp.readline()) else "nothing", file=sys.stderr)
line = connect(os.environ["TONGBU_SERIAL"])
print("the guest said", line.readline().strip(), file=sys.stderr)
subprocess.Popen(["sleep", "987"])
line.write("hello\n")
line.flush()
sys.exit(3)
SCRIPT
chmod +x "$work/beside"
guest outside --qmp --serial --device edu --beside "$work/beside" <<-'SCRIPT' &
	stty -F "/dev/$TONGBU_TTY" raw -echo
	exec 3<>"/dev/$TONGBU_TTY"
	# What is said before somebody holds the socket's other end is lost.
	for ((i = 0; i < 600; i++)); do
		echo "word" >&3
		read -r -t 1 answer <&3 && break
	done
	echo "the host said $answer"
	grep -l 0x11e8 /sys/bus/pci/devices/*/device | wc -l
SCRIPT
outside=$!
# Its own tree and 100,000 files in /tmp change nothing. A copy with what is built in it:
# in the build root its name is the same.
mkdir "$work/many" "$work/tree"
(cd "$work/many" && seq 100000 | xargs touch)
tar -C "$here/../.." --exclude=./.git --exclude='./build/[!g]*' -cf - . | tar -C "$work/tree" -xf -
here=$work/tree/tests/vm guest elsewhere <<<'test -x build/bin/tongbud && uname -r' &
elsewhere=$!
guest panics <<<'sleep 0.3; echo c >/proc/sysrq-trigger' &
wait "$!" "$full" "$outside" "$elsewhere"

check "a script's status 0 is the runner's" same 0 "$(<"$work/full.status")"
check "arguments come through as they are" grep -qFx "<$words>" "$work/full.out"
check "... all of them" grep -qFx "arguments 4" "$work/full.out"
check "--env comes through as it is" grep -qFx "said <$words>, empty <>" "$work/full.out"
check "/dev/stderr is there" grep -qFx "to stderr" "$work/full.out"
check "/dev/fd is there" grep -qFx "by way of /dev/fd" "$work/full.out"
check "--hide hides" grep -qx 0 "$work/full.out"
check "the kernel is the one asked for" \
	grep -qFx "on kernel $("$here/kver.sh" stock)" "$work/full.out"
check "the root is of the release that has the kernel" \
	grep -qFx "root of $("$here/kver.sh" --release stock)" "$work/full.out"
check "nothing of the host's files is in it" grep -qFx "nothing of the host's" "$work/full.out"
check "a file in \$TONGBU_OUT is in --out" same "from the guest" "$(cat "$work/out/file")"
check "... and nothing else is" same file "$(ls -A "$work/out")"
check "long output comes through to its last line" \
	same "$(seq 200000 | sha256sum)" "$(tail -n 200000 "$work/full.out" | sha256sum)"
check "a tree in /tmp, beside 100,000 files" \
	same "$("$here/kver.sh" stock)" "$(cat "$work/elsewhere.out")"
check "the kernel's panic is status 125" same 125 "$(<"$work/panics.status")"
check "... with its last words" grep -q 'Kernel panic - not syncing: sysrq' "$work/panics.err"
check "... which --console keeps" grep -q 'Kernel panic' "$work/panics.console"

check "bytes pass from the guest to a script beside" \
	grep -qx "the guest said word" "$work/outside.err"
check "... and back" grep -qx "the host said hello" "$work/outside.out"
check "... which has QEMU's monitor" grep -qx "monitor of QMP" "$work/outside.err"
check "--device is in the guest" grep -qx 1 "$work/outside.out"
check "how a script beside ended is told" grep -q "beside ended with status 3" "$work/outside.err"
check "... and changes nothing" same 0 "$(<"$work/outside.status")"
check "... and what it started ends with the guest" same "" "$(pgrep -fx "sleep 987")"

# end_by SIGNAL - a runner ended by it in mid-run leaves no process and no file
end_by() {
	local runner tmp="$work/tmp-$1" i rc=0
	mkdir "$tmp"
	echo 'echo begun; sleep 1000' >"$work/wait.sh"
	rm -f "$work/wait.out"
	TMPDIR=$tmp setsid "$here/run" --no-module --script "$work/wait.sh" \
		>"$work/wait.out" 2>"$work/wait.err" </dev/null &
	runner=$!
	for ((i = 0; i < 6000; i++)); do
		grep -qs begun "$work/wait.out" && break
		sleep 0.1
	done
	pgrep -s "$runner" >"$work/before"
	(($(wc -l <"$work/before") >= 3)) || { echo "it never ran"; cat "$work/wait.err"; return 1; }
	kill "-$1" "$runner"
	wait "$runner" || rc=$?
	# By itself, without the runner's help, an end takes a moment.
	for ((i = 0; i < 600; i++)); do
		pgrep -s "$runner" >/dev/null || break
		sleep 0.1
	done
	if pgrep -s "$runner" -a; then
		echo "is left"
		pkill -9 -s "$runner"
		return 1
	fi
	same $((128 + $2)) "$rc" || return 1
	[[ $1 = KILL ]] || same "" "$(ls "$tmp")"
}
guest seven <<<'echo "before the end"; exit 7' &
seven=$!
check "SIGTERM leaves nothing behind" end_by TERM 15
check "SIGKILL leaves no process behind" end_by KILL 9
wait "$seven" "$slow"
check "a script's status 7 is the runner's" same 7 "$(<"$work/seven.status")"
check "... and its output" same "before the end" "$(<"$work/seven.out")"
check "the timeout is status 124" same 124 "$(<"$work/slow.status")"
check "... and one line" same 1 "$(wc -l <"$work/slow.err")"
check "... with the output until then" same begun "$(<"$work/slow.out")"
exit "$status"
