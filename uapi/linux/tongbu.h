/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Tongbu: sealed records of what happened, how they are read, and the family that is asked.
 *
 * This header and those it includes are the whole contract between tongbu.ko
 * and userspace. This one says how one process reads the records;
 * linux/tongbu_record.h says what bytes they are made of and how they hang
 * together, linux/tongbu_source.h what devices make of them. uapi/tongbu.yaml is
 * the same contract for machines; docs/record-format.md gives the sealing
 * arithmetic with vectors.
 *
 *
 * THE FAMILY
 *
 * Generic netlink "tongbu", version 2, initial network namespace only.
 *
 *	command       flags  who             in                     out
 *	INFO_GET      do     anyone          -                      state, counters
 *	CHAIN_START   do     control (2)     PUBKEY, PREV_*         CHAIN
 *	CLOCK_STATE   do     the reader      CLOCK_*                -
 *	SUBMIT        do     submit group    ACT_FORMAT, ACT_DATA   CHAIN, SEQ, TAG, REALTIME
 *	SOURCE_ADD    do     control (2)     SOURCE_*, GPIO_*, INPUT_*, SERIAL_*  SOURCE_ID
 *	SOURCE_DEL    do     control (2)     SOURCE_ID or _NAME     -
 *	SOURCE_GET    dump   anyone (1)      -        SOURCE_*, GPIO_*, INPUT_*, SERIAL_*
 *	CLOCK_ARM     do     the reader      CLOCK_ID, _DUE         -
 *	CLOCK_CANCEL  do     the reader      CLOCK_ID               -
 *	CLOCK_GET     dump   anyone          -                      CLOCK_ID, _DUE, SEQ
 *	OUTPUT_ADD    do     control (2)     OUTPUT_*, GPIO_*       OUTPUT_ID
 *	OUTPUT_DEL    do     control (2)     OUTPUT_ID or _NAME     -
 *	OUTPUT_SET    do     control (2)     OUTPUT_*               -
 *	OUTPUT_GET    dump   anyone          -                      OUTPUT_*, GPIO_*, SOURCE_STATE
 *	REFLEX_ADD    do     control (2)     REFLEX_*, SOURCE_NAME, OUTPUT_NAME  REFLEX_ID
 *	REFLEX_DEL    do     control (2)     REFLEX_ID or _NAME     -
 *	REFLEX_GET    dump   anyone          -        REFLEX_*, SOURCE_NAME, OUTPUT_NAME
 *	CHAIN_END     do     control (2)     -                      SEQ
 *
 * (1) SOURCE_LEVEL and SOURCE_LAST are told to the submit group and to who has
 * control alone: they are how a line is, and when a key was pressed.
 *
 * (2) CAP_SYS_ADMIN, or the process that opened /dev/tongbu and still has it open.
 *
 * A refusal carries a negative errno, an extended-ack message that names the
 * thing and the remedy, and the offset of the attribute at fault.
 *
 *
 * READING WITHOUT LOSS
 *
 * /dev/tongbu, by whom its mode admits, and one at a time: a second open() fails with
 * EBUSY, and INFO_GET names the holder. That ends when it is closed and unmapped,
 * however that comes about.
 *
 *  1. Open it for reading and writing. INFO_GET: without a CHAIN attribute no chain
 *     runs: CHAIN_START.
 *  2. Map it for reading, shared: struct tongbu_ring, at its beginning, says how large
 *     all of it is.
 *  3. Records @acked to @head - 1 are there: acquire @head, then look at each record's
 *     slot, which is number modulo @slots, and find the record's bytes.
 *  4. Make the records durable, then write() the number of the last of them, eight
 *     bytes, little-endian. Only then may the kernel use their room again, of
 *     all records up to that one. A record that is not sealed yet gives ERANGE.
 *  5. poll(): it is readable while a record is not acknowledged.
 *
 *
 * A CHAIN'S END
 *
 * From CHAIN_START on the module holds itself, and hibernation is refused. CHAIN_END
 * disarms what is armed, each with its record, and seals END; nothing is sealed
 * after it. When END is acknowledged the module may be unloaded, and opening the device
 * fails with ENODATA. A chain that was not ended, by a loss of power, say, has no END.
 *
 * Records up to ACKED are gone from the kernel, except record 0, which INFO_GET
 * always returns (GENESIS): without it no chain can be verified.
 */
