// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys. An erased key must be nowhere, so no page of the table ever moves:
 * rows are only added at its end, and a key is erased by zeros of the same size in
 * its place. What pages looked like before stands in the rollback journal, which is
 * kept as a file and filled with zeros after each erasure.
 */
#include "subjects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sqlite3.h>

#define HEAD	  "tongbu blob v1\n"
#define HEAD_LEN  (sizeof(HEAD) - 1)
#define KEY_LEN	  32
#define NONCE_LEN 12
#define TAG_LEN	  16

static const char schema[] =
	"PRAGMA journal_mode = PERSIST; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON;"
	"PRAGMA temp_store = MEMORY;"
	"CREATE TABLE IF NOT EXISTS key (id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE,"
	" key BLOB NOT NULL, since INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS erased (subject TEXT PRIMARY KEY, time INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS brought (hash TEXT, uid INTEGER, PRIMARY KEY (hash, uid))"
	" WITHOUT ROWID;";

/**
 * struct tb_subjects - the keys of all subjects
 * @path: file of the database
 * @blobs: directory with the blobs
 * @db: the database
 */
struct tb_subjects {
	char *path;
	char *blobs;
	sqlite3 *db;
};

/**
 * tb_subject_valid() - is this a pseudonym?
 * @subject: what is said to be one
 *
 * Return: whether it is "S-" and 1 to 32 letters, digits and "-".
 */
bool tb_subject_valid(const char *subject)
{
	size_t len = strlen(subject);

	return len > 2 && len < TB_SUBJECT_SIZE && !strncmp(subject, "S-", 2) &&
	       strspn(subject, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") ==
		       len;
}

/**
 * tb_subject_sealed() - is this a sealed blob?
 * @bytes: what is in it
 * @len: how many
 *
 * Return: whether it begins as one.
 */
bool tb_subject_sealed(const void *bytes, size_t len)
{
	return len >= HEAD_LEN && !memcmp(bytes, HEAD, HEAD_LEN);
}

static int failed(const struct tb_subjects *s, struct tb_error *err)
{
	return tb_error_set(err, -EIO, "%s: %s", s->path, sqlite3_errmsg(s->db));
}

/* To be there before SQLite makes it, for the owner alone; its journal follows it. */
static int make_file(const char *path, struct tb_error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;
	int ret = 0;

	if (fd < 0)
		return tb_error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		ret = tb_error_set(err, -EINVAL, "%s is no regular file", path);
	else if ((st.st_mode & 077) && fchmod(fd, 0600))
		ret = tb_error_set(err, -errno, "%s can be read by others: %s", path,
				   strerror(errno));
	close(fd);
	return ret;
}

/**
 * tb_subjects_open() - open the keys, or make the file for them
 * @path: the file
 * @blobs: directory with the blobs; made when the first is written
 * @subjects: set to the keys; tb_subjects_close() closes them
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_subjects_open(const char *path, const char *blobs, struct tb_subjects **subjects,
		     struct tb_error *err)
{
	struct tb_subjects *s;
	int ret;

	ret = make_file(path, err);
	if (ret)
		return ret;
	s = calloc(1, sizeof(*s));
	if (s) {
		s->path = strdup(path);
		s->blobs = strdup(blobs);
	}
	if (!s || !s->path || !s->blobs)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	else if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE, NULL) ||
		 sqlite3_busy_timeout(s->db, 5000) || sqlite3_exec(s->db, schema, NULL, NULL, NULL))
		ret = failed(s, err);
	if (ret)
		tb_subjects_close(s);
	else
		*subjects = s;
	return ret;
}

/**
 * tb_subjects_close() - be done with the keys
 * @subjects: the keys, or NULL
 */
void tb_subjects_close(struct tb_subjects *subjects)
{
	if (!subjects)
		return;
	sqlite3_close(subjects->db);
	free(subjects->path);
	free(subjects->blobs);
	free(subjects);
}

static sqlite3_stmt *prepare(struct tb_subjects *s, const char *sql, const char *text)
{
	sqlite3_stmt *stmt = NULL;

	if (!sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL))
		sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
	return stmt;
}

/* Runs it to its end: a statement without rows */
static int run(struct tb_subjects *s, sqlite3_stmt *stmt, struct tb_error *err)
{
	int ret = 0;

	if (!stmt || sqlite3_step(stmt) != SQLITE_DONE)
		ret = failed(s, err);
	sqlite3_finalize(stmt);
	return ret;
}

