// SPDX-License-Identifier: GPL-2.0-only
/* Sources of all types, outputs and reflexes, as the configuration has them. */
#include "unit.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "salt.h"

static struct tb_error err;

static struct tb_config *loaded(const char *text)
{
	struct tb_config *config = NULL;

	scratch_write("t.conf", text, strlen(text));
	assert_done(tb_config_load(scratch_path("t.conf"), &config, &err), err);
	return config;
}

/* Refused, with the file and the line in front */
static void refused(const char *text, unsigned int line, const char *message)
{
	struct tb_config *config = NULL;
	char where[300];

	scratch_write("t.conf", text, strlen(text));
	assert_int_equal(tb_config_load(scratch_path("t.conf"), &config, &err), -EINVAL);
	assert_null(config);
	snprintf(where, sizeof(where), "%s:%u: ", scratch_path("t.conf"), line);
	if (strncmp(err.text, where, strlen(where)))
		fail_msg("'%s' does not begin with '%s'", err.text, where);
	assert_contains(err.text, message);
}

static void lines(void **state)
{
	struct tb_config *config =
		loaded("sources = (\n"
		       "  { name = \"flood\"; chip = \"c\"; line = 1; silent_ms = 60000; },\n"
		       "  { name = \"door\"; type = \"gpio\"; chip = \"c\"; line = 2; rate = 0; },\n"
		       "  { name = \"rain\"; type = \"counter\"; chip = \"c\"; line = 3; interval_ms = 1000;\n"
		       "    values = ( { name = \"rain\"; unit = \"mm\"; factor = 0.2; } ); },\n"
		       "  { name = \"gps\"; type = \"pps\"; chip = \"c\"; line = 4; edges = \"falling\"; }\n"
		       ");\n");
	const struct tb_source_def *s = config->devices.sources;

	(void)state;
	assert_int_equal(s[0].type, TONGBU_SOURCE_GPIO);
	assert_int_equal(s[0].silent, 60000);
	/* Unless something else is said, a line is guarded against storms. */
	assert_int_equal(s[0].rate, 1000);
	assert_int_equal(s[1].rate, 0);
	assert_int_equal(s[2].type, TONGBU_SOURCE_COUNTER);
	assert_int_equal(s[2].interval, 1000);
	assert_int_equal(s[2].edges, TONGBU_EDGE_RISING);
	assert_null(config->devices.values[0]);
	assert_int_equal(json_array_size(config->devices.values[2]), 1);
	assert_int_equal(s[3].type, TONGBU_SOURCE_PPS);
	assert_int_equal(s[3].edges, TONGBU_EDGE_FALLING);
	tb_config_free(config);
}

static void input_devices(void **state)
{
	struct tb_config *config =
		loaded("salt_file = \"/s\";\n"
		       "sources = (\n"
		       "  { name = \"badge\"; type = \"input\"; device = \"RFID reader\"; mode = \"code\";\n"
		       "    grab = true; hashed = true; timeout_ms = 500; },\n"
		       "  { name = \"panic\"; type = \"input\"; vendor = 0xffff; product = 0x35; key = 28;\n"
		       "    phys = \"usb-1/input0\"; }\n"
		       ");\n");
	const struct tb_source_def *s = config->devices.sources;

	(void)state;
	assert_string_equal(config->devices.salt_file, "/s");
	assert_string_equal(s[0].input.device, "RFID reader");
	assert_int_equal(s[0].input.mode, TONGBU_INPUT_CODE);
	assert_int_equal(s[0].input.timeout, 500);
	assert_int_equal(s[0].flags,
			 TONGBU_SOURCE_CONFIGURED | TONGBU_SOURCE_GRAB | TONGBU_SOURCE_HASHED);
	assert_int_equal(s[1].input.mode, TONGBU_INPUT_KEYS);
	assert_int_equal(s[1].input.vendor, 0xffff);
	assert_int_equal(s[1].input.product, 0x35);
	assert_int_equal(s[1].input.key, 28);
	assert_string_equal(s[1].input.phys, "usb-1/input0");
	tb_config_free(config);
	refused("sources = (\n{ name = \"b\"; type = \"input\"; });", 2, "needs device, phys");
	refused("sources = ( { name = \"b\"; type = \"input\"; device = \"d\";\nchip = \"c\"; });",
		2, "a source of type input has no setting chip");
	refused("sources = (\n{ name = \"b\"; type = \"input\"; device = \"d\"; hashed = true; });",
		2, "are for mode code");
	refused("sources = (\n{ name = \"b\"; type = \"mouse\"; });", 2,
		"type must be one of gpio, counter, pps, input, serial");
}

