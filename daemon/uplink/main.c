// SPDX-License-Identifier: GPL-2.0-only
/* tongbu-uplink: have a station's records held elsewhere. See tongbu-uplink(8). */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "log.h"
#include "timefmt.h"
#include "uplink.h"

/* Exit statuses, as tongbu-uplink(8) has them */
enum {
	EXIT_CONFIG = 2,
};

#define TURN_MS	       250
#define REACH_WAIT     TB_NSEC_PER_SEC
#define REACH_WAIT_MAX (300 * TB_NSEC_PER_SEC)
/* So long without a server is worth a word */
#define DOWN_FOR (15 * TB_NSEC_PER_SEC)
/* The ledger is looked at so often if it could not be read */
#define LEDGER_WAIT_MS 5000

static const char help[] =
	"Usage: tongbu-uplink [OPTION]...\n"
	"Send a station's records to a hub, and keep what the hub signs.\n"
	"\n"
	"  -c, --config=FILE  configuration (default " TB_CONFIG_PATH ")\n"
	"      --user         print what the servers of NATS are to know, and exit\n"
	"  -h, --help         this text\n"
	"  -V, --version      version\n"
	"\n"
	"Exit status: 0 ended as asked, 1 failure, 2 configuration or usage wrong.\n"
	"\n"
	"Examples:\n"
	"  tongbu-uplink --user\n"
	"  systemctl enable --now tongbu-uplink\n";

/* A signal ends it before its time. */
static void nap(int64_t ms)
{
	const struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static void hang_up(struct uplink *up)
{
	natsSubscription_Destroy(up->answers);
	tb_bus_close(up->bus);
	up->answers = NULL;
	up->bus = NULL;
	up->heard = false;
	up->asked_at = 0;
}

static int reach(struct uplink *up, struct tb_error *err)
{
	natsStatus status;
	int ret = tb_bus_open(&up->config->uplink.bus, up->config->station, &up->bus, err);

	if (ret)
		return ret;
	status = natsConnection_SubscribeSync(&up->answers, tb_bus_nats(up->bus), up->told);
	if (status == NATS_OK)
		return 0;
	ret = tb_error_set(err, -EIO, "NATS: %s", natsStatus_GetText(status));
	hang_up(up);
	return ret;
}

/* Without a connection: try to have one, ever more rarely. */
static void connect_again(struct uplink *up, uint64_t now)
{
	struct tb_error err;

	if (now < up->reach_at)
		return;
	if (!reach(up, &err)) {
		up->reach_wait = REACH_WAIT;
		return;
	}
	uplink_trouble(up, err.text);
	up->reach_at = now + up->reach_wait;
	up->reach_wait *= 2;
	if (up->reach_wait > REACH_WAIT_MAX)
		up->reach_wait = REACH_WAIT_MAX;
}

/* With one that was lost: the library has it again some time. */
static bool is_up(struct uplink *up, uint64_t now)
{
	if (tb_bus_is_closed(up->bus)) {
		uplink_trouble(up, tb_bus_why(up->bus));
		hang_up(up);
		up->reach_at = now + up->reach_wait;
		return false;
	}
	if (tb_bus_is_up(up->bus)) {
		if (up->down_since)
			up->asked_at = 0;
		up->down_since = 0;
		return true;
	}
	if (!up->down_since)
		up->down_since = now;
	else if (now - up->down_since >= DOWN_FOR)
		uplink_trouble(up,
			       "no NATS server can be reached: check the network, and 'servers' in tongbu.conf");
	up->heard = false;
	return false;
}

static void hear(struct uplink *up, int64_t wait)
{
	natsMsg *message = NULL;
	natsStatus status = natsSubscription_NextMsg(&message, up->answers, wait);

	for (; status == NATS_OK; status = natsSubscription_NextMsg(&message, up->answers, 1)) {
		uplink_answered(up, natsMsg_GetData(message),
				(size_t)natsMsg_GetDataLength(message));
		natsMsg_Destroy(message);
		message = NULL;
	}
	if (status != NATS_TIMEOUT)
		nap(wait);
}

static void turn(struct uplink *up)
{
	uint64_t now = tb_time_monotonic();
	struct tb_error err;
	int64_t wait = TURN_MS;
	int ret = uplink_look(up, &err);

	if (ret) {
		uplink_trouble(up, err.text);
		nap(LEDGER_WAIT_MS);
		return;
	}
	if (!up->bus)
		connect_again(up, now);
	if (!up->bus || !is_up(up, now)) {
		nap(TURN_MS);
		return;
	}
	uplink_send(up);
	if (up->quiet_until > now && up->quiet_until - now < TURN_MS * 1000000ULL)
		wait = (int64_t)((up->quiet_until - now) / 1000000) + 1;
	hear(up, wait);
}

static int run(const struct tb_config *config)
{
	struct uplink *up = calloc(1, sizeof(*up));

	if (!up)
		return EXIT_FAILURE;
	up->config = config;
	up->reach_wait = REACH_WAIT;
	up->patience = 5 * TB_NSEC_PER_SEC;
	tb_bus_signals();
	sd_notify(0, "READY=1");
	while (!tb_bus_stopping) {
		turn(up);
		sd_notifyf(0, "WATCHDOG=1\nSTATUS=held elsewhere up to %" PRIu64 "%s%s", up->held,
			   up->trouble[0] ? ": " : "", up->trouble);
	}
	sd_notify(0, "STOPPING=1");
	hang_up(up);
	tb_log_close(up->log);
	tb_checkpoint_clear(&up->last);
	free(up);
	return EXIT_SUCCESS;
}

/* A line of "users" in the configuration of nats-server */
static int show_user(const struct tb_config *config)
{
	struct uplink *up = calloc(1, sizeof(*up));
	char nkey[TB_NKEY_SIZE];
	struct tb_error err;
	int ret = -ENOMEM;

	if (up) {
		up->config = config;
		ret = tb_bus_user(&config->uplink.bus, nkey, &err) ?: uplink_look(up, &err);
	}
	if (ret)
		tb_log_error("%s", up ? err.text : "out of memory");
	else
		printf("{ nkey: %s, permissions: { publish: \"%s\", subscribe: \"%s\" } }\n", nkey,
		       up->records, up->told);
	if (up) {
		tb_log_close(up->log);
		tb_checkpoint_clear(&up->last);
	}
	free(up);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int with_config(const char *path, int (*work)(const struct tb_config *config))
{
	struct tb_config *config;
	struct tb_error err;
	int status;

	if (tb_config_load(path, &config, &err)) {
		tb_log_error("%s", err.text);
		return EXIT_CONFIG;
	}
	if (config->uplink.hub.name[0]) {
		status = work(config);
	} else {
		tb_log_error("%s configures no uplink: see tongbu-uplink(8)", path);
		status = EXIT_CONFIG;
	}
	tb_config_free(config);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "user", no_argument, NULL, 'U' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int (*work)(const struct tb_config *config) = run;
	const char *config = TB_CONFIG_PATH;
	int option;

	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'U':
			work = show_user;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("tongbu-uplink " TONGBU_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_CONFIG;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "tongbu-uplink: %s is not an option: see tongbu-uplink --help\n",
			argv[optind]);
		return EXIT_CONFIG;
	}
	/* What is kept is for all; keys have their own mode. */
	umask(022);
	return with_config(config, work);
}
