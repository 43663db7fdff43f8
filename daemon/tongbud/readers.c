// SPDX-License-Identifier: GPL-2.0-only
#include "readers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "outfile.h"

/**
 * struct tb_readers - who may read all
 * @config: the station's: without packs there are no roles
 * @path: the file
 * @uids: an array of those who have a role that reads all; null while nobody has the
 *	role admin; NULL while it is not known
 */
struct tb_readers {
	const struct tb_config *config;
	char *path;
	json_t *uids;
};

static bool is_list(const json_t *uids)
{
	const json_t *uid;
	size_t i;

	json_array_foreach((json_t *)uids, i, uid)
		if (!json_is_integer(uid) || json_integer_value(uid) < 0)
			return false;
	return json_is_array(uids) || json_is_null(uids);
}

/**
 * tb_readers_open() - take up what was told last
 * @config: the station's; kept
 * @readers: set to them; tb_readers_close() closes them
 * @err: told what went wrong
 *
 * A file that is not there or cannot be read is as if nothing was told.
 *
 * Return: 0 or a negative errno.
 */
int tb_readers_open(const struct tb_config *config, struct tb_readers **readers,
		    struct tb_error *err)
{
	struct tb_readers *r = calloc(1, sizeof(*r));
	json_error_t where;

	if (r)
		r->path = tb_beside(config->ledger, "readers.json");
	if (!r || !r->path) {
		free(r);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	r->config = config;
	r->uids = json_load_file(r->path, JSON_DECODE_ANY, &where);
	if (r->uids && !is_list(r->uids)) {
		json_decref(r->uids);
		r->uids = NULL;
	}
	if (!r->uids && !access(r->path, F_OK))
		tb_log_warning("%s cannot be read: until tongbu-referee tells who has which role, only root reads all records",
			       r->path);
	*readers = r;
	return 0;
}

/**
 * tb_readers_set() - who may read all from now on
 * @readers: the readers
 * @uids: an array of their uids; null while nobody has the role admin
 * @err: told what went wrong
 *
 * Return: 0; -EINVAL if it is neither; or another negative errno, and then it holds
 * until the daemon ends.
 */
int tb_readers_set(struct tb_readers *readers, const json_t *uids, struct tb_error *err)
{
	struct tb_outfile out;
	int ret;

	if (!is_list(uids))
		return tb_error_set(err, -EINVAL, "uids");
	if (readers->uids && json_equal(readers->uids, uids))
		return 0;
	json_decref(readers->uids);
	readers->uids = json_deep_copy(uids);
	ret = tb_outfile_open(&out, readers->path, err);
	if (ret)
		return ret;
	if (json_dumpf(readers->uids, out.file, JSON_COMPACT | JSON_ENCODE_ANY))
		ret = tb_error_set(err, -EIO, "%s cannot be written", readers->path);
	if (!ret)
		ret = tb_outfile_commit(&out, err);
	tb_outfile_close(&out);
	return ret;
}

/**
 * tb_readers_may() - may this user read what everybody submitted?
 * @readers: the readers
 * @uid: a user of the group
 *
 * Return: whether.
 */
bool tb_readers_may(const struct tb_readers *readers, uid_t uid)
{
	const json_t *known;
	size_t i;

	/* Where nobody is admin yet, anybody of the group can make himself one. */
	if (!readers->config->pack_count || json_is_null(readers->uids))
		return true;
	json_array_foreach(readers->uids, i, known)
		if (json_integer_value(known) == (json_int_t)uid)
			return true;
	return false;
}

/**
 * tb_readers_why_not() - why may somebody not?
 * @readers: the readers
 *
 * Return: half a sentence, constant.
 */
const char *tb_readers_why_not(const struct tb_readers *readers)
{
	return readers->uids ?
		       "it takes the role supervisor, auditor or admin, or root" :
		       "tongbu-referee has not told yet who has which role: start it, or ask as root";
}

/**
 * tb_readers_close() - forget them
 * @readers: the readers, or NULL
 */
void tb_readers_close(struct tb_readers *readers)
{
	if (!readers)
		return;
	json_decref(readers->uids);
	free(readers->path);
	free(readers);
}
