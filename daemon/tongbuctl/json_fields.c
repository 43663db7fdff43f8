// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which members the objects have that --json prints, by command: for the manual pages, and
 * for the tests, which hold what is printed against it. "?" is behind those that are not
 * in each of them; what a pack, a table of fields or a kind of record says is not here.
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"

#define RECEIPT "chain seq tag realtime"
#define KEY	"fingerprint public private_file? public_file?"
#define BUNDLE	"bundle station created chains"
#define MATTER                                                                            \
	"id pack kind title stage office office_name key place place_name opened closed " \
	"record due overdue"
#define OUTCOME                                                                                \
	"record matters? findings? clocks? tasks? notices? points? receipt? chain? seq? tag? " \
	"realtime?"

static const struct {
	const char *command;
	const char *word;
	const char *fields;
} table[] = {
	{ "status", NULL,
	  "station version ready pid started zone trouble ledger log kernel referee" },
	{ "doctor", NULL, "check level text" },
	{ "log", NULL,
	  "seq chain time realtime boottime kind kind_number? flags source source_name time_error "
	  "source_seq uid pid payload tag values? units?" },
	{ "submit", NULL, RECEIPT },
	{ "chain", "list", "chain begun first last supervisor before archived" },
	{ "chain", "end", "seq" },
	{ "bundle", "export", BUNDLE },
	{ "checkpoint", NULL, "origin size root key checkpoint" },
	{ "proof", "inclusion", "entry size has_record proof" },
	{ "proof", "consistency", "old size has_record proof" },
	{ "receipt", NULL, "entry size has_record proof" },
	{ "backup", NULL, "file ledger records" },
	{ "archive", NULL, "chain file records step" },
	{ "verify", NULL,
	  "ok verdict keyed ended records chains bytes from_start receipts gaps bad? last_good "
	  "mark? facts" },
	{ "key", "new", KEY },
	{ "key", "show", KEY },
	{ "blob", "put", "hash" },
	{ "blob", "get", "bytes subject?" },
	{ "subject", "new", "subject" },
	{ "subject", "erase", "erased" },
	{ "latency", NULL, "kind records p50_ns p90_ns p99_ns p999_ns max_ns buckets" },
	{ "source", "add", "name id" },
	{ "source", "remove", "name" },
	{ "output", "set", "name value" },
	{ "output", "add", "name id" },
	{ "output", "remove", "name" },
	{ "reflex", "add", "name id" },
	{ "reflex", "remove", "name" },
	{ "act", NULL, OUTCOME },
	{ "matter", "list", MATTER },
	{ "matter", "show",
	  MATTER " data erased timeline owners sides links findings clocks tasks notices" },
	{ "matter", "act", OUTCOME },
	{ "task", "list",
	  "id pack matter matter_kind matter_title office office_name uid name text key record "
	  "time done" },
	{ "clock", "list",
	  "id pack name matter matter_kind matter_title key started due extended state doubt law "
	  "record" },
	{ "finding", "list", "id pack rule level text law matter uid name record time resolved" },
	{ "notice", "list",
	  "id pack kind title text place group key from to refers record time cancelled" },
	{ "notice", "publish", OUTCOME },
	{ "place", "list",
	  "id kind name office parent road from_km to_km river length_km area data" },
	{ "place", "import", OUTCOME },
	{ "office", "list", "id name parent kind owns data actors" },
	{ "points", NULL, "id pack account points lines? balance? reason? key? record?" },
	{ "pack", "list", "id name hash record in_force" },
	{ "pack", "check", "pack found" },
	{ "replay", NULL, "equal records tables? differs_from? packs?" },
};

#define COUNT (sizeof(table) / sizeof(table[0]))

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/**
 * ctl_fields() - which members has what --json prints?
 * @command: the command
 * @word: the word behind it, or NULL
 *
 * Return: their names, a space between; NULL if it is said elsewhere, or there are none.
 */
const char *ctl_fields(const char *command, const char *word)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		if (same(table[i].command, command) && same(table[i].word, word))
			return table[i].fields;
	return NULL;
}

static void put_names(const char *names)
{
	const char *before = ".Va ";
	size_t len;

	for (; *names; names += len + (names[len] == ' '), before = " , ") {
		len = strcspn(names, " ");
		if (names[len - 1] == '?')
			printf("%s%.*s Ns ?", before, (int)len - 1, names);
		else
			printf("%s%.*s", before, (int)len, names);
	}
	putchar('\n');
}

/**
 * ctl_fields_man() - print the members for a group's commands, as mdoc(7)
 * @group: the group
 */
void ctl_fields_man(const struct ctl_group *group)
{
	const struct ctl_command *command;
	const struct ctl_word *word;
	const char *fields;

	for (command = group->commands; command->name; command++)
		for (word = command->words; word->run; word++) {
			fields = ctl_fields(command->name, word->name);
			if (!fields)
				continue;
			printf(".It Cm %s%s%s\n", command->name, word->name ? " " : "",
			       word->name ?: "");
			put_names(fields);
		}
}
