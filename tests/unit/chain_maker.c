// SPDX-License-Identifier: GPL-2.0-only
#include "chain_maker.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hex.h"
#include "verify.h"

#define BOOTTIME  73000000000ULL
#define REALTIME  1795428000000000000ULL
#define INTERVAL  1500000000ULL
#define HEARTBEAT 10000U

/* What looks drawn, and is the same each time */
static void draw(const char *what, unsigned int number, uint8_t *bytes, size_t len)
{
	uint8_t hash[TONGBU_TAG_LEN];
	char text[64];

	snprintf(text, sizeof(text), "test chain %u %s", number, what);
	assert_true(EVP_Digest(text, strlen(text), hash, NULL, EVP_blake2s256(), NULL));
	memcpy(bytes, hash, len);
}

static void agree(const struct tb_key *ours, const uint8_t *theirs, uint8_t *shared)
{
	EVP_PKEY *key, *peer;
	EVP_PKEY_CTX *ctx;
	size_t len = TONGBU_KEY_LEN;

	key = EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, ours->private, TONGBU_KEY_LEN);
	peer = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, theirs, TONGBU_KEY_LEN);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	assert_true(EVP_PKEY_derive_init(ctx) > 0 && EVP_PKEY_derive_set_peer(ctx, peer) > 0 &&
		    EVP_PKEY_derive(ctx, shared, &len) > 0);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	EVP_PKEY_free(key);
}

static void encrypt(const uint8_t *key, const uint8_t *header, struct tongbu_genesis *g,
		    const uint8_t *key0)
{
	static const uint8_t nonce[12];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len;

	assert_true(EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, nonce) &&
		    EVP_EncryptUpdate(ctx, NULL, &len, header, TONGBU_HEADER_LEN) &&
		    EVP_EncryptUpdate(ctx, NULL, &len, (const uint8_t *)g,
				      offsetof(struct tongbu_genesis, wrapped)) &&
		    EVP_EncryptUpdate(ctx, g->wrapped, &len, key0, TONGBU_KEY_LEN) &&
		    EVP_EncryptFinal_ex(ctx, g->wrapped + TONGBU_KEY_LEN, &len) &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16,
					g->wrapped + TONGBU_KEY_LEN));
	EVP_CIPHER_CTX_free(ctx);
}

static struct tongbu_header header(struct chain *chain, unsigned int kind, uint32_t source,
				   size_t len)
{
	return (struct tongbu_header){
		.seq = htole64(chain->count),
		.boottime = htole64(chain->boottime),
		.realtime = htole64(chain->boottime - BOOTTIME + REALTIME),
		.kind = htole16((uint16_t)kind),
		.flags = htole16(TONGBU_RECORD_SYNCED),
		.source = htole32(source),
		.source_seq = htole32(chain->next[source]),
		.uid = htole32(source == TONGBU_SOURCE_PEOPLE ? 1000 : TONGBU_UID_NONE),
		.pid = htole32(source == TONGBU_SOURCE_PEOPLE ? 2210 : 0),
		.length = htole16((uint16_t)len),
		.version = TONGBU_RECORD_VERSION,
	};
}

static void wrap(struct chain *chain, unsigned int number, const struct tb_key *supervisor,
		 struct tongbu_genesis *g)
{
	static const uint8_t label[TONGBU_LABEL_LEN] = TONGBU_ENVELOPE_LABEL;
	struct tongbu_header h = header(chain, TONGBU_KIND_GENESIS, 0, sizeof(*g));
	uint8_t info[TONGBU_LABEL_LEN + 3 * TONGBU_KEY_LEN + TONGBU_CHAIN_LEN], *at = info;
	uint8_t shared[TONGBU_KEY_LEN], key[TONGBU_KEY_LEN];
	struct tb_key ephemeral;

	draw("ephemeral", number, key, sizeof(key));
	assert_int_equal(tb_key_from_private(&ephemeral, key, NULL), 0);
	memcpy(g->supervisor, supervisor->public, TONGBU_KEY_LEN);
	memcpy(g->ephemeral, ephemeral.public, TONGBU_KEY_LEN);
	memcpy(g->chain, chain->id, TONGBU_CHAIN_LEN);
	agree(&ephemeral, supervisor->public, shared);
	at = mempcpy(at, shared, sizeof(shared));
	at = mempcpy(at, label, sizeof(label));
	at = mempcpy(at, g->supervisor, TONGBU_KEY_LEN);
	at = mempcpy(at, g->ephemeral, TONGBU_KEY_LEN);
	memcpy(at, chain->id, TONGBU_CHAIN_LEN);
	assert_true(EVP_Digest(info, sizeof(info), key, NULL, EVP_blake2s256(), NULL));
	encrypt(key, (const uint8_t *)&h, g, chain->key);
}

