// SPDX-License-Identifier: GPL-2.0-only
#include "station.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/**
 * station_unload() - remove the module
 *
 * Return: 0, -ENOENT if it is not loaded, -EWOULDBLOCK while it is in use.
 */
int station_unload(void)
{
	return syscall(SYS_delete_module, "tongbu", O_NONBLOCK) ? -errno : 0;
}

/* Read what is left, as a reader does that keeps it */
static int read_off(struct tongbu_nl *nl)
{
	uint64_t head = tongbu_nl_head(nl);

	return head ? tongbu_nl_ack(nl, head - 1) : 0;
}

/**
 * station_end() - end the chain, if there is one, and read it to its end
 *
 * Ownership is let go shortly after a socket closed.
 *
 * Return: 0, also if there is no chain; or what the kernel answered.
 */
int station_end(void)
{
	struct tongbu_nl nl;
	int err, tries;

	if (tongbu_nl_open(&nl))
		return 0;
	err = tongbu_nl_attach(&nl);
	for (tries = 0; err == -EBUSY && tries < 100; tries++) {
		station_sleep_ms(20);
		err = tongbu_nl_attach(&nl);
	}
	/* First of all room is made for what the end puts on record. */
	if (!err)
		err = read_off(&nl);
	if (!err)
		err = tongbu_nl_call(&nl, TONGBU_CMD_CHAIN_END);
	if (!err)
		err = read_off(&nl);
	tongbu_nl_close(&nl);
	return err == -ENODATA ? 0 : err;
}

/**
 * station_unload_soon() - end the chain and remove the module, as soon as possible
 *
 * Return: 0, also if it is not loaded; -EWOULDBLOCK if it stays in use.
 */
int station_unload_soon(void)
{
	int err, tries;

	station_end();
	for (tries = 0; tries < 100; tries++) {
		err = station_unload();
		if (err != -EWOULDBLOCK)
			break;
		station_sleep_ms(20);
	}
	return err == -ENOENT ? 0 : err;
}

/**
 * station_load() - load the module afresh
 * @params: parameters; the group that may submit is added
 *
 * Return: 0 or a negative errno.
 */
int station_load(const char *params)
{
	const char *path = getenv("TONGBU_KO");
	char all[256];
	int err, fd;

	if (!path)
		return -EINVAL;
	err = station_unload_soon();
	if (err)
		return err;
	snprintf(all, sizeof(all),
		 "submit_gid=%d submit_rate=1000 submit_burst=1000 submit_daily=0 %s",
		 (int)station_group(), params);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, all, 0) ? -errno : 0;
	close(fd);
	return err;
}

/**
 * station_start() - start the chain
 * @station: the station
 * @pubkey: the supervisor's key, or something else that is tried as one
 * @len: bytes of @pubkey
 *
 * Return: 0 or what the kernel answered.
 */
int station_start(struct station *station, const uint8_t *pubkey, size_t len)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_CHAIN_START);

	nla_put(msg, TONGBU_A_PUBKEY, (int)len, pubkey);
	return tongbu_nl_do(&station->nl, msg);
}

/**
 * station_prepare() - load the module, all lines low, no chain yet
 * @station: filled in
 * @params: parameters of the module
 *
 * Return: 0 or a negative errno.
 */
int station_prepare(struct station *station, const char *params)
{
	uint32_t line;
	int err;

	memset(station, 0, sizeof(*station));
	err = station_load(params);
	for (line = 0; !err && line < STATION_LINES; line++)
		err = station_pull(line, false);
	if (!err)
		err = record_log_init(&station->log);
	if (!err)
		err = supervisor_new(&station->supervisor);
	if (!err)
		err = tongbu_nl_open(&station->nl);
	return err;
}

/**
 * station_open() - load the module, start a chain, all lines low
 * @station: filled in
 * @params: parameters of the module
 *
 * Return: 0 or a negative errno.
 */
int station_open(struct station *station, const char *params)
{
	int err = station_prepare(station, params);

	return err ? err : station_start(station, station->supervisor.pubkey, TONGBU_KEY_LEN);
}

