/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: an event's way through the recorder, under events/tongbu in
 * tracefs. All times are CLOCK_BOOTTIME, as in the records.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tongbu

#if !defined(TONGBU_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TONGBU_TRACE_H

#include <linux/tracepoint.h>
#include <linux/types.h>

/* An interrupt, or what its device makes of one, took its stamp. */
TRACE_EVENT(tongbu_capture,
	TP_PROTO(u32 source, u64 stamp),
	TP_ARGS(source, stamp),
	TP_STRUCT__entry(
		__field(u64, stamp)
		__field(u32, source)
	),
	TP_fast_assign(
		__entry->stamp = stamp;
		__entry->source = source;
	),
	TP_printk("source=%u stamp=%llu", __entry->source, __entry->stamp)
);

/* A record took its place in the chain; @len is that of its payload. */
TRACE_EVENT(tongbu_seal,
	TP_PROTO(u64 seq, u16 kind, u32 source, u16 len),
	TP_ARGS(seq, kind, source, len),
	TP_STRUCT__entry(
		__field(u64, seq)
		__field(u32, source)
		__field(u16, kind)
		__field(u16, len)
	),
	TP_fast_assign(
		__entry->seq = seq;
		__entry->source = source;
		__entry->kind = kind;
		__entry->len = len;
	),
	TP_printk("seq=%llu kind=%u source=%u len=%u",
		  __entry->seq, __entry->kind, __entry->source, __entry->len)
);

/* The reader acknowledged all records up to @seq. */
TRACE_EVENT(tongbu_ack,
	TP_PROTO(u64 seq),
	TP_ARGS(seq),
	TP_STRUCT__entry(
		__field(u64, seq)
	),
	TP_fast_assign(
		__entry->seq = seq;
	),
	TP_printk("seq=%llu", __entry->seq)
);

/* A reflex fired: @cause is the stamp of the event, @effect that of the output. */
TRACE_EVENT(tongbu_reflex,
	TP_PROTO(u32 reflex, u32 source, u32 output, u64 cause, u64 effect),
	TP_ARGS(reflex, source, output, cause, effect),
	TP_STRUCT__entry(
		__field(u64, cause)
		__field(u64, effect)
		__field(u32, reflex)
		__field(u32, source)
		__field(u32, output)
	),
	TP_fast_assign(
		__entry->cause = cause;
		__entry->effect = effect;
		__entry->reflex = reflex;
		__entry->source = source;
		__entry->output = output;
	),
	TP_printk("reflex=%u source=%u output=%u cause=%llu effect=%llu",
		  __entry->reflex, __entry->source, __entry->output,
		  __entry->cause, __entry->effect)
);

#endif /* TONGBU_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
