// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key.h"

static void make_key(struct tb_key *key)
{
	struct tb_error err = { 0 };

	assert_done(tb_key_new(key, &err), err);
}

static unsigned int mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(scratch_path(name), &st), 0);
	return st.st_mode & 07777;
}

static void pairs_differ(void **state)
{
	static const uint8_t zero[TONGBU_KEY_LEN];
	struct tb_key a, b;

	(void)state;
	make_key(&a);
	make_key(&b);
	assert_true(a.has_private && b.has_private);
	assert_memory_not_equal(a.private, b.private, TONGBU_KEY_LEN);
	assert_memory_not_equal(a.public, b.public, TONGBU_KEY_LEN);
	tb_key_wipe(&a);
	assert_memory_equal(a.private, zero, sizeof(zero));
	assert_memory_equal(a.public, zero, sizeof(zero));
	assert_false(a.has_private);
}

static void private_to_file_and_back(void **state)
{
	struct tb_error err = { 0 };
	struct tb_key key, back;

	(void)state;
	make_key(&key);
	umask(0);
	assert_done(tb_key_save_private(scratch_path("k.pem"), &key, NULL, &err), err);
	umask(022);
	assert_int_equal(mode_of("k.pem"), 0600);
	assert_done(tb_key_load_private(scratch_path("k.pem"), NULL, &back, &err), err);
	assert_memory_equal(&back, &key, sizeof(key));
	assert_done(tb_key_load(scratch_path("k.pem"), NULL, &back, &err), err);
	assert_true(back.has_private);
}

static void public_to_file_and_back(void **state)
{
	static const uint8_t zero[TONGBU_KEY_LEN];
	struct tb_error err = { 0 };
	struct tb_key key, back;

	(void)state;
	make_key(&key);
	assert_done(tb_key_save_public(scratch_path("k.pub.pem"), &key, &err), err);
	assert_int_equal(mode_of("k.pub.pem"), 0644);
	assert_done(tb_key_load(scratch_path("k.pub.pem"), NULL, &back, &err), err);
	assert_memory_equal(back.public, key.public, TONGBU_KEY_LEN);
	assert_memory_equal(back.private, zero, TONGBU_KEY_LEN);
	assert_false(back.has_private);
	assert_int_equal(tb_key_load_private(scratch_path("k.pub.pem"), NULL, &back, &err),
			 -EINVAL);
	assert_contains(err.text, "public key only");

	key.has_private = false;
	assert_int_equal(tb_key_save_private(scratch_path("no.pem"), &key, NULL, &err), -EINVAL);
	assert_int_equal(access(scratch_path("no.pem"), F_OK), -1);
}

/* Where the public half belongs a private one is an accident, under a passphrase or not. */
static void private_where_the_public_belongs(void **state)
{
	static const uint8_t zero[TONGBU_KEY_LEN];
	const char *const passphrases[] = { NULL, "river" };
	struct tb_error err = { 0 };
	struct tb_key key, back;
	size_t i;

	(void)state;
	make_key(&key);
	for (i = 0; i < ARRAY_SIZE(passphrases); i++) {
		unlink(scratch_path("k.pem"));
		assert_done(tb_key_save_private(scratch_path("k.pem"), &key, passphrases[i], &err),
			    err);
		assert_int_equal(tb_key_load_public(scratch_path("k.pem"), &back, &err),
				 -EKEYREJECTED);
		assert_contains(err.text, "holds a private key");
		assert_memory_equal(back.private, zero, TONGBU_KEY_LEN);
	}
}

static void nothing_is_overwritten(void **state)
{
	struct tb_error err = { 0 };
	struct tb_key key, other, back;

	(void)state;
	make_key(&key);
	make_key(&other);
	assert_done(tb_key_save_private(scratch_path("k.pem"), &key, NULL, &err), err);
	assert_int_equal(tb_key_save_private(scratch_path("k.pem"), &other, NULL, &err), -EEXIST);
	assert_contains(err.text, "is not overwritten");
	assert_int_equal(tb_key_save_public(scratch_path("k.pem"), &other, &err), -EEXIST);
	assert_done(tb_key_load_private(scratch_path("k.pem"), NULL, &back, &err), err);
	assert_memory_equal(&back, &key, sizeof(key));

	/* Nor what a link points to, even if nothing is there */
	assert_int_equal(symlink("elsewhere.pem", scratch_path("link.pem")), 0);
	assert_int_equal(tb_key_save_private(scratch_path("link.pem"), &key, NULL, &err), -EEXIST);
	assert_int_equal(access(scratch_path("elsewhere.pem"), F_OK), -1);
}

static void no_such_place(void **state)
{
	struct tb_error err = { 0 };
	struct tb_key key;

	(void)state;
	make_key(&key);
	assert_int_equal(tb_key_save_private(scratch_path("no/such.pem"), &key, NULL, &err),
			 -ENOENT);
	assert_contains(err.text, "no/such.pem");
	assert_int_equal(tb_key_load(scratch_path("none.pem"), NULL, &key, &err), -ENOENT);
	assert_contains(err.text, "none.pem");
	assert_int_equal(tb_key_load(scratch_path(""), NULL, &key, &err), -EINVAL);
}

