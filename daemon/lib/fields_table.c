// SPDX-License-Identifier: GPL-2.0-only
/* The tables: one row for each field, and nowhere else anything that a row says. */
#include <string.h>

#include "fields.h"

#include "record.h"

#define BIT(type) (1U << TONGBU_SOURCE_##type)
#define LINES	  (BIT(GPIO) | BIT(COUNTER) | BIT(PPS))
#define MOST	  UINT32_MAX

/* How a field is used, see enum tb_field_use */
#define ASKED	   (TB_FIELD_SET | TB_FIELD_SENT | TB_FIELD_SHOWN)
#define NEEDED	   (ASKED | TB_FIELD_NEEDED)
#define UNLESS_0   (ASKED | TB_FIELD_UNLESS_0)
#define MAY_BE_ANY (UNLESS_0 | TB_FIELD_NULL)
#define LEFT	   (UNLESS_0 | TB_FIELD_LEFT)
#define WIRE	   TB_FIELD_SENT
#define TOLD	   TB_FIELD_SHOWN
#define TOLD_IF	   (TB_FIELD_SHOWN | TB_FIELD_NULL)

/* clang-format off: a row is a line, or two with its text */
#define ROW(def, name, member, kind, use, types, min, max, word, attr, text)           \
	{                                                                              \
		name, text, word, types, min, max, attr, offsetof(struct def, member), \
			sizeof(((struct def *)NULL)->member), TB_FIELD_##kind, use     \
	}
#define SOURCE(...) ROW(tb_source_def, __VA_ARGS__)
#define OUTPUT(...) ROW(tb_output_def, __VA_ARGS__)
#define REFLEX(...) ROW(tb_reflex_def, __VA_ARGS__)
#define LAST                                             \
	{                                                \
		NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0 \
	}

