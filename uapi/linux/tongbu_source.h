/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Tongbu: sources, the devices that make records, and what their records hold.
 * Part of the contract that linux/tongbu.h begins; include that one.
 */
#ifndef _UAPI_LINUX_TONGBU_SOURCE_H
#define _UAPI_LINUX_TONGBU_SOURCE_H

#include <linux/types.h>
#include <linux/tongbu_record.h>

/**
 * enum tongbu_source_type - kinds of device a source can be
 * @TONGBU_SOURCE_GPIO: one line of a GPIO chip: each edge is a record
 * @TONGBU_SOURCE_COUNTER: one line of a GPIO chip: edges are counted, and each
 *	interval is a record
 * @TONGBU_SOURCE_PPS: one line of a GPIO chip that pulses at each full second:
 *	how far the clock is from it is a record each interval
 * @TONGBU_SOURCE_INPUT: an input device: badge reader, keypad, button
 * @TONGBU_SOURCE_SERIAL: a serial line: frames are records
 */
enum tongbu_source_type {
	TONGBU_SOURCE_GPIO	= 1,
	TONGBU_SOURCE_COUNTER	= 2,
	TONGBU_SOURCE_PPS	= 3,
	TONGBU_SOURCE_INPUT	= 4,
	TONGBU_SOURCE_SERIAL	= 5,
};

/* Instead of the level of a line: it could not be read */
#define TONGBU_LEVEL_UNKNOWN	255

/**
 * enum tongbu_edges - which changes of a line make a record
 * @TONGBU_EDGE_RISING: to active
 * @TONGBU_EDGE_FALLING: to inactive
 * @TONGBU_EDGE_BOTH: either
 */
enum tongbu_edges {
	TONGBU_EDGE_RISING	= 1,
	TONGBU_EDGE_FALLING	= 2,
	TONGBU_EDGE_BOTH	= 3,
};

/**
 * enum tongbu_bias - resistor at the line
 * @TONGBU_BIAS_AS_IS: as the board has it
 * @TONGBU_BIAS_DISABLED: none
 * @TONGBU_BIAS_PULL_UP: to supply
 * @TONGBU_BIAS_PULL_DOWN: to ground
 */
enum tongbu_bias {
	TONGBU_BIAS_AS_IS	= 0,
	TONGBU_BIAS_DISABLED	= 1,
	TONGBU_BIAS_PULL_UP	= 2,
	TONGBU_BIAS_PULL_DOWN	= 3,
};

/**
 * enum tongbu_source_flag - bits of a source's flags
 * @TONGBU_SOURCE_ACTIVE_LOW: a low line is active; levels in records are then
 *	turned round
 * @TONGBU_SOURCE_CONFIGURED: from the station's configuration, not by hand
 * @TONGBU_SOURCE_GRAB: no other user of the input device sees its keys
 * @TONGBU_SOURCE_HASHED: codes are sealed hashed with the site's salt
 * @TONGBU_SOURCE_MODEM: the modem lines of the serial port are edges
 */
enum tongbu_source_flag {
	TONGBU_SOURCE_ACTIVE_LOW	= 1 << 0,
	TONGBU_SOURCE_CONFIGURED	= 1 << 1,
	TONGBU_SOURCE_GRAB		= 1 << 2,
	TONGBU_SOURCE_HASHED		= 1 << 3,
	TONGBU_SOURCE_MODEM		= 1 << 4,
};

/**
 * enum tongbu_source_state - how a source fares, in SOURCE_GET
 * @TONGBU_STATE_GONE: its device is not there
 * @TONGBU_STATE_SILENT: it must speak and does not
 * @TONGBU_STATE_STORM: it is over its rate and throttled
 */
enum tongbu_source_state {
	TONGBU_STATE_GONE	= 1 << 0,
	TONGBU_STATE_SILENT	= 1 << 1,
	TONGBU_STATE_STORM	= 1 << 2,
};

/**
 * enum tongbu_input_mode - what an input device's keys mean
 * @TONGBU_INPUT_KEYS: each key that goes down or up is a record
 * @TONGBU_INPUT_CODE: characters up to Enter are one record
 */
enum tongbu_input_mode {
	TONGBU_INPUT_KEYS	= 1,
	TONGBU_INPUT_CODE	= 2,
};