#define PROBE                                                                            \
	"sources = (\n"                                                                  \
	"{ name = \"probe\"; type = \"serial\"; port = \"ttyS1\"; framing = \"modbus\";" \
	" baud = 19200; parity = \"even\"; interval_ms = 500; timeout_ms = 200;\n"       \
	"polls = ( { unit = 1; function = \"holding\"; address = 10; count = 2; },\n"    \
	"          { unit = 2; function = \"coils\"; address = 0; count = 8; } );\n"

static void serial_lines(void **state)
{
	struct tb_config *config =
		loaded(PROBE
		       "values = ( { name = \"level\"; unit = \"m\"; register = 11; factor = 0.001; },\n"
		       "  { name = \"pump\"; poll = 1; register = 3; type = \"bit\"; } ); },\n"
		       "{ name = \"gps\"; type = \"serial\"; port = \"ttyS0\"; framing = \"nmea\";"
		       " modem = true; bits = 7; stop = 2; gap_us = 5000; }\n"
		       ");\n");
	const struct tb_source_def *s = config->devices.sources;
	const json_t *level = json_array_get(config->devices.values[0], 0);

	(void)state;
	assert_string_equal(s[0].chip, "ttyS1");
	assert_int_equal(s[0].serial.baud, 19200);
	assert_int_equal(s[0].serial.parity, TONGBU_PARITY_EVEN);
	assert_int_equal(s[0].interval, 500);
	assert_int_equal(s[0].serial.timeout, 200);
	assert_int_equal(s[0].serial.poll_count, 2);
	assert_int_equal(s[0].serial.polls[0].function, 3);
	assert_int_equal(le16toh(s[0].serial.polls[0].address), 10);
	assert_int_equal(le16toh(s[0].serial.polls[1].count), 8);
	/* A register is named by its address, and sealed by its place in the answer. */
	assert_int_equal(json_integer_value(json_object_get(level, "index")), 1);
	assert_int_equal(json_integer_value(json_object_get(level, "poll")), 0);
	assert_null(json_object_get(level, "register"));
	assert_int_equal(s[1].serial.framing, TONGBU_FRAMING_NMEA);
	assert_int_equal(s[1].flags, TONGBU_SOURCE_CONFIGURED | TONGBU_SOURCE_MODEM);
	assert_int_equal(s[1].serial.bits, 7);
	assert_int_equal(s[1].serial.stop, 2);
	assert_int_equal(s[1].serial.gap, 5000);
	tb_config_free(config);
}

static void serial_lines_refused(void **state)
{
	(void)state;
	refused(PROBE "values = (\n{ name = \"x\"; register = 12; }); } );", 6,
		"poll 0 does not ask for register 12");
	refused(PROBE "values = (\n{ name = \"x\"; poll = 2; register = 1; }); } );", 6,
		"there is no poll 2");
	refused(PROBE "values = (\n{ name = \"x\"; }); } );", 6, "needs register");
	refused(PROBE "values = (\n{ name = \"x\"; register = 10; fctor = 1; }); } );", 5,
		"value x cannot have fctor here");
	refused("sources = (\n{ name = \"p\"; type = \"serial\"; });", 2, "needs port");
	refused("sources = (\n{ name = \"p\"; type = \"serial\"; port = \"t\"; framing = \"modbus\"; });",
		2, "needs polls");
	refused("sources = (\n{ name = \"p\"; type = \"serial\"; port = \"t\"; timeout_ms = 5; });",
		2, "are for framing modbus");
	refused("sources = ( { name = \"p\"; type = \"serial\"; port = \"t\"; framing = \"modbus\";\n"
		"polls = (\n{ unit = 248; function = \"holding\"; count = 1; } ); });",
		3, "unit must be a number from 1 to 247");
	refused("sources = ( { name = \"p\"; type = \"serial\"; port = \"t\"; framing = \"modbus\";\n"
		"polls = (\n{ unit = 1; function = \"holding\"; count = 126; } ); });",
		3, "from 1 to 125");
	refused("sources = (\n{ name = \"p\"; type = \"serial\"; port = \"t\"; framing = \"fixed\"; });",
		2, "needs length");
}

/* With the longest name a source can have, of letters that take two bytes in JSON */
#define NAME \
	"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""

#define QUOTES "\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""
#define VALUES 31

