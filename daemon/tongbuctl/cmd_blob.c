// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl blob, tongbuctl subject: data of people, outside of the chain. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "charset.h"
#include "ctl.h"
#include "hex.h"
#include "kernel.h"
#include "subjects.h"
#include "submit.h"

#define NEW_SUBJECT_LEN 16

/**
 * struct data - some bytes
 * @bytes: they; on the heap
 * @len: how many
 */
struct data {
	uint8_t *bytes;
	size_t len;
};

static int read_data(const char *path, struct data *data)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	bool bad;

	if (!file)
		return ctl_bad("%s: %s", path, strerror(errno));
	data->bytes = malloc(TB_BLOB_MAX + 1);
	data->len = data->bytes ? fread(data->bytes, 1, TB_BLOB_MAX + 1, file) : 0;
	bad = ferror(file);
	if (file != stdin)
		fclose(file);
	if (!data->bytes)
		return ctl_bad("out of memory");
	if (bad)
		return ctl_bad("%s cannot be read", path);
	if (!data->len)
		return ctl_bad("%s is empty", path);
	if (data->len > TB_BLOB_MAX)
		return ctl_bad("%s has more than the %lu bytes a blob takes", path, TB_BLOB_MAX);
	return 0;
}

/* Whoever may not ask is told so by the small question, and keeps the data. */
static int connect_first(struct tb_rpc **rpc, struct tb_error *err)
{
	json_t *reply;
	int ret;

	ret = ctl_connect_referee(rpc, err);
	if (ret)
		return ret;
	ret = tb_rpc_call(*rpc, "GetStatus", NULL, &reply, err);
	if (ret) {
		tb_rpc_close(*rpc);
		return ret;
	}
	json_decref(reply);
	return 0;
}

static int call(struct tb_rpc *rpc, const char *method, json_t *parameters, json_t **reply)
{
	struct tb_error err;
	int ret = tb_rpc_call(rpc, method, parameters, reply, &err);

	if (!ret)
		return CTL_OK;
	/* What the station says no to is another thing than what failed. */
	return ret == -EINVAL || ret == -ENOENT || ret == -EKEYREVOKED ? ctl_refused(&err) :
									 ctl_failed(&err);
}

static int put(const struct data *data, const char *subject)
{
	char *text = tb_base64_encode(data->bytes, data->len);
	struct tb_error err;
	struct tb_rpc *rpc;
	json_t *reply;
	int status;

	if (!text)
		return ctl_bad("out of memory");
	if (connect_first(&rpc, &err)) {
		free(text);
		return ctl_failed(&err);
	}
	status = call(rpc, "PutBlob", json_pack("{s:s, s:s*}", "bytes", text, "subject", subject),
		      &reply);
	free(text);
	tb_rpc_close(rpc);
	if (status)
		return status;
	if (ctl.json)
		return ctl_print(reply);
	puts(json_string_value(json_object_get(reply, "hash")) ?: "");
	json_decref(reply);
	return CTL_OK;
}

/**
 * blob_put() - tongbuctl blob put
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int blob_put(int argc, char **argv)
{
	const char *subject = NULL;
	struct data data = { 0 };
	int option, status;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option != OPT_SUBJECT)
			return CTL_FAILED;
		subject = optarg;
	}
	if (optind + 1 != argc)
		return ctl_bad("one FILE, or - for standard input: see tongbuctl blob --help");
	if (subject && !tb_subject_valid(subject))
		return ctl_bad("--subject: %s is not a pseudonym: see tongbuctl subject new",
			       subject);
	status = read_data(argv[optind], &data);
	if (!status)
		status = put(&data, subject);
	free(data.bytes);
	return status;
}

/* A new file, for the caller's eyes alone: it may hold data of people. */
static int write_data(const char *path, const struct data *data)
{
	int fd = -1, saved;
	FILE *file = stdout;

	charset_raw();
	if (path && strcmp(path, "-")) {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		file = fd < 0 ? NULL : fdopen(fd, "w");
		if (!file) {
			saved = errno;
			if (fd >= 0)
				close(fd);
			return ctl_bad("%s: %s", path, strerror(saved));
		}
	}
	if (fwrite(data->bytes, 1, data->len, file) != data->len || fflush(file)) {
		ctl_bad("the blob could not be written: %s", strerror(errno));
		if (file != stdout) {
			fclose(file);
			unlink(path);
		}
		return CTL_FAILED;
	}
	if (file != stdout)
		fclose(file);
	return CTL_OK;
}

