// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making frames of bytes: lines, sentences of NMEA 0183, answers of Modbus RTU,
 * and frames of fixed length.
 *
 * Every byte ends up in some frame, but for the CR and LF between lines and
 * sentences, and what comes before an answer of Modbus and is known to be none,
 * which is counted: what fits nowhere is a bad frame, not silence. A byte ends at
 * most one frame. Nothing here knows of devices, locks or time.
 */
#include "frame.h"

#include <linux/crc16.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "compat.h"

/* Slave, function, two bytes of CRC, and at least one between them */
#define MODBUS_MIN	5
#define MODBUS_EXCEPTION 0x80

/* What may stand before the longest answer: an echo, and what the line adds */
#define BEFORE_MAX	(TB_REQUEST_LEN + 16)

/**
 * tb_framer_init() - be ready for bytes
 * @framer: the framer
 * @framing: enum tongbu_framing
 * @length: bytes of a frame, or the most it may have
 * @emit: takes each frame
 *
 * Context: any; does not sleep.
 */
void tb_framer_init(struct tb_framer *framer, u8 framing, u16 length,
		    void (*emit)(struct tb_framer *framer, const struct tb_frame *frame))
{
	memset(framer, 0, sizeof(*framer));
	framer->framing = framing;
	framer->length = length;
	framer->emit = emit;
}

/**
 * tb_framer_ask() - expect the answer to a request of Modbus RTU
 * @framer: the framer
 * @request: the request: slave, function 1 to 4, address, count of bits or
 *	registers, CRC
 *
 * What came before and was not ended is a frame that nobody asked for.
 *
 * Context: any; does not sleep.
 */
void tb_framer_ask(struct tb_framer *framer, const u8 request[TB_REQUEST_LEN])
{
	u16 count = get_unaligned_be16(&request[4]);

	framer->asked = false;
	tb_framer_end(framer);
	framer->asked = true;
	framer->echoed = false;
	memcpy(framer->request, request, TB_REQUEST_LEN);
	framer->unit = request[0];
	framer->function = request[1];
	framer->values = framer->function <= 2 ? DIV_ROUND_UP(count, 8) : 2 * count;
}

static void emit_from(struct tb_framer *framer, u16 begin, u8 status)
{
	struct tb_frame frame = {
		.bytes = framer->buf + begin,
		.len = framer->len - begin,
		.status = framer->damaged ? TONGBU_FRAME_BAD_LINE : status,
		.asked = framer->asked,
		.skipped = framer->skipped + begin,
		.first = framer->first,
		.last = framer->last,
	};

	framer->len = 0;
	framer->skipped = 0;
	framer->damaged = false;
	framer->asked = false;
	framer->emit(framer, &frame);
}

static void emit(struct tb_framer *framer, u8 status)
{
	emit_from(framer, 0, status);
}

static void begin_or_go_on(struct tb_framer *framer, const struct tb_stamp *stamp)
{
	if (!tb_framer_busy(framer))
		framer->first = *stamp;
	framer->last = *stamp;
}

static void hurt(struct tb_framer *framer)
{
	framer->damaged = true;
	framer->hurt = framer->len;
}

static void store(struct tb_framer *framer, u8 byte, enum tb_mark mark,
		  const struct tb_stamp *stamp)
{
	begin_or_go_on(framer, stamp);
	framer->buf[framer->len++] = byte;
	if (mark == TB_MARK_DAMAGED)
		hurt(framer);
}

/* What is too long is cut into pieces, all of them bad, up to where it ends. */
static void store_or_cut(struct tb_framer *framer, u8 byte, enum tb_mark mark,
			 const struct tb_stamp *stamp)
{
	if (framer->len == framer->length) {
		emit(framer, TONGBU_FRAME_BAD_FORM);
		framer->cut = true;
	}
	store(framer, byte, mark, stamp);
}

static bool ends_line(u8 byte)
{
	return byte == '\r' || byte == '\n';
}

static bool begins_sentence(u8 byte)
{
	return byte == '$' || byte == '!';
}

/* A TAG block, "\\s:r1*hh\\", stands before the sentence it is of; so may several. */
static bool begins_tag(u8 byte)
{
	return byte == '\\';
}

static bool ends_tag(const struct tb_framer *framer)
{
	return framer->len > 1 && begins_tag(framer->buf[0]) &&
	       begins_tag(framer->buf[framer->len - 1]);
}

