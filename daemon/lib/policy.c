// SPDX-License-Identifier: GPL-2.0-only
/* Which signatures count. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "held.h"

/**
 * struct voice - a witness, or a group of some
 * @name: its name in the policy
 * @is_group: it is a group
 * @key: the witness's
 * @members: of the group, by number
 * @count: how many
 * @needed: so many of them make it
 */
struct voice {
	char *name;
	bool is_group;
	struct tb_vkey key;
	size_t members[TB_POLICY_MAX];
	size_t count;
	uint64_t needed;
};

/**
 * struct tb_policy - which signatures count
 * @logs: keys of logs
 * @log_count: how many
 * @voices: witnesses and groups, each behind those it names
 * @voice_count: how many
 * @quorum: which of them must have signed; @voice_count and above: none must
 * @has_quorum: that was said
 */
struct tb_policy {
	struct tb_vkey logs[TB_POLICY_MAX];
	size_t log_count;
	struct voice voices[TB_POLICY_MAX];
	size_t voice_count;
	size_t quorum;
	bool has_quorum;
};

static const char *word(char **rest)
{
	char *found;

	do {
		found = strsep(rest, " \t");
	} while (found && !*found);
	return found && *found ? found : NULL;
}

static size_t find(const struct tb_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->voice_count && strcmp(policy->voices[i].name, name); i++)
		;
	return i;
}

static bool has_key(const struct tb_policy *policy, const struct tb_vkey *key)
{
	size_t i;

	for (i = 0; i < policy->log_count; i++)
		if (!memcmp(policy->logs[i].public, key->public, TB_VKEY_LEN))
			return true;
	for (i = 0; i < policy->voice_count; i++)
		if (!policy->voices[i].is_group &&
		    !memcmp(policy->voices[i].key.public, key->public, TB_VKEY_LEN))
			return true;
	return false;
}

static int take_key(const struct tb_policy *policy, const char *text, uint8_t type,
		    struct tb_vkey *key, struct tb_error *err)
{
	int ret = text ? tb_vkey_parse(text, key, err) :
			 tb_error_set(err, -EINVAL, "a key is missing");

	if (ret)
		return ret;
	if (key->type != type)
		return tb_error_set(err, -EINVAL, "the key %s is of a %s", key->name,
				    key->type == TB_VKEY_LOG ? "log" : "witness");
	return has_key(policy, key) ?
		       tb_error_set(err, -EINVAL, "the key %s is there twice", key->name) :
		       0;
}

static int take_name(struct tb_policy *policy, const char *name, struct tb_error *err)
{
	if (!name || !strcmp(name, "none"))
		return tb_error_set(err, -EINVAL, "a name is missing, other than none");
	if (policy->voice_count == TB_POLICY_MAX)
		return tb_error_set(err, -EINVAL, "there are more than %d witnesses and groups",
				    TB_POLICY_MAX);
	if (find(policy, name) < policy->voice_count)
		return tb_error_set(err, -EINVAL, "%s is there twice", name);
	policy->voices[policy->voice_count].name = strdup(name);
	return policy->voices[policy->voice_count].name ?
		       0 :
		       tb_error_set(err, -ENOMEM, "out of memory");
}

static int take_log(struct tb_policy *policy, char *rest, struct tb_error *err)
{
	int ret;

	if (policy->log_count == TB_POLICY_MAX)
		return tb_error_set(err, -EINVAL, "there are more than %d logs", TB_POLICY_MAX);
	ret = take_key(policy, word(&rest), TB_VKEY_LOG, &policy->logs[policy->log_count], err);
	policy->log_count += !ret;
	return ret;
}

static int take_witness(struct tb_policy *policy, char *rest, struct tb_error *err)
{
	struct voice *voice = &policy->voices[policy->voice_count];
	int ret = take_name(policy, word(&rest), err) ?:
			  take_key(policy, word(&rest), TB_VKEY_WITNESS, &voice->key, err);

	policy->voice_count += !ret;
	return ret;
}

static int take_members(struct tb_policy *policy, struct voice *voice, char *rest,
			struct tb_error *err)
{
	const char *name;
	size_t i, member;

	while ((name = word(&rest))) {
		member = find(policy, name);
		if (member == policy->voice_count)
			return tb_error_set(err, -EINVAL, "there is no %s above", name);
		for (i = 0; i < voice->count; i++)
			if (voice->members[i] == member)
				return tb_error_set(err, -EINVAL, "%s is in it twice", name);
		voice->members[voice->count++] = member;
	}
	return voice->count ? 0 : tb_error_set(err, -EINVAL, "nobody is in the group");
}

