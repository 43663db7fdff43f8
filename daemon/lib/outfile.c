// SPDX-License-Identifier: GPL-2.0-only
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the file is to be: behind all links. NULL if a link leads to nothing. */
static char *place_of(const char *path)
{
	struct stat st;
	char *real;

	/* A pipe behind /dev/stdout has no other name. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return strdup(path);
	real = realpath(path, NULL);

	if (real || errno != ENOENT)
		return real;
	if (!lstat(path, &st)) {
		errno = ELOOP;
		return NULL;
	}
	return strdup(path);
}

/* As open(2) would have made it: such a file is to be handed on */
static void open_up(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

/**
 * tb_outfile_open() - begin a file
 * @out: filled in; to be closed by the caller, also if this fails
 * @path: name it is to have; what is there is replaced on commit
 * @err: told why not, or NULL
 *
 * Context: changes the process's umask for a moment.
 * Return: 0 or a negative errno.
 */
int tb_outfile_open(struct tb_outfile *out, const char *path, struct tb_error *err)
{
	struct stat st;
	int fd = -1;

	*out = (struct tb_outfile){ .path = place_of(path) };
	if (!out->path)
		return errno == ELOOP ? tb_error_set(err, -ELOOP, "%s is a link to nothing", path) :
					tb_error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (!stat(out->path, &st) && !S_ISREG(st.st_mode)) {
		fd = open(out->path, O_WRONLY | O_CLOEXEC);
	} else if (asprintf(&out->temp, "%s.XXXXXX", out->path) < 0) {
		out->temp = NULL;
		return tb_error_set(err, -ENOMEM, "out of memory");
	} else {
		fd = mkostemp(out->temp, O_CLOEXEC);
	}
	if (fd < 0) {
		int code = errno;

		tb_error_set(err, -code, "cannot create %s: %s", out->temp ?: out->path,
			     strerror(code));
		free(out->temp);
		out->temp = NULL;
		return -code;
	}
	if (out->temp)
		open_up(fd);
	out->file = fdopen(fd, "w");
	if (!out->file) {
		close(fd);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

/* A device or a pipe has no disk: it is flushed as far as it goes. */
static int flush(FILE *file)
{
	if (fflush(file))
		return -errno;
	if (fsync(fileno(file)) && errno != EINVAL && errno != EROFS)
		return -errno;
	return 0;
}

static int flush_folder(const char *path)
{
	char *copy = strdup(path);
	int fd, ret = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return -errno;
	if (fsync(fd))
		ret = -errno;
	close(fd);
	return ret;
}

/**
 * tb_outfile_commit() - give the file its name
 * @out: the file, which is whole; still to be closed
 * @err: told why not, or NULL
 *
 * Return: 0 or a negative errno.
 */
int tb_outfile_commit(struct tb_outfile *out, struct tb_error *err)
{
	int ret = flush(out->file);

	if (ret)
		return tb_error_set(err, ret, "cannot write %s: %s", out->temp ?: out->path,
				    strerror(-ret));
	if (!out->temp)
		return 0;
	if (rename(out->temp, out->path))
		return tb_error_set(err, -errno, "cannot rename %s to %s: %m", out->temp,
				    out->path);
	free(out->temp);
	out->temp = NULL;
	ret = flush_folder(out->path);
	if (ret)
		return tb_error_set(err, ret, "cannot flush the folder of %s: %s", out->path,
				    strerror(-ret));
	return 0;
}

/**
 * tb_outfile_close() - be done with the file
 * @out: the file; if it was not committed, nothing is left of it
 */
void tb_outfile_close(struct tb_outfile *out)
{
	if (out->file)
		fclose(out->file);
	if (out->temp)
		unlink(out->temp);
	free(out->temp);
	free(out->path);
	*out = (struct tb_outfile){ 0 };
}
