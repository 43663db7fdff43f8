// SPDX-License-Identifier: GPL-2.0-only
/* The group "uplink": where a station's records are held besides. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

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

	if (!strcmp(name, "hub"))
		return get_hub(l, setting, uplink);
	if (!strcmp(name, "held"))
		return tb_get_string(l, setting, &uplink->held);
	if (!strcmp(name, "batch"))
		return tb_get_number(l, setting, 1, 1024, &uplink->batch);
	if (!strcmp(name, "interval"))
		return tb_get_number(l, setting, 1, 86400, &uplink->interval);
	if (!strcmp(name, "rate"))
		return tb_get_number(l, setting, 1, 1000000, &uplink->rate);
	if (tb_is_bus_setting(name))
		return tb_get_bus(l, setting, &uplink->bus);
	return tb_fault(l, setting, "uplink has no setting %s: see tongbu-uplink(8)", name);
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
	if (!ret && (!uplink->bus.servers || !uplink->hub.name[0]))
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
	uplink->bus.key = strdup("/var/lib/tongbu-uplink/nats.pem");
	uplink->held = strdup("/var/lib/tongbu-uplink/held");
	return uplink->bus.key && uplink->held ? 0 : -ENOMEM;
}

/**
 * tb_uplink_clear() - be done with it
 * @uplink: the settings
 */
void tb_uplink_clear(struct tb_uplink_config *uplink)
{
	tb_bus_config_clear(&uplink->bus);
	free(uplink->held);
}