/**
 * enum tongbu_framing - what a frame is on a serial line
 * @TONGBU_FRAMING_LINE: characters up to CR or LF
 * @TONGBU_FRAMING_NMEA: a sentence of NMEA 0183 from $ or !, with its checksum
 * @TONGBU_FRAMING_MODBUS: an answer of Modbus RTU, which the kernel asks for
 * @TONGBU_FRAMING_FIXED: so many bytes, or what came before a gap
 */
enum tongbu_framing {
	TONGBU_FRAMING_LINE	= 1,
	TONGBU_FRAMING_NMEA	= 2,
	TONGBU_FRAMING_MODBUS	= 3,
	TONGBU_FRAMING_FIXED	= 4,
};

/**
 * enum tongbu_parity - parity bit of a serial line
 * @TONGBU_PARITY_NONE: none
 * @TONGBU_PARITY_EVEN: even
 * @TONGBU_PARITY_ODD: odd
 */
enum tongbu_parity {
	TONGBU_PARITY_NONE	= 0,
	TONGBU_PARITY_EVEN	= 1,
	TONGBU_PARITY_ODD	= 2,
};

/**
 * struct tongbu_source - a source as it was armed
 * @name: its name, NUL-padded
 * @chip: label of the GPIO chip, or name of the serial port, NUL-padded
 * @line: offset of the line in the chip
 * @debounce: time a new level must hold, us; 0 for none
 * @flags: enum tongbu_source_flag
 * @type: enum tongbu_source_type
 * @edges: enum tongbu_edges
 * @bias: enum tongbu_bias
 * @level: level of the line when it was armed, 0 or 1, or %TONGBU_LEVEL_UNKNOWN;
 *	of a serial port whose modem lines are edges, bit n - 1 for enum tongbu_line n
 *
 * struct tongbu_source_more follows; after it, for an input device struct
 * tongbu_input, for a serial line struct tongbu_serial and its polls. What has
 * no meaning for the type is zero.
 */
struct tongbu_source {
	__u8	name[TONGBU_NAME_LEN];
	__u8	chip[TONGBU_NAME_LEN];
	__le32	line;
	__le32	debounce;
	__le32	flags;
	__u8	type;
	__u8	edges;
	__u8	bias;
	__u8	level;
};

/**
 * struct tongbu_source_more - what any source may be asked for besides
 * @silent: longest time it may say nothing, ms; 0 for any
 * @rate: most events a second; 0 for any
 * @interval: time between two records of a counter or PPS line, or between two
 *	rounds of polling, ms
 * @reserved: zero
 */
struct tongbu_source_more {
	__le32	silent;
	__le32	rate;
	__le32	interval;
	__le32	reserved;
};

/**
 * struct tongbu_input - an input device as it was armed
 * @device: name the device must have, NUL-padded; empty for any
 * @phys: physical path it must have, NUL-padded; empty for any
 * @vendor: vendor it must have; 0 for any
 * @product: product it must have; 0 for any
 * @timeout: longest time between two characters of a code, ms
 * @key: the one key that counts, KEY_* of linux/input-event-codes.h; 0 for all
 * @mode: enum tongbu_input_mode
 * @reserved: zero
 * @salt_id: first 8 bytes of BLAKE2s-256 over the salt, or zero without one
 */
struct tongbu_input {
	__u8	device[TONGBU_DEVICE_LEN];
	__u8	phys[TONGBU_DEVICE_LEN];
	__le16	vendor;
	__le16	product;
	__le32	timeout;
	__le16	key;
	__u8	mode;
	__u8	reserved[5];
	__u8	salt_id[8];
};

/**
 * struct tongbu_serial - a serial line as it was armed
 * @baud: bits a second
 * @gap: silence that ends a frame, us
 * @timeout: time an answer may take to begin, ms
 * @length: bytes of a frame, %TONGBU_FRAMING_FIXED; else the most
 * @framing: enum tongbu_framing
 * @parity: enum tongbu_parity
 * @bits: data bits, 7 or 8
 * @stop: stop bits, 1 or 2
 * @polls: how many struct tongbu_poll follow
 * @reserved: zero
 */
