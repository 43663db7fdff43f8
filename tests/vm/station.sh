# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The station in the guest: users, module, configuration, daemons. Sourced by
# guest-init and by scripts that stop and start the parts themselves.
#
#	station_users		group tongbu; alice, bob in it, mallory not
#	station_load [PARAM=..]	load tongbu.ko for the running kernel
#	station_config		supervisor's public key; tongbu.conf from standard input
#	station_start [OPTION..]	start tongbud, and tongbu-referee with these options,
#				and wait until both answer
#	station_stop		stop both
#	station_kill		kill tongbud alone with -9; station_start brings it back
#	referee_start [OPTION..], referee_stop, referee_kill	the referee alone
#	station_reload		make both read the configuration again
#	station_finish		end the chain, if one runs, and make it durable
#	station_unload		do so, and remove the module

TONGBU_TOP=${TONGBU_TOP:?}
TONGBU_KO=${TONGBU_KO:-$TONGBU_TOP/build/kmod/$(uname -r)/tongbu.ko}
TONGBU_PID=/run/tongbud.pid
REFEREE_PID=/run/tongbu-referee.pid
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
	mkdir -p /etc/tongbu
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

# start_and_wait PIDFILE QUESTION PROGRAM... - until it answers
start_and_wait() {
	local pidfile=$1 question=$2 i
	shift 2
	# Of the group, so that both can ask, and say which packs are in force
	setpriv --groups "$(getent group tongbu | cut -d: -f3)" "$@" </dev/null >>"$TONGBU_LOG" 2>&1 &
	echo $! >"$pidfile"
	for ((i = 0; i < 300; i++)); do
		"$question" && return 0
		kill -0 "$(<"$pidfile")" 2>/dev/null || break
		sleep 0.1
	done
	echo "$1 did not start:" >&2
	tail -n 5 "$TONGBU_LOG" >&2
	return 1
}
tongbud_answers() { tongbuctl status --json 2>/dev/null | grep -q '"ready":true'; }
referee_answers() { tongbuctl status --json 2>/dev/null | grep -q '"referee":{"version"'; }

referee_start() {
	mkdir -p /var/lib/tongbu-referee
	start_and_wait "$REFEREE_PID" referee_answers tongbu-referee "$@"
}
station_start() {
	start_and_wait "$TONGBU_PID" tongbud_answers tongbud || return 1
	[[ -f $REFEREE_PID ]] || referee_start "$@"
}

# end_of PIDFILE SIGNAL
end_of() {
	local pid
	[[ -f $1 ]] || return 0
	pid=$(<"$1")
	kill "-$2" "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
	rm -f "$1"
}

referee_stop() { end_of "$REFEREE_PID" TERM; }
referee_kill() { end_of "$REFEREE_PID" KILL; }
station_stop() {
	referee_stop
	end_of "$TONGBU_PID" TERM
}
station_kill() { end_of "$TONGBU_PID" KILL; }
station_reload() { kill -HUP "$(<"$TONGBU_PID")" "$(<"$REFEREE_PID")"; }
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
