/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Tongbu: what the station does by itself: clocks that come due, outputs that are
 * set, reflexes that set them. Part of the contract that linux/tongbu.h begins;
 * include that one.
 *
 *
 * CLOCKS
 *
 * A clock is a number of the owner's choosing and a time in CLOCK_REALTIME. When
 * that time has come it makes one DUE record, and is gone. Stepping the clock
 * past it makes it due, with the step on record before it; stepping back
 * afterwards does not make it due again. Of several that are due, the earlier
 * come first; of those due at the same time, the lower number.
 *
 * Clocks are no records, only what comes of them is: the owner arms what follows
 * from the records it read. A new owner arms again what is open by its ledger.
 * Arming a clock as it stands changes nothing; with another time it is moved; a
 * time that has passed is due at once. A clock that came due stays listed, with
 * the number of its record, until that is acknowledged; arming it again for the
 * same time is refused with EALREADY until then, since the owner has yet to read
 * that it was due.
 *
 * When the ring is full, clocks wait: their records come when there is room.
 *
 *
 * OUTPUTS
 *
 * An output is a line of a GPIO chip that the station sets: a beacon, a sampler.
 * Taking it, setting it and letting it go are records. It is taken with its safe
 * value, which it is given again when it is let go, when the module is unloaded,
 * when its chip is about to go, and, where OUTPUT_AWAY says so, when the chain
 * had no owner for that long. When the owner is back it keeps that value until
 * it is set. Setting it says by OUTPUT_CAUSE which record asked for it.
 *
 * OUTPUT_SET answers when the line was set. It is set, too, if the ring has no
 * room for the record: that is then counted as lost, as an event of hardware is.
 * While its chip is gone, setting an output is refused with ENODEV, and is on
 * record with that error; when the chip is back, it is taken again with its safe
 * value. What it was set to before does not come back by itself.
 *
 * While reflexes have an output on, OUTPUT_AWAY does not take it from them: when
 * they are through, it gets its safe value.
 *
 *
 * REFLEXES
 *
 * A reflex joins a source to an output in the kernel, so that it works whatever
 * becomes of the owner. Its condition is looked at with each event of its source,
 * those that find no room in the ring among them; those a storm only counts are
 * none. Pulses of a counter or PPS line are events too, without a record. When it
 * holds, the output is set, in the same interrupt where the output's chip does not
 * sleep and the kernel is not PREEMPT_RT, else by a thread, and the firing is a
 * record with both times. Then it rests
 * for the cool-down, in which its condition is counted and nothing else. A source
 * or output that a reflex uses cannot go before it.
 *
 * One record for one thing: that a reflex set its output is told by its REFLEX
 * record, with the value, and by no OUTPUT record. Its later change back is an
 * OUTPUT record: by TONGBU_CAUSE_END, of which the record is that of the firing,
 * or by TONGBU_CAUSE_REFLEX, of which the record is that of the event. Of blinking
 * its beginning and its end are told, not each blink.
 *
 * An output several reflexes have on stays on until the last of them is through;
 * the others end without a record. It blinks if none of them has it steadily on.
 * OUTPUT_SET ends what all of them do to it. They fire again by new events.
 *
 * A level that is there already when a reflex is armed: it begins to hold then,
 * for TONGBU_WHEN_HELD, whose record is then TONGBU_SEQ_NONE. Other conditions
 * wait for an event. A source that goes while a level is held breaks it.
 */
#ifndef _UAPI_LINUX_TONGBU_CONTROL_H
#define _UAPI_LINUX_TONGBU_CONTROL_H

#include <linux/types.h>
#include <linux/tongbu_record.h>

/**
 * struct tongbu_due - a clock came due
 * @id: its number
 * @due: the time it was armed for, CLOCK_REALTIME, ns
 * @lateness: from @due to header.realtime, ns
 */
struct tongbu_due {
	__le64	id;
	__le64	due;
	__le64	lateness;
};

/**
 * enum tongbu_output_flag - bits of an output's flags
 * @TONGBU_OUTPUT_ACTIVE_LOW: value 1 is a low line
 * @TONGBU_OUTPUT_CONFIGURED: from the station's configuration, not by hand
 */
enum tongbu_output_flag {
	TONGBU_OUTPUT_ACTIVE_LOW	= 1 << 0,
	TONGBU_OUTPUT_CONFIGURED	= 1 << 1,
};

/**
 * enum tongbu_output_cause - why an output was set
 * @TONGBU_CAUSE_SET: by OUTPUT_SET
 * @TONGBU_CAUSE_REFLEX: the condition of a reflex that set it no longer holds
 * @TONGBU_CAUSE_END: the pulse or blinking of a reflex is over, or it was disarmed
 * @TONGBU_CAUSE_AWAY: nobody owned the chain for as long as OUTPUT_AWAY
 * @TONGBU_CAUSE_RELEASE: the output was let go, or the module unloaded
 * @TONGBU_CAUSE_GONE: its chip was about to go
 * @TONGBU_CAUSE_BACK: it was taken again, its chip being back
 */
enum tongbu_output_cause {
	TONGBU_CAUSE_SET	= 1,
	TONGBU_CAUSE_REFLEX	= 2,
	TONGBU_CAUSE_END	= 3,
	TONGBU_CAUSE_AWAY	= 4,
	TONGBU_CAUSE_RELEASE	= 5,
	TONGBU_CAUSE_GONE	= 6,
	TONGBU_CAUSE_BACK	= 7,
};

