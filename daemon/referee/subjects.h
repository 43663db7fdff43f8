/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data of people, in blobs that only a key opens: one key for each subject, kept in a
 * database of its own. Erase the key, and all blobs of that subject are
 * noise, while records that name them by hash are what they were.
 *
 * A sealed blob is the line "tongbu blob v1", a line with the subject, 12 bytes of
 * nonce, the data under ChaCha20-Poly1305 with the subject as associated data, and
 * 16 bytes of tag. Its name is the SHA-256 of all of that.
 */
#ifndef TONGBU_SUBJECTS_H
#define TONGBU_SUBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blobs.h"

/* "S-", 1 to 32 letters, digits and "-", NUL */
#define TB_SUBJECT_SIZE 35
/* The most that one blob takes in */
#define TB_BLOB_MAX (8UL * 1024 * 1024)

struct tb_subjects;

bool tb_subject_valid(const char *subject);
bool tb_subject_sealed(const void *bytes, size_t len);

int tb_subjects_open(const char *path, const char *blobs, struct tb_subjects **subjects,
		     struct tb_error *err);
void tb_subjects_close(struct tb_subjects *subjects);

int tb_subject_seal(struct tb_subjects *subjects, const char *subject, const void *bytes,
		    size_t len, char hash[TB_HASH_SIZE], struct tb_error *err);
int tb_subject_open(struct tb_subjects *subjects, const char *hash, char **bytes, size_t *len,
		    char subject[TB_SUBJECT_SIZE], struct tb_error *err);
int tb_subject_erase(struct tb_subjects *subjects, const char *subject, struct tb_error *err);
bool tb_subject_erased(struct tb_subjects *subjects, const char *subject);
bool tb_blob_erased(struct tb_subjects *subjects, const char *hash);

int tb_blob_brought(struct tb_subjects *subjects, const char *hash, int64_t uid,
		    struct tb_error *err);
bool tb_blob_bringer(struct tb_subjects *subjects, const char *hash, int64_t uid);

#endif /* TONGBU_SUBJECTS_H */
