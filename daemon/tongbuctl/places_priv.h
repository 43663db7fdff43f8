/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the forms of a file of places and what they have in common. */
#ifndef TONGBU_PLACES_PRIV_H
#define TONGBU_PLACES_PRIV_H

#include "places.h"

#define PLACES_COLUMNS_MAX 64

/**
 * struct reading - a file as it is read
 * @places: those there are so far
 * @seen: line of each id
 * @line: the line it is at, from 1
 * @column: where in that line, from 1
 * @feature: of GeoJSON and GPX the feature, from 1; 0 in other forms
 * @text: where the place it is at begins, in JSON
 * @names: of CSV the header, else NULL
 * @count: how many names
 * @err: told what is wrong
 */
struct reading {
	json_t *places;
	json_t *seen;
	unsigned long line;
	unsigned long column;
	unsigned long feature;
	const char *text;
	const char *const *names;
	size_t count;
	struct tb_error *err;
};

/* places.c */
char place_type_of(const char *name);
int place_bad(struct reading *r, const char *what, const char *why);
int place_add(struct reading *r, json_t *place);

/* places_gpx.c */
int places_read_gpx(struct reading *r, const char *text);

/* places_csv.c */
int places_read_csv(struct reading *r, char *text);

#endif /* TONGBU_PLACES_PRIV_H */
