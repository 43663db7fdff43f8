// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl doctor: is everything there? Each check says OK, or what to do. A
 * WARN leaves the station working but weaker than it could be; a FAIL does not.
 */
#include <endian.h>
#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "device.h"
#include "people.h"

/* What is signed and not held elsewhere for longer is a fault, s */
#define HELD_LAG 3600

enum level {
	LEVEL_OK,
	LEVEL_WARN,
	LEVEL_FAIL,
};

/* The worst there was */
static enum level worst;

static void say(enum level level, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(enum level level, const char *what, const char *fmt, ...)
{
	static const char *const words[] = { "OK", "WARN", "FAIL" };
	static const char *const colours[] = { "\033[32m", "\033[33m", "\033[31m" };
	static const char *const json[] = { "ok", "warn", "fail" };
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (level > worst)
		worst = level;
	if (ctl.json)
		ctl_print(json_pack("{s:s, s:s, s:s}", "check", what, "level", json[level], "text",
				    text));
	else
		printf("%s%-4s%s  %-10s  %s\n", tb_colour() ? colours[level] : "", words[level],
		       tb_colour() ? "\033[0m" : "", what, text);
}

/* The first line of a small file of the kernel's, or "" */
static const char *read_line(const char *path)
{
	static char line[256];
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return line;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static bool module_installed(void)
{
	static const char *const places[] = { "updates/dkms", "updates", "extra",
					      "kernel/drivers/misc" };
	struct utsname name;
	char pattern[256];
	bool found = false;
	glob_t files;
	size_t i;

	uname(&name);
	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !found; i++) {
		snprintf(pattern, sizeof(pattern), "/lib/modules/%s/%s/tongbu.ko*", name.release,
			 places[i]);
		found = !glob(pattern, 0, NULL, &files) && files.gl_pathc;
		globfree(&files);
	}
	return found;
}

static bool check_module(struct tb_kernel **kernel, struct tb_kernel_info *info)
{
	struct utsname name;
	struct tb_error err;

	uname(&name);
	if (!tb_kernel_open(kernel, &err) && !tb_kernel_info(*kernel, info, &err)) {
		say(LEVEL_OK, "module", "tongbu %s is loaded", info->version);
		return true;
	}
	if (err.code != -ENOENT)
		say(LEVEL_FAIL, "module", "%s", err.text);
	else if (access("/proc/modules", F_OK))
		say(LEVEL_FAIL, "module", "this kernel (%s) loads no modules: run another kernel",
		    name.release);
	else if (module_installed())
		say(LEVEL_FAIL, "module", "tongbu is installed but not loaded: modprobe tongbu");
	else
		say(LEVEL_FAIL, "module",
		    "tongbu is not installed for kernel %s: dkms install tongbu/" TONGBU_VERSION,
		    name.release);
	return false;
}

/* What keeps root from loading a module that lies, or reading a key in memory */
static void check_trust(bool loaded)
{
	const char *taint = loaded ? read_line("/sys/module/tongbu/taint") : "";
	const char *lockdown;

	if (strchr(taint, 'E'))
		say(LEVEL_WARN, "signature",
		    "the module is not signed: sign it with a key this kernel knows (README.md, \"On a real machine\")");
	else if (loaded)
		say(LEVEL_OK, "signature", "the module is signed");
	lockdown = read_line("/sys/kernel/security/lockdown");
	if (strstr(lockdown, "[confidentiality]"))
		say(LEVEL_OK, "lockdown", "confidentiality: root cannot read the kernel's memory");
	else
		say(LEVEL_WARN, "lockdown",
		    "%s: root could read keys in the kernel's memory: boot with lockdown=confidentiality, under Secure Boot",
		    strstr(lockdown, "[integrity]") ? "integrity only" : "off");
	if (*read_line("/sys/module/module/parameters/sig_enforce") != 'Y')
		say(LEVEL_WARN, "enforce",
		    "unsigned modules may be loaded: boot with module.sig_enforce=1");
	else
		say(LEVEL_OK, "enforce", "only signed modules are loaded");
}

static bool has_sys_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return !syscall(SYS_capget, &header, data) &&
	       data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN);
}

static bool in_group(gid_t gid)
{
	int i, count = getgroups(0, NULL);
	gid_t *groups;
	bool found = getegid() == gid;

	if (count <= 0)
		return found;
	groups = calloc((size_t)count, sizeof(*groups));
	if (!groups)
		return found;
	count = getgroups(count, groups);
	for (i = 0; i < count; i++)
		found |= groups[i] == gid;
	free(groups);
	return found;
}

