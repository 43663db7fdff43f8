// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys and the files they are kept in. A private key is written once, readable
 * by its owner alone, and never over anything that is there.
 */
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "hex.h"

static int from_pkey(struct tb_key *key, EVP_PKEY *pkey, bool private)
{
	size_t len = TONGBU_KEY_LEN;

	memset(key, 0, sizeof(*key));
	if (!EVP_PKEY_is_a(pkey, "X25519") ||
	    !EVP_PKEY_get_raw_public_key(pkey, key->public, &len) || len != TONGBU_KEY_LEN)
		return -EINVAL;
	if (private) {
		if (!EVP_PKEY_get_raw_private_key(pkey, key->private, &len) ||
		    len != TONGBU_KEY_LEN)
			return -EINVAL;
		key->has_private = true;
	}
	return 0;
}

/**
 * tb_key_new() - draw a pair
 * @key: filled in; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0 or -EIO.
 */
int tb_key_new(struct tb_key *key, struct tb_error *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	int ret = -EIO;

	if (pkey)
		ret = from_pkey(key, pkey, true);
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EIO, "libcrypto could not make an X25519 key: %s",
				    ERR_reason_error_string(ERR_get_error()) ?: "no reason given");
	return 0;
}

/**
 * tb_key_from_private() - the pair a private key belongs to
 * @key: filled in; to be wiped by the caller
 * @private: the private key
 * @err: told why not, or NULL
 *
 * Return: 0 or -EIO.
 */
int tb_key_from_private(struct tb_key *key, const uint8_t private[TONGBU_KEY_LEN],
			struct tb_error *err)
{
	EVP_PKEY *pkey =
		EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, private, TONGBU_KEY_LEN);
	int ret = -EIO;

	if (pkey)
		ret = from_pkey(key, pkey, true);
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EIO, "libcrypto does not take the X25519 key: %s",
				    ERR_reason_error_string(ERR_get_error()) ?: "no reason given");
	return 0;
}

/**
 * tb_passphrase_read() - read a passphrase from a file
 * @path: the file: its first line counts
 * @text: set to it; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if there is none, or one too long; or what opening it said.
 */
int tb_passphrase_read(const char *path, char text[TB_PASSPHRASE_SIZE], struct tb_error *err)
{
	FILE *file = fopen(path, "re");
	size_t len;
	char *got;

	if (!file)
		return tb_error_set(err, -errno, "cannot read passphrase %s: %m", path);
	/* What the stream holds would stay in memory. */
	setvbuf(file, NULL, _IONBF, 0);
	got = fgets(text, TB_PASSPHRASE_SIZE, file);
	fclose(file);
	len = got ? strcspn(text, "\r\n") : 0;
	if (!len || len == TB_PASSPHRASE_SIZE - 1)
		return tb_error_set(err, -EINVAL,
				    "%s: its first line must be the passphrase, of 1 to %d bytes",
				    path, TB_PASSPHRASE_SIZE - 2);
	text[len] = '\0';
	return 0;
}

/**
 * tb_passphrase_new() - ask for a new passphrase, twice, on the terminal
 * @text: set to it, or to "" if none is wanted; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the two differ, or nobody answers.
 */
int tb_passphrase_new(char text[TB_PASSPHRASE_SIZE], struct tb_error *err)
{
	if (EVP_read_pw_string(text, TB_PASSPHRASE_SIZE - 1,
			       "New passphrase (empty for none): ", 1))
		return tb_error_set(err, -EINVAL,
				    "no passphrase was given, or not the same one twice");
	return 0;
}

/**
 * struct unlock - how a key may be opened
 * @path: the key's file
 * @passphrase_file: where its passphrase is, or NULL to ask for it
 * @wanted: it was needed
 * @err: why there is none
 */
struct unlock {
	const char *path;
	const char *passphrase_file;
	bool wanted;
	struct tb_error err;
};

static int give_passphrase(char *buf, int size, int writing, void *data)
{
	struct unlock *unlock = data;
	char text[TB_PASSPHRASE_SIZE] = "", prompt[256];
	size_t len;

	(void)writing;
	unlock->wanted = true;
	if (unlock->passphrase_file) {
		tb_passphrase_read(unlock->passphrase_file, text, &unlock->err);
	} else if (isatty(STDIN_FILENO)) {
		snprintf(prompt, sizeof(prompt), "Passphrase of %.200s: ", unlock->path);
		if (EVP_read_pw_string(text, sizeof(text) - 1, prompt, 0))
			*text = '\0';
	} else {
		tb_error_set(&unlock->err, -EINVAL,
			     "the key in %s is under a passphrase: give it by --passphrase-file",
			     unlock->path);
	}
	len = strlen(text);
	if (unlock->err.code || !len || len > (size_t)size)
		len = 0;
	memcpy(buf, text, len);
	OPENSSL_cleanse(text, sizeof(text));
	return len ? (int)len : -1;
}

