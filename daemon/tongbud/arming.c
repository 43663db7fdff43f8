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

/**
 * struct kernel_has - what is armed, by hand or not
 * @sources: the sources
 * @source_count: how many
 * @outputs: the outputs
 * @output_count: how many
 * @reflexes: the reflexes
 * @reflex_count: how many
 */
struct kernel_has {
	struct tb_source_def *sources;
	size_t source_count;
	struct tb_output_def *outputs;
	size_t output_count;
	struct tb_reflex_def *reflexes;
	size_t reflex_count;
};

static const struct tb_source_def *find_source(const struct tb_source_def *list, size_t count,
					       const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

static const struct tb_output_def *find_output(const struct tb_output_def *list, size_t count,
					       const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

static const struct tb_reflex_def *find_reflex(const struct tb_reflex_def *list, size_t count,
					       const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

static bool source_stays(const struct tb_arming *a, const struct tb_source_def *there)
{
	const struct tb_source_def *asked =
		find_source(a->devices->sources, a->devices->source_count, there->name);

	return !(there->flags & TONGBU_SOURCE_CONFIGURED) ||
	       (asked && tb_fields_same(&tb_source_table, asked, there));
}

static bool output_stays(const struct tb_arming *a, const struct tb_output_def *there)
{
	const struct tb_output_def *asked =
		find_output(a->devices->outputs, a->devices->output_count, there->name);

	return !(there->flags & TONGBU_OUTPUT_CONFIGURED) ||
	       (asked && tb_fields_same(&tb_output_table, asked, there));
}

/* It goes, too, when what it joins goes: to be armed again with the new one. */
static bool reflex_stays(const struct tb_arming *a, const struct kernel_has *has,
			 const struct tb_reflex_def *there)
{
	const struct tb_reflex_def *asked =
		find_reflex(a->devices->reflexes, a->devices->reflex_count, there->name);
	const struct tb_source_def *source =
		find_source(has->sources, has->source_count, there->source);
	const struct tb_source_def *second =
		find_source(has->sources, has->source_count, there->second);
	const struct tb_output_def *output =
		find_output(has->outputs, has->output_count, there->output);

	if (!(there->flags & TONGBU_REFLEX_CONFIGURED))
		return true;
	return asked && tb_fields_same(&tb_reflex_table, asked, there) &&
	       (!source || source_stays(a, source)) && (!second || source_stays(a, second)) &&
	       (!output || output_stays(a, output));
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

static void disarm_old(struct tb_arming *a, const struct kernel_has *has)
{
	struct tb_error err;
	size_t i;

	for (i = 0; i < has->reflex_count; i++)
		if (!reflex_stays(a, has, &has->reflexes[i]))
			went(a, "reflex", has->reflexes[i].name,
			     tb_kernel_del(a->kernel, &tb_reflex_table, has->reflexes[i].id, NULL,
					   &err),
			     &err);
	for (i = 0; i < has->source_count; i++)
		if (!source_stays(a, &has->sources[i]))
			went(a, "source", has->sources[i].name,
			     tb_kernel_del(a->kernel, &tb_source_table, has->sources[i].id, NULL,
					   &err),
			     &err);
	for (i = 0; i < has->output_count; i++)
		if (!output_stays(a, &has->outputs[i]))
			went(a, "output", has->outputs[i].name,
			     tb_kernel_del(a->kernel, &tb_output_table, has->outputs[i].id, NULL,
					   &err),
			     &err);
}

static void arm_outputs(struct tb_arming *a, const struct kernel_has *has)
{
	const struct tb_output_def *def, *there;
	struct tb_error err;
	char where[80];
	size_t i;
	int ret;

	for (i = 0; i < a->devices->output_count; i++) {
		def = &a->devices->outputs[i];
		there = find_output(has->outputs, has->output_count, def->name);
		if (there && tb_fields_same(&tb_output_table, def, there))
			continue;
		snprintf(where, sizeof(where), "line %u of %s", def->line, def->chip);
		ret = tb_kernel_add(a->kernel, &tb_output_table, def, NULL, &err);
		came(a, "output", def->name, where, ret, &err);
	}
}

static void say_where(const struct tb_source_def *def, char *where, size_t size)
{
	if (def->type == TONGBU_SOURCE_SERIAL)
		snprintf(where, size, "port %s", def->chip);
	else if (def->type == TONGBU_SOURCE_INPUT)
		snprintf(where, size, "input device %s",
			 *def->input.device ? def->input.device : def->input.phys);
	else
		snprintf(where, size, "line %u of %s", def->line, def->chip);
}

static void arm_sources(struct tb_arming *a, const struct kernel_has *has)
{
	const struct tb_source_def *def, *there;
	struct tb_error err;
	char where[96];
	size_t i;
	int ret;

	for (i = 0; i < a->devices->source_count; i++) {
		def = &a->devices->sources[i];
		there = find_source(has->sources, has->source_count, def->name);
		if (there && tb_fields_same(&tb_source_table, def, there))
			continue;
		say_where(def, where, sizeof(where));
		ret = tb_kernel_add(a->kernel, &tb_source_table, def, NULL, &err);
		came(a, "source", def->name, where, ret, &err);
	}
}

static void arm_reflexes(struct tb_arming *a, const struct kernel_has *has)
{
	const struct tb_reflex_def *def, *there;
	struct tb_error err;
	char where[96];
	size_t i;
	int ret;

	for (i = 0; i < a->devices->reflex_count; i++) {
		def = &a->devices->reflexes[i];
		there = find_reflex(has->reflexes, has->reflex_count, def->name);
		if (there && reflex_stays(a, has, there) &&
		    tb_fields_same(&tb_reflex_table, def, there))
			continue;
		snprintf(where, sizeof(where), "%s to %s", def->source, def->output);
		ret = tb_kernel_add(a->kernel, &tb_reflex_table, def, NULL, &err);
		came(a, "reflex", def->name, where, ret, &err);
	}
}

/* A module that knows no outputs or reflexes has none; asked for one, it says so. */
static int ask_kernel(struct tb_arming *a, struct kernel_has *has, struct tb_error *err)
{
	struct tb_list list;
	int ret;

	ret = tb_kernel_list(a->kernel, &tb_source_table, &list, err);
	has->sources = list.items;
	has->source_count = list.count;
	if (!ret)
		ret = tb_kernel_list(a->kernel, &tb_output_table, &list, err);
	if (!ret) {
		has->outputs = list.items;
		has->output_count = list.count;
		ret = tb_kernel_list(a->kernel, &tb_reflex_table, &list, err);
	}
	if (!ret) {
		has->reflexes = list.items;
		has->reflex_count = list.count;
	}
	return ret == -EOPNOTSUPP ? 0 : ret;
}

static void apply(struct tb_arming *a)
{
	struct kernel_has has = { 0 };
	struct tb_error err;

	a->missing = 0;
	if (ask_kernel(a, &has, &err)) {
		a->missing++;
		if (a->first_try)
			tb_log_error("what the kernel has armed could not be listed: %s; trying again every 10 s",
				     err.text);
	} else {
		disarm_old(a, &has);
		arm_outputs(a, &has);
		arm_sources(a, &has);
		arm_reflexes(a, &has);
	}
	free(has.sources);
	free(has.outputs);
	free(has.reflexes);
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
