// SPDX-License-Identifier: GPL-2.0-only
#include "station.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "log.h"
#include "methods.h"
#include "salt.h"
#include "timefmt.h"

static void learn_names(struct tb_station *station)
{
	struct tb_error err;

	if (tb_reading_names(station->reading, &station->names_after, station->names, &err))
		tb_log_warning("the sources' names could not be learned: %s", err.text);
}

static void on_durable(void *userdata)
{
	struct tb_station *station = userdata;

	/* While starting, there is nobody yet to be told. */
	if (!station->server)
		return;
	tb_signer_due(station->signer);
	learn_names(station);
	tb_server_wake(station->server);
}

static void on_fatal(const struct tb_error *why, void *userdata)
{
	struct tb_station *station = userdata;

	station->failure = *why;
	sd_event_exit(station->event, why->code);
}

static const struct tb_feed_ops feed_ops = {
	.durable = on_durable,
	.fatal = on_fatal,
};

static int open_ledger(struct tb_station *station, struct tb_error *err)
{
	int ret;

	ret = tb_ledger_open(station->config->ledger, &station->ledger, err);
	if (!ret)
		ret = tb_reading_open(station->config->ledger, &station->reading, err);
	if (ret)
		return ret;
	station->names = tb_names_new();
	ret = tb_reading_archive(station->reading, station->config->archive);
	return station->names && !ret ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

static void find_referee(struct tb_station *station)
{
	const struct passwd *user = getpwnam(station->config->referee_user);

	station->referee_uid = user ? user->pw_uid : 0;
	if (!user)
		tb_log_notice("there is no user %s: only root may order clocks and outputs",
			      station->config->referee_user);
}

/**
 * tb_station_start() - bring up all parts
 * @station: zeroed; to be stopped by tb_station_stop(), even after a failure
 * @event: the event loop
 * @config_path: file of the configuration
 * @err: told what went wrong
 *
 * The ledger is opened, and the feed takes up the chain where it ends, before
 * any source is armed or question answered.
 *
 * Return: 0 or a negative errno.
 */
int tb_station_start(struct tb_station *station, sd_event *event, const char *config_path,
		     struct tb_error *err)
{
	int ret;

	station->event = event;
	station->config_path = config_path;
	ret = tb_config_load(config_path, &station->config, err);
	if (!ret)
		ret = tb_salt_load(&station->config->devices, err);
	if (!ret)
		ret = tb_kernel_open(&station->kernel, err);
	if (!ret)
		ret = open_ledger(station, err);
	if (!ret)
		ret = tb_signer_new(event, station->config, station->ledger, &station->signer, err);
	if (!ret)
		ret = tb_feed_start(event, station->kernel, station->ledger,
				    station->config->supervisor_key, &feed_ops, station,
				    &station->feed, err);
	if (ret)
		return ret;
	ret = tb_arming_new(event, station->kernel, &station->arming);
	if (ret)
		return tb_error_set(err, ret, "event loop: %s", strerror(-ret));
	tb_arming_apply(station->arming, &station->config->devices);
	tb_feed_drain(station->feed);
	learn_names(station);
	find_referee(station);
	ret = tb_room_new(event, station->config, &station->room);
	if (ret)
		return tb_error_set(err, ret, "event loop: %s", strerror(-ret));
	ret = tb_readers_open(station->config, &station->readers, err);
	if (ret)
		return ret;
	station->started = tb_time_now();
	tb_methods_service(station, &station->service);
	return tb_server_start(event, &station->service, &station->server, err);
}

/**
 * tb_station_reload() - read the configuration again
 * @station: the station
 *
 * Sources, outputs and reflexes follow at once. What was set at start (ledger, socket, key, group)
 * stays until the next one, and the log says so. A configuration with an error
 * in it changes nothing.
 */
void tb_station_reload(struct tb_station *station)
{
	struct tb_config *config, *old = station->config;
	struct tb_error err;

	if (tb_config_load(station->config_path, &config, &err)) {
		tb_log_error("%s: the configuration stays as it was", err.text);
		return;
	}
	if (tb_salt_load(&config->devices, &err)) {
		tb_log_error("%s: the configuration stays as it was", err.text);
		tb_config_free(config);
		return;
	}
	if (strcmp(config->ledger, old->ledger) || strcmp(config->archive, old->archive) ||
	    strcmp(config->socket, old->socket) ||
	    strcmp(config->supervisor_key, old->supervisor_key) ||
	    strcmp(config->group, old->group) || strcmp(config->station, old->station) ||
	    strcmp(config->log_key, old->log_key) ||
	    strcmp(config->log_origin ?: "", old->log_origin ?: "") ||
	    strcmp(config->log_policy ?: "", old->log_policy ?: "") ||
	    strcmp(config->referee_user, old->referee_user))
		tb_log_warning("of the configuration only sources, outputs and reflexes change now: the rest waits for a restart");
	/* All but the devices stays with the old one. */
	tb_config_swap_devices(config, old);
	/* Whether there are packs is whether there are roles. */
	tb_config_swap_packs(config, old);
	tb_arming_apply(station->arming, &old->devices);
	tb_config_free(config);
	tb_log_notice("configuration read again: %zu sources, %zu outputs, %zu reflexes",
		      old->devices.source_count, old->devices.output_count,
		      old->devices.reflex_count);
}

/**
 * tb_station_stop() - take what still waits, and let go of everything
 * @station: the station; sources stay armed, and the kernel goes on recording
 */
void tb_station_stop(struct tb_station *station)
{
	tb_server_free(station->server);
	/* Draining makes records durable, of which nobody is told any more. */
	station->server = NULL;
	tb_arming_free(station->arming);
	if (station->feed && !station->failure.code)
		tb_feed_drain(station->feed);
	tb_feed_free(station->feed);
	tb_signer_free(station->signer);
	tb_readers_close(station->readers);
	tb_room_free(station->room);
	tb_names_free(station->names);
	tb_reading_close(station->reading);
	tb_ledger_close(station->ledger);
	tb_kernel_close(station->kernel);
	tb_config_free(station->config);
}