/* Public keys are under no passphrase. */
static int no_passphrase(char *buf, int size, int writing, void *data)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static int load(const char *path, const char *passphrase_file, struct tb_key *key,
		struct tb_error *err)
{
	struct unlock unlock = { .path = path, .passphrase_file = passphrase_file };
	EVP_PKEY *pkey;
	bool private = true;
	FILE *file;
	int ret;

	memset(key, 0, sizeof(*key));
	file = fopen(path, "re");
	if (!file)
		return tb_error_set(err, -errno, "cannot read key %s: %m", path);
	pkey = PEM_read_PrivateKey(file, NULL, give_passphrase, &unlock);
	if (!pkey && !unlock.wanted) {
		private = false;
		rewind(file);
		pkey = PEM_read_PUBKEY(file, NULL, no_passphrase, NULL);
	}
	ERR_clear_error();
	fclose(file);

	if (!pkey && unlock.err.code) {
		if (err)
			*err = unlock.err;
		return unlock.err.code;
	}
	if (!pkey && unlock.wanted)
		return tb_error_set(err, -EINVAL,
				    "the key in %s does not open with that passphrase", path);
	if (!pkey)
		return tb_error_set(err, -EINVAL,
				    "%s holds no key in PEM: make one with 'tongbu-verify key new'",
				    path);
	ret = from_pkey(key, pkey, private);
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EINVAL,
				    "the key in %s is not an X25519 key: make one with 'tongbu-verify key new'",
				    path);
	return 0;
}

/**
 * tb_key_load() - read a key, private or public
 * @path: a PEM file
 * @passphrase_file: the passphrase of a private key under one; NULL to ask for it
 * @key: filled in; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the file holds no X25519 key, or one that does not open;
 * or what opening it said.
 */
int tb_key_load(const char *path, const char *passphrase_file, struct tb_key *key,
		struct tb_error *err)
{
	return load(path, passphrase_file, key, err);
}

/**
 * tb_key_load_private() - read a private key
 * @path: a PEM file
 * @passphrase_file: its passphrase, if it is under one; NULL to ask for it
 * @key: filled in, both halves; to be wiped by the caller
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the file holds no private X25519 key, or one that does not
 * open; or what opening it said.
 */
int tb_key_load_private(const char *path, const char *passphrase_file, struct tb_key *key,
			struct tb_error *err)
{
	int ret = load(path, passphrase_file, key, err);

	if (!ret && !key->has_private)
		return tb_error_set(err, -EINVAL,
				    "%s holds the public key only: give the supervisor's private key",
				    path);
	return ret;
}

/* Under a passphrase or not, with a public one beside it or not */
static bool holds_private(FILE *file)
{
	char *name, *header;
	uint8_t *data;
	bool found = false;
	long len;

	while (!found && PEM_read(file, &name, &header, &data, &len)) {
		found = strstr(name, "PRIVATE KEY");
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, (size_t)len);
	}
	return found;
}

/**
 * tb_key_load_public() - read a public key, where no private one may be
 * @path: a PEM file
 * @key: filled in, the public half alone
 * @err: told why not, or NULL
 *
 * Return: 0; -EINVAL if the file holds no X25519 key; -EKEYREJECTED if it holds a
 * private one; or what opening it said.
 */
int tb_key_load_public(const char *path, struct tb_key *key, struct tb_error *err)
{
	FILE *file = fopen(path, "re");
	EVP_PKEY *pkey = NULL;
	int ret;

	memset(key, 0, sizeof(*key));
	if (!file)
		return tb_error_set(err, -errno, "cannot read key %s: %m", path);
	if (holds_private(file)) {
		fclose(file);
		return tb_error_set(err, -EKEYREJECTED,
				    "%s holds a private key, and with it records can be forged: take it away from the station, and put the public half in its place",
				    path);
	}
	rewind(file);
	pkey = PEM_read_PUBKEY(file, NULL, no_passphrase, NULL);
	ERR_clear_error();
	fclose(file);
	ret = pkey ? from_pkey(key, pkey, false) : -EINVAL;
	EVP_PKEY_free(pkey);
	if (ret)
		return tb_error_set(err, -EINVAL,
				    "%s holds no public X25519 key in PEM: the supervisor makes one with 'tongbu-verify key new'",
				    path);
	return 0;
}