/**
 * blob_get() - tongbuctl blob get
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int blob_get(int argc, char **argv)
{
	struct tb_error err;
	struct data data;
	struct tb_rpc *rpc;
	const char *text;
	json_t *reply;
	int status;

	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind + 1 != argc && optind + 2 != argc)
		return ctl_bad("one HASH, and a FILE or none: see tongbuctl blob --help");
	if (ctl_connect_referee(&rpc, &err))
		return ctl_failed(&err);
	status = call(rpc, "GetBlob", json_pack("{s:s}", "hash", argv[optind]), &reply);
	tb_rpc_close(rpc);
	if (status)
		return status;
	if (ctl.json)
		return ctl_print(reply);
	text = json_string_value(json_object_get(reply, "bytes"));
	if (!text || tb_base64_decode(text, &data.bytes, &data.len)) {
		status = ctl_unread("tongbu-referee");
	} else {
		status = write_data(argv[optind + 1], &data);
		free(data.bytes);
	}
	json_decref(reply);
	return status;
}

/**
 * subject_new() - tongbuctl subject new
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int subject_new(int argc, char **argv)
{
	/* As people read aloud: neither I nor L, O, U */
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t random[NEW_SUBJECT_LEN];
	char subject[TB_SUBJECT_SIZE] = "S-";
	size_t i;

	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind != argc)
		return ctl_bad("subject new takes no argument: it makes the pseudonym itself");
	if (RAND_bytes(random, sizeof(random)) != 1)
		return ctl_bad("libcrypto gave no random bytes");
	for (i = 0; i < sizeof(random); i++)
		subject[2 + i] = letters[random[i] % (sizeof(letters) - 1)];
	if (ctl.json)
		return ctl_print(json_pack("{s:s}", "subject", subject));
	puts(subject);
	return CTL_OK;
}

static bool is_sure(const char *subject)
{
	char answer[TB_SUBJECT_SIZE + 2];

	fprintf(stderr,
		"All data of %s will be lost for ever, here and wherever blobs were copied to.\n"
		"Give the pseudonym once more to erase them: ",
		subject);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	answer[strcspn(answer, "\n")] = '\0';
	return !strcmp(answer, subject);
}

/* On record first, and durable: no erasure that nobody knows of. */
static int put_on_record(const char *subject)
{
	struct tb_receipt receipt;
	struct tb_kernel *kernel;
	struct tb_error err;
	char act[128];
	int len, status = CTL_OK;

	len = snprintf(act, sizeof(act),
		       "{\"pack\":\"base\",\"kind\":\"erased\",\"subject\":\"%s\"}", subject);
	if (tb_kernel_open(&kernel, &err)) {
		ctl_bad("%s", err.text);
		return err.code == -ENOENT ? CTL_NO_MODULE : CTL_FAILED;
	}
	if (tb_kernel_submit(kernel, TONGBU_ACT_JSON, act, (size_t)len, &receipt, &err))
		status = ctl_refused(&err);
	else if (submit_wait(kernel, &receipt, &err))
		status = ctl_failed(&err);
	tb_kernel_close(kernel);
	return status;
}

static int erase(const char *subject)
{
	struct tb_error err;
	struct tb_rpc *rpc;
	json_t *reply;
	int status;

	/* Whether there is somebody to do it, before it is said that it was done */
	if (connect_first(&rpc, &err))
		return ctl_failed(&err);
	status = put_on_record(subject);
	if (!status)
		status = call(rpc, "EraseSubject", json_pack("{s:s}", "subject", subject), &reply);
	tb_rpc_close(rpc);
	if (status)
		return status;
	json_decref(reply);
	if (ctl.json)
		return ctl_print(json_pack("{s:s}", "erased", subject));
	printf("%s is erased\n", subject);
	return CTL_OK;
}

/**
 * subject_erase() - tongbuctl subject erase
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int subject_erase(int argc, char **argv)
{
	bool yes = false;
	int option;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option != OPT_YES)
			return CTL_FAILED;
		yes = true;
	}
	if (optind + 1 != argc)
		return ctl_bad("one pseudonym: see tongbuctl subject --help");
	if (!tb_subject_valid(argv[optind]))
		return ctl_bad("%s is not a pseudonym: give S- and 1 to 32 letters, digits or -",
			       argv[optind]);
	if (!yes && !isatty(STDIN_FILENO))
		return ctl_bad("nobody is there to be asked: --yes erases without asking");
	if (!yes && !is_sure(argv[optind])) {
		ctl_bad("nothing was erased");
		return CTL_NO;
	}
	return erase(argv[optind]);
}
