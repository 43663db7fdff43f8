// SPDX-License-Identifier: GPL-2.0-only
/* tongbu-referee: what the records come to, by the packs. See tongbu-referee(8). */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "house.h"
#include "log.h"
#include "loop.h"
#include "pool.h"

#define EXIT_CONFIG 2

static const char help[] =
	"Usage: tongbu-referee [OPTION]...\n"
	"       tongbu-referee --ledger FILE [--socket PATH] [--state FILE] [OPTION]...\n"
	"Apply the rules of packs to the records that tongbud keeps, and answer people's questions.\n"
	"\n"
	"  -c, --config=FILE  configuration (default " TB_CONFIG_PATH ")\n"
	"      --rebuild      make the state anew; until it is ready the old one answers\n"
	"      --ledger=FILE  be a replica: fold this copy of a ledger, or this bundle (- is\n"
	"                     standard input), and answer questions about it; needs neither\n"
	"                     module nor tongbud\n"
	"      --socket=PATH  where a replica listens; without it, it makes the state and exits\n"
	"      --state=FILE   where a replica keeps its state; what is there is replaced\n"
	"      --archive=DIR  where a replica finds the bundles of archived chains (default:\n"
	"                     archive, beside the ledger)\n"
	"      --packs-dir=DIR  where a replica finds packs (default " TB_PACKS_DIR ")\n"
	"  -h, --help         this text\n"
	"  -V, --version      version\n"
	"\n"
	"SIGHUP makes it read the configuration's packs and values again, SIGTERM ends it.\n"
	"Exit status: 0 ended as asked, 1 failure, 2 configuration or usage wrong.\n"
	"\n"
	"Examples:\n"
	"  tongbu-referee --rebuild\n"
	"  tongbu-referee --ledger station.bundle --socket /tmp/replica &\n"
	"  tongbuctl --referee /tmp/replica matter list\n";

static void reload(void *userdata)
{
	tb_house_reload(userdata);
}

/* One or the other: the station's referee, or a replica */
static int start(struct tb_house *house, sd_event *event, const char *config_path,
		 const struct tb_replica_options *replica, struct tb_error *err)
{
	int ret;

	if (!replica->copy)
		return tb_house_start(house, event, config_path, err);
	ret = tb_house_replica(house, replica, err);
	if (ret || !replica->socket)
		return ret;
	return tb_house_answer(house, event, err);
}

static int run(const char *config_path, bool rebuild, const struct tb_replica_options *replica)
{
	struct tb_house house = { .rebuild = rebuild };
	sd_event *event;
	struct tb_error err;
	int ret, status = EXIT_SUCCESS;

	if (tb_loop_new(&event, reload, &house)) {
		sd_event_unref(event);
		return EXIT_FAILURE;
	}
	ret = start(&house, event, config_path, replica, &err);
	if (ret) {
		tb_log_error("%s", err.text);
		status = !house.config || ret == -EINVAL ? EXIT_CONFIG : EXIT_FAILURE;
	} else if (!replica->copy || replica->socket) {
		tb_log_notice("ready: %s", replica->copy ? replica->copy : config_path);
		ret = tb_loop_run(event);
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
		{ "ledger", required_argument, NULL, 'l' },
		{ "socket", required_argument, NULL, 's' },
		{ "state", required_argument, NULL, 't' },
		{ "packs-dir", required_argument, NULL, 'p' },
		{ "archive", required_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	struct tb_replica_options replica = { 0 };
	bool rebuild = false;
	int option;

	tb_pool_everywhere();
	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			replica.config_path = optarg;
			break;
		case 'R':
			rebuild = true;
			break;
		case 'l':
			replica.copy = optarg;
			break;
		case 's':
			replica.socket = optarg;
			break;
		case 't':
			replica.state = optarg;
			break;
		case 'a':
			replica.archive = optarg;
			break;
		case 'p':
			replica.packs_dir = optarg;
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
	if (!replica.copy &&
	    (replica.socket || replica.state || replica.packs_dir || replica.archive)) {
		fprintf(stderr,
			"tongbu-referee: --socket, --state, --packs-dir and --archive go with --ledger; the station's stand in the configuration\n");
		return EXIT_CONFIG;
	}
	umask(027);
	return run(replica.config_path ?: TB_CONFIG_PATH, rebuild, &replica);
}