static int write_new(const char *path, mode_t mode, BIO *text, struct tb_error *err)
{
	char *data;
	long len = BIO_get_mem_data(text, &data);
	ssize_t done;
	int fd, ret;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0 && errno == EEXIST)
		return tb_error_set(err, -EEXIST,
				    "%s exists and is not overwritten: give another name, or remove it",
				    path);
	if (fd < 0)
		return tb_error_set(err, -errno, "cannot create %s: %m", path);
	done = write(fd, data, (size_t)len);
	if (done != len || fsync(fd)) {
		ret = done >= 0 && done != len ? -ENOSPC : -errno;
		close(fd);
		unlink(path);
		return tb_error_set(err, ret, "cannot write %s: %s", path, strerror(-ret));
	}
	if (close(fd))
		return tb_error_set(err, -errno, "cannot write %s: %m", path);
	return 0;
}

/* scrypt, as openssl(1) has it by default: 16 MiB for who tries a passphrase */
static int put_encrypted(BIO *text, EVP_PKEY *pkey, const char *passphrase)
{
	PKCS8_PRIV_KEY_INFO *clear = EVP_PKEY2PKCS8(pkey);
	X509_SIG *locked = NULL;
	X509_ALGOR *how;
	int ok = 0;

	how = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 16, NULL, 16384, 8, 1);
	if (clear && how)
		locked = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), clear, how);
	if (locked)
		ok = PEM_write_bio_PKCS8(text, locked);
	else
		X509_ALGOR_free(how);
	X509_SIG_free(locked);
	PKCS8_PRIV_KEY_INFO_free(clear);
	return ok;
}

static int save(const char *path, const struct tb_key *key, bool private, const char *passphrase,
		struct tb_error *err)
{
	EVP_PKEY *pkey;
	BIO *text;
	int ok, ret;

	pkey = private ? EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, key->private,
							 TONGBU_KEY_LEN) :
			 EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, key->public,
							TONGBU_KEY_LEN);
	text = BIO_new(private ? BIO_s_secmem() : BIO_s_mem());
	if (pkey && text && passphrase && *passphrase)
		ok = put_encrypted(text, pkey, passphrase);
	else
		ok = pkey && text &&
		     (private ? PEM_write_bio_PrivateKey(text, pkey, NULL, NULL, 0, NULL, NULL) :
				PEM_write_bio_PUBKEY(text, pkey));
	if (ok)
		ret = write_new(path, private ? 0600 : 0644, text, err);
	else
		ret = tb_error_set(err, -EIO, "libcrypto could not write the key for %s as PEM: %s",
				   path,
				   ERR_reason_error_string(ERR_get_error()) ?: "no reason given");
	BIO_free(text);
	EVP_PKEY_free(pkey);
	return ret;
}

/**
 * tb_key_save_private() - write the private key to a new file, mode 0600
 * @path: the file, which must not exist
 * @key: the pair
 * @passphrase: what it is to be under, or NULL or "" for nothing
 * @err: told why not, or NULL
 *
 * Return: 0; -EEXIST if something is there; -EINVAL without a private half; or
 * what writing said.
 */
int tb_key_save_private(const char *path, const struct tb_key *key, const char *passphrase,
			struct tb_error *err)
{
	if (!key->has_private)
		return tb_error_set(err, -EINVAL, "there is no private key to write to %s", path);
	return save(path, key, true, passphrase, err);
}

/**
 * tb_key_save_public() - write the public key to a new file, mode 0644
 * @path: the file, which must not exist
 * @key: the pair, or the public half
 * @err: told why not, or NULL
 *
 * Return: 0; -EEXIST if something is there; or what writing said.
 */
int tb_key_save_public(const char *path, const struct tb_key *key, struct tb_error *err)
{
	return save(path, key, false, NULL, err);
}

/**
 * tb_key_fingerprint() - a public key, short enough to compare by eye
 * @public: the key
 * @text: where to
 *
 * The first 16 bytes of BLAKE2s-256 of the 32 raw bytes.
 *
 * Return: @text, 32 hexadecimal digits; empty if libcrypto failed.
 */
char *tb_key_fingerprint(const uint8_t public[TONGBU_KEY_LEN], char text[TB_FINGERPRINT_SIZE])
{
	uint8_t digest[32];

	*text = '\0';
	if (EVP_Q_digest(NULL, "BLAKE2S-256", NULL, public, TONGBU_KEY_LEN, digest, NULL))
		tb_hex_encode(text, digest, 16);
	return text;
}

/**
 * tb_key_wipe() - leave nothing of a key in memory
 * @key: the key; all zero on return
 */
void tb_key_wipe(struct tb_key *key)
{
	OPENSSL_cleanse(key, sizeof(*key));
}