static const struct tb_field source_fields[] = {
	SOURCE("id", id, NUMBER, TOLD, 0, 0, MOST, NULL, TONGBU_A_SOURCE_ID, "its number"),
	SOURCE("name", name, NAME, NEEDED, 0, 0, 0, NULL, TONGBU_A_SOURCE_NAME, "its name"),
	SOURCE("type", type, WORD, ASKED, 0, 0, 0, tb_source_type_name, TONGBU_A_SOURCE_TYPE,
	       "kind of device; which other fields there are depends on it"),
	SOURCE("flags", flags, BITS, WIRE, 0, 0, 0, tb_source_flag_name, TONGBU_A_SOURCE_FLAGS, ""),
	SOURCE("configured", flags, FLAG, TOLD, 0, 0, TONGBU_SOURCE_CONFIGURED, NULL, 0,
	       "from the station's configuration, not added by hand"),
	SOURCE("state", state, BITS, TOLD, 0, 0, 0, tb_source_state_name, TONGBU_A_SOURCE_STATE,
	       "gone, silent or storm; empty if all is well"),
	SOURCE("silent_ms", silent, NUMBER, UNLESS_0, 0, 0, MOST, NULL, TONGBU_A_SOURCE_SILENT,
	       "longest time without an event, after which it counts as silent; 0: any"),
	SOURCE("rate", rate, NUMBER, UNLESS_0, ~BIT(PPS), 0, MOST, NULL, TONGBU_A_SOURCE_RATE,
	       "most events a second, beyond which they are only counted; 0: no limit; default 1000 for gpio, else 0"),
	SOURCE("interval_ms", interval, NUMBER, LEFT, BIT(COUNTER) | BIT(PPS) | BIT(SERIAL), 1,
	       MOST, NULL, TONGBU_A_SOURCE_INTERVAL,
	       "time between two records of a counter or pps, or between two rounds of polling"),
	SOURCE("chip", chip, TEXT, NEEDED, LINES, 0, 0, NULL, TONGBU_A_GPIO_CHIP,
	       "label of the GPIO chip, as gpiodetect shows it, or its device with the bus, usb:1-1.2:1.0; as an option also gpiochip2, which is taken for its device"),
	SOURCE("line", line, NUMBER, NEEDED, LINES, 0, UINT16_MAX, NULL, TONGBU_A_GPIO_LINE,
	       "offset of the line in the chip, as gpioinfo shows it"),
	SOURCE("edges", edges, WORD, ASKED, LINES, 0, 0, tb_edges_name, TONGBU_A_GPIO_EDGES,
	       "which edges are recorded or counted; default both for gpio, else rising"),
	SOURCE("bias", bias, WORD, ASKED, LINES, 0, 0, tb_bias_name, TONGBU_A_GPIO_BIAS,
	       "resistor at the line; as-is: as the board has it"),
	SOURCE("active_low", flags, FLAG, ASKED, LINES, 0, TONGBU_SOURCE_ACTIVE_LOW, NULL, 0,
	       "a low line counts as active, level 1"),
	SOURCE("debounce_us", debounce, NUMBER, UNLESS_0, BIT(GPIO) | BIT(COUNTER), 0, 10000000,
	       NULL, TONGBU_A_GPIO_DEBOUNCE,
	       "time a new level must hold before it is recorded; 0: none"),
	SOURCE("level", level, LEVEL, TOLD, LINES, 0, 1, NULL, TONGBU_A_SOURCE_LEVEL,
	       "the last level recorded; null for who may not know it"),
	SOURCE("device", input.device, TEXT, MAY_BE_ANY, BIT(INPUT), 0, 0, NULL,
	       TONGBU_A_INPUT_NAME,
	       "name the device must have; /proc/bus/input/devices shows it and the next three"),
	SOURCE("phys", input.phys, TEXT, MAY_BE_ANY, BIT(INPUT), 0, 0, NULL, TONGBU_A_INPUT_PHYS,
	       "physical path the device must have"),
	SOURCE("vendor", input.vendor, NUMBER, UNLESS_0, BIT(INPUT), 1, UINT16_MAX, NULL,
	       TONGBU_A_INPUT_VENDOR, "vendor the device must have"),
	SOURCE("product", input.product, NUMBER, UNLESS_0, BIT(INPUT), 1, UINT16_MAX, NULL,
	       TONGBU_A_INPUT_PRODUCT, "product the device must have"),
	SOURCE("present", input.present, TEXT, TOLD_IF, BIT(INPUT), 0, 0, NULL,
	       TONGBU_A_INPUT_DEVICE, "the device that is there"),
	SOURCE("mode", input.mode, WORD, ASKED, BIT(INPUT), 0, 0, tb_input_mode_name,
	       TONGBU_A_INPUT_MODE,
	       "keys: each key that goes down or up is a record; code: characters up to Enter are one"),
	SOURCE("key", input.key, NUMBER, UNLESS_0, BIT(INPUT), 1, UINT16_MAX, NULL,
	       TONGBU_A_INPUT_KEY, "the one key that counts, KEY_* of linux/input-event-codes.h"),
	SOURCE("timeout_ms", input.timeout, NUMBER, LEFT, BIT(INPUT), 1, 60000, NULL,
	       TONGBU_A_INPUT_TIMEOUT, "longest time between two characters of a code"),
	SOURCE("grab", flags, FLAG, ASKED, BIT(INPUT), 0, TONGBU_SOURCE_GRAB, NULL, 0,
	       "no other program sees its keys"),
	SOURCE("hashed", flags, FLAG, ASKED, BIT(INPUT), 0, TONGBU_SOURCE_HASHED, NULL, 0,
	       "codes are sealed as a hash with the station's salt, never as they are"),
	SOURCE("salt", input.salt, BYTES, WIRE | TB_FIELD_UNLESS_0, BIT(INPUT), 0, 0, NULL,
	       TONGBU_A_INPUT_SALT, ""),
	SOURCE("port", chip, TEXT, NEEDED, BIT(SERIAL), 0, 0, NULL, TONGBU_A_SERIAL_PORT,
	       "serial port, such as ttyS1"),
	SOURCE("baud", serial.baud, NUMBER, ASKED, BIT(SERIAL), 1, MOST, NULL, TONGBU_A_SERIAL_BAUD,
	       "bits a second; default 9600"),
	SOURCE("bits", serial.bits, NUMBER, ASKED, BIT(SERIAL), 7, 8, NULL, TONGBU_A_SERIAL_BITS,
	       "data bits; default 8"),
	SOURCE("parity", serial.parity, WORD, ASKED, BIT(SERIAL), 0, 0, tb_parity_name,
	       TONGBU_A_SERIAL_PARITY, "parity bit"),
	SOURCE("stop", serial.stop, NUMBER, ASKED, BIT(SERIAL), 1, 2, NULL, TONGBU_A_SERIAL_STOP,
	       "stop bits; default 1"),
	SOURCE("framing", serial.framing, WORD, ASKED, BIT(SERIAL), 0, 0, tb_framing_name,
	       TONGBU_A_SERIAL_FRAMING, "what a frame is; default line"),
	SOURCE("length", serial.length, NUMBER, LEFT, BIT(SERIAL), 1, TONGBU_FRAME_MAX, NULL,
	       TONGBU_A_SERIAL_LENGTH,
	       "bytes of a frame with framing fixed; else the most bytes of one"),
	SOURCE("gap_us", serial.gap, NUMBER, LEFT, BIT(SERIAL), 0, 1000000, NULL,
	       TONGBU_A_SERIAL_GAP, "silence that ends a frame"),
	SOURCE("timeout_ms", serial.timeout, NUMBER, LEFT, BIT(SERIAL), 1, 60000, NULL,
	       TONGBU_A_SERIAL_TIMEOUT, "time an answer may take to begin"),
	SOURCE("modem", flags, FLAG, ASKED, BIT(SERIAL), 0, TONGBU_SOURCE_MODEM, NULL, 0,
	       "also record edges of the modem lines"),
	SOURCE("polls", serial.polls, POLLS, UNLESS_0, BIT(SERIAL), 0, 0, NULL,
	       TONGBU_A_SERIAL_POLLS,
	       "what to ask a Modbus slave in each round; may be given more than once"),
	SOURCE("last", last, MOMENT, TOLD, 0, 0, 0, NULL, TONGBU_A_SOURCE_LAST,
	       "time of its last event, by the clock as it is now; null before the first"),
	SOURCE("sealed", sealed, NUMBER, TOLD, 0, 0, 0, NULL, TONGBU_A_SOURCE_SEALED,
	       "events sealed"),
	SOURCE("lost", lost, NUMBER, TOLD, 0, 0, 0, NULL, TONGBU_A_SOURCE_LOST, "events lost"),
	SOURCE("good", serial.good, NUMBER, TOLD, BIT(SERIAL), 0, 0, NULL, TONGBU_A_SERIAL_GOOD,
	       "good frames"),
	SOURCE("bad", serial.bad, NUMBER, TOLD, BIT(SERIAL), 0, 0, NULL, TONGBU_A_SERIAL_BAD,
	       "bad frames"),
	SOURCE("skipped", serial.skipped, NUMBER, TOLD, BIT(SERIAL), 0, 0, NULL,
	       TONGBU_A_SERIAL_SKIPPED,
	       "bytes left out before answers: echoes, and noise of the line"),
	SOURCE("echoes", serial.echoes, NUMBER, TOLD, BIT(SERIAL), 0, 0, NULL,
	       TONGBU_A_SERIAL_ECHOES, "requests that were heard back: the adapter echoes"),
	LAST,
};

