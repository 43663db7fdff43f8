/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes as text: hexadecimal for ids, tags and keys; base64 for records on
 * the daemon's socket and for bytes that are not text.
 */
#ifndef TONGBU_HEX_H
#define TONGBU_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Room for @len bytes as hexadecimal and the closing NUL */
#define TB_HEX_SIZE(len) (2 * (len) + 1)

char *tb_hex_encode(char *text, const void *bytes, size_t len);
int tb_hex_decode(const char *text, void *bytes, size_t len);
int tb_hex_decode_upto(const char *text, void *bytes, size_t max, size_t *len);

char *tb_base64_encode(const void *bytes, size_t len);
int tb_base64_decode(const char *text, uint8_t **bytes, size_t *len);

#endif /* TONGBU_HEX_H */