static int take_group(struct tb_policy *policy, char *rest, struct tb_error *err)
{
	struct voice *voice = &policy->voices[policy->voice_count];
	const char *needed;
	int ret;

	voice->is_group = true;
	ret = take_name(policy, word(&rest), err);
	if (ret)
		return ret;
	needed = word(&rest);
	ret = take_members(policy, voice, rest, err);
	if (ret)
		return ret;
	if (!strcmp(needed, "all"))
		voice->needed = voice->count;
	else if (!strcmp(needed, "any"))
		voice->needed = 1;
	else if (!tb_note_number(needed, strlen(needed), &voice->needed) || !voice->needed ||
		 voice->needed > voice->count)
		return tb_error_set(err, -EINVAL, "%s is neither all, any nor 1 to %zu", needed,
				    voice->count);
	policy->voice_count++;
	return 0;
}

static int take_quorum(struct tb_policy *policy, char *rest, struct tb_error *err)
{
	const char *name = word(&rest);

	if (!name || policy->has_quorum)
		return tb_error_set(err, -EINVAL, "there is one quorum, of one name");
	policy->has_quorum = true;
	policy->quorum = find(policy, name);
	if (policy->quorum < policy->voice_count)
		return 0;
	policy->quorum = TB_POLICY_MAX;
	return strcmp(name, "none") ? tb_error_set(err, -EINVAL, "there is no %s above", name) : 0;
}

static int take_line(struct tb_policy *policy, char *line, struct tb_error *err)
{
	char *rest = line;
	const char *what;

	line[strcspn(line, "#")] = '\0';
	what = word(&rest);
	if (!what)
		return 0;
	if (!strcmp(what, "log"))
		return take_log(policy, rest, err);
	if (!strcmp(what, "witness"))
		return take_witness(policy, rest, err);
	if (!strcmp(what, "group"))
		return take_group(policy, rest, err);
	if (!strcmp(what, "quorum"))
		return take_quorum(policy, rest, err);
	return tb_error_set(err, -EINVAL, "%.40s is neither log, witness, group nor quorum", what);
}

/**
 * tb_policy_parse() - read a policy
 * @text: the policy, or the key of a log alone: then no witness is needed
 * @policy: set to it; tb_policy_free() frees it
 * @err: told what is wrong, with the line
 *
 * Return: 0; -EINVAL if it is none; or -ENOMEM.
 */
int tb_policy_parse(const char *text, struct tb_policy **policy, struct tb_error *err)
{
	struct tb_policy *p = calloc(1, sizeof(*p));
	char *copy = strdup(text), *rest = copy, *line;
	struct tb_error why;
	int number = 0, ret = 0;

	if (!p || !copy)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	if (!ret && strchr(text, '+') && strchr(text, '+') == strpbrk(text, "+ \t\n#")) {
		copy[strcspn(copy, "\n")] = '\0';
		ret = take_key(p, copy, TB_VKEY_LOG, &p->logs[0], err);
		p->log_count = 1;
		p->quorum = TB_POLICY_MAX;
		rest = NULL;
		p->has_quorum = true;
	}
	while (!ret && (line = strsep(&rest, "\n"))) {
		number++;
		ret = take_line(p, line, &why);
		if (ret)
			tb_error_set(err, ret, "line %d: %s", number, why.text);
	}
	if (!ret && (!p->log_count || !p->has_quorum))
		ret = tb_error_set(err, -EINVAL,
				   "a policy has a line 'log VKEY' at least, and one 'quorum NAME' or 'quorum none'");
	free(copy);
	if (ret)
		tb_policy_free(p);
	else
		*policy = p;
	return ret;
}

/**
 * tb_text_load() - read a small file
 * @path: the file
 * @text: set to what it holds, a NUL behind; the caller's
 * @err: told what went wrong
 *
 * Return: 0; -EFBIG if it is too large to be a checkpoint, proof or policy; or a
 * negative errno.
 */