/* "text*hh": the checksum is the exclusive or of the text. */
static bool is_checked(const u8 *text, u16 len)
{
	u16 star = len - 3, i;
	u8 sum = 0;

	if (len < 3 || text[star] != '*')
		return false;
	for (i = 0; i < star; i++)
		sum ^= text[i];
	return hex_to_bin(text[star + 1]) == sum >> 4 && hex_to_bin(text[star + 2]) == (sum & 15);
}

static u8 sentence_status(const struct tb_framer *framer)
{
	const u8 *text = framer->buf, *end;
	u16 len = framer->len;
	bool good = true;

	while (len && begins_tag(*text)) {
		end = memchr(text + 1, *text, len - 1);
		if (!end)
			return TONGBU_FRAME_BAD_FORM;
		good = good && is_checked(text + 1, end - text - 1);
		len -= end + 1 - text;
		text = end + 1;
	}
	if (framer->cut || !len || !begins_sentence(*text))
		return TONGBU_FRAME_BAD_FORM;
	return good && is_checked(text + 1, len - 1) ? TONGBU_FRAME_GOOD : TONGBU_FRAME_BAD_CHECK;
}

/* None of these can stand within a sentence: whatever this one lacks, the next begins
 * here.
 */
static bool begins_next(const struct tb_framer *framer, u8 byte)
{
	if (begins_sentence(byte))
		return !ends_tag(framer);
	return begins_tag(byte) && framer->len && !begins_tag(framer->buf[0]);
}

static void end_line(struct tb_framer *framer)
{
	if (tb_framer_busy(framer)) {
		if (framer->framing == TONGBU_FRAMING_NMEA)
			emit(framer, sentence_status(framer));
		else
			emit(framer, framer->cut ? TONGBU_FRAME_BAD_FORM : TONGBU_FRAME_GOOD);
	}
	framer->cut = false;
}

static void feed_line(struct tb_framer *framer, u8 byte, enum tb_mark mark,
		      const struct tb_stamp *stamp)
{
	if (framer->framing == TONGBU_FRAMING_NMEA && begins_next(framer, byte))
		end_line(framer);
	if (ends_line(byte) && mark != TB_MARK_DAMAGED)
		end_line(framer);
	else
		store_or_cut(framer, byte, mark, stamp);
}

/* Length of the answer that comes, as it tells itself; 0 if it does not, or not
 * yet, and a gap must end it.
 */
static u16 answer_length(const struct tb_framer *framer)
{
	const u8 *buf = framer->buf;

	if (!framer->asked || framer->len < 2 || buf[0] != framer->unit)
		return 0;
	if (buf[1] == (framer->function | MODBUS_EXCEPTION))
		return MODBUS_MIN;
	if (buf[1] != framer->function || framer->len < 3 || buf[2] != framer->values)
		return 0;
	return MODBUS_MIN + buf[2];
}

/* Does the answer that was asked for end here, so many bytes long? Over a frame with
 * its CRC behind it, the CRC is zero.
 */
static bool is_answer(const struct tb_framer *framer, u16 length)
{
	const u8 *answer = framer->buf + framer->len - length;

	if (!framer->asked || framer->len < length || answer[0] != framer->unit)
		return false;
	if (length == MODBUS_MIN ? answer[1] != (framer->function | MODBUS_EXCEPTION) :
				   answer[1] != framer->function || answer[2] != framer->values)
		return false;
	return !crc16(0xffff, answer, length);
}

/* Takes the answer that ends here, whatever stands before it */
static bool take_answer(struct tb_framer *framer)
{
	u16 length = MODBUS_MIN + framer->values;
	bool good = is_answer(framer, length);

	if (!good && !is_answer(framer, MODBUS_MIN))
		return false;
	if (!good)
		length = MODBUS_MIN;
	/* What the line did before it is nothing to it. */
	if (framer->hurt <= framer->len - length)
		framer->damaged = false;
	emit_from(framer, framer->len - length,
		  good ? TONGBU_FRAME_GOOD : TONGBU_FRAME_EXCEPTION);
	return true;
}

static void skip(struct tb_framer *framer)
{
	framer->skipped = min_t(u32, framer->skipped + framer->len, TONGBU_FRAME_MAX);
	framer->len = 0;
	framer->hurt = 0;
	framer->damaged = false;
}

/* An answer of three bytes of bits may look as its request does: then it is one, but
 * on a line that is known to echo, and there once.
 */
static bool skip_echo(struct tb_framer *framer)
{
	u16 len = framer->len;

	if (!framer->asked || len < TB_REQUEST_LEN ||
	    memcmp(framer->buf + len - TB_REQUEST_LEN, framer->request, TB_REQUEST_LEN))
		return false;
	if ((!framer->echoes || framer->echoed) && is_answer(framer, MODBUS_MIN + framer->values))
		return false;
	framer->echoes++;
	framer->echoed = true;
	skip(framer);
	return true;
}

