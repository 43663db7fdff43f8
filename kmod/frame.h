/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames: what bytes of a serial line belong together, and whether they are right. */
#ifndef TONGBU_FRAME_H
#define TONGBU_FRAME_H

#include <linux/types.h>
#include <linux/tongbu.h>

#include "chain.h"

#define TB_MODBUS_MAX	256	/* bytes of a frame of Modbus RTU */
#define TB_REQUEST_LEN	8	/* bytes of a request of Modbus RTU */

/**
 * enum tb_mark - what the line said of a byte
 * @TB_MARK_NONE: nothing
 * @TB_MARK_DAMAGED: parity or framing error in it
 * @TB_MARK_OVERRUN: there is no such byte, bytes were lost here
 * @TB_MARK_BREAK: there is no such byte, the line was held low
 */
enum tb_mark {
	TB_MARK_NONE,
	TB_MARK_DAMAGED,
	TB_MARK_OVERRUN,
	TB_MARK_BREAK,
};

/**
 * struct tb_frame - a frame, good or not
 * @bytes: its bytes, until the framer is fed again
 * @len: how many; may be 0 of a bad line
 * @status: enum tongbu_frame_status
 * @asked: it was waited for, %TONGBU_FRAMING_MODBUS
 * @skipped: bytes left out before it, see struct tb_framer
 * @first: stamp of its first byte
 * @last: stamp of its last byte
 */
struct tb_frame {
	const u8 *bytes;
	u16 len;
	u8 status;
	bool asked;
	u16 skipped;
	struct tb_stamp first;
	struct tb_stamp last;
};

/**
 * struct tb_framer - makes frames of bytes
 * @emit: takes each frame; does not feed the framer
 * @framing: enum tongbu_framing
 * @length: bytes of a frame, %TONGBU_FRAMING_FIXED; else the most
 * @asked: an answer is waited for; the next frame is taken for it
 * @unit: slave that is to answer
 * @function: what it was asked
 * @values: bytes of values it is to answer with
 * @request: what it was asked with; an adapter of two wires may echo it
 * @echoed: it was echoed
 * @echoes: how often requests were
 * @skipped: bytes since the last frame that are in none: echoes and parts of them, 00 or
 *	FF as a line makes them that turns around, and less than an answer of another unit
 * @cut: what was too long has begun and is not over
 * @damaged: an error of the line is in the frame
 * @hurt: bytes of the frame before the last error of the line
 * @len: bytes of the frame so far
 * @first: stamp of the first of them
 * @last: stamp of the last of them
 * @buf: the bytes
 */
struct tb_framer {
	void (*emit)(struct tb_framer *framer, const struct tb_frame *frame);
	u8 framing;
	u16 length;
	bool asked;
	u8 unit;
	u8 function;
	u16 values;
	u8 request[TB_REQUEST_LEN];
	bool echoed;
	u64 echoes;
	u16 skipped;
	bool cut;
	bool damaged;
	u16 hurt;
	u16 len;
	struct tb_stamp first;
	struct tb_stamp last;
	u8 buf[TONGBU_FRAME_MAX];
};

void tb_framer_init(struct tb_framer *framer, u8 framing, u16 length,
		    void (*emit)(struct tb_framer *framer, const struct tb_frame *frame));
void tb_framer_ask(struct tb_framer *framer, const u8 request[TB_REQUEST_LEN]);
void tb_framer_feed(struct tb_framer *framer, u8 byte, enum tb_mark mark,
		    const struct tb_stamp *stamp);
void tb_framer_end(struct tb_framer *framer);

/* Something came of which no frame was made yet */
static inline bool tb_framer_busy(const struct tb_framer *framer)
{
	return framer->len || framer->damaged;
}

#endif /* TONGBU_FRAME_H */
