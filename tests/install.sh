#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `make install` into an empty directory: is all of it there, and does each file
# do what it is for? `make uninstall`: is nothing left but the configuration?
# Prints TAP.
#
# Functions are called through check(), and files read are the installed ones:
# shellcheck disable=SC1091,SC2013,SC2016,SC2317
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/tongbu-install.XXXXXX")
trap 'rm -rf "$work"' EXIT
dest=$work/root
# shellcheck source=tests/tap.sh
. tests/tap.sh

version=$(sed -n 's/^VERSION[[:space:]]*:= *//p' Makefile)
source=$dest/usr/src/tongbu-$version
units=$dest/usr/lib/systemd/system
conf=$dest/etc/tongbu/tongbu.conf

check "make install" make -s install DESTDIR="$dest"

# Programs

says_version() { [[ $("$1" --version) == *"$version"* ]]; }
check "tongbuctl runs and says its version" says_version "$dest/usr/bin/tongbuctl"
check "tongbu-verify runs and says its version" says_version "$dest/usr/bin/tongbu-verify"
check "tongbud runs and says its version" says_version "$dest/usr/sbin/tongbud"
check "tongbuctl helps" "$dest/usr/bin/tongbuctl" --help
check "tongbu-verify helps" "$dest/usr/bin/tongbu-verify" --help
check "tongbud helps" "$dest/usr/sbin/tongbud" --help
check "tongbu-referee runs and says its version" says_version "$dest/usr/sbin/tongbu-referee"
check "tongbu-referee helps" "$dest/usr/sbin/tongbu-referee" --help
check "tongbu-uplink runs and says its version" says_version "$dest/usr/sbin/tongbu-uplink"
check "tongbu-uplink helps" "$dest/usr/sbin/tongbu-uplink" --help
check "tongbu-hub runs and says its version" says_version "$dest/usr/sbin/tongbu-hub"
check "tongbu-hub helps" "$dest/usr/sbin/tongbu-hub" --help
# Rules and matters are the referee's: the recorder does not even have the means.
has_no_lua() { ! ldd "$dest/usr/sbin/tongbud" | grep -i lua; }
check "tongbud links no Lua" has_no_lua
has_no_netlink() { ! nm -u "$dest/usr/sbin/tongbu-referee" | grep -E ' (nl_|genl_)'; }
check "tongbu-referee speaks to no kernel module" has_no_netlink

# The module's source, as DKMS takes it

dkms_conf_is_filled_in() {
	! grep '@' "$source/dkms.conf" &&
		[[ $(set +u; . "$source/dkms.conf" && echo "$PACKAGE_NAME $PACKAGE_VERSION") == "tongbu $version" ]]
}
check "dkms.conf names the version" dkms_conf_is_filled_in

# As `dkms build` does it: a copy of the source, and the line of dkms.conf
builds_by_dkms_conf() {
	# Named in the lines of dkms.conf
	# shellcheck disable=SC2034
	local kver dkms_tree=$work/dkms kernel_source_dir
	local built=$work/dkms/tongbu/$version/build
	kver=$(tests/vm/kver.sh --host)
	# shellcheck disable=SC2034
	kernel_source_dir=/lib/modules/$kver/build
	mkdir -p "$built" && cp -r "$source/." "$built/" || return 1
	(
		. "$built/dkms.conf"
		eval "${MAKE[0]}" && test -s "$built/$BUILT_MODULE_LOCATION/$BUILT_MODULE_NAME.ko"
	) || return 1
	modinfo "$built/kmod/tongbu.ko" | grep -q "^version: *$version\$"
}
check "the module builds from the installed source alone" builds_by_dkms_conf

check "the headers are those of the tree" diff -r uapi/linux "$dest/usr/include/linux"
header_compiles() {
	printf '#include <linux/tongbu.h>\nint x[sizeof(struct tongbu_header) == 48 ? 1 : -1];\n' |
		cc -isystem "$dest/usr/include" -Wall -Wextra -Werror -x c -c -o /dev/null -
}
check "a program can be compiled against the header" header_compiles

# What systemd and kmod read

units_are_valid() {
	local unit
	mkdir -p "$work/units"
	# The programs are not where the units will find them.
	for unit in tongbud tongbu-referee; do
		sed "s,^ExecStart=,&$dest," "$units/$unit.service" >"$work/units/$unit.service"
	done
	systemd-analyze verify --man=no "$work"/units/*.service 2>&1 | tee "$work/verify"
	# Only what is said of these units counts, not what is wrong with the host's.
	! grep -E 'tongbud.service|tongbu-referee.service' "$work/verify"
}
exists() { command -v "$1" >/dev/null; }
if exists systemd-analyze; then
	check "systemd-analyze verify has nothing to say of the units" units_are_valid
else
	skip "systemd-analyze verify has nothing to say of the units" "no systemd-analyze"
fi
starts_what_is_installed() {
	local program unit
	for unit in tongbud tongbu-referee; do
		program=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$units/$unit.service")
		[[ ${program##*/} == "$unit" && -x $dest$program ]] || return 1
	done
}
check "the units start the programs that are installed" starts_what_is_installed

sysusers_line() { [[ $(grep -cE '^u tongbu(-referee)? - ' "$dest/usr/lib/sysusers.d/tongbu.conf") -eq 2 ]]; }
makes_user_and_group() {
	local root=$work/users
	mkdir -p "$root/etc"
	systemd-sysusers --root="$root" "$dest/usr/lib/sysusers.d/tongbu.conf" &&
		grep -q '^tongbu:' "$root/etc/passwd" && grep -q '^tongbu:' "$root/etc/group" &&
		grep -q '^tongbu-referee:' "$root/etc/passwd"
}
if exists systemd-sysusers; then
	check "sysusers makes the users and the group" makes_user_and_group
