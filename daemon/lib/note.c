// SPDX-License-Identifier: GPL-2.0-only
#include "note.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hex.h"
#include "timefmt.h"

#define DASH	       "\xe2\x80\x94 "
#define ID_LEN	       4
#define SIGNATURE_LEN  64
#define SIGNATURES_MAX 64

/**
 * tb_note_number() - read a number as notes have it
 * @text: digits, no zero before others
 * @len: how many
 * @number: set to it
 *
 * Return: whether it is one, below 2^63.
 */
bool tb_note_number(const char *text, size_t len, uint64_t *number)
{
	size_t i;

	*number = 0;
	if (!len || len > 19 || (*text == '0' && len > 1))
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number * 10 + (uint64_t)(text[i] - '0');
	}
	return *number <= INT64_MAX;
}

static int decode(const char *text, size_t len, uint8_t **bytes, size_t *count)
{
	char *copy = strndup(text, len);
	int ret = copy ? tb_base64_decode(copy, bytes, count) : -ENOMEM;

	free(copy);
	return ret;
}

/**
 * tb_note_hash() - read a hash as notes have it
 * @text: base64
 * @len: its characters
 * @hash: set to it
 *
 * Return: whether it is one.
 */
bool tb_note_hash(const char *text, size_t len, uint8_t hash[TB_HASH_LEN])
{
	uint8_t *bytes;
	size_t count;

	if (decode(text, len, &bytes, &count))
		return false;
	if (count == TB_HASH_LEN)
		memcpy(hash, bytes, TB_HASH_LEN);
	free(bytes);
	return count == TB_HASH_LEN;
}

/**
 * tb_vkey_set() - name a key
 * @key: filled in
 * @name: its name
 * @type: %TB_VKEY_LOG or %TB_VKEY_WITNESS
 * @public: the Ed25519 key
 * @err: told what is wrong with the name
 *
 * Return: 0 or -EINVAL.
 */
int tb_vkey_set(struct tb_vkey *key, const char *name, uint8_t type,
		const uint8_t public[TB_VKEY_LEN], struct tb_error *err)
{
	char text[TB_NOTE_NAME_SIZE + 2 + TB_VKEY_LEN];
	uint8_t hash[TB_HASH_LEN];
	size_t len = strlen(name);
	const char *c;

	for (c = name; *c > ' ' && *c != '+' && *c != 0x7f; c++)
		;
	if (!len || len >= TB_NOTE_NAME_SIZE || *c)
		return tb_error_set(err, -EINVAL,
				    "'%.80s' cannot be the name of a key: it is of ASCII without blanks and +, up to %d characters",
				    name, TB_NOTE_NAME_SIZE - 1);
	*key = (struct tb_vkey){ .type = type };
	memcpy(key->name, name, len);
	memcpy(key->public, public, TB_VKEY_LEN);
	snprintf(text, sizeof(text), "%s\n%c", name, type);
	memcpy(text + len + 2, public, TB_VKEY_LEN);
	if (!EVP_Digest(text, len + 2 + TB_VKEY_LEN, hash, NULL, EVP_sha256(), NULL))
		return tb_error_set(err, -EIO, "libcrypto failed");
	memcpy(key->id, hash, ID_LEN);
	return 0;
}

/**
 * tb_vkey_parse() - read a key: NAME+ID+KEY
 * @text: the key, nothing around it
 * @key: filled in
 * @err: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tb_vkey_parse(const char *text, struct tb_vkey *key, struct tb_error *err)
{
	const char *id = strchr(text, '+'), *last = id ? strchr(id + 1, '+') : NULL;
	char name[TB_NOTE_NAME_SIZE], hex[TB_HEX_SIZE(ID_LEN)];
	uint8_t want[ID_LEN], *bytes = NULL;
	size_t count = 0;
	int ret = -EINVAL;

	if (last && (size_t)(id - text) < sizeof(name) && last - id == TB_HEX_SIZE(ID_LEN) &&
	    !tb_base64_decode(last + 1, &bytes, &count) && count == 1 + TB_VKEY_LEN &&
	    (*bytes == TB_VKEY_LOG || *bytes == TB_VKEY_WITNESS)) {
		memcpy(name, text, (size_t)(id - text));
		name[id - text] = '\0';
		memcpy(hex, id + 1, sizeof(hex) - 1);
		hex[sizeof(hex) - 1] = '\0';
		ret = tb_hex_decode(hex, want, ID_LEN);
		ret = ret ?: tb_vkey_set(key, name, *bytes, bytes + 1, err);
		if (!ret && memcmp(want, key->id, ID_LEN))
			ret = -EINVAL;
	}
	free(bytes);
	if (ret)
		tb_error_set(err, ret,
			     "'%.80s' is no key of a log or a witness: it is one line NAME+ID+KEY, as 'tongbuctl checkpoint --vkey' prints",
			     text);
	return ret;
}

/**
 * tb_vkey_text() - a key as one line
 * @key: the key
 *
 * Return: the text, the caller's; NULL without memory.
 */