/**
 * station_close() - close the socket, remove the module
 * @station: the station
 */
void station_close(struct station *station)
{
	tongbu_nl_close(&station->nl);
	record_log_free(&station->log);
	station_unload_soon();
}

/**
 * station_attach() - become the reader of the chain
 * @station: the station
 *
 * Return: 0 or what the kernel answered.
 */
int station_attach(struct station *station)
{
	return tongbu_nl_attach(&station->nl);
}

/**
 * station_read() - read what there is
 * @station: the station
 *
 * Return: 0 or what the kernel answered.
 */
int station_read(struct station *station)
{
	return record_log_read(&station->log, &station->nl);
}

/**
 * station_ack() - acknowledge all that was read
 * @station: the station
 *
 * Return: 0 or what the kernel answered.
 */
int station_ack(struct station *station)
{
	return tongbu_nl_ack(&station->nl, station->log.next - 1);
}

/**
 * station_arm() - arm a line
 * @station: the station
 * @line: which and how
 *
 * Return: the source's number, or a negative errno.
 */
int station_arm(struct station *station, const struct line *line)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_ADD);
	int err;

	nla_put_string(msg, TONGBU_A_SOURCE_NAME, line->name);
	nla_put_string(msg, TONGBU_A_GPIO_CHIP, STATION_CHIP);
	nla_put_u32(msg, TONGBU_A_GPIO_LINE, line->line);
	if (line->flags)
		nla_put_u32(msg, TONGBU_A_SOURCE_FLAGS, line->flags);
	if (line->edges)
		nla_put_u8(msg, TONGBU_A_GPIO_EDGES, line->edges);
	if (line->debounce)
		nla_put_u32(msg, TONGBU_A_GPIO_DEBOUNCE, line->debounce);
	if (line->type)
		nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, line->type);
	if (line->silent)
		nla_put_u32(msg, TONGBU_A_SOURCE_SILENT, line->silent);
	if (line->rate)
		nla_put_u32(msg, TONGBU_A_SOURCE_RATE, line->rate);
	if (line->interval)
		nla_put_u32(msg, TONGBU_A_SOURCE_INTERVAL, line->interval);
	err = tongbu_nl_do(&station->nl, msg);
	if (err)
		return err;
	return (int)nla_get_u32(station->nl.attrs[TONGBU_A_SOURCE_ID]);
}

/**
 * station_disarm() - disarm a line
 * @station: the station
 * @name: name of the source
 *
 * Return: 0 or what the kernel answered.
 */
int station_disarm(struct station *station, const char *name)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_DEL);

	nla_put_string(msg, TONGBU_A_SOURCE_NAME, name);
	return tongbu_nl_do(&station->nl, msg);
}

struct source_query {
	uint32_t id;
	struct source_state *state;
	bool found;
};

static int take_state(struct nlattr **attrs, void *arg)
{
	struct source_query *query = arg;

	if (nla_get_u32(attrs[TONGBU_A_SOURCE_ID]) != query->id)
		return 0;
	if (!attrs[TONGBU_A_SOURCE_STATE])
		return -EBADMSG;
	query->found = true;
	*query->state = (struct source_state){
		.state = nla_get_u32(attrs[TONGBU_A_SOURCE_STATE]),
		.last = attrs[TONGBU_A_SOURCE_LAST] ? nla_get_u64(attrs[TONGBU_A_SOURCE_LAST]) : 0,
		.sealed = nla_get_u64(attrs[TONGBU_A_SOURCE_SEALED]),
		.lost = nla_get_u64(attrs[TONGBU_A_SOURCE_LOST]),
	};
	return 0;
}

/**
 * station_source() - how a source fares
 * @station: the station
 * @id: its number
 * @state: filled in
 *
 * Return: 0, -ENOENT if there is none such, or what the kernel answered.
 */
int station_source(struct station *station, uint32_t id, struct source_state *state)
{
	struct source_query query = { .id = id, .state = state };
	int err = tongbu_nl_dump(&station->nl,
				 tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_GET), take_state,
				 &query);

	return err ? err : query.found ? 0 : -ENOENT;
}

