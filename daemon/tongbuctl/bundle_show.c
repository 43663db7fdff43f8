// SPDX-License-Identifier: GPL-2.0-only
#include "bundle_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "hex.h"
#include "show.h"

static json_t *part_json(const struct tb_bundle_chain *part)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];

	return json_pack("{s:s, s:o, s:o}", "chain", tb_hex_encode(id, part->id, TONGBU_CHAIN_LEN),
			 "first", tb_json_u64(part->first), "last", tb_json_u64(part->last));
}

static void show_parts(const struct tb_bundle_chain *parts, size_t count)
{
	char id[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	size_t i;

	for (i = 0; i < count; i++)
		printf("chain %s  records %" PRIu64 " to %" PRIu64 "\n",
		       tb_hex_encode(id, parts[i].id, TONGBU_CHAIN_LEN), parts[i].first,
		       parts[i].last);
}

/**
 * bundle_report() - tell what a bundle says of itself
 * @path: its file
 * @parts: its ranges
 * @count: how many
 * @station: its station's name
 * @created: when it was packed
 *
 * Return: the exit status.
 */
int bundle_report(const char *path, const struct tb_bundle_chain *parts, size_t count,
		  const char *station, const char *created)
{
	json_t *list = json_array();
	size_t i;

	if (!ctl.json) {
		json_decref(list);
		/* From a stranger's manifest: nothing the terminal would obey */
		printf("%s: ", path);
		tb_text_put((const uint8_t *)station, strlen(station), stdout);
		fputs(", packed ", stdout);
		tb_text_put((const uint8_t *)created, strlen(created), stdout);
		putchar('\n');
		show_parts(parts, count);
		return CTL_OK;
	}
	for (i = 0; i < count; i++)
		json_array_append_new(list, part_json(&parts[i]));
	return ctl_print(json_pack("{s:s, s:s, s:s, s:o}", "bundle", path, "station", station,
				   "created", created, "chains", list));
}

static int show_bundle(const struct tb_bundle *bundle, struct tb_names *names)
{
	uint8_t chain[TONGBU_CHAIN_LEN];
	struct tb_window window;
	struct tb_record rec;
	struct tb_error err;
	uint64_t at;
	int status = 0;

	memcpy(chain, bundle->chains[0].id, sizeof(chain));

	if (tb_window_open(&window, bundle))
		return ctl_bad("out of memory");
	for (at = 0; !status && !tb_window_frame(&window, at, chain, &rec); at += rec.size) {
		/* Each chain begins with record 0, which names it. */
		memcpy(chain, rec.chain, sizeof(chain));
		status = show_record(&rec, names);
	}
	if (!status && tb_window_error(&window, &err))
		status = ctl_bad("%s", err.text);
	else if (!status && at < bundle->records_len)
		status = ctl_bad("bytes among the records are no record");
	tb_window_close(&window);
	return status;
}

/**
 * bundle_show() - print a bundle: what it says of itself, and its records
 * @path: its file
 *
 * Return: the exit status.
 */
int bundle_show(const char *path)
{
	struct tb_names *names = tb_names_new();
	struct tb_bundle *bundle;
	struct tb_error err;
	int status;

	if (tb_bundle_open(path, &bundle, &err)) {
		tb_names_free(names);
		return ctl_bad("%s", err.text);
	}
	status = bundle_report(path, bundle->chains, bundle->chain_count, bundle->station,
			       bundle->created);
	if (!status)
		status = show_bundle(bundle, names);
	tb_names_free(names);
	tb_bundle_close(bundle);
	return status;
}
