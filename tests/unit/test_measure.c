// SPDX-License-Identifier: GPL-2.0-only
/* From raw bytes to values, and from any bytes to none. */
#include "unit.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

static uint8_t buf[TONGBU_RECORD_MAX];

static struct tb_record frame(unsigned int framing, unsigned int status, unsigned int poll,
			      const void *bytes, size_t len)
{
	struct tongbu_frame f = { .framing = (uint8_t)framing,
				  .status = (uint8_t)status,
				  .poll = (uint8_t)poll };
	uint8_t payload[TONGBU_PAYLOAD_MAX];

	memcpy(payload, &f, sizeof(f));
	memcpy(payload + sizeof(f), bytes, len);
	fill_record(buf, 1, TONGBU_KIND_FRAME, payload, sizeof(f) + len);
	return parsed(buf, sizeof(buf));
}

static json_t *described(unsigned int framing, const char *text)
{
	json_t *values = json_loads(text, 0, NULL);
	char why[200] = "";

	assert_non_null(values);
	if (!tb_measure_check(framing, values, why, sizeof(why)))
		fail_msg("%s", why);
	return values;
}

/* What is read is shown so, or is nothing at all */
static void expect(const json_t *values, const struct tb_record *rec, const char *wanted)
{
	json_t *found = tb_measure_read(values, rec, NULL);
	char *text;

	if (!wanted) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	text = json_dumps(found, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
	assert_string_equal(text, wanted);
	free(text);
	json_decref(found);
}

static void modbus_registers(void **state)
{
	static const uint8_t answer[] = { 1,	3,    12,   0x01, 0x2c, 0xff, 0xfe, 0x00, 0x01,
					  0x86, 0xa0, 0x42, 0xf6, 0xe9, 0x79, 0,    0 };
	json_t *values =
		described(TONGBU_FRAMING_MODBUS,
			  "[{\"name\":\"a\",\"index\":0,\"factor\":0.001},"
			  "{\"name\":\"b\",\"index\":1,\"type\":\"s16\"},"
			  "{\"name\":\"c\",\"index\":2,\"type\":\"u32\",\"offset\":-0.5},"
			  "{\"name\":\"d\",\"index\":2,\"type\":\"u32\",\"order\":\"little-word\"},"
			  "{\"name\":\"e\",\"index\":4,\"type\":\"float\"},"
			  "{\"name\":\"f\",\"index\":6},{\"name\":\"g\",\"poll\":1,\"index\":0}]");
	struct tb_record rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, answer, sizeof(answer));

	(void)state;
	expect(values, &rec,
	       "{\"a\":0.3,\"b\":-2.0,\"c\":99999.5,\"d\":2258632705.0,"
	       "\"e\":123.456001282}");
	rec = frame(TONGBU_FRAMING_MODBUS, 0, 1, answer, sizeof(answer));
	expect(values, &rec, "{\"g\":300.0}");
	rec = frame(TONGBU_FRAMING_MODBUS, TONGBU_FRAME_BAD_CHECK, 0, answer, sizeof(answer));
	expect(values, &rec, NULL);
	rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, answer, sizeof(answer) - 1);
	expect(values, &rec, NULL);
	json_decref(values);
}

static void modbus_bits(void **state)
{
	static const uint8_t answer[] = { 1, 1, 2, 0x05, 0x80, 0, 0 };
	json_t *values = described(TONGBU_FRAMING_MODBUS,
				   "[{\"name\":\"a\",\"index\":0,\"type\":\"bit\"},"
				   "{\"name\":\"b\",\"index\":1,\"type\":\"bit\"},"
				   "{\"name\":\"c\",\"index\":15,\"type\":\"bit\"},"
				   "{\"name\":\"d\",\"index\":16,\"type\":\"bit\"},"
				   "{\"name\":\"e\",\"index\":0}]");
	struct tb_record rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, answer, sizeof(answer));

	(void)state;
	expect(values, &rec, "{\"a\":1.0,\"b\":0.0,\"c\":1.0}");
	json_decref(values);
}