/**
 * station_await() - read until there is a record
 * @station: the station
 * @kind: enum tongbu_kind
 * @source: its source, or %ANY_SOURCE
 * @nth: which of those, from 0
 *
 * Return: the record; NULL if it has not come within a minute.
 */
const struct record *station_await(struct station *station, uint16_t kind, uint32_t source,
				   size_t nth)
{
	uint64_t limit = station_boottime() + 60000000000ULL;
	const struct record *record;

	for (;;) {
		if (station_read(station))
			return NULL;
		record = record_log_find(&station->log, kind, source, nth);
		if (record || station_boottime() > limit)
			return record;
		station_sleep_ms(10);
	}
}

/**
 * station_events() - how many events the recorder has dealt with
 * @station: the station
 *
 * Return: records sealed and events lost.
 */
uint64_t station_events(struct station *station)
{
	uint64_t lost = tongbu_nl_info(&station->nl, TONGBU_A_INFO_LOST);

	return lost + nla_get_u64(station->nl.attrs[TONGBU_A_HEAD]);
}

static uint64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

/**
 * station_boottime() - CLOCK_BOOTTIME, ns
 *
 * Return: the time.
 */
uint64_t station_boottime(void)
{
	return now(CLOCK_BOOTTIME);
}

/**
 * station_realtime() - CLOCK_REALTIME, ns
 *
 * Return: the time.
 */
uint64_t station_realtime(void)
{
	return now(CLOCK_REALTIME);
}

/**
 * station_sleep_ms() - sleep
 * @ms: how long
 */
