// SPDX-License-Identifier: GPL-2.0-only
/* Tag, ratchet and envelope, each against the same done in another way. */
#include "seal.c"

#include <crypto/blake2s.h>
#include <kunit/test.h>
#include <linux/random.h>
#ifdef CONFIG_X86_64
#include <asm/fpu/api.h>
#include <asm/fpu/types.h>
#endif

#include "compat.h"

static void seal_gives_the_published_results(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tb_selftest(), 0);
}

/* The kernel's own, which shares nothing with ours */
static void hash_otherwise(u8 out[TONGBU_TAG_LEN], const void *data, size_t len)
{
	struct blake2s_ctx state;

	blake2s_init(&state, TONGBU_TAG_LEN);
	blake2s_update(&state, data, len);
	blake2s_final(&state, out);
}

/* Every length up to some blocks, in one piece and in two */
static void seal_hashes_as_the_kernel_does(struct kunit *test)
{
	enum { MOST = 5 * TB_BLAKE2S_BLOCK };
	u8 *data = kunit_kzalloc(test, MOST, GFP_KERNEL);
	u8 got[TB_BLAKE2S_LEN], expected[TB_BLAKE2S_LEN];
	size_t len, cut;

	KUNIT_ASSERT_NOT_NULL(test, data);
	get_random_bytes(data, MOST);
	for (len = 0; len < MOST; len++) {
		hash_otherwise(expected, data, len);
		for (cut = 0; cut <= len; cut += len / 4 + 1) {
			tb_blake2s(got, data, cut, data + cut, len - cut);
			KUNIT_ASSERT_EQ(test, memcmp(got, expected, sizeof(got)), 0);
		}
	}
}

static void seal_ratchet_is_one_hash_of_label_and_key(struct kunit *test)
{
	u8 block[TONGBU_LABEL_LEN + TONGBU_KEY_LEN] = TONGBU_RATCHET_LABEL;
	u8 key[TONGBU_KEY_LEN], expected[TONGBU_KEY_LEN];

	get_random_bytes(key, sizeof(key));
	memcpy(block + TONGBU_LABEL_LEN, key, TONGBU_KEY_LEN);
	hash_otherwise(expected, block, sizeof(block));
	tb_seal_ratchet(key);
	KUNIT_EXPECT_EQ(test, memcmp(key, expected, sizeof(key)), 0);
}

enum { SCANNED = 4096, WORD = 4 };

/* How many words of a secret stand on the stack below this function, where others
 * have been called. Not instrumented: what it reads is nobody's.
 */
static noinline __no_sanitize_address int words_left(const u8 *secret, size_t len)
{
	const u8 *here = __builtin_frame_address(0);
	const u8 *at;
	int found = 0;
	size_t word;

	for (at = here - SCANNED; at < here - 256; at++)
		for (word = 0; word + WORD <= len; word += WORD)
			found += *(const u32 *)at == *(const u32 *)(secret + word);
	return found;
}

/* What is sealed with, kept where it is not mistaken for what was left */
struct left {
	u8 key[TONGBU_KEY_LEN];
	u8 salt[TONGBU_SALT_LEN];
	struct tb_seal seal;
	struct tongbu_header header;
	u8 body[TONGBU_BODY_MAX];
	u8 digest[TONGBU_TAG_LEN];
};

static noinline void copy_carelessly(const u8 *secret)
{
	u8 copy[512];
	size_t at;

	for (at = 0; at < sizeof(copy); at += TONGBU_KEY_LEN)
		memcpy(copy + at, secret, TONGBU_KEY_LEN);
	barrier_data(copy);
}

/* G3: after sealing, no word of a key is on the stack, nor of what it was made
 * from. A function that cleans nothing goes first, so that the search is known to
 * find.
 */
static void seal_leaves_nothing_on_the_stack(struct kunit *test)
{
	struct left *left = kunit_kzalloc(test, sizeof(*left), GFP_KERNEL);
	unsigned long flags;
	int careless, sealed, ratcheted, hashed;

	KUNIT_ASSERT_NOT_NULL(test, left);
	get_random_bytes(left->key, sizeof(left->key));
	get_random_bytes(left->salt, sizeof(left->salt));
	memcpy(left->seal.key, left->key, sizeof(left->key));

	local_irq_save(flags);
	copy_carelessly(left->salt);
	careless = words_left(left->salt, sizeof(left->salt));
	tb_seal_record(&left->seal, &left->header, left->body, sizeof(left->body));
	sealed = words_left(left->key, sizeof(left->key));
	ratcheted = words_left(left->seal.key, sizeof(left->seal.key));
	tb_blake2s(left->digest, left->salt, sizeof(left->salt), left->body, 11);
	hashed = words_left(left->salt, sizeof(left->salt));
	local_irq_restore(flags);

	kunit_info(test, "careless %d, sealed %d, ratcheted %d, hashed %d", careless, sealed,
		   ratcheted, hashed);
	KUNIT_EXPECT_GT(test, careless, 0);
	KUNIT_EXPECT_EQ(test, sealed, 0);
	KUNIT_EXPECT_EQ(test, ratcheted, 0);
	KUNIT_EXPECT_EQ(test, hashed, 0);
}

