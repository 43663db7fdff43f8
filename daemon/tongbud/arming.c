// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel has is compared with what it shall have. What is no longer so goes:
 * reflexes first, since nothing goes before the reflex that uses it. What is not
 * there yet comes: reflexes last. What is as it should be goes on without a gap.
 */
#include "arming.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* A chip may appear, or a line be let go, later */
#define RETRY_USEC 10000000ULL

/**
 * struct tb_arming - the configured devices
 * @kernel: the socket; the caller's
 * @devices: what they shall be; the caller's
 * @retry: timer, on while some are not as they shall be
 * @missing: how many that are
 * @first_try: what fails is said in the log
 */
struct tb_arming {
	struct tb_kernel *kernel;
	const struct tb_devices *devices;
	sd_event_source *retry;
	size_t missing;
	bool first_try;
};

/* In this order they come; what was is given up in the other one. */
enum {
	OUTPUTS,
	SOURCES,
	REFLEXES,
	KINDS,
};

static const struct tb_table *const tables[KINDS] = { &tb_output_table, &tb_source_table,
						      &tb_reflex_table };

/**
 * struct kernel_has - what is armed, by hand or not
 * @of: of each kind
 */
struct kernel_has {
	struct tb_list of[KINDS];
};

static struct tb_list asked_for(const struct tb_arming *a, int kind)
{
	const struct tb_devices *d = a->devices;

	return kind == OUTPUTS ? (struct tb_list){ d->outputs, d->output_count } :
	       kind == SOURCES ? (struct tb_list){ d->sources, d->source_count } :
				 (struct tb_list){ d->reflexes, d->reflex_count };
}

static const void *find(struct tb_list list, int kind, const char *name)
{
	return tb_table_item(tables[kind], list.items, list.count, name);
}

static bool is_configured(int kind, const void *there)
{
	return kind == OUTPUTS ?
		       ((const struct tb_output_def *)there)->flags & TONGBU_OUTPUT_CONFIGURED :
	       kind == SOURCES ?
		       ((const struct tb_source_def *)there)->flags & TONGBU_SOURCE_CONFIGURED :
		       ((const struct tb_reflex_def *)there)->flags & TONGBU_REFLEX_CONFIGURED;
}

static bool stays(const struct tb_arming *a, const struct kernel_has *has, int kind,
		  const void *there);

static bool joined_stays(const struct tb_arming *a, const struct kernel_has *has, int kind,
			 const char *name)
{
	const void *joined = find(has->of[kind], kind, name);

	return !joined || stays(a, has, kind, joined);
}

/* A reflex goes, too, when what it joins goes: to be armed again with the new one. */
static bool stays(const struct tb_arming *a, const struct kernel_has *has, int kind,
		  const void *there)
{
	const void *asked = find(asked_for(a, kind), kind, tb_table_name(tables[kind], there));
	const struct tb_reflex_def *reflex = there;

	if (!is_configured(kind, there))
		return true;
	if (!asked || !tb_fields_same(tables[kind], asked, there))
		return false;
	return kind != REFLEXES || (joined_stays(a, has, SOURCES, reflex->source) &&
				    joined_stays(a, has, SOURCES, reflex->second) &&
				    joined_stays(a, has, OUTPUTS, reflex->output));
}

static void went(struct tb_arming *a, const char *what, const char *name, int ret,
		 const struct tb_error *err)
{
	if (!ret) {
		tb_log_notice("%s %s disarmed", what, name);
		return;
	}
	a->missing++;
	if (a->first_try)
		tb_log_error("%s %s could not be disarmed: %s; trying again every 10 s", what, name,
			     err->text);
}

static void came(struct tb_arming *a, const char *what, const char *name, const char *where,
		 int ret, const struct tb_error *err)
{
	if (!ret) {
		tb_log_notice("%s %s armed: %s", what, name, where);
		return;
	}
	a->missing++;
	if (a->first_try)
		tb_log_error("%s %s is not armed: %s; trying again every 10 s", what, name,
			     err->text);
}

static void disarm_old(struct tb_arming *a, const struct kernel_has *has, int kind)
{
	const struct tb_table *table = tables[kind];
	const char *there = has->of[kind].items;
	struct tb_error err;
	size_t i;

	for (i = 0; i < has->of[kind].count; i++, there += table->size)
		if (!stays(a, has, kind, there))
			went(a, table->what, tb_table_name(table, there),
			     tb_kernel_del(a->kernel, table,
					   (uint32_t)tb_field_number(table->fields, there), NULL,
					   &err),
			     &err);
}