int tb_text_load(const char *path, char **text, struct tb_error *err)
{
	FILE *file = fopen(path, "re");
	size_t len;
	int ret = 0;

	if (!file) {
		ret = errno ? -errno : -EIO;
		return tb_error_set(err, ret, "%s: %s", path, strerror(-ret));
	}
	*text = calloc(1, 2 * TB_NOTE_MAX + 1);
	len = *text ? fread(*text, 1, 2 * TB_NOTE_MAX, file) : 0;
	if (!*text)
		ret = tb_error_set(err, -ENOMEM, "out of memory");
	else if (ferror(file))
		ret = tb_error_set(err, -EIO, "%s cannot be read", path);
	else if (len == 2 * TB_NOTE_MAX)
		ret = tb_error_set(err, -EFBIG, "%s has more than %d bytes", path, 2 * TB_NOTE_MAX);
	fclose(file);
	if (ret)
		free(*text);
	return ret;
}

/**
 * tb_policy_load() - read a policy from a file
 * @path: the file
 * @policy: set to it; tb_policy_free() frees it
 * @err: told what is wrong, with file and line
 *
 * Return: 0; -EINVAL if it is none; or another negative errno.
 */
int tb_policy_load(const char *path, struct tb_policy **policy, struct tb_error *err)
{
	struct tb_error why;
	char *text = NULL;
	int ret = tb_text_load(path, &text, err);

	if (ret || !text)
		return ret;
	ret = tb_policy_parse(text, policy, &why);
	free(text);
	return ret ? tb_error_set(err, ret, "%s: %s", path, why.text) : 0;
}

static int hear(const struct tb_policy *policy, struct tb_held *held, bool *said,
		struct tb_error *err)
{
	const struct voice *voice;
	uint64_t count;
	size_t i, j;
	int ret;

	held->by_count = 0;
	for (i = 0; i < policy->voice_count; i++) {
		struct tb_cosigner *by = &held->by[held->by_count];

		voice = &policy->voices[i];
		for (count = 0, j = 0; j < voice->count; j++)
			count += said[voice->members[j]];
		said[i] = voice->is_group && count >= voice->needed;
		if (voice->is_group)
			continue;
		ret = tb_checkpoint_signed(&held->checkpoint, &voice->key, &by->time, err);
		if (ret < 0)
			return ret;
		said[i] = ret;
		if (ret)
			memcpy(by->name, voice->key.name, sizeof(by->name));
		held->by_count += (size_t)ret;
	}
	return 0;
}

/**
 * tb_policy_judge() - does a checkpoint count?
 * @policy: the policy
 * @held: the checkpoint; told who signed it
 * @err: told why it does not count
 *
 * Return: 0 if so; -EKEYREJECTED if not; -EINVAL for a note that is none.
 */
int tb_policy_judge(const struct tb_policy *policy, struct tb_held *held, struct tb_error *err)
{
	const struct tb_checkpoint *checkpoint = &held->checkpoint;
	bool said[TB_POLICY_MAX] = { false };
	uint64_t time;
	int ret = 0;
	size_t i;

	for (i = 0; !ret && i < policy->log_count; i++)
		if (!strcmp(policy->logs[i].name, checkpoint->origin))
			ret = tb_checkpoint_signed(checkpoint, &policy->logs[i], &time, err);
	if (ret < 0)
		return ret;
	if (!ret)
		return tb_error_set(err, -EKEYREJECTED,
				    "the checkpoint of %s, size %" PRIu64
				    ", is not signed by a log that the policy names",
				    checkpoint->origin, checkpoint->size);
	ret = hear(policy, held, said, err);
	if (!ret && policy->quorum < policy->voice_count && !said[policy->quorum])
		ret = tb_error_set(err, -EKEYREJECTED,
				   "the checkpoint of %s, size %" PRIu64
				   ", lacks signatures of witnesses: the policy wants %s",
				   checkpoint->origin, checkpoint->size,
				   policy->voices[policy->quorum].name);
	return ret;
}

/**
 * tb_policy_key() - whose keys are in a policy?
 * @policy: the policy
 * @index: which, from 0: those of logs, then those of witnesses
 *
 * Return: the key, as long as the policy is there; NULL behind the last.
 */
const struct tb_vkey *tb_policy_key(const struct tb_policy *policy, size_t index)
{
	size_t i;

	if (index < policy->log_count)
		return &policy->logs[index];
	index -= policy->log_count;
	for (i = 0; i < policy->voice_count; i++)
		if (!policy->voices[i].is_group && !index--)
			return &policy->voices[i].key;
	return NULL;
}

/**
 * tb_policy_free() - free a policy
 * @policy: the policy, or NULL
 */
void tb_policy_free(struct tb_policy *policy)
{
	size_t i;

	if (!policy)
		return;
	for (i = 0; i < TB_POLICY_MAX; i++)
		free(policy->voices[i].name);
	free(policy);
}
