# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is there to look at after `make demo`: the day of tests/scenario/day/, played at
# a station that then goes on running. In the guest, before its shell.
set -euo pipefail
# shellcheck source=tests/vm/station.sh
. "$TONGBU_TOP/tests/vm/station.sh"
# shellcheck source=tests/vm/gpio-sim.sh
. "$TONGBU_TOP/tests/vm/gpio-sim.sh"
# shellcheck source=tests/scenario/day/station.sh
. "$TONGBU_TOP/tests/scenario/day/station.sh"

echo "One day at a station: forty people, six works, a flood while the daemon was down."
day_users
day_start
day_morning
station_kill
day_down
station_start
day_afternoon
day_overview
cat <<-WORDS

	It goes on running. Try, as root or after "su alice":
	    tongbuctl log | tail            the last records
	    tongbuctl status                the station
	    tongbuctl matter list           what is under way
	    gpio_sim_pull station 2 up      the flood line rises: see tongbuctl log
	    tongbuctl bundle export /mnt/out/demo.bundle
	What is in /mnt/out is the host's build/demo; the supervisor's key is there too, and
	verifies it: build/bin/tongbuctl verify build/demo/demo.bundle --key build/demo/supervisor.pem
WORDS
