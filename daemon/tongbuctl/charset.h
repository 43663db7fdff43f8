/* SPDX-License-Identifier: GPL-2.0-only */
/* Files as other systems write them, into UTF-8; and out of it, for other terminals. */
#ifndef TONGBU_CHARSET_H
#define TONGBU_CHARSET_H

#include <stddef.h>

#include "error.h"

void charset_output(void);
void charset_raw(void);
int charset_to_utf8(char **text, size_t *len, const char **was, struct tb_error *err);

#endif /* TONGBU_CHARSET_H */