static void say_where(int kind, const void *def, char *where, size_t size)
{
	const struct tb_source_def *source = def;
	const struct tb_output_def *output = def;
	const struct tb_reflex_def *reflex = def;

	if (kind == REFLEXES)
		snprintf(where, size, "%s to %s", reflex->source, reflex->output);
	else if (kind == OUTPUTS)
		snprintf(where, size, "line %u of %s", output->line, output->chip);
	else if (source->type == TONGBU_SOURCE_SERIAL)
		snprintf(where, size, "port %s", source->chip);
	else if (source->type == TONGBU_SOURCE_INPUT)
		snprintf(where, size, "input device %s",
			 *source->input.device ? source->input.device : source->input.phys);
	else
		snprintf(where, size, "line %u of %s", source->line, source->chip);
}

static void arm_new(struct tb_arming *a, const struct kernel_has *has, int kind)
{
	const struct tb_table *table = tables[kind];
	struct tb_list asked = asked_for(a, kind);
	const char *def = asked.items, *name;
	const void *there;
	struct tb_error err;
	char where[96];
	size_t i;
	int ret;

	for (i = 0; i < asked.count; i++, def += table->size) {
		name = tb_table_name(table, def);
		there = find(has->of[kind], kind, name);
		if (there && stays(a, has, kind, there) && tb_fields_same(table, def, there))
			continue;
		say_where(kind, def, where, sizeof(where));
		ret = tb_kernel_add(a->kernel, table, def, NULL, &err);
		came(a, table->what, name, where, ret, &err);
	}
}

/* A module that knows no outputs or reflexes has none; asked for one, it says so. */
static int ask_kernel(struct tb_arming *a, struct kernel_has *has, struct tb_error *err)
{
	static const int order[] = { SOURCES, OUTPUTS, REFLEXES };
	int ret = 0, i;

	for (i = 0; i < KINDS && !ret; i++)
		ret = tb_kernel_list(a->kernel, tables[order[i]], &has->of[order[i]], err);
	return ret == -EOPNOTSUPP ? 0 : ret;
}

static void apply(struct tb_arming *a)
{
	struct kernel_has has = { 0 };
	struct tb_error err;
	int kind;

	a->missing = 0;
	if (ask_kernel(a, &has, &err)) {
		a->missing++;
		if (a->first_try)
			tb_log_error("what the kernel has armed could not be listed: %s; trying again every 10 s",
				     err.text);
	} else {
		for (kind = KINDS; kind--;)
			disarm_old(a, &has, kind);
		for (kind = 0; kind < KINDS; kind++)
			arm_new(a, &has, kind);
	}
	for (kind = 0; kind < KINDS; kind++)
		free(has.of[kind].items);
	sd_event_source_set_time_relative(a->retry, RETRY_USEC);
	sd_event_source_set_enabled(a->retry, a->missing ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct tb_arming *a = userdata;

	(void)source, (void)usec;
	a->first_try = false;
	apply(a);
	return 0;
}

/**
 * tb_arming_new() - make ready to arm devices
 * @event: the event loop
 * @kernel: a socket; kept
 * @arming: set to it; tb_arming_free() ends it
 *
 * Return: 0 or a negative errno.
 */
int tb_arming_new(sd_event *event, struct tb_kernel *kernel, struct tb_arming **arming)
{
	struct tb_arming *a = calloc(1, sizeof(*a));
	int ret;

	if (!a)
		return -ENOMEM;
	a->kernel = kernel;
	ret = sd_event_add_time_relative(event, &a->retry, CLOCK_BOOTTIME, RETRY_USEC, 0, on_retry,
					 a);
	if (ret < 0) {
		free(a);
		return ret;
	}
	sd_event_source_set_enabled(a->retry, SD_EVENT_OFF);
	*arming = a;
	return 0;
}

/**
 * tb_arming_apply() - make the kernel's devices what the configuration says
 * @arming: the arming
 * @devices: what they shall be; kept until the next call
 *
 * What could not be armed is said in the log and tried again later.
 */
void tb_arming_apply(struct tb_arming *arming, const struct tb_devices *devices)
{
	arming->devices = devices;
	arming->first_try = true;
	apply(arming);
}

/**
 * tb_arming_free() - stop looking after devices; they stay armed
 * @arming: the arming, or NULL
 */
void tb_arming_free(struct tb_arming *arming)
{
	if (!arming)
		return;
	sd_event_source_disable_unref(arming->retry);
	free(arming);
}
