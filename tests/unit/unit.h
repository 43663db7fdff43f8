/* SPDX-License-Identifier: GPL-2.0-only */
/* What every unit test needs: cmocka, a folder to write to, the vectors. */
#ifndef TONGBU_UNIT_H
#define TONGBU_UNIT_H

/* cmocka.h wants these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "error.h"
#include "record.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A failed call says why */
#define assert_done(ret, err)                                  \
	do {                                                   \
		if (ret)                                       \
			fail_msg("%d: %s", (ret), (err).text); \
	} while (0)

#define assert_contains(text, part)                                             \
	do {                                                                    \
		if (!strstr((text), (part)))                                    \
			fail_msg("'%s' does not contain '%s'", (text), (part)); \
	} while (0)

/**
 * struct bytes - some bytes
 * @data: on the heap
 * @len: how many
 */
struct bytes {
	uint8_t *data;
	size_t len;
};

int scratch_make(void **state);
int scratch_remove(void **state);
const char *scratch_path(const char *name);
unsigned int scratch_files(void);
void scratch_write(const char *name, const void *data, size_t len);

json_t *vectors_load(const char *name);
struct bytes vectors_bytes(const json_t *object, const char *name);
void vectors_fixed(const json_t *object, const char *name, uint8_t *bytes, size_t len);

void fill_record(uint8_t *buf, uint64_t seq, unsigned int kind, const void *payload, size_t len);
struct tb_record parsed(const uint8_t *buf, size_t len);
extern const uint8_t unit_chain[TONGBU_CHAIN_LEN];

#endif /* TONGBU_UNIT_H */