char *tb_vkey_text(const struct tb_vkey *key)
{
	uint8_t bytes[1 + TB_VKEY_LEN] = { key->type };
	char id[TB_HEX_SIZE(ID_LEN)], *base64, *text;

	memcpy(bytes + 1, key->public, TB_VKEY_LEN);
	base64 = tb_base64_encode(bytes, sizeof(bytes));
	if (!base64 ||
	    asprintf(&text, "%s+%s+%s", key->name, tb_hex_encode(id, key->id, ID_LEN), base64) < 0)
		text = NULL;
	free(base64);
	return text;
}

static bool sign_text(EVP_PKEY *private, const char *text, uint8_t signature[SIGNATURE_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = SIGNATURE_LEN;
	bool done;

	done = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, private) == 1 &&
	       EVP_DigestSign(ctx, signature, &len, (const uint8_t *)text, strlen(text)) == 1;
	EVP_MD_CTX_free(ctx);
	return done;
}

static char *signature_line(const struct tb_vkey *key, const uint8_t *signature, size_t len)
{
	char *base64 = tb_base64_encode(signature, len), *line;

	if (!base64 || asprintf(&line, DASH "%s %s\n", key->name, base64) < 0)
		line = NULL;
	free(base64);
	return line;
}

/**
 * tb_checkpoint_sign() - make a checkpoint
 * @key: the log's key; its name is the origin
 * @private: its private half
 * @size: entries
 * @root: root of the tree
 *
 * A log must never sign two that do not agree: what is signed must be durable.
 *
 * Return: the note, the caller's; NULL if libcrypto failed.
 */
char *tb_checkpoint_sign(const struct tb_vkey *key, EVP_PKEY *private, uint64_t size,
			 const uint8_t root[TB_HASH_LEN])
{
	uint8_t signature[ID_LEN + SIGNATURE_LEN];
	char *hash = tb_base64_encode(root, TB_HASH_LEN), *text = NULL, *note = NULL, *line = NULL;

	memcpy(signature, key->id, ID_LEN);
	if (!hash || asprintf(&text, "%s\n%" PRIu64 "\n%s\n", key->name, size, hash) < 0)
		text = NULL;
	else if (sign_text(private, text, signature + ID_LEN))
		line = signature_line(key, signature, sizeof(signature));
	if (line && asprintf(&note, "%s\n%s", text, line) < 0)
		note = NULL;
	free(hash);
	free(text);
	free(line);
	return note;
}

static const char *line_end(const char *line)
{
	const char *end = strchr(line, '\n');

	return end && end != line ? end : NULL;
}

/* Behind the last empty line there are signatures alone. */
static const char *signatures_of(const char *note)
{
	const char *found = NULL, *next, *c;

	for (next = note; (next = strstr(next, "\n\n")); next++)
		found = next + 2;
	for (c = note; *c && ((unsigned char)*c >= ' ' || *c == '\n') && *c != 0x7f; c++)
		;
	return *c ? NULL : found;
}

/**
 * tb_checkpoint_parse() - read a checkpoint
 * @note: the note; copied
 * @checkpoint: filled in, to be cleared by the caller; nothing is said of signatures
 * @err: told what is wrong
 *
 * Return: 0; -EINVAL if it is none; or -ENOMEM.
 */