void station_sleep_ms(long ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

/**
 * station_submit() - submit as whoever this process is
 * @nl: a socket this user has opened
 * @format: enum tongbu_act_format
 * @data: what to say
 * @len: bytes of @data
 * @outcome: filled in
 *
 * Return: @outcome->err.
 */
int station_submit(struct tongbu_nl *nl, uint8_t format, const void *data, size_t len,
		   struct outcome *outcome)
{
	struct nl_msg *msg = tongbu_nl_request(nl, TONGBU_CMD_SUBMIT);

	memset(outcome, 0, sizeof(*outcome));
	nla_put_u8(msg, TONGBU_A_ACT_FORMAT, format);
	nla_put(msg, TONGBU_A_ACT_DATA, (int)len, data);
	outcome->pid = getpid();
	outcome->err = tongbu_nl_do(nl, msg);
	outcome->attr = nl->attr;
	snprintf(outcome->text, sizeof(outcome->text), "%.255s", nl->text);
	if (outcome->err)
		return outcome->err;
	outcome->seq = nla_get_u64(nl->attrs[TONGBU_A_SEQ]);
	outcome->realtime = nla_get_u64(nl->attrs[TONGBU_A_REALTIME]);
	memcpy(outcome->chain, nla_data(nl->attrs[TONGBU_A_CHAIN]), TONGBU_CHAIN_LEN);
	memcpy(outcome->tag, nla_data(nl->attrs[TONGBU_A_TAG]), TONGBU_TAG_LEN);
	return 0;
}

/**
 * station_uid() - number of a user
 * @user: name
 *
 * Return: the uid, or (uid_t)-1.
 */
uid_t station_uid(const char *user)
{
	struct passwd *passwd = getpwnam(user);

	return passwd ? passwd->pw_uid : (uid_t)-1;
}

/**
 * station_group() - number of the group that may submit
 *
 * Return: the gid, or (gid_t)-1.
 */
gid_t station_group(void)
{
	struct group *group = getgrnam("tongbu");

	return group ? group->gr_gid : (gid_t)-1;
}

/**
 * station_become() - turn this process into that user's
 * @user: name
 *
 * Return: 0 or a negative errno.
 */
int station_become(const char *user)
{
	struct passwd *passwd = getpwnam(user);

	if (!passwd)
		return -ENOENT;
	if (initgroups(user, passwd->pw_gid) ||
	    setresgid(passwd->pw_gid, passwd->pw_gid, passwd->pw_gid) ||
	    setresuid(passwd->pw_uid, passwd->pw_uid, passwd->pw_uid))
		return -errno;
	return 0;
}

/**
 * station_submit_as() - submit as another user, in a process of that user's
 * @user: name
 * @format: enum tongbu_act_format
 * @data: what to say
 * @len: bytes of @data
 * @outcome: filled in
 *
 * Return: @outcome->err.
 */
int station_submit_as(const char *user, uint8_t format, const void *data, size_t len,
		      struct outcome *outcome)
{
	struct outcome *shared = station_shared(sizeof(*shared));
	struct tongbu_nl nl;
	pid_t child;

	if (!shared)
		return -ENOMEM;
	shared->err = -ECHILD;
	child = fork();
	if (!child) {
		shared->err = station_become(user);
		if (!shared->err)
			shared->err = tongbu_nl_open(&nl);
		if (!shared->err)
			station_submit(&nl, format, data, len, shared);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
	*outcome = *shared;
	munmap(shared, sizeof(*shared));
	return outcome->err;
}

/**
 * station_submit_by() - submit as a user who needs no name and is in no group
 * @uid: the user; this process is root, and again afterwards
 * @outcome: filled in
 *
 * Return: @outcome->err.
 */
int station_submit_by(uid_t uid, struct outcome *outcome)
{
	struct tongbu_nl nl;

	memset(outcome, 0, sizeof(*outcome));
	outcome->err = setresuid(uid, uid, 0) ? -errno : tongbu_nl_open(&nl);
	if (!outcome->err) {
		station_submit(&nl, TONGBU_ACT_TEXT, "x", 1, outcome);
		tongbu_nl_close(&nl);
	}
	return setresuid(0, 0, 0) ? -errno : outcome->err;
}

/**
 * station_run_as() - do something in a process of its own
 * @user: whose process, or NULL to stay who we are
 * @work: what to do; its answer is 0 or a negative errno
 * @arg: handed to @work
 *
 * Return: what @work returned, -ECHILD if it did not get that far.
 */
int station_run_as(const char *user, int (*work)(void *arg), void *arg)
{
	pid_t child = fork();
	int err, status;

	if (!child) {
		err = user ? station_become(user) : 0;
		_exit(err ? ECHILD : -work(arg));
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -ECHILD;
	return -WEXITSTATUS(status);
}

/**
 * station_shared() - memory that a child and its parent both see
 * @size: bytes
 *
 * Return: the memory, zeroed; NULL if there is none. Goes with the process.
 */
void *station_shared(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return shared == MAP_FAILED ? NULL : shared;
}

/**
 * station_put() - write words into a file of the kernel's
 * @path: the file
 * @flags: O_TRUNC, which empties a trace or a list of probes, or O_APPEND
 * @value: the words
 *
 * Return: 0 or -1, with errno set.
 */
int station_put(const char *path, int flags, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags);
	ssize_t done = fd < 0 ? -1 : write(fd, value, strlen(value));

	if (fd >= 0)
		close(fd);
	return done < 0 ? -1 : 0;
}

/**
 * station_probe() - put a probe behind the first instruction of a function of the kernel's
 * @group: and name of its event, "group/name"
 * @function: the function
 * @args: what it tells, as in kprobe_events
 *
 * There a probe changes a single byte, which no processor can run half changed; an emulated one
 * has been seen to run into nothing where the call in front of a function was changed. Where that
 * instruction ends differs from kernel to kernel; if no probe may be there, it is at the first.
 *
 * Return: 0, or -1 with errno set.
 */
int station_probe(const char *group, const char *function, const char *args)
{
	static const unsigned int behind[] = { 5, 9, 0 };
	char words[256];
	size_t i;
	int err = station_put("/proc/sys/debug/kprobes-optimization", O_TRUNC, "0");

	for (i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		snprintf(words, sizeof(words), "p:%s %s+%u %s", group, function, behind[i], args);
		err = station_put("/sys/kernel/debug/tracing/kprobe_events", O_APPEND, words);
		if (!err)
			break;
	}
	return err;
}
