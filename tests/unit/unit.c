// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <dirent.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"

static char folder[] = "/tmp/tongbu-unit-XXXXXX";

/**
 * scratch_make() - a test's setup: an empty folder
 * @state: not used
 *
 * Return: 0, or -1 as cmocka wants it.
 */
int scratch_make(void **state)
{
	(void)state;
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

/**
 * scratch_remove() - a test's teardown: the folder is removed
 * @state: not used
 *
 * Return: 0, or -1 as cmocka wants it.
 */
int scratch_remove(void **state)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	(void)state;
	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	return rmdir(folder);
}

/**
 * scratch_path() - a name in the folder
 * @name: of the file
 *
 * Return: its path, good until the fourth call from now.
 */
const char *scratch_path(const char *name)
{
	static char paths[4][256];
	static unsigned int next;
	char *path = paths[next++ % ARRAY_SIZE(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

/**
 * scratch_files() - what is in the folder
 *
 * Return: number of files.
 */
unsigned int scratch_files(void)
{
	struct dirent *entry;
	unsigned int count = 0;
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return count;
}

/**
 * scratch_write() - put a file into the folder
 * @name: of the file
 * @data: what it holds
 * @len: bytes of that
 */
void scratch_write(const char *name, const void *data, size_t len)
{
	FILE *file = fopen(scratch_path(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/**
 * vectors_load() - read a file of test vectors
 * @name: without folder and ".json"
 *
 * Return: what it holds, the caller's.
 */
json_t *vectors_load(const char *name)
{
	char path[512];
	json_error_t why;
	json_t *json;

	snprintf(path, sizeof(path), "%s/%s.json", TEST_VECTORS, name);
	json = json_load_file(path, 0, &why);
	if (!json)
		fail_msg("%s: %s", path, why.text);
	return json;
}

/**
 * vectors_bytes() - bytes in a vector
 * @object: the vector
 * @name: of the member that holds them, hexadecimal
 *
 * Return: the bytes, the caller's.
 */
struct bytes vectors_bytes(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	struct bytes bytes;

	assert_non_null(text);
	bytes.len = strlen(text) / 2;
	bytes.data = malloc(bytes.len ? bytes.len : 1);
	assert_non_null(bytes.data);
	assert_int_equal(tb_hex_decode(text, bytes.data, bytes.len), 0);
	return bytes;
}

/**
 * vectors_fixed() - bytes in a vector, of a length that is known
 * @object: the vector
 * @name: of the member that holds them
 * @bytes: where to
 * @len: how many there must be
 */
void vectors_fixed(const json_t *object, const char *name, uint8_t *bytes, size_t len)
{
	const char *text = json_string_value(json_object_get(object, name));

	assert_non_null(text);
	assert_int_equal(tb_hex_decode(text, bytes, len), 0);
}

/* Of which chain the records are that no chain was made for */
const uint8_t unit_chain[TONGBU_CHAIN_LEN] = { 0xc4, 0xc4, 0xc4, 0xc4 };

/**
 * fill_record() - a record that is sealed with nothing
 * @buf: where to; %TONGBU_RECORD_MIN + @len bytes
 * @seq: its number
 * @kind: enum tongbu_kind
 * @payload: what it holds, or NULL for zeros
 * @len: bytes of that
 */
void fill_record(uint8_t *buf, uint64_t seq, unsigned int kind, const void *payload, size_t len)
{
	struct tongbu_header h = {
		.seq = htole64(seq),
		.boottime = htole64(73000000000 + seq),
		.realtime = htole64(1795428000000000000 + seq * 1000000000),
		.kind = htole16((uint16_t)kind),
		.source = htole32(16),
		.source_seq = htole32((uint32_t)seq),
		.uid = htole32(TONGBU_UID_NONE),
		.length = htole16((uint16_t)len),
		.version = TONGBU_RECORD_VERSION,
	};

	memcpy(buf, &h, sizeof(h));
	memset(buf + sizeof(h), 0, len);
	if (payload)
		memcpy(buf + sizeof(h), payload, len);
	memset(buf + sizeof(h) + len, (int)(seq & 0xff), TONGBU_TAG_LEN);
}

/**
 * parsed() - read a record that can be read
 * @buf: the record
 * @len: bytes there are
 *
 * Return: the record.
 */
struct tb_record parsed(const uint8_t *buf, size_t len)
{
	struct tb_record rec;

	assert_int_equal(tb_record_parse(buf, len, unit_chain, &rec), 0);
	return rec;
}
