/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Tongbu: what bytes a sealed record is made of. Part of the contract that
 * linux/tongbu.h begins; include that one. Payloads of devices stand in
 * linux/tongbu_source.h, those of clocks, outputs and reflexes in
 * linux/tongbu_control.h.
 *
 *
 * THE RECORD
 *
 *	+----------------------+---------------------+------------------+
 *	| struct tongbu_header | payload             | tag              |
 *	| 48 bytes             | header.length bytes | 32 bytes         |
 *	+----------------------+---------------------+------------------+
 *
 * Little-endian, unpadded, the same bytes on the wire, in the ledger and in a
 * bundle. All hashing is plain BLAKE2s-256, without its keyed mode. With K_n the
 * key of record n:
 *
 *	tag_n   = BLAKE2s(K_n || tag_{n-1} || header_n || body_n)
 *	K_{n+1} = BLAKE2s(TONGBU_RATCHET_LABEL || K_n)
 *
 * body_n is the payload, or BLAKE2s(payload) if that is longer than
 * TONGBU_BODY_MAX; tag_{-1} is 32 zero bytes. So a tag binds its record and all
 * before it, and takes the chain's lock for three compressions at most.
 *
 * K_n is wiped from the kernel as soon as K_{n+1} stands. K_0 is drawn in the
 * kernel and leaves it only inside record 0 (struct tongbu_genesis), wrapped to
 * the supervisor's X25519 public key. Record 0 also names the chain; no other
 * record does, since the key is that chain's alone.
 *
 * Records stand in the order they were sealed. header.boottime and
 * header.realtime are when the thing happened (the hard interrupt, the system
 * call), so they need not rise from one record to the next across sources.
 */
#ifndef _UAPI_LINUX_TONGBU_RECORD_H
#define _UAPI_LINUX_TONGBU_RECORD_H

#include <linux/types.h>

#define TONGBU_RECORD_VERSION	2
#define TONGBU_PRECISION_MAX	33
#define TONGBU_CHAIN_LEN	16	/* bytes of a chain id, random */
#define TONGBU_TAG_LEN		32
#define TONGBU_KEY_LEN		32
#define TONGBU_HEADER_LEN	48
#define TONGBU_PAYLOAD_MAX	8112
#define TONGBU_BODY_MAX		80	/* a longer payload is sealed by its hash */
#define TONGBU_RECORD_MIN	(TONGBU_HEADER_LEN + TONGBU_TAG_LEN)
#define TONGBU_RECORD_MAX	(TONGBU_RECORD_MIN + TONGBU_PAYLOAD_MAX)
#define TONGBU_ACT_MAX		8000	/* bytes of what a person submits */
#define TONGBU_NAME_LEN		32	/* with the closing NUL */
#define TONGBU_DEVICE_LEN	64	/* of the kernel's name of a device, likewise */
#define TONGBU_SALT_LEN		32	/* bytes of the salt that codes are hashed with */

/* Where the number of a record stands and there is none */
#define TONGBU_SEQ_NONE		0xffffffffffffffffULL

/* 32 bytes, the string followed by NULs; see docs/record-format.md */
#define TONGBU_RATCHET_LABEL	"tongbu ratchet v2"
#define TONGBU_ENVELOPE_LABEL	"tongbu envelope v2"
#define TONGBU_LABEL_LEN	32

/* header.uid where no person caused the record */
#define TONGBU_UID_NONE		0xffffffffU

/* header.source below TONGBU_SOURCE_FIRST is not a device */
#define TONGBU_SOURCE_RECORDER	0	/* the recorder itself */
#define TONGBU_SOURCE_PEOPLE	1	/* SUBMIT */
#define TONGBU_SOURCE_CLOCKS	2	/* clocks that come due */
#define TONGBU_SOURCE_OUTPUTS	3	/* outputs, all of them */
#define TONGBU_SOURCE_REFLEXES	4	/* reflexes, all of them */
#define TONGBU_SOURCE_FIRST	16

