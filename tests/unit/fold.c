// SPDX-License-Identifier: GPL-2.0-only
#include "fold.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "try.h"

static char folder[] = "/tmp/tongbu-fold-XXXXXX";

/**
 * fold_make() - a test's setup: a folder of packs that has base
 * @state: not used
 *
 * Return: 0, or -1 as cmocka wants it.
 */
int fold_make(void **state)
{
	(void)state;
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	if (!mkdtemp(folder) || mkdir(fold_path("packs"), 0700) || mkdir(fold_path("kept"), 0700))
		return -1;
	return symlink(TEST_VECTORS "/../../daemon/packs/base", fold_path("packs/base"));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/**
 * fold_remove() - a test's teardown: the folder is removed
 * @state: not used
 *
 * Return: 0, or -1 as cmocka wants it.
 */
int fold_remove(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/**
 * fold_path() - a name in the folder
 * @name: of the file
 *
 * Return: its path, good until the eighth call from now.
 */
const char *fold_path(const char *name)
{
	static char paths[8][512];
	static unsigned int next;
	char *path = paths[next++ % ARRAY_SIZE(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

/**
 * fold_write_bytes() - a file of a pack
 * @pack: the pack
 * @file: the file's name
 * @text: what it holds
 * @len: bytes of that
 */
void fold_write_bytes(const char *pack, const char *file, const void *text, size_t len)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "packs/%s", pack);
	mkdir(fold_path(path), 0700);
	snprintf(path, sizeof(path), "packs/%s/data", pack);
	mkdir(fold_path(path), 0700);
	snprintf(path, sizeof(path), "packs/%s/%s", pack, file);
	out = fopen(fold_path(path), "w");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

/**
 * fold_write() - a file of a pack
 * @pack: the pack
 * @file: the file's name
 * @text: what it holds
 */
void fold_write(const char *pack, const char *file, const char *text)
{
	fold_write_bytes(pack, file, text, strlen(text));
}

static char *quoted(const char *text)
{
	char *copy = strdup(text), *c;

	assert_non_null(copy);
	for (c = copy; (c = strchr(c, '\'')); c++)
		*c = '"';
	return copy;
}

/**
 * fold_json() - data written with ' for "
 * @text: it
 *
 * Return: the data, the caller's.
 */
json_t *fold_json(const char *text)
{
	char *copy = quoted(text);
	json_error_t why;
	json_t *json = json_loads(copy, JSON_DECODE_ANY, &why);

	free(copy);
	if (!json)
		fail_msg("%s: %s", text, why.text);
	return json;
}

static int try_quoted(const char *packs, char *lines, char **out, struct tb_try_result *result,
		      struct tb_error *err)
{
	char *list = strdup(packs), *names[8], *name, *rest = NULL;
	struct tb_try_options options = { .packs = fold_path("packs"),
					  .names = names,
					  .zone = FOLD_ZONE };
	FILE *in = fmemopen(lines, strlen(lines), "r"), *to;
	size_t len;
	int ret;

	assert_non_null(list);
	assert_non_null(in);
	for (name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
		names[options.name_count++] = name;
	*out = NULL;
	to = open_memstream(out, &len);
	assert_non_null(to);
	ret = tb_try(in, to, &options, result, err);
	fclose(to);
	fclose(in);
	free(list);
	return ret;
}

/**
 * fold_try() - fold lines
 * @packs: names of packs in force, with blanks between
 * @lines: the lines
 * @out: set to what came of them, the caller's
 * @err: told what went wrong
 *
 * Return: as tb_try().
 */
int fold_try(const char *packs, const char *lines, char **out, struct tb_error *err)
{
	struct tb_try_result result;
	char *copy = quoted(lines);
	int ret;

	ret = try_quoted(packs, copy, out, &result, err);
	free(copy);
	return ret;
}

/**
 * fold_expect() - fold lines whose expectations must all be met
 * @packs: names of packs in force, with blanks between
 * @lines: the lines
 */
void fold_expect(const char *packs, const char *lines)
{
	struct tb_try_result result;
	struct tb_error err = { 0 };
	char *copy = quoted(lines), *out;
	int ret;

	ret = try_quoted(packs, copy, &out, &result, &err);
	free(copy);
	if (ret)
		print_error("%s\n", out);
	assert_done(ret, err);
	if (result.missed)
		fail_msg("%s", strstr(out, "{\"line\":"));
	assert_true(result.expected > 0);
	free(out);
}

/**
 * fold_open() - a referee whose state is a file in the folder
 * @state: name of the file
 * @now: whatever a record names, take the text in the directory
 *
 * Return: the referee.
 */
struct tb_referee *fold_open(const char *state, bool now)
{
	struct tb_referee_options options = { .packs = fold_path("packs"),
					      .kept = fold_path("kept"),
					      .zone = FOLD_ZONE,
					      .now = now };
	struct tb_referee *r = NULL;
	struct tb_error err = { 0 };

	options.state = fold_path(state);
	assert_done(tb_referee_open(&options, &r, &err), err);
	return r;
}

/**
 * fold_act() - fold one act
 * @r: the referee
 * @record: its id
 * @time: seconds since 1970
 * @uid: who
 * @act: the act
 */
void fold_act(struct tb_referee *r, const char *record, int64_t time, int64_t uid, const char *act)
{
	struct tb_event event = { .kind = TB_EVENT_ACT,
				  .record = record,
				  .time = time,
				  .uid = uid,
				  .act = fold_json(act),
				  .synced = true };
	struct tb_error err = { 0 };

	assert_done(tb_referee_fold(r, &event, &err), err);
	json_decref(event.act);
}
