// SPDX-License-Identifier: GPL-2.0-only
/* Blobs, plain and of people: put, read, and erased by their key. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "blob_view.h"
#include "erased.h"
#include "hex.h"
#include "house.h"
#include "log.h"
#include "subjects.h"

/* What blobs leave free on the disk: the ledger must find room. */
#define DISK_FREE (128UL * 1024 * 1024)

static int open_subjects(struct tb_house *house, struct tb_error *err)
{
	char *path;
	int ret;

	if (house->subjects)
		return 0;
	if (house->copy)
		return tb_error_set(err, -EINVAL,
				    "this is a replica of %s: it has no data of people",
				    house->copy);
	path = tb_beside(house->config->state, "keys.db");
	if (!path)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = tb_subjects_open(path, house->config->blobs, &house->subjects, err);
	free(path);
	return ret;
}

static int check_disk(const struct tb_house *house, struct tb_error *err)
{
	struct statvfs fs;
	char *folder = tb_beside(house->config->state, ".");
	/* Before the first blob the directory is not there; it is as good as the state's. */
	bool known = !statvfs(house->config->blobs, &fs) || (folder && !statvfs(folder, &fs));

	free(folder);
	if (known && (uint64_t)fs.f_bavail * fs.f_frsize < DISK_FREE)
		return tb_error_set(err, -ENOSPC,
				    "%s: less than %lu MiB are free, so no blob is stored: make room on the disk",
				    house->config->blobs, DISK_FREE >> 20);
	return 0;
}

static int keep(struct tb_house *house, const uint8_t *bytes, size_t len, const char *subject,
		int64_t uid, char hash[TB_HASH_SIZE], struct tb_error *err)
{
	int ret;

	if (!len || len > TB_BLOB_MAX)
		return tb_error_set(err, -EINVAL, "the blob has %zu bytes: give 1 to %lu", len,
				    TB_BLOB_MAX);
	if (tb_subject_sealed(bytes, len))
		return tb_error_set(err, -EINVAL,
				    "this blob is sealed already: give the file that was sealed in it");
	ret = check_disk(house, err);
	if (!ret)
		ret = open_subjects(house, err);
	if (!ret && subject)
		ret = tb_subject_seal(house->subjects, subject, bytes, len, hash, err);
	else if (!ret)
		ret = tb_blob_write(house->config->blobs, bytes, len, hash, err);
	return ret ?: tb_blob_brought(house->subjects, hash, uid, err);
}

/**
 * tb_answer_put_blob() - PutBlob
 * @userdata: the house
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_answer_put_blob(void *userdata, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters)
{
	const char *text = json_string_value(json_object_get(parameters, "bytes"));
	const json_t *subject = json_object_get(parameters, "subject");
	char hash[TB_HASH_SIZE];
	struct tb_house *house = userdata;
	struct tb_error err;
	uint8_t *bytes;
	size_t len;
	int ret;

	(void)call;
	if (!text || tb_base64_decode(text, &bytes, &len))
		return tb_conn_invalid(conn, "bytes");
	if (subject && !json_is_null(subject) && !json_is_string(subject))
		ret = tb_error_set(&err, -EINVAL, "subject must be a string");
	else
		ret = keep(house, bytes, len, json_string_value(subject), tb_conn_uid(conn), hash,
			   &err);
	OPENSSL_cleanse(bytes, len);
	free(bytes);
	if (ret)
		return tb_conn_failed(conn, &err);
	return tb_conn_reply(conn, json_pack("{s:s}", "hash", hash), false);
}

/**
 * struct asked - who brought the blob that was asked for?
 * @subjects: knows it
 * @hash: the blob
 */
struct asked {
	struct tb_subjects *subjects;
	const char *hash;
};

static bool brought(int64_t by, void *userdata)
{
	const struct asked *asked = userdata;

	return tb_blob_bringer(asked->subjects, asked->hash, by);
}

static bool may_read(struct tb_house *house, const struct tb_conn *conn, const char *hash)
{
	struct asked asked = { house->subjects, hash };

	return tb_conn_is_root(conn) ||
	       tb_referee_sees_blob(tb_fold_referee(house->fold), tb_conn_uid(conn), hash, brought,
				    &asked);
}

