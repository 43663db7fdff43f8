// SPDX-License-Identifier: GPL-2.0-only
/* The sealing arithmetic against its published vectors. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chain_maker.h"
#include "seal.h"

static struct tb_seal *seal;

static void ratchet(void **state)
{
	json_t *file = vectors_load("ratchet"), *vector;
	uint8_t key[TONGBU_KEY_LEN], result[TONGBU_KEY_LEN], label[TONGBU_LABEL_LEN];
	static const uint8_t ours[TONGBU_LABEL_LEN] = TONGBU_RATCHET_LABEL;
	size_t i;

	(void)state;
	vectors_fixed(file, "label", label, sizeof(label));
	assert_memory_equal(ours, label, sizeof(label));
	json_array_foreach(json_object_get(file, "vectors"), i, vector) {
		vectors_fixed(vector, "key", key, sizeof(key));
		vectors_fixed(vector, "result", result, sizeof(result));
		assert_int_equal(tb_seal_ratchet(seal, key,
						 (uint64_t)
							 json_integer_value(json_object_get(vector,
											    "steps"))),
				 0);
		assert_memory_equal(key, result, sizeof(key));
	}
	assert_true(i >= 5);
	json_decref(file);
}

static void ratchet_no_step(void **state)
{
	uint8_t key[TONGBU_KEY_LEN] = { 1, 2, 3 }, same[TONGBU_KEY_LEN] = { 1, 2, 3 };

	(void)state;
	assert_int_equal(tb_seal_ratchet(seal, key, 0), 0);
	assert_memory_equal(key, same, sizeof(key));
}

static void tag(void **state)
{
	json_t *file = vectors_load("tag"), *vector;
	uint8_t key[TONGBU_KEY_LEN], wanted[TONGBU_TAG_LEN], got[TONGBU_TAG_LEN];
	uint8_t before[TONGBU_TAG_LEN];
	struct bytes sealed;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(file, "vectors"), i, vector) {
		vectors_fixed(vector, "key", key, sizeof(key));
		vectors_fixed(vector, "before", before, sizeof(before));
		vectors_fixed(vector, "tag", wanted, sizeof(wanted));
		sealed = vectors_bytes(vector, "sealed");
		assert_int_equal(tb_seal_tag(seal, key, before, sealed.data, sealed.len, got), 0);
		assert_memory_equal(got, wanted, sizeof(got));
		free(sealed.data);
	}
	assert_true(i >= 8);
	json_decref(file);
}

static void chain(void **state)
{
	json_t *file = vectors_load("chain"), *vector;
	uint8_t private[TONGBU_KEY_LEN], key[TONGBU_KEY_LEN], wanted[TONGBU_KEY_LEN];
	uint8_t before[TONGBU_TAG_LEN] = { 0 };
	struct tb_record rec;
	struct bytes bytes;
	struct tb_key supervisor;
	size_t i;

	(void)state;
	vectors_fixed(json_object_get(file, "supervisor"), "private", private, sizeof(private));
	assert_int_equal(tb_key_from_private(&supervisor, private, NULL), 0);
	json_array_foreach(json_object_get(file, "records"), i, vector) {
		bytes = vectors_bytes(vector, "bytes");
		rec = parsed(bytes.data, bytes.len);
		assert_int_equal(rec.size, bytes.len);
		assert_int_equal(rec.seq, i);
		if (!i)
			assert_int_equal(tb_envelope_open(seal, &supervisor, &rec, key), 0);
		vectors_fixed(vector, "key", wanted, sizeof(wanted));
		assert_memory_equal(key, wanted, sizeof(key));
		assert_int_equal(tb_seal_check(seal, key, before, &rec), 1);
		before[i % sizeof(before)] ^= 1;
		assert_int_equal(tb_seal_check(seal, key, before, &rec), 0);
		before[i % sizeof(before)] ^= 1;
		assert_int_equal(tb_seal_ratchet(seal, key, 1), 0);
		assert_int_equal(tb_seal_check(seal, key, before, &rec), 0);
		memcpy(before, rec.tag, sizeof(before));
		free(bytes.data);
	}
	assert_true(i >= 10);
	json_decref(file);
}

/* One bit, wherever it is, and the tag is another */
static void check_sees_every_bit(void **state)
{
	uint8_t buf[TONGBU_RECORD_MAX], key[TONGBU_KEY_LEN] = { 9 };
	uint8_t before[TONGBU_TAG_LEN] = { 7 };
	struct tb_record rec;
	size_t at;

	(void)state;
	fill_record(buf, 5, TONGBU_KIND_EDGE, "12345678", 8);
	rec = parsed(buf, sizeof(buf));
	assert_int_equal(tb_seal_tag(seal, key, before, buf, tb_record_sealed_len(&rec),
				     buf + tb_record_sealed_len(&rec)),
			 0);
	assert_int_equal(tb_seal_check(seal, key, before, &rec), 1);
	for (at = 0; at < rec.size * 8; at++) {
		buf[at / 8] ^= (uint8_t)(1 << at % 8);
		assert_int_equal(tb_seal_check(seal, key, before, &rec), 0);
		buf[at / 8] ^= (uint8_t)(1 << at % 8);
	}
	assert_int_equal(tb_seal_check(seal, key, before, &rec), 1);
}

