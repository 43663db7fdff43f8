// SPDX-License-Identifier: GPL-2.0-only
#include "salt.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

/*
 * Who made the file need not be who reads it: made by root, with tongbuctl, it is of
 * the owner of its directory, the daemon's user. And the directory must not forget it.
 */
static int settle(int fd, const char *path)
{
	char *copy = strdup(path);
	struct stat st;
	int dir, ret = -EIO;

	dir = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (dir >= 0 && !fstat(dir, &st) && (geteuid() || !fchown(fd, st.st_uid, st.st_gid)) &&
	    !fsync(dir))
		ret = 0;
	if (dir >= 0)
		close(dir);
	free(copy);
	return ret;
}

/* 32 bytes drawn at random, and none of them lost when the power goes */
static int draw(const char *path, uint8_t salt[TONGBU_SALT_LEN], struct tb_error *err)
{
	int fd, ret;

	if (getrandom(salt, TONGBU_SALT_LEN, 0) != TONGBU_SALT_LEN)
		return tb_error_set(err, -EIO, "no salt could be drawn: %s", strerror(errno));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return tb_error_set(err, -errno, "salt_file %s cannot be made: %s", path,
				    strerror(errno));
	ret = write(fd, salt, TONGBU_SALT_LEN) == TONGBU_SALT_LEN && !fsync(fd) ? settle(fd, path) :
										  -EIO;
	if (close(fd) || ret) {
		unlink(path);
		return tb_error_set(err, -EIO, "salt_file %s could not be written", path);
	}
	tb_log_notice("salt_file %s made: keep a copy where the ledger is not", path);
	return 0;
}

static int load(int fd, const char *path, uint8_t salt[TONGBU_SALT_LEN], struct tb_error *err)
{
	uint8_t more;
	struct stat st;

	if (fstat(fd, &st))
		return tb_error_set(err, -errno, "salt_file %s: %s", path, strerror(errno));
	if (st.st_mode & 077)
		return tb_error_set(err, -EINVAL,
				    "salt_file %s can be read by others: chmod 600 it", path);
	if (read(fd, salt, TONGBU_SALT_LEN) != TONGBU_SALT_LEN || read(fd, &more, 1))
		return tb_error_set(err, -EINVAL, "salt_file %s has not %d bytes", path,
				    TONGBU_SALT_LEN);
	return 0;
}

/**
 * tb_salt_load() - give the salt to the sources that hash
 * @devices: the devices; without a source that hashes nothing is done
 * @err: told what went wrong
 *
 * The file is made if there is none.
 *
 * Return: 0; -EINVAL if the file is none; or another negative errno.
 */
int tb_salt_load(struct tb_devices *devices, struct tb_error *err)
{
	uint8_t salt[TONGBU_SALT_LEN];
	bool wanted = false;
	int fd, ret = 0;
	size_t i;

	for (i = 0; i < devices->source_count; i++)
		wanted = wanted || devices->sources[i].flags & TONGBU_SOURCE_HASHED;
	if (!wanted)
		return 0;
	fd = open(devices->salt_file, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		ret = load(fd, devices->salt_file, salt, err);
		close(fd);
	} else if (errno == ENOENT) {
		ret = draw(devices->salt_file, salt, err);
	} else {
		ret = tb_error_set(err, -errno, "salt_file %s cannot be read: %s",
				   devices->salt_file, strerror(errno));
	}
	for (i = 0; !ret && i < devices->source_count; i++)
		if (devices->sources[i].flags & TONGBU_SOURCE_HASHED)
			memcpy(devices->sources[i].input.salt, salt, sizeof(salt));
	explicit_bzero(salt, sizeof(salt));
	return ret;
}
