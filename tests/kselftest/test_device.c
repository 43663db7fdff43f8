// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever is done to /dev/tongbu, in whatever order and by whom: open, mmap, poll,
 * acknowledge, close. FUZZ_SEQUENCES says how many sequences, FUZZ_SEED which.
 */
#include <kselftest_harness.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "messages.h"
#include "station.h"

#define DEVICE "/dev/tongbu"
#define ROUND  500
#define MAPS   4

/**
 * struct tinkerer - somebody with the device
 * @user: who, or NULL for root
 * @random: what he does
 * @left: sequences to be done
 * @opened: how often it was opened
 * @mapped: how often mapped
 * @acked: how often a number was taken
 * @wrong: what must not be: a writable mapping, say
 */
struct tinkerer {
	const char *user;
	struct messages random;
	uint32_t left;
	uint32_t opened;
	uint32_t mapped;
	uint32_t acked;
	uint32_t wrong;
};

FIXTURE(device)
{
	struct station station;
	struct tinkerer *tinkerers;
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

FIXTURE_SETUP(device)
{
	static const char *const users[] = { "mallory", "alice", NULL, NULL };
	uint64_t seed = setting("FUZZ_SEED", station_realtime());
	uint32_t i, sequences = (uint32_t)setting("FUZZ_SEQUENCES", 2000);

	TH_LOG("FUZZ_SEED=%llu, %u sequences", (unsigned long long)seed, sequences);
	ASSERT_EQ(0, station_open(&self->station, STATION_QUIET));
	self->tinkerers = station_shared(4 * sizeof(*self->tinkerers));
	ASSERT_NE(NULL, self->tinkerers);
	for (i = 0; i < 4; i++)
		self->tinkerers[i] = (struct tinkerer){ .user = users[i],
							.random.state = seed + i,
							.left = sequences / 4 + 1 };
}

FIXTURE_TEARDOWN(device)
{
	station_close(&self->station);
}

/**
 * struct map - a mapping of the device
 * @at: where, or NULL
 * @size: its bytes
 */
struct map {
	const volatile uint8_t *at;
	size_t size;
};

static void map_it(struct tinkerer *t, int fd, struct map *map)
{
	static const int prots[] = {
		PROT_READ, PROT_READ, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC,
		PROT_NONE
	};
	struct messages *m = &t->random;
	int prot = prots[messages_random(m, 6)];
	int flags = messages_random(m, 4) ? MAP_SHARED : MAP_PRIVATE;
	size_t size = (size_t)(1 + messages_random(m, messages_random(m, 2) ? 4 : 40000)) * 4096;
	off_t offset = messages_random(m, 3) ? 0 : (off_t)messages_random(m, 40000) * 4096;
	void *at = mmap(NULL, size, prot, flags, fd, offset);

	if (at == MAP_FAILED)
		return;
	t->mapped++;
	if (prot & (PROT_WRITE | PROT_EXEC) ||
	    (flags == MAP_SHARED && !mprotect(at, 4096, PROT_READ | PROT_WRITE)))
		t->wrong++;
	if (prot == PROT_NONE) {
		munmap(at, size);
		return;
	}
	if (map->at)
		munmap((void *)map->at, map->size);
	*map = (struct map){ .at = at, .size = size };
}

static void acknowledge(struct tinkerer *t, int fd)
{
	struct messages *m = &t->random;
	uint64_t numbers[4] = { htole64(messages_random(m, messages_random(m, 2) ? 4 : 4000)) };
	size_t len = messages_random(m, 4) ? sizeof(numbers[0]) : messages_random(m, 32);

	if (!messages_random(m, 8))
		numbers[0] = UINT64_MAX - messages_random(m, 3);
	t->acked += write(fd, messages_random(m, 20) ? numbers : NULL, len) == sizeof(numbers[0]);
}

/* One step of a sequence */
static void step(struct tinkerer *t, int *fd, struct map maps[MAPS])
{
	struct messages *m = &t->random;
	struct map *map = &maps[messages_random(m, MAPS)];
	struct pollfd pfd = { .fd = *fd, .events = (short)messages_random(m, 0x400) };
	uint8_t bytes[64];
	int other;

	switch (messages_random(m, 10)) {
	case 0:
	case 1:
		map_it(t, *fd, map);
		break;
	case 2:
		if (map->at)
			bytes[0] = map->at[messages_random(m, (uint32_t)map->size)];
		break;
	case 3:
		if (map->at)
			munmap((void *)map->at, map->size);
		map->at = NULL;
		break;
	case 4:
		poll(&pfd, 1, 0);
		break;
	case 5:
	case 6:
		acknowledge(t, *fd);
		break;
	case 7:
		other = open(DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (other >= 0) {
			t->wrong += *fd >= 0;
			close(other);
		}
		break;
	case 8:
		if (read(*fd, bytes, sizeof(bytes)) > 0 || lseek(*fd, 4, SEEK_SET) > 0 ||
		    !ioctl(*fd, messages_random(m, UINT32_MAX), bytes))
			t->wrong++;
		break;
	default:
		/* The descriptor goes, what is mapped stays. */
		other = dup(*fd);
		close(*fd);
		*fd = other;
		if (!messages_random(m, 4)) {
			close(*fd);
			*fd = -1;
		}
	}
}

static int tinker(void *arg)
{
	static const int ways[] = { O_RDWR, O_RDWR, O_RDWR, O_RDONLY, O_WRONLY };
	struct tinkerer *t = arg;
	uint32_t count = t->left < ROUND ? t->left : ROUND;
	struct messages *m = &t->random;
	uint32_t steps;
	size_t i;

	t->left -= count;
	for (; count; count--) {
		struct map maps[MAPS] = { { NULL, 0 } };
		int fd = open(DEVICE, ways[messages_random(m, 5)] | O_CLOEXEC);

		t->opened += fd >= 0;
		/* Without it too: a step that has nothing to go by must fail. */
		for (steps = messages_random(m, 12); steps; steps--)
			step(t, &fd, maps);
		if (fd >= 0)
			close(fd);
		for (i = 0; i < MAPS; i++)
			if (maps[i].at)
				munmap((void *)maps[i].at, maps[i].size);
	}
	return 0;
}

/* Somebody who may nothing, a member, and root twice, at the same time */
TEST_F_TIMEOUT(device, random_sequences_leave_the_device_and_the_chain_whole, 7200)
{
	static const struct line door = { .name = "door", .line = 1 };
	struct tinkerer *t = self->tinkerers;
	pid_t child[4];
	int i, status;

	ASSERT_LT(0, station_arm(&self->station, &door));
	while (t[0].left) {
		for (i = 0; i < 4; i++) {
			child[i] = fork();
			if (!child[i])
				_exit(-station_run_as(t[i].user, tinker, &t[i]));
		}
		EXPECT_EQ(0, station_pull(1, true));
		EXPECT_EQ(0, station_pull(1, false));
		for (i = 0; i < 4; i++) {
			ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
			EXPECT_EQ(0, status);
		}
	}
	for (i = 0; i < 4; i++) {
		TH_LOG("%s: opened %u times, mapped %u, acknowledged %u", t[i].user ?: "root",
		       t[i].opened, t[i].mapped, t[i].acked);
		EXPECT_EQ(0, t[i].wrong);
		if (t[i].user)
			EXPECT_EQ(0, t[i].opened + t[i].mapped);
	}
	/* Of the two, one may have had it for as long as the other tried. */
	EXPECT_LT(0, t[2].opened + t[3].opened);
	EXPECT_LT(0, t[2].mapped + t[3].mapped);
	/* It is free, and is read as ever. */
	EXPECT_EQ(0, station_attach(&self->station));
	EXPECT_EQ(0, tongbu_nl_call(&self->station.nl, TONGBU_CMD_INFO_GET));
}

TEST_HARNESS_MAIN
