/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_DOCUMENT_H
#define TONGBU_DOCUMENT_H

#include <stddef.h>

#include <jansson.h>

#include "error.h"

int tb_document_write(const json_t *document, char **bytes, size_t *len, struct tb_error *err);

#endif /* TONGBU_DOCUMENT_H */