/**
 * chain_new() - begin a chain
 * @number: tells chains of one test apart
 * @supervisor: whose key it is wrapped to
 * @previous: the chain before it, or NULL
 *
 * Return: the chain with its record 0, to be freed by chain_free().
 */
struct chain *chain_new(unsigned int number, const struct tb_key *supervisor,
			const struct chain *previous)
{
	struct tongbu_genesis g = {
		.loaded = htole64(61000000007),
		.ring = htole32(65536),
		.heartbeat = htole32(HEARTBEAT),
		.submit_gid = htole32(994),
		.submit_rate = htole32(100),
		.module_version = "0.1.0",
		.kernel_release = "6.1.0-49-amd64",
	};
	struct chain *chain = calloc(1, sizeof(*chain));
	struct tb_receipt last;

	assert_non_null(chain);
	assert_int_equal(tb_seal_new(&chain->seal, NULL), 0);
	draw("id", number, chain->id, sizeof(chain->id));
	draw("key", number, chain->key, sizeof(chain->key));
	chain->boottime = BOOTTIME;
	if (previous) {
		last = chain_receipt(previous, previous->count - 1);
		memcpy(g.prev_chain, last.chain, sizeof(g.prev_chain));
		memcpy(g.prev_tag, last.tag, sizeof(g.prev_tag));
		g.prev_seq = htole64(last.seq);
	}
	wrap(chain, number, supervisor, &g);
	chain_put(chain, TONGBU_KIND_GENESIS, TONGBU_SOURCE_RECORDER, 0, &g, sizeof(g));
	chain->next[TONGBU_SOURCE_RECORDER] = 0;
	return chain;
}

/**
 * chain_free() - be done with a chain
 * @chain: the chain, or NULL
 */
void chain_free(struct chain *chain)
{
	if (!chain)
		return;
	tb_seal_free(chain->seal);
	free(chain->bytes);
	free(chain->at);
	free(chain);
}

static void make_room(struct chain *chain, size_t size)
{
	if (chain->len + size > chain->room) {
		chain->room = 2 * (chain->len + size);
		chain->bytes = realloc(chain->bytes, chain->room);
	}
	if (chain->count + 2 > chain->most) {
		chain->most = 2 * (chain->count + 2);
		chain->at = realloc(chain->at, chain->most * sizeof(*chain->at));
	}
	assert_true(chain->bytes && chain->at);
}

/**
 * chain_put() - seal a record
 * @chain: the chain
 * @kind: enum tongbu_kind
 * @source: what made it, below %CHAIN_SOURCES
 * @events: how many events of the source it stands for
 * @payload: what it holds
 * @len: bytes of that
 */
void chain_put(struct chain *chain, unsigned int kind, uint32_t source, uint32_t events,
	       const void *payload, size_t len)
{
	size_t size = TONGBU_RECORD_MIN + len;
	struct tongbu_header h;
	uint8_t *record;

	make_room(chain, size);
	chain->next[source] += events;
	h = header(chain, kind, source, len);
	record = chain->bytes + chain->len;
	memcpy(record, &h, sizeof(h));
	memcpy(record + sizeof(h), payload, len);
	assert_int_equal(tb_seal_tag(chain->seal, chain->key, chain->tag, record, sizeof(h) + len,
				     record + sizeof(h) + len),
			 0);
	memcpy(chain->tag, record + sizeof(h) + len, TONGBU_TAG_LEN);
	assert_int_equal(tb_seal_ratchet(chain->seal, chain->key, 1), 0);
	chain->at[chain->count++] = chain->len;
	chain->len += size;
	chain->at[chain->count] = chain->len;
	chain->boottime += INTERVAL;
}

/**
 * chain_source() - arm a source
 * @chain: the chain
 * @source: its number
 * @name: its name
 */
void chain_source(struct chain *chain, uint32_t source, const char *name)
{
	struct tongbu_source s = {
		.chip = "station",
		.line = htole32(source),
		.type = TONGBU_SOURCE_GPIO,
		.edges = TONGBU_EDGE_BOTH,
	};

	strncpy((char *)s.name, name, sizeof(s.name) - 1);
	chain->next[source] = 0;
	chain_put(chain, TONGBU_KIND_SOURCE_ADD, source, 0, &s, sizeof(s));
}