static int reply_blob(struct tb_conn *conn, const char *bytes, size_t len, const char *subject)
{
	struct tb_error err;
	char *text;
	int ret = 0;

	if (len > TB_BLOB_MAX)
		ret = tb_error_set(&err, -EFBIG,
				   "the blob has %zu bytes: at most %lu can be read at once", len,
				   TB_BLOB_MAX);
	else if (tb_conn_large(conn))
		ret = tb_error_set(&err, -EBUSY, "too many blobs are being read: try again");
	if (ret)
		return tb_conn_failed(conn, &err);
	text = tb_base64_encode(bytes, len);
	if (!text)
		return -ENOMEM;
	ret = tb_conn_reply(conn,
			    json_pack("{s:s, s:s*}", "bytes", text, "subject",
				      *subject ? subject : NULL),
			    false);
	OPENSSL_cleanse(text, strlen(text));
	free(text);
	return ret;
}

/**
 * tb_answer_get_blob() - GetBlob
 * @userdata: the house
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Whether a blob is there is told only to those who may read it.
 *
 * Return: 0 or -ENOMEM.
 */
int tb_answer_get_blob(void *userdata, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters)
{
	const char *text = json_string_value(json_object_get(parameters, "hash"));
	char hash[TB_HASH_SIZE], subject[TB_SUBJECT_SIZE];
	struct tb_house *house = userdata;
	uint8_t digest[32];
	struct tb_error err;
	char *bytes;
	size_t len;
	int ret;

	(void)call;
	if (!text || tb_hex_decode(text, digest, sizeof(digest))) {
		tb_error_set(&err, -EINVAL, "give the hash of the blob: 64 hexadecimal digits");
		return tb_conn_failed(conn, &err);
	}
	tb_hex_encode(hash, digest, sizeof(digest));
	if (open_subjects(house, &err))
		return tb_conn_failed(conn, &err);
	if (!may_read(house, conn, hash))
		return tb_conn_denied(conn,
				      "only root, admins, supervisors and the sides of a matter that names the blob may read it");
	if (tb_subject_open(house->subjects, hash, &bytes, &len, subject, &err))
		return tb_conn_failed(conn, &err);
	ret = reply_blob(conn, bytes, len, subject);
	OPENSSL_cleanse(bytes, len);
	free(bytes);
	return ret;
}

/**
 * tb_answer_mark_erased() - say of a matter what of it is erased
 * @house: the house
 * @rows: one row, the matter; "erased" is set to the names that lead nowhere any more
 *
 * Who may see the matter may know that: it is no more than the erasure on record.
 */
void tb_answer_mark_erased(struct tb_house *house, const json_t *rows)
{
	json_t *row = json_array_get(rows, 0);
	struct tb_error err;

	if (row && !open_subjects(house, &err))
		json_object_set_new(row, "erased", tb_erased_of(house->subjects, row));
}

/**
 * tb_answer_erase_subject() - EraseSubject
 * @userdata: the house
 * @conn: who asks
 * @call: the question
 * @parameters: its parameters
 *
 * Return: 0 or -ENOMEM.
 */
int tb_answer_erase_subject(void *userdata, struct tb_conn *conn, const json_t *call,
			    const json_t *parameters)
{
	const char *subject = json_string_value(json_object_get(parameters, "subject"));
	struct tb_house *house = userdata;
	struct tb_error err;
	int ret;

	(void)call;
	if (!subject)
		return tb_conn_invalid(conn, "subject");
	if (!tb_conn_is_root(conn) &&
	    !tb_referee_has_role(tb_fold_referee(house->fold), tb_conn_uid(conn), "admin"))
		return tb_conn_denied(conn, "only root and actors of role admin may erase");
	ret = open_subjects(house, &err);
	if (!ret)
		ret = tb_subject_erase(house->subjects, subject, &err);
	if (ret)
		return tb_conn_failed(conn, &err);
	tb_log_notice("uid %u erased the data of %s", tb_conn_uid(conn), subject);
	return tb_conn_reply(conn, json_object(), false);
}
