/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Tongbu: what the station does by itself: clocks that come due. Part of the
 * contract that linux/tongbu.h begins; include that one.
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

#endif /* _UAPI_LINUX_TONGBU_CONTROL_H */