/**
 * chain_edge() - a line changed
 * @chain: the chain
 * @source: which line
 * @level: its level now
 */
void chain_edge(struct chain *chain, uint32_t source, unsigned int level)
{
	struct tongbu_edge e = { .level = (uint8_t)level, .delay = htole32(850) };

	chain_put(chain, TONGBU_KIND_EDGE, source, 1, &e, sizeof(e));
}

/**
 * chain_act() - somebody said something
 * @chain: the chain
 * @format: enum tongbu_act_format
 * @data: what
 * @len: bytes of that
 */
void chain_act(struct chain *chain, unsigned int format, const void *data, size_t len)
{
	struct tongbu_act act = {
		.login_uid = htole32(1000),
		.euid = htole32(1000),
		.format = (uint8_t)format,
	};
	uint8_t payload[TONGBU_PAYLOAD_MAX];

	assert_true(len <= TONGBU_ACT_MAX);
	memcpy(payload, &act, sizeof(act));
	memcpy(payload + sizeof(act), data, len);
	chain_put(chain, TONGBU_KIND_ACT, TONGBU_SOURCE_PEOPLE, 1, payload, sizeof(act) + len);
}

/**
 * chain_lost() - events there was no room for
 * @chain: the chain
 * @source: whose
 * @count: how many
 */
void chain_lost(struct chain *chain, uint32_t source, uint32_t count)
{
	struct tongbu_lost l = {
		.count = htole64(count),
		.first = htole64(chain->boottime - 20),
		.last = htole64(chain->boottime - 10),
		.cause = htole32(TONGBU_LOST_RING),
	};

	chain_put(chain, TONGBU_KIND_LOST, source, count, &l, sizeof(l));
}

/**
 * chain_heartbeat() - the recorder lives
 * @chain: the chain
 */
void chain_heartbeat(struct chain *chain)
{
	struct tongbu_heartbeat h = { .acked = htole64(chain->count), .attached = htole32(1) };

	chain_put(chain, TONGBU_KIND_HEARTBEAT, TONGBU_SOURCE_RECORDER, 1, &h, sizeof(h));
}

/**
 * chain_fill() - days in the life of a station with three sources
 * @chain: the chain
 * @count: records it is to have, at least five
 */
void chain_fill(struct chain *chain, size_t count)
{
	static const char *const names[] = { "water", "door", "pump" };
	struct tongbu_reader r = { .portid = htole32(4711), .comm = "tongbud" };
	char text[64];
	size_t i;

	chain_put(chain, TONGBU_KIND_ATTACH, TONGBU_SOURCE_RECORDER, 1, &r, sizeof(r));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		chain_source(chain, (uint32_t)(TONGBU_SOURCE_FIRST + i), names[i]);
	while (chain->count < count) {
		i = chain->count;
		switch (i % 10) {
		case 0:
			chain_heartbeat(chain);
			break;
		case 4:
			snprintf(text, sizeof(text), "gate opened by %zu cm", i);
			chain_act(chain, TONGBU_ACT_TEXT, text, strlen(text));
			break;
		case 7:
			chain_lost(chain, (uint32_t)(TONGBU_SOURCE_FIRST + i % 3),
				   (uint32_t)(1 + i % 5));
			break;
		default:
			chain_edge(chain, (uint32_t)(TONGBU_SOURCE_FIRST + i % 3), i & 1);
			break;
		}
	}
}

/**
 * chain_size() - how long a record is
 * @chain: the chain
 * @seq: its number
 *
 * Return: bytes.
 */
size_t chain_size(const struct chain *chain, size_t seq)
{
	return chain->at[seq + 1] - chain->at[seq];
}

/**
 * chain_record() - a record of the chain
 * @chain: the chain
 * @seq: its number
 *
 * Return: the record; its bytes are the chain's.
 */
struct tb_record chain_record(const struct chain *chain, size_t seq)
{
	struct tb_record rec;

	assert_true(seq < chain->count);
	rec = parsed(chain->bytes + chain->at[seq], chain_size(chain, seq));
	rec.chain = chain->id;
	return rec;
}

/**
 * chain_receipt() - the receipt for a record
 * @chain: the chain
 * @seq: its number
 *
 * Return: the receipt.
 */
