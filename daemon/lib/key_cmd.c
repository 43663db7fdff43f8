// SPDX-License-Identifier: GPL-2.0-only
/* The supervisor's pair: draw one, look at one. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "hex.h"
#include "key.h"
#include "verify_cmd.h"

static const char suffix[] = ".pem";

/* supervisor.pem -> supervisor.pub.pem */
static char *public_path(const char *path)
{
	size_t len = strlen(path), end = sizeof(suffix) - 1;
	char *public;

	if (len > end && !strcmp(path + len - end, suffix))
		len -= end;
	if (asprintf(&public, "%.*s.pub.pem", (int)len, path) < 0)
		return NULL;
	return public;
}

static json_t *key_json(const struct tb_key *key, const char *private, const char *public)
{
	char fingerprint[TB_FINGERPRINT_SIZE], hex[TB_HEX_SIZE(TONGBU_KEY_LEN)];

	return json_pack("{s:s, s:s, s:s*, s:s*}", "fingerprint",
			 tb_key_fingerprint(key->public, fingerprint), "public",
			 tb_hex_encode(hex, key->public, TONGBU_KEY_LEN), "private_file", private,
			 "public_file", public);
}

static int save_pair(const char *path, struct tb_key *key, const char *passphrase, bool json)
{
	char *public = public_path(path), fingerprint[TB_FINGERPRINT_SIZE];
	struct tb_error err;
	int status = TB_EXIT_OK;

	if (!public)
		return tb_command_bad("out of memory");
	if (tb_key_save_private(path, key, passphrase, &err)) {
		status = tb_command_bad("%s", err.text);
	} else if (tb_key_save_public(public, key, &err)) {
		status = tb_command_bad("%s", err.text);
		unlink(path);
	} else if (json) {
		status = tb_command_print(key_json(key, path, public));
	} else {
		printf("private key  %s: keep it where the station cannot reach\n", path);
		printf("public key   %s: give it to the station\n", public);
		printf("fingerprint  %s\n", tb_key_fingerprint(key->public, fingerprint));
	}
	free(public);
	return status;
}

static int key_new(const char *path, const char *passphrase_file, bool json)
{
	char passphrase[TB_PASSPHRASE_SIZE] = "";
	struct tb_error err;
	struct tb_key key = { 0 };
	int ret = 0, status;

	if (passphrase_file)
		ret = tb_passphrase_read(passphrase_file, passphrase, &err);
	else if (isatty(STDIN_FILENO))
		ret = tb_passphrase_new(passphrase, &err);
	if (!ret)
		ret = tb_key_new(&key, &err);
	status = ret ? tb_command_bad("%s", err.text) : save_pair(path, &key, passphrase, json);
	tb_key_wipe(&key);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	return status;
}

static int key_show(const char *path, const char *passphrase_file, bool json)
{
	char fingerprint[TB_FINGERPRINT_SIZE];
	struct tb_error err;
	struct tb_key key;
	bool private;

	if (tb_key_load(path, passphrase_file, &key, &err))
		return tb_command_bad("%s", err.text);
	private = key.has_private;
	memset(key.private, 0, sizeof(key.private));
	if (json)
		return tb_command_print(key_json(&key, private ? path : NULL,
						 private ? NULL : path));
	printf("%s  %s key of supervisor %s\n", path, private ? "private" : "public",
	       tb_key_fingerprint(key.public, fingerprint));
	tb_key_wipe(&key);
	return TB_EXIT_OK;
}

#define PASSPHRASE_FILE                                                                       \
	{                                                                                     \
		TB_OPT_PASSPHRASE_FILE, 0, "passphrase-file", "FILE",                         \
			"its first line is the passphrase of the private key; without "       \
			"this option a terminal is asked; without either, a new key has none" \
	}

const struct tb_option tb_key_new_options[] = {
	{ TB_OPT_OUT, 'o', "out", "FILE",
	  "where the private key goes (default supervisor.pem); "
	  "the public one goes beside it, as supervisor.pub.pem" },
	PASSPHRASE_FILE,
	{ 0 },
};

const struct tb_option tb_key_show_options[] = { PASSPHRASE_FILE, { 0 } };

static int read_options(const struct tb_command *command, int argc, char **argv, const char **out,
			const char **passphrase_file)
{
	int option;

	while ((option = command->next(argc, argv)) != -1) {
		if (option == TB_OPT_OUT)
			*out = optarg;
		else if (option == TB_OPT_PASSPHRASE_FILE)
			*passphrase_file = optarg;
		else
			return TB_EXIT_FAILED;
	}
	return 0;
}

/**
 * tb_key_new_command() - draw a pair, as asked on a command line
 * @command: what the program says
 * @argc: number of arguments
 * @argv: the arguments, the command's name first
 *
 * Return: exit status.
 */
int tb_key_new_command(const struct tb_command *command, int argc, char **argv)
{
	const char *out = "supervisor.pem", *passphrase_file = NULL;
	int status = read_options(command, argc, argv, &out, &passphrase_file);

	if (!status && optind < argc)
		status = tb_command_bad("key new takes no argument %s: --out FILE says where to",
					argv[optind]);
	return status ?: key_new(out, passphrase_file, *command->json);
}

/**
 * tb_key_show_command() - show a key, as asked on a command line
 * @command: what the program says
 * @argc: number of arguments
 * @argv: the arguments, the command's name first
 *
 * Return: exit status.
 */
int tb_key_show_command(const struct tb_command *command, int argc, char **argv)
{
	const char *out = NULL, *passphrase_file = NULL;
	int status = read_options(command, argc, argv, &out, &passphrase_file);

	if (!status && optind + 1 != argc)
		status = tb_command_bad("which key? give one FILE: see key --help");
	return status ?: key_show(argv[optind], passphrase_file, *command->json);
}
