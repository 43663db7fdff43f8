// SPDX-License-Identifier: GPL-2.0-only
/* Data of people: what a key opens, and what is left of one that was erased. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "erased.h"
#include "subjects.h"

#define HEAD "tongbu blob v1\n"
#define MANY 2000

static const char words[] = "Zhang San, 110101199003074578, hepatitis B";
static struct tb_error err;
static struct tb_subjects *keys;

/* Blobs stand in the scratch folder too, where its removal finds them. */
static int open_keys(void **state)
{
	int ret = scratch_make(state);

	if (ret)
		return ret;
	return tb_subjects_open(scratch_path("keys.db"), scratch_path("."), &keys, &err);
}

static int close_keys(void **state)
{
	tb_subjects_close(keys);
	keys = NULL;
	return scratch_remove(state);
}

static void seal(const char *subject, char hash[TB_HASH_SIZE])
{
	assert_done(tb_subject_seal(keys, subject, words, strlen(words), hash, &err), err);
}

/* Opens to the words, and says whose they are */
static void opens(const char *hash, const char *subject)
{
	char whose[TB_SUBJECT_SIZE];
	char *bytes;
	size_t len;

	assert_done(tb_subject_open(keys, hash, &bytes, &len, whose, &err), err);
	assert_int_equal(len, strlen(words));
	assert_string_equal(bytes, words);
	assert_string_equal(whose, subject);
	free(bytes);
}

static void does_not_open(const char *hash, int code, const char *message)
{
	char whose[TB_SUBJECT_SIZE];
	char *bytes;
	size_t len;

	assert_int_equal(tb_subject_open(keys, hash, &bytes, &len, whose, &err), code);
	assert_null(bytes);
	assert_contains(err.text, message);
}

/* All files whose name begins so have these bytes nowhere */
static bool somewhere(const char *prefix, const void *what, size_t len)
{
	struct dirent *entry;
	DIR *dir = opendir(scratch_path("."));
	bool found = false;
	char *bytes;
	size_t size;

	assert_non_null(dir);
	while (!found && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) || entry->d_name[0] == '.')
			continue;
		assert_done(tb_file_read(scratch_path(entry->d_name), &bytes, &size, &err), err);
		found = memmem(bytes, size, what, len);
		free(bytes);
	}
	closedir(dir);
	return found;
}

static void key_of(const char *subject, uint8_t key[32])
{
	sqlite3_stmt *stmt;
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(scratch_path("keys.db"), &db, SQLITE_OPEN_READONLY, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT key FROM key WHERE subject = ?", -1, &stmt,
					    NULL),
			 SQLITE_OK);
	sqlite3_bind_text(stmt, 1, subject, -1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_column_bytes(stmt, 0), 32);
	memcpy(key, sqlite3_column_blob(stmt, 0), 32);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void pseudonyms(void **state)
{
	(void)state;
	assert_true(tb_subject_valid("S-1"));
	assert_true(tb_subject_valid("S-0123456789abcdefghij-KLMNOPQRSTU"));
	assert_false(tb_subject_valid("S-0123456789abcdefghij-KLMNOPQRSTUV"));
	assert_false(tb_subject_valid("S-"));
	assert_false(tb_subject_valid("s-1"));
	assert_false(tb_subject_valid("Zhang San"));
	assert_false(tb_subject_valid("S-a b"));
	assert_false(tb_subject_valid("S-a\n"));
	assert_false(tb_subject_valid("S-ü"));
	assert_false(tb_subject_valid(""));
}