static int refuse_erased(struct tb_subjects *s, const char *subject, struct tb_error *err)
{
	sqlite3_stmt *stmt =
		prepare(s,
			"SELECT strftime('%Y-%m-%d', time, 'unixepoch') FROM erased WHERE subject = ?",
			subject);
	int ret = 0, rc = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;

	if (rc == SQLITE_ROW)
		ret = tb_error_set(err, -EKEYREVOKED, "erased: the data of %s, on %s", subject,
				   (const char *)sqlite3_column_text(stmt, 0));
	else if (rc != SQLITE_DONE)
		ret = failed(s, err);
	sqlite3_finalize(stmt);
	return ret;
}

static int find_key(struct tb_subjects *s, const char *subject, uint8_t key[KEY_LEN],
		    struct tb_error *err)
{
	sqlite3_stmt *stmt;
	int rc, ret;

	ret = refuse_erased(s, subject, err);
	if (ret)
		return ret;
	stmt = prepare(s, "SELECT key FROM key WHERE subject = ?", subject);
	rc = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
	if (rc == SQLITE_ROW && sqlite3_column_bytes(stmt, 0) == KEY_LEN)
		memcpy(key, sqlite3_column_blob(stmt, 0), KEY_LEN);
	else if (rc == SQLITE_DONE)
		ret = tb_error_set(err, -ENOKEY, "there is no key of %s on this station", subject);
	else
		ret = failed(s, err);
	sqlite3_finalize(stmt);
	return ret;
}

static int make_key(struct tb_subjects *s, const char *subject, uint8_t key[KEY_LEN],
		    struct tb_error *err)
{
	sqlite3_stmt *stmt;

	if (RAND_priv_bytes(key, KEY_LEN) != 1)
		return tb_error_set(err, -EIO, "libcrypto has no random bytes");
	stmt = prepare(s,
		       "INSERT INTO key (subject, key, since) VALUES (?, ?, CAST(strftime('%s', 'now') AS INTEGER))",
		       subject);
	if (stmt)
		sqlite3_bind_blob(stmt, 2, key, KEY_LEN, SQLITE_STATIC);
	return run(s, stmt, err);
}

static int encrypt(const uint8_t *key, const char *subject, const void *bytes, size_t len,
		   uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *text = out + NONCE_LEN;
	int done, ret = -EIO;

	if (!ctx)
		return -ENOMEM;
	if (RAND_bytes(out, NONCE_LEN) == 1 &&
	    EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, out) &&
	    EVP_EncryptUpdate(ctx, NULL, &done, (const uint8_t *)subject, (int)strlen(subject)) &&
	    EVP_EncryptUpdate(ctx, text, &done, bytes, (int)len) &&
	    EVP_EncryptFinal_ex(ctx, text + done, &done) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, text + len))
		ret = 0;
	ERR_clear_error();
	EVP_CIPHER_CTX_free(ctx);
	return ret;
}

/* @sealed is nonce, data and tag; @bytes gets the data and a NUL. */
static int decrypt(const uint8_t *key, const char *subject, const uint8_t *sealed, size_t len,
		   char *bytes)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tag[TAG_LEN];
	int done, ret = -EBADMSG;

	if (!ctx)
		return -ENOMEM;
	memcpy(tag, sealed + NONCE_LEN + len, TAG_LEN);
	if (EVP_DecryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, sealed) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) &&
	    EVP_DecryptUpdate(ctx, NULL, &done, (const uint8_t *)subject, (int)strlen(subject)) &&
	    EVP_DecryptUpdate(ctx, (uint8_t *)bytes, &done, sealed + NONCE_LEN, (int)len) &&
	    EVP_DecryptFinal_ex(ctx, (uint8_t *)bytes + done, &done))
		ret = 0;
	bytes[len] = '\0';
	ERR_clear_error();
	EVP_CIPHER_CTX_free(ctx);
	return ret;
}

/**
 * tb_subject_seal() - keep data of a subject
 * @subjects: the keys
 * @subject: whose; who has no key yet gets one
 * @bytes: the data
 * @len: how many; 1 to %TB_BLOB_MAX
 * @hash: set to the name of the blob
 * @err: told what went wrong
 *
 * The same data are another blob each time: a hash tells nothing of them.
 *
 * Return: 0; -EINVAL if @subject is no pseudonym or there are no bytes; -EFBIG if
 * there are too many; -EKEYREVOKED if the subject was erased; or another
 * negative errno.
 */