static void check_permissions(const struct tb_kernel_info *info)
{
	const struct group *group;

	if (has_sys_admin())
		say(LEVEL_OK, "capability", "you may add and remove sources");
	else
		say(LEVEL_WARN, "capability", "you may not add or remove sources: that takes root");
	if (info->submit_gid == TONGBU_UID_NONE) {
		say(LEVEL_FAIL, "group",
		    "nobody may submit: load the module with submit_gid=$(getent group tongbu | cut -d: -f3)");
		return;
	}
	group = getgrgid(info->submit_gid);
	if (in_group(info->submit_gid))
		say(LEVEL_OK, "group", "you may submit, as a member of %s",
		    group ? group->gr_name : "the group");
	else
		say(LEVEL_WARN, "group",
		    "you may not submit: usermod -a -G %s USER, then log in again",
		    group ? group->gr_name : "GROUP");
}

/* Refused acts are no fault of the station, but somebody wonders where they are. */
static void check_limits(const struct tb_kernel_info *info)
{
	size_t i;

	for (i = 0; i < info->limited_count; i++)
		say(LEVEL_WARN, "limits",
		    "acts of uid %u were refused today: %u came too fast, %u were over the bytes it may submit in a day: see submit_rate and submit_daily in tongbud(8)",
		    le32toh(info->limited[i].uid), le32toh(info->limited[i].rate),
		    le32toh(info->limited[i].quota));
}

static void check_chain(const struct tb_kernel_info *info)
{
	if (!info->running)
		say(LEVEL_FAIL, "chain",
		    "no chain runs, so nothing is recorded: systemctl start tongbud");
	else if (!info->owner_pid)
		say(LEVEL_FAIL, "chain",
		    "a chain runs, but nobody reads it: %u of %u records wait: systemctl start tongbud",
		    info->used, info->capacity);
	else if (info->used > info->capacity / 2)
		say(LEVEL_WARN, "chain",
		    "%u of %u records wait: %s (pid %u) does not keep up: check the disk and the load",
		    info->used, info->capacity, info->owner_comm, info->owner_pid);
	else
		say(LEVEL_OK, "chain", "%llu records sealed, %s (pid %u) reads them",
		    (unsigned long long)info->head, info->owner_comm, info->owner_pid);
	if (info->lost)
		say(LEVEL_WARN, "loss",
		    "%llu events were lost since the chain began: see tongbuctl log --kind lost",
		    (unsigned long long)info->lost);
}

static void check_sources(struct tb_kernel *kernel)
{
	const struct tb_source_def *list;
	struct tb_list all;
	bool well = true;
	struct tb_error err;
	char state[32];
	size_t i;

	if (tb_kernel_list(kernel, &tb_source_table, &all, &err)) {
		say(LEVEL_WARN, "sources", "could not be listed: %s", err.text);
		return;
	}
	list = all.items;
	for (i = 0; i < all.count; i++) {
		if (!list[i].state)
			continue;
		well = false;
		device_state(list[i].state, state, sizeof(state));
		say(LEVEL_WARN, "source",
		    list[i].state & TONGBU_STATE_GONE ?
			    "%s is %s: look at its device and cable" :
		    list[i].state & TONGBU_STATE_STORM ?
			    "%s is in %s: look at its wiring, or give it a higher rate" :
			    "%s is %s: look at its sensor and cable",
		    list[i].name, state);
	}
	if (well)
		say(LEVEL_OK, "sources", "%zu sources, all in order", all.count);
	free(all.items);
}

static void check_outputs(struct tb_kernel *kernel)
{
	const struct tb_output_def *list;
	struct tb_list all;
	struct tb_error err;
	size_t i;

	if (tb_kernel_list(kernel, &tb_output_table, &all, &err))
		return;
	list = all.items;
	for (i = 0; i < all.count; i++)
		if (list[i].state & TONGBU_STATE_GONE)
			say(LEVEL_WARN, "output",
			    "%s is GONE: look at the chip it is on, and at its driver",
			    list[i].name);
		else
			say(LEVEL_OK, "output", "%s is %s; its safe value is %s", list[i].name,
			    list[i].value ? "on" : "off", list[i].safe ? "on" : "off");
	free(all.items);
}

static void check_disk(const json_t *ledger)
{
	const char *warning = json_string_value(json_object_get(ledger, "warning"));
	json_int_t used = json_integer_value(json_object_get(ledger, "bytes"));
	json_int_t left = json_integer_value(json_object_get(ledger, "free"));

	if (warning)
		say(LEVEL_WARN, "disk", "the ledger: %s", warning);
	else
		say(LEVEL_OK, "disk", "the ledger has %lld MiB, %lld MiB are free",
		    (long long)(used >> 20), (long long)(left >> 20));
}

static void check_archive(void)
{
	size_t archived = 0, missing = 0, i;
	json_t *reply = NULL, *chain;
	const char *file = "";
	struct tb_rpc *rpc;
	struct tb_error err;

	if (ctl_connect(&rpc, &err))
		return;
	tb_rpc_call(rpc, "GetChains", NULL, &reply, &err);
	tb_rpc_close(rpc);
	json_array_foreach(json_object_get(reply, "chains"), i, chain) {
		archived += json_is_string(json_object_get(chain, "archived"));
		if (json_is_true(json_object_get(chain, "missing")) && !missing++)
			file = json_string_value(json_object_get(chain, "archived"));
	}
	if (missing)
		say(LEVEL_WARN, "archive",
		    "%zu of %zu bundles of archived chains are missing, one is %s: put them back before a rebuild or a replay",
		    missing, archived, file);
	else if (archived)
		say(LEVEL_OK, "archive", "the bundles of %zu archived chains are there", archived);
	json_decref(reply);
}

