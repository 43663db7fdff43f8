# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The station of the day, in the guest; source after tests/vm/station.sh and
# tests/vm/gpio-sim.sh. The acts stand in *.ndjson beside this, play.py plays them.
#
#	day_users		who acts, in the group tongbu
#	day_start		the module, three lines, two outputs, a reflex, all six packs
#	day_morning		until tongbud is to be killed
#	day_down		while it is down
#	day_afternoon		after it has been started again
#	day_overview		what the day came to, pack by pack

DAY=$TONGBU_TOP/tests/scenario/day
DAY_PACKS=(sentence ecology highway control market community)
DAY_LINES=/run/tongbu-day-lines
DAY_STATE=/var/lib/tongbu-referee/state.db
export DAY_LINES
export TONGBUCTL=$TONGBU_TOP/build/bin/tongbuctl

day_play() { PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -S "$DAY/play.py" "$@"; }

# As useradd -G tongbu would, of which forty take a minute in an emulated guest
day_users() {
	local user members known id=5000 line groups=''
	known=$(</etc/passwd)
	members=$(day_play --users "$DAY"/*.ndjson)
	for user in $members; do
		[[ $'\n'$known != *$'\n'"$user":* ]] || continue
		id=$((id + 1))
		echo "$user:x:$id:$id::/:/bin/sh" >>/etc/passwd
		groups+="$user:x:$id:"$'\n'
	done
	while read -r line; do
		[[ $line != tongbu:* ]] || line="${line%:*}:${members//$'\n'/,}"
		groups+=$line$'\n'
	done </etc/group
	printf %s "$groups" >/etc/group
}

day_config() {
	local pack list=''
	for pack in "${DAY_PACKS[@]}"; do list+="${list:+, }\"$pack\""; done
	station_config <<-CONF
		station = "county-07";
		supervisor_key = "/etc/tongbu/supervisor.pub.pem";
		packs = [ $list ];
		packs_dir = "$TONGBU_TOP/daemon/packs";
		timezone = "+08:00";
		sources = (
			{ name = "river-level"; chip = "station"; line = 0; edges = "both"; },
			{ name = "river-gate"; chip = "station"; line = 1; edges = "both"; },
			{ name = "flood"; chip = "station"; line = 2; edges = "both"; }
		);
		outputs = (
			{ name = "beacon-1"; chip = "station"; line = 4; },
			{ name = "sampler-1"; chip = "station"; line = 5; }
		);
		reflexes = ( { name = "flood-beacon"; source = "flood"; output = "beacon-1"; } );
	CONF
}

day_start() {
	local names=(river-level river-gate flood '' beacon-1 sampler-1) line
	mkdir -p "$DAY_LINES"
	for line in 0 1 2 4 5; do
		ln -sfn "$(gpio_sim_dir station)/sim_gpio$line" "$DAY_LINES/${names[line]}"
	done
	station_load && day_config && station_start
}

day_morning() {
	day_play "$DAY/founding.ndjson" "$DAY/sentence.ndjson" "$DAY/ecology.ndjson" "$DAY/highway.ndjson"
}
day_down() { day_play --blind "$DAY/highway-down.ndjson"; }
day_afternoon() {
	day_play "$DAY/highway-after.ndjson" "$DAY/control.ndjson" "$DAY/market.ndjson" \
		"$DAY/community.ndjson" "$DAY/sight.ndjson"
}

# day_state SQL - a question to the state that the packs made
day_state() { sqlite3 -readonly -separator ' ' "$DAY_STATE" <<<"$1"; }

day_overview() { sqlite3 -readonly "$DAY_STATE" <"$DAY/overview.sql"; }
