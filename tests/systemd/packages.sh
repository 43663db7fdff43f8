#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian packages on a machine under systemd: installed over the release before,
# set up by README.md's own words, upgraded, removed, purged. Run in a guest by
# tests/packages.sh, which has built them:
#
#	build/deb-old		the release before
#	build/deb		this one
#	build/deb-modules	tongbu-modules for the guest's kernel, signed
#	build/deb-modules/bare	the same, not signed
#
# Functions are called through check():
# shellcheck disable=SC2317
set -uo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"
trap 'rm -rf "$WORK"; exit "$FAILED"' EXIT
# What is installed, and nothing from the tree
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
debs=$TONGBU_TOP/build/deb
kver=$(uname -r)

unit() { systemctl show --value -p "$1" tongbud; }
installs() { dpkg --force-confold -i "$@" </dev/null; }
version() { dpkg-query -W -f '${Version}' "$1"; }
state() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null; }
records() { sql 'SELECT count(*) FROM record'; }
loaded() { [[ -d /sys/module/tongbu ]]; }
# answers true|false COMMAND... - with that answer to whether evidence goes as well
answers() {
	echo "tongbu tongbu/remove-evidence boolean $1" | debconf-set-selections
	shift
	"$@"
}

userdel tongbu 2>/dev/null
userdel tongbu-referee 2>/dev/null
groupdel tongbu 2>/dev/null
mkdir "$WORK/away"
cd "$WORK/away" || exit 1

# Installed

check "the release before is installed" installs "$TONGBU_TOP"/build/deb-old/tongbu_*.deb
check "... with a user of its own" id tongbu
same "... and nothing is started that has no key yet" "disabled inactive" \
	"$(systemctl is-enabled tongbud) $(unit ActiveState)"
check "the module comes in a package" installs "$TONGBU_TOP"/build/deb-modules/bare/tongbu-modules-*.deb
check "... where modprobe finds it" modinfo -n tongbu
check "tongbu-verify is installed" installs "$debs"/tongbu-verify_*.deb

# By README.md's own words, but for what is bought, wired and copied
commands=$(sed -n '/^## On a real machine/,/^## /s/^    //p' "$TONGBU_TOP/README.md" |
	sed 's/ *#.*//' | grep -E '^(usermod|runuser|tongbu|systemctl)')
same "README.md has a first record within fifteen commands" yes \
	"$( (($(wc -l <<<"$commands") > 6 && $(wc -l <<<"$commands") < 13)) && echo yes)"
while read -r command; do
	[[ $command != "tongbud --check"* ]] || {
		cp supervisor.pub.pem /etc/tongbu/
		config_with 0 1 >/etc/tongbu/tongbu.conf
	}
	check "README.md: $command" bash -c "$command" </dev/null
	[[ $command != "tongbuctl doctor"* ]] || cp "$WORK/check" "$WORK/doctor"
done <<<"$commands"
same "doctor found nothing but what a guest does not have" "" \
	"$(grep -vE '^OK|^WARN +(signature|lockdown|enforce|clock|group) ' "$WORK/doctor")"
same "the module was loaded for the group" "$(getent group tongbu | cut -d: -f3)" \
	"$(cat /sys/module/tongbu/parameters/submit_gid)"
check "the unit is enabled" systemctl is-enabled tongbud

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

# The module by itself: whoever asks for its family first has it loaded

systemctl stop tongbud
check "the module can be unloaded" rmmod tongbu
same "a question without the daemon loads it by its family's alias" yes \
	"$(tongbuctl doctor >/dev/null 2>&1; loaded && echo yes)"
rmmod tongbu

# Removed, purged

systemctl start tongbud
check "the package is removed" dpkg -r tongbu
same "... the daemons have ended" "" "$(pgrep -f '^/usr/sbin/tongbu')"
check "... the ledger is there" test -s "$LEDGER"
check "... and the configuration" test -s /etc/tongbu/tongbu.conf
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

# Signed modules alone

rmmod tongbu 2>/dev/null
check "the kernel is told to load signed modules alone" \
	tee /sys/module/module/parameters/sig_enforce <<<1
refused_module() { ! modprobe --ignore-install tongbu 2>"$WORK/why"; cat "$WORK/why"; ! loaded; }
check "the module that is not signed is refused" refused_module
check "... for that reason" grep -qE 'rejected by service|Required key not available' "$WORK/why"
check "the signed one is installed over it" dpkg -i "$TONGBU_TOP"/build/deb-modules/tongbu-modules-*.deb
same "... and says who signed it" "Tongbu test" "$(modinfo -F signer tongbu)"
# A guest has no firmware to enrol the certificate with: this far, and no further.
check "... and is refused as long as nobody has enrolled its certificate" refused_module
check "... for that reason" grep -q 'Required key not available' "$WORK/why"
check "the package of the module is removed" dpkg -r "tongbu-modules-$kver"
check "... and the module with it" test ! -e "/lib/modules/$kver/updates/tongbu.ko"
