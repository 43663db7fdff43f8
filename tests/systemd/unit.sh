#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The units of the packages, under systemd itself: started, sandboxed, watched, restarted,
# reloaded, stopped. Run by all.sh.
# shellcheck source=tests/systemd/lib.sh
. "$TONGBU_TOP/tests/systemd/lib.sh"

# process FIELD [UNIT]
process() { sed -n "s/^$1:\s*//p" "/proc/$(unit MainPID "${2:-tongbud}")/status"; }
journal() { journalctl -q -o cat -u "${1:-tongbud}" --no-pager; }
submits() { as alice /usr/bin/tongbuctl submit "$1" --wait; }

again() { [[ $(unit MainPID "${2:-tongbud}") != "$1" && $(unit ActiveState "${2:-tongbud}") = active ]]; }
caught_up() { grep -q '"caught_up":true,"trouble":null' <(tongbuctl status --json); }
has_sources() { [[ $(tongbuctl source list --json | wc -l) -eq $1 ]]; }
failed() { [[ $(unit ActiveState) = failed ]]; }

check "the package is installed" installs "$debs"/tongbu_*.deb
usermod -a -G tongbu alice
tongbuctl key new --out "$TONGBU_OUT/supervisor.pem" >/dev/null
cp "$TONGBU_OUT/supervisor.pub.pem" /etc/tongbu/
{ config_with 0 1 && echo 'packs = [ "market" ];'; } >/etc/tongbu/tongbu.conf

check "systemd finds no fault with the units" cat_nothing \
	<(systemd-analyze verify tongbud.service tongbu-referee.service 2>&1 | grep -E 'tongbud|tongbu-referee')
check "it starts, and says itself that it is ready" systemctl start tongbud
same "it is active" active "$(unit ActiveState)"
same "the module was loaded for the group" "$(getent group tongbu | cut -d: -f3)" \
	"$(cat /sys/module/tongbu/parameters/submit_gid)"
same "it runs as its own user" tongbu "$(stat -c %U "/proc/$(unit MainPID)")"
same "without any capability" "0000000000000000 0000000000000000" "$(process CapEff) $(process CapBnd)"
same "under a filter of system calls" 2 "$(process Seccomp)"
same "without new privileges" 1 "$(process NoNewPrivs)"
check "systemd counts it as well contained" systemd-analyze security --no-pager --threshold=25 tongbud
check "the referee comes with it" within 60 caught_up
same "as its own user" tongbu-referee "$(stat -c %U "/proc/$(unit MainPID tongbu-referee)")"
same "without any capability" "0000000000000000 0000000000000000" \
	"$(process CapEff tongbu-referee) $(process CapBnd tongbu-referee)"
same "under a filter of system calls, too" "2 1" \
	"$(process Seccomp tongbu-referee) $(process NoNewPrivs tongbu-referee)"
check "with sockets of no other kind than local ones" test -z \
	"$(nsenter -n -t "$(unit MainPID tongbu-referee)" ip -o link | grep -v ' lo:')"
check "systemd counts it as well contained" systemd-analyze security --no-pager --threshold=20 tongbu-referee
check "a pack is in force by tongbud's word" grep -q '"kind":"pack"' \
	<(tongbuctl log --json --kind act --uid tongbu)
check "a member of the group submits" submits "sluice 3 opened"
refused "who is no member does not" 4 "ask to be added" as mallory /usr/bin/tongbuctl submit "I"
gpio_sim_pull station 0 up
check "an edge is on record" within 60 test "$(log_count --kind edge)" -ge 1

before=$(unit MainPID)
kill -9 "$before"
check "killed, it is started again" within 60 again "$before"
check "and records go on" submits "after the kill"
before=$(unit MainPID tongbu-referee)
kill -9 "$before"
check "so is the referee" within 60 again "$before" tongbu-referee
check "and catches up" within 60 caught_up

mkdir -p /run/systemd/system/tongbud.service.d
printf '[Service]\nWatchdogSec=5\n' >/run/systemd/system/tongbud.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart tongbud
before=$(unit MainPID)
kill -STOP "$before"
check "stuck, it is ended by the watchdog and started again" within 120 again "$before"
check "and records go on after that" submits "after the watchdog"
rm -r /run/systemd/system/tongbud.service.d
systemctl daemon-reload

{ config_with 0 1 2 && echo 'packs = [ "market", "highway" ]; timezone = "+09:00";'; } >/etc/tongbu/tongbu.conf
check "it reloads" systemctl reload tongbud
check "with the new source" within 30 has_sources 3
has_pack() { grep -q '"name":"highway"' <(tongbuctl log --json --kind act --uid tongbu); }
check "and the referee with the new pack" within 60 has_pack
check "which says what waits for a restart" grep -q 'new time zone needs a restart' <(journal tongbu-referee)

before=$(tongbuctl log --json | wc -l)
check "it stops" systemctl stop tongbud
check "the referee says so, and answers" grep -q 'packs stopped: tongbud' <(tongbuctl office list 2>&1)
same "cleanly" "success inactive" "$(unit Result) $(unit ActiveState)"
check "the chain goes on without it: the module stays" [ "$(rmmod tongbu 2>&1 | grep -c 'in use')" = 1 ]
check "it starts again" systemctl start tongbud
check "the chain ends" tongbuctl chain end
check "and so does the unit" within 60 inactive
same "cleanly, and once" "success 0" "$(unit Result) $(unit NRestarts)"
check "then the module can be unloaded" rmmod tongbu
check "the ledger kept what there was" test "$(sql 'SELECT count(*) FROM record')" -ge "$before"

echo 'station = 7;' >/etc/tongbu/tongbu.conf
systemctl start tongbud 2>/dev/null
check "a wrong configuration ends it" within 60 failed
same "once, with status 2" "2 0" "$(unit ExecMainStatus) $(unit NRestarts)"
check "and the journal has the line" grep -q 'tongbu.conf:1: station must be a string' <(journal)

config_with 0 >/etc/tongbu/tongbu.conf
rmmod tongbu 2>/dev/null
check "the package of the module is removed" dpkg -r "tongbu-modules-$kver"
check "... and the module with it" test ! -e "/lib/modules/$kver/updates/tongbu.ko"
systemctl reset-failed tongbud
systemctl start tongbud 2>/dev/null
check "a missing module ends it" within 60 failed
same "once, with status 3" "3 0" "$(unit ExecMainStatus) $(unit NRestarts)"
check "and the journal says what to do" grep -q 'module' <(journal | tail -n 3)

ends_and_purged
