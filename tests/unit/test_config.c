// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: what is said is what comes of it, and errors have a line. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

static struct tb_error err;

static int load(const char *text, struct tb_config **config)
{
	scratch_write("t.conf", text, strlen(text));
	return tb_config_load(scratch_path("t.conf"), config, &err);
}

static struct tb_config *loaded(const char *text)
{
	struct tb_config *config = NULL;

	assert_done(load(text, &config), err);
	assert_non_null(config);
	return config;
}

/* Refused, with the file and the line in front */
static void refused(const char *text, unsigned int line, const char *message)
{
	struct tb_config *config = NULL;
	char where[300];

	assert_int_equal(load(text, &config), -EINVAL);
	assert_null(config);
	snprintf(where, sizeof(where), "%s:%u: ", scratch_path("t.conf"), line);
	if (strncmp(err.text, where, strlen(where)))
		fail_msg("'%s' does not begin with '%s'", err.text, where);
	assert_contains(err.text, message);
	assert_null(strchr(err.text, '\n'));
}

static void defaults(void **state)
{
	struct tb_config *config = loaded("");
	char host[256] = "";

	(void)state;
	gethostname(host, sizeof(host) - 1);
	assert_string_equal(config->station, host);
	assert_string_equal(config->supervisor_key, "/etc/tongbu/supervisor.pub.pem");
	assert_string_equal(config->ledger, "/var/lib/tongbu/ledger.db");
	assert_string_equal(config->socket, "/run/tongbu/socket");
	assert_string_equal(config->group, "tongbu");
	assert_string_equal(config->referee_socket, "/run/tongbu-referee/socket");
	assert_string_equal(config->referee_user, "tongbu-referee");
	assert_string_equal(config->state, "/var/lib/tongbu-referee/state.db");
	assert_string_equal(config->blobs, "/var/lib/tongbu-referee/blobs");
	assert_int_equal(config->devices.source_count, 0);
	tb_config_free(config);
	tb_config_free(NULL);
	config = loaded("# nothing\n// but comments\nsources = ();\n");
	assert_int_equal(config->devices.source_count, 0);
	tb_config_free(config);
}

#define HUB "hub.example/mirror+2ac46552+BImCuJHv6NSNGJhUgRRbjYBIXEML5UrVKH6e68b7InA3"

static void uplink(void **state)
{
	struct tb_config *config =
		loaded("uplink = { servers = [ \"tls://a:4222\", \"tls://b\" ];\n"
		       "hub = \"" HUB "\"; rate = 64; };\n");

	(void)state;
	assert_int_equal(config->uplink.bus.server_count, 2);
	assert_string_equal(config->uplink.bus.servers[1], "tls://b");
	assert_string_equal(config->uplink.hub.name, "hub.example/mirror");
	assert_int_equal(config->uplink.rate, 64);
	assert_int_equal(config->uplink.batch, 64);
	assert_string_equal(config->uplink.held, "/var/lib/tongbu-uplink/held");
	tb_config_free(config);
	refused("uplink = { servers = [ ]; };\n", 1, "at least one");
	refused("uplink = { servers = [ \"tls://a\" ]; };\n", 1, "the hub's public key");
	refused("uplink = {\nhub = \"hub.example\"; };\n", 2, "hub: ");
	refused("uplink = {\nservers = [ \"nats://hub.example\" ]; };\n", 2, "begins with tls://");
	refused("uplink = {\nbatch = 0; };\n", 2, "batch must be a number from 1");
	refused("uplink = {\nspeed = 1; };\n", 2, "no setting speed");
}

static void every_setting(void **state)
{
	struct tb_config *config = loaded("station = \"Wehr Süd\";\n"
					  "supervisor_key = \"/k.pem\";\n"
					  "ledger = \"/l.db\";\n"
					  "socket = \"/s\";\n"
					  "group = \"water\";\n"
					  "referee_socket = \"/r\";\n"
					  "referee_user = \"judge\";\n"
					  "blobs = \"/b\";\n");

	(void)state;
	assert_string_equal(config->station, "Wehr Süd");
	assert_string_equal(config->supervisor_key, "/k.pem");
	assert_string_equal(config->ledger, "/l.db");
	assert_string_equal(config->socket, "/s");
	assert_string_equal(config->group, "water");
	assert_string_equal(config->referee_socket, "/r");
	assert_string_equal(config->referee_user, "judge");
	assert_string_equal(config->blobs, "/b");
	tb_config_free(config);
}

