// SPDX-License-Identifier: GPL-2.0-only
/*
 * libconfig reads the file; what stands here and in config_*.c is which settings
 * there are. A setting nobody knows is an error, since a misspelt one would else be
 * a source that silently does not exist.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_priv.h"
#include "rpc.h"
#include "timefmt.h"

static int get_zone(const struct tb_loading *l, const config_setting_t *setting,
		    struct tb_config *config)
{
	const char *text = config_setting_get_string(setting);
	int64_t now = (int64_t)(tb_time_now() / TB_NSEC_PER_SEC);
	struct tb_error err;

	if (!text)
		return tb_fault(l, setting, "timezone must be a string, as \"+08:00\"");
	if (tb_zone_find(text, (uint64_t)now, &config->rule, &err))
		return tb_fault(l, setting, "timezone: %s", err.text);
	config->zone = tb_zone_offset(&config->rule, now);
	return 0;
}

static int get_mib(const struct tb_loading *l, const config_setting_t *setting, uint64_t *mib)
{
	long long number = config_setting_get_int64(setting);

	if (!config_setting_is_number(setting) || number < 1 || number > 1LL << 40)
		return tb_fault(l, setting, "%s is a number of MiB, as 4096",
				config_setting_name(setting));
	*mib = (uint64_t)number;
	return 0;
}

static int get_setting(const struct tb_loading *l, const config_setting_t *setting,
		       struct tb_config *config)
{
	const char *name = config_setting_name(setting);

	if (!strcmp(name, "station"))
		return tb_get_string(l, setting, &config->station);
	if (!strcmp(name, "supervisor_key"))
		return tb_get_string(l, setting, &config->supervisor_key);
	if (!strcmp(name, "ledger"))
		return tb_get_string(l, setting, &config->ledger);
	if (!strcmp(name, "ledger_budget"))
		return get_mib(l, setting, &config->ledger_budget);
	if (!strcmp(name, "archive"))
		return tb_get_string(l, setting, &config->archive);
	if (!strcmp(name, "log_key"))
		return tb_get_string(l, setting, &config->log_key);
	if (!strcmp(name, "log_origin"))
		return tb_get_string(l, setting, &config->log_origin);
	if (!strcmp(name, "socket"))
		return tb_get_string(l, setting, &config->socket);
	if (!strcmp(name, "referee_socket"))
		return tb_get_string(l, setting, &config->referee_socket);
	if (!strcmp(name, "referee_user"))
		return tb_get_string(l, setting, &config->referee_user);
	if (!strcmp(name, "group"))
		return tb_get_string(l, setting, &config->group);
	if (!strcmp(name, "packs"))
		return tb_get_strings(l, setting, "[ \"market\", \"highway\" ]", &config->packs,
				      &config->pack_count);
	if (!strcmp(name, "packs_dir"))
		return tb_get_string(l, setting, &config->packs_dir);
	if (!strcmp(name, "state"))
		return tb_get_string(l, setting, &config->state);
	if (!strcmp(name, "kept"))
		return tb_get_string(l, setting, &config->kept);
	if (!strcmp(name, "blobs"))
		return tb_get_string(l, setting, &config->blobs);
	if (!strcmp(name, "timezone"))
		return get_zone(l, setting, config);
	if (!strcmp(name, "sources"))
		return tb_get_sources(l, setting, &config->devices);
	if (!strcmp(name, "outputs"))
		return tb_get_outputs(l, setting, &config->devices);
	if (!strcmp(name, "reflexes"))
		return tb_get_reflexes(l, setting, &config->devices);
	if (!strcmp(name, "uplink"))
		return tb_get_uplink(l, setting, &config->uplink);
	if (!strcmp(name, "salt_file"))
		return tb_get_string(l, setting, &config->devices.salt_file);
	return tb_fault(l, setting, "there is no setting %s: see tongbu.conf(5)", name);
}

static int set_defaults(struct tb_config *config)
{
	char host[HOST_NAME_MAX + 1] = "station";

	gethostname(host, sizeof(host) - 1);
	config->station = strdup(host);
	config->supervisor_key = strdup("/etc/tongbu/supervisor.pub.pem");
	config->ledger = strdup("/var/lib/tongbu/ledger.db");
	config->socket = strdup(TB_SOCKET_PATH);
	config->referee_socket = strdup(TB_REFEREE_SOCKET_PATH);
	config->referee_user = strdup("tongbu-referee");
	config->state = strdup("/var/lib/tongbu-referee/state.db");
	config->group = strdup("tongbu");
	config->packs_dir = strdup(TB_PACKS_DIR);
	config->zone = 8 * 3600;
	tb_zone_rule("+08:00", &config->rule);
	return config->station && config->supervisor_key && config->ledger && config->socket &&
			       config->referee_socket && config->referee_user && config->state &&
			       config->group && config->packs_dir &&
			       !tb_uplink_defaults(&config->uplink) ?
		       0 :
		       -ENOMEM;
}

/**
 * tb_config_new() - what holds where nothing is said
 *
 * Return: the configuration, to be freed by tb_config_free(); NULL if there is no
 * memory.
 */
