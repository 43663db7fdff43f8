/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_JSONTEXT_H
#define TONGBU_JSONTEXT_H

#include <jansson.h>

char *tb_json_pair(const char *en, size_t en_len, const char *zh, size_t zh_len);
char *tb_json_text(const json_t *json);

#endif /* TONGBU_JSONTEXT_H */
