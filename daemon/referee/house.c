// SPDX-License-Identifier: GPL-2.0-only
#include "house.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "remake.h"
#include "timefmt.h"

/**
 * tb_house_start() - bring up all parts
 * @house: zeroed; to be stopped by tb_house_stop(), even after a failure
 * @event: the event loop
 * @config_path: file of the configuration
 * @err: told what went wrong
 *
 * tongbud need not run: records come when it does.
 *
 * Return: 0 or a negative errno.
 */
int tb_house_start(struct tb_house *house, sd_event *event, const char *config_path,
		   struct tb_error *err)
{
	int ret;

	house->event = event;
	house->config_path = config_path;
	ret = tb_config_load(config_path, &house->config, err);
	if (ret)
		return ret;
	if (house->config->pack_count)
		ret = tb_fold_start(event, house->config, house->rebuild, &house->fold, err);
	return ret ?: tb_house_answer(house, event, err);
}

/**
 * tb_house_answer() - begin to answer questions
 * @house: the house
 * @event: the event loop
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_house_answer(struct tb_house *house, sd_event *event, struct tb_error *err)
{
	house->started = tb_time_now();
	tb_answers_service(house, &house->service);
	return tb_server_start(event, &house->service, &house->server, err);
}

static int set_text(char **to, const char *text)
{
	if (!text)
		return 0;
	free(*to);
	*to = strdup(text);
	return *to ? 0 : -ENOMEM;
}

/**
 * tb_house_replica() - fold a copy
 * @house: zeroed; to be stopped by tb_house_stop(), even after a failure
 * @options: which, and how
 * @err: told what went wrong
 *
 * Neither module nor tongbud is needed. What is at the station is left alone: the
 * configuration's own paths of state, blobs and socket are not used.
 *
 * Return: 0 or a negative errno.
 */
int tb_house_replica(struct tb_house *house, const struct tb_replica_options *options,
		     struct tb_error *err)
{
	struct tb_config *config;
	int ret = 0;

	house->copy = options->copy;
	house->config_path = options->config_path;
	if (options->config_path)
		ret = tb_config_load(options->config_path, &house->config, err);
	else
		house->config = tb_config_new();
	if (ret)
		return ret;
	config = house->config;
	/* Beside the copy, not where the station has its own, unless that is said */
	if (config) {
		free(config->archive);
		config->archive = NULL;
	}
	if (!config || set_text(&config->archive, options->archive) ||
	    set_text(&config->state, options->state ?: "") ||
	    set_text(&config->packs_dir, options->packs_dir) ||
	    set_text(&config->referee_socket, options->socket))
		return tb_error_set(err, -ENOMEM, "out of memory");
	if (*config->state)
		tb_remake_remove(config->state);
	return tb_fold_whole(config, options->copy, &house->fold, err);
}

static bool has_pack(const struct tb_config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->pack_count; i++)
		if (!strcmp(config->packs[i], name))
			return true;
	return false;
}

/* What does not change now is said. */
static void say_what_waits(const struct tb_config *now, const struct tb_config *old)
{
	size_t i;

	if (strcmp(now->rule.rule, old->rule.rule) != 0)
		tb_log_warning("a new time zone needs a restart: systemctl restart tongbu-referee; dates that were counted stay as they are until --rebuild");
	if (strcmp(now->state, old->state) != 0 || strcmp(now->packs_dir, old->packs_dir) != 0 ||
	    strcmp(now->kept, old->kept) != 0 || strcmp(now->blobs, old->blobs) != 0 ||
	    strcmp(now->socket, old->socket) != 0 || strcmp(now->group, old->group) != 0 ||
	    strcmp(now->referee_socket, old->referee_socket) != 0)
		tb_log_warning("new paths or a new group need a restart: systemctl restart tongbu-referee");
	for (i = 0; i < old->pack_count; i++)
		if (!has_pack(now, old->packs[i]))
			tb_log_warning("pack %s is no longer configured, but stays in force",
				       old->packs[i]);
}

/**
 * tb_house_reload() - read the configuration again
 * @house: the house
 *
 * Packs that are new, and how sources are to be read, go on record; the rest stays
 * until a restart, and the log says so. A configuration with an error in it changes
 * nothing.
 */
void tb_house_reload(struct tb_house *house)
{
	struct tb_config *now, *old = house->config;
	struct tb_error err;

	if (tb_config_load(house->config_path, &now, &err)) {
		tb_log_error("%s: the configuration stays as it was", err.text);
		return;
	}
	say_what_waits(now, old);
	tb_config_swap_devices(now, old);
	tb_config_swap_packs(now, old);
	tb_config_free(now);
	if (house->fold)
		tb_fold_configured(house->fold);
	else if (old->pack_count && tb_fold_start(house->event, old, false, &house->fold, &err))
		tb_log_error("packs cannot be applied: %s", err.text);
	tb_log_notice("configuration read again: %zu packs", old->pack_count);
}

/**
 * tb_house_stop() - let go of everything
 * @house: the house
 */
void tb_house_stop(struct tb_house *house)
{
	tb_server_free(house->server);
	tb_subjects_close(house->subjects);
	tb_fold_free(house->fold);
	tb_config_free(house->config);
}
