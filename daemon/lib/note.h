/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checkpoints: what a log signs, and witnesses sign after it, in the formats of C2SP
 * (signed-note, tlog-checkpoint, tlog-cosignature), so that keys, witnesses and verifiers
 * of others work with it.
 *
 *	origin
 *	size
 *	base64 of the root
 *
 *	— name base64 of (4 bytes of key id | signature)
 */
#ifndef TONGBU_NOTE_H
#define TONGBU_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "error.h"
#include "merkle.h"

#define TB_NOTE_NAME_SIZE 256
#define TB_NOTE_MAX	  16384
#define TB_VKEY_LEN	  32

/* Kinds of keys; others are not known here, and their signatures are passed over */
#define TB_VKEY_LOG	1
#define TB_VKEY_WITNESS 4

/**
 * struct tb_vkey - a public key that signs notes
 * @name: its name, the NUL behind
 * @type: %TB_VKEY_LOG or %TB_VKEY_WITNESS
 * @id: of name, type and key
 * @public: the Ed25519 key
 */
struct tb_vkey {
	char name[TB_NOTE_NAME_SIZE];
	uint8_t type;
	uint8_t id[4];
	uint8_t public[TB_VKEY_LEN];
};

/**
 * struct tb_checkpoint - a note that says how a log stands
 * @note: all of it, with signatures and a closing NUL
 * @text_len: bytes of it that are signed
 * @origin: which log
 * @size: entries
 * @root: root of the tree
 */
struct tb_checkpoint {
	char *note;
	size_t text_len;
	char origin[TB_NOTE_NAME_SIZE];
	uint64_t size;
	uint8_t root[TB_HASH_LEN];
};

bool tb_note_number(const char *text, size_t len, uint64_t *number);
bool tb_note_hash(const char *text, size_t len, uint8_t hash[TB_HASH_LEN]);

int tb_vkey_set(struct tb_vkey *key, const char *name, uint8_t type,
		const uint8_t public[TB_VKEY_LEN], struct tb_error *err);
int tb_vkey_parse(const char *text, struct tb_vkey *key, struct tb_error *err);
char *tb_vkey_text(const struct tb_vkey *key);

char *tb_checkpoint_sign(const struct tb_vkey *key, EVP_PKEY *private, uint64_t size,
			 const uint8_t root[TB_HASH_LEN]);
int tb_checkpoint_parse(const char *note, struct tb_checkpoint *checkpoint, struct tb_error *err);
int tb_checkpoint_signed(const struct tb_checkpoint *checkpoint, const struct tb_vkey *key,
			 uint64_t *time, struct tb_error *err);
char *tb_checkpoint_cosign(const struct tb_checkpoint *checkpoint, const struct tb_vkey *key,
			   EVP_PKEY *private, uint64_t stamp);
bool tb_checkpoint_cosigner(const struct tb_checkpoint *checkpoint, size_t index,
			    char name[TB_NOTE_NAME_SIZE], uint64_t *time);
void tb_checkpoint_clear(struct tb_checkpoint *checkpoint);

#endif /* TONGBU_NOTE_H */
