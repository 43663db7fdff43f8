// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checkpoints and proofs: a worked example that was made with Python's cryptography and
 * with openssl(1), and what the formats' own documents show.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hex.h"
#include "tlog_proof.h"

#define LOG "station.example/7+795d94f7+AaRejF31xYN0i/GUibTJto1S5zbA5d14hUl7gHYgsBZF"
#define HUB "hub.example/mirror+2ac46552+BImCuJHv6NSNGJhUgRRbjYBIXEML5UrVKH6e68b7InA3"
#define TEXT                                             \
	"station.example/7\n"                            \
	"5\n"                                            \
	"IPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n" \
	"\n"
#define DASH "\xe2\x80\x94 "
#define SIGNED                                                                               \
	DASH "station.example/7 eV2U92Z/8vY5vCE8xKTs23YpiPr8pjlfBahUZext05Qo3DfXZndQjHz8CHP" \
	     "KmPhPGqsAaFo9sg0LmfWORzj7ujF3+gg=\n"
#define COSIGNED                                                                              \
	DASH "hub.example/mirror KsRlUgAAAABlU/EAn8M3SgzsOioVUtuqXO1RCsJWwAUSz5vZIkEnDxw5CMk" \
	     "ctO7UKd3j4+C790jjUXNjo5qiewRA4Pztg3RJ8PPfBA==\n"
#define CHECKPOINT TEXT SIGNED COSIGNED
/* That five goes on from three; and, without the first, that entry 2 is in it */
#define FIRST "YSk/Y4zJiCETTVX4fl0pHjpRfwHudfwR4esmxkBmku8=\n"
#define OTHERS                                           \
	"Al8wpCY+JPyCnh7u+eAlQ3xN03nG7dld658uklO80jo=\n" \
	"6XZc67AKx5lA+nxBQwsgu/6i5Sd+bXoY69qy3204VtE=\n" \
	"AgFqE/91x722bpdSMfGIZOc2ktGGPbSQLpq3V95qdWs=\n"

static struct tb_error err;

static struct tb_vkey vkey(const char *text)
{
	struct tb_vkey key;

	assert_done(tb_vkey_parse(text, &key, &err), err);
	return key;
}

static void keys(void **state)
{
	static const char *const none[] = {
		"",
		"a",
		"a+b+c",
		"station.example/7+795d94f8+AaRejF31xYN0i/GUibTJto1S5zbA5d14hUl7gHYgsBZF",
		"station.example/8+795d94f7+AaRejF31xYN0i/GUibTJto1S5zbA5d14hUl7gHYgsBZF",
		"station.example/7+795d94f7+BaRejF31xYN0i/GUibTJto1S5zbA5d14hUl7gHYgsBZF",
		LOG " ",
		"+795d94f7+AaRejF31xYN0i/GUibTJto1S5zbA5d14hUl7gHYgsBZF",
	};
	/* As golang.org/x/mod/sumdb/note has it in its documentation */
	struct tb_vkey key =
		vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
	char *text;
	size_t i;

	(void)state;
	assert_string_equal(key.name, "PeterNeumann");
	key = vkey(HUB);
	assert_int_equal(key.type, TB_VKEY_WITNESS);
	text = tb_vkey_text(&key);
	assert_string_equal(text, HUB);
	free(text);
	for (i = 0; i < ARRAY_SIZE(none); i++)
		assert_int_equal(tb_vkey_parse(none[i], &key, &err), -EINVAL);
	assert_int_equal(tb_vkey_set(&key, "a b", TB_VKEY_LOG, key.public, &err), -EINVAL);
	assert_int_equal(tb_vkey_set(&key, "a+b", TB_VKEY_LOG, key.public, &err), -EINVAL);
}

static int signed_by(const char *note, const char *key, uint64_t *time)
{
	struct tb_checkpoint checkpoint;
	struct tb_vkey k = vkey(key);
	int ret;

	assert_done(tb_checkpoint_parse(note, &checkpoint, &err), err);
	ret = tb_checkpoint_signed(&checkpoint, &k, time, &err);
	tb_checkpoint_clear(&checkpoint);
	return ret;
}

static void signatures(void **state)
{
	char *changed = strdup(CHECKPOINT);
	uint64_t time = 0;

	(void)state;
	assert_int_equal(signed_by(CHECKPOINT, LOG, &time), 1);
	assert_int_equal(signed_by(CHECKPOINT, HUB, &time), 1);
	assert_int_equal(time, 1700000000);
	assert_int_equal(signed_by(TEXT SIGNED, HUB, &time), 0);
	assert_int_equal(signed_by(TEXT COSIGNED SIGNED, LOG, &time), 1);
	assert_int_equal(signed_by(TEXT "no signature\n", LOG, &time), -EINVAL);
	assert_int_equal(signed_by(TEXT "x\n" SIGNED, LOG, &time), -EINVAL);
	changed[strlen("station.example/7\n")] = '6';
	assert_int_equal(signed_by(changed, LOG, &time), -EKEYREJECTED);
	assert_int_equal(signed_by(changed, HUB, &time), -EKEYREJECTED);
	free(changed);
	/* A good one does not make up for a bad one of the same key. */
	assert_int_equal(signed_by(TEXT SIGNED DASH
				   "station.example/7 eV2U92Z/8vY5vCE8xKTs23YpiPr8pjlfBahUZext05Qo3DfXZndQjHz8CHPKmPhPGqsAaFo9sg0LmfWORzj7ujF3+gk=\n",
				   LOG, &time),
			 -EKEYREJECTED);
}