/**
 * enum tongbu_kind - what a record tells
 * @TONGBU_KIND_GENESIS: record 0 of a chain, struct tongbu_genesis
 * @TONGBU_KIND_HEARTBEAT: sealed at a steady interval, struct tongbu_heartbeat
 * @TONGBU_KIND_LOST: events there was no room for, struct tongbu_lost
 * @TONGBU_KIND_CLOCK: the realtime clock was stepped, or its synchronisation
 *	changed, struct tongbu_clock
 * @TONGBU_KIND_ATTACH: a reader took the chain, struct tongbu_reader
 * @TONGBU_KIND_DETACH: that reader is gone, struct tongbu_reader
 * @TONGBU_KIND_SOURCE_ADD: a source was armed, struct tongbu_source
 * @TONGBU_KIND_SOURCE_DEL: a source was disarmed, struct tongbu_source_end
 * @TONGBU_KIND_REFUSED: somebody was turned away, struct tongbu_refused
 * @TONGBU_KIND_OUTPUT_ADD: an output was taken, struct tongbu_output
 * @TONGBU_KIND_OUTPUT_DEL: an output was let go, struct tongbu_output_end
 * @TONGBU_KIND_REFLEX_ADD: a reflex was armed, struct tongbu_reflex
 * @TONGBU_KIND_REFLEX_DEL: a reflex was disarmed, struct tongbu_reflex_end
 * @TONGBU_KIND_END: the last record of a chain, struct tongbu_end; a chain without
 *	it was broken off, by a loss of power, say
 * @TONGBU_KIND_EDGE: a line changed, struct tongbu_edge
 * @TONGBU_KIND_KEY: a key went down or up, struct tongbu_key
 * @TONGBU_KIND_CODE: a code was typed, struct tongbu_code and the code
 * @TONGBU_KIND_FRAME: a frame came over a serial line, or failed to, struct
 *	tongbu_frame and its bytes
 * @TONGBU_KIND_COUNT: pulses of an interval, struct tongbu_count
 * @TONGBU_KIND_STORM: a source is over its rate, or no longer, struct
 *	tongbu_storm
 * @TONGBU_KIND_SILENT: a source that must speak does not, struct tongbu_silence
 * @TONGBU_KIND_RESTORED: it speaks again, struct tongbu_silence
 * @TONGBU_KIND_GONE: the device of a source is gone, struct tongbu_presence
 * @TONGBU_KIND_BACK: it is there again, struct tongbu_presence
 * @TONGBU_KIND_PPS: the clock against pulses of a second, struct tongbu_pps
 * @TONGBU_KIND_ACT: what a person submitted, struct tongbu_act and the data
 * @TONGBU_KIND_DUE: a clock came due, struct tongbu_due
 * @TONGBU_KIND_OUTPUT: an output was set, struct tongbu_output_change
 * @TONGBU_KIND_REFLEX: a reflex fired, struct tongbu_firing
 *
 * 1 to 15 are the recorder's own, 16 to 31 hardware, 32 to 47 people, 48 to 63
 * what the station does by itself.
 */
enum tongbu_kind {
	TONGBU_KIND_GENESIS	= 1,
	TONGBU_KIND_HEARTBEAT	= 2,
	TONGBU_KIND_LOST	= 3,
	TONGBU_KIND_CLOCK	= 4,
	TONGBU_KIND_ATTACH	= 5,
	TONGBU_KIND_DETACH	= 6,
	TONGBU_KIND_SOURCE_ADD	= 7,
	TONGBU_KIND_SOURCE_DEL	= 8,
	TONGBU_KIND_REFUSED	= 9,
	TONGBU_KIND_OUTPUT_ADD	= 10,
	TONGBU_KIND_OUTPUT_DEL	= 11,
	TONGBU_KIND_REFLEX_ADD	= 12,
	TONGBU_KIND_REFLEX_DEL	= 13,
	TONGBU_KIND_END		= 14,
	TONGBU_KIND_EDGE	= 16,
	TONGBU_KIND_KEY		= 17,
	TONGBU_KIND_CODE	= 18,
	TONGBU_KIND_FRAME	= 19,
	TONGBU_KIND_COUNT	= 20,
	TONGBU_KIND_STORM	= 21,
	TONGBU_KIND_SILENT	= 22,
	TONGBU_KIND_RESTORED	= 23,
	TONGBU_KIND_GONE	= 24,
	TONGBU_KIND_BACK	= 25,
	TONGBU_KIND_PPS		= 26,
	TONGBU_KIND_ACT		= 32,
	TONGBU_KIND_DUE		= 48,
	TONGBU_KIND_OUTPUT	= 49,
	TONGBU_KIND_REFLEX	= 50,
};