/* tongbud's beside its ledger, the referee's beside its state: they share no directory */
static void beside(void **state)
{
	struct tb_config *config = loaded("ledger = \"/srv/l.db\";\nstate = \"/r/s.db\";\n");
	char *path = tb_beside(config->state, "keys.db");

	(void)state;
	assert_string_equal(config->blobs, "/r/blobs");
	assert_string_equal(config->kept, "/r/packs");
	assert_string_equal(config->devices.salt_file, "/srv/salt");
	assert_string_equal(path, "/r/keys.db");
	free(path);
	tb_config_free(config);
	config = loaded("state = \"s.db\";\n");
	assert_string_equal(config->blobs, "blobs");
	tb_config_free(config);
}

static void every_setting_of_a_source(void **state)
{
	struct tb_config *config =
		loaded("sources = (\n"
		       "  { name = \"water\"; chip = \"station\"; line = 3; },\n"
		       "  { name = \"door\"; chip = \"gpio-0\"; line = 65535; edges = \"rising\";\n"
		       "    bias = \"pull-up\"; active_low = true; debounce_us = 10000000; },\n"
		       "  { name = \"abcdefghijklmnopqrstuvwxyz01234\"; chip = \"c\"; line = 0x10;\n"
		       "    edges = \"falling\"; bias = \"pull-down\"; active_low = false; },\n"
		       "  { name = \"x\"; chip = \"c\"; line = 0; edges = \"both\"; bias = \"disabled\"; },\n"
		       "  { name = \"y\"; chip = \"c\"; line = 1; bias = \"as-is\"; }\n"
		       ");\n");
	const struct tb_source_def *s = config->devices.sources;

	(void)state;
	assert_int_equal(config->devices.source_count, 5);
	assert_string_equal(s[0].name, "water");
	assert_string_equal(s[0].chip, "station");
	assert_int_equal(s[0].line, 3);
	assert_int_equal(s[0].edges, TONGBU_EDGE_BOTH);
	assert_int_equal(s[0].bias, TONGBU_BIAS_AS_IS);
	assert_int_equal(s[0].debounce, 0);
	assert_int_equal(s[0].flags, TONGBU_SOURCE_CONFIGURED);
	assert_int_equal(s[1].line, 65535);
	assert_int_equal(s[1].edges, TONGBU_EDGE_RISING);
	assert_int_equal(s[1].bias, TONGBU_BIAS_PULL_UP);
	assert_int_equal(s[1].debounce, 10000000);
	assert_int_equal(s[1].flags, TONGBU_SOURCE_CONFIGURED | TONGBU_SOURCE_ACTIVE_LOW);
	assert_int_equal(strlen(s[2].name), TONGBU_NAME_LEN - 1);
	assert_int_equal(s[2].line, 16);
	assert_int_equal(s[2].edges, TONGBU_EDGE_FALLING);
	assert_int_equal(s[2].bias, TONGBU_BIAS_PULL_DOWN);
	assert_int_equal(s[2].flags, TONGBU_SOURCE_CONFIGURED);
	assert_int_equal(s[3].edges, TONGBU_EDGE_BOTH);
	assert_int_equal(s[3].bias, TONGBU_BIAS_DISABLED);
	assert_int_equal(s[4].bias, TONGBU_BIAS_AS_IS);
	tb_config_free(config);
}

static void not_known(void **state)
{
	(void)state;
	refused("station = \"s\";\nstaton = \"t\";\n", 2, "there is no setting staton");
	refused("sources = (\n{ name = \"a\"; chip = \"c\"; line = 1;\n debounce = 5; });\n", 3,
		"a source has no setting debounce:");
	refused("source = ();\n", 1, "there is no setting source");
}

static void strings(void **state)
{
	(void)state;
	refused("\n\nstation = 7;\n", 3, "station must be a string");
	refused("station = \"\";\n", 1, "not an empty one");
	refused("ledger = [ \"a\" ];\n", 1, "ledger must be a string");
	refused("group = true;\n", 1, "group must be a string");
}