#ifndef _UAPI_LINUX_TONGBU_H
#define _UAPI_LINUX_TONGBU_H

#include <linux/types.h>
#include <linux/tongbu_record.h>
#include <linux/tongbu_source.h>
#include <linux/tongbu_control.h>

#define TONGBU_FAMILY_NAME	"tongbu"
#define TONGBU_FAMILY_VERSION	2

/**
 * struct tongbu_ring - the beginning of what a reader maps; slots follow it at once
 * @head: number of the next record; acquire it
 * @acked: all records below are acknowledged
 * @size: bytes of the whole mapping
 * @slots: how many slots there are, a power of two
 * @data: where the records' bytes begin, bytes from the beginning of the mapping
 * @reserved: zero
 */
struct tongbu_ring {
	__le64	head;
	__le64	acked;
	__le32	size;
	__le32	slots;
	__le32	data;
	__le32	reserved;
};

/**
 * struct tongbu_slot - where a record stands, in one piece
 * @offset: its first byte, from where the data begins
 * @length: its bytes
 * @room: whose room it takes, a note of the kernel's own
 */
struct tongbu_slot {
	__le32	offset;
	__le16	length;
	__le16	room;
};

/**
 * struct tongbu_limited - somebody who submits more than he may
 * @uid: who
 * @rate: acts of this day refused because they came too fast
 * @quota: acts of this day refused because it has had its bytes
 */
struct tongbu_limited {
	__le32	uid;
	__le32	rate;
	__le32	quota;
};

enum tongbu_cmd {
	TONGBU_CMD_UNSPEC,
	TONGBU_CMD_INFO_GET,
	TONGBU_CMD_CHAIN_START,
	TONGBU_CMD_CLOCK_STATE,
	TONGBU_CMD_SUBMIT,
	TONGBU_CMD_SOURCE_ADD,
	TONGBU_CMD_SOURCE_DEL,
	TONGBU_CMD_SOURCE_GET,
	TONGBU_CMD_CLOCK_ARM,
	TONGBU_CMD_CLOCK_CANCEL,
	TONGBU_CMD_CLOCK_GET,
	TONGBU_CMD_OUTPUT_ADD,
	TONGBU_CMD_OUTPUT_DEL,
	TONGBU_CMD_OUTPUT_SET,
	TONGBU_CMD_OUTPUT_GET,
	TONGBU_CMD_REFLEX_ADD,
	TONGBU_CMD_REFLEX_DEL,
	TONGBU_CMD_REFLEX_GET,
	TONGBU_CMD_CHAIN_END,

	__TONGBU_CMD_MAX,
	TONGBU_CMD_MAX = __TONGBU_CMD_MAX - 1
};

/* One attribute space; the comment gives type and unit */
enum tongbu_attr {
	TONGBU_A_UNSPEC,
	TONGBU_A_PAD,

	TONGBU_A_CHAIN,			/* binary, TONGBU_CHAIN_LEN */
	TONGBU_A_SEQ,			/* u64 */
	TONGBU_A_TAG,			/* binary, TONGBU_TAG_LEN */
	TONGBU_A_REALTIME,		/* u64, ns since 1970 */
	TONGBU_A_HEAD,			/* u64, seq of the next record to be sealed */
	TONGBU_A_ACKED,			/* u64, all records below are acknowledged */
	TONGBU_A_GENESIS,		/* binary, record 0 */

	TONGBU_A_PUBKEY,		/* binary, TONGBU_KEY_LEN, X25519 */
	TONGBU_A_PREV_CHAIN,		/* binary, TONGBU_CHAIN_LEN */
	TONGBU_A_PREV_SEQ,		/* u64 */
	TONGBU_A_PREV_TAG,		/* binary, TONGBU_TAG_LEN */

	TONGBU_A_CLOCK_SYNCED,		/* u8, 0 or 1 */
	TONGBU_A_CLOCK_ESTERROR,	/* u32, us */
	TONGBU_A_CLOCK_MAXERROR,	/* u32, us */

