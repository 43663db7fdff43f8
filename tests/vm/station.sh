# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The station in the guest: users, module, configuration, daemon. Sourced by
# guest-init and by scripts that stop and start the parts themselves.
#
#	station_users		group tongbu; alice, bob in it, mallory not
#	station_load [PARAM=..]	load tongbu.ko for the running kernel
#	station_config		supervisor's public key; tongbu.conf from standard input
#	station_start		start tongbud and wait until it is ready
#	station_stop		stop it; station_kill kills it with -9
#	station_finish		end the chain, if one runs, and make it durable
#	station_unload		do so, and remove the module

TONGBU_TOP=${TONGBU_TOP:?}
TONGBU_KO=${TONGBU_KO:-$TONGBU_TOP/build/kmod/$(uname -r)/tongbu.ko}
TONGBU_PID=/run/tongbud.pid
TONGBU_LOG=${TONGBU_LOG:-/run/tongbud.log}
export PATH=$TONGBU_TOP/build/bin:$PATH

station_users() {
	getent group tongbu >/dev/null || groupadd --system tongbu
	local user
	for user in alice bob mallory; do
		id "$user" >/dev/null 2>&1 || useradd --no-create-home --shell /bin/bash "$user"
	done
	usermod -a -G tongbu alice
	usermod -a -G tongbu bob
}

station_load() {
	local module
	for module in $(modinfo -F depends "$TONGBU_KO" | tr , ' '); do
		[[ -d /sys/module/${module//-/_} ]] || modprobe "$module"
	done
	insmod "$TONGBU_KO" submit_gid="$(getent group tongbu | cut -d: -f3)" \
		submit_rate=1000 submit_burst=1000 submit_daily=0 "$@"
}

# Who has no key yet gets one for the test in $TONGBU_OUT, a directory of the
# host's; the station itself is given the public half alone.
station_config() {
	mkdir -p /etc/tongbu /run/tongbu
	[[ -f $TONGBU_OUT/supervisor.pub.pem ]] ||
		tongbuctl key new --out "$TONGBU_OUT/supervisor.pem" >/dev/null </dev/null
	cp "$TONGBU_OUT/supervisor.pub.pem" /etc/tongbu/
	cat >/etc/tongbu/tongbu.conf
}

station_default_config() {
	station_config <<-CONF
		station = "river-07";
		supervisor_key = "/etc/tongbu/supervisor.pub.pem";
		sources = (
			{ name = "water"; chip = "station"; line = 0; edges = "both"; },
			{ name = "door"; chip = "station"; line = 1; edges = "rising"; }
		);
	CONF
}

station_start() {
	local i
	# Of the group, so that it can say which packs are in force
	setpriv --groups "$(getent group tongbu | cut -d: -f3)" tongbud "$@" </dev/null >>"$TONGBU_LOG" 2>&1 &
	echo $! >"$TONGBU_PID"
	for ((i = 0; i < 300; i++)); do
		# Ready means that it answers.
		tongbuctl status --json 2>/dev/null | grep -q '"ready":true' && return 0
		kill -0 "$(<"$TONGBU_PID")" 2>/dev/null || break
		sleep 0.1
	done
	echo "tongbud did not start:" >&2
	tail -n 5 "$TONGBU_LOG" >&2
	return 1
}

station_end() {
	local pid
	pid=$(<"$TONGBU_PID")
	kill "-$1" "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
	rm -f "$TONGBU_PID"
}

station_stop() { station_end TERM; }
station_kill() { station_end KILL; }
station_finish() {
	local i pid
	tongbuctl chain end --no-wait >/dev/null 2>&1 || return 0
	pid=$(cat "$TONGBU_PID" 2>/dev/null)
	if [[ -z $pid ]] || ! kill -0 "$pid" 2>/dev/null; then
		# Somebody has to read what is left: it ends when it has.
		tongbud </dev/null >>"$TONGBU_LOG" 2>&1
		(($? == 6)) || { tail -n 5 "$TONGBU_LOG" >&2; return 1; }
		return 0
	fi
	for ((i = 0; i < 600; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	wait "$pid" 2>/dev/null || true
	rm -f "$TONGBU_PID"
}
station_unload() { station_finish && rmmod tongbu; }

# as USER COMMAND... - run as that user, with the user's groups
as() {
	local user=$1
	shift
	setpriv --reuid "$user" --regid "$user" --init-groups -- "$@"
}