const struct tb_table tb_source_table = {
	.what = "source",
	.fields = source_fields,
	.size = sizeof(struct tb_source_def),
	.type = offsetof(struct tb_source_def, type),
	.add = TONGBU_CMD_SOURCE_ADD,
	.del = TONGBU_CMD_SOURCE_DEL,
	.get = TONGBU_CMD_SOURCE_GET,
};

static const struct tb_field output_fields[] = {
	OUTPUT("id", id, NUMBER, TOLD, 0, 0, MOST, NULL, TONGBU_A_OUTPUT_ID, "its number"),
	OUTPUT("name", name, NAME, NEEDED, 0, 0, 0, NULL, TONGBU_A_OUTPUT_NAME, "its name"),
	OUTPUT("flags", flags, BITS, WIRE, 0, 0, 0, tb_output_flag_name, TONGBU_A_OUTPUT_FLAGS, ""),
	OUTPUT("configured", flags, FLAG, TOLD, 0, 0, TONGBU_OUTPUT_CONFIGURED, NULL, 0,
	       "from the station's configuration, not added by hand"),
	OUTPUT("chip", chip, TEXT, NEEDED, 0, 0, 0, NULL, TONGBU_A_GPIO_CHIP,
	       "label of the GPIO chip, as gpiodetect shows it, or its device with the bus, usb:1-1.2:1.0; as an option also gpiochip2, which is taken for its device"),
	OUTPUT("line", line, NUMBER, NEEDED, 0, 0, UINT16_MAX, NULL, TONGBU_A_GPIO_LINE,
	       "offset of the line in the chip, as gpioinfo shows it"),
	OUTPUT("active_low", flags, FLAG, ASKED, 0, 0, TONGBU_OUTPUT_ACTIVE_LOW, NULL, 0,
	       "a low line is value 1"),
	OUTPUT("safe", safe, NUMBER, ASKED, 0, 0, 1, NULL, TONGBU_A_OUTPUT_SAFE,
	       "its value when nobody sets it: the safe one"),
	OUTPUT("away_ms", away, NUMBER, UNLESS_0, 0, 0, MOST, NULL, TONGBU_A_OUTPUT_AWAY,
	       "after so long without a reader of the chain it gets its safe value; 0: never"),
	OUTPUT("state", state, BITS, TOLD, 0, 0, 0, tb_source_state_name, TONGBU_A_SOURCE_STATE,
	       "gone; empty if all is well"),
	OUTPUT("value", value, NUMBER, TOLD, 0, 0, 1, NULL, TONGBU_A_OUTPUT_VALUE, "its value"),
	OUTPUT("changes", changes, NUMBER, TOLD, 0, 0, 0, NULL, TONGBU_A_OUTPUT_CHANGES,
	       "how often it was set"),
	LAST,
};

