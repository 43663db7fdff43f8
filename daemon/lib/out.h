/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON, written straight into memory of a fixed size. */
#ifndef TONGBU_OUT_H
#define TONGBU_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct tb_out - what is written
 * @at: where the next byte goes
 * @end: where there is no room any more
 * @full: there was too little room: what stands there is of no use
 */
struct tb_out {
	char *at;
	char *end;
	bool full;
};

void tb_out_raw(struct tb_out *out, const char *text, size_t len);
void tb_out_number(struct tb_out *out, uint64_t number);
void tb_out_signed(struct tb_out *out, int64_t number);
void tb_out_string(struct tb_out *out, const uint8_t *bytes, size_t len);
void tb_out_hex(struct tb_out *out, const uint8_t *bytes, size_t len);
void tb_out_base64(struct tb_out *out, const uint8_t *bytes, size_t len);
void tb_out_key(struct tb_out *out, const char *name);
void tb_out_word(struct tb_out *out, const char *word, uint64_t number);
void tb_out_bits(struct tb_out *out, uint32_t bits, const char *(*word)(unsigned int bit));
bool tb_text_is_utf8(const uint8_t *bytes, size_t len);

#define tb_out_text(out, text) tb_out_raw(out, text, sizeof(text) - 1)
#define tb_out_null(out)       tb_out_text(out, "null")

#endif /* TONGBU_OUT_H */
