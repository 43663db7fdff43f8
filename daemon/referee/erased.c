// SPDX-License-Identifier: GPL-2.0-only
/* What of a matter's data is gone, because the key it stood under was erased */
#include "erased.h"

#include <string.h>

#define HASH_LEN (TB_HASH_SIZE - 1)

static bool is_erased(struct tb_subjects *subjects, const char *text, size_t len)
{
	if (len == HASH_LEN && strspn(text, "0123456789abcdef") == len)
		return tb_blob_erased(subjects, text);
	return tb_subject_valid(text) && tb_subject_erased(subjects, text);
}

static bool is_in(const json_t *list, const char *text)
{
	json_t *item;
	size_t i;

	json_array_foreach((json_t *)list, i, item)
		if (!strcmp(json_string_value(item), text))
			return true;
	return false;
}

/* Data from the state are nested 32 deep at the most. */
static void look(struct tb_subjects *subjects, const json_t *data, json_t *list)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(data)) {
		const char *text = json_string_value(data);

		if (is_erased(subjects, text, json_string_length(data)) && !is_in(list, text))
			json_array_append_new(list, json_string(text));
		return;
	}
	json_object_foreach((json_t *)data, key, item)
		look(subjects, item, list);
	json_array_foreach((json_t *)data, i, item)
		look(subjects, item, list);
}

/**
 * tb_erased_of() - which blobs and subjects that data name are erased?
 * @subjects: the keys
 * @row: a row of the state: its key and its data are looked at
 *
 * Return: an array of their names, in order as they are met; the caller's.
 */
json_t *tb_erased_of(struct tb_subjects *subjects, const json_t *row)
{
	json_t *list = json_array();

	look(subjects, json_object_get(row, "key"), list);
	look(subjects, json_object_get(row, "data"), list);
	return list;
}
