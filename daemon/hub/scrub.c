// SPDX-License-Identifier: GPL-2.0-only
/* Rereading what is held, and comparing it to the tree */
#include <inttypes.h>

#include "take.h"

/**
 * hub_scrub() - reread what is held of a station, and compare it to the tree
 * @db: the connection
 * @origin: the station's log
 * @blocks: set to how many times 256 entries were read
 * @bad: set to how many of those are not as they were; they are noted in tongbu.damaged
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int hub_scrub(PGconn *db, const char *origin, uint64_t *blocks, uint64_t *bad, struct tb_error *err)
{
	struct hub_station station;
	int ret = hub_station_load(db, origin, &station, err);
	bool good;

	*bad = 0;
	for (*blocks = 0; !ret && *blocks << TB_TILE_BITS < station.tree.size; ++*blocks) {
		ret = hub_block_good(db, &station, *blocks, &good, err);
		if (ret || good)
			continue;
		++*bad;
		ret = hub_exec_row(db,
				   "INSERT INTO tongbu.damaged (station, block) VALUES ($1, $2)"
				   " ON CONFLICT DO NOTHING",
				   &station, *blocks, err);
	}
	hub_station_clear(&station);
	return ret;
}