static void names(void **state)
{
	(void)state;
	refused("sources = ( { name = \"abcdefghijklmnopqrstuvwxyz012345\"; chip = \"c\"; line = 1; } );",
		1, "name must be a string of 1 to 31 bytes");
	refused("sources = (\n{ name = \"\"; chip = \"c\"; line = 1; } );", 2, "name must be");
	refused("sources = (\n{ name = \"a\";\nchip = 7; line = 1; } );", 3, "chip must be");
	refused("sources = (\n{ chip = \"c\"; line = 1; } );", 2, "needs name");
	refused("sources = (\n{ name = \"a\"; line = 1; } );", 2, "needs chip");
	refused("sources = (\n{ name = \"a\"; chip = \"c\"; } );", 2, "needs line");
}

static void numbers(void **state)
{
	(void)state;
	refused("sources = (\n{ name = \"a\"; chip = \"c\";\nline = 65536; } );", 3,
		"line must be a number from 0 to 65535");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = -1; } );", 1, "line must be");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = \"3\"; } );", 1, "line must be");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = 3.0; } );", 1, "line must be");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = true; } );", 1, "line must be");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = 4294967296L; } );", 1,
		"line must be");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = 1; debounce_us = 10000001; } );",
		1, "debounce_us must be a number from 0 to 10000000");
}

static void words(void **state)
{
	(void)state;
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = 1;\nedges = \"none\"; } );", 2,
		"edges must be one of rising, falling, both");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = 1;\nbias = 1; } );", 2,
		"bias must be one of as-is");
	refused("sources = ( { name = \"a\"; chip = \"c\"; line = 1;\nactive_low = 1; } );", 2,
		"active_low must be true or false");
}

static void shapes(void **state)
{
	(void)state;
	refused("sources = { };\n", 1, "sources stand in parentheses");
	refused("sources = [ 1 ];\n", 1, "sources stand in parentheses");
	refused("sources = ( 7 );\n", 1, "a source stands in braces");
	refused("station = \"s\"\nledger = = \"l\";\n", 2, "syntax error");
	refused("station = \"s\";\n\nstation = \"t\";\n", 3, "duplicate");
}

static void two_of_one_name(void **state)
{
	struct tb_config *config;

	(void)state;
	refused("sources = (\n"
		"  { name = \"water\"; chip = \"c\"; line = 1; },\n"
		"  { name = \"door\"; chip = \"c\"; line = 2; },\n"
		"  { name = \"water\"; chip = \"d\"; line = 3; }\n"
		");\n",
		4, "two sources named water");
	config = loaded("sources = ( { name = \"water\"; chip = \"c\"; line = 1; },\n"
			"{ name = \"wate\"; chip = \"c\"; line = 2; } );\n");
	assert_int_equal(config->devices.source_count, 2);
	tb_config_free(config);
}

static void swap_sources(void **state)
{
	struct tb_config *a = loaded("station = \"a\"; sources = ( { name = \"x\"; chip = \"c\";"
				     " line = 1; } );");
	struct tb_config *b = loaded("station = \"b\";");

	(void)state;
	tb_config_swap_devices(a, b);
	assert_int_equal(a->devices.source_count, 0);
	assert_int_equal(b->devices.source_count, 1);
	assert_string_equal(b->devices.sources[0].name, "x");
	assert_string_equal(b->station, "b");
	tb_config_free(a);
	tb_config_free(b);
}

static void missing_file(void **state)
{
	struct tb_config *config = NULL;

	(void)state;
	assert_int_equal(tb_config_load(scratch_path("none.conf"), &config, &err), -ENOENT);
	assert_contains(err.text, "none.conf cannot be read: No such file or directory");
	assert_null(config);
	assert_true(tb_config_load(scratch_path(""), &config, &err) < 0);
	assert_null(config);
}

#define CONFIG_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_TEST(defaults),
		CONFIG_TEST(every_setting),
		CONFIG_TEST(uplink),
		CONFIG_TEST(beside),
		CONFIG_TEST(every_setting_of_a_source),
		CONFIG_TEST(not_known),
		CONFIG_TEST(strings),
		CONFIG_TEST(names),
		CONFIG_TEST(numbers),
		CONFIG_TEST(words),
		CONFIG_TEST(shapes),
		CONFIG_TEST(two_of_one_name),
		CONFIG_TEST(swap_sources),
		CONFIG_TEST(missing_file),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
