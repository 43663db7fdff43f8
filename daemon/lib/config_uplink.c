// SPDX-License-Identifier: GPL-2.0-only
/* The group "uplink": where a station's records are held besides. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

static int get_servers(const struct tb_loading *l, const config_setting_t *list,
		       struct tb_uplink_config *uplink)
{
	size_t count, i;
	const char *name;

	if (!config_setting_is_array(list) && !config_setting_is_list(list))
		return tb_fault(l, list,
				"servers stand in brackets: [ \"tls://hub.example:4222\" ]");
	count = (size_t)config_setting_length(list);
	if (!count)
		return tb_fault(l, list, "servers names at least one");
	uplink->servers = calloc(count, sizeof(*uplink->servers));
	if (!uplink->servers)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	for (i = 0; i < count; i++) {
		name = config_setting_get_string_elem(list, (int)i);
		if (!name || !*name)
			return tb_fault(l, list, "a server is named by a string");
		uplink->servers[i] = strdup(name);
		if (!uplink->servers[i])
			return tb_error_set(l->err, -ENOMEM, "out of memory");
		uplink->server_count++;
	}
	return 0;
}

static int get_hub(const struct tb_loading *l, const config_setting_t *setting,
		   struct tb_uplink_config *uplink)
{
	const char *text = config_setting_get_string(setting);
	struct tb_error err;

	if (!text)
		return tb_fault(l, setting, "hub is the public key that 'tongbu-hub key' prints");
	if (tb_vkey_parse(text, &uplink->hub, &err))
		return tb_fault(l, setting, "hub: %s", err.text);
	if (uplink->hub.type != TB_VKEY_WITNESS)
		return tb_fault(l, setting, "hub: the key %s is a log's, not a hub's",
				uplink->hub.name);
	return 0;
}

static int get_setting(const struct tb_loading *l, const config_setting_t *setting,
		       struct tb_uplink_config *uplink)
{
	const char *name = config_setting_name(setting);

	if (!strcmp(name, "servers"))
		return get_servers(l, setting, uplink);
	if (!strcmp(name, "hub"))
		return get_hub(l, setting, uplink);
	if (!strcmp(name, "ca"))
		return tb_get_string(l, setting, &uplink->ca);
	if (!strcmp(name, "tls_name"))
		return tb_get_string(l, setting, &uplink->tls_name);
	if (!strcmp(name, "key"))
		return tb_get_string(l, setting, &uplink->key);
	if (!strcmp(name, "held"))
		return tb_get_string(l, setting, &uplink->held);
	if (!strcmp(name, "shard"))
		return tb_get_number(l, setting, 0, 999, &uplink->shard);
	if (!strcmp(name, "batch"))
		return tb_get_number(l, setting, 1, 1024, &uplink->batch);
	if (!strcmp(name, "interval"))
		return tb_get_number(l, setting, 1, 86400, &uplink->interval);
	if (!strcmp(name, "rate"))
		return tb_get_number(l, setting, 1, 1000000, &uplink->rate);
	return tb_fault(l, setting, "uplink has no setting %s: see tongbu.conf(5)", name);
}

/**
 * tb_get_uplink() - the group "uplink"
 * @l: the file
 * @group: the group
 * @uplink: filled in
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_uplink(const struct tb_loading *l, const config_setting_t *group,
		  struct tb_uplink_config *uplink)
{
	int i, ret = 0;

	if (!config_setting_is_group(group))
		return tb_fault(l, group, "uplink stands in braces: { servers = ...; hub = ...; }");
	for (i = 0; i < config_setting_length(group) && !ret; i++)
		ret = get_setting(l, config_setting_get_elem(group, (unsigned int)i), uplink);
	if (!ret && (!uplink->servers || !uplink->hub.name[0]))
		ret = tb_fault(l, group, "uplink needs servers, and hub, the hub's public key");
	return ret;
}

/**
 * tb_uplink_defaults() - what holds where nothing is said
 * @uplink: filled in
 *
 * Return: 0 or -ENOMEM.
 */
int tb_uplink_defaults(struct tb_uplink_config *uplink)
{
	*uplink = (struct tb_uplink_config){ .batch = 64, .interval = 10 };
	uplink->key = strdup("/var/lib/tongbu-uplink/nats.pem");
	uplink->held = strdup("/var/lib/tongbu-uplink/held");
	return uplink->key && uplink->held ? 0 : -ENOMEM;
}

/**
 * tb_uplink_clear() - be done with it
 * @uplink: the settings
 */
void tb_uplink_clear(struct tb_uplink_config *uplink)
{
	size_t i;

	for (i = 0; i < uplink->server_count; i++)
		free(uplink->servers[i]);
	free(uplink->servers);
	free(uplink->ca);
	free(uplink->tls_name);
	free(uplink->key);
	free(uplink->held);
}
