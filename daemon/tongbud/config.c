// SPDX-License-Identifier: GPL-2.0-only
/*
 * libconfig reads the file; what stands here is which settings there are. A
 * setting nobody knows is an error, since a misspelt one would else be a source
 * that silently does not exist.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libconfig.h>

struct words {
	const char *word;
	unsigned int value;
};

static const struct words edges_words[] = {
	{ "rising", TONGBU_EDGE_RISING },
	{ "falling", TONGBU_EDGE_FALLING },
	{ "both", TONGBU_EDGE_BOTH },
	{ NULL, 0 },
};

static const struct words bias_words[] = {
	{ "as-is", TONGBU_BIAS_AS_IS },
	{ "disabled", TONGBU_BIAS_DISABLED },
	{ "pull-up", TONGBU_BIAS_PULL_UP },
	{ "pull-down", TONGBU_BIAS_PULL_DOWN },
	{ NULL, 0 },
};

/**
 * struct loading - a file being read
 * @path: the file
 * @err: told what is wrong with it
 */
struct loading {
	const char *path;
	struct tb_error *err;
};

#define fault(loading, setting, fmt, ...)                                     \
	tb_error_set((loading)->err, -EINVAL, "%s:%u: " fmt, (loading)->path, \
		     config_setting_source_line(setting), ##__VA_ARGS__)

static int get_string(const struct loading *l, const config_setting_t *setting, char **value)
{
	const char *text = config_setting_get_string(setting);
	char *copy;

	if (!text || !*text)
		return fault(l, setting, "%s must be a string, and not an empty one",
			     config_setting_name(setting));
	copy = strdup(text);
	if (!copy)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	free(*value);
	*value = copy;
	return 0;
}

static int get_name(const struct loading *l, const config_setting_t *setting, char *name)
{
	const char *text = config_setting_get_string(setting);

	if (!text || !*text || strlen(text) >= TONGBU_NAME_LEN)
		return fault(l, setting, "%s must be a string of 1 to %d bytes",
			     config_setting_name(setting), TONGBU_NAME_LEN - 1);
	memcpy(name, text, strlen(text) + 1);
	return 0;
}

static int get_number(const struct loading *l, const config_setting_t *setting, uint32_t max,
		      uint32_t *value)
{
	long long number = config_setting_get_int64(setting);

	if (!config_setting_is_number(setting) ||
	    config_setting_type(setting) == CONFIG_TYPE_FLOAT || number < 0 || number > max)
		return fault(l, setting, "%s must be a number from 0 to %u",
			     config_setting_name(setting), max);
	*value = (uint32_t)number;
	return 0;
}

static int get_word(const struct loading *l, const config_setting_t *setting,
		    const struct words *words, uint8_t *value)
{
	const char *text = config_setting_get_string(setting);
	char known[128] = "";
	const struct words *w;

	for (w = words; w->word; w++) {
		if (text && !strcmp(text, w->word)) {
			*value = (uint8_t)w->value;
			return 0;
		}
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s\"%s\"",
			 w == words ? "" : ", ", w->word);
	}
	return fault(l, setting, "%s must be one of %s", config_setting_name(setting), known);
}

static int get_flag(const struct loading *l, const config_setting_t *setting, uint32_t flag,
		    uint32_t *flags)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
		return fault(l, setting, "%s must be true or false", config_setting_name(setting));
	if (config_setting_get_bool(setting))
		*flags |= flag;
	return 0;
}

/* As the kernel has it: a name is one word. */
static int check_blanks(const struct loading *l, const config_setting_t *setting, const char *name)
{
	const unsigned char *c;

	for (c = (const unsigned char *)name; *c; c++)
		if (*c <= ' ' || *c == 0x7f)
			return fault(l, setting, "name has a blank or control character");
	return 0;
}

static int get_source_setting(const struct loading *l, const config_setting_t *setting,
			      struct tb_source_def *def)
{
	const char *name = config_setting_name(setting);

