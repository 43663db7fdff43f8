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
 * @TONGBU_SOURCE_GPIO: one line of a GPIO chip
 */
enum tongbu_source_type {
	TONGBU_SOURCE_GPIO	= 1,
};

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
 */
enum tongbu_source_flag {
	TONGBU_SOURCE_ACTIVE_LOW	= 1 << 0,
	TONGBU_SOURCE_CONFIGURED	= 1 << 1,
};

/**
 * struct tongbu_source - a source as it was armed
 * @name: its name, NUL-padded
 * @chip: label of the GPIO chip, NUL-padded
 * @line: offset of the line in the chip
 * @debounce: time a new level must hold, us; 0 for none
 * @flags: enum tongbu_source_flag
 * @type: enum tongbu_source_type
 * @edges: enum tongbu_edges
 * @bias: enum tongbu_bias
 * @level: level of the line when it was armed, 0 or 1
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
 * struct tongbu_source_end - what a source came to
 * @sealed: events sealed
 * @lost: events lost
 */
struct tongbu_source_end {
	__le64	sealed;
	__le64	lost;
};

/**
 * struct tongbu_edge - a line changed
 * @level: level after the edge, 1 active
 * @reserved: zero
 * @bounces: further edges folded into this one by debouncing, saturating
 * @delay: from the stamp to the sealing, ns, saturating
 */
struct tongbu_edge {
	__u8	level;
	__u8	reserved;
	__le16	bounces;
	__le32	delay;
};

#endif /* _UAPI_LINUX_TONGBU_SOURCE_H */