/* Infinity and what is no number cannot be told, and are not. */
static void no_numbers(void **state)
{
	static const uint8_t answer[] = { 1, 4, 8, 0x7f, 0x80, 0, 0, 0x7f, 0xc0, 0, 0, 0, 0 };
	json_t *values = described(TONGBU_FRAMING_MODBUS,
				   "[{\"name\":\"a\",\"index\":0,\"type\":\"float\"},"
				   "{\"name\":\"b\",\"index\":2,\"type\":\"float\"}]");
	struct tb_record rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, answer, sizeof(answer));

	(void)state;
	expect(values, &rec, NULL);
	json_decref(values);
}

/* One line, one value of it, and what is read; or why it is not */
static void expect_line(const char *settings, const char *line, const char *wanted)
{
	json_t *values, *unread, *found;
	struct tb_record rec;
	char text[300];

	snprintf(text, sizeof(text), "[{\"name\":\"a\"%s}]", settings);
	values = described(TONGBU_FRAMING_LINE, text);
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, line, strlen(line));
	found = tb_measure_read(values, &rec, &unread);
	if (found)
		snprintf(text, sizeof(text), "%.12g",
			 json_number_value(json_object_get(found, "a")));
	else
		snprintf(text, sizeof(text), "%s",
			 json_string_value(json_object_get(unread, "a")) ?: "not here");
	if (strcmp(text, wanted) != 0)
		fail_msg("%s of \"%s\": %s, not %s", settings, line, text, wanted);
	json_decref(found);
	json_decref(unread);
	json_decref(values);
}

