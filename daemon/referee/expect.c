// SPDX-License-Identifier: GPL-2.0-only
#include "expect.h"

#include <errno.h>
#include <string.h>

static bool is_one_of(const char *key, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(words[i], key))
			return true;
	return false;
}

/* A text for people: either language will do, and so will a part of it. */
static bool says(const json_t *found, const char *wanted)
{
	const char *text;

	text = json_string_value(json_is_object(found) ? json_object_get(found, "en") : found);
	if (text && strstr(text, wanted))
		return true;
	text = json_string_value(json_object_get(found, "zh"));
	return text && strstr(text, wanted);
}

static bool is_prose(const char *key)
{
	static const char *const keys[] = { "text", "title", "reason", "source", "en", "zh" };

	return is_one_of(key, keys, sizeof(keys) / sizeof(keys[0]));
}

static bool has(const json_t *found, const json_t *wanted);

static bool has_item(const json_t *found, const json_t *wanted)
{
	json_t *item;
	size_t i;

	json_array_foreach((json_t *)found, i, item)
		if (has(item, wanted))
			return true;
	return false;
}

/* Does @found have all that @wanted has? */
static bool has(const json_t *found, const json_t *wanted)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_number(wanted) && json_is_number(found))
		return json_number_value(wanted) == json_number_value(found);
	if (json_is_array(wanted) && !json_array_size(wanted))
		return json_is_array(found) && !json_array_size(found);
	if (json_is_array(wanted)) {
		json_array_foreach((json_t *)wanted, i, value)
			if (!has_item(found, value))
				return false;
		return json_is_array(found);
	}
	if (!json_is_object(wanted))
		return json_equal(wanted, found);
	json_object_foreach((json_t *)wanted, key, value) {
		const json_t *there = json_object_get(found, key);

		if (is_prose(key) && json_is_string(value) ?
			    !says(there, json_string_value(value)) :
			    !has(there, value))
			return false;
	}
	return json_is_object(found);
}

static bool caused(const json_t *effects, const char *effect, const json_t *wanted)
{
	json_t *found;
	size_t i;

	json_array_foreach((json_t *)effects, i, found)
		if (!strcmp(json_string_value(json_object_get(found, "effect")), effect) &&
		    has(found, wanted))
			return true;
	return false;
}

/* Does a finding stand that the line caused? What it took back itself is none. */
static bool stands(const json_t *effects, const json_t *wanted)
{
	json_t *found, *resolve;
	bool stood = false;
	size_t i;

	json_array_foreach((json_t *)effects, i, found) {
		if (stood ||
		    strcmp(json_string_value(json_object_get(found, "effect")), "finding") ||
		    !has(found, wanted))
			continue;
		resolve = json_pack("{s:O}", "finding", json_object_get(found, "id"));
		stood = !caused(effects, "resolve", resolve);
		json_decref(resolve);
	}
	return stood;
}

/**
 * tb_expect_check() - is this something that can be expected?
 * @wanted: effects, and what they have
 * @err: told what is wrong
 *
 * A misspelt effect never comes: that there is none of it would always hold.
 *
 * Return: 0 or -EINVAL.
 */
int tb_expect_check(const json_t *wanted, struct tb_error *err)
{
	static const char *const known[] = {
		"actor",  "cancel", "clock",   "close",	 "denied", "derived", "done",
		"ended",  "extend", "finding", "hand",	 "late",   "link",    "matter",
		"met",	  "move",   "notice",  "office", "output", "pack",    "paused",
		"points", "report", "resolve", "share",	 "task",   "waiting", "warn",
	};
	const char *key, *name;
	json_t *value;

	if (!json_is_object(wanted) || !json_object_size(wanted))
		return tb_error_set(err, -EINVAL,
				    "expect is an object: effects, and what they have");
	json_object_foreach((json_t *)wanted, key, value) {
		name = strcmp(key, "none") ? key : json_string_value(value);
		if (name && !is_one_of(name, known, sizeof(known) / sizeof(known[0])))
			return tb_error_set(err, -EINVAL, "there is no effect %.100s to expect",
					    name);
		if (name == key ? !json_is_object(value) : !name && !json_is_object(value))
			return tb_error_set(err, -EINVAL, "what is expected of %.100s is an object",
					    key);
	}
	return 0;
}

/**
 * tb_expect_met() - is it as expected?
 * @wanted: what tb_expect_check() found right
 * @effects: an array of what was caused
 *
 * Return: whether all that is wanted was caused, and nothing that must not be.
 */
bool tb_expect_met(const json_t *wanted, const json_t *effects)
{
	json_t *value, *empty = json_object();
	const char *key;
	bool met = true;

	json_object_foreach((json_t *)wanted, key, value) {
		if (strcmp(key, "none"))
			met = met && caused(effects, key, value);
		else if (json_is_object(value))
			met = met && !stands(effects, value);
		else if (!strcmp(json_string_value(value), "finding"))
			met = met && !stands(effects, empty);
		else
			met = met && !caused(effects, json_string_value(value), empty);
	}
	json_decref(empty);
	return met;
}