static void sealed_and_opened(void **state)
{
	char one[TB_HASH_SIZE], two[TB_HASH_SIZE], head[] = HEAD "S-1\n";
	char *bytes;
	struct stat st;
	size_t len;

	(void)state;
	seal("S-1", one);
	seal("S-1", two);
	assert_string_not_equal(one, two);
	opens(one, "S-1");
	opens(two, "S-1");
	assert_done(tb_blob_read(scratch_path("."), one, &bytes, &len, &err), err);
	assert_int_equal(len, strlen(head) + 12 + strlen(words) + 16);
	assert_memory_equal(bytes, head, strlen(head));
	assert_true(tb_subject_sealed(bytes, len));
	free(bytes);
	assert_false(somewhere("", "Zhang", 5));
	assert_int_equal(stat(scratch_path("keys.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(scratch_path("keys.db-journal"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	/* The keys outlast the daemon. */
	tb_subjects_close(keys);
	assert_done(tb_subjects_open(scratch_path("keys.db"), scratch_path("."), &keys, &err), err);
	opens(one, "S-1");
}

static void plain(void **state)
{
	char hash[TB_HASH_SIZE];

	(void)state;
	assert_done(tb_blob_write(scratch_path("."), words, strlen(words), hash, &err), err);
	opens(hash, "");
	does_not_open("00000000000000000000000000000000000000000000000000000000000000aa", -ENOENT,
		      "is not there");
	does_not_open("../keys.db", -ENOENT, "is not there");
}

static void limits(void **state)
{
	char hash[TB_HASH_SIZE];
	char *big = calloc(1, TB_BLOB_MAX + 1);

	(void)state;
	assert_non_null(big);
	assert_done(tb_subject_seal(keys, "S-1", big, TB_BLOB_MAX, hash, &err), err);
	assert_int_equal(tb_subject_seal(keys, "S-1", big, TB_BLOB_MAX + 1, hash, &err), -EFBIG);
	assert_contains(err.text, "8388609 bytes");
	assert_int_equal(tb_subject_seal(keys, "S-1", big, 0, hash, &err), -EINVAL);
	assert_int_equal(tb_subject_seal(keys, "Zhang", big, 1, hash, &err), -EINVAL);
	assert_contains(err.text, "Zhang is not a pseudonym");
	assert_int_equal(tb_subject_erase(keys, "Zhang", &err), -EINVAL);
	free(big);
}

/* A blob that bears the name of what it now holds, as one who forges would make it */
static void forge(const char *hash, size_t at, const char *with, char forged[TB_HASH_SIZE])
{
	char *bytes;
	size_t len;

	assert_done(tb_blob_read(scratch_path("."), hash, &bytes, &len, &err), err);
	assert_true(at + strlen(with) <= len);
	memcpy(bytes + at, with, strlen(with));
	assert_done(tb_blob_write(scratch_path("."), bytes, len, forged, &err), err);
	free(bytes);
}

static void wrong_subject(void **state)
{
	char hash[TB_HASH_SIZE], other[TB_HASH_SIZE], forged[TB_HASH_SIZE];

	(void)state;
	seal("S-1", hash);
	forge(hash, strlen(HEAD), "S-2", forged);
	does_not_open(forged, -ENOKEY, "no key of S-2");
	seal("S-2", other);
	does_not_open(forged, -EBADMSG, "does not open with the key of S-2");
	opens(hash, "S-1");
	forge(hash, strlen(HEAD), "S 1", forged);
	does_not_open(forged, -EBADMSG, "malformed");
}

static void changed(void **state)
{
	char hash[TB_HASH_SIZE], forged[TB_HASH_SIZE];
	size_t at;
	char *bytes;
	size_t len;

	(void)state;
	seal("S-1", hash);
	assert_done(tb_blob_read(scratch_path("."), hash, &bytes, &len, &err), err);
	for (at = strlen(HEAD "S-1\n"); at < len; at++) {
		char with[] = { (char)(bytes[at] ^ 1), '\0' };

		if (*with) {
			forge(hash, at, with, forged);
			does_not_open(forged, -EBADMSG, "does not open");
		}
	}
	/* Cut short, it is still told from one that is plain. */
	assert_done(tb_blob_write(scratch_path("."), bytes, strlen(HEAD "S-1\n") + 20, forged,
				  &err),
		    err);
	does_not_open(forged, -EBADMSG, "malformed");
	assert_done(tb_blob_write(scratch_path("."), bytes, strlen(HEAD), forged, &err), err);
	does_not_open(forged, -EBADMSG, "malformed");

	/* The same name, other bytes */
	bytes[len - 1] ^= 1;
	scratch_write(hash, bytes, len);
	does_not_open(hash, -EBADMSG, "was changed");
	free(bytes);
}

static void erased(void **state)
{
	char hash[TB_HASH_SIZE], other[TB_HASH_SIZE];
	uint8_t key[32], kept[32];

	(void)state;
	seal("S-1", hash);
	seal("S-2", other);
	key_of("S-1", key);
	key_of("S-2", kept);
	assert_true(somewhere("keys.db", key, sizeof(key)));
	assert_done(tb_subject_erase(keys, "S-1", &err), err);
	does_not_open(hash, -EKEYREVOKED, "erased");
	opens(other, "S-2");
	assert_false(somewhere("keys.db", key, sizeof(key)));
	assert_true(somewhere("keys.db", kept, sizeof(kept)));

	/* No other key for this subject, neither now nor after a restart */
	assert_int_equal(tb_subject_seal(keys, "S-1", "x", 1, hash, &err), -EKEYREVOKED);
	tb_subjects_close(keys);
	assert_done(tb_subjects_open(scratch_path("keys.db"), scratch_path("."), &keys, &err), err);
	assert_int_equal(tb_subject_seal(keys, "S-1", "x", 1, hash, &err), -EKEYREVOKED);
	assert_done(tb_subject_erase(keys, "S-1", &err), err);

	/* Nor for one that never had a key */
	assert_done(tb_subject_erase(keys, "S-3", &err), err);
	assert_int_equal(tb_subject_seal(keys, "S-3", "x", 1, hash, &err), -EKEYREVOKED);
}

/* Many pages, and journals of them: no copy of an erased key is left anywhere. */
static void erased_among_many(void **state)
{
	static uint8_t all[MANY][32];
	char subject[TB_SUBJECT_SIZE], hash[TB_HASH_SIZE];
	unsigned int i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		/* In no order, so that the index splits */
		snprintf(subject, sizeof(subject), "S-%08x", i * 2654435761U);
		assert_done(tb_subject_seal(keys, subject, "x", 1, hash, &err), err);
		key_of(subject, all[i]);
	}
	for (i = 0; i < MANY; i += 2) {
		snprintf(subject, sizeof(subject), "S-%08x", i * 2654435761U);
		assert_done(tb_subject_erase(keys, subject, &err), err);
	}
	for (i = 0; i < MANY; i++)
		if (somewhere("keys.db", all[i], 32) != (i % 2))
			fail_msg("key %u of %u is %sthere", i, MANY, i % 2 ? "not " : "");
}

static void who_brought_it(void **state)
{
	char hash[TB_HASH_SIZE];

	(void)state;
	seal("S-1", hash);
	assert_false(tb_blob_bringer(keys, hash, 1000));
	assert_done(tb_blob_brought(keys, hash, 1000, &err), err);
	assert_done(tb_blob_brought(keys, hash, 1000, &err), err);
	assert_true(tb_blob_bringer(keys, hash, 1000));
	assert_false(tb_blob_bringer(keys, hash, 1001));
}

/* What a matter names is told from what it names and is gone */
static void erased_in_a_matter(void **state)
{
	char mine[TB_HASH_SIZE], other[TB_HASH_SIZE], open[TB_HASH_SIZE];
	json_t *row, *list;

	(void)state;
	seal("S-1", mine);
	seal("S-1", other);
	seal("S-2", open);
	assert_done(tb_blob_write(scratch_path("."), words, 5, other, &err), err);
	row = json_pack("{s:s, s:s, s:{s:s, s:[s, {s:s}], s:s, s:i, s:s}}", "id", mine, "key",
			"S-1", "data", "identity", mine, "list", open, "deep", mine, "plain", other,
			"n", 7, "words", "erased");
	list = tb_erased_of(keys, row);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	assert_done(tb_subject_erase(keys, "S-1", &err), err);
	assert_true(tb_subject_erased(keys, "S-1"));
	assert_false(tb_subject_erased(keys, "S-2"));
	assert_true(tb_blob_erased(keys, mine));
	assert_false(tb_blob_erased(keys, open));
	assert_false(tb_blob_erased(keys, other));
	assert_false(tb_blob_erased(keys, "../keys.db"));
	list = tb_erased_of(keys, row);
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 0)), "S-1");
	assert_string_equal(json_string_value(json_array_get(list, 1)), mine);
	json_decref(list);
	json_decref(row);
}

static void no_keys(void **state)
{
	struct tb_subjects *none = NULL;

	(void)state;
	scratch_write("other.db", "this is no database, and is not to become one", 45);
	assert_int_not_equal(tb_subjects_open(scratch_path("other.db"), scratch_path("."), &none,
					      &err),
			     0);
	assert_contains(err.text, "other.db");
	assert_int_equal(tb_subjects_open(scratch_path("no/keys.db"), scratch_path("."), &none,
					  &err),
			 -ENOENT);
	assert_null(none);
	tb_subjects_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_keys, close_keys)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pseudonyms),
		TEST(sealed_and_opened),
		TEST(plain),
		TEST(limits),
		TEST(wrong_subject),
		TEST(changed),
		TEST(erased),
		TEST(erased_among_many),
		TEST(erased_in_a_matter),
		TEST(who_brought_it),
		TEST(no_keys),
	};

	return cmocka_run_group_tests_name("subjects", tests, NULL, NULL);
}