	if (!strcmp(name, "name"))
		return get_name(l, setting, def->name) ?: check_blanks(l, setting, def->name);
	if (!strcmp(name, "chip"))
		return get_name(l, setting, def->chip);
	if (!strcmp(name, "line"))
		return get_number(l, setting, UINT16_MAX, &def->line);
	if (!strcmp(name, "edges"))
		return get_word(l, setting, edges_words, &def->edges);
	if (!strcmp(name, "bias"))
		return get_word(l, setting, bias_words, &def->bias);
	if (!strcmp(name, "active_low"))
		return get_flag(l, setting, TONGBU_SOURCE_ACTIVE_LOW, &def->flags);
	if (!strcmp(name, "debounce_us"))
		return get_number(l, setting, 10000000, &def->debounce);
	return fault(l, setting, "a source has no setting %s: see tongbu.conf(5)", name);
}

static int get_source(const struct loading *l, const config_setting_t *group,
		      struct tb_source_def *def)
{
	int i, ret;

	*def = (struct tb_source_def){
		.edges = TONGBU_EDGE_BOTH,
		.flags = TONGBU_SOURCE_CONFIGURED,
	};
	if (!config_setting_is_group(group))
		return fault(l, group, "a source stands in braces: { name = ...; }");
	for (i = 0; i < config_setting_length(group); i++) {
		ret = get_source_setting(l, config_setting_get_elem(group, (unsigned int)i), def);
		if (ret)
			return ret;
	}
	if (!*def->name || !*def->chip || !config_setting_get_member(group, "line"))
		return fault(l, group, "a source needs name, chip and line");
	return 0;
}

static int get_sources(const struct loading *l, const config_setting_t *list,
		       struct tb_config *config)
{
	size_t count, i, j;
	int ret;

	if (!config_setting_is_list(list))
		return fault(l, list, "sources stand in parentheses: ( { ... }, { ... } )");
	count = (size_t)config_setting_length(list);
	config->sources = calloc(count ? count : 1, sizeof(*config->sources));
	if (!config->sources)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	for (i = 0; i < count; i++) {
		const config_setting_t *group = config_setting_get_elem(list, (unsigned int)i);

		ret = get_source(l, group, &config->sources[i]);
		if (ret)
			return ret;
		for (j = 0; j < i; j++)
			if (!strcmp(config->sources[i].name, config->sources[j].name))
				return fault(l, group, "there are two sources named %s",
					     config->sources[i].name);
		config->source_count++;
	}
	return 0;
}

static int get_packs(const struct loading *l, const config_setting_t *list,
		     struct tb_config *config)
{
	size_t count, i;
	const char *name;

	if (!config_setting_is_array(list) && !config_setting_is_list(list))
		return fault(l, list, "packs stand in brackets: [ \"market\", \"highway\" ]");
	count = (size_t)config_setting_length(list);
	config->packs = calloc(count ? count : 1, sizeof(*config->packs));
	if (!config->packs)
		return tb_error_set(l->err, -ENOMEM, "out of memory");
	for (i = 0; i < count; i++) {
		name = config_setting_get_string_elem(list, (int)i);
		if (!name || !*name)
			return fault(l, list, "a pack is named by a string");
		config->packs[i] = strdup(name);
		if (!config->packs[i])
			return tb_error_set(l->err, -ENOMEM, "out of memory");
		config->pack_count++;
	}
	return 0;
}

