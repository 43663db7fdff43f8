// SPDX-License-Identifier: GPL-2.0-only
#include "heartbeat.h"

#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include "chain.h"
#include "compat.h"
#include "reader.h"
#include "source.h"
#include "submit.h"

/* Between two handfuls of refusals, if there are so many */
#define REFUSED_MS	1

static struct hrtimer timer;
static u32 interval;

/* In the timer's hard interrupt, so that no load on the machine delays it. */
static enum hrtimer_restart heartbeat(struct hrtimer *t)
{
	struct tongbu_heartbeat body = { };
	struct tb_chain_state state;

	tb_chain_state(&state);
	if (state.begun && !state.ended) {
		if (tb_submit_report_refused()) {
			hrtimer_forward_now(t, ms_to_ktime(REFUSED_MS));
			return HRTIMER_RESTART;
		}
		body.lost = cpu_to_le64(state.lost);
		body.refused = cpu_to_le64(state.refused);
		body.waits = cpu_to_le64(state.waits);
		body.acked = cpu_to_le64(state.acked);
		body.used = cpu_to_le32(state.used);
		body.high_water = cpu_to_le32(state.high_water);
		body.sources = cpu_to_le32(tb_source_count());
		body.attached = cpu_to_le32(tb_reader_attached());
		tb_chain_note(TONGBU_KIND_HEARTBEAT, &body, sizeof(body),
			      TONGBU_UID_NONE, 0);
	}
	hrtimer_forward_now(t, ms_to_ktime(interval));
	return HRTIMER_RESTART;
}

/**
 * tb_heartbeat_init() - begin to beat; records are made once a chain runs
 * @interval_ms: time between two, ms
 *
 * Counted in CLOCK_BOOTTIME: after a suspend the next one comes at once.
 *
 * Context: process. tb_chain_init() came before.
 */
void tb_heartbeat_init(u32 interval_ms)
{
	interval = interval_ms;
	hrtimer_setup(&timer, heartbeat, CLOCK_BOOTTIME, HRTIMER_MODE_REL_HARD);
	hrtimer_start(&timer, ms_to_ktime(interval), HRTIMER_MODE_REL_HARD);
}

/**
 * tb_heartbeat_exit() - stop beating
 *
 * Context: process, sleeps.
 */
void tb_heartbeat_exit(void)
{
	hrtimer_cancel(&timer);
}

/**
 * tb_heartbeat_interval() - time between two heartbeats
 *
 * Context: any.
 * Return: the interval, ms.
 */
u32 tb_heartbeat_interval(void)
{
	return interval;
}