	TONGBU_A_ACT_FORMAT,		/* u8, enum tongbu_act_format */
	TONGBU_A_ACT_DATA,		/* binary, 1 to TONGBU_ACT_MAX bytes */

	TONGBU_A_SOURCE_ID,		/* u32 */
	TONGBU_A_SOURCE_NAME,		/* string, 1 to TONGBU_NAME_LEN - 1 bytes */
	TONGBU_A_SOURCE_TYPE,		/* u8, enum tongbu_source_type */
	TONGBU_A_SOURCE_FLAGS,		/* u32, enum tongbu_source_flag */
	TONGBU_A_SOURCE_SEALED,		/* u64, events */
	TONGBU_A_SOURCE_LOST,		/* u64, events */
	TONGBU_A_SOURCE_LEVEL,		/* u8, last level recorded, as in struct tongbu_source */

	TONGBU_A_GPIO_CHIP,		/* string, 1 to TONGBU_NAME_LEN - 1 bytes */
	TONGBU_A_GPIO_LINE,		/* u32, offset */
	TONGBU_A_GPIO_EDGES,		/* u8, enum tongbu_edges */
	TONGBU_A_GPIO_BIAS,		/* u8, enum tongbu_bias */
	TONGBU_A_GPIO_DEBOUNCE,		/* u32, us, at most 10 s */

	TONGBU_A_INFO_VERSION,		/* string, module version */
	TONGBU_A_INFO_CAPACITY,		/* u32, records, refusals apart */
	TONGBU_A_INFO_USED,		/* u32, records */
	TONGBU_A_INFO_HIGH_WATER,	/* u32, records */
	TONGBU_A_INFO_ACTS,		/* u32, acts in the ring, of CAPACITY / 2 */
	TONGBU_A_INFO_LOST,		/* u64, events */
	TONGBU_A_INFO_REFUSED,		/* u64, submissions */
	TONGBU_A_INFO_WAITS,		/* u64 */
	TONGBU_A_INFO_SOURCES,		/* u32 */
	TONGBU_A_INFO_HEARTBEAT,	/* u32, ms */
	TONGBU_A_INFO_SUBMIT_GID,	/* u32, or 0xffffffff */
	TONGBU_A_INFO_SUBMIT_RATE,	/* u32, submissions a second for one uid */
	TONGBU_A_INFO_OWNER_PID,	/* u32, absent if nobody is attached */
	TONGBU_A_INFO_OWNER_UID,	/* u32 */
	TONGBU_A_INFO_OWNER_COMM,	/* string */

	TONGBU_A_CLOCK_ID,		/* u64 */
	TONGBU_A_CLOCK_DUE,		/* u64, CLOCK_REALTIME, ns */
	TONGBU_A_INFO_CLOCKS,		/* u32, clocks not due yet */
	TONGBU_A_INFO_CLOCKS_MAX,	/* u32, clocks not due or not acknowledged */

	TONGBU_A_SOURCE_SILENT,		/* u32, ms, longest time without an event, 0 for any */
	TONGBU_A_SOURCE_RATE,		/* u32, events a second, 0 for any */
	TONGBU_A_SOURCE_INTERVAL,	/* u32, ms */
	TONGBU_A_SOURCE_STATE,		/* u32, enum tongbu_source_state, of outputs too */
	TONGBU_A_SOURCE_LAST,		/* u64, CLOCK_BOOTTIME of the last event, ns */

	TONGBU_A_INPUT_NAME,		/* string, 1 to TONGBU_DEVICE_LEN - 1 bytes */
	TONGBU_A_INPUT_PHYS,		/* string, likewise */
	TONGBU_A_INPUT_VENDOR,		/* u16, 0 for any */
	TONGBU_A_INPUT_PRODUCT,		/* u16, 0 for any */
	TONGBU_A_INPUT_MODE,		/* u8, enum tongbu_input_mode */
	TONGBU_A_INPUT_KEY,		/* u16, KEY_*, 0 for all */
	TONGBU_A_INPUT_TIMEOUT,		/* u32, ms, at most 60 s */
	TONGBU_A_INPUT_SALT,		/* binary, TONGBU_SALT_LEN, never told */
	TONGBU_A_INPUT_DEVICE,		/* string, what is there, in SOURCE_GET */

