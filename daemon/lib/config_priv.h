/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that read the configuration share: config*.c. */
#ifndef TONGBU_CONFIG_PRIV_H
#define TONGBU_CONFIG_PRIV_H

#include <libconfig.h>

#include "config.h"
#include "fields.h"

/**
 * struct tb_loading - a file being read
 * @path: the file
 * @err: told what is wrong with it
 */
struct tb_loading {
	const char *path;
	struct tb_error *err;
};

#define tb_fault(loading, setting, fmt, ...)                                  \
	tb_error_set((loading)->err, -EINVAL, "%s:%u: " fmt, (loading)->path, \
		     config_setting_source_line(setting), ##__VA_ARGS__)

/* One setting each; config_get.c */
int tb_get_string(const struct tb_loading *l, const config_setting_t *setting, char **value);
int tb_get_strings(const struct tb_loading *l, const config_setting_t *list, const char *example,
		   char ***values, size_t *count);
int tb_get_number(const struct tb_loading *l, const config_setting_t *setting, uint32_t min,
		  uint32_t max, uint32_t *value);
int tb_get_word(const struct tb_loading *l, const config_setting_t *setting,
		const char *(*name_of)(unsigned int number), uint8_t *value);
int tb_get_field(const struct tb_loading *l, const config_setting_t *setting,
		 const struct tb_table *table, void *def);

/* A list of groups in braces */
int tb_get_list(const struct tb_loading *l, const config_setting_t *list, const char *word,
		size_t size, void **items, size_t *count,
		int (*get)(const struct tb_loading *l, const config_setting_t *group, void *item));
int tb_get_devices(const struct tb_loading *l, const config_setting_t *list,
		   const struct tb_table *table, void **items, size_t *count,
		   int (*get)(const struct tb_loading *l, const config_setting_t *group,
			      void *item));

/* Sections */
int tb_get_sources(const struct tb_loading *l, const config_setting_t *list,
		   struct tb_devices *devices);
int tb_get_polls(const struct tb_loading *l, const config_setting_t *list,
		 struct tb_serial_def *serial);
int tb_get_values(const struct tb_loading *l, const config_setting_t *list,
		  const struct tb_source_def *def, json_t **values);
int tb_get_outputs(const struct tb_loading *l, const config_setting_t *list,
		   struct tb_devices *devices);
int tb_get_reflexes(const struct tb_loading *l, const config_setting_t *list,
		    struct tb_devices *devices);
bool tb_is_bus_setting(const char *name);
int tb_get_bus(const struct tb_loading *l, const config_setting_t *setting,
	       struct tb_bus_config *bus);
void tb_bus_config_clear(struct tb_bus_config *bus);
int tb_get_uplink(const struct tb_loading *l, const config_setting_t *group,
		  struct tb_uplink_config *uplink);
int tb_uplink_defaults(struct tb_uplink_config *uplink);
void tb_uplink_clear(struct tb_uplink_config *uplink);
int tb_check_reflexes(const struct tb_loading *l, const config_setting_t *root,
		      const struct tb_devices *devices);

#endif /* TONGBU_CONFIG_PRIV_H */
