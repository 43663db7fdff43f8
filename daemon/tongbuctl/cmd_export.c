// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl export: what a pack gives away in a format of others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asked.h"
#include "charset.h"
#include "hex.h"
#include "outfile.h"
#include "people.h"
#include "state.h"

static const struct people_column list_columns[] = {
	{ "export", "导出", "id", 't' },
	{ "format", "格式", "media", 't' },
	{ "who", "对象", "who", 'w' },
	{ "what it has", "内容", "doc", 't' },
	{ 0 },
};

static const struct people_list exports = { "exports", list_columns, false, false, true };

static int write_file(const char *path, const uint8_t *bytes, size_t len)
{
	struct tb_outfile out;
	struct tb_error err;
	int ret;

	ret = tb_outfile_open(&out, path, &err);
	if (!ret) {
		fwrite(bytes, 1, len, out.file);
		ret = tb_outfile_commit(&out, &err);
	}
	tb_outfile_close(&out);
	return ret ? ctl_failed(&err) : CTL_OK;
}

static int put(const char *path, const json_t *reply)
{
	const char *media = json_string_value(json_object_get(reply, "media")) ?: "";
	uint8_t *bytes;
	size_t len;
	int status = CTL_OK;

	if (tb_base64_decode(json_string_value(json_object_get(reply, "bytes")) ?: "", &bytes,
			     &len))
		return ctl_unread("tongbu-referee");
	if (path) {
		status = write_file(path, bytes, len);
	} else if (!strcmp(media, "application/zip") && isatty(STDOUT_FILENO)) {
		status = ctl_bad("this is a ZIP file: say -o FILE, as -o %s",
				 json_string_value(json_object_get(reply, "name")) ?: "FILE");
	} else {
		charset_raw();
		fwrite(bytes, 1, len, stdout);
	}
	if (!status && ctl.json)
		status = ctl_print(json_pack("{s:O, s:s, s:I, s:O, s:s}", "name",
					     json_object_get(reply, "name"), "media", media, "size",
					     (json_int_t)len, "withheld",
					     json_object_get(reply, "withheld"), "file", path));
	free(bytes);
	return status;
}

static int show(const char *pack, const char *name, const char *path, json_t *query)
{
	json_int_t withheld;
	json_t *reply;
	int status;

	status = people_call("Export",
			     json_pack("{s:s, s:s, s:o}", "pack", pack, "export", name, "query",
				       query),
			     &reply);
	if (status)
		return status;
	withheld = json_integer_value(json_object_get(reply, "withheld"));
	status = put(path, reply);
	if (!status && withheld)
		fprintf(stderr,
			people_say("%lld texts look like personal data, and were left out\n",
				   "%lld 处文字疑似个人信息，未予导出\n"),
			(long long)withheld);
	json_decref(reply);
	return status;
}

/**
 * export_list() - tongbuctl export list
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int export_list(int argc, char **argv)
{
	return people_list(&exports, argc, argv);
}

/**
 * cmd_export() - tongbuctl export
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int cmd_export(int argc, char **argv)
{
	json_t *query = json_object();
	const char *path = NULL;
	char *pack = NULL, *dot;
	int status;

	status = asked_query(query, argc, argv, &path);
	if (!status && optind == argc)
		status = ctl_bad("which one? export [PACK.]NAME: see tongbuctl export list");
	if (!status && ctl.json && !path)
		status = ctl_bad("--json tells of the file that -o FILE names: say -o FILE");
	if (!status)
		status = asked_name("export", argv[optind], &pack);
	if (status) {
		json_decref(query);
		free(pack);
		return status;
	}
	dot = strchr(pack, '.');
	*dot = '\0';
	status = show(pack, dot + 1, path, query);
	free(pack);
	return status;
}
