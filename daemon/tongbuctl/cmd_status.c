// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl status: how the station fares. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "device.h"
#include "people.h"
#include "timefmt.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "-";
}

static long long number_of(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

/* Sources that do not fare well; the kernel is asked, which tells anybody. */
static void print_troubled(void)
{
	struct tb_kernel *kernel;
	const struct tb_source_def *list;
	struct tb_list all;
	struct tb_error err;
	char state[32];
	size_t i;

	if (tb_kernel_open(&kernel, &err))
		return;
	if (!tb_kernel_list(kernel, &tb_source_table, &all, &err)) {
		list = all.items;
		for (i = 0; i < all.count; i++) {
			if (!list[i].state)
				continue;
			device_state(list[i].state, state, sizeof(state));
			printf("source   %s: %s\n", list[i].name, state);
		}
		free(all.items);
	}
	tb_kernel_close(kernel);
}

static void print_outputs(void)
{
	struct tb_kernel *kernel;
	const struct tb_output_def *list;
	struct tb_list all;
	struct tb_error err;
	size_t i;

	if (tb_kernel_open(&kernel, &err))
		return;
	if (!tb_kernel_list(kernel, &tb_output_table, &all, &err)) {
		list = all.items;
		for (i = 0; i < all.count; i++)
			printf("output   %s: %s%s\n", list[i].name, list[i].value ? "on" : "off",
			       list[i].state & TONGBU_STATE_GONE ? ", its chip is GONE" : "");
		free(all.items);
	}
	tb_kernel_close(kernel);
}

static void print_devices(const json_t *kernel)
{
	print_troubled();
	if (number_of(kernel, "outputs"))
		print_outputs();
	if (number_of(kernel, "reflexes"))
		printf("reflexes %lld armed\n", number_of(kernel, "reflexes"));
}

/* What stopped is said, and that the records did not. */
static void print_referee(const json_t *referee)
{
	const json_t *trouble = json_object_get(referee, "trouble");
	const json_t *remaking = json_object_get(referee, "remaking");
	char progress[PEOPLE_PROGRESS_SIZE], years[200];
	bool bold = tb_colour();

	if (!json_array_size(json_object_get(referee, "packs")) && !json_is_string(trouble)) {
		puts("packs    none are configured");
		return;
	}
	if (json_is_string(trouble))
		printf("%spacks    stopped: %s; recording continues%s\n", bold ? "\033[31m" : "",
		       json_string_value(trouble), bold ? "\033[0m" : "");
	else if (json_is_object(remaking))
		printf("packs    the state is made anew: %s%s\n",
		       people_progress(remaking, progress),
		       json_is_true(json_object_get(remaking, "old_answers")) ?
			       "; the old one answers" :
			       "");
	else if (!json_is_true(json_object_get(referee, "caught_up")))
		printf("packs    catching up: at record %lld of chain %.8s\n",
		       number_of(referee, "position"), text_of(referee, "chain"));
	else
		printf("packs    %zu, applied up to record %lld\n",
		       json_array_size(json_object_get(referee, "packs")),
		       number_of(referee, "position"));
	if (people_unlisted(referee, years, sizeof(years)))
		printf("calendar %s\n", years);
}

static void print_held(const json_t *log)
{
	char by[CTL_HELD_SIZE];
	json_int_t age;
	const json_t *held = ctl_held(log, by, &age);
	bool bold = tb_colour();

	if (held)
		printf("held     elsewhere up to entry %lld, by %s, %" JSON_INTEGER_FORMAT
		       " s ago\n",
		       number_of(held, "size"), by, age);
	else
		printf("%sheld     nowhere: only this station holds its records%s\n",
		       bold ? "\033[33m" : "", bold ? "\033[0m" : "");
	if (json_is_string(json_object_get(log, "uplink")))
		printf("%suplink   %s%s\n", bold ? "\033[33m" : "", text_of(log, "uplink"),
		       bold ? "\033[0m" : "");
}

static void print_status(const json_t *status)
{
	const json_t *kernel = json_object_get(status, "kernel");
	const json_t *ledger = json_object_get(status, "ledger");
	const json_t *trouble = json_object_get(status, "trouble");
	const json_t *log = json_object_get(status, "log");
	char since[TB_TIME_SIZE] = "";
	bool bold = tb_colour();
	uint64_t started;

	tb_time_zone(ctl.utc ? 0 : (int)number_of(status, "zone"));
	if (!tb_time_parse(text_of(status, "started"), 0, &started, NULL))
		tb_time_text(started, since);
	printf("%s%s%s  tongbud %s, pid %lld, since %.19s%s\n", bold ? "\033[1m" : "",
	       text_of(status, "station"), bold ? "\033[0m" : "", text_of(status, "version"),
	       number_of(status, "pid"), since, since + 29);
	printf("chain    %s\n", text_of(kernel, "chain"));
	printf("kernel   %lld records sealed, %lld acknowledged; %lld events lost, %lld submissions refused\n",
	       number_of(kernel, "head"), number_of(kernel, "acked"), number_of(kernel, "lost"),
	       number_of(kernel, "refused"));
	printf("ring     %lld of %lld records used, at most %lld ever\n", number_of(kernel, "used"),
	       number_of(kernel, "capacity"), number_of(kernel, "high_water"));
	printf("sources  %lld armed\n", number_of(kernel, "sources"));
	print_devices(kernel);
	printf("ledger   %s: %lld records of %lld chains, %lld MiB; %lld MiB are free\n",
	       text_of(ledger, "path"), number_of(ledger, "records"), number_of(ledger, "chains"),
	       number_of(ledger, "bytes") >> 20, number_of(ledger, "free") >> 20);
	printf("log      %s: %lld entries, %lld of them signed\n", text_of(log, "origin"),
	       number_of(log, "entries"), number_of(log, "signed"));
	if (json_is_string(json_object_get(log, "trouble")))
		printf("%slog      %s%s\n", bold ? "\033[31m" : "", text_of(log, "trouble"),
		       bold ? "\033[0m" : "");
	print_held(log);
	if (json_is_string(json_object_get(ledger, "warning")))
		printf("%sdisk     %s%s\n", bold ? "\033[33m" : "", text_of(ledger, "warning"),
		       bold ? "\033[0m" : "");
	if (json_is_string(trouble))
		printf("%strouble  %s%s\n", bold ? "\033[31m" : "", json_string_value(trouble),
		       bold ? "\033[0m" : "");
	print_referee(json_object_get(status, "referee"));
}

/* A referee that is not there is trouble of its own, not of the station's. */
static json_t *ask_referee(void)
{
	struct tb_error err;
	json_t *status;

	if (ctl_referee_status(&status, &err))
		status = json_pack("{s:s}", "trouble", err.text);
	return status;
}

/* Without the daemon: is it the module that is missing? */
static int no_daemon(const struct tb_error *why)
{
	struct tb_kernel *kernel;
	struct tb_error err;

	if (why->code == -ECONNREFUSED && tb_kernel_open(&kernel, &err) == -ENOENT) {
		ctl_bad("%s", err.text);
		return CTL_NO_MODULE;
	}
	return ctl_failed(why);
}

/**
 * cmd_status() - tongbuctl status
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_status(int argc, char **argv)
{
	struct tb_error err;
	json_t *status;
	int ret;

	if (ctl_nothing(argc, argv))
		return CTL_FAILED;
	ret = ctl_station_status(&status, &err);
	if (ret)
		return no_daemon(&err);
	json_object_set_new(status, "referee", ask_referee());
	if (ctl.json)
		return ctl_print(status);
	print_status(status);
	json_decref(status);
	return CTL_OK;
}
