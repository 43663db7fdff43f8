// SPDX-License-Identifier: GPL-2.0-only
/* The hub's configuration, hub.conf. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_priv.h"
#include "serve.h"

static int get_setting(const struct tb_loading *l, const config_setting_t *setting,
		       struct hub_config *config)
{
	const char *name = config_setting_name(setting);

	if (!strcmp(name, "database"))
		return tb_get_string(l, setting, &config->database);
	if (!strcmp(name, "key"))
		return tb_get_string(l, setting, &config->key);
	if (!strcmp(name, "name"))
		return tb_get_string(l, setting, &config->name);
	if (!strcmp(name, "witness"))
		return tb_get_string(l, setting, &config->witness);
	if (!strcmp(name, "witness_key"))
		return tb_get_string(l, setting, &config->witness_key);
	if (!strcmp(name, "replicas"))
		return tb_get_number(l, setting, 1, 5, &config->replicas);
	if (!strcmp(name, "queue"))
		return tb_get_number(l, setting, 1, 1U << 24, &config->queue);
	if (tb_is_bus_setting(name))
		return tb_get_bus(l, setting, &config->bus);
	return tb_fault(l, setting, "there is no setting %s: see tongbu-hub(8)", name);
}

static int get_all(const struct tb_loading *l, config_t *file, struct hub_config *config)
{
	const config_setting_t *root;
	int i, ret = 0;

	if (!config_read_file(file, l->path))
		return tb_error_set(l->err, -EINVAL, "%s:%d: %s", l->path, config_error_line(file),
				    config_error_text(file) ?: "cannot be read");
	root = config_root_setting(file);
	for (i = 0; i < config_setting_length(root) && !ret; i++)
		ret = get_setting(l, config_setting_get_elem(root, (unsigned int)i), config);
	return ret;
}

/**
 * hub_config_load() - read the configuration
 * @path: the file
 * @must: it is an error if it is not there
 * @config: filled in; to be cleared by the caller, also after a failure
 * @err: told what is wrong
 *
 * Return: 0; -EINVAL if it says something that cannot be; or another negative errno.
 */
int hub_config_load(const char *path, bool must, struct hub_config *config, struct tb_error *err)
{
	const struct tb_loading loading = { .path = path, .err = err };
	config_t file;
	int ret = 0;

	*config = (struct hub_config){ .replicas = 1, .queue = 1024 };
	config->database = strdup("host=/run/postgresql dbname=tongbu");
	config->key = strdup("/var/lib/tongbu-hub/hub.pem");
	config->witness_key = strdup("/var/lib/tongbu-hub/witness.pem");
	config->bus.key = strdup("/var/lib/tongbu-hub/nats.pem");
	if (!config->database || !config->key || !config->witness_key || !config->bus.key)
		return tb_error_set(err, -ENOMEM, "out of memory");
	if (!must && access(path, F_OK))
		return 0;
	config_init(&file);
	ret = get_all(&loading, &file, config);
	config_destroy(&file);
	return ret;
}

/**
 * hub_config_instead() - what was said on the command line goes first
 * @config: the configuration
 * @database: instead of its database, or NULL
 * @key: instead of its key, or NULL
 * @name: instead of its name, or NULL
 * @err: told what went wrong
 *
 * Return: 0 or -ENOMEM.
 */
int hub_config_instead(struct hub_config *config, const char *database, const char *key,
		       const char *name, struct tb_error *err)
{
	const char *const said[] = { database, key, name };
	char **const values[] = { &config->database, &config->key, &config->name };
	size_t i;

	for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (!said[i])
			continue;
		free(*values[i]);
		*values[i] = strdup(said[i]);
		if (!*values[i])
			return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

/**
 * hub_config_clear() - be done with it
 * @config: the configuration
 */
void hub_config_clear(struct hub_config *config)
{
	free(config->database);
	free(config->key);
	free(config->name);
	free(config->witness);
	free(config->witness_key);
	tb_bus_config_clear(&config->bus);
}