struct tb_receipt chain_receipt(const struct chain *chain, size_t seq)
{
	struct tb_record rec = chain_record(chain, seq);
	struct tb_receipt receipt;

	tb_receipt_of(&rec, &receipt);
	return receipt;
}

/**
 * chain_part() - how a manifest names some of its records
 * @chain: the chain
 * @first: number of the first
 * @last: number of the last
 *
 * Return: that.
 */
struct tb_bundle_chain chain_part(const struct chain *chain, uint64_t first, uint64_t last)
{
	struct tb_bundle_chain part = { .first = first, .last = last };

	memcpy(part.id, chain->id, sizeof(part.id));
	if (first > 1 && first <= chain->count)
		memcpy(part.before, chain_record(chain, first - 1).tag, sizeof(part.before));
	return part;
}

/**
 * chain_keep() - let a ledger keep records of the chain
 * @ledger: the ledger; with record 0 it is told of the chain
 * @chain: the chain
 * @from: number of the first record
 * @end: number of the first record that is not for it
 */
void chain_keep(struct tb_ledger *ledger, const struct chain *chain, size_t from, size_t end)
{
	struct tb_error err;

	if (!from)
		assert_done(tb_ledger_add_chain(ledger, chain->id, 0, chain->bytes,
						chain_size(chain, 0), &err),
			    err);
	assert_done(tb_ledger_append(ledger, chain->bytes + chain->at[from],
				     chain->at[end] - chain->at[from], &err),
		    err);
	assert_done(tb_ledger_commit(ledger, &err), err);
}

/**
 * packed_begin() - begin a bundle, without asking whether it makes sense
 * @file: zero, or a bundle that is begun anew
 * @parts: what its manifest says
 * @count: how many
 */
void packed_begin(struct packed *file, const struct tb_bundle_chain *parts, size_t count)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)], before[TB_HEX_SIZE(TONGBU_TAG_LEN)], text[256];
	size_t i;

	file->len = 0;
	packed_add(file, "{\"bundle\":\"tongbu\",\"version\":2,\"chains\":[", 41);
	for (i = 0; i < count; i++) {
		snprintf(text, sizeof(text),
			 "%s{\"chain\":\"%s\",\"first\":%llu,\"last\":%llu,\"before\":\"%s\"}",
			 i ? "," : "", tb_hex_encode(id, parts[i].id, sizeof(parts[i].id)),
			 (unsigned long long)parts[i].first, (unsigned long long)parts[i].last,
			 tb_hex_encode(before, parts[i].before, sizeof(parts[i].before)));
		packed_add(file, text, strlen(text));
	}
	packed_add(file, "]}\n", 3);
	file->start = file->len;
}

/**
 * packed_add() - add bytes to a bundle
 * @file: the bundle
 * @records: the bytes
 * @len: how many
 */
void packed_add(struct packed *file, const void *records, size_t len)
{
	if (file->len + len > file->room) {
		file->room = 2 * (file->len + len);
		file->bytes = realloc(file->bytes, file->room);
		assert_non_null(file->bytes);
	}
	if (len)
		memcpy(file->bytes + file->len, records, len);
	file->len += len;
}

/**
 * packed_add_range() - add records of a chain to a bundle
 * @file: the bundle
 * @chain: the chain
 * @first: number of the first record
 * @end: number of the first record not to be added
 */
void packed_add_range(struct packed *file, const struct chain *chain, size_t first, size_t end)
{
	if (first < end)
		packed_add(file, chain->bytes + chain->at[first],
			   chain->at[end] - chain->at[first]);
}

/**
 * packed_verify() - verify a bundle
 * @file: the bundle
 * @options: how
 * @result: filled in; unless it fails, tb_verify_clear() frees what is in it
 * @err: told what went wrong
 *
 * Return: as tb_verify().
 */
int packed_verify(const struct packed *file, const struct tb_verify_options *options,
		  struct tb_verify_result *result, struct tb_error *err)
{
	struct tb_bundle *bundle;
	int ret;

	assert_done(tb_bundle_open_memory(file->bytes, file->len, &bundle, err), *err);
	ret = tb_verify(bundle, options, result, err);
	tb_bundle_close(bundle);
	return ret;
}

/**
 * packed_free() - be done with a bundle
 * @file: the bundle
 */
void packed_free(struct packed *file)
{
	free(file->bytes);
	memset(file, 0, sizeof(*file));
}
