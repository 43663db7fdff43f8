// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far a pack has come. A hook that counts Lua's instructions is asked at each of them, which is
 * as much work as they are. So a pack's text is read before Lua reads it, and where a function
 * begins, a loop goes round or goto leads elsewhere it says how many words that comes to: what runs
 * until the next of these is no more than these words. Nothing but that is put in, and no line
 * becomes another.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

/* What the text calls; it has no such name of its own. */
#define STEP "_step_"

enum kind { FILE_ITSELF, FUNCTION, LOOP, BLOCK, REPEAT, UNTIL };

/**
 * struct opened - something that ends somewhere
 * @kind: what
 * @outer: what it is in, as a number from 0
 * @from: words before it
 * @words: words in it, once it has ended
 */
struct opened {
	enum kind kind;
	size_t outer;
	size_t from;
	size_t words;
};

/**
 * struct mark - where something is put in
 * @at: before which byte
 * @opened: it says how many words are in that
 */
struct mark {
	size_t at;
	size_t opened;
};

/**
 * struct scan - a text that is read
 * @text: it, closed by a zero byte
 * @len: bytes of it
 * @at: bytes read
 * @words: words read
 * @opened: all that was opened, in order
 * @opened_count: how many
 * @now: what the next word is in
 * @marks: where something is put in, in order
 * @mark_count: how many
 * @names: a function's names come: they end with a parenthesis
 */
struct scan {
	const char *text;
	size_t len;
	size_t at;
	size_t words;
	struct opened *opened;
	size_t opened_count;
	size_t now;
	struct mark *marks;
	size_t mark_count;
	bool names;
};

/* One more of a list; sizes are powers of two. */
static void *one_more(void *list, size_t count, size_t size)
{
	void *more = list;

	if (!(count & (count - 1)))
		more = reallocarray(list, count ? count * 2 : 1, size);
	if (!more)
		abort();
	return more;
}

static void open_one(struct scan *s, enum kind kind)
{
	s->opened = one_more(s->opened, s->opened_count, sizeof(*s->opened));
	s->opened[s->opened_count] =
		(struct opened){ .kind = kind, .outer = s->now, .from = s->words };
	s->now = s->opened_count++;
}

static void mark(struct scan *s, size_t at, size_t opened)
{
	s->marks = one_more(s->marks, s->mark_count, sizeof(*s->marks));
	s->marks[s->mark_count++] = (struct mark){ at, opened };
}

/* The innermost that is open has ended; the file itself ends last. */
static void end_one(struct scan *s)
{
	struct opened *one = &s->opened[s->now];

	one->words = s->words - one->from;
	s->now = one->outer;
}

/* What repeats until something is true asks that each time: it ends with what it is in. */
static void end_untils(struct scan *s)
{
	while (s->opened[s->now].kind == UNTIL)
		end_one(s);
}

static size_t function_of(const struct scan *s)
{
	size_t at = s->now;

	while (s->opened[at].kind != FUNCTION && s->opened[at].kind != FILE_ITSELF)
		at = s->opened[at].outer;
	return at;
}

static void take_word(struct scan *s, const char *word, size_t len)
{
	size_t start = (size_t)(word - s->text);
	struct opened *now;
	char name[16];

	if (len >= sizeof(name))
		return;
	memcpy(name, word, len);
	name[len] = '\0';
	if (!strcmp(name, "function")) {
		open_one(s, FUNCTION);
		s->names = true;
	} else if (!strcmp(name, "while") || !strcmp(name, "for")) {
		open_one(s, LOOP);
	} else if (!strcmp(name, "if")) {
		open_one(s, BLOCK);
	} else if (!strcmp(name, "repeat")) {
		open_one(s, REPEAT);
		mark(s, s->at, s->now);
	} else if (!strcmp(name, "goto")) {
		mark(s, start, function_of(s));
	} else if (!strcmp(name, "do")) {
		/* A loop's own word, or a block's */
		if (s->opened[s->now].kind != LOOP)
			open_one(s, BLOCK);
		else
			s->opened[s->now].kind = BLOCK;
		mark(s, s->at, s->now);
	} else if (!strcmp(name, "end") || !strcmp(name, "until")) {
		end_untils(s);
		now = &s->opened[s->now];
		if (now->kind == REPEAT)
			now->kind = UNTIL;
		else if (now->kind != FILE_ITSELF)
			end_one(s);
	}
}

