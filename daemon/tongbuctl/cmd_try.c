// SPDX-License-Identifier: GPL-2.0-only
/* tongbuctl try: what would packs make of these records? */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "pool.h"
#include "timefmt.h"
#include "try.h"

#define CHINA (8 * 3600)

static int set_zone(const char *text, struct tb_try_options *options)
{
	struct tb_error err;

	return tb_zone_find(text, tb_time_now() / TB_NSEC_PER_SEC, &options->rule, &err) ?
		       ctl_bad("--tz %s", err.text) :
		       0;
}

static int add_name(struct tb_try_options *options, const char *name)
{
	char **more = reallocarray(options->names, options->name_count + 1, sizeof(*more));

	if (!more)
		return ctl_bad("out of memory");
	options->names = more;
	more[options->name_count] = strdup(name);
	return more[options->name_count++] ? 0 : ctl_bad("out of memory");
}

static int is_pack(const struct dirent *entry)
{
	return *entry->d_name != '.' && strcmp(entry->d_name, "base");
}

/* Without --pack: all there are */
static int add_all(struct tb_try_options *options)
{
	struct dirent **entries;
	int i, count = scandir(options->packs, &entries, is_pack, alphasort), status = 0;

	if (count < 0)
		return ctl_bad("%s: %s: name the packs with --packs-dir", options->packs,
			       strerror(errno));
	for (i = 0; i < count; i++) {
		if (!status)
			status = add_name(options, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int try_file(const char *path, const struct tb_try_options *options)
{
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	struct tb_try_result result;
	struct tb_error err;
	int ret;

	if (!in)
		return ctl_bad("%s: %s", path, strerror(errno));
	ret = tb_try(in, stdout, options, &result, &err);
	if (in != stdin)
		fclose(in);
	if (ret)
		return ctl_bad("%s: %s", path, err.text);
	if (result.expected + result.missed)
		fprintf(stderr, "%lu records, %lu expectations met, %lu not\n", result.records,
			result.expected, result.missed);
	return result.missed ? CTL_NO : CTL_OK;
}

static int take_option(struct tb_try_options *options, int option)
{
	switch (option) {
	case OPT_PACK:
		return add_name(options, optarg);
	case OPT_PACKS_DIR:
		options->packs = optarg;
		return 0;
	case OPT_BLOBS:
		options->blobs = optarg;
		return 0;
	case OPT_TZ:
		return set_zone(optarg, options);
	case OPT_QUIET:
		options->quiet = true;
		return 0;
	default:
		return CTL_FAILED;
	}
}

/**
 * cmd_try() - tongbuctl try
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status: 1 if an expectation was not met.
 */
int cmd_try(int argc, char **argv)
{
	struct tb_try_options options = { .packs = getenv("TONGBU_PACKS") ?: TB_PACKS_DIR,
					  .zone = CHINA };
	int option, status = 0;
	size_t i;

	tb_pool_everywhere();
	while (!status && (option = ctl_option(argc, argv)) != -1)
		status = take_option(&options, option);
	if (!status && optind + 1 != argc)
		status = ctl_bad("which records? try FILE, or - : see tongbuctl try --help");
	if (!status && !options.name_count)
		status = add_all(&options);
	if (!status)
		status = try_file(argv[optind], &options);
	for (i = 0; i < options.name_count; i++)
		free(options.names[i]);
	free(options.names);
	return status;
}
