/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the raw bytes of a serial line, or the pulses of a counter, to values that
 * mean something. What is sealed is raw; how it is to be read is a description,
 * JSON, which is on record itself: so a value follows from the ledger alone.
 *
 *	[{"name": "level", "unit": "m", "poll": 0, "index": 0, "type": "u16",
 *	  "order": "big", "factor": 0.001, "offset": 0}]
 *
 * Of Modbus answers a value has "poll", "index" (which register or bit of the
 * answer), "type" and "order"; of NMEA sentences "sentence" and "field"; of lines
 * either these or "column", "separator", "decimal", "prefix" and "suffix"; of counters
 * none of these. A value is what is read, times "factor", plus "offset", rounded to nine
 * decimals; it is none outside "min" to "max". "silent_ms" is the longest time there
 * may be none, see the referee's measures.
 */
#ifndef TONGBU_MEASURE_H
#define TONGBU_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "record.h"

/* Instead of enum tongbu_framing, of a counter */
#define TB_MEASURE_COUNT 0

bool tb_measure_check(unsigned int framing, const json_t *values, char *why, size_t size);
json_t *tb_measure_read(const json_t *values, const struct tb_record *rec, json_t **unread);
json_t *tb_measure_units(const json_t *values);

#endif /* TONGBU_MEASURE_H */