/* A line that turns around, or has no bias, makes nothing else. */
static bool is_idle(const struct tb_framer *framer)
{
	u16 i;

	for (i = 0; i < framer->len; i++)
		if (framer->buf[i] && framer->buf[i] != 0xff)
			return false;
	return true;
}

/* Of an echo, an end may be lost. A cut answer begins as its request does: that is an echo
 * only where there was one before.
 */
static bool is_part_of_echo(const struct tb_framer *framer)
{
	u16 len = framer->len;

	if (len >= TB_REQUEST_LEN)
		return false;
	return !memcmp(framer->buf, framer->request + TB_REQUEST_LEN - len, len) ||
	       (framer->echoes && !memcmp(framer->buf, framer->request, len));
}

/* Less than an answer, and not of the unit that was asked */
static bool is_stray(const struct tb_framer *framer)
{
	return framer->len < MODBUS_MIN && framer->buf[0] != framer->unit;
}

/* What a gap ended and is no answer: one may still come. */
static bool skip_noise(struct tb_framer *framer)
{
	if (!framer->asked || !framer->len ||
	    !(is_idle(framer) || is_part_of_echo(framer) || is_stray(framer)))
		return false;
	skip(framer);
	return true;
}

/* What has ended and is no answer as it should be */
static u8 fault_of(const struct tb_framer *framer)
{
	u16 length = answer_length(framer);

	if (framer->asked && framer->len >= MODBUS_MIN && framer->len >= length &&
	    crc16(0xffff, framer->buf, framer->len))
		return TONGBU_FRAME_BAD_CHECK;
	return TONGBU_FRAME_BAD_FORM;
}

/* An answer ends with its CRC alone: what has a wrong one is ended by a gap, since its
 * head may be no head at all.
 */
static void feed_answer(struct tb_framer *framer, u8 byte, enum tb_mark mark,
			const struct tb_stamp *stamp)
{
	store(framer, byte, mark, stamp);
	if (skip_echo(framer))
		return;
	if (framer->len >= answer_length(framer) && take_answer(framer))
		return;
	if (framer->len == (framer->asked ? TB_MODBUS_MAX + BEFORE_MAX : TB_MODBUS_MAX))
		emit(framer, fault_of(framer));
}

static void end_answer(struct tb_framer *framer)
{
	if (!take_answer(framer) && !skip_noise(framer))
		emit(framer, fault_of(framer));
}

/* The line may have been cut: this does not wait for what follows. An answer that
 * has not begun may still come: a line that was idle often shakes before it.
 */
static void end_by_break(struct tb_framer *framer)
{
	bool asked = framer->asked && !framer->len;

	if (asked)
		framer->asked = false;
	tb_framer_end(framer);
	if (asked)
		framer->asked = true;
}

/**
 * tb_framer_feed() - take a byte
 * @framer: the framer
 * @byte: the byte
 * @mark: what the line said of it
 * @stamp: when it came
 *
 * Context: any; does not sleep.
 */
void tb_framer_feed(struct tb_framer *framer, u8 byte, enum tb_mark mark,
		    const struct tb_stamp *stamp)
{
	if (mark == TB_MARK_OVERRUN || mark == TB_MARK_BREAK) {
		begin_or_go_on(framer, stamp);
		hurt(framer);
		if (mark == TB_MARK_BREAK)
			end_by_break(framer);
		return;
	}
	switch (framer->framing) {
	case TONGBU_FRAMING_LINE:
	case TONGBU_FRAMING_NMEA:
		feed_line(framer, byte, mark, stamp);
		break;
	case TONGBU_FRAMING_MODBUS:
		feed_answer(framer, byte, mark, stamp);
		break;
	default:
		store(framer, byte, mark, stamp);
		if (framer->len == framer->length)
			emit(framer, TONGBU_FRAME_GOOD);
	}
}

/**
 * tb_framer_end() - what came so far is all: there was a gap, or no more will come
 * @framer: the framer
 *
 * Context: any; does not sleep.
 */
void tb_framer_end(struct tb_framer *framer)
{
	if (tb_framer_busy(framer)) {
		if (framer->framing == TONGBU_FRAMING_MODBUS)
			end_answer(framer);
		else
			emit(framer, TONGBU_FRAME_BAD_FORM);
	}
	framer->cut = false;
}