/**
 * struct tongbu_output - an output as it was taken
 * @name: its name, NUL-padded
 * @chip: label of the GPIO chip, NUL-padded
 * @line: offset of the line in the chip
 * @flags: enum tongbu_output_flag
 * @away: longest time without an owner of the chain, ms; 0 for any
 * @output: its number, from 1
 * @safe: its safe value, 0 or 1
 * @reserved: zero
 */
struct tongbu_output {
	__u8	name[TONGBU_NAME_LEN];
	__u8	chip[TONGBU_NAME_LEN];
	__le32	line;
	__le32	flags;
	__le32	away;
	__le32	output;
	__u8	safe;
	__u8	reserved[7];
};

/**
 * struct tongbu_output_end - what an output came to
 * @output: its number
 * @reserved: zero
 * @changes: times it was set
 */
struct tongbu_output_end {
	__le32	output;
	__le32	reserved;
	__le64	changes;
};

/**
 * struct tongbu_output_change - an output was set; the header says when
 * @record: number of the record that is the cause, or %TONGBU_SEQ_NONE
 * @asked: CLOCK_BOOTTIME at which that was asked for, ns; of
 *	%TONGBU_CAUSE_AWAY since when nobody owned the chain
 * @output: its number
 * @value: 0 or 1
 * @cause: enum tongbu_output_cause
 * @error: errno the chip's driver gave, positive, %ENODEV without a chip, or 0; a
 *	chip that does not sleep reports none
 */
struct tongbu_output_change {
	__le64	record;
	__le64	asked;
	__le32	output;
	__u8	value;
	__u8	cause;
	__le16	error;
};

/* Instead of a level: any, and also of events that have none */
#define TONGBU_LEVEL_ANY	2

/**
 * enum tongbu_condition - when a reflex fires
 * @TONGBU_WHEN_EDGE: its source comes to a level
 * @TONGBU_WHEN_HELD: it has held that level for a time
 * @TONGBU_WHEN_COUNT: so many events within a time
 * @TONGBU_WHEN_BOTH: its source and a second one are at that level
 */
enum tongbu_condition {
	TONGBU_WHEN_EDGE	= 1,
	TONGBU_WHEN_HELD	= 2,
	TONGBU_WHEN_COUNT	= 3,
	TONGBU_WHEN_BOTH	= 4,
};

/**
 * enum tongbu_action - what a reflex does to its output
 * @TONGBU_DO_SET: 1 when the condition begins to hold, 0 when it no longer does
 * @TONGBU_DO_PULSE: 1 for a time, then 0
 * @TONGBU_DO_LATCH: 1 until OUTPUT_SET
 * @TONGBU_DO_BLINK: 1 and 0 in turns for a time, then 0
 */
enum tongbu_action {
	TONGBU_DO_SET	= 1,
	TONGBU_DO_PULSE	= 2,
	TONGBU_DO_LATCH	= 3,
	TONGBU_DO_BLINK	= 4,
};

/**
 * enum tongbu_reflex_flag - bits of a reflex's flags
 * @TONGBU_REFLEX_CONFIGURED: from the station's configuration, not by hand
 */
enum tongbu_reflex_flag {
	TONGBU_REFLEX_CONFIGURED	= 1 << 0,
};

/**
 * struct tongbu_reflex - a reflex as it was armed
 * @name: its name, NUL-padded
 * @reflex: its number, from 1
 * @source: number of its source
 * @second: number of its second source, %TONGBU_WHEN_BOTH, or 0
 * @output: number of its output
 * @hold: time the level must hold, ms
 * @count: events
 * @within: time they must fall into, ms
 * @length: how long it pulses or blinks, counted from its firing, ms; 0 for
 *	blinking until OUTPUT_SET
 * @period: time from one blink to the next, ms
 * @cooldown: time it rests after firing, ms
 * @flags: enum tongbu_reflex_flag
 * @condition: enum tongbu_condition
 * @level: the level, 0 or 1, or %TONGBU_LEVEL_ANY
 * @action: enum tongbu_action
 * @reserved: zero
 */
struct tongbu_reflex {
	__u8	name[TONGBU_NAME_LEN];
	__le32	reflex;
	__le32	source;
	__le32	second;
	__le32	output;
	__le32	hold;
	__le32	count;
	__le32	within;
	__le32	length;
	__le32	period;
	__le32	cooldown;
	__le32	flags;
	__u8	condition;
	__u8	level;
	__u8	action;
	__u8	reserved;
};

/**
 * struct tongbu_reflex_end - what a reflex came to
 * @reflex: its number
 * @reserved: zero
 * @fired: times it fired
 * @rested: times its condition came to hold while it rested
 */
struct tongbu_reflex_end {
	__le32	reflex;
	__le32	reserved;
	__le64	fired;
	__le64	rested;
};

/**
 * struct tongbu_firing - a reflex fired
 * @record: number of the record of the event that made it fire, or
 *	%TONGBU_SEQ_NONE if that found no room or there was none
 * @cause: CLOCK_BOOTTIME of that event, ns; the header has it too
 * @effect: CLOCK_BOOTTIME at which the output was set, ns
 * @reflex: its number
 * @output: number of the output
 * @value: what the output was set to
 * @deferred: 1 if a thread set it, because the chip sleeps or the kernel is
 *	PREEMPT_RT, 0 if that was done in the interrupt
 * @error: errno the chip's driver gave, positive, %ENODEV without a chip, or 0; a
 *	chip that does not sleep reports none
 * @reserved2: zero
 */
struct tongbu_firing {
	__le64	record;
	__le64	cause;
	__le64	effect;
	__le32	reflex;
	__le32	output;
	__u8	value;
	__u8	deferred;
	__le16	error;
	__le32	reserved2;
};

#endif /* _UAPI_LINUX_TONGBU_CONTROL_H */
