// SPDX-License-Identifier: GPL-2.0-only
/*
 * Move simulated lines as fast as the kernel takes it:
 *
 *	edges COUNT FILE...
 *
 * Each FILE is the "pull" of a gpio-sim line, at rest low. Writes COUNT levels,
 * the lines in turn; each write is an edge. One thread for each line.
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct line {
	const char *path;
	long count;
	pthread_t thread;
};

static void *move(void *arg)
{
	static const char *const words[] = { "pull-up", "pull-down" };
	const struct line *line = arg;
	int fd = open(line->path, O_WRONLY | O_CLOEXEC);
	long i;

	if (fd < 0)
		err(1, "%s", line->path);
	for (i = 0; i < line->count; i++) {
		const char *word = words[i & 1];

		if (pwrite(fd, word, strlen(word), 0) != (ssize_t)strlen(word))
			err(1, "%s", line->path);
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	long total = argc > 2 ? atol(argv[1]) : 0;
	int i, lines = argc - 2;
	struct line *line;

	if (total <= 0)
		errx(2, "usage: edges COUNT FILE...");
	line = calloc((size_t)lines, sizeof(*line));
	if (!line)
		err(1, NULL);
	for (i = 0; i < lines; i++) {
		line[i].path = argv[i + 2];
		line[i].count = total / lines + (i < total % lines);
		if (pthread_create(&line[i].thread, NULL, move, &line[i]))
			errx(1, "no thread");
	}
	for (i = 0; i < lines; i++)
		pthread_join(line[i].thread, NULL);
	free(line);
	return 0;
}