struct tongbu_serial {
	__le32	baud;
	__le32	gap;
	__le32	timeout;
	__le32	length;
	__u8	framing;
	__u8	parity;
	__u8	bits;
	__u8	stop;
	__le16	polls;
	__le16	reserved;
};

#define TONGBU_POLLS_MAX	16
#define TONGBU_FRAME_MAX	512	/* bytes of a frame */
#define TONGBU_CODE_MAX		64	/* characters of a code */
#define TONGBU_POLL_NONE	0xff	/* bytes that no poll asked for */

/**
 * struct tongbu_poll - what to ask of a Modbus slave, each round
 * @unit: its address, 1 to 247
 * @function: 1 coils, 2 discrete inputs, 3 holding registers, 4 input registers
 * @address: the first of them, as on the wire, from 0
 * @count: how many: registers up to 125, bits up to 2000
 * @reserved: zero
 */
struct tongbu_poll {
	__u8	unit;
	__u8	function;
	__le16	address;
	__le16	count;
	__le16	reserved;
};

/**
 * struct tongbu_source_end - what a source came to
 * @sealed: events sealed
 * @lost: events lost
 */
struct tongbu_source_end {
	__le64	sealed;
	__le64	lost;
};

/**
 * enum tongbu_line - which line an edge was on
 * @TONGBU_LINE_GPIO: the GPIO line
 * @TONGBU_LINE_DCD: data carrier detect
 * @TONGBU_LINE_CTS: clear to send
 * @TONGBU_LINE_DSR: data set ready
 * @TONGBU_LINE_RI: ring indicator
 */
enum tongbu_line {
	TONGBU_LINE_GPIO	= 0,
	TONGBU_LINE_DCD		= 1,
	TONGBU_LINE_CTS		= 2,
	TONGBU_LINE_DSR		= 3,
	TONGBU_LINE_RI		= 4,
};

/**
 * struct tongbu_edge - a line changed
 * @level: level after the edge, 1 active, or %TONGBU_LEVEL_UNKNOWN
 * @line: enum tongbu_line
 * @bounces: further edges folded into this one by debouncing, saturating
 * @delay: from the stamp to the sealing, ns, saturating
 */
struct tongbu_edge {
	__u8	level;
	__u8	line;
	__le16	bounces;
	__le32	delay;
};

/**
 * struct tongbu_key - a key went down or up
 * @code: KEY_* or BTN_* of linux/input-event-codes.h
 * @value: 1 down, 0 up
 * @reserved: zero
 * @delay: as in struct tongbu_edge
 */
struct tongbu_key {
	__le16	code;
	__u8	value;
	__u8	reserved;
	__le32	delay;
};

/**
 * enum tongbu_code_end - how a code ended
 * @TONGBU_CODE_ENTER: by Enter
 * @TONGBU_CODE_TIMEOUT: nothing more came in time, or could: the device was
 *	unplugged, or the source disarmed
 * @TONGBU_CODE_TOO_LONG: after %TONGBU_CODE_MAX characters; what came up to
 *	Enter or the timeout is dropped
 */
enum tongbu_code_end {
	TONGBU_CODE_ENTER	= 1,
	TONGBU_CODE_TIMEOUT	= 2,
	TONGBU_CODE_TOO_LONG	= 3,
};

/**
 * struct tongbu_code - begins the payload of a code that was typed
 * @first: CLOCK_BOOTTIME of its first character, ns; the header has the key's that
 *	ended it, or the last character's if none did
 * @delay: as in struct tongbu_edge
 * @length: characters
 * @end: enum tongbu_code_end
 * @hashed: 0 if the characters follow; 1 if BLAKE2s-256 of the salt and them
 *	follows
 */
struct tongbu_code {
	__le64	first;
	__le32	delay;
	__le16	length;
	__u8	end;
	__u8	hashed;
};

/**
 * enum tongbu_frame_status - what became of a frame
 * @TONGBU_FRAME_GOOD: whole, and its check is right if it has one
 * @TONGBU_FRAME_BAD_CHECK: checksum or CRC is wrong or missing
 * @TONGBU_FRAME_BAD_FORM: too long or too short, or not what was asked for
 * @TONGBU_FRAME_BAD_LINE: parity, framing or overrun error, or a break
 * @TONGBU_FRAME_TIMEOUT: no answer came, which is no event of the line
 * @TONGBU_FRAME_EXCEPTION: the Modbus slave answered with an exception
 */