static void check_log(const json_t *log)
{
	const char *trouble = json_string_value(json_object_get(log, "trouble"));
	json_int_t is_signed = json_integer_value(json_object_get(log, "signed")), reach, age;
	char by[CTL_HELD_SIZE];
	const json_t *held = ctl_held(log, by, &age);

	reach = json_integer_value(json_object_get(held, "size"));
	if (trouble)
		say(LEVEL_FAIL, "log", "%s", trouble);
	else
		say(LEVEL_OK, "log",
		    "%" JSON_INTEGER_FORMAT " entries, %" JSON_INTEGER_FORMAT " of them signed",
		    json_integer_value(json_object_get(log, "entries")), is_signed);
	if (json_is_string(json_object_get(log, "uplink")))
		say(LEVEL_WARN, "uplink", "%s", json_string_value(json_object_get(log, "uplink")));
	if (!held)
		say(LEVEL_WARN, "held",
		    "only this station holds its records: set up a hub (tongbu-hub(8)) or a witness (tongbuctl-evidence(1))");
	else if (reach < is_signed && age > HELD_LAG)
		say(LEVEL_WARN, "held",
		    "%" JSON_INTEGER_FORMAT
		    " entries are not held elsewhere, and %s signed %" JSON_INTEGER_FORMAT
		    " s ago: check the connection to it",
		    is_signed - reach, by, age);
	else
		say(LEVEL_OK, "held",
		    "elsewhere up to entry %" JSON_INTEGER_FORMAT ", by %s, %" JSON_INTEGER_FORMAT
		    " s ago",
		    reach, by, age);
}

/* False if nothing is recorded, because tongbud does not run */
static bool check_daemon(void)
{
	json_t *status, *trouble;
	struct tb_error err;

	if (ctl_station_status(&status, &err)) {
		say(err.code == -EACCES ? LEVEL_WARN : LEVEL_FAIL, "daemon", "%s", err.text);
		return err.code == -EACCES;
	}
	trouble = json_object_get(status, "trouble");
	if (json_is_string(trouble))
		say(LEVEL_FAIL, "daemon", "%s", json_string_value(trouble));
	else
		say(LEVEL_OK, "daemon", "tongbud runs and keeps up");
	check_disk(json_object_get(status, "ledger"));
	check_log(json_object_get(status, "log"));
	json_decref(status);
	check_archive();
	return true;
}

static void check_referee(bool recording)
{
	const char *trouble;
	struct tb_error err;
	char years[200];
	json_t *status;

	if (ctl_referee_status(&status, &err)) {
		if (err.code == -EACCES)
			say(LEVEL_WARN, "packs", "%s", err.text);
		else
			say(LEVEL_FAIL, "packs", "stopped: %s%s", err.text,
			    recording ? "; recording continues" : "");
		return;
	}
	trouble = json_string_value(json_object_get(status, "trouble"));
	if (trouble)
		say(LEVEL_FAIL, "packs",
		    "stopped: %s; recording continues, and tongbu-referee tries again by itself",
		    trouble);
	else if (!json_is_true(json_object_get(status, "caught_up")))
		say(LEVEL_WARN, "packs",
		    "tongbu-referee has not caught up yet: tongbuctl status says how far it is");
	else
		say(LEVEL_OK, "packs", "tongbu-referee runs and keeps up");
	if (people_unlisted(status, years, sizeof(years)))
		say(LEVEL_WARN, "calendar",
		    "%s: enter the days off of that year: tongbuctl act show base.calendar", years);
	json_decref(status);
}

static void check_clock(void)
{
	struct timex state = { 0 };
	int ret = adjtimex(&state);

	if (ret < 0 || ret == TIME_ERROR || state.status & STA_UNSYNC)
		say(LEVEL_WARN, "clock",
		    "not synchronised, and each record says so: run chrony or systemd-timesyncd");
	else
		say(LEVEL_OK, "clock", "synchronised, error at most %ld us", state.maxerror);
}

/**
 * cmd_doctor() - tongbuctl doctor
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 1 if there is a FAIL.
 */
int cmd_doctor(int argc, char **argv)
{
	struct tb_kernel *kernel = NULL;
	struct tb_kernel_info info;
	bool loaded;

	if (ctl_nothing(argc, argv))
		return CTL_FAILED;
	loaded = check_module(&kernel, &info);
	check_trust(loaded);
	if (loaded) {
		check_permissions(&info);
		check_limits(&info);
		check_chain(&info);
		check_sources(kernel);
		check_outputs(kernel);
	}
	check_referee(check_daemon());
	check_clock();
	tb_kernel_close(kernel);
	return worst == LEVEL_FAIL ? CTL_NO : CTL_OK;
}
