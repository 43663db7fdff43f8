// SPDX-License-Identifier: GPL-2.0-only
#include "sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* A chip may appear, or a line be let go, later */
#define RETRY_USEC 10000000ULL

/**
 * struct tb_sources - the configured sources
 * @kernel: the socket; the caller's
 * @config: what they shall be; the caller's
 * @retry: timer, on while some are not as they shall be
 * @missing: how many that are
 */
struct tb_sources {
	struct tb_kernel *kernel;
	const struct tb_config *config;
	sd_event_source *retry;
	size_t missing;
};

static const struct tb_source_def *find(const struct tb_source_def *list, size_t count,
					const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

static bool same(const struct tb_source_def *a, const struct tb_source_def *b)
{
	return !strcmp(a->chip, b->chip) && a->line == b->line && a->debounce == b->debounce &&
	       a->flags == b->flags && a->edges == b->edges && a->bias == b->bias;
}

static void disarm_old(struct tb_sources *sources, const struct tb_source_def *armed, size_t count,
		       bool first_try)
{
	const struct tb_source_def *wanted;
	struct tb_error err;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!(armed[i].flags & TONGBU_SOURCE_CONFIGURED))
			continue;
		wanted = find(sources->config->sources, sources->config->source_count,
			      armed[i].name);
		if (wanted && same(wanted, &armed[i]))
			continue;
		if (!tb_kernel_source_del(sources->kernel, armed[i].id, NULL, &err)) {
			tb_log_notice("source %s disarmed", armed[i].name);
			continue;
		}
		sources->missing++;
		if (first_try)
			tb_log_error("source %s could not be disarmed: %s; trying again every 10 s",
				     armed[i].name, err.text);
	}
}

static void arm_new(struct tb_sources *sources, const struct tb_source_def *armed, size_t count,
		    bool first_try)
{
	const struct tb_source_def *def, *there;
	struct tb_error err;
	size_t i;

	for (i = 0; i < sources->config->source_count; i++) {
		def = &sources->config->sources[i];
		there = find(armed, count, def->name);
		if (there && same(there, def))
			continue;
		if (!tb_kernel_source_add(sources->kernel, def, NULL, &err)) {
			tb_log_notice("source %s armed: line %u of %s", def->name, def->line,
				      def->chip);
			continue;
		}
		sources->missing++;
		if (first_try)
			tb_log_error("source %s is not armed: %s; trying again every 10 s",
				     def->name, err.text);
	}
}

static void apply(struct tb_sources *sources, bool first_try)
{
	struct tb_source_def *armed;
	struct tb_error err;
	size_t count;

	sources->missing = 0;
	if (tb_kernel_source_list(sources->kernel, &armed, &count, &err)) {
		sources->missing++;
		if (first_try)
			tb_log_error("the kernel's sources could not be listed: %s; trying again every 10 s",
				     err.text);
		return;
	}
	disarm_old(sources, armed, count, first_try);
	arm_new(sources, armed, count, first_try);
	free(armed);
}

static void rearm(struct tb_sources *sources)
{
	sd_event_source_set_time_relative(sources->retry, RETRY_USEC);
	sd_event_source_set_enabled(sources->retry,
				    sources->missing ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source, (void)usec;
	apply(userdata, false);
	rearm(userdata);
	return 0;
}

/**
 * tb_sources_new() - make ready to arm sources
 * @event: the event loop
 * @kernel: a socket; kept
 * @sources: set to them; tb_sources_free() ends it
 *
 * Return: 0 or a negative errno.
 */
int tb_sources_new(sd_event *event, struct tb_kernel *kernel, struct tb_sources **sources)
{
	struct tb_sources *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->kernel = kernel;
	ret = sd_event_add_time_relative(event, &s->retry, CLOCK_BOOTTIME, RETRY_USEC, 0, on_retry,
					 s);
	if (ret < 0) {
		free(s);
		return ret;
	}
	sd_event_source_set_enabled(s->retry, SD_EVENT_OFF);
	*sources = s;
	return 0;
}

/**
 * tb_sources_apply() - make the kernel's sources what the configuration says
 * @sources: the sources
 * @config: the configuration; kept until the next call
 *
 * What could not be armed is said in the log and tried again later. Sources
 * that are as they should be go on without a gap.
 */
void tb_sources_apply(struct tb_sources *sources, const struct tb_config *config)
{
	sources->config = config;
	apply(sources, true);
	rearm(sources);
}

/**
 * tb_sources_free() - stop looking after sources; they stay armed
 * @sources: the sources, or NULL
 */
void tb_sources_free(struct tb_sources *sources)
{
	if (!sources)
		return;
	sd_event_source_disable_unref(sources->retry);
	free(sources);
}
