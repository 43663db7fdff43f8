// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making frames of bytes: lines, sentences of NMEA 0183, answers of Modbus RTU,
 * and frames of fixed length.
 *
 * Every byte ends up in some frame, but for the CR and LF between lines and
 * sentences: what fits nowhere is a bad frame, not silence. A byte ends at most
 * one frame. Nothing here knows of devices, locks or time.
 */
#include "frame.h"

#include <linux/crc16.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "compat.h"

/* Slave, function, two bytes of CRC, and at least one between them */
#define MODBUS_MIN	5
#define MODBUS_EXCEPTION 0x80

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
 * @unit: slave that is asked
 * @function: 1 to 4
 * @count: bits, functions 1 and 2, or registers, 3 and 4
 *
 * What came before and was not ended is a frame that nobody asked for.
 *
 * Context: any; does not sleep.
 */
void tb_framer_ask(struct tb_framer *framer, u8 unit, u8 function, u16 count)
{
	framer->asked = false;
	tb_framer_end(framer);
	framer->asked = true;
	framer->unit = unit;
	framer->function = function;
	framer->values = function <= 2 ? DIV_ROUND_UP(count, 8) : 2 * count;
}

static void emit(struct tb_framer *framer, u8 status)
{
	struct tb_frame frame = {
		.bytes = framer->buf,
		.len = framer->len,
		.status = framer->damaged ? TONGBU_FRAME_BAD_LINE : status,
		.asked = framer->asked,
		.first = framer->first,
		.last = framer->last,
	};

	framer->len = 0;
	framer->damaged = false;
	framer->asked = false;
	framer->emit(framer, &frame);
}

static void begin_or_go_on(struct tb_framer *framer, const struct tb_stamp *stamp)
{
	if (!tb_framer_busy(framer))
		framer->first = *stamp;
	framer->last = *stamp;
}

static void store(struct tb_framer *framer, u8 byte, enum tb_mark mark,
		  const struct tb_stamp *stamp)
{
	begin_or_go_on(framer, stamp);
	framer->buf[framer->len++] = byte;
	if (mark == TB_MARK_DAMAGED)
		framer->damaged = true;
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

/* The checksum is the exclusive or of what stands between $ and *. */
static u8 sentence_status(const struct tb_framer *framer)
{
	const u8 *buf = framer->buf;
	u16 star = framer->len - 3;
	u8 sum = 0;
	u16 i;

	if (framer->cut || !framer->len || !begins_sentence(buf[0]))
		return TONGBU_FRAME_BAD_FORM;
	if (framer->len < 4 || buf[star] != '*')
		return TONGBU_FRAME_BAD_CHECK;
	for (i = 1; i < star; i++)
		sum ^= buf[i];
	if (hex_to_bin(buf[star + 1]) != sum >> 4 || hex_to_bin(buf[star + 2]) != (sum & 15))
		return TONGBU_FRAME_BAD_CHECK;
	return TONGBU_FRAME_GOOD;
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
	/* Neither sign can stand within a sentence: whatever this one lacks,
	 * the next begins here.
	 */
	if (framer->framing == TONGBU_FRAMING_NMEA && begins_sentence(byte))
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
	if (buf[1] != framer->function || framer->len < 3 ||
	    buf[2] > TB_MODBUS_MAX - MODBUS_MIN)
		return 0;
	return MODBUS_MIN + buf[2];
}

/* Over a frame with its CRC behind it, the CRC is zero. */
static u8 answer_status(const struct tb_framer *framer)
{
	const u8 *buf = framer->buf;

	if (!framer->asked || framer->len < MODBUS_MIN || framer->len < answer_length(framer))
		return TONGBU_FRAME_BAD_FORM;
	if (crc16(0xffff, buf, framer->len))
		return TONGBU_FRAME_BAD_CHECK;
	if (buf[0] != framer->unit)
		return TONGBU_FRAME_BAD_FORM;
	if (buf[1] == (framer->function | MODBUS_EXCEPTION))
		return framer->len == MODBUS_MIN ? TONGBU_FRAME_EXCEPTION : TONGBU_FRAME_BAD_FORM;
	if (buf[1] != framer->function || buf[2] != framer->values ||
	    framer->len != MODBUS_MIN + framer->values)
		return TONGBU_FRAME_BAD_FORM;
	return TONGBU_FRAME_GOOD;
}

static void feed_answer(struct tb_framer *framer, u8 byte, enum tb_mark mark,
			const struct tb_stamp *stamp)
{
	store(framer, byte, mark, stamp);
	if (framer->len == answer_length(framer) || framer->len == TB_MODBUS_MAX)
		emit(framer, answer_status(framer));
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
		framer->damaged = true;
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
	if (tb_framer_busy(framer))
		emit(framer, framer->framing == TONGBU_FRAMING_MODBUS ?
			     answer_status(framer) : TONGBU_FRAME_BAD_FORM);
	framer->cut = false;
}
