// SPDX-License-Identifier: GPL-2.0-only
/* Tag, ratchet and envelope, each against the same done in another way. */
#include "seal.c"

#include <kunit/test.h>
#include <linux/random.h>

static void seal_gives_the_published_results(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tb_selftest(), 0);
}

static void seal_ratchet_is_one_hash_of_label_and_key(struct kunit *test)
{
	static const char label[TONGBU_LABEL_LEN] = TONGBU_RATCHET_LABEL;
	u8 key[TONGBU_KEY_LEN], expected[TONGBU_KEY_LEN];
	struct blake2s_ctx state;

	get_random_bytes(key, sizeof(key));
	blake2s_init(&state, TONGBU_KEY_LEN);
	blake2s_update(&state, label, sizeof(label));
	blake2s_update(&state, key, sizeof(key));
	blake2s_final(&state, expected);
	tb_seal_ratchet(key);
	KUNIT_EXPECT_EQ(test, memcmp(key, expected, sizeof(key)), 0);
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

static void seal_tag_depends_on_every_bit_of_record_and_key(struct kunit *test)
{
	u8 *record = kunit_kzalloc(test, TONGBU_RECORD_MAX, GFP_KERNEL);
	u8 key[TONGBU_KEY_LEN], tag[TONGBU_TAG_LEN], other[TONGBU_TAG_LEN];
	u32 len = TONGBU_RECORD_MAX - TONGBU_TAG_LEN, bit;

	KUNIT_ASSERT_NOT_NULL(test, record);
	get_random_bytes(key, sizeof(key));
	get_random_bytes(record, len);
	tb_seal_tag(tag, key, record, len);
	for (bit = 0; bit < 8 * len; bit++) {
		record[bit / 8] ^= 1 << bit % 8;
		tb_seal_tag(other, key, record, len);
		record[bit / 8] ^= 1 << bit % 8;
		KUNIT_ASSERT_NE(test, memcmp(tag, other, sizeof(tag)), 0);
	}
	for (bit = 0; bit < 8 * sizeof(key); bit++) {
		key[bit / 8] ^= 1 << bit % 8;
		tb_seal_tag(other, key, record, len);
		key[bit / 8] ^= 1 << bit % 8;
		KUNIT_ASSERT_NE(test, memcmp(tag, other, sizeof(tag)), 0);
	}
	tb_seal_tag(other, key, record, len - 1);
	KUNIT_EXPECT_NE(test, memcmp(tag, other, sizeof(tag)), 0);
	tb_seal_tag(other, key, record, len);
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
	struct blake2s_ctx state;

	if (!curve25519(shared, secret, genesis->ephemeral))
		return false;
	blake2s_init_key(&state, TONGBU_KEY_LEN, shared, TONGBU_KEY_LEN);
	blake2s_update(&state, label, TONGBU_LABEL_LEN);
	blake2s_update(&state, genesis->supervisor, TONGBU_KEY_LEN);
	blake2s_update(&state, genesis->ephemeral, TONGBU_KEY_LEN);
	blake2s_update(&state, envelope->header.chain, TONGBU_CHAIN_LEN);
	blake2s_final(&state, wrap_key);
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
	KUNIT_CASE(seal_tag_depends_on_every_bit_of_record_and_key),
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
