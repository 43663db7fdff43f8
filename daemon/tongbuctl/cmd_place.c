// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl place: rivers, roads, markets, stations; one by one or a file of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "blobs.h"
#include "charset.h"
#include "hex.h"
#include "people.h"
#include "state.h"
#include "places.h"
#include "subjects.h"

static const struct people_column columns[] = {
	{ "place", "地点", "id", 't' },	     { "kind", "类别", "kind", 't' },
	{ "name", "名称", "name", 't' },     { "office", "单位", "office", 't' },
	{ "within", "所属", "parent", 't' }, { "road", "道路", "road|river", 't' },
	{ "from km", "起", "from_km", 'n' }, { "to km", "止", "to_km", 'n' },
	{ "km", "长度", "length_km", 'n' },  { 0 },
};

static const struct people_list places = { "places", columns, false, false, false };

/**
 * place_list() - tongbuctl place list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int place_list(int argc, char **argv)
{
	return people_list(&places, argc, argv);
}

/* As the pack base takes it: one object a line */
static char *lines_of(const json_t *all, size_t *len)
{
	char *text = NULL;
	json_t *place;
	FILE *out;
	size_t i;

	out = open_memstream(&text, len);
	if (!out)
		return NULL;
	json_array_foreach((json_t *)all, i, place) {
		json_dumpf(place, out, JSON_COMPACT | JSON_SORT_KEYS);
		fputc('\n', out);
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* Whoever may not ask is told so before all of it is sent. */
static int put_blob(const char *text, size_t len, char hash[TB_HASH_SIZE])
{
	char *bytes = tb_base64_encode((const uint8_t *)text, len);
	json_t *reply, *query = json_pack("{s:s}", "bytes", bytes ? bytes : "");
	struct tb_error err;
	struct tb_rpc *rpc;
	int ret;

	free(bytes);
	ret = ctl_connect_referee(&rpc, &err);
	if (ret) {
		json_decref(query);
		return ctl_failed(&err);
	}
	ret = tb_rpc_call(rpc, "GetStatus", NULL, &reply, &err);
	if (!ret) {
		json_decref(reply);
		ret = tb_rpc_call(rpc, "PutBlob", json_incref(query), &reply, &err);
	}
	json_decref(query);
	tb_rpc_close(rpc);
	if (ret)
		return ctl_failed(&err);
	snprintf(hash, TB_HASH_SIZE, "%s", json_string_value(json_object_get(reply, "hash")) ?: "");
	json_decref(reply);
	return 0;
}

static int submit_places(const json_t *all, bool wait)
{
	char hash[TB_HASH_SIZE], *text;
	json_t *act;
	size_t len;
	int status;

	text = lines_of(all, &len);
	if (!text)
		return ctl_bad("out of memory");
	if (len > TB_BLOB_MAX)
		status =
			ctl_bad("%zu bytes of places are more than the %lu one import takes: split the file",
				len, TB_BLOB_MAX);
	else
		status = put_blob(text, len, hash);
	free(text);
	if (status)
		return status;
	act = json_pack("{s:s, s:s, s:s, s:I}", "pack", "base", "kind", "places", "blob", hash,
			"count", (json_int_t)json_array_size(all));
	return act ? act_submit(act, wait) : ctl_bad("out of memory");
}

/* The places of a file; whoever gave it is told in which charset it was read. */
static int read_file(const char *path, json_t **all)
{
	const char *was = NULL;
	struct tb_error err;
	char *text;
	size_t len;
	int ret;

	*all = NULL;
	if (tb_file_read(path, &text, &len, &err))
		return ctl_failed(&err);
	ret = charset_to_utf8(&text, &len, &was, &err);
	if (!ret)
		ret = places_read(text, all, &err);
	free(text);
	if (ret) {
		ctl_bad("%s: %s", path, err.text);
		return CTL_NO;
	}
	if (was)
		fprintf(stderr,
			people_say("%s: read as %s: look at the names before you import it\n",
				   "%s：按 %s 读入，导入前请核对名称\n"),
			path, was);
	return 0;
}

/**
 * place_check() - tongbuctl place check
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int place_check(int argc, char **argv)
{
	json_t *all;
	char *text;
	size_t len;
	int status;

	if (ctl_option(argc, argv) != -1)
		return CTL_FAILED;
	if (optind + 1 != argc)
		return ctl_bad("one FILE of places: see tongbuctl place --help");
	status = read_file(argv[optind], &all);
	if (status)
		return status;
	text = lines_of(all, &len);
	json_decref(all);
	if (!text)
		return ctl_bad("out of memory");
	charset_raw();
	fwrite(text, 1, len, stdout);
	free(text);
	return 0;
}

/**
 * place_import() - tongbuctl place import
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int place_import(int argc, char **argv)
{
	struct act_options options;
	int status = act_options(&options, argc, argv);
	json_t *all;

	if (status)
		return status;
	if (options.data || optind + 1 != argc)
		return ctl_bad("one FILE of places: see tongbuctl place --help");
	status = read_file(argv[optind], &all);
	if (status)
		return status;
	if (!ctl.json)
		printf(people_say("%zu places\n", "%zu 个地点\n"), json_array_size(all));
	status = submit_places(all, options.wait);
	json_decref(all);
	return status;
}