static void envelope(void **state)
{
	static const uint8_t none[TONGBU_TAG_LEN];
	json_t *file = vectors_load("envelope");
	uint8_t private[TONGBU_KEY_LEN], wanted[TONGBU_KEY_LEN], key0[TONGBU_KEY_LEN];
	struct bytes bytes = vectors_bytes(file, "record");
	struct tb_record rec = parsed(bytes.data, bytes.len);
	struct tb_key supervisor;

	(void)state;
	vectors_fixed(json_object_get(file, "supervisor"), "private", private, sizeof(private));
	vectors_fixed(file, "key0", wanted, sizeof(wanted));
	assert_int_equal(tb_key_from_private(&supervisor, private, NULL), 0);
	assert_int_equal(tb_envelope_open(seal, &supervisor, &rec, key0), 0);
	assert_memory_equal(key0, wanted, sizeof(key0));
	assert_int_equal(tb_seal_check(seal, key0, none, &rec), 1);
	free(bytes.data);
	json_decref(file);
}

static void envelope_refused(void **state)
{
	static const uint8_t zero[TONGBU_KEY_LEN];
	struct tb_key supervisor, stranger;
	uint8_t key0[TONGBU_KEY_LEN], *bytes;
	struct chain *made;
	struct tb_record rec;
	size_t at;

	(void)state;
	assert_int_equal(tb_key_new(&supervisor, NULL) | tb_key_new(&stranger, NULL), 0);
	made = chain_new(1, &supervisor, NULL);
	chain_heartbeat(made);
	bytes = made->bytes;

	rec = chain_record(made, 0);
	assert_int_equal(tb_envelope_open(seal, &stranger, &rec, key0), -ENOKEY);
	for (at = 0; at < TONGBU_HEADER_LEN + sizeof(struct tongbu_genesis); at++) {
		bool name = at >= TONGBU_HEADER_LEN && at < TONGBU_HEADER_LEN + TONGBU_KEY_LEN;

		bytes[at] ^= 0x80;
		/* The header is read once more, as what it says now. */
		if (!tb_record_frame(bytes, made->len, NULL, &rec) &&
		    rec.kind == TONGBU_KIND_GENESIS &&
		    rec.length >= sizeof(struct tongbu_genesis)) {
			memset(key0, 0xee, sizeof(key0));
			assert_int_equal(tb_envelope_open(seal, &supervisor, &rec, key0),
					 name ? -EUCLEAN : -EKEYREJECTED);
			if (!name)
				assert_true(key0[0] == 0xee || !memcmp(key0, zero, sizeof(zero)));
		}
		bytes[at] ^= 0x80;
	}
	rec = chain_record(made, 1);
	assert_int_equal(tb_envelope_open(seal, &supervisor, &rec, key0), -EBADMSG);

	/* A point of low order would give the same secret to everybody. */
	memset(bytes + TONGBU_HEADER_LEN + offsetof(struct tongbu_genesis, ephemeral), 0,
	       TONGBU_KEY_LEN);
	rec = chain_record(made, 0);
	assert_int_equal(tb_envelope_open(seal, &supervisor, &rec, key0), -EKEYREJECTED);
	chain_free(made);
}

static int make(void **state)
{
	(void)state;
	return tb_seal_new(&seal, NULL);
}

static int clear(void **state)
{
	(void)state;
	tb_seal_free(seal);
	tb_seal_free(NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ratchet),
		cmocka_unit_test(ratchet_no_step),
		cmocka_unit_test(tag),
		cmocka_unit_test(chain),
		cmocka_unit_test(check_sees_every_bit),
		cmocka_unit_test(envelope),
		cmocka_unit_test(envelope_refused),
	};

	return cmocka_run_group_tests_name("seal", tests, make, clear);
}
