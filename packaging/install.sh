#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Put what packaging/files lists where it belongs, or take it away:
#
#	packaging/install.sh install|uninstall|list [PACKAGE...]
#
# of these packages, or of all of them. DESTDIR, PREFIX, SYSCONFDIR, UNITDIR as usual.
# A configuration that is there stays as it is; "list" prints what goes where.
set -euo pipefail
shopt -s nullglob

cd "$(dirname "$0")/.."
: "${DESTDIR:=}" "${PREFIX:=/usr}" "${SYSCONFDIR:=/etc}" "${UNITDIR:=/usr/lib/systemd/system}"
version=$(sed -n 's/^VERSION[[:space:]]*:= *//p' Makefile)
action=${1:-}
[[ $action = install || $action = uninstall || $action = list ]] ||
	{ echo "usage: install.sh install|uninstall|list [PACKAGE...]" >&2; exit 2; }
shift

# put FILE TARGET
put() {
	local file=$1 target=$DESTDIR$2 mode=644
	case $file in
	build/bin/*) mode=755 ;;
	packaging/tongbu.conf | packaging/hub.conf) [[ ! -e $target ]] || return 0 ;;
	esac
	install -D -m "$mode" "$file" "$target"
	case $file in
	*.service) sed -i "s,/usr/sbin/tongbu,$PREFIX/sbin/tongbu,g" "$target" ;;
	packaging/dkms.conf) sed -i "s/#MODULE_VERSION#/$version/" "$target" ;;
	esac
}

# each FILE TARGET
each() {
	case $action in
	install) put "$1" "$2" ;;
	uninstall) [[ $1 = packaging/@(tongbu|hub).conf ]] || rm -f "$DESTDIR$2" ;;
	list) printf '%s\t%s\n' "$1" "$2" ;;
	esac
}

while read -r package pattern directory name; do
	[[ -n $package && $package != \#* ]] || continue
	(($# == 0)) || [[ " $* " == *" $package "* ]] || continue
	directory=${directory//@PREFIX@/$PREFIX}
	directory=${directory//@SYSCONFDIR@/$SYSCONFDIR}
	directory=${directory//@UNITDIR@/$UNITDIR}
	directory=${directory//@VERSION@/$version}
	base=${pattern%%//*}/
	# Patterns are to be expanded.
	# shellcheck disable=SC2206
	files=(${pattern//\/\///})
	((${#files[@]})) || { echo "there is no $pattern: run make build" >&2; exit 1; }
	for file in "${files[@]}"; do
		[[ -f $file || $action = list ]] || { echo "there is no $file: run make build" >&2; exit 1; }
		if [[ $pattern == *//* ]]; then
			each "$file" "$directory/${file#"$base"}"
		else
			each "$file" "$directory/${name:-${file##*/}}"
		fi
	done
done <packaging/files

# Directories that are ours alone
if [[ $action = uninstall ]]; then
	for directory in "/usr/src/tongbu-$version" "$PREFIX/share/tongbu" "$PREFIX/share/doc/tongbu" "$PREFIX/share/doc/tongbu-hub"; do
		[[ ! -d $DESTDIR$directory ]] || find "$DESTDIR$directory" -depth -type d -empty -delete
	done
fi