/* In a hard interrupt they are somebody's who would find others there, on PREEMPT_RT
 * even between fpregs_lock() and its end.
 */
static void seal_touches_no_vector_register(struct kunit *test)
{
#ifdef CONFIG_X86_64
	struct fxregs_state *set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);
	struct fxregs_state *found = kunit_kzalloc(test, sizeof(*found), GFP_KERNEL);
	struct left *left = kunit_kzalloc(test, sizeof(*left), GFP_KERNEL);
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_ASSERT_NOT_NULL(test, left);
	local_irq_save(flags);
	/* What they held before is kept by that; they are free until interrupts come. */
	kernel_fpu_begin();
	kernel_fpu_end();
	asm volatile("fxsaveq %0" : "=m" (*set));
	get_random_bytes(set->xmm_space, sizeof(set->xmm_space));
	asm volatile("fxrstorq %0" : : "m" (*set));
	tb_seal_record(&left->seal, &left->header, left->body, sizeof(left->body));
	tb_blake2s(left->digest, left->body, sizeof(left->body), left->key, 11);
	asm volatile("fxsaveq %0" : "=m" (*found));
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, memcmp(set->xmm_space, found->xmm_space, sizeof(set->xmm_space)), 0);
#else
	kunit_skip(test, "which registers those are is known for x86-64 alone");
#endif
}

static void seal_no_key_comes_twice(struct kunit *test)
{
	enum { KEYS = 256 };
	u8 (*keys)[TONGBU_KEY_LEN] = kunit_kcalloc(test, KEYS, TONGBU_KEY_LEN, GFP_KERNEL);
	int i, j;

	KUNIT_ASSERT_NOT_NULL(test, keys);
	/* From the weakest there is */
	for (i = 1; i < KEYS; i++) {
		memcpy(keys[i], keys[i - 1], TONGBU_KEY_LEN);
		tb_seal_ratchet(keys[i]);
		for (j = 0; j < i; j++)
			KUNIT_ASSERT_NE(test, memcmp(keys[i], keys[j], TONGBU_KEY_LEN), 0);
	}
}

static void tag_of(const struct tb_seal *with, const u8 *record, size_t body_len,
		   u8 tag[TONGBU_TAG_LEN])
{
	struct tb_seal seal = *with;

	tb_seal_record(&seal, (const struct tongbu_header *)record, record + TONGBU_HEADER_LEN,
		       body_len);
	memcpy(tag, seal.tag, TONGBU_TAG_LEN);
}

static void seal_tag_depends_on_every_bit_of_record_key_and_tag_before(struct kunit *test)
{
	u8 record[TONGBU_HEADER_LEN + TONGBU_BODY_MAX];
	u8 tag[TONGBU_TAG_LEN], other[TONGBU_TAG_LEN];
	struct tb_seal seal;
	u32 bit;

	get_random_bytes(&seal, sizeof(seal));
	get_random_bytes(record, sizeof(record));
	tag_of(&seal, record, TONGBU_BODY_MAX, tag);
	for (bit = 0; bit < 8 * sizeof(record); bit++) {
		record[bit / 8] ^= 1 << bit % 8;
		tag_of(&seal, record, TONGBU_BODY_MAX, other);
		record[bit / 8] ^= 1 << bit % 8;
		KUNIT_ASSERT_NE(test, memcmp(tag, other, sizeof(tag)), 0);
	}
	for (bit = 0; bit < 8 * sizeof(seal); bit++) {
		((u8 *)&seal)[bit / 8] ^= 1 << bit % 8;
		tag_of(&seal, record, TONGBU_BODY_MAX, other);
		((u8 *)&seal)[bit / 8] ^= 1 << bit % 8;
		KUNIT_ASSERT_NE(test, memcmp(tag, other, sizeof(tag)), 0);
	}
	tag_of(&seal, record, TONGBU_BODY_MAX - 1, other);
	KUNIT_EXPECT_NE(test, memcmp(tag, other, sizeof(tag)), 0);
	tag_of(&seal, record, TONGBU_BODY_MAX, other);
	KUNIT_EXPECT_EQ(test, memcmp(tag, other, sizeof(tag)), 0);
}

/**
 * struct envelope - what wrapping takes, and what opens it
 * @supervisor: secret of the supervisor
 * @ephemeral: secret of the envelope
 * @key: what is wrapped
 * @header: of record 0
 * @genesis: payload of record 0
 */
struct envelope {
	u8 supervisor[TONGBU_KEY_LEN];
	u8 ephemeral[TONGBU_KEY_LEN];
	u8 key[TONGBU_KEY_LEN];
	struct tongbu_header header;
	struct tongbu_genesis genesis;
};

static int seal_test_init(struct kunit *test)
{
	struct envelope *envelope = kunit_kzalloc(test, sizeof(*envelope), GFP_KERNEL);

	if (!envelope)
		return -ENOMEM;
	test->priv = envelope;
	curve25519_generate_secret(envelope->supervisor);
	curve25519_generate_secret(envelope->ephemeral);
	get_random_bytes(envelope->key, TONGBU_KEY_LEN);
	get_random_bytes(&envelope->header, TONGBU_HEADER_LEN);
	if (!curve25519_generate_public(envelope->genesis.supervisor, envelope->supervisor))
		return -EINVAL;
	return 0;
}

