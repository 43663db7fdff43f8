// SPDX-License-Identifier: GPL-2.0-only
/* What several commands ask of the daemons. */
#include <errno.h>
#include <time.h>

#include "ctl.h"
#include "timefmt.h"

/* After so long systemd ends tongbud, WatchdogSec= of its unit, s */
#define STATION_PATIENCE 30
/* A referee that is busy for longer is one that rests. */
#define REFEREE_PATIENCE 10

/**
 * ctl_connect() - reach tongbud, which has the records
 * @rpc: set to the connection
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_connect(struct tb_rpc **rpc, struct tb_error *err)
{
	return tb_rpc_connect(&tb_peer_station, ctl.socket, rpc, err);
}

/**
 * ctl_connect_referee() - reach the referee, which has what they came to
 * @rpc: set to the connection
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_connect_referee(struct tb_rpc **rpc, struct tb_error *err)
{
	return tb_rpc_connect(&tb_peer_referee, ctl.referee, rpc, err);
}

/**
 * ctl_measures() - how sources are read, and how their values fare
 *
 * That is the referee's to say; without it nothing is said of it, after two seconds
 * at the latest.
 *
 * Return: the referee's answer to GetMeasures, the caller's, or NULL.
 */
json_t *ctl_measures(void)
{
	json_t *reply, *measures = NULL;
	struct tb_rpc *referee;

	if (ctl_connect_referee(&referee, NULL))
		return NULL;
	tb_rpc_limit(referee, 2);
	if (!tb_rpc_call(referee, "GetMeasures", NULL, &reply, NULL)) {
		measures = json_incref(json_object_get(reply, "measures"));
		json_decref(reply);
	}
	tb_rpc_close(referee);
	return measures;
}

/* Who does not answer for long is said to. */
static int ask_status(const struct tb_peer *peer, const char *socket, unsigned int seconds,
		      json_t **status, struct tb_error *err)
{
	struct tb_rpc *rpc;
	json_t *reply;
	int ret;

	ret = tb_rpc_connect(peer, socket, &rpc, err);
	if (ret)
		return ret;
	tb_rpc_limit(rpc, seconds);
	ret = tb_rpc_call(rpc, "GetStatus", NULL, &reply, err);
	tb_rpc_close(rpc);
	if (ret)
		return ret;
	*status = json_incref(json_object_get(reply, "status"));
	json_decref(reply);
	return 0;
}

/**
 * ctl_station_status() - how does the station fare?
 * @status: set to what tongbud says, the caller's
 * @err: told why it says nothing
 *
 * Return: 0; -ETIMEDOUT if it does not answer; or another negative errno.
 */
int ctl_station_status(json_t **status, struct tb_error *err)
{
	int ret = ask_status(&tb_peer_station, ctl.socket, STATION_PATIENCE, status, err);

	/* It waits for nothing but its disk. */
	if (ret == -ETIMEDOUT)
		tb_error_set(err, ret,
			     "tongbud does not answer within %d s: look at the disk of the ledger. Records wait in the kernel, and are lost when its ring is full",
			     STATION_PATIENCE);
	return ret;
}

/**
 * ctl_referee_status() - how does the referee fare?
 * @status: set to what it says, the caller's
 * @err: told why it says nothing
 *
 * Return: 0 or a negative errno.
 */
int ctl_referee_status(json_t **status, struct tb_error *err)
{
	return ask_status(&tb_peer_referee, ctl.referee, REFEREE_PATIENCE, status, err);
}

static bool zone_of(const struct tb_peer *peer, const char *socket, int *zone)
{
	const json_t *known;
	struct tb_error err;
	struct tb_rpc *rpc;
	json_t *reply;
	bool told;

	if (tb_rpc_connect(peer, socket, &rpc, &err))
		return false;
	tb_rpc_limit(rpc, 2);
	if (tb_rpc_call(rpc, "GetStatus", NULL, &reply, &err)) {
		tb_rpc_close(rpc);
		return false;
	}
	tb_rpc_close(rpc);
	known = json_object_get(json_object_get(reply, "status"), "zone");
	told = json_is_integer(known);
	*zone = (int)json_integer_value(known);
	json_decref(reply);
	return told;
}

/**
 * ctl_zone() - show times in the station's zone from here on, or in UTC with --utc
 *
 * So is a time read that is given without a zone. Where neither daemon tells, it is
 * the zone of whoever asks.
 */
void ctl_zone(void)
{
	time_t now = time(NULL);
	static bool known;
	struct tm tm;
	int zone = 0;

	if (known)
		return;
	known = true;
	if (!ctl.utc && !zone_of(&tb_peer_station, ctl.socket, &zone) &&
	    !zone_of(&tb_peer_referee, ctl.referee, &zone))
		zone = (int)localtime_r(&now, &tm)->tm_gmtoff;
	tb_time_zone(zone);
}

/**
 * ctl_names() - learn what sources, outputs and reflexes are called
 * @rpc: the connection
 * @names: what learns it
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int ctl_names(struct tb_rpc *rpc, struct tb_names *names, struct tb_error *err)
{
	json_t *reply;
	int ret;

	ret = tb_rpc_call(rpc, "GetNames", NULL, &reply, err);
	if (ret)
		return ret;
	if (tb_names_read(names, json_object_get(reply, "names")))
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	json_decref(reply);
	return ret;
}

/**
 * ctl_held() - who holds the station's log elsewhere?
 * @log: how the log stands, as tongbud says
 * @by: set to their names, a comma between
 * @age: set to how long ago the last of them signed, s
 *
 * Return: what they hold, which is @log's; NULL if nobody does.
 */
const json_t *ctl_held(const json_t *log, char by[CTL_HELD_SIZE], json_int_t *age)
{
	const json_t *held = json_object_get(log, "held"), *list = json_object_get(held, "by");
	uint64_t time, last = 0, now = tb_time_now();
	size_t i, len = 0;
	json_t *one;

	by[0] = '\0';
	json_array_foreach((json_t *)list, i, one) {
		if (len < CTL_HELD_SIZE)
			len += (size_t)snprintf(by + len, CTL_HELD_SIZE - len, "%s%s",
						i ? ", " : "",
						json_string_value(json_object_get(one, "name")) ?:
							"?");
		if (!tb_time_parse(json_string_value(json_object_get(one, "since")) ?: "", 0, &time,
				   NULL) &&
		    time > last)
			last = time;
	}
	*age = now > last ? (json_int_t)((now - last) / TB_NSEC_PER_SEC) : 0;
	return json_array_size(list) ? held : NULL;
}
