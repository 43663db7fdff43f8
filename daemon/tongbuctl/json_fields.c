// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which members the objects have that --json prints, by command: for the manual pages, for
 * the tests, which hold what is printed against it, and for times, which the daemons tell
 * in seconds and programs get as RFC 3339.
 *
 *	name		a member
 *	name?		it is not in each of them
 *	name@		it is a time
 *	name:part	it is a list of objects, which have the members of that part
 *	(words)		what a pack, a table of fields or a kind of record says
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "timefmt.h"

#define RECEIPT	 "chain seq tag realtime time@"
#define KEY	 "fingerprint public private_file? public_file?"
#define DEVICES	 "(as tongbu-devices(5) lists them)"
#define COMMANDS "(nothing: it is for people alone)"
#define DECLARED "id pack kind doc? roles? columns? notice? fields?"
#define MATTER                                                                              \
	"id pack kind title stage office office_name key place place_name opened@ closed@ " \
	"record due@ overdue"
#define OUTCOME                                                               \
	"record matters:matter? findings:finding? clocks:clock? tasks:task? " \
	"notices:notice? points:points? receipt? chain? seq? tag? realtime? time@?"

static const struct {
	const char *command;
	const char *word;
	const char *fields;
} table[] = {
	{ "status", NULL,
	  "station version ready pid started@ zone trouble ledger log kernel referee" },
	{ "doctor", NULL, "check level text" },
	{ "log", NULL,
	  "seq chain time@ realtime boottime kind kind_number? flags source source_name? "
	  "time_error source_seq uid pid payload tag values? units?" },
	{ "submit", NULL, RECEIPT },
	{ "help", NULL, COMMANDS },
	{ "chain", "list", "chain begun@ first last supervisor before archived" },
	{ "chain", "end", "seq" },
	{ "bundle", "export", "bundle station created@ chains" },
	{ "bundle", "disclose", "file origin size records" },
	{ "bundle", "show",
	  "(bundle, station, created and chains; then its records, as log prints them)" },
	{ "checkpoint", NULL, "origin size root key checkpoint" },
	{ "proof", "inclusion", "entry size has_record proof" },
	{ "proof", "consistency", "old size has_record proof" },
	{ "receipt", NULL, "entry size has_record proof" },
	{ "witness", NULL, "origin size root by" },
	{ "backup", NULL, "file ledger records" },
	{ "archive", NULL, "chain file records step" },
	{ "verify", NULL,
	  "ok verdict keyed ended records chains bytes from_start receipts gaps bad? last_good "
	  "mark? facts held boots events events_left_out" },
	{ "key", "new", KEY },
	{ "key", "show", KEY },
	{ "blob", "put", "hash" },
	{ "blob", "get", "bytes subject?" },
	{ "subject", "new", "subject" },
	{ "subject", "erase", "erased" },
	{ "latency", NULL, "kind records p50_ns p90_ns p99_ns p999_ns max_ns buckets" },
	{ "source", "list", DEVICES },
	{ "source", "show",
	  "(as tongbu-devices(5) lists them; with packs, values and value_state)" },
	{ "source", "add", "name id" },
	{ "source", "remove", "name" },
	{ "output", "list", DEVICES },
	{ "output", "show", DEVICES },
	{ "output", "set", "name value" },
	{ "output", "add", "name id" },
	{ "output", "remove", "name" },
	{ "reflex", "list", DEVICES },
	{ "reflex", "show", DEVICES },
	{ "reflex", "add", "name id" },
	{ "reflex", "remove", "name" },
	{ "act", NULL, OUTCOME },
	{ "act", "list", DECLARED },
	{ "act", "show", DECLARED },
	{ "matter", "list", MATTER },
	{ "matter", "show",
	  MATTER " data erased? timeline:timeline owners:owner sides:side links:link "
		 "findings:finding clocks:clock tasks:task notices:notice" },
	{ "matter", "act", OUTCOME },
	{ "timeline", "", "no record time@ uid name text" },
	{ "owner", "", "office office_name reason record time@" },
	{ "side", "", "office office_name how record" },
	{ "link", "", "matter how record" },
	{ "task", "list",
	  "id pack matter matter_kind matter_title office office_name uid name text key record "
	  "time@ done" },
	{ "clock", "list",
	  "id pack name matter matter_kind matter_title key started due@ extended state doubt law "
	  "record" },
	{ "finding", "list", "id pack rule level text law matter uid name record time@ resolved" },
	{ "notice", "list",
	  "id pack kind title text place group key from@ to@ refers record time@ cancelled" },
	{ "notice", "publish", OUTCOME },
	{ "place", "list",
	  "id kind name office parent road from_km to_km river length_km area data" },
	{ "place", "check", "(the places, one a line, as import takes them)" },
	{ "place", "import", OUTCOME },
	{ "office", "list", "id name parent kind owns data actors" },
	{ "points", NULL, "id pack account points lines? balance? reason? key? record?" },
	{ "report", NULL, "(the columns that the report has)" },
	{ "report", "list", DECLARED },
	{ "export", NULL, "name media size withheld file" },
	{ "export", "list", "id pack kind format media who doc" },
	{ "pack", "list", "id name hash record in_force" },
	{ "pack", "check", "pack found" },
	{ "pack", "show", "(the columns that the table has)" },
	{ "try", NULL, COMMANDS },
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

/* The members of the objects in a list: what the command of that name lists, or its own */
static const char *part_fields(const char *part, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		if (!strncmp(table[i].command, part, len) && !table[i].command[len] &&
		    (!table[i].word || !*table[i].word || !strcmp(table[i].word, "list")))
			return table[i].fields;
	return "";
}

/**
 * ctl_time_json() - a time for programs
 * @seconds: since 1970
 *
 * Return: as RFC 3339, the caller's; a number if there is no such time.
 */
json_t *ctl_time_json(json_int_t seconds)
{
	char text[TB_TIME_SIZE];

	if (seconds < 0 || seconds > (json_int_t)(INT64_MAX / TB_NSEC_PER_SEC))
		return json_integer(seconds);
	return json_string(tb_time_format((uint64_t)seconds * TB_NSEC_PER_SEC, text));
}

static void tell_times(json_t *row, const char *fields)
{
	size_t len, name_len, i;
	json_t *value, *item;
	char *name;

	for (; *fields && *fields != '('; fields += len + (fields[len] == ' ')) {
		len = strcspn(fields, " ");
		name_len = strcspn(fields, "?@: ");
		name = strndup(fields, name_len);
		value = name ? json_object_get(row, name) : NULL;
		if (fields[name_len] == '@' && json_is_integer(value))
			json_object_set_new(row, name, ctl_time_json(json_integer_value(value)));
		else if (fields[name_len] == ':')
			json_array_foreach(value, i, item)
				tell_times(item, part_fields(fields + name_len + 1,
							     strcspn(fields + name_len + 1, "? ")));
		free(name);
	}
}

/**
 * ctl_print() - answer in JSON, one line, with times as programs get them
 * @json: the answer of the command that runs; taken over; NULL stands for no memory
 *
 * Return: the exit status.
 */
int ctl_print(json_t *json)
{
	const char *fields = ctl_running();

	if (fields)
		tell_times(json, fields);
	return tb_command_print(json);
}

/**
 * ctl_fields_print() - print the members a command's objects have, one a line, for tests
 * @command: the command, or the name of a part
 * @word: the word behind it, or NULL
 *
 * Return: exit status.
 */
int ctl_fields_print(const char *command, const char *word)
{
	const char *fields = ctl_fields(command, word);

	if (!fields && !word)
		fields = part_fields(command, strlen(command));
	if (!fields || !*fields)
		return ctl_bad("%s%s%s is in no list", command, word ? " " : "", word ?: "");
	for (; *fields; fields++)
		putchar(*fields == ' ' ? '\n' : *fields);
	putchar('\n');
	return CTL_OK;
}

static void put_names(const char *names)
{
	const char *before = ".Va ";
	size_t len, name_len;

	if (*names == '(') {
		puts(names);
		return;
	}
	for (; *names; names += len + (names[len] == ' '), before = " , ") {
		len = strcspn(names, " ");
		name_len = strcspn(names, "?@: ");
		printf("%s%.*s", before, (int)name_len, names);
		if (names[name_len] == '@')
			fputs(" Ns @", stdout);
		if (names[name_len] == ':')
			fputs(" Ns []", stdout);
		if (names[len - 1] == '?')
			fputs(" Ns ?", stdout);
	}
	putchar('\n');
}

/* What the lists in the last object hold, where no command lists it */
static void put_parts(const char *names)
{
	const char *part;
	size_t len, i;

	for (; (part = strchr(names, ':')); names = part + len) {
		len = strcspn(++part, "? ");
		for (i = 0; i < COUNT; i++)
			if (table[i].word && !*table[i].word && strlen(table[i].command) == len &&
			    !strncmp(table[i].command, part, len)) {
				printf(".It each %s\n", table[i].command);
				put_names(table[i].fields);
			}
	}
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
			put_parts(fields);
		}
}
