// SPDX-License-Identifier: GPL-2.0-only
/* tongbud: keeps what the kernel recorded. See tongbud(8). */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "key.h"
#include "ledger_check.h"
#include "log.h"
#include "loop.h"
#include "station.h"

/* Exit statuses, as tongbud(8) has them */
enum {
	EXIT_CONFIG = 2,
	EXIT_NO_MODULE = 3,
	EXIT_NO_PERM = 4,
	EXIT_ENDED = 6,
};

static const char help[] =
	"Usage: tongbud [OPTION]...\n"
	"Keep what the kernel module tongbu records: read it, make it durable, acknowledge it.\n"
	"\n"
	"  -c, --config=FILE  configuration (default " TB_CONFIG_PATH ")\n"
	"      --check        check the configuration and the key it names, and exit\n"
	"      --repair       move damaged parts of the ledger aside, say what they were, and exit\n"
	"  -h, --help         this text\n"
	"  -V, --version      version\n"
	"\n"
	"SIGHUP makes it read the configuration's devices again, SIGTERM ends it.\n"
	"Exit status: 0 ended as asked, 1 failure, 2 configuration or usage wrong,\n"
	"3 module not loaded, 4 no permission, 6 the chain has ended.\n"
	"\n"
	"Examples:\n"
	"  tongbud --check\n"
	"  modprobe tongbu submit_gid=$(getent group tongbu | cut -d: -f3) && tongbud\n";

static int exit_status(int code)
{
	switch (code) {
	case -ENOENT:
		return EXIT_NO_MODULE;
	case -EPERM:
	case -EACCES:
		return EXIT_NO_PERM;
	case -ENODATA:
	case -ESHUTDOWN:
		return EXIT_ENDED;
	default:
		return EXIT_FAILURE;
	}
}

static int check_config(const char *path)
{
	struct tb_config *config;
	struct tb_error err;
	struct tb_key key;
	int ret;

	ret = tb_config_load(path, &config, &err);
	if (!ret) {
		ret = tb_key_load_public(config->supervisor_key, &key, &err);
		if (!ret)
			printf("%s: station %s, %zu sources, %zu outputs, %zu reflexes\n", path,
			       config->station, config->devices.source_count,
			       config->devices.output_count, config->devices.reflex_count);
		tb_config_free(config);
	}
	if (!ret)
		return EXIT_SUCCESS;
	tb_log_error("%s", err.text);
	return EXIT_CONFIG;
}

static int repair(const char *path)
{
	struct tb_config *config;
	struct tb_error err;
	int ret;

	ret = tb_config_load(path, &config, &err);
	if (ret) {
		tb_log_error("%s", err.text);
		return EXIT_CONFIG;
	}
	ret = tb_ledger_repair(config->ledger, &err);
	tb_config_free(config);
	if (ret)
		tb_log_error("%s", err.text);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void reload(void *userdata)
{
	tb_station_reload(userdata);
}

static int run(const char *config_path)
{
	struct tb_station station = { 0 };
	sd_event *event;
	struct tb_error err;
	int ret, status = EXIT_SUCCESS;

	if (tb_loop_new(&event, reload, &station)) {
		sd_event_unref(event);
		return EXIT_FAILURE;
	}
	ret = tb_station_start(&station, event, config_path, &err);
	if (ret) {
		tb_log_error("%s", err.text);
		/* Up to here, what does not exist is a file; the module comes next. */
		status = !station.config || ret == -EINVAL || (ret == -ENOENT && station.kernel) ?
				 EXIT_CONFIG :
				 exit_status(ret);
	} else {
		tb_log_notice("station %s is ready", station.config->station);
		ret = tb_loop_run(event);
		if (station.failure.code == -ESHUTDOWN)
			tb_log_notice("%s", station.failure.text);
		else if (station.failure.code)
			tb_log_error("%s", station.failure.text);
		else if (ret < 0)
			tb_log_error("event loop: %s", strerror(-ret));
		if (ret < 0)
			status = ret == -ESHUTDOWN ? EXIT_ENDED : EXIT_FAILURE;
	}
	tb_station_stop(&station);
	sd_event_unref(event);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "check", no_argument, NULL, 'C' },
		{ "repair", no_argument, NULL, 'R' },	    { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },	    { NULL, 0, NULL, 0 },
	};
	const char *config = TB_CONFIG_PATH;
	int (*work)(const char *config) = run;
	int option;

	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'C':
			work = check_config;
			break;
		case 'R':
			work = repair;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("tongbud " TONGBU_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_CONFIG;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "tongbud: %s is not an option: see tongbud --help\n", argv[optind]);
		return EXIT_CONFIG;
	}
	umask(027);
	return work(config);
}