int tb_checkpoint_parse(const char *note, struct tb_checkpoint *checkpoint, struct tb_error *err)
{
	const char *signatures = signatures_of(note), *size, *root, *end = NULL;

	*checkpoint = (struct tb_checkpoint){ 0 };
	size = line_end(note);
	root = size ? line_end(size + 1) : NULL;
	end = root ? line_end(root + 1) : NULL;
	if (strlen(note) > TB_NOTE_MAX || !signatures || !end || end >= signatures ||
	    (size_t)(size - note) >= sizeof(checkpoint->origin) ||
	    !tb_note_number(size + 1, (size_t)(root - size - 1), &checkpoint->size) ||
	    !tb_note_hash(root + 1, (size_t)(end - root - 1), checkpoint->root))
		return tb_error_set(err, -EINVAL,
				    "this is no checkpoint: a name, a number, a hash, an empty line and signatures are wanted, as 'tongbuctl checkpoint' prints");
	memcpy(checkpoint->origin, note, (size_t)(size - note));
	checkpoint->text_len = (size_t)(signatures - note) - 1;
	checkpoint->note = strdup(note);
	return checkpoint->note ? 0 : tb_error_set(err, -ENOMEM, "out of memory");
}

/**
 * tb_checkpoint_clear() - be done with a checkpoint
 * @checkpoint: the checkpoint
 */
void tb_checkpoint_clear(struct tb_checkpoint *checkpoint)
{
	free(checkpoint->note);
	checkpoint->note = NULL;
}

static bool is_good(const struct tb_vkey *key, const uint8_t *signature, const void *text,
		    size_t len)
{
	EVP_PKEY *public =
		EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, key->public, TB_VKEY_LEN);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	good = public && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, public) == 1 &&
	       EVP_DigestVerify(ctx, signature, SIGNATURE_LEN, text, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(public);
	return good;
}

/* What a witness signs */
static char *cosigned_text(const struct tb_checkpoint *checkpoint, uint64_t stamp)
{
	char *text;

	return asprintf(&text, "cosignature/v1\ntime %" PRIu64 "\n%.*s", stamp,
			(int)checkpoint->text_len, checkpoint->note) < 0 ?
		       NULL :
		       text;
}

/**
 * tb_checkpoint_cosign() - sign a log's checkpoint, as a witness
 * @checkpoint: the checkpoint, which goes on from the last that the witness signed
 * @key: the witness's key
 * @private: its private half
 * @stamp: when, s since 1970
 *
 * Return: the line to go behind the note, the caller's; NULL if libcrypto failed.
 */
char *tb_checkpoint_cosign(const struct tb_checkpoint *checkpoint, const struct tb_vkey *key,
			   EVP_PKEY *private, uint64_t stamp)
{
	uint8_t bytes[ID_LEN + 8 + SIGNATURE_LEN];
	char *text = cosigned_text(checkpoint, stamp), *line = NULL;
	uint64_t big = htobe64(stamp);

	memcpy(bytes, key->id, ID_LEN);
	memcpy(bytes + ID_LEN, &big, sizeof(big));
	if (text && sign_text(private, text, bytes + ID_LEN + 8))
		line = signature_line(key, bytes, sizeof(bytes));
	free(text);
	return line;
}

static bool is_cosigned(const struct tb_checkpoint *checkpoint, const struct tb_vkey *key,
			const uint8_t *bytes, uint64_t *time)
{
	uint64_t stamp;
	char *text;
	bool good;

	memcpy(&stamp, bytes, sizeof(stamp));
	stamp = be64toh(stamp);
	text = cosigned_text(checkpoint, stamp);
	if (!text)
		return false;
	good = stamp <= INT64_MAX && is_good(key, bytes + 8, text, strlen(text));
	free(text);
	*time = stamp;
	return good;
}