/* Issue F 4: lines as sensors write them */
static void lines_as_sensors_write_them(void **state)
{
	static const char *const rows[][3] = {
		{ ",\"prefix\":\"R\"", "R1234", "1234" },
		{ ",\"prefix\":\"R\"", "R 1234\t", "1234" },
		{ ",\"prefix\":\"R\"", "T1234", "not here" },
		{ "", "R1234", "\"R1234\" is no number" },
		{ ",\"prefix\":\"H=\",\"column\":2", "T=21.5 H=45", "45" },
		/* SDI-12 */
		{ ",\"separator\":\"sign\"", "0+1.234+22.5", "1.234" },
		{ ",\"separator\":\"sign\",\"column\":2", "0+1.234-22.5", "-22.5" },
		{ ",\"separator\":\"sign\",\"column\":2,\"prefix\":\"0\"", "0+1.2E-3+22.5",
		  "22.5" },
		{ ",\"separator\":\"sign\",\"prefix\":\"0\"", "1+1.234+22.5", "not here" },
		{ ",\"separator\":\"sign\",\"column\":3", "0+1.234+22.5",
		  "\"0+1.234+22.5\" has no column 3" },
		{ "", "0+1.234+22.5", "\"0+1.234+22.5\" is no number" },
		/* With the CRC of the standard's own example */
		{ ",\"separator\":\"sign\"", "0+3.14OqZ", "3.14" },
		{ ",\"separator\":\"sign\",\"unit\":\"m\"", "0+3.14OqZ", "3.14" },
		{ ",\"separator\":\"sign\"", "0+3.15OqZ", "its checksum is wrong" },
		{ ",\"separator\":\"sign\",\"unit\":\"ppm\"", "0+3.14ppm", "3.14" },
		/* What only looks like a number */
		{ "", "12-", "\"12-\" is no number" },
		{ "", "\uff11\uff12", "\"\uff11\uff12\" is no number" },
		{ "", "\u221212", "\"\u221212\" is no number" },
		{ "", "12,5;13,1", "\"12,5\" is no number" },
		{ "", "0x1F", "\"0x1F\" is no number" },
		{ "", "NaN", "\"NaN\" is no number" },
		{ "", "-0", "0" },
		/* The unit behind */
		{ ",\"unit\":\"m\"", "1.234m", "1.234" },
		{ ",\"unit\":\"m\"", "1.234mm", "\"1.234mm\" is no number" },
		{ ",\"unit\":\"m\",\"suffix\":\"mm\",\"factor\":0.001", "1234mm", "1.234" },
		{ ",\"suffix\":\"mm\"", "1234 mm", "1234" },
		{ ",\"suffix\":\"mm\"", "1234", "\"1234\" is no number" },
		{ "", "1.234m", "\"1.234m\" is no number" },
		/* 12 was worse than nothing */
		{ "", "12,5", "\"12,5\" may be one number or two: say decimal or separator" },
		{ "", "12,5 7,3",
		  "\"12,5 7,3\" may be one number or two: say decimal or separator" },
		{ ",\"decimal\":\",\"", "12,5", "12.5" },
		{ ",\"decimal\":\",\",\"column\":2", "12,5 7,3", "7.3" },
		{ ",\"decimal\":\",\",\"column\":2", "12,5;7,3", "7.3" },
		{ ",\"separator\":\",\",\"column\":2", "12,5", "5" },
		{ ",\"decimal\":\".\"", "12,5", "12" },
		{ "", "12.5,7.3", "12.5" },
		{ "", "1.234,5", "\"1.234,5\" may be one number or two: say decimal or separator" },
		{ "", "1,234.5", "\"1,234.5\" may be one number or two: say decimal or separator" },
		{ "", "1,98.5", "\"1,98.5\" may be one number or two: say decimal or separator" },
		{ ",\"separator\":\",\",\"column\":2", "1,234.5", "234.5" },
		{ "", "12;5", "12" },
		{ "", "12, 5", "12" },
		{ "", "12,5;7", "\"12,5\" is no number" },
		/* Scientific */
		{ "", "1.5E-3", "0.0015" },
		{ "", "-1e5", "-100000" },
		{ "", "1.5E+03", "1500" },
		{ "", "1.5E", "\"1.5E\" is no number" },
		{ "", "1e400", "\"1e400\" is no number" },
		{ "", "+.5", "0.5" },
		/* Several columns */
		{ ",\"column\":3,\"separator\":\"|\"", "1|2| 3 |4", "3" },
		{ ",\"column\":2,\"separator\":\"\\t\"", "1\t2", "2" },
		{ ",\"column\":5", "1 2 3", "\"1 2 3\" has no column 5" },
		{ ",\"column\":2", "1;;3", "it is empty" },
		/* Outside what it can be */
		{ ",\"min\":0,\"max\":30", "30", "30" },
		{ ",\"min\":0,\"max\":30", "31", "31 is more than max, 30" },
		{ ",\"min\":-1,\"factor\":0.1", "-11", "-1.1 is less than min, -1" },
		/* NMEA without a checksum, or with one, or with a TAG block */
		{ ",\"sentence\":\"DPT\",\"field\":1", "$SDDPT,2.7,", "2.7" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "$SDDPT,2.7,*7C", "2.7" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "$SDDPT,2.7,*7c", "2.7" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "$SDDPT,2.8,*7C", "its checksum is wrong" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "\\s:r1*0A\\$SDDPT,2.7,*7C", "2.7" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "\\g:1-2-34*5A\\\\s:r1*0A\\$SDDPT,2.7,*7C",
		  "2.7" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "\\s:r1*0A$SDDPT,2.7,", "not here" },
		{ ",\"sentence\":\"DPT\",\"field\":3", "$SDDPT,2.7", "DPT has no field 3" },
		/* The 9.9 is of another. */
		{ ",\"sentence\":\"DPT\",\"field\":3", "$SDDPT,2.7,$SDMTW,9.9",
		  "there is more than one sentence in the line" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "$SDDPT,2.7,*7C$SDDPT,2.8,*7C",
		  "there is more than one sentence in the line" },
		{ ",\"sentence\":\"DPT\",\"field\":1", "$GPGGA,2.7", "not here" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_line(rows[i][0], rows[i][1], rows[i][2]);
}

/* Issue F 5: whichever way round a slave sends them */
static void byte_orders(void **state)
{
	static const uint8_t two[] = { 1, 3, 4, 0x42, 0xf6, 0xe9, 0x79, 0, 0 };
	static const uint8_t four[] = { 1,    3,    8,	  0x00, 0x11, 0x22, 0x33,
					0x44, 0x55, 0x66, 0x77, 0,    0 };
	static const uint8_t real[] = { 1,    4,    8,	  0xc0, 0x5e, 0xdd, 0x2f,
					0x1a, 0x9f, 0xbe, 0x77, 0,    0 };
	static const struct {
		const char *settings;
		const char *wanted;
	} rows[] = {
		{ "\"type\":\"u32\",\"order\":\"ABCD\"", "1123477881" },
		{ "\"type\":\"u32\",\"order\":\"BADC\"", "4131551721" },
		{ "\"type\":\"u32\",\"order\":\"CDAB\"", "3917038326" },
		{ "\"type\":\"u32\",\"order\":\"DCBA\"", "2045376066" },
		{ "\"type\":\"u16\",\"order\":\"BADC\"", "63042" },
		{ "\"type\":\"u16\",\"order\":\"CDAB\"", "17142" },
		{ "\"type\":\"float\"", "123.4560013" },
	};
	char text[200];
	json_t *values, *found;
	struct tb_record rec;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "[{\"name\":\"a\",\"index\":0,%s}]", rows[i].settings);
		values = described(TONGBU_FRAMING_MODBUS, text);
		rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, two, sizeof(two));
		found = tb_measure_read(values, &rec, NULL);
		snprintf(text, sizeof(text), "%.10g",
			 json_number_value(json_object_get(found, "a")));
		if (strcmp(text, rows[i].wanted) != 0)
			fail_msg("%s: %s", rows[i].settings, text);
		json_decref(found);
		json_decref(values);
	}
	values = described(TONGBU_FRAMING_MODBUS,
			   "[{\"name\":\"a\",\"index\":0,\"type\":\"u64\"},"
			   "{\"name\":\"b\",\"index\":0,\"type\":\"u64\",\"order\":\"CDAB\"},"
			   "{\"name\":\"c\",\"index\":0,\"type\":\"s64\",\"order\":\"DCBA\"},"
			   "{\"name\":\"d\",\"index\":1,\"type\":\"u64\"}]");
	rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, four, sizeof(four));
	found = tb_measure_read(values, &rec, NULL);
	assert_true(json_number_value(json_object_get(found, "a")) == (double)0x0011223344556677);
	assert_true(json_number_value(json_object_get(found, "b")) == (double)0x6677445522330011);
	assert_true(json_number_value(json_object_get(found, "c")) == (double)0x7766554433221100);
	assert_null(json_object_get(found, "d"));
	json_decref(found);
	json_decref(values);
	values = described(TONGBU_FRAMING_MODBUS,
			   "[{\"name\":\"a\",\"index\":0,\"type\":\"double\"}]");
	rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, real, sizeof(real));
	expect(values, &rec, "{\"a\":-123.456}");
	json_decref(values);
}

