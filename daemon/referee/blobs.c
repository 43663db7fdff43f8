// SPDX-License-Identifier: GPL-2.0-only
#include "blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "hex.h"

#define FILE_MAX (256UL * 1024 * 1024)

/**
 * tb_blob_hash() - the name of these bytes
 * @bytes: the bytes
 * @len: how many
 * @hash: where it goes, hexadecimal
 *
 * Return: 0, or -EIO if libcrypto failed.
 */
int tb_blob_hash(const void *bytes, size_t len, char hash[TB_HASH_SIZE])
{
	uint8_t digest[32];

	if (!EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL))
		return -EIO;
	tb_hex_encode(hash, digest, sizeof(digest));
	return 0;
}

/**
 * tb_file_read() - read a whole file
 * @path: the file, 256 MiB at the most
 * @bytes: set to what is in it, with a NUL behind; the caller frees it
 * @len: set to how many
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_file_read(const char *path, char **bytes, size_t *len, struct tb_error *err)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	int ret = 0;

	if (!file)
		return tb_error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (fstat(fileno(file), &st) || !S_ISREG(st.st_mode) || (size_t)st.st_size > FILE_MAX)
		ret = tb_error_set(err, -EFBIG, "%s is no regular file, or more than 256 MiB",
				   path);
	*len = ret ? 0 : (size_t)st.st_size;
	*bytes = ret ? NULL : malloc(*len + 1);
	if (!ret && !*bytes)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	if (!ret && fread(*bytes, 1, *len, file) != *len)
		ret = tb_error_set(err, -EIO, "%s cannot be read", path);
	fclose(file);
	if (ret) {
		free(*bytes);
		*bytes = NULL;
		return ret;
	}
	(*bytes)[*len] = '\0';
	return 0;
}

/**
 * tb_blob_read() - read a blob
 * @folder: where blobs are, or NULL
 * @hash: its name
 * @bytes: set to what is in it, with a NUL behind; the caller frees it
 * @len: set to how many
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if it is not there; -EBADMSG if it is not what its name
 * says; or another negative errno.
 */
int tb_blob_read(const char *folder, const char *hash, char **bytes, size_t *len,
		 struct tb_error *err)
{
	char path[4096], found[TB_HASH_SIZE];
	uint8_t digest[32];
	int ret;

	if (!folder || tb_hex_decode(hash, digest, sizeof(digest)))
		return tb_error_set(err, -ENOENT, "blob %s is not there", hash);
	snprintf(path, sizeof(path), "%s/%s", folder, hash);
	ret = tb_file_read(path, bytes, len, NULL);
	if (ret)
		return tb_error_set(err, ret, "blob %s is not there", hash);
	ret = tb_blob_hash(*bytes, *len, found);
	if (!ret && !strcasecmp(hash, found))
		return 0;
	free(*bytes);
	return tb_error_set(err, -EBADMSG, "blob %s was changed", hash);
}

static int write_all(int fd, const char *bytes, size_t len)
{
	ssize_t done;

	for (; len; bytes += done, len -= (size_t)done) {
		done = write(fd, bytes, len);
		if (done < 0)
			return -errno;
	}
	return fsync(fd) ? -errno : 0;
}

/* A new name is durable when its directory is. */
static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = fd < 0 || fsync(fd) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return ret;
}

/**
 * tb_blob_write() - keep these bytes
 * @folder: where blobs are; made if it is not there
 * @bytes: the bytes
 * @len: how many
 * @hash: set to the name
 * @err: told what went wrong
 *
 * On the disk when it returns.
 *
 * Return: 0 or a negative errno.
 */
int tb_blob_write(const char *folder, const void *bytes, size_t len, char hash[TB_HASH_SIZE],
		  struct tb_error *err)
{
	char path[4096], temp[4096];
	int fd, ret;

	ret = tb_blob_hash(bytes, len, hash);
	if (ret)
		return tb_error_set(err, ret, "libcrypto failed");
	if (mkdir(folder, 0750) && errno != EEXIST)
		return tb_error_set(err, -errno, "%s: %s", folder, strerror(errno));
	snprintf(path, sizeof(path), "%s/%s", folder, hash);
	if (!access(path, F_OK))
		return 0;
	snprintf(temp, sizeof(temp), "%s/.XXXXXX", folder);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return tb_error_set(err, -errno, "%s: %s", temp, strerror(errno));
	fchmod(fd, 0640);
	ret = write_all(fd, bytes, len);
	close(fd);
	if (!ret && rename(temp, path))
		ret = -errno;
	if (ret)
		unlink(temp);
	else
		ret = sync_folder(folder);
	if (ret)
		return tb_error_set(err, ret, "%s: %s", path, strerror(-ret));
	return 0;
}
