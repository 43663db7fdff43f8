// SPDX-License-Identifier: GPL-2.0-only
/* tongbu-referee: what the records come to, by the packs. See tongbu-referee(8). */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "house.h"
#include "log.h"

#define EXIT_CONFIG 2

static const char help[] =
	"Usage: tongbu-referee [OPTION]...\n"
	"Fold the records that tongbud keeps through packs, and answer people's questions.\n"
	"\n"
	"  -c, --config=FILE  configuration (default " TB_CONFIG_PATH ")\n"
	"      --rebuild      delete the state and fold the ledger anew\n"
	"  -h, --help         this text\n"
	"  -V, --version      version\n"
	"\n"
	"SIGHUP makes it read the configuration's packs and values again, SIGTERM ends it.\n"
	"Exit status: 0 ended as asked, 1 failure, 2 configuration or usage wrong.\n"
	"\n"
	"Examples:\n"
	"  tongbu-referee --rebuild\n";

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	(void)source, (void)info;
	sd_notify(0, "RELOADING=1");
	tb_house_reload(userdata);
	sd_notify(0, "READY=1");
	return 0;
}

static int new_event_loop(sd_event **event, struct tb_house *house)
{
	sigset_t signals;
	int ret;

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	ret = sd_event_new(event);
	if (ret >= 0)
		ret = sd_event_add_signal(*event, NULL, SIGHUP, on_reload, house);
	if (ret >= 0)
		ret = sd_event_add_signal(*event, NULL, SIGINT, NULL, NULL);
	if (ret >= 0)
		ret = sd_event_add_signal(*event, NULL, SIGTERM, NULL, NULL);
	if (ret >= 0)
		ret = sd_event_set_watchdog(*event, true);
	return ret;
}

static int run(const char *config_path, bool rebuild)
{
	struct tb_house house = { .rebuild = rebuild };
	sd_event *event = NULL;
	struct tb_error err;
	int ret, status = EXIT_SUCCESS;

	ret = new_event_loop(&event, &house);
	if (ret < 0) {
		tb_log_error("event loop: %s", strerror(-ret));
		sd_event_unref(event);
		return EXIT_FAILURE;
	}
	ret = tb_house_start(&house, event, config_path, &err);
	if (ret) {
		tb_log_error("%s", err.text);
		status = !house.config || ret == -EINVAL ? EXIT_CONFIG : EXIT_FAILURE;
	} else {
		tb_log_notice("%zu packs are configured", house.config->pack_count);
		sd_notify(0, "READY=1");
		ret = sd_event_loop(event);
		sd_notify(0, "STOPPING=1");
		if (ret < 0) {
			tb_log_error("event loop: %s", strerror(-ret));
			status = EXIT_FAILURE;
		}
	}
	tb_house_stop(&house);
	sd_event_unref(event);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "rebuild", no_argument, NULL, 'R' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *config = TB_CONFIG_PATH;
	bool rebuild = false;
	int option;

	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'R':
			rebuild = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("tongbu-referee " TONGBU_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_CONFIG;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "tongbu-referee: %s is not an option: see tongbu-referee --help\n",
			argv[optind]);
		return EXIT_CONFIG;
	}
	umask(027);
	return run(config, rebuild);
}
