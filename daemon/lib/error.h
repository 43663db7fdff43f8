/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong, in a number for the program and in words for the person.
 * Functions return the number; the words are made where most is known.
 */
#ifndef TONGBU_ERROR_H
#define TONGBU_ERROR_H

/**
 * struct tb_error - one failure
 * @code: negative errno
 * @text: what failed and what to do about it; one line without newline
 */
struct tb_error {
	int code;
	char text[512];
};

int tb_error_set(struct tb_error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* TONGBU_ERROR_H */
