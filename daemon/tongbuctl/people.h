/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state, shown to people: in their language, in columns, in the station's time.
 */
#ifndef TONGBU_PEOPLE_H
#define TONGBU_PEOPLE_H

#include <stdio.h>

#include "ctl.h"

/* "2026-11-24 09:30+08:00" and the closing NUL */
#define PEOPLE_TIME_SIZE 24
/* The year 2500 */
#define PEOPLE_SECONDS_MAX   16725225600LL
#define PEOPLE_PROGRESS_SIZE 128

/**
 * struct people_column - one column of a table
 * @en: its heading
 * @zh: its heading in Chinese
 * @key: member of a row, or several with "|" between: the first that is there
 * @type: t text, T time, n number, w a word of the state's, such as a level
 */
struct people_column {
	const char *en;
	const char *zh;
	const char *key;
	char type;
};

/**
 * struct people_list - a list of the state
 * @what: its name, as Query has it
 * @columns: its columns, closed by one without a heading
 * @open: only what is open, unless all is asked for
 * @number: a row is named by a number
 * @whole: it comes as a whole, not by pages
 */
struct people_list {
	const char *what;
	const struct people_column *columns;
	bool open;
	bool number;
	bool whole;
};

/* people.c */
const char *people_say(const char *en, const char *zh);
const char *people_text(const json_t *text);
const char *people_word(const char *word);
char *people_time(json_int_t seconds, int zone, char text[PEOPLE_TIME_SIZE]);
char *people_progress(const json_t *remaking, char text[PEOPLE_PROGRESS_SIZE]);
int people_call(const char *method, json_t *parameters, json_t **reply);
int people_ask(const char *what, json_t *filter, json_t **reply);
int people_zone(const json_t *reply);

/* table.c */
char *people_cell(const json_t *value, char type, int zone);
const char *people_colour(const char *word);
void people_write(FILE *out, const char *text);
void people_put(const char *text);
void people_table(const struct people_column *columns, const json_t *rows, int zone,
		  const char *indent);

bool people_unlisted(const json_t *status, char *text, size_t size);

/* cmd_state.c */
int people_list(const struct people_list *list, int argc, char **argv);

#endif /* TONGBU_PEOPLE_H */
