# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rest of the guest's boot under systemd: what guest-init has set up stays,
# the script runs as a service of its own. Sourced by guest-init, and run by that
# service.

# become_systemd - hand process 1 over to it; does not return
become_systemd() {
	export -p | grep ' TONGBU_' >/run/guest-env
	printf 'TONGBU_ARGS=%q\nwords=%q\n' "$TONGBU_ARGS" "$words" >>/run/guest-env
	mkdir -p /run/systemd/system
	cat >/run/systemd/system/guest.service <<-UNIT
		[Unit]
		Description=Script of the guest
		Requires=basic.target
		After=basic.target
		[Service]
		Type=oneshot
		TimeoutStartSec=infinity
		ExecStart=/bin/bash $TONGBU_TOP/tests/vm/guest-systemd.sh
		StandardOutput=file:/run/words
		StandardError=file:/run/words
	UNIT
	# Without a writer until the service is one, what carries words out would end.
	sleep infinity &
	# The host's own mounts, swap and login have no place here.
	: >/etc/fstab
	export container=''
	exec /lib/systemd/systemd --system --unit=guest.service --log-target=kmsg --log-level=warning \
		--show-status=no >/dev/null 2>&1
}

if [[ $$ -ne 1 ]]; then
	export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
	# shellcheck source=/dev/null
	. /run/guest-env
	# shellcheck source=tests/vm/guest-finish.sh
	. "$TONGBU_TOP/tests/vm/guest-finish.sh"
	# shellcheck source=tests/vm/station.sh
	. "$TONGBU_TOP/tests/vm/station.sh"
	cd "$TONGBU_TOP" || fail "$TONGBU_TOP is not there"
	eval "set -- $TONGBU_ARGS"
	bash "$TONGBU_SCRIPT" "$@" </dev/null
	finish $?
fi
