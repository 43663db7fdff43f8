// SPDX-License-Identifier: GPL-2.0-only
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station.h"

#define SIM_DIR "/sys/kernel/config/gpio-sim/" STATION_CHIP

static int read_word(const char *path, char word[64])
{
	FILE *file = fopen(path, "re");
	int ok;

	if (!file)
		return -errno;
	ok = fscanf(file, "%63s", word);
	fclose(file);
	return ok == 1 ? 0 : -EIO;
}

/**
 * station_chip() - how the kernel calls the simulated chip
 * @name: set to the name of its device
 *
 * Return: 0 or a negative errno.
 */
int station_chip(char name[64])
{
	return read_word(SIM_DIR "/bank0/chip_name", name);
}

/* Where lines are pulled, kept open; of the chip as it is plugged in now */
static int pull_fds[STATION_LINES];

/**
 * station_unplugged() - the chip is, or may be, another one now
 */
void station_unplugged(void)
{
	int line;

	for (line = 0; line < STATION_LINES; line++) {
		if (pull_fds[line] > 0)
			close(pull_fds[line]);
		pull_fds[line] = 0;
	}
}

/**
 * station_plug() - plug the simulated chip in, or pull it out
 * @in: plug it in
 *
 * Either way when it is so already is fine.
 *
 * Return: 0 or a negative errno.
 */
int station_plug(bool in)
{
	char live[64];
	int err, fd;

	err = read_word(SIM_DIR "/live", live);
	if (err || (*live == '1') == in)
		return err;
	station_unplugged();
	fd = open(SIM_DIR "/live", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write(fd, in ? "1" : "0", 1) == 1 ? 0 : -errno;
	close(fd);
	return err;
}

/**
 * station_pull() - move a simulated line
 * @line: offset
 * @up: to supply, else to ground
 *
 * A change raises the line's interrupt.
 *
 * Return: 0 or a negative errno.
 */
int station_pull(uint32_t line, bool up)
{
	char device[64], chip[64], path[256];
	const char *pull = up ? "pull-up" : "pull-down";

	if (!pull_fds[line]) {
		if (read_word(SIM_DIR "/dev_name", device) || station_chip(chip))
			return -ENODEV;
		snprintf(path, sizeof(path), "/sys/devices/platform/%s/%s/sim_gpio%u/pull", device,
			 chip, line);
		pull_fds[line] = open(path, O_WRONLY | O_CLOEXEC);
	}
	return pwrite(pull_fds[line], pull, strlen(pull), 0) < 0 ? -errno : 0;
}

/**
 * station_pull_and_wait() - move a line, and wait until that is an event
 * @station: the station
 * @line: offset, of an armed line
 * @up: to supply, else to ground
 *
 * The simulated interrupt is folded with the next if that comes at once, above
 * all on PREEMPT_RT; real ones are not, and tests that count must not depend
 * on it.
 *
 * Return: 0, -ETIMEDOUT if there was no event within two seconds.
 */
int station_pull_and_wait(struct station *station, uint32_t line, bool up)
{
	uint64_t before = station_events(station), limit = station_boottime() + 2000000000ULL;
	int err = station_pull(line, up);

	while (!err && station_events(station) == before)
		if (station_boottime() > limit)
			err = -ETIMEDOUT;
	return err;
}

/**
 * station_pull_and_see() - move a line, and wait until its source's next edge is read
 * @station: the station, attached
 * @id: number of the source, which makes a record of each edge
 * @line: offset of its line
 * @up: to supply, else to ground
 *
 * For where other records may come meanwhile.
 *
 * Return: 0, -ETIMEDOUT if none came, or another negative errno.
 */
int station_pull_and_see(struct station *station, uint32_t id, uint32_t line, bool up)
{
	int err = station_read(station);
	size_t before = record_log_count(&station->log, TONGBU_KIND_EDGE, id);

	if (!err)
		err = station_pull(line, up);
	if (!err && !station_await(station, TONGBU_KIND_EDGE, id, before))
		err = -ETIMEDOUT;
	return err;
}

/**
 * station_pull_and_hear() - move a line, and wait until its source heard of it
 * @station: the station
 * @id: number of the source
 * @line: offset of its line
 * @up: to supply, else to ground
 *
 * For sources that make no record of each edge.
 *
 * Return: 0, -ETIMEDOUT if it did not within ten seconds.
 */
int station_pull_and_hear(struct station *station, uint32_t id, uint32_t line, bool up)
{
	uint64_t limit = station_boottime() + 10000000000ULL;
	struct source_state before, after = { 0 };
	int err = station_source(station, id, &before);

	if (!err)
		err = station_pull(line, up);
	do {
		if (!err)
			err = station_source(station, id, &after);
		if (!err && station_boottime() > limit)
			err = -ETIMEDOUT;
	} while (!err && after.last == before.last);
	return err;
}

/**
 * station_keep_pulling() - move lines without end, as fast as it goes
 * @station: the station
 * @count: lines from 0 on; each goes up, then each goes down
 *
 * In a process of its own, which does not mind if the chip is not there.
 *
 * Return: the process, for station_stop_pulling(); -1 if there is none.
 */
pid_t station_keep_pulling(struct station *station, uint32_t count)
{
	pid_t child = fork();
	uint32_t i;

	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Else the chain would be owned for as long as this lives. */
	tongbu_nl_close(&station->nl);
	for (i = 0;; i++)
		if (station_pull(i % count, i / count % 2 == 0))
			station_unplugged();
}

/**
 * station_stop_pulling() - let lines be, as they happen to stand
 * @child: who moves them
 */
void station_stop_pulling(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