int tb_subject_seal(struct tb_subjects *subjects, const char *subject, const void *bytes,
		    size_t len, char hash[TB_HASH_SIZE], struct tb_error *err)
{
	size_t head, size;
	uint8_t key[KEY_LEN];
	uint8_t *sealed;
	int ret;

	if (!tb_subject_valid(subject))
		return tb_error_set(err, -EINVAL,
				    "%.40s is not a pseudonym: give S- and 1 to 32 letters, digits or -",
				    subject);
	if (!len)
		return tb_error_set(err, -EINVAL, "the blob is empty: give at least one byte");
	if (len > TB_BLOB_MAX)
		return tb_error_set(err, -EFBIG, "the blob has %zu bytes: give %lu at the most",
				    len, TB_BLOB_MAX);
	head = HEAD_LEN + strlen(subject) + 1;
	size = head + NONCE_LEN + len + TAG_LEN;
	sealed = malloc(size);
	if (!sealed)
		return tb_error_set(err, -ENOMEM, "out of memory");
	ret = find_key(subjects, subject, key, err);
	if (ret == -ENOKEY)
		ret = make_key(subjects, subject, key, err);
	if (!ret) {
		memcpy(sealed, HEAD, HEAD_LEN);
		memcpy(sealed + HEAD_LEN, subject, head - HEAD_LEN - 1);
		sealed[head - 1] = '\n';
		ret = encrypt(key, subject, bytes, len, sealed + head);
		if (ret)
			tb_error_set(err, ret, "libcrypto failed");
	}
	OPENSSL_cleanse(key, sizeof(key));
	if (!ret)
		ret = tb_blob_write(subjects->blobs, sealed, size, hash, err);
	free(sealed);
	return ret;
}

/* The line behind the first; returns where the nonce begins, 0 if it makes no sense */
static size_t read_subject(const char *bytes, size_t len, char subject[TB_SUBJECT_SIZE])
{
	const char *line = bytes + HEAD_LEN;
	const char *end = memchr(line, '\n', len - HEAD_LEN);
	size_t head;

	if (!end || end - line >= TB_SUBJECT_SIZE)
		return 0;
	memcpy(subject, line, (size_t)(end - line));
	subject[end - line] = '\0';
	head = (size_t)(end + 1 - bytes);
	return tb_subject_valid(subject) && len >= head + NONCE_LEN + TAG_LEN ? head : 0;
}

static int open_sealed(struct tb_subjects *s, const char *hash, const char *sealed, size_t size,
		       char **bytes, size_t *len, char subject[TB_SUBJECT_SIZE],
		       struct tb_error *err)
{
	size_t head = read_subject(sealed, size, subject);
	uint8_t key[KEY_LEN];
	int ret;

	if (!head)
		return tb_error_set(err, -EBADMSG, "blob %s is malformed", hash);
	ret = find_key(s, subject, key, err);
	if (ret)
		return ret;
	*len = size - head - NONCE_LEN - TAG_LEN;
	*bytes = malloc(*len + 1);
	ret = *bytes ? decrypt(key, subject, (const uint8_t *)sealed + head, *len, *bytes) :
		       -ENOMEM;
	OPENSSL_cleanse(key, sizeof(key));
	if (!ret)
		return 0;
	/* What did not authenticate is nobody's to see. */
	if (*bytes)
		OPENSSL_cleanse(*bytes, *len);
	free(*bytes);
	*bytes = NULL;
	return tb_error_set(err, ret, "blob %s does not open with the key of %s", hash, subject);
}

/**
 * tb_subject_open() - read a blob, sealed or plain
 * @subjects: the keys
 * @hash: its name
 * @bytes: set to the data, with a NUL behind; the caller frees them
 * @len: set to how many
 * @subject: set to whose they are; empty if the blob is plain
 * @err: told what went wrong
 *
 * Return: 0; -ENOENT if there is no such blob; -EBADMSG if it is not what was
 * written; -EKEYREVOKED if the subject was erased; -ENOKEY if the subject's key is not
 * here; or another negative errno.
 */
int tb_subject_open(struct tb_subjects *subjects, const char *hash, char **bytes, size_t *len,
		    char subject[TB_SUBJECT_SIZE], struct tb_error *err)
{
	char *stored;
	size_t size;
	int ret;

	*subject = '\0';
	*bytes = NULL;
	ret = tb_blob_read(subjects->blobs, hash, &stored, &size, err);
	if (ret)
		return ret;
	if (tb_subject_sealed(stored, size)) {
		ret = open_sealed(subjects, hash, stored, size, bytes, len, subject, err);
		free(stored);
		return ret;
	}
	*bytes = stored;
	*len = size;
	return 0;
}