/* Return: 1 a good signature of the key, 0 another's, -EINVAL no signature, -EKEYREJECTED bad */
static int check_line(const struct tb_checkpoint *checkpoint, const struct tb_vkey *key,
		      const char *line, size_t len, uint64_t *time)
{
	bool cosigned = key->type == TB_VKEY_WITNESS;
	size_t want = ID_LEN + (cosigned ? 8 : 0) + SIGNATURE_LEN, count;
	const char *base64 = memrchr(line, ' ', len);
	uint8_t *bytes;
	int ret = 0;

	if (len <= strlen(DASH) || memcmp(line, DASH, strlen(DASH)) ||
	    base64 < line + strlen(DASH) + 1 ||
	    decode(base64 + 1, len - (size_t)(base64 + 1 - line), &bytes, &count))
		return -EINVAL;
	line += strlen(DASH);
	if (count <= ID_LEN)
		ret = -EINVAL;
	else if ((size_t)(base64 - line) != strlen(key->name) ||
		 memcmp(line, key->name, strlen(key->name)) || memcmp(bytes, key->id, ID_LEN))
		ret = 0;
	else if (count == want &&
		 (cosigned ? is_cosigned(checkpoint, key, bytes + ID_LEN, time) :
			     is_good(key, bytes + ID_LEN, checkpoint->note, checkpoint->text_len)))
		ret = 1;
	else
		ret = -EKEYREJECTED;
	free(bytes);
	return ret;
}

/**
 * tb_checkpoint_signed() - did somebody sign it?
 * @checkpoint: the checkpoint
 * @key: the key of the log or of a witness
 * @time: set to when, s since 1970, if a witness did
 * @err: told what is wrong with the note
 *
 * Signatures of others are passed over.
 *
 * Return: 1 if so; 0 if there is no signature of that key; -EKEYREJECTED if there is a
 * bad one; -EINVAL if what should be signatures is none.
 */
int tb_checkpoint_signed(const struct tb_checkpoint *checkpoint, const struct tb_vkey *key,
			 uint64_t *time, struct tb_error *err)
{
	const char *line = checkpoint->note + checkpoint->text_len + 1, *end;
	int count = 0, found = 0, ret = 0;

	for (; ret >= 0 && *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end || ++count > SIGNATURES_MAX)
			ret = -EINVAL;
		else
			ret = check_line(checkpoint, key, line, (size_t)(end - line), time);
		found |= ret > 0;
		if (!end)
			break;
	}
	if (ret == -EKEYREJECTED)
		return tb_error_set(err, ret,
				    "the checkpoint of size %" PRIu64
				    " bears a signature of %s that is not good: it was changed",
				    checkpoint->size, key->name);
	if (ret < 0)
		return tb_error_set(err, ret,
				    "line %d of the checkpoint's signatures is no signature",
				    count);
	return found;
}

/* Return: whether the line is of a witness. */
static bool read_cosigner(const char *line, size_t len, char name[TB_NOTE_NAME_SIZE],
			  uint64_t *time)
{
	const char *base64 = memrchr(line, ' ', len);
	uint8_t *bytes;
	size_t count;
	bool found;

	if (len <= strlen(DASH) || memcmp(line, DASH, strlen(DASH)) ||
	    base64 < line + strlen(DASH) + 1 ||
	    base64 - line - (ptrdiff_t)strlen(DASH) >= TB_NOTE_NAME_SIZE ||
	    decode(base64 + 1, len - (size_t)(base64 + 1 - line), &bytes, &count))
		return false;
	found = count == ID_LEN + sizeof(*time) + SIGNATURE_LEN;
	if (found) {
		memcpy(time, bytes + ID_LEN, sizeof(*time));
		*time = be64toh(*time);
		snprintf(name, TB_NOTE_NAME_SIZE, "%.*s",
			 (int)(base64 - line - (ptrdiff_t)strlen(DASH)), line + strlen(DASH));
	}
	free(bytes);
	return found && *time <= INT64_MAX / TB_NSEC_PER_SEC;
}

/**
 * tb_checkpoint_cosigner() - which witness says that it signed?
 * @checkpoint: the checkpoint
 * @index: the how manieth, from 0
 * @name: set to its name
 * @time: set to when, s since 1970, as it says
 *
 * No key is asked: it is for those who know that the signatures are good.
 *
 * Return: whether there are so many.
 */
bool tb_checkpoint_cosigner(const struct tb_checkpoint *checkpoint, size_t index,
			    char name[TB_NOTE_NAME_SIZE], uint64_t *time)
{
	const char *line = checkpoint->note + checkpoint->text_len + 1, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		if (read_cosigner(line, (size_t)(end - line), name, time) && !index--)
			return true;
	return false;
}