static int get_zone(const struct loading *l, const config_setting_t *setting, int *zone)
{
	const char *text = config_setting_get_string(setting);
	unsigned int hours, minutes;
	char sign, rest;

	if (!text || sscanf(text, "%c%2u:%2u%c", &sign, &hours, &minutes, &rest) != 3 ||
	    (sign != '+' && sign != '-') || hours > 14 || minutes > 59)
		return fault(l, setting, "timezone must be as \"+08:00\"");
	*zone = (int)(hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
	return 0;
}

static int get_setting(const struct loading *l, const config_setting_t *setting,
		       struct tb_config *config)
{
	const char *name = config_setting_name(setting);

	if (!strcmp(name, "station"))
		return get_string(l, setting, &config->station);
	if (!strcmp(name, "supervisor_key"))
		return get_string(l, setting, &config->supervisor_key);
	if (!strcmp(name, "ledger"))
		return get_string(l, setting, &config->ledger);
	if (!strcmp(name, "socket"))
		return get_string(l, setting, &config->socket);
	if (!strcmp(name, "group"))
		return get_string(l, setting, &config->group);
	if (!strcmp(name, "packs"))
		return get_packs(l, setting, config);
	if (!strcmp(name, "packs_dir"))
		return get_string(l, setting, &config->packs_dir);
	if (!strcmp(name, "state"))
		return get_string(l, setting, &config->state);
	if (!strcmp(name, "kept"))
		return get_string(l, setting, &config->kept);
	if (!strcmp(name, "blobs"))
		return get_string(l, setting, &config->blobs);
	if (!strcmp(name, "timezone"))
		return get_zone(l, setting, &config->zone);
	if (!strcmp(name, "sources"))
		return get_sources(l, setting, config);
	return fault(l, setting, "there is no setting %s: see tongbu.conf(5)", name);
}

static int set_defaults(struct tb_config *config)
{
	char host[HOST_NAME_MAX + 1] = "station";

	gethostname(host, sizeof(host) - 1);
	config->station = strdup(host);
	config->supervisor_key = strdup("/etc/tongbu/supervisor.pub.pem");
	config->ledger = strdup("/var/lib/tongbu/ledger.db");
	config->socket = strdup("/run/tongbu/socket");
	config->group = strdup("tongbu");
	config->packs_dir = strdup(TB_PACKS_DIR);
	config->zone = 8 * 3600;
	return config->station && config->supervisor_key && config->ledger && config->socket &&
			       config->group && config->packs_dir ?
		       0 :
		       -ENOMEM;
}

/**
 * tb_config_beside() - a file in the directory of the ledger
 * @config: the configuration
 * @name: name of the file
 *
 * Return: its path, the caller's to free; NULL if there is no memory.
 */
char *tb_config_beside(const struct tb_config *config, const char *name)
{
	const char *slash = strrchr(config->ledger, '/');
	int folder = slash ? (int)(slash + 1 - config->ledger) : 0;
	char *path;

	return asprintf(&path, "%.*s%s", folder, config->ledger, name) < 0 ? NULL : path;
}

/* What is not set is beside the ledger. */
static int set_places(struct tb_config *config, struct tb_error *err)
{
	if (!config->state)
		config->state = tb_config_beside(config, "state.db");
	if (!config->kept)
		config->kept = tb_config_beside(config, "packs");
	if (!config->blobs)
		config->blobs = tb_config_beside(config, "blobs");
	return config->state && config->kept && config->blobs ?
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
	struct loading l = { .path = path, .err = err };
	struct tb_config *c = calloc(1, sizeof(*c));
	const config_setting_t *root;
	config_t file;
	int i, ret;

	if (!c || set_defaults(c)) {
		tb_config_free(c);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	config_init(&file);
	if (!config_read_file(&file, path)) {
		if (config_error_type(&file) == CONFIG_ERR_FILE_IO)
			ret = tb_error_set(err, -ENOENT, "%s cannot be read: %s", path,
					   strerror(errno));
		else
			ret = tb_error_set(err, -EINVAL, "%s:%d: %s", path,
					   config_error_line(&file), config_error_text(&file));
		goto out;
	}
	root = config_root_setting(&file);
	for (i = 0, ret = 0; i < config_setting_length(root) && !ret; i++)
		ret = get_setting(&l, config_setting_get_elem(root, (unsigned int)i), c);
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
 * tb_config_swap_sources() - exchange the sources of two configurations
 * @a: one
 * @b: the other
 */
void tb_config_swap_sources(struct tb_config *a, struct tb_config *b)
{
	struct tb_source_def *sources = a->sources;
	size_t count = a->source_count;

	a->sources = b->sources;
	a->source_count = b->source_count;
	b->sources = sources;
	b->source_count = count;
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
	free(config->socket);
	free(config->group);
	for (i = 0; i < config->pack_count; i++)
		free(config->packs[i]);
	free(config->packs);
	free(config->packs_dir);
	free(config->state);
	free(config->kept);
	free(config->blobs);
	free(config->sources);
	free(config);
}