/* openssl genpkey -algorithm ed25519 */
static const char ed25519[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
			      "-----END PRIVATE KEY-----\n";
/* An X25519 key one byte short */
static const char cut_short[] = "-----BEGIN PRIVATE KEY-----\n"
				"MC0CAQAwBQYDK2VuBCEEHwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=\n"
				"-----END PRIVATE KEY-----\n";
static const char unended[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MC4CAQAwBQYDK2VuBCIEIMqRMwhSrFUzne7WfQ5bum2xo7aTGdkl6EqjvMidUQbi\n";

static void malformed(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} files[] = {
		{ "", "holds no key in PEM" },
		{ "water\n", "holds no key in PEM" },
		{ "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "holds no key" },
		{ "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "holds no key" },
		{ cut_short, "holds no key" },
		{ unended, "holds no key" },
		{ ed25519, "is not an X25519 key" },
	};
	struct tb_error err;
	struct tb_key key;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		scratch_write("bad.pem", files[i].text, strlen(files[i].text));
		assert_int_equal(tb_key_load(scratch_path("bad.pem"), NULL, &key, &err), -EINVAL);
		assert_contains(err.text, files[i].message);
		assert_contains(err.text, "bad.pem");
		assert_int_equal(tb_key_load_private(scratch_path("bad.pem"), NULL, &key, &err),
				 -EINVAL);
		assert_true(tb_key_load_public(scratch_path("bad.pem"), &key, &err) < 0);
		assert_contains(err.text, "bad.pem");
	}
}

static void under_a_passphrase(void **state)
{
	struct tb_error err = { 0 };
	struct tb_key key, back;
	char command[1024];

	(void)state;
	make_key(&key);
	scratch_write("right", "river seven\nmore\n", 17);
	scratch_write("wrong", "river eight\n", 12);
	scratch_write("empty", "\n", 1);
	assert_done(tb_key_save_private(scratch_path("k.pem"), &key, "river seven", &err), err);
	assert_done(tb_key_load_private(scratch_path("k.pem"), scratch_path("right"), &back, &err),
		    err);
	assert_memory_equal(&back, &key, sizeof(key));
	assert_int_equal(tb_key_load_private(scratch_path("k.pem"), scratch_path("wrong"), &back,
					     &err),
			 -EINVAL);
	assert_contains(err.text, "does not open with that passphrase");
	assert_int_equal(tb_key_load_private(scratch_path("k.pem"), scratch_path("empty"), &back,
					     &err),
			 -EINVAL);
	assert_contains(err.text, "first line must be the passphrase");
	assert_int_equal(tb_key_load_private(scratch_path("k.pem"), scratch_path("none"), &back,
					     &err),
			 -ENOENT);
	/* openssl(1) reads it too, and what it locked is read. */
	snprintf(command, sizeof(command),
		 "openssl pkey -in %s -passin 'pass:river seven' -noout 2>/dev/null",
		 scratch_path("k.pem"));
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof(command),
		 "openssl genpkey -algorithm x25519 -aes-128-cbc -pass 'pass:river seven' -out %s 2>/dev/null",
		 scratch_path("locked.pem"));
	assert_int_equal(system(command), 0);
	assert_done(tb_key_load_private(scratch_path("locked.pem"), scratch_path("right"), &back,
					&err),
		    err);
}

/* Nobody is there to be asked: standard input of a test is no terminal. */
static void passphrase_nobody_gives(void **state)
{
	struct tb_error err = { 0 };
	struct tb_key key, back;
	int input = dup(STDIN_FILENO), nothing = open("/dev/null", O_RDONLY);

	(void)state;
	make_key(&key);
	assert_done(tb_key_save_private(scratch_path("k.pem"), &key, "river", &err), err);
	dup2(nothing, STDIN_FILENO);
	assert_int_equal(tb_key_load(scratch_path("k.pem"), NULL, &back, &err), -EINVAL);
	assert_contains(err.text, "--passphrase-file");
	dup2(input, STDIN_FILENO);
	close(input);
	close(nothing);
}

/* What openssl(1) would write is what we write. */
static void known_pair(void **state)
{
	json_t *file = vectors_load("envelope"), *supervisor;
	uint8_t private[TONGBU_KEY_LEN], public[TONGBU_KEY_LEN];
	char text[512] = "", print[TB_FINGERPRINT_SIZE];
	struct tb_error err = { 0 };
	struct tb_key key, back;
	const char *pem;
	FILE *written;

	(void)state;
	supervisor = json_object_get(file, "supervisor");
	vectors_fixed(supervisor, "private", private, sizeof(private));
	vectors_fixed(supervisor, "public", public, sizeof(public));
	assert_done(tb_key_from_private(&key, private, &err), err);
	assert_memory_equal(key.public, public, sizeof(public));
	assert_memory_equal(key.private, private, sizeof(private));
	assert_string_equal(tb_key_fingerprint(public, print),
			    json_string_value(json_object_get(supervisor, "fingerprint")));

	pem = json_string_value(json_object_get(supervisor, "private_pem"));
	scratch_write("given.pem", pem, strlen(pem));
	assert_done(tb_key_load_private(scratch_path("given.pem"), NULL, &back, &err), err);
	assert_memory_equal(&back, &key, sizeof(key));
	assert_done(tb_key_save_private(scratch_path("made.pem"), &key, NULL, &err), err);
	written = fopen(scratch_path("made.pem"), "r");
	assert_true(fread(text, 1, sizeof(text) - 1, written) > 0);
	fclose(written);
	assert_string_equal(text, pem);

	pem = json_string_value(json_object_get(supervisor, "public_pem"));
	scratch_write("given.pub.pem", pem, strlen(pem));
	assert_done(tb_key_load_public(scratch_path("given.pub.pem"), &back, &err), err);
	assert_memory_equal(back.public, public, sizeof(public));
	json_decref(file);
}

#define KEY_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_differ),
		KEY_TEST(private_to_file_and_back),
		KEY_TEST(public_to_file_and_back),
		KEY_TEST(private_where_the_public_belongs),
		KEY_TEST(nothing_is_overwritten),
		KEY_TEST(no_such_place),
		KEY_TEST(malformed),
		KEY_TEST(under_a_passphrase),
		KEY_TEST(passphrase_nobody_gives),
		KEY_TEST(known_pair),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