/* Behind a long bracket that begins at @at; NULL if none does. What does not end, ends the text. */
static const char *behind_long(const char *at)
{
	size_t level = strspn(at + 1, "=");

	if (*at != '[' || at[1 + level] != '[')
		return NULL;
	for (at = strchr(at, ']'); at; at = strchr(at + 1, ']'))
		if (strspn(at + 1, "=") == level && at[1 + level] == ']')
			return at + level + 2;
	return "";
}

/* Behind a text between quotation marks; what does not end is Lua's to complain about. */
static const char *behind_quoted(const char *at)
{
	const char mark_of[] = { *at, '\\', '\0' };

	for (at = strpbrk(at + 1, mark_of); at; at = strpbrk(at, mark_of)) {
		if (*at != '\\')
			return at + 1;
		at += at[1] ? 2 : 1;
	}
	return "";
}

static const char *behind_comment(const char *at)
{
	const char *behind = behind_long(at + 2);

	return behind ?: at + strcspn(at, "\r\n");
}

/* As Lua has it, whatever the country */
static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* One word, or a sign. Return: false if the text says the engine's own name. */
static bool read_one(struct scan *s)
{
	const char *from = s->text + s->at, *behind = NULL;
	size_t len = 0;

	s->words++;
	while (in_word(from[len]))
		len++;
	if (len) {
		s->at += len;
		if (len == strlen(STEP) && !strncmp(from, STEP, len))
			return false;
		take_word(s, from, len);
		return true;
	}
	if (*from == '-' && from[1] == '-')
		behind = behind_comment(from);
	else if (*from == '[')
		behind = behind_long(from);
	else if (*from == '"' || *from == '\'')
		behind = behind_quoted(from);
	if (behind)
		s->at = *behind ? (size_t)(behind - s->text) : s->len;
	else
		s->at++;
	if (s->names && *from == ')') {
		s->names = false;
		mark(s, s->at, s->now);
	}
	return true;
}

static char *put_in(const struct scan *s, size_t *len)
{
	size_t size, i, from = 0;
	char *out;
	FILE *f = open_memstream(&out, &size);

	if (!f)
		abort();
	fprintf(f, "local " STEP "=...;");
	for (i = 0; i < s->mark_count; i++) {
		fwrite(s->text + from, 1, s->marks[i].at - from, f);
		fprintf(f, " " STEP "(%zu);", s->opened[s->marks[i].opened].words);
		from = s->marks[i].at;
	}
	fwrite(s->text + from, 1, s->len - from, f);
	if (fclose(f))
		abort();
	*len = size;
	return out;
}

/* The text with that, the caller's to free; NULL if it uses the engine's own name. */
static char *say_steps(const char *text, size_t len, size_t *out_len)
{
	struct scan s = { .text = text, .len = len };
	bool good = true;
	char *out = NULL;

	open_one(&s, FILE_ITSELF);
	while (good && s.at < len)
		if (strchr(" \t\r\n", text[s.at]))
			s.at++;
		else
			good = read_one(&s);
	/* What has not ended is no Lua; Lua tells. */
	while (s.now)
		end_one(&s);
	if (good)
		out = put_in(&s, out_len);
	free(s.opened);
	free(s.marks);
	return out;
}

/* Words and signs that become an instruction, about */
#define OF_AN_INSTRUCTION 4

static int on_words(lua_State *L)
{
	tb_sandbox_charge(L, (size_t)lua_tointeger(L, 1) / OF_AN_INSTRUCTION + 1);
	return 0;
}

/**
 * tb_sandbox_read() - read a file of a pack
 * @L: the Lua state
 * @file: its name
 * @text: what is in it, closed by a zero byte
 * @len: bytes of it
 *
 * Return: true, with the function on the stack that runs it, and the one argument it takes; or
 * false, with what is wrong with it on the stack.
 */
bool tb_sandbox_read(lua_State *L, const char *file, const char *text, size_t len)
{
	char chunk[192], *out = NULL;
	size_t out_len = 0;
	bool good;

	snprintf(chunk, sizeof(chunk), "@%s/%s", tb_sandbox_pack(L)->name, file);
	if (strlen(text) == len)
		out = say_steps(text, len, &out_len);
	if (!out) {
		lua_pushfstring(L,
				"%s: a file of a pack is text without a zero byte and without the name " STEP,
				chunk + 1);
		return false;
	}
	/* Text only: precompiled code could break out. */
	good = luaL_loadbufferx(L, out, out_len, chunk, "t") == LUA_OK;
	free(out);
	if (!good)
		return false;
	tb_sandbox_environment(L);
	lua_setupvalue(L, -2, 1);
	lua_pushcfunction(L, on_words);
	return true;
}