enum tongbu_frame_status {
	TONGBU_FRAME_GOOD	= 0,
	TONGBU_FRAME_BAD_CHECK	= 1,
	TONGBU_FRAME_BAD_FORM	= 2,
	TONGBU_FRAME_BAD_LINE	= 3,
	TONGBU_FRAME_TIMEOUT	= 4,
	TONGBU_FRAME_EXCEPTION	= 5,
};

/**
 * struct tongbu_frame - begins the payload of a frame; its bytes follow, raw
 * @first: CLOCK_BOOTTIME of its first byte, ns; the header has the last's. Without
 *	an answer, of the request; the header then has when it was given up
 * @delay: as in struct tongbu_edge
 * @bad: frames of the source that were not good, this one included
 * @framing: enum tongbu_framing
 * @status: enum tongbu_frame_status
 * @poll: which poll it answers, from 0, or %TONGBU_POLL_NONE
 * @skipped: bytes left out before an answer, as the request's echo or noise of a line
 *	that turns around; 255 for as many or more
 * @reserved: zero
 */
struct tongbu_frame {
	__le64	first;
	__le32	delay;
	__le32	bad;
	__u8	framing;
	__u8	status;
	__u8	poll;
	__u8	skipped;
	__u8	reserved[4];
};

/**
 * struct tongbu_count - pulses of an interval; the header has its end
 * @first: CLOCK_BOOTTIME of the first pulse, ns; 0 without any
 * @last: CLOCK_BOOTTIME of the last pulse, ns; 0 without any
 * @total: pulses since the source was armed
 * @count: pulses of this interval
 * @interval: how long it was, ms
 */
struct tongbu_count {
	__le64	first;
	__le64	last;
	__le64	total;
	__le32	count;
	__le32	interval;
};

/**
 * struct tongbu_storm - a source went over its rate, or is within it again
 * @since: CLOCK_BOOTTIME at which the storm began, ns
 * @count: events that were counted and made no record; 0 when it begins
 * @masked: time in which the interrupt was off and nothing could be counted, ms
 * @rate: most events a second, as it was armed
 * @over: 0 it begins, 1 it is over
 * @reserved: zero
 */
struct tongbu_storm {
	__le64	since;
	__le64	count;
	__le64	masked;
	__le32	rate;
	__u8	over;
	__u8	reserved[3];
};

/**
 * struct tongbu_silence - a source says nothing, or speaks again
 * @last: CLOCK_BOOTTIME of its last event, or of arming it, ns
 * @silent: time without a word, ns
 */
struct tongbu_silence {
	__le64	last;
	__le64	silent;
};

/**
 * enum tongbu_absence - why a device is gone
 * @TONGBU_ABSENT_YET: it was not there when the source was armed
 * @TONGBU_ABSENT_REMOVED: it was taken away, or its driver was
 * @TONGBU_ABSENT_HANGUP: its line was hung up
 */
enum tongbu_absence {
	TONGBU_ABSENT_YET	= 1,
	TONGBU_ABSENT_REMOVED	= 2,
	TONGBU_ABSENT_HANGUP	= 3,
};

/**
 * struct tongbu_presence - a device is gone, or there again
 * @since: CLOCK_BOOTTIME since when it was otherwise, ns
 * @why: enum tongbu_absence
 * @level: level of the line, where it is there again and has one; as in struct
 *	tongbu_source
 * @reserved: zero
 * @device: the kernel's name of it, NUL-padded; of an input device that was not
 *	there yet, the name it must have, or empty
 */
struct tongbu_presence {
	__le64	since;
	__u8	why;
	__u8	level;
	__u8	reserved[6];
	__u8	device[TONGBU_DEVICE_LEN];
};

/**
 * struct tongbu_pps - the clock against the pulses of an interval
 * @min: least of CLOCK_REALTIME at a pulse less the nearest full second, ns
 * @max: greatest
 * @mean: mean
 * @pulses: pulses seen
 * @missed: full seconds without one
 */
struct tongbu_pps {
	__le64	min;
	__le64	max;
	__le64	mean;
	__le32	pulses;
	__le32	missed;
};

#endif /* _UAPI_LINUX_TONGBU_SOURCE_H */
