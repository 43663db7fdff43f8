// SPDX-License-Identifier: GPL-2.0-only
/* Frames by themselves: what is good, what is bad, and that the next is good again. */
#include "frame.c"

#include <kunit/test.h>
#include <linux/prandom.h>

#define FRAMES	8
#define UNIT	17

/* In what is fed, no bytes but what the line says: of the byte that follows, of
 * bytes lost, of a break; and a gap.
 */
#define DAMAGE	'%'
#define OVERRUN	'#'
#define BREAK	'~'
#define GAP	'|'

/**
 * struct sink - takes frames
 * @framer: whose frames
 * @count: how many came, more than there is room for perhaps
 * @bytes: bytes in all of them
 * @skipped: bytes left out before them
 * @frame: the first of them, without their bytes
 * @text: their bytes
 * @fed: stamp of the last byte fed
 */
struct sink {
	struct tb_framer framer;
	u32 count;
	size_t bytes;
	size_t skipped;
	struct tb_frame frame[FRAMES];
	u8 text[FRAMES][TONGBU_FRAME_MAX];
	u64 fed;
};

static void take(struct tb_framer *framer, const struct tb_frame *frame)
{
	struct sink *sink = container_of(framer, struct sink, framer);

	sink->bytes += frame->len;
	sink->skipped += frame->skipped;
	if (sink->count < FRAMES) {
		sink->frame[sink->count] = *frame;
		memcpy(sink->text[sink->count], frame->bytes, frame->len);
	}
	sink->count++;
}

static void request_of(u8 *request, u8 unit, u8 function, u16 address, u16 count)
{
	request[0] = unit;
	request[1] = function;
	put_unaligned_be16(address, &request[2]);
	put_unaligned_be16(count, &request[4]);
	put_unaligned_le16(crc16(0xffff, request, TB_REQUEST_LEN - 2), &request[6]);
}

static void ask_for(struct sink *sink, u8 unit, u8 function, u16 count)
{
	u8 request[TB_REQUEST_LEN];

	request_of(request, unit, function, 0x0102, count);
	tb_framer_ask(&sink->framer, request);
}

static void empty(struct sink *sink, u8 framing, u16 length)
{
	memset(sink, 0, sizeof(*sink));
	tb_framer_init(&sink->framer, framing, length, take);
}

static int frame_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct sink), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void feed_one(struct sink *sink, u8 byte, enum tb_mark mark)
{
	struct tb_stamp stamp = { .boot = ++sink->fed };

	tb_framer_feed(&sink->framer, byte, mark, &stamp);
}

static void feed(struct sink *sink, const void *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		feed_one(sink, ((const u8 *)bytes)[i], TB_MARK_NONE);
}

static void feed_marked(struct sink *sink, const char *text)
{
	enum tb_mark mark = TB_MARK_NONE;

	for (; *text; text++) {
		if (*text == DAMAGE) {
			mark = TB_MARK_DAMAGED;
			continue;
		}
		if (*text == GAP)
			tb_framer_end(&sink->framer);
		else if (*text == OVERRUN)
			feed_one(sink, 0, TB_MARK_OVERRUN);
		else if (*text == BREAK)
			feed_one(sink, 0, TB_MARK_BREAK);
		else
			feed_one(sink, *text, mark);
		mark = TB_MARK_NONE;
	}
}

#define GOOD(its)	{ TONGBU_FRAME_GOOD, its }
#define CHECK(its)	{ TONGBU_FRAME_BAD_CHECK, its }
#define FORM(its)	{ TONGBU_FRAME_BAD_FORM, its }
#define LINE(its)	{ TONGBU_FRAME_BAD_LINE, its }

/**
 * struct fed - what comes and what it makes
 * @framing: enum tongbu_framing
 * @length: of a frame, or the most
 * @text: what comes
 * @frames: what it makes
 */
struct fed {
	u8 framing;
	u16 length;
	const char *text;
	struct {
		u8 status;
		const char *text;
	} frames[5];
};