struct tb_config *tb_config_new(void)
{
	struct tb_config *config = calloc(1, sizeof(*config));

	if (!config || !set_defaults(config))
		return config;
	tb_config_free(config);
	return NULL;
}

/**
 * tb_beside() - a file in the directory of another
 * @path: the other
 * @name: name of the file
 *
 * Return: its path, the caller's to free; NULL if there is no memory.
 */
char *tb_beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash + 1 - path) : 0;
	char *beside;

	return asprintf(&beside, "%.*s%s", folder, path, name) < 0 ? NULL : beside;
}

/* What is not set: tongbud's is beside the ledger, the referee's beside the state. */
static int set_places(struct tb_config *config, struct tb_error *err)
{
	if (!config->kept)
		config->kept = tb_beside(config->state, "packs");
	if (!config->blobs)
		config->blobs = tb_beside(config->state, "blobs");
	if (!config->devices.salt_file)
		config->devices.salt_file = tb_beside(config->ledger, "salt");
	if (!config->archive)
		config->archive = tb_beside(config->ledger, "archive");
	if (!config->log_key)
		config->log_key = tb_beside(config->ledger, "log.pem");
	return config->kept && config->blobs && config->devices.salt_file && config->log_key &&
			       config->archive ?
		       0 :
		       tb_error_set(err, -ENOMEM, "out of memory");
}

/**
 * tb_config_load() - read the configuration
 * @path: the file
 * @config: set to what it says; tb_config_free() frees it
 * @err: told what is wrong, with file and line
 *
 * Return: 0; -ENOENT if there is no such file; -EINVAL if it says something
 * that cannot be; or another negative errno.
 */
int tb_config_load(const char *path, struct tb_config **config, struct tb_error *err)
{
	struct tb_loading l = { .path = path, .err = err };
	struct tb_config *c = tb_config_new();
	const config_setting_t *root;
	config_t file;
	int i, ret;

	if (!c)
		return tb_error_set(err, -ENOMEM, "out of memory");
	config_init(&file);
	if (!config_read_file(&file, path)) {
		if (config_error_type(&file) == CONFIG_ERR_FILE_IO)
			ret = tb_error_set(err, -ENOENT,
					   "%s cannot be read: %s: name the configuration with --config",
					   path, strerror(errno));
		else
			ret = tb_error_set(err, -EINVAL, "%s:%d: %s", path,
					   config_error_line(&file), config_error_text(&file));
		goto out;
	}
	root = config_root_setting(&file);
	for (i = 0, ret = 0; i < config_setting_length(root) && !ret; i++)
		ret = get_setting(&l, config_setting_get_elem(root, (unsigned int)i), c);
	if (!ret)
		ret = tb_check_reflexes(&l, root, &c->devices);
	if (!ret)
		ret = set_places(c, err);
out:
	config_destroy(&file);
	if (ret)
		tb_config_free(c);
	else
		*config = c;
	return ret;
}

/**
 * tb_config_swap_devices() - exchange the devices of two configurations
 * @a: one
 * @b: the other
 */
void tb_config_swap_devices(struct tb_config *a, struct tb_config *b)
{
	struct tb_devices devices = a->devices;

	a->devices = b->devices;
	b->devices = devices;
}

/**
 * tb_config_swap_packs() - exchange the names of packs of two configurations
 * @a: one
 * @b: the other
 */
void tb_config_swap_packs(struct tb_config *a, struct tb_config *b)
{
	char **packs = a->packs;
	size_t count = a->pack_count;

	a->packs = b->packs;
	a->pack_count = b->pack_count;
	b->packs = packs;
	b->pack_count = count;
}

/**
 * tb_config_free() - free a configuration
 * @config: the configuration, or NULL
 */
void tb_config_free(struct tb_config *config)
{
	size_t i;

	if (!config)
		return;
	free(config->station);
	free(config->supervisor_key);
	free(config->ledger);
	free(config->archive);
	free(config->log_key);
	free(config->log_origin);
	free(config->socket);
	free(config->referee_socket);
	free(config->referee_user);
	free(config->group);
	for (i = 0; i < config->pack_count; i++)
		free(config->packs[i]);
	free(config->packs);
	free(config->packs_dir);
	free(config->state);
	free(config->kept);
	free(config->blobs);
	for (i = 0; i < config->devices.source_count; i++)
		json_decref(config->devices.values[i]);
	free(config->devices.values);
	free(config->devices.salt_file);
	free(config->devices.sources);
	tb_uplink_clear(&config->uplink);
	free(config->devices.outputs);
	free(config->devices.reflexes);
	free(config);
}
