/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two parts of reading values share. */
#ifndef TONGBU_MEASURE_PRIV_H
#define TONGBU_MEASURE_PRIV_H

#include "measure.h"

/* The separator of numbers that are told by their signs */
#define TB_MEASURE_SIGN "sign"

/**
 * enum tb_measured - what became of a value
 * @TB_MEASURED: it was read
 * @TB_MEASURED_NOT_HERE: this is none of its frames
 * @TB_MEASURED_NOT: it should be here and cannot be read
 */
enum tb_measured {
	TB_MEASURED,
	TB_MEASURED_NOT_HERE,
	TB_MEASURED_NOT,
};

/**
 * struct tb_why - why a value cannot be read
 * @text: in words
 */
struct tb_why {
	char text[160];
};

enum tb_measured tb_measure_why(struct tb_why *why, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *tb_measure_word(const json_t *value, const char *key, const char *otherwise);

/* measure_text.c */
enum tb_measured tb_measure_column(const json_t *value, const char *text, size_t len,
				   double *number, struct tb_why *why);
enum tb_measured tb_measure_field(const json_t *value, const char *text, size_t len, double *number,
				  struct tb_why *why);

#endif /* TONGBU_MEASURE_PRIV_H */