static const struct fed table[] = {
	/* Lines: each end there is, none without anything before it */
	{ TONGBU_FRAMING_LINE, 80, "abc\r\n", { GOOD("abc") } },
	{ TONGBU_FRAMING_LINE, 80, "a\rb\nc\n\r", { GOOD("a"), GOOD("b"), GOOD("c") } },
	{ TONGBU_FRAMING_LINE, 80, "\n\r\n\r" },
	{ TONGBU_FRAMING_LINE, 80, "$a*\n", { GOOD("$a*") } },
	{ TONGBU_FRAMING_LINE, 80, "abc" },
	/* Without an end they are bad, and so is each piece of what is too long. */
	{ TONGBU_FRAMING_LINE, 80, "abc|d\n", { FORM("abc"), GOOD("d") } },
	{ TONGBU_FRAMING_LINE, 4, "abcd\nok\n", { GOOD("abcd"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 4, "abcde\nok\n", { FORM("abcd"), FORM("e"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 4, "abcdefgh\nok\n", { FORM("abcd"), FORM("efgh"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 4, "abcdefghi\r\nok\n",
	  { FORM("abcd"), FORM("efgh"), FORM("i"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 4, "abcdef|ok\n", { FORM("abcd"), FORM("ef"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 4, "abcd|ok\n", { FORM("abcd"), GOOD("ok") } },
	/* What the line says spoils the frame it is in, and no other. */
	{ TONGBU_FRAMING_LINE, 80, "a%bc\nok\n", { LINE("abc"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 80, "#ab\nok\n", { LINE("ab"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 80, "ab#\nok\n", { LINE("ab"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 80, "ab~ok\n", { LINE("ab"), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 80, "~ok\n", { LINE(""), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 80, "#|ok\n", { LINE(""), GOOD("ok") } },
	{ TONGBU_FRAMING_LINE, 80, "ab%\ncd\nok\n", { LINE("ab\ncd"), GOOD("ok") } },

	/* Sentences: either sign, either case */
	{ TONGBU_FRAMING_NMEA, 80, "$A*41\r\n", { GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "!AB*03\n", { GOOD("!AB*03") } },
	{ TONGBU_FRAMING_NMEA, 80, "$jA*2b\r\n$jA*2B\r\n", { GOOD("$jA*2b"), GOOD("$jA*2B") } },
	{ TONGBU_FRAMING_NMEA, 80, "$*00\r\n", { GOOD("$*00") } },
	{ TONGBU_FRAMING_NMEA, 80, "\r\n\r\n" },
	/* Wrong, none, no number, cut off, behind it more */
	{ TONGBU_FRAMING_NMEA, 80, "$A*42\r\n", { CHECK("$A*42") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A\r\n", { CHECK("$A") } },
	{ TONGBU_FRAMING_NMEA, 80, "$\r\n", { CHECK("$") } },
	{ TONGBU_FRAMING_NMEA, 80, "$ABCD\r\n", { CHECK("$ABCD") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*4G\r\n", { CHECK("$A*4G") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*G1\r\n", { CHECK("$A*G1") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*4\r\n", { CHECK("$A*4") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*41 \r\n", { CHECK("$A*41 ") } },
	/* Whatever one lacks, the next is good. */
	{ TONGBU_FRAMING_NMEA, 80, "A*41\r\n$A*41\r\n", { FORM("A*41"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "xy$A*41\r\n", { FORM("xy"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*4$A*41\r\n", { CHECK("$A*4"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*41!B*42\r\n", { GOOD("$A*41"), GOOD("!B*42") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*4|1\r\n$A*41\r\n",
	  { FORM("$A*4"), FORM("1"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 8, "$ABCDEFGHI*48\r\n$A*41\r\n",
	  { FORM("$ABCDEFG"), FORM("HI*48"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 8, "$ABCDEFGH$A*41\r\n",
	  { FORM("$ABCDEFG"), FORM("H"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "%$A*41\r\n$A*41\r\n", { LINE("$A*41"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A#*41\r\n$A*41\r\n", { LINE("$A*41"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A~$A*41\r\n", { LINE("$A"), GOOD("$A*41") } },

	/* A TAG block is of the sentence behind it. */
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0A\\$A*41\r\n", { GOOD("\\s:r1*0A\\$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "$A*41\\s:r1*0A\\!B*42\r\n",
	  { GOOD("$A*41"), GOOD("\\s:r1*0A\\!B*42") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0A\\\\s:r1*0A\\$A*41\r\n",
	  { GOOD("\\s:r1*0A\\\\s:r1*0A\\$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0C\\\\s:r1*0A\\$A*41\r\n",
	  { CHECK("\\s:r1*0C\\\\s:r1*0A\\$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0C\\$A*41\r\n", { CHECK("\\s:r1*0C\\$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0A\\$A*42\r\n", { CHECK("\\s:r1*0A\\$A*42") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0A\r\n$A*41\r\n", { FORM("\\s:r1*0A"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\s:r1*0A$A*41\r\n", { FORM("\\s:r1*0A"), GOOD("$A*41") } },
	{ TONGBU_FRAMING_NMEA, 80, "\\\\$A*41\r\n", { CHECK("\\\\$A*41") } },

	/* Fixed: any byte, and a gap puts it in step again. */
	{ TONGBU_FRAMING_FIXED, 3, "ab\r\n$c", { GOOD("ab\r"), GOOD("\n$c") } },
	{ TONGBU_FRAMING_FIXED, 1, "ab", { GOOD("a"), GOOD("b") } },
	{ TONGBU_FRAMING_FIXED, 3, "ab" },
	{ TONGBU_FRAMING_FIXED, 3, "ab|cde", { FORM("ab"), GOOD("cde") } },
	{ TONGBU_FRAMING_FIXED, 3, "|abc|", { GOOD("abc") } },
	{ TONGBU_FRAMING_FIXED, 3, "a%bcdef", { LINE("abc"), GOOD("def") } },
	{ TONGBU_FRAMING_FIXED, 3, "a#bcdef", { LINE("abc"), GOOD("def") } },
	{ TONGBU_FRAMING_FIXED, 3, "a~bcd", { LINE("a"), GOOD("bcd") } },
};

static void frame_lines_sentences_and_fixed_as_the_table_has_it(struct kunit *test)
{
	struct sink *sink = test->priv;
	const struct fed *fed;
	u32 n;

	for (fed = table; fed < table + ARRAY_SIZE(table); fed++) {
		empty(sink, fed->framing, fed->length);
		feed_marked(sink, fed->text);
		for (n = 0; n < ARRAY_SIZE(fed->frames) && fed->frames[n].text; n++) {
			const char *text = fed->frames[n].text;

			KUNIT_ASSERT_GT_MSG(test, sink->count, n, "row %zu", fed - table);
			KUNIT_EXPECT_EQ_MSG(test, sink->frame[n].status, fed->frames[n].status,
					    "row %zu, frame %u", fed - table, n);
			KUNIT_ASSERT_EQ_MSG(test, sink->frame[n].len, strlen(text),
					    "row %zu, frame %u", fed - table, n);
			KUNIT_EXPECT_EQ_MSG(test, memcmp(sink->text[n], text, strlen(text)), 0,
					    "row %zu, frame %u", fed - table, n);
			KUNIT_EXPECT_FALSE(test, sink->frame[n].asked);
		}
		KUNIT_EXPECT_EQ_MSG(test, sink->count, n, "row %zu", fed - table);
	}
}

static void frame_stamps_are_those_of_its_first_and_last_byte(struct kunit *test)
{
	struct sink *sink = test->priv;

	empty(sink, TONGBU_FRAMING_LINE, 80);
	feed_marked(sink, "abc\r\nd\n");
	KUNIT_ASSERT_EQ(test, sink->count, 2);
	KUNIT_EXPECT_EQ(test, sink->frame[0].first.boot, 1);
	KUNIT_EXPECT_EQ(test, sink->frame[0].last.boot, 3);
	KUNIT_EXPECT_EQ(test, sink->frame[1].first.boot, 6);
	KUNIT_EXPECT_EQ(test, sink->frame[1].last.boot, 6);
}

static const u8 framings[] = { TONGBU_FRAMING_LINE, TONGBU_FRAMING_NMEA, TONGBU_FRAMING_FIXED,
			       TONGBU_FRAMING_MODBUS };

/* Whatever comes, and the longest frames: also for KASAN to look at. */
static void frame_no_byte_is_lost_or_made_up(struct kunit *test)
{
	struct sink *sink = test->priv;
	struct rnd_state random;
	u32 round, n, i;

	prandom_seed_state(&random, 19);
	for (round = 0; round < 400; round++) {
		u8 framing = framings[round % ARRAY_SIZE(framings)];
		u32 length = 1 + prandom_u32_state(&random) % TONGBU_FRAME_MAX, fed = 0;
		/* Few values, so that frames begin and end */
		u32 few = round & 4 ? 256 : 48;

		empty(sink, framing, length);
		for (n = prandom_u32_state(&random) % 2000, i = 0; i < n; i++) {
			u8 byte = prandom_u32_state(&random) % few;
			bool asks = !(prandom_u32_state(&random) % 64);
			u8 four = byte % 4;

			if (asks && framing == TONGBU_FRAMING_MODBUS)
				ask_for(sink, four, 1 + four, 1 + byte % 125);
			feed_one(sink, byte, TB_MARK_NONE);
			fed += framing >= TONGBU_FRAMING_MODBUS || !ends_line(byte);
		}
		tb_framer_end(&sink->framer);
		KUNIT_ASSERT_EQ_MSG(test, sink->bytes + sink->skipped + sink->framer.skipped, fed,
				    "round %u, framing %u", round, framing);
		KUNIT_ASSERT_FALSE(test, tb_framer_busy(&sink->framer));
	}
}

/**
 * struct answer - what comes after a request, and what it is
 * @function: what the slave was asked
 * @count: how many of those
 * @len: bytes of the answer without its CRC
 * @bytes: the answer
 * @spoil: what is wrong with its CRC
 * @gap: only a gap ends it
 * @status: what it is
 */
struct answer {
	u8 function;
	u16 count;
	u16 len;
	u8 bytes[12];
	u8 spoil;
	bool gap;
	u8 status;
};

static const struct answer answers[] = {
	{ 1, 8, 4, { UNIT, 1, 1, 0xff }, 0, false, TONGBU_FRAME_GOOD },
	{ 1, 9, 5, { UNIT, 1, 2, 0xff, 1 }, 0, false, TONGBU_FRAME_GOOD },
	{ 2, 1, 4, { UNIT, 2, 1, 1 }, 0, false, TONGBU_FRAME_GOOD },
	{ 3, 1, 5, { UNIT, 3, 2, 0, 10 }, 0, false, TONGBU_FRAME_GOOD },
	{ 4, 2, 7, { UNIT, 4, 4, 0, 1, 0, 2 }, 0, false, TONGBU_FRAME_GOOD },
	/* Exceptions */
	{ 3, 1, 3, { UNIT, 0x83, 2 }, 0, false, TONGBU_FRAME_EXCEPTION },
	{ 3, 1, 3, { UNIT, 0x83, 2 }, 1, true, TONGBU_FRAME_BAD_CHECK },
	/* The CRC */
	{ 3, 1, 5, { UNIT, 3, 2, 0, 10 }, 0x80, true, TONGBU_FRAME_BAD_CHECK },
	/* Another count than was asked for */
	{ 3, 1, 7, { UNIT, 3, 4, 0, 1, 0, 2 }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 2, 5, { UNIT, 3, 2, 0, 1 }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 1, 3, { UNIT, 3, 0 }, 0, true, TONGBU_FRAME_BAD_FORM },
	/* Another slave, another function, the exception of another, nonsense, a part */
	{ 3, 1, 5, { UNIT + 1, 3, 2, 0, 10 }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 1, 5, { UNIT, 4, 2, 0, 10 }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 1, 3, { UNIT, 0x84, 2 }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 1, 3, { UNIT, 3, 0xff }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 1, 4, { UNIT, 3, 4, 0 }, 0, true, TONGBU_FRAME_BAD_FORM },
	{ 3, 1, 1, { UNIT }, 0, true, TONGBU_FRAME_BAD_FORM },
};

static size_t build(const struct answer *answer, u8 *frame)
{
	memcpy(frame, answer->bytes, answer->len);
	put_unaligned_le16(crc16(0xffff, frame, answer->len) ^ answer->spoil,
			   frame + answer->len);
	return answer->len + 2;
}

static void ask(struct sink *sink, const struct answer *answer)
{
	ask_for(sink, UNIT, answer->function, answer->count);
}

static void frame_answers_of_modbus_as_the_table_has_it(struct kunit *test)
{
	struct sink *sink = test->priv;
	const struct answer *answer;
	u8 frame[16];

	for (answer = answers; answer < answers + ARRAY_SIZE(answers); answer++) {
		size_t len = build(answer, frame), row = answer - answers;

		empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
		ask(sink, answer);
		feed(sink, frame, len);
		KUNIT_EXPECT_EQ_MSG(test, sink->count, answer->gap ? 0 : 1, "row %zu", row);
		KUNIT_EXPECT_EQ_MSG(test, sink->framer.asked, answer->gap, "row %zu", row);
		tb_framer_end(&sink->framer);
		KUNIT_ASSERT_EQ_MSG(test, sink->count, 1, "row %zu", row);
		KUNIT_EXPECT_EQ_MSG(test, sink->frame[0].status, answer->status, "row %zu", row);
		KUNIT_EXPECT_EQ_MSG(test, sink->frame[0].len, len, "row %zu", row);
		KUNIT_EXPECT_TRUE_MSG(test, sink->frame[0].asked, "row %zu", row);
		KUNIT_EXPECT_FALSE(test, sink->framer.asked);

		/* And the next is good again. */
		ask(sink, answers);
		feed(sink, frame, build(answers, frame));
		KUNIT_ASSERT_EQ_MSG(test, sink->count, 2, "row %zu", row);
		KUNIT_EXPECT_EQ_MSG(test, sink->frame[1].status, TONGBU_FRAME_GOOD, "row %zu", row);
	}
}

static void frame_no_bit_of_an_answer_may_be_wrong(struct kunit *test)
{
	struct sink *sink = test->priv;
	const struct answer *answer = &answers[4];
	u8 frame[16];
	size_t len = build(answer, frame), bit;

	for (bit = 0; bit < 8 * len; bit++) {
		frame[bit / 8] ^= 1 << bit % 8;
		empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
		ask(sink, answer);
		feed(sink, frame, len);
		tb_framer_end(&sink->framer);
		KUNIT_ASSERT_LT(test, 0, sink->count);
		KUNIT_EXPECT_TRUE_MSG(test, sink->frame[0].status == TONGBU_FRAME_BAD_CHECK ||
				      sink->frame[0].status == TONGBU_FRAME_BAD_FORM,
				      "bit %zu", bit);
		KUNIT_EXPECT_EQ(test, sink->bytes, len);
		frame[bit / 8] ^= 1 << bit % 8;
	}
}

static void frame_nobody_asked_for_is_bad_and_cut_where_modbus_ends(struct kunit *test)
{
	static const u8 nonsense[TB_MODBUS_MAX + 44];
	struct sink *sink = test->priv;
	u8 frame[16];

	empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
	feed(sink, nonsense, sizeof(nonsense));
	KUNIT_ASSERT_EQ(test, sink->count, 1);
	KUNIT_EXPECT_EQ(test, sink->frame[0].len, TB_MODBUS_MAX);
	/* What is left ends where a request is made. */
	ask(sink, answers);
	feed(sink, frame, build(answers, frame));
	KUNIT_ASSERT_EQ(test, sink->count, 3);
	KUNIT_EXPECT_EQ(test, sink->frame[1].len, 44);
	KUNIT_EXPECT_EQ(test, sink->frame[0].status, TONGBU_FRAME_BAD_FORM);
	KUNIT_EXPECT_EQ(test, sink->frame[1].status, TONGBU_FRAME_BAD_FORM);
	KUNIT_EXPECT_FALSE(test, sink->frame[0].asked);
	KUNIT_EXPECT_FALSE(test, sink->frame[1].asked);
	KUNIT_EXPECT_TRUE(test, sink->frame[2].asked);
	KUNIT_EXPECT_EQ(test, sink->frame[2].status, TONGBU_FRAME_GOOD);
}

static void frame_break_before_an_answer_leaves_it_awaited(struct kunit *test)
{
	struct sink *sink = test->priv;
	u8 frame[16];
	size_t len = build(answers, frame);

	empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
	ask(sink, answers);
	feed_one(sink, 0, TB_MARK_BREAK);
	feed(sink, frame, len);
	KUNIT_ASSERT_EQ(test, sink->count, 2);
	KUNIT_EXPECT_EQ(test, sink->frame[0].status, TONGBU_FRAME_BAD_LINE);
	KUNIT_EXPECT_FALSE(test, sink->frame[0].asked);
	KUNIT_EXPECT_EQ(test, sink->frame[1].status, TONGBU_FRAME_GOOD);
	KUNIT_EXPECT_TRUE(test, sink->frame[1].asked);

	/* Within it, it is the answer. */
	empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
	ask(sink, answers);
	feed(sink, frame, 3);
	feed_one(sink, 0, TB_MARK_BREAK);
	KUNIT_ASSERT_EQ(test, sink->count, 1);
	KUNIT_EXPECT_EQ(test, sink->frame[0].status, TONGBU_FRAME_BAD_LINE);
	KUNIT_EXPECT_TRUE(test, sink->frame[0].asked);
	KUNIT_EXPECT_FALSE(test, sink->framer.asked);
}

/* Issue F 1: an adapter of two wires gives the request back, first of all. */
static void frame_echo_of_a_request_is_left_out(struct kunit *test)
{
	static const struct answer bits = { 1, 20, 6, { UNIT, 1, 3, 2, 0, 20 } };
	const struct answer *answer;
	struct sink *sink = test->priv;
	u8 frame[16], request[TB_REQUEST_LEN];
	size_t len;

	for (answer = answers; answer < answers + 6; answer++) {
		len = build(answer, frame);
		empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
		request_of(request, UNIT, answer->function, 0x0207, answer->count);
		tb_framer_ask(&sink->framer, request);
		feed(sink, request, sizeof(request));
		/* However long the slave takes, what is waited for is its answer. */
		KUNIT_EXPECT_FALSE(test, tb_framer_busy(&sink->framer));
		tb_framer_end(&sink->framer);
		KUNIT_EXPECT_EQ(test, sink->count, 0);
		feed(sink, frame, len);
		KUNIT_ASSERT_EQ(test, sink->count, 1);
		KUNIT_EXPECT_EQ(test, sink->frame[0].status, answer->status);
		KUNIT_EXPECT_TRUE(test, sink->frame[0].asked);
		KUNIT_EXPECT_EQ(test, sink->frame[0].len, len);
		KUNIT_EXPECT_EQ(test, sink->frame[0].skipped, sizeof(request));
		KUNIT_EXPECT_EQ(test, sink->framer.echoes, 1);
	}

	/* An answer that looks as its request does is one, but where requests are echoed. */
	request_of(request, UNIT, 1, 0x0302, 20);
	empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
	tb_framer_ask(&sink->framer, request);
	feed(sink, request, sizeof(request));
	KUNIT_ASSERT_EQ(test, sink->count, 1);
	KUNIT_EXPECT_EQ(test, sink->frame[0].status, TONGBU_FRAME_GOOD);
	sink->framer.echoes = 1;
	tb_framer_ask(&sink->framer, request);
	feed(sink, request, sizeof(request));
	feed(sink, frame, build(&bits, frame));
	KUNIT_ASSERT_EQ(test, sink->count, 2);
	KUNIT_EXPECT_EQ(test, sink->frame[1].status, TONGBU_FRAME_GOOD);
	KUNIT_EXPECT_EQ(test, sink->frame[1].skipped, sizeof(request));
}

/* Issue F 2: a line that turns around makes bytes of its own before the answer. */
static void frame_noise_before_an_answer_is_left_out(struct kunit *test)
{
	static const char *const noise[] = { "\xff", "\xff\xff\xff", "|", "\xff|\xff|", "%\xff",
					     "\xfe\x11", "\x11\x03", "\x11\x03\x02", "#" };
	struct sink *sink = test->priv;
	size_t i, len, alien;
	u8 frame[16];

	for (i = 0; i < ARRAY_SIZE(noise) + 1; i++) {
		empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
		len = build(&answers[3], frame);
		ask(sink, &answers[3]);
		if (i < ARRAY_SIZE(noise))
			feed_marked(sink, noise[i]);
		else
			feed_one(sink, 0, TB_MARK_DAMAGED);
		alien = i < ARRAY_SIZE(noise) ? strlen(noise[i]) : 1;
		feed(sink, frame, len);
		KUNIT_ASSERT_EQ_MSG(test, sink->count, 1, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, sink->frame[0].status, TONGBU_FRAME_GOOD, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, sink->frame[0].len, len, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(sink->text[0], frame, len), 0, "row %zu", i);
		KUNIT_EXPECT_LE_MSG(test, sink->frame[0].skipped, alien, "row %zu", i);
	}
	/* An error of the line within the answer spoils it as before. */
	empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
	ask(sink, &answers[3]);
	feed_one(sink, 0xff, TB_MARK_NONE);
	feed(sink, frame, 3);
	feed_one(sink, frame[3], TB_MARK_DAMAGED);
	feed(sink, frame + 4, len - 4);
	KUNIT_ASSERT_EQ(test, sink->count, 1);
	KUNIT_EXPECT_EQ(test, sink->frame[0].status, TONGBU_FRAME_BAD_LINE);
}

/* Issue F 1 and 2: what a gap ends and is no answer leaves it awaited, but for a cut one. */
static void frame_noise_with_a_gap_behind_is_left_out(struct kunit *test)
{
	static const struct {
		u8 from, len;
		const char *stray;
		bool echoes, left_out;
	} rows[] = {
		{ 0, 8, NULL, false, true }, { 0, 5, NULL, true, true },
		{ 0, 2, NULL, true, true },  { 3, 5, NULL, false, true },
		{ 7, 1, NULL, false, true }, { 0, 0, "\x55", false, true },
		{ 0, 0, "\x55\x02\x77", false, true }, { 0, 5, NULL, false, false },
		{ 0, 0, "\x55\x02\x77\x78\x79", false, false },
	};
	struct sink *sink = test->priv;
	u8 frame[16], request[TB_REQUEST_LEN];
	size_t i, j, len = build(&answers[3], frame);

	request_of(request, UNIT, answers[3].function, 0x0207, answers[3].count);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		empty(sink, TONGBU_FRAMING_MODBUS, TB_MODBUS_MAX);
		sink->framer.echoes = rows[i].echoes;
		tb_framer_ask(&sink->framer, request);
		/* Twice, as some adapters do */
		for (j = 0; j < 2; j++) {
			if (rows[i].stray)
				feed(sink, rows[i].stray, strlen(rows[i].stray));
			feed(sink, request + rows[i].from, rows[i].len);
			tb_framer_end(&sink->framer);
		}
		KUNIT_EXPECT_EQ_MSG(test, sink->framer.asked, rows[i].left_out, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, sink->count, rows[i].left_out ? 0 : 2, "row %zu", i);
		if (!rows[i].left_out)
			continue;
		feed(sink, frame, len);
		KUNIT_ASSERT_EQ_MSG(test, sink->count, 1, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, sink->frame[0].status, TONGBU_FRAME_GOOD, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(sink->text[0], frame, len), 0, "row %zu", i);
	}
}

static struct kunit_case frame_cases[] = {
	KUNIT_CASE(frame_echo_of_a_request_is_left_out),
	KUNIT_CASE(frame_noise_before_an_answer_is_left_out),
	KUNIT_CASE(frame_noise_with_a_gap_behind_is_left_out),
	KUNIT_CASE(frame_lines_sentences_and_fixed_as_the_table_has_it),
	KUNIT_CASE(frame_stamps_are_those_of_its_first_and_last_byte),
	KUNIT_CASE(frame_no_byte_is_lost_or_made_up),
	KUNIT_CASE(frame_answers_of_modbus_as_the_table_has_it),
	KUNIT_CASE(frame_no_bit_of_an_answer_may_be_wrong),
	KUNIT_CASE(frame_nobody_asked_for_is_bad_and_cut_where_modbus_ends),
	KUNIT_CASE(frame_break_before_an_answer_leaves_it_awaited),
	{ }
};

static struct kunit_suite frame_suite = {
	.name = "tongbu_frame",
	.init = frame_test_init,
	.test_cases = frame_cases,
};

kunit_test_suite(frame_suite);
