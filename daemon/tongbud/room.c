// SPDX-License-Identifier: GPL-2.0-only
#include "room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "json.h"
#include "log.h"

#define MIB	  (1024ULL * 1024)
#define LOOK_USEC 60000000ULL
/* Said again after so many looks, as long as it is so */
#define AGAIN_LOOKS 60
/* Of a budget, in hundredths; and free on the disk, of its size and in bytes */
#define BUDGET_FULL 80
#define FREE_LEAST  10
#define FREE_ENOUGH (1024 * MIB)

/**
 * struct tb_room - the ledger's room
 * @config: path and budget; the caller's
 * @timer: looks now and then
 * @used: bytes of the ledger, and of what SQLite keeps beside it
 * @free: bytes that are free where it is
 * @warning: what is short, or empty
 * @looks: since it was said
 */
struct tb_room {
	const struct tb_config *config;
	sd_event_source *timer;
	uint64_t used;
	uint64_t free;
	char warning[256];
	unsigned int looks;
};

static uint64_t size_of(const char *path, const char *end)
{
	struct stat st;
	char name[4096];

	snprintf(name, sizeof(name), "%s%s", path, end);
	return stat(name, &st) ? 0 : (uint64_t)st.st_size;
}

static void look(struct tb_room *room)
{
	const char *path = room->config->ledger;
	uint64_t size = 0, budget = room->config->ledger_budget * MIB;
	struct statvfs fs;

	room->used = size_of(path, "") + size_of(path, "-wal");
	room->free = 0;
	room->warning[0] = '\0';
	if (!statvfs(path, &fs)) {
		room->free = (uint64_t)fs.f_bavail * fs.f_frsize;
		size = (uint64_t)fs.f_blocks * fs.f_frsize;
	}
	if (budget && room->used >= budget / 100 * BUDGET_FULL)
		snprintf(room->warning, sizeof(room->warning),
			 "%llu of the %llu MiB it is meant to have are taken: tongbuctl archive moves old chains out, ledger_budget gives it more",
			 (unsigned long long)(room->used / MIB),
			 (unsigned long long)(budget / MIB));
	else if (size && room->free < FREE_ENOUGH && room->free < size / 100 * FREE_LEAST)
		snprintf(room->warning, sizeof(room->warning),
			 "%llu MiB are free where it is: make room, or give it a larger disk; when it is full, records wait in the kernel, and then are lost",
			 (unsigned long long)(room->free / MIB));
}

static int on_look(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct tb_room *room = userdata;
	bool was = room->warning[0];

	(void)usec;
	look(room);
	if (room->warning[0] && (!was || ++room->looks >= AGAIN_LOOKS)) {
		tb_log_warning("ledger %s: %s", room->config->ledger, room->warning);
		room->looks = 0;
	}
	sd_event_source_set_time_relative(source, LOOK_USEC);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

/**
 * tb_room_new() - begin to look
 * @event: the event loop
 * @config: path and budget of the ledger; kept
 * @room: set to it; tb_room_free() ends it
 *
 * Return: 0 or a negative errno.
 */
int tb_room_new(sd_event *event, const struct tb_config *config, struct tb_room **room)
{
	struct tb_room *r = calloc(1, sizeof(*r));
	int ret = -ENOMEM;

	if (!r)
		return ret;
	r->config = config;
	ret = sd_event_add_time_relative(event, &r->timer, CLOCK_BOOTTIME, 0, 0, on_look, r);
	if (ret < 0) {
		free(r);
		return ret;
	}
	*room = r;
	return 0;
}

/**
 * tb_room_json() - how much there is, as of now
 * @room: the room
 *
 * Return: an object, the caller's: bytes, budget, free, warning.
 */
json_t *tb_room_json(struct tb_room *room)
{
	look(room);
	return json_pack("{s:o, s:o, s:o, s:s?}", "bytes", tb_json_u64(room->used), "budget",
			 tb_json_u64(room->config->ledger_budget * MIB), "free",
			 tb_json_u64(room->free), "warning",
			 room->warning[0] ? room->warning : NULL);
}

/**
 * tb_room_free() - look no more
 * @room: the room, or NULL
 */
void tb_room_free(struct tb_room *room)
{
	if (!room)
		return;
	sd_event_source_disable_unref(room->timer);
	free(room);
}