else
	check "sysusers has a line for user and group" sysusers_line
fi

modprobe_conf=$dest/usr/lib/modprobe.d/tongbu.conf
kmod_reads_it() {
	modprobe -C "$modprobe_conf" --showconfig >"$work/showconfig" &&
		grep -q '^install tongbu .*--ignore-install tongbu submit_gid=' "$work/showconfig"
}
check "kmod understands the line for modprobe" kmod_reads_it
# gives GROUP-LINE EXPECTED - what the module would be loaded with
gives() {
	local command
	printf '#!/bin/sh\n%s\n' "${1:+echo '$1'}" >"$work/getent"
	chmod +x "$work/getent"
	command=$(sed -n 's/^install tongbu //p' "$modprobe_conf")
	command=${command//\/sbin\/modprobe/echo}
	command=${command//\$CMDLINE_OPTS/ring=64}
	[[ $(PATH=$work:$PATH sh -c "$command") == "--ignore-install tongbu $2 ring=64" ]]
}
check "the module is loaded for the group tongbu" gives tongbu:x:994:alice submit_gid=994
check "without the group nobody may submit" gives "" submit_gid=-1

# Configuration

uncommented() { sed 's,^\( *\)//\([a-z]* = \|\t\),\1\2,' "$conf"; }
with_all_settings() {
	uncommented >"$work/all.conf"
	! cmp -s "$conf" "$work/all.conf" && "$@" "$work/all.conf"
}
supervisor=$work/supervisor.pem
"$dest/usr/bin/tongbuctl" key new --out "$supervisor" >/dev/null 2>&1 </dev/null
# Checked as if it stood in /etc: with a key, and a place for the ledger
loads() {
	sed -e "s,/etc/tongbu/,$work/," -e "s,/var/lib/tongbu/,$work/," \
		-e "s,/run/tongbu/,$work/," -e "s,/var/lib/tongbu-referee/,$work/," "$1" >"$work/checked.conf"
	"$dest/usr/sbin/tongbud" --check --config "$work/checked.conf"
}
check "tongbud takes the configuration as it comes" loads "$conf"
check "tongbud takes it with every example uncommented" with_all_settings loads

# Man pages

renders() {
	local warnings
	warnings=$(man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null)
	echo "$warnings"
	[[ -z $warnings && $(MANWIDTH=80 man -E UTF-8 -l "$1" | wc -l) -gt 40 ]]
}
for page in man1/tongbuctl.1 man5/tongbu.conf.5 man8/tongbud.8 man8/tongbu-referee.8; do
	check "man page ${page#*/} renders without warnings" renders "$dest/usr/share/man/$page"
done
documents_all_settings() {
	local setting
	for setting in $(sed -n 's/.*!strcmp(name, "\([a-z_]*\)").*/\1/p' daemon/lib/config.c); do
		grep -qE "^\.(It Cm|TP|B|Cm).*$setting|^\.B $setting" \
			"$dest/usr/share/man/man5/tongbu.conf.5" ||
			{ echo "not in tongbu.conf(5): $setting"; return 1; }
	done
}
check "tongbu.conf(5) has every setting the daemon knows" documents_all_settings

# Completion

completion=$dest/usr/share/bash-completion/completions/tongbuctl
check "the completions are good shell" bash -n "$completion" "${completion%ctl}-verify"
check "zsh and fish have theirs" ls "$dest/usr/share/zsh/vendor-completions/_tongbuctl" \
	"$dest/usr/share/fish/vendor_completions.d/tongbuctl.fish"
# completes EXPECTED WORD... - what the last word is completed to
completes() {
	local expected=$1
	shift
	[[ $(PATH=$dest/usr/bin:$PATH bash -c '. "$0"; COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1)); _tongbuctl; echo "${COMPREPLY[*]}"' \
		"$completion" "$@") == "$expected" ]]
}
check "it completes a command" completes verify tongbuctl ver
check "it completes a command's second word" completes export tongbuctl bundle e
check "it completes an option" completes --challenge tongbuctl verify x.bundle --chal
check "it completes a value" completes "pull-up pull-down" tongbuctl source add a --bias pull
check "it looks past global options" completes status tongbuctl --socket /run/x --json sta

# Again, and away

printf '\n// ours\n' >>"$conf"
cp "$conf" "$work/ours"
check "make install a second time" make -s install DESTDIR="$dest"
check "an edited configuration is kept" cmp "$work/ours" "$conf"
check "make uninstall" make -s uninstall DESTDIR="$dest"
configurations=$(printf "%s\n" ./etc/tongbu-hub/hub.conf ./etc/tongbu/tongbu.conf)
nothing_else() {
	local left
	left=$(cd "$dest" && find . ! -type d)
	echo "$left"
	[[ $(LC_ALL=C sort <<<"$left") == "$configurations" ]]
}
check "only the configurations are left" nothing_else

elsewhere() {
	dest=$work/local units=$work/local/usr/lib/systemd/system
	make -s install DESTDIR="$dest" PREFIX=/usr/local &&
		test -x "$dest/usr/local/sbin/tongbud" &&
		grep -q '^ExecStart=/usr/local/sbin/tongbud$' \
			"$units/tongbud.service" &&
		grep -q '^ExecStart=/usr/local/sbin/tongbu-referee$' "$units/tongbu-referee.service" &&
		make -s uninstall DESTDIR="$dest" PREFIX=/usr/local &&
		[[ $(cd "$dest" && find . ! -type d | LC_ALL=C sort) == "$configurations" ]]
}
check "another PREFIX moves the programs and the unit's path with them" elsewhere

exit "$failed"
