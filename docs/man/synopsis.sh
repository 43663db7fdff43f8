#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A manual page on standard input, with what the table of commands says between the
# lines .\" commands GROUP, or .\" json GROUP, and .\" end; for `make docs`, and for the test that compares.
#
#	synopsis.sh TONGBUCTL <PAGE
set -e
while IFS= read -r line; do
	case $line in
	'.\" commands '* | '.\" json '*)
		printf '%s\n' "$line"
		what=${line#'.\" '}
		"$1" --manual "${what% *}" "${what#* }"
		skip=yes
		;;
	'.\" end')
		printf '%s\n' "$line"
		skip=
		;;
	*) [ -n "${skip:-}" ] || printf '%s\n' "$line" ;;
	esac
done