const struct tb_table tb_output_table = {
	.what = "output",
	.fields = output_fields,
	.size = sizeof(struct tb_output_def),
	.add = TONGBU_CMD_OUTPUT_ADD,
	.del = TONGBU_CMD_OUTPUT_DEL,
	.get = TONGBU_CMD_OUTPUT_GET,
};

static const char *level_name(unsigned int level)
{
	static const char *const names[] = { "0", "1", [TONGBU_LEVEL_ANY] = "any" };

	return level < sizeof(names) / sizeof(names[0]) ? names[level] : NULL;
}

static const struct tb_field reflex_fields[] = {
	REFLEX("id", id, NUMBER, TOLD, 0, 0, MOST, NULL, TONGBU_A_REFLEX_ID, "its number"),
	REFLEX("name", name, NAME, NEEDED, 0, 0, 0, NULL, TONGBU_A_REFLEX_NAME, "its name"),
	REFLEX("flags", flags, BITS, WIRE, 0, 0, 0, tb_reflex_flag_name, TONGBU_A_REFLEX_FLAGS, ""),
	REFLEX("configured", flags, FLAG, TOLD, 0, 0, TONGBU_REFLEX_CONFIGURED, NULL, 0,
	       "from the station's configuration, not added by hand"),
	REFLEX("source", source, NAME, NEEDED, 0, 0, 0, NULL, TONGBU_A_SOURCE_NAME, "its source"),
	REFLEX("second", second, NAME, MAY_BE_ANY, 0, 0, 0, NULL, TONGBU_A_REFLEX_SECOND,
	       "with when both: the second source"),
	REFLEX("output", output, NAME, NEEDED, 0, 0, 0, NULL, TONGBU_A_OUTPUT_NAME, "its output"),
	REFLEX("when", condition, WORD, ASKED, 0, 0, 0, tb_condition_name,
	       TONGBU_A_REFLEX_CONDITION, "what must happen; default edge"),
	REFLEX("level", level, WORD, ASKED, 0, 0, 0, level_name, TONGBU_A_REFLEX_LEVEL,
	       "the level it waits for; default 1"),
	REFLEX("hold_ms", hold, NUMBER, UNLESS_0, 0, 0, MOST, NULL, TONGBU_A_REFLEX_HOLD,
	       "with when held: how long the level must hold"),
	REFLEX("count", count, NUMBER, UNLESS_0, 0, 0, 64, NULL, TONGBU_A_REFLEX_COUNT,
	       "with when count: how many events there must be"),
	REFLEX("within_ms", within, NUMBER, UNLESS_0, 0, 0, MOST, NULL, TONGBU_A_REFLEX_WITHIN,
	       "with when count: within which time"),
	REFLEX("action", action, WORD, ASKED, 0, 0, 0, tb_action_name, TONGBU_A_REFLEX_ACTION,
	       "what it does to the output; default set"),
	REFLEX("length_ms", length, NUMBER, UNLESS_0, 0, 0, MOST, NULL, TONGBU_A_REFLEX_LENGTH,
	       "with action pulse or blink: for how long"),
	REFLEX("period_ms", period, NUMBER, UNLESS_0, 0, 0, MOST, NULL, TONGBU_A_REFLEX_PERIOD,
	       "with action blink: time from one blink to the next"),
	REFLEX("cooldown_ms", cooldown, NUMBER, UNLESS_0, 0, 0, MOST, NULL,
	       TONGBU_A_REFLEX_COOLDOWN, "how long it cannot fire again after it fired"),
	REFLEX("fired", fired, NUMBER, TOLD, 0, 0, 0, NULL, TONGBU_A_REFLEX_FIRED,
	       "how often it fired"),
	REFLEX("rested", rested, NUMBER, TOLD, 0, 0, 0, NULL, TONGBU_A_REFLEX_RESTED,
	       "how often its condition was met while it could not fire"),
	LAST,
};

