# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scenarios share whose hardware is moved from outside the guest; on top
# of tests/e2e/lib.sh. They run in the guest, tests/hardware/host on the host.
# shellcheck source=tests/e2e/lib.sh
. "$TONGBU_TOP/tests/e2e/lib.sh"

# host COMMAND WORD... - ask the host to do that, and wait until it has
host() {
	local i
	printf '%s\n' "$@" >"$TONGBU_OUT/ask.new" && mv "$TONGBU_OUT/ask.new" "$TONGBU_OUT/ask"
	for ((i = 0; i < 600; i++)); do
		if [[ -f $TONGBU_OUT/answer ]]; then
			cat "$TONGBU_OUT/answer"
			grep -qx ok "$TONGBU_OUT/answer"
			i=$?
			rm "$TONGBU_OUT/answer"
			return "$i"
		fi
		sleep 0.1
	done
	echo "the host did not answer in a minute"
	return 1
}

# until_records KIND COUNT - wait until the ledger has so many of them, not more
until_records() {
	local i count
	for ((i = 0; i < 300; i++)); do
		count=$(log_count --kind "$1")
		((count < $2)) || break
		sleep 0.2
	done
	echo "$count records of kind $1, expected $2"
	((count == $2))
}

# part KIND NTH FIELD - a field of the nth record of that kind, from 1
part() { log_json --kind "$1" | sed -n "$2p" | jget "$3"; }

# say BYTES - have the host say that on the line, as printf understands it
say() {
	# shellcheck disable=SC2059
	host send "$(printf "$1" | od -An -v -tx1 | tr -d ' \n')"
}

# until_shown COUNT PATTERN - wait until the command has watched that many such records
until_shown() {
	local limit=$((SECONDS + 60))
	while ((SECONDS < limit)); do
		(($(grep -c -- "$2" "$WORK/watched") >= $1)) && return 0
		sleep 0.2
	done
	cat "$WORK/watched"
	return 1
}
