// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is not to be had: loading the module, with each of the allocations
 * it takes failing in turn.
 */
#include <kselftest_harness.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault.h"
#include "station.h"

/* More allocations than loading makes */
#define NTH_MAX 5000U

static const struct line line = { .name = "fault", .line = 3, .debounce = 1000 };

static bool left_behind(void)
{
	static const char *const paths[] = { "/sys/module/tongbu", "/sys/devices/platform/tongbu",
					     "/sys/kernel/debug/tongbu" };
	struct tongbu_nl nl;
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (!stat(paths[i], &st))
			return true;
	if (tongbu_nl_open(&nl))
		return false;
	tongbu_nl_close(&nl);
	return true;
}

FIXTURE(load){};

FIXTURE_SETUP(load)
{
	/* The harness goes on to a test whose setup skips: it does it itself. */
	if (!fault_available())
		return;
	ASSERT_EQ(0, fault_init());
}

FIXTURE_TEARDOWN(load)
{
}

/* Load the module with its @nth allocation failing; *@left tells how many it was
 * short of that.
 */
static int load_failing(int fd, const char *params, unsigned int nth, unsigned int *left)
{
	int err;

	fault_arm(nth);
	err = syscall(SYS_finit_module, fd, params, 0) ? -errno : 0;
	*left = fault_disarm();
	return err;
}

TEST_F_TIMEOUT(load, without_memory_the_module_is_not_loaded_and_leaves_nothing, 3600)
{
	const char *path = getenv("TONGBU_KO");
	unsigned int nth, left, loader, all, refused = 0;
	struct station station;
	int err = 0, fd;

	if (!fault_available())
		SKIP(return, FAULT_MISSING);
	ASSERT_NE(NULL, path);
	station_unload();
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	/* How many there are: in the kernel's loader, before the module turns down a
	 * parameter, and in all
	 */
	ASSERT_EQ(-EINVAL, load_failing(fd, "ring=1", NTH_MAX, &left));
	loader = NTH_MAX - left;
	ASSERT_EQ(0, load_failing(fd, "ring=64", NTH_MAX, &left));
	all = NTH_MAX - left;
	ASSERT_EQ(0, station_unload());
	ASSERT_LT(loader, all);
	TH_LOG("%u allocations, %u of them in the kernel's loader", all, loader);

	/* Of the loader's some, of the module's own each */
	for (nth = 1, left = 0; !left && nth < NTH_MAX; nth += nth + 50 < loader ? 25 : 1) {
		err = load_failing(fd, "ring=64", nth, &left);
		if (!err) {
			ASSERT_EQ(0, station_unload());
		} else {
			refused++;
			EXPECT_EQ(-ENOMEM, err) TH_LOG("allocation %u fails: error %d", nth, -err);
		}
		ASSERT_FALSE(left_behind()) TH_LOG("allocation %u failed", nth);
	}
	close(fd);
	TH_LOG("up to %u: %u times refused", nth, refused);
	EXPECT_EQ(0, err);
	EXPECT_LT(0, left);
	EXPECT_LT(0, refused);

	ASSERT_EQ(0, station_open(&station, STATION_QUIET));
	ASSERT_EQ(0, station_attach(&station));
	ASSERT_LT(0, station_arm(&station, &line));
	ASSERT_EQ(0, station_read(&station));
	EXPECT_TRUE(supervisor_verify(&station.supervisor, &station.log))
	TH_LOG("%s", station.log.wrong);
	station_close(&station);
	EXPECT_FALSE(left_behind());
}

TEST_HARNESS_MAIN
