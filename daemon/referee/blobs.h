/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files kept by the SHA-256 of what is in them: a record names the hash, so that
 * what stands behind it is as fixed as the record.
 */
#ifndef TONGBU_BLOBS_H
#define TONGBU_BLOBS_H

#include <stddef.h>

#include "error.h"

#define TB_HASH_SIZE 65

int tb_blob_hash(const void *bytes, size_t len, char hash[TB_HASH_SIZE]);
int tb_blob_read(const char *folder, const char *hash, char **bytes, size_t *len,
		 struct tb_error *err);
int tb_blob_write(const char *folder, const void *bytes, size_t len, char hash[TB_HASH_SIZE],
		  struct tb_error *err);
int tb_file_read(const char *path, char **bytes, size_t *len, struct tb_error *err);

#endif /* TONGBU_BLOBS_H */