/* As the supervisor does it, from the secret and record 0 alone */
static bool opens(const struct envelope *envelope, const u8 *secret)
{
	const struct tongbu_genesis *genesis = &envelope->genesis;
	static const u8 label[TONGBU_LABEL_LEN] = TONGBU_ENVELOPE_LABEL;
	u8 shared[TONGBU_KEY_LEN], wrap_key[TONGBU_KEY_LEN], key[TONGBU_KEY_LEN];
	u8 ad[TONGBU_HEADER_LEN + offsetof(struct tongbu_genesis, wrapped)];
	struct tb_blake2s hash;

	if (!curve25519(shared, secret, genesis->ephemeral))
		return false;
	tb_blake2s_init(&hash);
	tb_blake2s_update(&hash, shared, TONGBU_KEY_LEN);
	tb_blake2s_update(&hash, label, TONGBU_LABEL_LEN);
	/* Both public keys and the chain's id, as they stand there */
	tb_blake2s_update(&hash, genesis, 2 * TONGBU_KEY_LEN + TONGBU_CHAIN_LEN);
	tb_blake2s_final(&hash, wrap_key);
	tb_blake2s_wipe(&hash);
	memcpy(ad, &envelope->header, TONGBU_HEADER_LEN);
	memcpy(ad + TONGBU_HEADER_LEN, genesis, sizeof(ad) - TONGBU_HEADER_LEN);
	return chacha20poly1305_decrypt(key, genesis->wrapped, sizeof(genesis->wrapped), ad,
					sizeof(ad), 0, wrap_key) &&
	       !memcmp(key, envelope->key, sizeof(key));
}

static void seal_envelope_opens_for_the_supervisor_alone(struct kunit *test)
{
	struct envelope *envelope = test->priv;
	u8 other[TONGBU_KEY_LEN];

	KUNIT_ASSERT_EQ(test, tb_seal_wrap(&envelope->genesis, &envelope->header,
					   envelope->ephemeral, envelope->key), 0);
	KUNIT_EXPECT_TRUE(test, opens(envelope, envelope->supervisor));
	curve25519_generate_secret(other);
	KUNIT_EXPECT_FALSE(test, opens(envelope, other));
}

static void seal_envelope_is_bound_to_all_of_record_0(struct kunit *test)
{
	struct envelope *envelope = test->priv;
	u8 *byte;

	KUNIT_ASSERT_EQ(test, tb_seal_wrap(&envelope->genesis, &envelope->header,
					   envelope->ephemeral, envelope->key), 0);
	for (byte = (u8 *)&envelope->header; byte < (u8 *)(&envelope->header + 1); byte++) {
		*byte ^= 1;
		KUNIT_ASSERT_FALSE(test, opens(envelope, envelope->supervisor));
		*byte ^= 1;
	}
	for (byte = (u8 *)&envelope->genesis; byte < (u8 *)(&envelope->genesis + 1); byte++) {
		*byte ^= 1;
		KUNIT_ASSERT_FALSE(test, opens(envelope, envelope->supervisor));
		*byte ^= 1;
	}
	KUNIT_EXPECT_TRUE(test, opens(envelope, envelope->supervisor));
}

static void seal_keys_of_low_order_are_rejected(struct kunit *test)
{
	struct envelope *envelope = test->priv;
	/* 0 and 1; RFC 7748 has the reason, and others */
	u8 low;

	for (low = 0; low < 2; low++) {
		memset(envelope->genesis.supervisor, 0, TONGBU_KEY_LEN);
		envelope->genesis.supervisor[0] = low;
		KUNIT_EXPECT_EQ(test, tb_seal_wrap(&envelope->genesis, &envelope->header,
						   envelope->ephemeral, envelope->key),
				-EKEYREJECTED);
	}
}

static struct kunit_case seal_cases[] = {
	KUNIT_CASE(seal_gives_the_published_results),
	KUNIT_CASE(seal_ratchet_is_one_hash_of_label_and_key),
	KUNIT_CASE(seal_no_key_comes_twice),
	KUNIT_CASE(seal_tag_depends_on_every_bit_of_record_key_and_tag_before),
	KUNIT_CASE(seal_hashes_as_the_kernel_does),
	KUNIT_CASE(seal_leaves_nothing_on_the_stack),
	KUNIT_CASE(seal_touches_no_vector_register),
	KUNIT_CASE(seal_envelope_opens_for_the_supervisor_alone),
	KUNIT_CASE(seal_envelope_is_bound_to_all_of_record_0),
	KUNIT_CASE(seal_keys_of_low_order_are_rejected),
	{ }
};

static struct kunit_suite seal_suite = {
	.name = "tongbu_seal",
	.init = seal_test_init,
	.test_cases = seal_cases,
};

kunit_test_suite(seal_suite);