/* Issue F 3: why there is no value is named. */
static void why_a_value_is_not_read(void **state)
{
	static const uint8_t nan[] = { 1, 4, 4, 0x7f, 0xc0, 0, 0, 0, 0 };
	static const uint8_t exception[] = { 1, 0x84, 2, 0, 0 };
	json_t *values = described(TONGBU_FRAMING_MODBUS,
				   "[{\"name\":\"a\",\"index\":0,\"type\":\"float\"},"
				   "{\"name\":\"b\",\"poll\":1,\"index\":0}]");
	struct tb_record rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, nan, sizeof(nan));
	json_t *unread;

	(void)state;
	assert_null(tb_measure_read(values, &rec, &unread));
	assert_string_equal(json_string_value(json_object_get(unread, "a")),
			    "the slave says it is no number (NaN)");
	assert_null(json_object_get(unread, "b"));
	json_decref(unread);
	rec = frame(TONGBU_FRAMING_MODBUS, TONGBU_FRAME_EXCEPTION, 1, exception, sizeof(exception));
	assert_null(tb_measure_read(values, &rec, &unread));
	assert_string_equal(json_string_value(json_object_get(unread, "b")),
			    "the slave answers with exception 2, illegal-data-address");
	assert_null(json_object_get(unread, "a"));
	json_decref(unread);
	json_decref(values);
}

/* What a referee of another version may say is not read, whatever it is. */
static void what_this_program_does_not_know(void **state)
{
	static const uint8_t answer[] = { 1, 3, 4, 0, 1, 0, 2, 0, 0 };
	static const char *const texts[] = {
		"[{\"name\":\"a\",\"type\":\"f32\"}]",
		"[{\"name\":\"a\",\"order\":\"little\"}]",
		"[{\"name\":\"a\",\"index\":-1}]",
		"[{\"name\":\"a\",\"index\":9223372036854775807}]",
	};
	struct tb_record rec = frame(TONGBU_FRAMING_MODBUS, 0, 0, answer, sizeof(answer));
	json_t *values;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		values = json_loads(texts[i], 0, NULL);
		expect(values, &rec, NULL);
		json_decref(values);
	}
	values = json_loads("[{\"name\":\"a\",\"sentence\":\"GGA\",\"field\":-1},"
			    "{\"name\":\"b\",\"column\":-1}]",
			    0, NULL);
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, "$GPGGA,1,2", 10);
	expect(values, &rec, NULL);
	json_decref(values);
}