/**
 * enum tongbu_record_flag - bits of header.flags
 * @TONGBU_RECORD_SYNCED: the realtime clock was synchronised, as the reader
 *	last reported by CLOCK_STATE and no longer ago than 1,024 s
 * @TONGBU_RECORD_EDGE_MISSED: two equal levels in a row, or a line that was read
 *	after a storm or on arming it: at least one edge between this record and the
 *	source's last, or this one itself, was never seen
 * @TONGBU_RECORD_INFERRED: the level was worked out from the edges that
 *	followed, not read from the line
 * @TONGBU_RECORD_THREAD_STAMP: stamped in the interrupt's thread, or in another
 *	that the kernel runs: the device has no hard interrupt of its own, or its
 *	driver hands events on later
 * @TONGBU_RECORD_LEVEL_UNKNOWN: the line could not be read: its level is
 *	%TONGBU_LEVEL_UNKNOWN
 */
enum tongbu_record_flag {
	TONGBU_RECORD_SYNCED		= 1 << 0,
	TONGBU_RECORD_EDGE_MISSED	= 1 << 1,
	TONGBU_RECORD_INFERRED		= 1 << 2,
	TONGBU_RECORD_THREAD_STAMP	= 1 << 3,
	TONGBU_RECORD_LEVEL_UNKNOWN	= 1 << 4,
};

/**
 * struct tongbu_header - what every record begins with
 * @seq: number in the chain, from 0, without gaps
 * @boottime: CLOCK_BOOTTIME of the event, ns
 * @realtime: CLOCK_REALTIME of the same instant, ns since 1970
 * @kind: enum tongbu_kind
 * @flags: enum tongbu_record_flag
 * @source: what made the record
 * @source_seq: number within the source: 0 for its SOURCE_ADD, then rising by
 *	one for each event, sealed or lost; a LOST record takes the number of
 *	the last event it counts. Wraps at 2^32.
 * @uid: real user id of who caused it, in the initial user namespace, or
 *	%TONGBU_UID_NONE
 * @pid: process id (thread group), in the initial pid namespace, or 0
 * @length: bytes of payload, at most %TONGBU_PAYLOAD_MAX
 * @version: %TONGBU_RECORD_VERSION
 * @precision: how good @realtime is: estimated error, as last reported with
 *	%TONGBU_RECORD_SYNCED, of at most 2^(precision - 1) us; 0 if not known; at
 *	most %TONGBU_PRECISION_MAX
 */
struct tongbu_header {
	__le64	seq;
	__le64	boottime;
	__le64	realtime;
	__le16	kind;
	__le16	flags;
	__le32	source;
	__le32	source_seq;
	__le32	uid;
	__le32	pid;
	__le16	length;
	__u8	version;
	__u8	precision;
};

/*
 * Payloads. A reader takes a longer payload than it knows for a newer one that
 * begins the same way.
 */

/**
 * struct tongbu_genesis - record 0: whose chain this is, and its first key
 * @supervisor: X25519 public key that @wrapped is for
 * @ephemeral: X25519 public key drawn for this envelope
 * @chain: id of this chain, random
 * @boot_id: the kernel's own name for this boot, as
 *	/proc/sys/kernel/random/boot_id has it, without its dashes
 * @prev_chain: the chain before this one on the station, zero if none is known
 * @prev_tag: tag of the last record of @prev_chain that was durable
 * @prev_seq: its number
 * @loaded: CLOCK_BOOTTIME at which the module was loaded, ns
 * @ring: capacity of the kernel's ring, records
 * @heartbeat: interval of heartbeats, ms
 * @submit_gid: group whose members may submit, or 0xffffffff for none
 * @submit_rate: submissions a second for one uid, 0 for no limit
 * @module_version: version of the module, NUL-padded
 * @kernel_release: as uname -r prints it, NUL-padded
 * @wrapped: K_0 under ChaCha20-Poly1305, 32 bytes and a 16-byte tag
 */
struct tongbu_genesis {
	__u8	supervisor[TONGBU_KEY_LEN];
	__u8	ephemeral[TONGBU_KEY_LEN];
	__u8	chain[TONGBU_CHAIN_LEN];
	__u8	boot_id[16];
	__u8	prev_chain[TONGBU_CHAIN_LEN];
	__u8	prev_tag[TONGBU_TAG_LEN];
	__le64	prev_seq;
	__le64	loaded;
	__le32	ring;
	__le32	heartbeat;
	__le32	submit_gid;
	__le32	submit_rate;
	__u8	module_version[16];
	__u8	kernel_release[64];
	__u8	wrapped[TONGBU_KEY_LEN + 16];
};

/**
 * struct tongbu_heartbeat - the recorder lives, and how it fares
 * @lost: events lost since the chain began
 * @refused: submissions turned away since the chain began
 * @waits: times a record had to wait for another to be sealed
 * @acked: records handed over and acknowledged: all with seq below this
 * @used: records in the ring, not acknowledged
 * @high_water: most records ever in the ring
 * @sources: armed sources
 * @attached: 1 while a reader is attached, else 0
 */
