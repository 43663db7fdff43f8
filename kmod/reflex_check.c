// SPDX-License-Identifier: GPL-2.0-only
/* What makes sense in a reflex, and words for what does not. */
#include <net/genetlink.h>

#include "family.h"
#include "reflex_priv.h"
#include "source.h"

/* The least time from one blink to the next, so that none makes a storm */
#define PERIOD_MIN_MS	20

/* Take a number that goes with one choice only: needed with it, else out of place */
static int take_number(struct genl_info *info, int attr, const char *name, bool wanted,
		       const char *with, __le32 *to)
{
	struct nlattr *nla = info->attrs[attr];

	if (wanted && !tb_u32(nla, 0))
		return tb_refuse(info->extack, nla, -EINVAL,
				 "attribute %s is missing or 0: %s needs it", name, with);
	if (!wanted && nla)
		return tb_refuse(info->extack, nla, -EINVAL,
				 "attribute %s is for %s: leave it out", name, with);
	*to = cpu_to_le32(tb_u32(nla, 0));
	return 0;
}

/* Keys go down and up; a code has no level. */
static bool has_levels(const struct tb_source *source)
{
	const struct tongbu_input *input = source->tail;

	return source->ops->level && (source->def.type != TONGBU_SOURCE_INPUT ||
				      input->mode == TONGBU_INPUT_KEYS);
}

/* Edges a source tells of; those without edges tell of all they have. */
static u8 edges_of(const struct tb_source *source)
{
	return source->def.type == TONGBU_SOURCE_GPIO ? source->def.edges : TONGBU_EDGE_BOTH;
}

/* @named: the attribute that names it */
static int check_source(struct genl_info *info, const struct tongbu_reflex *def,
			const struct tb_source *source, const struct nlattr *named)
{
	struct nlattr *nla = info->attrs[TONGBU_A_REFLEX_LEVEL];
	const char *name = source->def.name;
	u8 edges = edges_of(source);

	if (def->level == TONGBU_LEVEL_ANY)
		return 0;
	if (!has_levels(source))
		return tb_refuse(info->extack, nla, -EINVAL,
				 "source %s has no levels: leave REFLEX_LEVEL out, its events count",
				 name);
	if (!(edges & (def->level ? TONGBU_EDGE_RISING : TONGBU_EDGE_FALLING)))
		return tb_refuse(info->extack, nla, -EINVAL,
				 "source %s never tells of level %u: arm it for both edges",
				 name, def->level);
	if (edges != TONGBU_EDGE_BOTH &&
	    (def->action == TONGBU_DO_SET || def->condition == TONGBU_WHEN_HELD ||
	     def->condition == TONGBU_WHEN_BOTH))
		return tb_refuse(info->extack, named, -EINVAL,
				 "source %s does not tell when level %u is over: arm it for both edges",
				 name, def->level);
	return 0;
}

static int check_condition(struct genl_info *info, struct tongbu_reflex *def)
{
	u8 condition = def->condition;
	int err;

	err = take_number(info, TONGBU_A_REFLEX_HOLD, "REFLEX_HOLD",
			  condition == TONGBU_WHEN_HELD, "a level that is held", &def->hold);
	if (!err)
		err = take_number(info, TONGBU_A_REFLEX_COUNT, "REFLEX_COUNT",
				  condition == TONGBU_WHEN_COUNT, "counting", &def->count);
	if (!err)
		err = take_number(info, TONGBU_A_REFLEX_WITHIN, "REFLEX_WITHIN",
				  condition == TONGBU_WHEN_COUNT, "counting", &def->within);
	if (err)
		return err;
	if (condition == TONGBU_WHEN_COUNT &&
	    (le32_to_cpu(def->count) < 2 || le32_to_cpu(def->count) > TB_REFLEX_COUNT_MAX))
		return tb_refuse(info->extack, info->attrs[TONGBU_A_REFLEX_COUNT], -ERANGE,
				 "a count of %u: it is 2 to %u events",
				 le32_to_cpu(def->count), TB_REFLEX_COUNT_MAX);
	if (def->level == TONGBU_LEVEL_ANY &&
	    (condition == TONGBU_WHEN_HELD || condition == TONGBU_WHEN_BOTH))
		return tb_refuse(info->extack, info->attrs[TONGBU_A_REFLEX_LEVEL], -EINVAL,
				 "any level is always there: say which, REFLEX_LEVEL 0 or 1");
	return 0;
}