/* Values of @pad bytes more than the fewest that so many take; the size of their act */
static size_t act_of(int pad)
{
	static const char first[] = "sources = ( { name = \"" NAME
				    "\"; type = \"serial\"; port = \"t\";"
				    " values = ( ";
	struct tb_config *config = NULL;
	char text[16384];
	json_t *act;
	size_t size;
	int i, more;

	snprintf(text, sizeof(text), "%s", first);
	for (i = 0; i < VALUES; i++, pad -= more) {
		more = pad < 26 ? pad : 26;
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s{ name = \"v_%02d%.*s\"; unit = \"" QUOTES "\"; prefix = \"" QUOTES
			 "\"; suffix = \"" QUOTES "\"; min = -1.2345678901234567e-100;"
			 " max = 1.2345678901234567e100; factor = 0.12345678901234567; }",
			 i ? ", " : "", i, more, "abcdefghijklmnopqrstuvwxyz");
	}
	snprintf(text + strlen(text), sizeof(text) - strlen(text), " ); } );\n");
	scratch_write("t.conf", text, strlen(text));
	if (tb_config_load(scratch_path("t.conf"), &config, &err)) {
		assert_contains(err.text, "bytes on record");
		return 0;
	}
	act = json_pack("{s:s, s:s, s:s, s:s, s:O}", "pack", "base", "kind", "measure", "source",
			config->devices.sources[0].name, "framing", "line", "values",
			config->devices.values[0]);
	size = json_dumpb(act, NULL, 0, JSON_COMPACT);
	json_decref(act);
	tb_config_free(config);
	return size;
}

/* What the configuration may say fits the act that says it. */
static void values_fit_a_record(void **state)
{
	size_t size, largest = 0;
	int pad;

	(void)state;
	for (pad = 0; pad < VALUES * 26; pad++) {
		size = act_of(pad);
		assert_true(size <= TONGBU_ACT_MAX);
		largest = size > largest ? size : largest;
	}
	assert_int_equal(size, 0);
	assert_true(largest > TONGBU_ACT_MAX - 10);
}

#define BEACON                                                               \
	"sources = ( { name = \"flood\"; chip = \"c\"; line = 1; },\n"       \
	"  { name = \"door\"; chip = \"c\"; line = 2; } );\n"                \
	"outputs = ( { name = \"beacon\"; chip = \"c\"; line = 9; safe = 1;" \
	" active_low = true; away_ms = 30000; } );\n"

static void outputs_and_reflexes(void **state)
{
	struct tb_config *config =
		loaded("reflexes = (\n"
		       "  { name = \"warn\"; source = \"flood\"; output = \"beacon\"; },\n"
		       "  { name = \"alarm\"; source = \"flood\"; output = \"beacon\"; when = \"both\";\n"
		       "    second = \"door\"; level = 0; action = \"blink\"; period_ms = 500;\n"
		       "    length_ms = 60000; cooldown_ms = 1000; },\n"
		       "  { name = \"held\"; source = \"flood\"; output = \"beacon\"; when = \"held\";\n"
		       "    hold_ms = 250; action = \"latch\"; },\n"
		       "  { name = \"often\"; source = \"door\"; output = \"beacon\"; when = \"count\";\n"
		       "    count = 3; within_ms = 10000; action = \"pulse\"; length_ms = 200; }\n"
		       ");\n" BEACON);
	const struct tb_output_def *o = config->devices.outputs;
	const struct tb_reflex_def *r = config->devices.reflexes;

	(void)state;
	assert_int_equal(config->devices.output_count, 1);
	assert_string_equal(o->name, "beacon");
	assert_int_equal(o->line, 9);
	assert_int_equal(o->safe, 1);
	assert_int_equal(o->away, 30000);
	assert_int_equal(o->flags, TONGBU_OUTPUT_CONFIGURED | TONGBU_OUTPUT_ACTIVE_LOW);
	assert_int_equal(config->devices.reflex_count, 4);
	assert_int_equal(r[0].condition, TONGBU_WHEN_EDGE);
	assert_int_equal(r[0].level, 1);
	assert_int_equal(r[0].action, TONGBU_DO_SET);
	assert_int_equal(r[0].flags, TONGBU_REFLEX_CONFIGURED);
	assert_int_equal(r[1].condition, TONGBU_WHEN_BOTH);
	assert_string_equal(r[1].second, "door");
	assert_int_equal(r[1].level, 0);
	assert_int_equal(r[1].period, 500);
	assert_int_equal(r[1].length, 60000);
	assert_int_equal(r[1].cooldown, 1000);
	assert_int_equal(r[2].hold, 250);
	assert_int_equal(r[3].count, 3);
	assert_int_equal(r[3].within, 10000);
	tb_config_free(config);
}