	TONGBU_A_SERIAL_PORT,		/* string, such as ttyS1 */
	TONGBU_A_SERIAL_BAUD,		/* u32, bits a second */
	TONGBU_A_SERIAL_BITS,		/* u8, 7 or 8 */
	TONGBU_A_SERIAL_PARITY,		/* u8, enum tongbu_parity */
	TONGBU_A_SERIAL_STOP,		/* u8, 1 or 2 */
	TONGBU_A_SERIAL_FRAMING,	/* u8, enum tongbu_framing */
	TONGBU_A_SERIAL_LENGTH,		/* u32, bytes, 1 to TONGBU_FRAME_MAX */
	TONGBU_A_SERIAL_GAP,		/* u32, us, 0 for 3.5 characters */
	TONGBU_A_SERIAL_TIMEOUT,	/* u32, ms */
	TONGBU_A_SERIAL_POLLS,		/* binary, struct tongbu_poll, up to TONGBU_POLLS_MAX */
	TONGBU_A_SERIAL_GOOD,		/* u64, frames */
	TONGBU_A_SERIAL_BAD,		/* u64, frames */

	TONGBU_A_OUTPUT_ID,		/* u32, from 1 */
	TONGBU_A_OUTPUT_NAME,		/* string, 1 to TONGBU_NAME_LEN - 1 bytes */
	TONGBU_A_OUTPUT_FLAGS,		/* u32, enum tongbu_output_flag */
	TONGBU_A_OUTPUT_SAFE,		/* u8, 0 or 1 */
	TONGBU_A_OUTPUT_AWAY,		/* u32, ms, 0 for any */
	TONGBU_A_OUTPUT_VALUE,		/* u8, 0 or 1 */
	TONGBU_A_OUTPUT_CAUSE,		/* u64, seq of a record */
	TONGBU_A_OUTPUT_CHANGES,	/* u64, times set */

	TONGBU_A_REFLEX_ID,		/* u32, from 1 */
	TONGBU_A_REFLEX_NAME,		/* string, 1 to TONGBU_NAME_LEN - 1 bytes */
	TONGBU_A_REFLEX_FLAGS,		/* u32, enum tongbu_reflex_flag */
	TONGBU_A_REFLEX_CONDITION,	/* u8, enum tongbu_condition */
	TONGBU_A_REFLEX_LEVEL,		/* u8, 0, 1 or TONGBU_LEVEL_ANY */
	TONGBU_A_REFLEX_SECOND,		/* string, name of the second source */
	TONGBU_A_REFLEX_HOLD,		/* u32, ms */
	TONGBU_A_REFLEX_COUNT,		/* u32, events, at most 64 */
	TONGBU_A_REFLEX_WITHIN,		/* u32, ms */
	TONGBU_A_REFLEX_ACTION,		/* u8, enum tongbu_action */
	TONGBU_A_REFLEX_LENGTH,		/* u32, ms */
	TONGBU_A_REFLEX_PERIOD,		/* u32, ms */
	TONGBU_A_REFLEX_COOLDOWN,	/* u32, ms */
	TONGBU_A_REFLEX_FIRED,		/* u64, times */
	TONGBU_A_REFLEX_RESTED,		/* u64, times */

	TONGBU_A_INFO_OUTPUTS,		/* u32 */
	TONGBU_A_INFO_REFLEXES,		/* u32 */
	TONGBU_A_INFO_END,		/* u64, seq of END, absent until it is sealed */
	TONGBU_A_INFO_LIMITED,		/* binary, struct tongbu_limited, whoever is */

	TONGBU_A_SERIAL_SKIPPED,	/* u64, bytes left out before answers */
	TONGBU_A_SERIAL_ECHOES,		/* u64, requests heard back */

	__TONGBU_A_MAX,
	TONGBU_A_MAX = __TONGBU_A_MAX - 1
};

#endif /* _UAPI_LINUX_TONGBU_H */
