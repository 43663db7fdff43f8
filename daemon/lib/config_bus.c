// SPDX-License-Identifier: GPL-2.0-only
/* How NATS is reached: a station's uplink and a hub have the same settings for it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"

/* Does anybody on the way see what is sent? On loopback nobody is on the way. */
static bool is_private(const char *url)
{
	return !strncmp(url, "tls://", 6) || !strncmp(url, "nats://127.", 11) ||
	       !strncmp(url, "nats://localhost", 16) || !strncmp(url, "nats://[::1]", 12);
}

static int get_servers(const struct tb_loading *l, const config_setting_t *list,
		       struct tb_bus_config *bus)
{
	int ret = tb_get_strings(l, list, "[ \"tls://hub.example:4222\" ]", &bus->servers,
				 &bus->server_count);
	size_t i;

	if (!ret && !bus->server_count)
		return tb_fault(l, list, "servers names at least one");
	for (i = 0; i < bus->server_count && !ret; i++)
		if (!is_private(bus->servers[i]))
			ret = tb_fault(l, list,
				       "server %s: it begins with tls://, but on loopback, where nats:// will do",
				       bus->servers[i]);
	return ret;
}

/**
 * tb_is_bus_setting() - is it about NATS?
 * @name: name of the setting
 *
 * Return: whether tb_get_bus() knows it.
 */
bool tb_is_bus_setting(const char *name)
{
	static const char *const names[] = { "servers", "ca", "tls_name", "nats_key", "shard" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/**
 * tb_get_bus() - a setting about NATS
 * @l: the file
 * @setting: the setting, one that tb_is_bus_setting()
 * @bus: where it goes
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int tb_get_bus(const struct tb_loading *l, const config_setting_t *setting,
	       struct tb_bus_config *bus)
{
	const char *name = config_setting_name(setting);

	if (!strcmp(name, "servers"))
		return get_servers(l, setting, bus);
	if (!strcmp(name, "ca"))
		return tb_get_string(l, setting, &bus->ca);
	if (!strcmp(name, "tls_name"))
		return tb_get_string(l, setting, &bus->tls_name);
	if (!strcmp(name, "shard"))
		return tb_get_number(l, setting, 0, 999, &bus->shard);
	return tb_get_string(l, setting, &bus->key);
}

/**
 * tb_bus_config_clear() - be done with it
 * @bus: the settings
 */
void tb_bus_config_clear(struct tb_bus_config *bus)
{
	size_t i;

	for (i = 0; i < bus->server_count; i++)
		free(bus->servers[i]);
	free(bus->servers);
	free(bus->ca);
	free(bus->tls_name);
	free(bus->key);
}
