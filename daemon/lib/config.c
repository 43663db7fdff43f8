// SPDX-License-Identifier: GPL-2.0-only
/*
 * libconfig reads the file; what stands here and in config_*.c is which settings
 * there are. A setting nobody knows is an error, since a misspelt one would else be
 * a source that silently does not exist.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_priv.h"
#include "rpc.h"
#include "timefmt.h"

/**
 * struct text - a setting that is a string
 * @name: its name
 * @at: where in the configuration it is
 * @otherwise: what holds if it is not set, or NULL
 * @beside: where in the configuration the path is, in whose folder it then is
 * @file: name of the file there, or NULL
 */
struct text {
	const char *name;
	size_t at;
	const char *otherwise;
	size_t beside;
	const char *file;
};

#define AT(member)     offsetof(struct tb_config, member)
#define SET(member)    .name = #member, .at = AT(member)
#define BESIDE(member) .beside = AT(member)

static const struct text texts[] = {
	{ SET(station) },
	{ SET(supervisor_key), .otherwise = "/etc/tongbu/supervisor.pub.pem" },
	{ SET(ledger), .otherwise = "/var/lib/tongbu/ledger.db" },
	{ SET(archive), BESIDE(ledger), .file = "archive" },
	{ SET(log_key), BESIDE(ledger), .file = "log.pem" },
	{ SET(log_origin) },
	{ SET(log_policy) },
	{ SET(socket), .otherwise = TB_SOCKET_PATH },
	{ SET(referee_socket), .otherwise = TB_REFEREE_SOCKET_PATH },
	{ SET(referee_user), .otherwise = "tongbu-referee" },
	{ SET(group), .otherwise = "tongbu" },
	{ SET(packs_dir), .otherwise = TB_PACKS_DIR },
	{ SET(state), .otherwise = "/var/lib/tongbu-referee/state.db" },
	{ SET(kept), BESIDE(state), .file = "packs" },
	{ SET(blobs), BESIDE(state), .file = "blobs" },
	{ .name = "salt_file", .at = AT(devices.salt_file), BESIDE(ledger), .file = "salt" },
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static char **text_at(struct tb_config *config, size_t at)
{
	return (char **)((char *)config + at);
}

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
	size_t i;

	for (i = 0; i < TEXTS; i++)
		if (!strcmp(name, texts[i].name))
			return tb_get_string(l, setting, text_at(config, texts[i].at));
	if (!strcmp(name, "ledger_budget"))
		return get_mib(l, setting, &config->ledger_budget);
	if (!strcmp(name, "packs"))
		return tb_get_strings(l, setting, "[ \"market\", \"highway\" ]", &config->packs,
				      &config->pack_count);
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
	return tb_fault(l, setting, "there is no setting %s: see tongbu.conf(5)", name);
}

static int set_defaults(struct tb_config *config)
{
	char host[HOST_NAME_MAX + 1] = "station";
	bool made;
	size_t i;

	gethostname(host, sizeof(host) - 1);
	config->station = strdup(host);
	made = config->station;
	for (i = 0; i < TEXTS; i++)
		if (texts[i].otherwise)
			made &= !!(*text_at(config, texts[i].at) = strdup(texts[i].otherwise));
	config->zone = 8 * 3600;
	tb_zone_rule("+08:00", &config->rule);
	return made && !tb_uplink_defaults(&config->uplink) ? 0 : -ENOMEM;
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
	char **text;
	size_t i;

	for (i = 0; i < TEXTS; i++) {
		text = text_at(config, texts[i].at);
		if (*text || !texts[i].file)
			continue;
		*text = tb_beside(*text_at(config, texts[i].beside), texts[i].file);
		if (!*text)
			return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return 0;
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
	for (i = 0; i < TEXTS; i++)
		free(*text_at(config, texts[i].at));
	for (i = 0; i < config->pack_count; i++)
		free(config->packs[i]);
	free(config->packs);
	for (i = 0; i < config->devices.source_count; i++)
		json_decref(config->devices.values[i]);
	free(config->devices.values);
	free(config->devices.sources);
	tb_uplink_clear(&config->uplink);
	free(config->devices.outputs);
	free(config->devices.reflexes);
	free(config);
}
