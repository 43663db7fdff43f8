/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that is there whole or not at all: written beside its place, flushed to the
 * disk, renamed. What is no regular file (a device, a pipe) is written through, and a
 * symbolic link stays: what it leads to is replaced.
 */
#ifndef TONGBU_OUTFILE_H
#define TONGBU_OUTFILE_H

#include <stdio.h>

#include "error.h"

/**
 * struct tb_outfile - a file in the making
 * @file: to write to
 * @path: where it is to be, links followed
 * @temp: where it is until then; NULL if @path itself is written to
 */
struct tb_outfile {
	FILE *file;
	char *path;
	char *temp;
};

int tb_outfile_open(struct tb_outfile *out, const char *path, struct tb_error *err);
int tb_outfile_commit(struct tb_outfile *out, struct tb_error *err);
void tb_outfile_close(struct tb_outfile *out);

#endif /* TONGBU_OUTFILE_H */
