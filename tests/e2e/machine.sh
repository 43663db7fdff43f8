#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What may happen to the station's programs, clock, memory, module and keys: capture goes on
# where there is something that captures, doctor says what is wrong, and when its cause has
# ended all that was sealed is there once, and verifies.
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

CGROUPS=/sys/fs/cgroup

station_load heartbeat=3600000 submit_rate=0
four_lines_config
check "the station starts" station_start
edges 24
until_durable

fault "tongbud is killed"
station_kill
edges 200
doctor_tells FAIL chain 'nobody reads it'
check "$row: status says so" grep -q "tongbud does not run" <(tongbuctl status 2>&1)
check "$row: it starts" station_start
fault_over

# Steps of the clock are records, and so is where it stood.
fault "the clock is set a year ahead, two back, and right again"
for step in 31536000 -63072000 31536000; do
	date -s "@$(($(date +%s) + step))" >/dev/null
	edges 24
	until_durable
done
stepped() { (($(log_count --kind clock) >= 3)); }
check "$row: the steps are on record" until_so stepped
doctor_tells WARN clock ''
fault_over
check "$row: the verification tells of them" test "$(verify "$WORK/bundle" --json | jget facts.clock_steps)" -ge 3

fault "the programs have 48 MiB, then one"
mountpoint -q "$CGROUPS" || mount -t cgroup2 none "$CGROUPS"
echo +memory >"$CGROUPS/cgroup.subtree_control"
mkdir "$CGROUPS/station"
echo 48M >"$CGROUPS/station/memory.max"
station_stop
echo $$ >"$CGROUPS/station/cgroup.procs"
check "$row: they start in it" station_start
echo $$ >"$CGROUPS/cgroup.procs"
edges 800
check "$row: what was sealed is durable" until_durable
killed() { awk '$1 == "oom_kill" { print $2 }' "$CGROUPS/station/memory.events"; }
same "$row: nobody is killed for it" 0 "$(killed)"
pid=$(<"$TONGBU_PID")
echo 1M >"$CGROUPS/station/memory.max" 2>/dev/null
gone() { ! kill -0 "$pid" 2>/dev/null || [[ $(<"/proc/$pid/stat") = *") Z "* ]]; }
check "$row: with one tongbud is killed" until_so gone
station_stop
edges 200
doctor_tells FAIL daemon 'tongbud does not run'
check "$row: with enough they start" station_start
fault_over
rmdir "$CGROUPS/station"

fault "the module is to be removed while a chain runs"
refused "$row: it stays while tongbud reads" 1 "in use" rmmod tongbu
station_kill
refused "$row: and while nobody does" 1 "in use" rmmod tongbu
edges 200
doctor_tells FAIL chain 'nobody reads it'
check "$row: tongbud starts" station_start
fault_over

# Nothing happens that could be sealed: the chain has an END, and the next one names it.
fault "the module is removed at a chain's end, and its file is damaged"
until_durable
station_stop
check "$row: it is" station_unload
head -c 20000 "$TONGBU_KO" >"$WORK/tongbu.ko"
refused "$row: the kernel takes none that is damaged" 1 "" insmod "$WORK/tongbu.ko"
rc=0
tongbud >"$WORK/out" 2>&1 || rc=$?
same "$row: tongbud says so" 3 "$rc"
refused "$row: so does status" 3 "module tongbu is not loaded" tongbuctl status
doctor_tells FAIL module ''
station_load heartbeat=3600000 submit_rate=0
check "$row: the station starts on the whole one" station_start
edges 24
fault_over

# It is read where a chain begins alone.
fault "the file of the supervisor's key holds none"
echo "no key" >/etc/tongbu/supervisor.pub.pem
until_durable
station_stop
check "$row: a chain that runs has its key" station_start
edges 24
until_durable
station_stop
check "$row: the chain ends" station_unload
station_load heartbeat=3600000 submit_rate=0
rc=0
tongbud >"$WORK/out" 2>&1 || rc=$?
sed 's/^/# /' "$WORK/out"
same "$row: no chain begins without" 2 "$rc"
doctor_tells FAIL chain 'no chain runs, so nothing is recorded'
four_lines_config
check "$row: with the right one it does" station_start
edges 24
fault_over

fault "the file of the log's key holds none"
until_durable
station_stop
cp -p /var/lib/tongbu/log.pem "$WORK/log.pem"
echo "no key" >/var/lib/tongbu/log.pem
check "$row: the station starts" station_start
edges 200
until_durable
status_tells '^log +log_key .*holds no private'
doctor_tells FAIL log 'Records are kept, but no checkpoint is signed'
station_stop
cp -p "$WORK/log.pem" /var/lib/tongbu/log.pem
check "$row: with the right one it does" station_start
check "$row: it signs" tongbuctl checkpoint
fault_over

tongbuctl key new --out "$WORK/other.pem" >/dev/null </dev/null
refused_key() { ! tongbuctl verify "$WORK/bundle" --key "$WORK/other.pem" --json >"$WORK/verdict"; }
check "a bundle does not verify with another supervisor's key" refused_key
