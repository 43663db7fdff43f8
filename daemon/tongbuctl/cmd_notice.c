// SPDX-License-Identifier: GPL-2.0-only
/*
 * tongbuctl notice publish: a notice by whichever act of the pack publishes one. Packs
 * say which acts do, and what each calls the kind, the text, the time it holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "act.h"
#include "people.h"
#include "state.h"
#include "timefmt.h"

/* The parts a notice may have, as the options are called and as packs name them */
static const char *const parts[] = { "kind",  "key",   "title",	 "title-zh", "text", "text-zh",
				     "place", "group", "matter", "from",     "to" };

#define PARTS (sizeof(parts) / sizeof(parts[0]))

/**
 * struct publishing - what the command line says
 * @pack: the pack
 * @given: each part that is given, or NULL
 * @act: how the act is to be submitted
 */
struct publishing {
	const char *pack;
	const char *given[PARTS];
	struct act_options act;
};

static int take_options(struct publishing *p, int argc, char **argv)
{
	size_t i;
	int option;

	while ((option = ctl_option(argc, argv)) != -1) {
		if (option == OPT_PACK)
			p->pack = optarg;
		else if (option == OPT_WAIT || option == OPT_NO_WAIT)
			p->act.wait = option == OPT_WAIT;
		else if (option != OPT_PART)
			return CTL_FAILED;
		for (i = 0; option == OPT_PART && i < PARTS; i++)
			if (!strcmp(parts[i], ctl_given->name))
				p->given[i] = optarg;
	}
	return p->pack ?
		       0 :
		       ctl_bad("which pack's? notice publish --pack PACK: see tongbuctl act list");
}

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

/* What the act calls that part; "" if it has none */
static const char *field_of(const json_t *act, const char *part)
{
	return text_of(json_object_get(act, "notice"), part);
}

/* Which of the given parts the act has no field for, or NULL */
static const char *lacks(const struct publishing *p, const json_t *act)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		if (p->given[i] && !*field_of(act, parts[i]))
			return parts[i];
	return NULL;
}

static void say_parts(const json_t *act, char *said, size_t size)
{
	size_t i, len = strlen(said);

	snprintf(said + len, size - len, "%s%s takes", len ? "; " : "", text_of(act, "id"));
	for (i = 0; i < PARTS; i++) {
		len = strlen(said);
		if (*field_of(act, parts[i]))
			snprintf(said + len, size - len, " --%s", parts[i]);
	}
}

/* The one act of the pack that takes all that is given; else says which there are */
static const json_t *choose(const struct publishing *p, const json_t *acts)
{
	const json_t *found = NULL;
	const char *lacking = NULL;
	char said[480] = "";
	json_t *act;
	size_t i;
	int fit = 0;

	json_array_foreach((json_t *)acts, i, act) {
		const char *lack;

		if (!json_is_object(json_object_get(act, "notice")))
			continue;
		say_parts(act, said, sizeof(said));
		lack = lacks(p, act);
		if (lack) {
			lacking = lack;
			continue;
		}
		found = act;
		fit++;
	}
	if (fit == 1)
		return found;
	if (!*said)
		ctl_bad("the pack %s publishes no notices: it is not in force, or has no act for it",
			p->pack);
	else if (fit)
		ctl_bad("say more of the notice: %s", said);
	else
		ctl_bad("--%s does not go with it: %s", lacking, said);
	return NULL;
}

/* A time as an act wants it: RFC 3339, or a date at the station */
static int time_text(const char *part, const char *given, bool date, int zone, char *text,
		     size_t size)
{
	struct tb_error err;
	uint64_t when;
	time_t sec;
	struct tm tm;

	ctl_zone();
	if (tb_time_parse(given, tb_time_now(), &when, &err))
		return ctl_bad("--%s: %s", part, err.text);
	sec = (time_t)(when / TB_NSEC_PER_SEC) + (date ? zone : 0);
	if (!gmtime_r(&sec, &tm) ||
	    !strftime(text, size, date ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%SZ", &tm))
		return ctl_bad("--%s: %s is out of range", part, given);
	return 0;
}

static int add_part(json_t *act, const json_t *declared, const char *part, const char *given,
		    int zone)
{
	const char *name = field_of(declared, part);
	const json_t *field = json_object_get(json_object_get(declared, "fields"), name);
	const char *type = text_of(field, "type");
	bool date = !strcmp(type, "date");
	char text[32];
	int status = 0;

	/* A date is one, wherever it is read. */
	if (!strcmp(type, "time") || (date && strlen(given) != 10)) {
		status = time_text(part, given, date, zone, text, sizeof(text));
		given = text;
	}
	if (!status && json_object_set_new(act, name, json_string(given)))
		status = ctl_bad("--%s: this is not UTF-8", part);
	return status;
}

static int publish(const struct publishing *p, const json_t *declared, int zone, int argc,
		   char **argv)
{
	json_t *act = act_new(text_of(declared, "pack"), text_of(declared, "kind"));
	int status = act ? 0 : ctl_bad("out of memory");
	size_t i;

	for (i = 0; !status && i < PARTS; i++)
		if (p->given[i])
			status = add_part(act, declared, parts[i], p->given[i], zone);
	if (!status)
		status = act_fill(act, json_object_get(declared, "fields"), NULL, argc, argv);
	if (!status)
		return act_submit(act, p->act.wait);
	json_decref(act);
	return status;
}

/**
 * notice_publish() - tongbuctl notice publish
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: exit status.
 */
int notice_publish(int argc, char **argv)
{
	struct publishing p = { .act.wait = act_waits() };
	const json_t *act;
	json_t *reply;
	int status;

	status = take_options(&p, argc, argv);
	if (!status)
		status = people_ask("acts", json_pack("{s:s}", "pack", p.pack), &reply);
	if (status)
		return status;
	act = choose(&p, json_object_get(reply, "rows"));
	status = act ? publish(&p, act, people_zone(reply), argc - optind, argv + optind) :
		       CTL_FAILED;
	json_decref(reply);
	return status;
}