static void checkpoints(void **state)
{
	static const char *const none[] = {
		"",
		"\n",
		"a\n1\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n",
		"a\n01\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n\n" SIGNED,
		"a\n-1\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n\n" SIGNED,
		"a\n9223372036854775808\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n\n" SIGNED,
		"a\n1\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Nt=\n\n" SIGNED,
		"a\n1\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B\n\n" SIGNED,
		"\n1\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n\n" SIGNED,
		"a\tb\n1\nIPKRy7HpIfFBXcxHTszNNxMyOc4XKFvnAJqiwo2B/Ns=\n\n" SIGNED,
		"a\n\nb\n\n" SIGNED,
	};
	struct tb_checkpoint checkpoint;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(none); i++)
		assert_int_equal(tb_checkpoint_parse(none[i], &checkpoint, &err), -EINVAL);
	/* The example of the document tlog-checkpoint */
	assert_done(tb_checkpoint_parse("example.com/behind-the-sofa\n20852163\n"
					"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" DASH
					"example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n",
					&checkpoint, &err),
		    err);
	assert_string_equal(checkpoint.origin, "example.com/behind-the-sofa");
	assert_int_equal(checkpoint.size, 20852163);
	tb_checkpoint_clear(&checkpoint);
}

static void sign_as_the_example(void **state)
{
	struct tb_checkpoint checkpoint;
	struct tb_vkey key = vkey(LOG);
	uint8_t seed[32];
	EVP_PKEY *private;
	char *note;

	(void)state;
	assert_int_equal(EVP_Digest("tongbu example station", 22, seed, NULL, EVP_sha256(), NULL),
			 1);
	private = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, sizeof(seed));
	assert_done(tb_checkpoint_parse(CHECKPOINT, &checkpoint, &err), err);
	note = tb_checkpoint_sign(&key, private, 5, checkpoint.root);
	assert_string_equal(note, TEXT SIGNED);
	free(note);
	tb_checkpoint_clear(&checkpoint);
	EVP_PKEY_free(private);
}

static void proofs(void **state)
{
	static const char in_text[] = TB_TLOG_PROOF_HEADER "extra cmVjLTI=\nindex 2\n" OTHERS
							   "\n" CHECKPOINT;
	static const char old_text[] = "old 3\n" FIRST OTHERS "\n" CHECKPOINT;
	static const char *const none[] = {
		"c2sp.org/tlog-proof@v2\nindex 2\n" OTHERS "\n" CHECKPOINT,
		TB_TLOG_PROOF_HEADER OTHERS "\n" CHECKPOINT,
		TB_TLOG_PROOF_HEADER "index 2\n" OTHERS CHECKPOINT,
		TB_TLOG_PROOF_HEADER "extra x\nindex 2\n" OTHERS "\n" CHECKPOINT,
		TB_TLOG_PROOF_HEADER "index 2\n" OTHERS "\n",
		"old x\n\n" CHECKPOINT,
		"old 3",
	};
	struct tb_tlog_proof in, old;
	uint8_t leaf[TB_HASH_LEN], root3[TB_HASH_LEN];
	char *text;
	size_t i;

	(void)state;
	assert_done(tb_tlog_proof_parse(in_text, &in, &err), err);
	assert_int_equal(in.number, 2);
	assert_int_equal(in.extra_len, 5);
	tb_merkle_leaf(in.extra, in.extra_len, leaf);
	assert_true(tb_merkle_included(leaf, 2, 5, &in.proof, in.checkpoint.root));
	text = tb_tlog_proof_text(&in);
	assert_string_equal(text, in_text);
	free(text);
	tb_tlog_proof_clear(&in);

	assert_done(tb_tlog_proof_parse(old_text, &old, &err), err);
	assert_int_equal(old.number, 3);
	tb_hex_decode("22e78f0579eb5353de2ebd093e316289301d60292ac87844b63f94ac43110a4b", root3,
		      sizeof(root3));
	assert_true(tb_merkle_consistent(3, root3, 5, old.checkpoint.root, &old.proof));
	text = tb_tlog_proof_text(&old);
	assert_string_equal(text, old_text);
	free(text);
	tb_tlog_proof_clear(&old);

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		assert_int_equal(tb_tlog_proof_parse(none[i], &in, &err), -EINVAL);
		tb_tlog_proof_clear(&in);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),	       cmocka_unit_test(signatures),
		cmocka_unit_test(checkpoints), cmocka_unit_test(sign_as_the_example),
		cmocka_unit_test(proofs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
