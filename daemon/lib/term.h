/* SPDX-License-Identifier: GPL-2.0-only */
/* Where answers go, and what of somebody's text may go there. */
#ifndef TONGBU_TERM_H
#define TONGBU_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What tb_char_next() makes of bytes that are no UTF-8 */
#define TB_CHAR_NONE UINT32_MAX

bool tb_colour(void);
unsigned int tb_columns(void);
size_t tb_char_next(const uint8_t *bytes, size_t len, uint32_t *c);
bool tb_char_unseen(uint32_t c);
void tb_text_put(const uint8_t *bytes, size_t len, FILE *out);

#endif /* TONGBU_TERM_H */