static int check_action(struct genl_info *info, struct tongbu_reflex *def)
{
	u8 action = def->action;
	int err;

	if (action == TONGBU_DO_SET &&
	    (def->condition == TONGBU_WHEN_COUNT || def->level == TONGBU_LEVEL_ANY))
		return tb_refuse(info->extack, info->attrs[TONGBU_A_REFLEX_ACTION], -EINVAL,
				 "events have no end that would set the output back: pulse, latch or blink");
	/* Blinking may go on until OUTPUT_SET. */
	def->length = cpu_to_le32(tb_u32(info->attrs[TONGBU_A_REFLEX_LENGTH], 0));
	if (action != TONGBU_DO_BLINK) {
		err = take_number(info, TONGBU_A_REFLEX_LENGTH, "REFLEX_LENGTH",
				  action == TONGBU_DO_PULSE, "a pulse or blinking", &def->length);
		if (err)
			return err;
	}
	err = take_number(info, TONGBU_A_REFLEX_PERIOD, "REFLEX_PERIOD",
			  action == TONGBU_DO_BLINK, "blinking", &def->period);
	if (err)
		return err;
	if (action == TONGBU_DO_BLINK && le32_to_cpu(def->period) < PERIOD_MIN_MS)
		return tb_refuse(info->extack, info->attrs[TONGBU_A_REFLEX_PERIOD], -ERANGE,
				 "a blink every %u ms: the least is %u",
				 le32_to_cpu(def->period), PERIOD_MIN_MS);
	def->cooldown = cpu_to_le32(tb_u32(info->attrs[TONGBU_A_REFLEX_COOLDOWN], 0));
	return 0;
}

/**
 * tb_reflex_check() - take from a request what a reflex shall do, if that makes sense
 * @info: the request
 * @def: filled in, but for its name and the numbers of what it uses
 * @first: its source
 * @second: the second one, or NULL if none is named
 *
 * Context: process; under the sources' lock.
 * Return: 0; -EINVAL or -ERANGE after tb_refuse().
 */
int tb_reflex_check(struct genl_info *info, struct tongbu_reflex *def,
		    const struct tb_source *first, const struct tb_source *second)
{
	struct nlattr **attrs = info->attrs;
	struct nlattr *other = attrs[TONGBU_A_REFLEX_SECOND];
	int err;

	def->condition = tb_u8(attrs[TONGBU_A_REFLEX_CONDITION], TONGBU_WHEN_EDGE);
	def->action = tb_u8(attrs[TONGBU_A_REFLEX_ACTION], TONGBU_DO_SET);
	def->level = tb_u8(attrs[TONGBU_A_REFLEX_LEVEL],
			   has_levels(first) ? 1 : TONGBU_LEVEL_ANY);
	def->flags = cpu_to_le32(tb_u32(attrs[TONGBU_A_REFLEX_FLAGS], 0));

	if (def->condition == TONGBU_WHEN_BOTH && !second)
		return tb_refuse(info->extack, NULL, -EINVAL,
				 "attribute REFLEX_SECOND is missing: the source that shall be at that level, too");
	if (def->condition != TONGBU_WHEN_BOTH && second)
		return tb_refuse(info->extack, other, -EINVAL,
				 "attribute REFLEX_SECOND is for two sources together: leave it out");
	if (first == second)
		return tb_refuse(info->extack, other, -EINVAL,
				 "source %s is named twice: name another one as the second",
				 first->def.name);
	err = check_condition(info, def);
	if (!err)
		err = check_action(info, def);
	if (!err)
		err = check_source(info, def, first, attrs[TONGBU_A_SOURCE_NAME]);
	if (!err && second)
		err = check_source(info, def, second, other);
	return err;
}
