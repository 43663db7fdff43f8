#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel tree's own client for YNL specs talks to the module, with nothing of ours
# but uapi/tongbu.yaml; and its generator writes kmod/policy.h. Runs as root in a guest
# of Debian 13, whose linux-source has both. Prints TAP.
#
#	tests/vm/run --kernel 6.12 --no-module --script tests/ynl/run.sh
set -uo pipefail

top=${TONGBU_TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
linux=$top/build/ynl
# shellcheck source=tests/vm/station.sh
. "$top/tests/vm/station.sh"
status=0
said=''

# check WORDS COMMAND... - it succeeds; what it said is told if not
check() {
	local words=$1
	shift
	if "$@"; then
		echo "ok - $words"
	else
		printf '# %s\n' "${said//$'\n'/$'\n'# }"
		echo "not ok - $words"
		status=1
	fi
}

# client OPTION... - ask the module; $said is what came of it
client() {
	said=$(/usr/bin/python3 "$linux/tools/net/ynl/cli.py" --spec "$top/uapi/tongbu.yaml" \
		--schema "$linux/Documentation/netlink/genetlink-legacy.yaml" "$@" 2>&1)
}

# has TEXT... - each of them is in what was said
has() {
	local text
	for text; do
		[[ $said = *"$text"* ]] || return 1
	done
}

# refused TEXT... - it was, and said so
refused() { [[ $1 != 0 ]] && has "${@:2}"; }

same_policy() {
	said=$(/usr/bin/python3 "$top/uapi/make-policy.py" "$linux" | diff -u "$top/kmod/policy.h" - 2>&1)
}

station_load || { echo "Bail out! tongbu.ko cannot be loaded"; exit 1; }
check "the spec is as the kernel's schema wants it, and info-get is answered" \
	client --do info-get
check "info has the module's version and its capacity" has "'info-version': '" "'info-capacity':"
check "chain-start is answered" client --do chain-start \
	--json '{"pubkey": "0900000000000000000000000000000000000000000000000000000000000000"}'
check "it gives the chain's id" has "'chain':"
check "source-add is answered" client --do source-add \
	--json '{"source-name": "door", "gpio-chip": "station", "gpio-line": 3, "gpio-edges": "rising"}'
check "it gives a number" has "'source-id': 16"
client --do source-add --json '{"source-name": "gate", "gpio-chip": "station", "gpio-line": 99}'
check "a line that is not there is refused in the kernel's words, with the attribute at fault" \
	refused $? "no line 99" "gpio-line"
client --do source-add --json '{"source-name": "gate", "gpio-chip": "station", "gpio-line": 4,
	"gpio-bias": 9}'
check "a value that the spec does not have is refused by the policy" refused $? "gpio-bias"
check "source-get is dumped" client --dump source-get
check "it has the source as it was armed" \
	has "'source-name': 'door'" "'gpio-chip': 'station'" "'gpio-line': 3" "'gpio-edges': 'rising'"
check "kmod/policy.h is what the kernel's generator makes of the spec" same_policy

check "the chain is ended" client --do chain-end --json '{}'
end=$(grep -o "'seq': [0-9]*" <<<"$said" | grep -o '[0-9]*$')
records=$(mktemp -d)
check "the reader of the docs reads it to its end" \
	timeout 60 docs/reader.py "$records" "$((${end:-0} + 1))"
check "it has kept each record" [ "$(find "$records" -name '[0-9]*' | wc -l)" = "$((${end:-0} + 1))" ]
check "the module may go" rmmod tongbu
exit "$status"