/* Zeros for all that the journal held. No transaction runs, so nothing needs it. */
static int wipe_journal(struct tb_subjects *s, struct tb_error *err)
{
	static const uint8_t zeros[4096];
	char path[4096];
	struct stat st;
	off_t at, part;
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s-journal", s->path);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 :
					 tb_error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st))
		ret = -errno;
	for (at = 0; !ret && at < st.st_size; at += part) {
		part = st.st_size - at < (off_t)sizeof(zeros) ? st.st_size - at :
								(off_t)sizeof(zeros);
		if (pwrite(fd, zeros, (size_t)part, at) != part)
			ret = -EIO;
	}
	if (!ret && fsync(fd))
		ret = -errno;
	close(fd);
	return ret ? tb_error_set(err, ret, "%s could not be overwritten: %s", path,
				  strerror(-ret)) :
		     0;
}

/**
 * tb_subject_erase() - erase the key of a subject, and with it all the data
 * @subjects: the keys
 * @subject: whose
 * @err: told what went wrong
 *
 * When it returns, the key is no more on the disk, as far as the file system
 * writes in place. There will be no other key for this subject. Erasing
 * once more does no harm, and who never had a key can have none any more.
 *
 * Return: 0 or a negative errno.
 */
int tb_subject_erase(struct tb_subjects *subjects, const char *subject, struct tb_error *err)
{
	struct tb_subjects *s = subjects;
	int ret;

	if (!tb_subject_valid(subject))
		return tb_error_set(err, -EINVAL,
				    "%.40s is not a pseudonym: give S- and 1 to 32 letters, digits or -",
				    subject);
	if (sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL))
		return failed(s, err);
	ret = run(s, prepare(s, "UPDATE key SET key = zeroblob(32) WHERE subject = ?", subject),
		  err);
	if (!ret)
		ret = run(s,
			  prepare(s,
				  "INSERT INTO erased (subject, time) VALUES"
				  " (?, CAST(strftime('%s', 'now') AS INTEGER)) ON CONFLICT DO NOTHING",
				  subject),
			  err);
	if (!ret && sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL))
		ret = failed(s, err);
	if (ret) {
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
		return ret;
	}
	sqlite3_db_release_memory(s->db);
	return wipe_journal(s, err);
}

/**
 * tb_subject_erased() - was the key of a subject erased?
 * @subjects: the keys
 * @subject: whose
 *
 * Return: whether it was.
 */
bool tb_subject_erased(struct tb_subjects *subjects, const char *subject)
{
	sqlite3_stmt *stmt = prepare(subjects, "SELECT 1 FROM erased WHERE subject = ?", subject);
	bool found = stmt && sqlite3_step(stmt) == SQLITE_ROW;

	sqlite3_finalize(stmt);
	return found;
}

/**
 * tb_blob_erased() - did a blob stand under a key that was erased?
 * @subjects: the keys
 * @hash: its name, in small letters
 *
 * Only the head of the blob is read.
 *
 * Return: whether it did; also false if there is no such blob.
 */
bool tb_blob_erased(struct tb_subjects *subjects, const char *hash)
{
	char path[4096], head[HEAD_LEN + TB_SUBJECT_SIZE + NONCE_LEN + TAG_LEN];
	char subject[TB_SUBJECT_SIZE];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", subjects->blobs, hash);
	file = fopen(path, "re");
	if (!file)
		return false;
	len = fread(head, 1, sizeof(head), file);
	fclose(file);
	return tb_subject_sealed(head, len) && read_subject(head, len, subject) &&
	       tb_subject_erased(subjects, subject);
}

/**
 * tb_blob_brought() - note who brought a blob
 * @subjects: the keys
 * @hash: its name
 * @uid: who
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_blob_brought(struct tb_subjects *subjects, const char *hash, int64_t uid,
		    struct tb_error *err)
{
	sqlite3_stmt *stmt =
		prepare(subjects,
			"INSERT INTO brought (hash, uid) VALUES (?, ?) ON CONFLICT DO NOTHING",
			hash);

	if (stmt)
		sqlite3_bind_int64(stmt, 2, uid);
	return run(subjects, stmt, err);
}

/**
 * tb_blob_bringer() - did this user bring this blob?
 * @subjects: the keys
 * @hash: its name
 * @uid: who
 *
 * Return: whether that was noted.
 */
bool tb_blob_bringer(struct tb_subjects *subjects, const char *hash, int64_t uid)
{
	sqlite3_stmt *stmt =
		prepare(subjects, "SELECT 1 FROM brought WHERE hash = ? AND uid = ?", hash);
	bool found;

	if (stmt)
		sqlite3_bind_int64(stmt, 2, uid);
	found = stmt && sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return found;
}