static void nmea_fields(void **state)
{
	static const char text[] = "$GPGGA,100000,3110.5,N,,E,1,08,0.9,-12.50,M*12";
	json_t *values = described(TONGBU_FRAMING_NMEA,
				   "[{\"name\":\"height\",\"sentence\":\"GGA\",\"field\":9},"
				   "{\"name\":\"lat\",\"sentence\":\"GGA\",\"field\":2},"
				   "{\"name\":\"empty\",\"sentence\":\"GGA\",\"field\":4},"
				   "{\"name\":\"word\",\"sentence\":\"GGA\",\"field\":3},"
				   "{\"name\":\"past\",\"sentence\":\"GGA\",\"field\":11},"
				   "{\"name\":\"other\",\"sentence\":\"DPT\",\"field\":1}]");
	struct tb_record rec = frame(TONGBU_FRAMING_NMEA, 0, 0, text, strlen(text));

	(void)state;
	expect(values, &rec, "{\"height\":-12.5,\"lat\":3110.5}");
	json_decref(values);
}

static void columns(void **state)
{
	json_t *values = described(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"column\":2}]");
	struct tb_record rec = frame(TONGBU_FRAMING_LINE, 0, 0, "pH,  7.35 ,x", 12);

	(void)state;
	expect(values, &rec, "{\"a\":7.35}");
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, "pH \t 7.35", 9);
	expect(values, &rec, "{\"a\":7.35}");
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, "1;;3", 4);
	expect(values, &rec, NULL);
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, "one", 3);
	expect(values, &rec, NULL);
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, "a .", 3);
	expect(values, &rec, NULL);
	rec = frame(TONGBU_FRAMING_LINE, 0, 0, "a 123456789012345678901", 23);
	expect(values, &rec, NULL);
	json_decref(values);
}

static void pulses(void **state)
{
	struct tongbu_count count = { .count = htole32(3) };
	json_t *values =
		described(TB_MEASURE_COUNT, "[{\"name\":\"rain\",\"unit\":\"mm\",\"factor\":0.1}]");
	json_t *units = tb_measure_units(values);
	struct tb_record rec;

	(void)state;
	fill_record(buf, 1, TONGBU_KIND_COUNT, &count, sizeof(count));
	rec = parsed(buf, sizeof(buf));
	/* Three times a tenth is three tenths. */
	expect(values, &rec, "{\"rain\":0.3}");
	assert_string_equal(json_string_value(json_object_get(units, "rain")), "mm");
	json_decref(units);
	json_decref(values);
}

static void refused(unsigned int framing, const char *text, const char *message)
{
	json_t *values = json_loads(text, 0, NULL);
	char why[200] = "";

	assert_non_null(values);
	assert_false(tb_measure_check(framing, values, why, sizeof(why)));
	assert_contains(why, message);
	json_decref(values);
}

static void what_is_no_description(void **state)
{
	(void)state;
	refused(TONGBU_FRAMING_FIXED, "[]", "no values in frames of this kind");
	refused(99, "[]", "no values");
	refused(TONGBU_FRAMING_LINE, "{}", "values is a list");
	refused(TONGBU_FRAMING_LINE, "[]", "values is a list of one or more");
	refused(TONGBU_FRAMING_LINE, "[7]", "a value is an object");
	refused(TONGBU_FRAMING_LINE, "[{\"column\":1}]", "needs a name");
	refused(TONGBU_FRAMING_NMEA, "[{\"name\":\"a\",\"field\":1}]", "value a needs sentence");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"column\":0}]", "they count from 1");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"field\":1}]", "both sentence and field");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"decimal\":\"x\"}]", "must be . or ,");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"separator\":\"x\"}]",
		"separator of value a");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"separator\":\",\",\"decimal\":\",\"}]",
		"both as separator");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"prefix\":\"\"}]", "prefix of");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"max\":\"9\"}]", "max of");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"A b\",\"column\":1}]", "small letters");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"column\":-1}]", "number from 0");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"column\":1,\"factor\":\"2\"}]",
		"factor of");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"column\":1,\"unit\":7}]", "unit of");
	refused(TONGBU_FRAMING_LINE, "[{\"name\":\"a\",\"column\":1,\"unit\":\"\"}]", "unit of");
	refused(TONGBU_FRAMING_LINE,
		"[{\"name\":\"a\",\"column\":1},{\"name\":\"a\",\"column\":2}]",
		"two values named a");
	refused(TONGBU_FRAMING_MODBUS, "[{\"name\":\"a\",\"index\":0,\"type\":\"u8\"}]", "type of");
	refused(TONGBU_FRAMING_MODBUS, "[{\"name\":\"a\",\"index\":0,\"order\":\"x\"}]",
		"order of");
	refused(TB_MEASURE_COUNT, "[{\"name\":\"a\",\"column\":1}]", "cannot have column here");
}

