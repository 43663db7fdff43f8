#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian packages on a machine under systemd: installed over the release before,
# set up by README.md's own words, upgraded, removed, purged. Run by all.sh.
#
# Functions are called through check():
# shellcheck disable=SC2317
# shellcheck source=tests/systemd/lib.sh
. "$TONGBU_TOP/tests/systemd/lib.sh"

version() { dpkg-query -W -f '${Version}' "$1"; }
state() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null; }
records() { sql 'SELECT count(*) FROM record'; }
mkdir "$WORK/away"
cd "$WORK/away" || exit 1

# Installed

check "the release before is installed" installs "$TONGBU_TOP"/build/deb-old/tongbu_*.deb
check "... with a user of its own" id tongbu
same "... and nothing is started that has no key yet" "disabled inactive" \
	"$(systemctl is-enabled tongbud) $(unit ActiveState)"
check "tongbu-verify is installed" installs "$debs"/tongbu-verify_*.deb

# By README.md's own words, but for what is bought, wired and copied; apt-get is tried where
# there are packages to get, by tests/fresh/test.sh.
words=$(sed -n '/^## On a real machine/,/^## /s/^    //p' "$TONGBU_TOP/README.md")
commands=$(grep -E '^(usermod|runuser|tongbu|systemctl)' <<<"$words" | sed 's/ *#.*//')
same "README.md has a first record within fifteen commands" yes \
	"$( (($(wc -l <<<"$commands") > 6 && $(wc -l <<<"$commands") < 13)) && echo yes)"
while read -r command; do
	[[ $command != "tongbud --check"* ]] || {
		cp supervisor.pub.pem /etc/tongbu/
		sed -n '/^station = /,/^);/p' <<<"$words" |
			sed 's/pinctrl-bcm2835/station/; s/line = 17/line = 0/; s/line = 27/line = 1/' >/etc/tongbu/tongbu.conf
	}
	# The referee comes with tongbud, but later than a script can ask.
	[[ $command != "tongbuctl doctor"* ]] || within 120 systemctl -q is-active tongbu-referee
	check "README.md: $command" bash -c "$command" </dev/null
	[[ $command != "tongbuctl doctor"* ]] || cp "$WORK/check" "$WORK/doctor"
done <<<"$commands"
same "doctor found nothing but what a guest does not have" "" \
	"$(grep -vE '^OK|^WARN +(signature|lockdown|enforce|clock|group|held) ' "$WORK/doctor")"
same "the module was loaded for the group" "$(getent group tongbu | cut -d: -f3)" \
	"$(cat /sys/module/tongbu/parameters/submit_gid)"
check "the unit is enabled" systemctl is-enabled tongbud
same "the lines are those of README.md" "water door" "$(tongbuctl source list --json | names | xargs)"

# Upgraded

before=$(records) pid=$(unit MainPID)
echo '// ours' >>/etc/tongbu/tongbu.conf
check "this release is installed over it" installs "$debs"/tongbu_*.deb
check "... in fact" dpkg --compare-versions "$(version tongbu)" gt 0.1~
same "the daemon runs" active "$(unit ActiveState)"
same "... and is another" yes "$([[ $(unit MainPID) != "$pid" ]] && echo yes)"
check "the configuration is as it was" grep -qx '// ours' /etc/tongbu/tongbu.conf
check "the ledger has what it had" test "$(records)" -ge "$before"
check "and records go on" runuser -u alice -- tongbuctl submit "after the upgrade" --wait

# Removed: what it has stays, and it goes on with it

check "the package is removed" dpkg -r tongbu
same "... the daemons have ended" "" "$(pgrep -f '^/usr/sbin/tongbu')"
check "... the ledger is there" test -s "$LEDGER"
check "... and the configuration" test -s /etc/tongbu/tongbu.conf
check "it is installed again" installs "$debs"/tongbu_*.deb
check "... and starts" systemctl start tongbud
check "... and records go on" runuser -u alice -- tongbuctl submit "after the removal" --wait
check "the ledger has what it had" test "$(records)" -gt "$before"

# The module by itself: whoever asks for its family first has it loaded

check "the chain ends" tongbuctl chain end
check "... and with it the daemon" within 60 inactive
check "the module can be unloaded" rmmod tongbu
same "a question without the daemon loads it by its family's alias" yes \
	"$(tongbuctl doctor >/dev/null 2>&1; loaded && echo yes)"
rmmod tongbu

# Purged

check "purged where nobody can be asked" dpkg -P tongbu
check "... the ledger is there" test -s "$LEDGER"
check "... and the configuration is not" test ! -e /etc/tongbu/tongbu.conf
check "it is installed again" installs "$debs"/tongbu_*.deb
check "purged by somebody who says no" answers false dpkg -P tongbu
check "... the ledger is there" test -s "$LEDGER"
check "it is installed once more" installs "$debs"/tongbu_*.deb
check "purged by somebody who says yes" answers true dpkg -P tongbu
same "... the ledger is gone" "" "$(find /var/lib/tongbu /var/lib/tongbu-referee -mindepth 1 ! -name lost+found 2>/dev/null)"
same "... and the package" "" "$(state tongbu)"