const struct tb_table tb_reflex_table = {
	.what = "reflex",
	.fields = reflex_fields,
	.size = sizeof(struct tb_reflex_def),
	.add = TONGBU_CMD_REFLEX_ADD,
	.del = TONGBU_CMD_REFLEX_DEL,
	.get = TONGBU_CMD_REFLEX_GET,
};
/* clang-format on */

/**
 * tb_table_find() - the table of what has this name
 * @what: "source", "output" or "reflex"
 *
 * Return: the table, or NULL.
 */
const struct tb_table *tb_table_find(const char *what)
{
	static const struct tb_table *const tables[] = { &tb_source_table, &tb_output_table,
							 &tb_reflex_table };
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i]->what, what))
			return tables[i];
	return NULL;
}

/**
 * tb_table_name() - what an item is called
 * @table: its table
 * @def: the item
 *
 * Return: its name.
 */
const char *tb_table_name(const struct tb_table *table, const void *def)
{
	return (const char *)def + table->fields[1].at;
}

/**
 * tb_table_item() - the item of a list that has this name
 * @table: their table
 * @items: the items
 * @count: how many
 * @name: the name
 *
 * Return: the item; NULL if there is none.
 */
const void *tb_table_item(const struct tb_table *table, const void *items, size_t count,
			  const char *name)
{
	const char *item = items;

	for (; count--; item += table->size)
		if (!strcmp(tb_table_name(table, item), name))
			return item;
	return NULL;
}