/* The act of base that puts them in force takes no more. */
static void as_many_as_an_act_takes(void **state)
{
	json_t *values = json_array();
	char name[8], why[200] = "";
	int i;

	(void)state;
	for (i = 0; i < 32; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		json_array_append_new(values, json_pack("{s:s, s:i}", "name", name, "column", 1));
	}
	assert_true(tb_measure_check(TONGBU_FRAMING_LINE, values, why, sizeof(why)));
	json_array_append_new(values, json_pack("{s:s, s:i}", "name", "more", "column", 1));
	assert_false(tb_measure_check(TONGBU_FRAMING_LINE, values, why, sizeof(why)));
	assert_contains(why, "more than 32 values");
	json_decref(values);
}

/* Any frame of any framing, under descriptions that reach far: no byte is read that
 * is not there, and what comes is a number.
 */
static void any_frame(void **state)
{
	static const char *const texts[] = {
		"[{\"name\":\"a\",\"index\":65535},{\"name\":\"b\",\"index\":3,\"type\":\"float\"},"
		"{\"name\":\"c\",\"index\":70,\"type\":\"bit\"},{\"name\":\"d\",\"index\":1,\"poll\":2}]",
		"[{\"name\":\"a\",\"sentence\":\"A\",\"field\":2},{\"name\":\"b\",\"sentence\":\"\","
		"\"field\":65535}]",
		"[{\"name\":\"a\",\"column\":1},{\"name\":\"b\",\"column\":65535,\"factor\":1e308}]",
	};
	static const unsigned int framings[] = { TONGBU_FRAMING_MODBUS, TONGBU_FRAMING_NMEA,
						 TONGBU_FRAMING_LINE };
	static const char plain[] = "$A,,*;. -+0123456789";
	unsigned int seed = 11, round, which;
	uint8_t bytes[64];
	struct tb_record rec;
	json_t *values, *found, *number;
	const char *name;
	size_t i, len;

	(void)state;
	for (round = 0; round < 30000; round++) {
		which = round % 3;
		len = (size_t)rand_r(&seed) % sizeof(bytes);
		for (i = 0; i < len; i++)
			bytes[i] =
				which ? (uint8_t)plain[(size_t)rand_r(&seed) % (sizeof(plain) - 1)] :
					(uint8_t)rand_r(&seed);
		if (!which && len > 5 && round % 2) {
			bytes[1] = (uint8_t)(1 + round % 4);
			bytes[2] = (uint8_t)(len - 5);
		}
		rec = frame(framings[which], 0, round % 3, bytes, len);
		values = described(framings[which], texts[which]);
		found = tb_measure_read(values, &rec, NULL);
		json_object_foreach(found, name, number)
			assert_true(json_is_real(number));
		json_decref(found);
		json_decref(values);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modbus_registers),
		cmocka_unit_test(modbus_bits),
		cmocka_unit_test(no_numbers),
		cmocka_unit_test(lines_as_sensors_write_them),
		cmocka_unit_test(byte_orders),
		cmocka_unit_test(why_a_value_is_not_read),
		cmocka_unit_test(what_this_program_does_not_know),
		cmocka_unit_test(nmea_fields),
		cmocka_unit_test(columns),
		cmocka_unit_test(pulses),
		cmocka_unit_test(what_is_no_description),
		cmocka_unit_test(as_many_as_an_act_takes),
		cmocka_unit_test(any_frame),
	};

	return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
