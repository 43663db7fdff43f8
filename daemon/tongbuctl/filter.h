/* SPDX-License-Identifier: GPL-2.0-only */
/* Which records are wanted: the options that log and watch have in common. */
#ifndef TONGBU_FILTER_H
#define TONGBU_FILTER_H

#include "ctl.h"

enum {
	OPT_SINCE = CTL_OPTION(50),
	OPT_SOURCE,
	OPT_KIND,
	OPT_UID,
};

#define FILTER_OPTIONS                                             \
	{ "since", required_argument, NULL, OPT_SINCE },           \
		{ "source", required_argument, NULL, OPT_SOURCE }, \
		{ "kind", required_argument, NULL, OPT_KIND },     \
	{                                                          \
		"uid", required_argument, NULL, OPT_UID            \
	}

int filter_option(json_t *query, int option);
int filter_time(json_t *query, const char *key, const char *text);
int filter_number(json_t *query, const char *key, const char *text);

#endif /* TONGBU_FILTER_H */