static void outputs_and_reflexes_refused(void **state)
{
	(void)state;
	refused("outputs = (\n{ name = \"b\"; chip = \"c\"; });", 2, "an output needs line");
	refused("outputs = ( { name = \"b\"; chip = \"c\"; line = 1; }, \n"
		"{ name = \"b\"; chip = \"c\"; line = 2; });",
		2, "two outputs named b");
	refused("outputs = ( { name = \"b\"; chip = \"c\"; line = 1;\nsafe = 2; });", 2,
		"safe must be a number from 0 to 1");
	refused(BEACON "reflexes = (\n{ name = \"r\"; source = \"flod\"; output = \"beacon\"; });",
		5, "reflex r: there is no source flod");
	refused(BEACON "reflexes = (\n{ name = \"r\"; source = \"flood\"; output = \"bacon\"; });",
		5, "reflex r: there is no output bacon");
	refused(BEACON "reflexes = (\n{ name = \"r\"; source = \"flood\"; output = \"beacon\";"
		       " when = \"both\"; });",
		5, "when both and second go together");
	refused(BEACON "reflexes = (\n{ name = \"r\"; source = \"flood\"; output = \"beacon\";"
		       " action = \"pulse\"; });",
		5, "needs length_ms");
	refused(BEACON "reflexes = (\n{ name = \"r\"; source = \"flood\"; output = \"beacon\";"
		       " when = \"count\"; count = 3; });",
		5, "count and within_ms go together");
	refused(BEACON "reflexes = (\n{ name = \"r\"; output = \"beacon\"; });", 5,
		"a reflex needs source");
}

/* Made once, for its owner alone; then the same to all sources that hash */
static void salt(void **state)
{
	static const char text[] =
		"sources = ( { name = \"a\"; type = \"input\"; device = \"d\"; mode = \"code\";"
		" hashed = true; }, { name = \"b\"; type = \"input\"; device = \"d\"; } );\n";
	struct tb_config *config = loaded(text), *again = loaded(text), *none = loaded("");
	struct stat st;

	(void)state;
	free(config->devices.salt_file);
	free(again->devices.salt_file);
	config->devices.salt_file = strdup(scratch_path("salt"));
	again->devices.salt_file = strdup(scratch_path("salt"));
	assert_done(tb_salt_load(&none->devices, &err), err);
	assert_done(tb_salt_load(&config->devices, &err), err);
	assert_int_equal(stat(scratch_path("salt"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, TONGBU_SALT_LEN);
	assert_done(tb_salt_load(&again->devices, &err), err);
	assert_memory_equal(config->devices.sources[0].input.salt,
			    again->devices.sources[0].input.salt, TONGBU_SALT_LEN);
	assert_memory_not_equal(config->devices.sources[0].input.salt,
				config->devices.sources[1].input.salt, TONGBU_SALT_LEN);
	/* Made by root it is the daemon's, who has the directory. */
	if (!geteuid()) {
		unlink(scratch_path("salt"));
		assert_int_equal(chown(scratch_path("."), 4711, 4712), 0);
		assert_done(tb_salt_load(&again->devices, &err), err);
		assert_int_equal(stat(scratch_path("salt"), &st), 0);
		assert_int_equal(st.st_uid, 4711);
		assert_int_equal(st.st_gid, 4712);
	}
	chmod(scratch_path("salt"), 0644);
	assert_int_equal(tb_salt_load(&again->devices, &err), -EINVAL);
	assert_contains(err.text, "can be read by others");
	scratch_write("salt", "short", 5);
	chmod(scratch_path("salt"), 0600);
	assert_int_equal(tb_salt_load(&again->devices, &err), -EINVAL);
	assert_contains(err.text, "has not 32 bytes");
	tb_config_free(config);
	tb_config_free(again);
	tb_config_free(none);
}

#define CONFIG_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_TEST(lines),
		CONFIG_TEST(input_devices),
		CONFIG_TEST(serial_lines),
		CONFIG_TEST(serial_lines_refused),
		CONFIG_TEST(values_fit_a_record),
		CONFIG_TEST(outputs_and_reflexes),
		CONFIG_TEST(outputs_and_reflexes_refused),
		CONFIG_TEST(salt),
	};

	return cmocka_run_group_tests_name("config-devices", tests, NULL, NULL);
}
