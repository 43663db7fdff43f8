// SPDX-License-Identifier: GPL-2.0-only
/* Sources of type GPIO: each edge of a line is a record. */
#include <linux/minmax.h>

#include "gpio_source.h"

static void seal_edge(struct tb_gpio *gpio, const struct tb_stamp *stamp, u8 level,
		      u16 flags, u32 bounces)
{
	struct tongbu_edge edge = {
		.level = level,
		.line = TONGBU_LINE_GPIO,
		.bounces = cpu_to_le16(min_t(u32, bounces, U16_MAX)),
	};
	struct tb_event event = {
		.stamp = *stamp,
		.kind = TONGBU_KIND_EDGE,
		.flags = flags,
		.payload = &edge,
		.payload_len = sizeof(edge),
	};

	edge.delay = tb_event_delay(&event, gpio->settle_time);
	tb_source_seal(&gpio->source, &event, level);
}

static const struct tb_gpio_ops line_ops = {
	.edge = seal_edge,
	.edges = TONGBU_EDGE_BOTH,
};

static struct tb_source *edge_create(struct nlattr **attrs, const struct tongbu_source *def,
				     struct netlink_ext_ack *extack)
{
	return tb_gpio_create(sizeof(struct tb_gpio), &tb_edge_ops, &line_ops, attrs, def,
			      extack);
}

const struct tb_source_ops tb_edge_ops = {
	.type = TONGBU_SOURCE_GPIO,
	.admits = true,
	.create = edge_create,
	.start = tb_gpio_start,
	.stop = tb_gpio_stop,
	.destroy = tb_gpio_destroy,
	.level = tb_gpio_level,
	.put = tb_gpio_put,
	.mask = tb_gpio_mask,
	.resync = tb_gpio_resync_soon,
};