struct tongbu_heartbeat {
	__le64	lost;
	__le64	refused;
	__le64	waits;
	__le64	acked;
	__le32	used;
	__le32	high_water;
	__le32	sources;
	__le32	attached;
};

/**
 * enum tongbu_lost_cause - why events were lost
 * @TONGBU_LOST_RING: the ring was full
 * @TONGBU_LOST_OVERRUN: interrupts came faster than their thread could run
 * @TONGBU_LOST_UNSETTLED: a change had not settled when its line was given up
 */
enum tongbu_lost_cause {
	TONGBU_LOST_RING	= 1,
	TONGBU_LOST_OVERRUN	= 2,
	TONGBU_LOST_UNSETTLED	= 3,
};

/**
 * struct tongbu_lost - events of one source that are not in the chain
 * @count: how many
 * @first: CLOCK_BOOTTIME of the first of them, ns
 * @last: CLOCK_BOOTTIME of the last of them, ns
 * @cause: enum tongbu_lost_cause of the first of them
 * @reserved: zero
 *
 * Their numbers within the source are header.source_seq - @count + 1 to
 * header.source_seq.
 */
struct tongbu_lost {
	__le64	count;
	__le64	first;
	__le64	last;
	__le32	cause;
	__le32	reserved;
};

/**
 * enum tongbu_clock_cause - what happened to the realtime clock
 * @TONGBU_CLOCK_STEPPED: it was set, or stepped by a time daemon or leap second
 * @TONGBU_CLOCK_SYNC: its synchronisation changed, as the reader reports
 */
enum tongbu_clock_cause {
	TONGBU_CLOCK_STEPPED	= 1,
	TONGBU_CLOCK_SYNC	= 2,
};

/**
 * struct tongbu_clock - the realtime clock changed
 * @before: CLOCK_REALTIME - CLOCK_BOOTTIME before, ns, signed
 * @after: the same after; equal to @before for %TONGBU_CLOCK_SYNC
 * @esterror: estimated error as adjtimex(2) gives it, us
 * @maxerror: maximum error as adjtimex(2) gives it, us
 * @cause: enum tongbu_clock_cause
 * @synced: 1 if synchronised from now on, else 0
 */
struct tongbu_clock {
	__le64	before;
	__le64	after;
	__le32	esterror;
	__le32	maxerror;
	__le32	cause;
	__le32	synced;
};

/**
 * struct tongbu_reader - who attached or is gone; uid and pid are in the header
 * @acked: as in struct tongbu_heartbeat
 * @portid: zero
 * @reserved: zero
 * @comm: name of the process, NUL-padded
 */
struct tongbu_reader {
	__le64	acked;
	__le32	portid;
	__le32	reserved;
	__u8	comm[16];
};

/**
 * struct tongbu_refused - an attempt that was turned away
 * @error: the errno it was given, positive; of several attempts, the last one's
 * @command: enum tongbu_cmd
 * @count: attempts of this uid turned away since the last such record; these
 *	records are rationed, the count is not
 * @reserved: zero
 */
struct tongbu_refused {
	__le32	error;
	__le32	command;
	__le32	count;
	__le32	reserved;
};

/**
 * struct tongbu_end - the chain has ended; who ended it is in the header
 * @lost: events lost since the chain began
 * @refused: submissions turned away since the chain began
 *
 * What was armed was disarmed before, outputs have their safe values.
 */
struct tongbu_end {
	__le64	lost;
	__le64	refused;
};

/**
 * enum tongbu_act_format - how to read what a person submitted
 * @TONGBU_ACT_TEXT: UTF-8 text
 * @TONGBU_ACT_JSON: one JSON object
 * @TONGBU_ACT_MARK: opaque bytes, such as a supervisor's challenge: proof that
 *	the chain was at least this long when they were known
 */
enum tongbu_act_format {
	TONGBU_ACT_TEXT	= 0,
	TONGBU_ACT_JSON	= 1,
	TONGBU_ACT_MARK	= 2,
};

/**
 * struct tongbu_act - begins the payload of an act; the data follow
 * @login_uid: audit login uid: who logged in before any su or sudo; or
 *	0xffffffff if unset
 * @euid: effective user id
 * @format: enum tongbu_act_format
 * @reserved: zero
 */
struct tongbu_act {
	__le32	login_uid;
	__le32	euid;
	__u8	format;
	__u8	reserved[7];
};

#endif /* _UAPI_LINUX_TONGBU_RECORD_H */
