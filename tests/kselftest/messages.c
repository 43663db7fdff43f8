// SPDX-License-Identifier: GPL-2.0-only
#include "messages.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/tongbu.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "lines.h"
#include "serial_line.h"

/* The kernel's policies are made from the spec; here they say what to make. */
enum { NLA_ANYTHING, NLA_U8, NLA_U16, NLA_U32, NLA_U64, NLA_BINARY, NLA_NUL_STRING };

struct nla_policy {
	int type;
	int len;
	uint64_t min;
	uint64_t max;
	uint64_t mask;
};

#define NLA_POLICY_EXACT_LEN(bytes)                \
	{                                          \
		.type = NLA_BINARY, .len = (bytes) \
	}
#define NLA_POLICY_MAX(kind, most)            \
	{                                     \
		.type = (kind), .max = (most) \
	}
#define NLA_POLICY_RANGE(kind, low, top)                   \
	{                                                  \
		.type = (kind), .min = (low), .max = (top) \
	}
#define NLA_POLICY_MASK(kind, bits)            \
	{                                      \
		.type = (kind), .mask = (bits) \
	}

#include "../../kmod/policy.h"

/* Bytes before the value of an attribute, and before the first attribute */
#define VALUE sizeof(struct nlattr)
#define BEGIN (sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr))

/* What a request cannot do without, in ways that may be asked for */
#define WAYS 4
#define MOST 5

struct command {
	uint8_t cmd;
	bool dump;
	const struct nla_policy *policy;
	uint16_t top;
	uint8_t needs[WAYS][MOST];
};

#define TAKES(CMD, name, ...)                                                                     \
	{                                                                                         \
		.cmd = TONGBU_CMD_##CMD, .policy = tongbu_##name##_nl_policy,                     \
		.top = sizeof(tongbu_##name##_nl_policy) / sizeof(tongbu_##name##_nl_policy[0]) - \
		       1,                                                                         \
		.needs = {                                                                        \
			__VA_ARGS__                                                               \
		}                                                                                 \
	}

static const struct command commands[] = {
	{ .cmd = TONGBU_CMD_INFO_GET },
	TAKES(CHAIN_START, chain_start, { TONGBU_A_PUBKEY },
	      { TONGBU_A_PUBKEY, TONGBU_A_PREV_CHAIN, TONGBU_A_PREV_SEQ, TONGBU_A_PREV_TAG }),
	{ .cmd = TONGBU_CMD_CHAIN_END },
	TAKES(CLOCK_STATE, clock_state,
	      { TONGBU_A_CLOCK_SYNCED, TONGBU_A_CLOCK_ESTERROR, TONGBU_A_CLOCK_MAXERROR }),
	TAKES(SUBMIT, submit, { TONGBU_A_ACT_DATA }, { TONGBU_A_ACT_FORMAT, TONGBU_A_ACT_DATA }),
	TAKES(SOURCE_ADD, source_add,
	      { TONGBU_A_SOURCE_NAME, TONGBU_A_GPIO_CHIP, TONGBU_A_GPIO_LINE },
	      { TONGBU_A_SOURCE_NAME, TONGBU_A_GPIO_CHIP, TONGBU_A_GPIO_LINE, TONGBU_A_SOURCE_TYPE,
		TONGBU_A_SOURCE_INTERVAL },
	      { TONGBU_A_SOURCE_NAME, TONGBU_A_SOURCE_TYPE, TONGBU_A_SERIAL_PORT },
	      { TONGBU_A_SOURCE_NAME, TONGBU_A_SOURCE_TYPE, TONGBU_A_INPUT_VENDOR }),
	TAKES(SOURCE_DEL, source_del, { TONGBU_A_SOURCE_NAME }, { TONGBU_A_SOURCE_ID }),
	{ .cmd = TONGBU_CMD_SOURCE_GET, .dump = true },
	TAKES(CLOCK_ARM, clock_arm, { TONGBU_A_CLOCK_ID, TONGBU_A_CLOCK_DUE }),
	TAKES(CLOCK_CANCEL, clock_cancel, { TONGBU_A_CLOCK_ID }),
	{ .cmd = TONGBU_CMD_CLOCK_GET, .dump = true },
	TAKES(OUTPUT_ADD, output_add,
	      { TONGBU_A_OUTPUT_NAME, TONGBU_A_GPIO_CHIP, TONGBU_A_GPIO_LINE }),
	TAKES(OUTPUT_DEL, output_del, { TONGBU_A_OUTPUT_NAME }, { TONGBU_A_OUTPUT_ID }),
	TAKES(OUTPUT_SET, output_set, { TONGBU_A_OUTPUT_NAME, TONGBU_A_OUTPUT_VALUE }),
	{ .cmd = TONGBU_CMD_OUTPUT_GET, .dump = true },
	TAKES(REFLEX_ADD, reflex_add,
	      { TONGBU_A_REFLEX_NAME, TONGBU_A_SOURCE_NAME, TONGBU_A_OUTPUT_NAME }),
	TAKES(REFLEX_DEL, reflex_del, { TONGBU_A_REFLEX_NAME }, { TONGBU_A_REFLEX_ID }),
	{ .cmd = TONGBU_CMD_REFLEX_GET, .dump = true },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* splitmix64 */
static uint64_t draw(struct messages *m)
{
	uint64_t z = m->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/**
 * messages_random() - a random number of a series
 * @m: the series
 * @below: above all that may come, not 0
 *
 * Return: 0 to @below - 1.
 */
uint32_t messages_random(struct messages *m, uint32_t below)
{
	return (uint32_t)((draw(m) >> 32) * below >> 32);
}

static bool one_in(struct messages *m, uint32_t n)
{
	return !messages_random(m, n);
}

static void scribble(struct messages *m, uint8_t *at, size_t len)
{
	for (; len; len--)
		*at++ = (uint8_t)draw(m);
}

static uint64_t number(struct messages *m, uint16_t attr, const struct nla_policy *policy)
{
	static const uint64_t edges[] = { 0,	  1,	      10,	  100,	      1000,
					  9600,	  60000,      10000000,	  0x7fffffff, 0x80000000,
					  0xffff, 0xffffffff, UINT64_MAX, 1ULL << 63 };

	if (attr == TONGBU_A_CLOCK_DUE && !one_in(m, 4))
		return (uint64_t)time(NULL) * 1000000000 + messages_random(m, 1000000000);
	if (policy->max && !one_in(m, 16))
		return policy->min + messages_random(m, (uint32_t)(policy->max - policy->min + 1));
	if (policy->mask && !one_in(m, 16))
		return draw(m) & policy->mask;
	switch (messages_random(m, 3)) {
	case 0:
		return edges[messages_random(m, sizeof(edges) / sizeof(edges[0]))];
	case 1:
		return draw(m);
	default:
		return messages_random(m, 12);
	}
}

static size_t string(struct messages *m, uint16_t attr, uint8_t *at)
{
	static const char *const names[] = {
		"door",	 "gate",	 "lamp",
		"siren", "river",	 "",
		"a b",	 "\xe9\x97\xa8", "abcdefghijklmnopqrstuvwxyz01234"
	};
	const char *name = names[messages_random(m, sizeof(names) / sizeof(names[0]))];
	size_t len;

	if (attr == TONGBU_A_GPIO_CHIP && !one_in(m, 10))
		name = STATION_CHIP;
	if (attr == TONGBU_A_SERIAL_PORT && !one_in(m, 10))
		name = one_in(m, 2) ? SERIAL_PORT : SERIAL_FAR;
	len = strlen(name) + 1;
	memcpy(at, name, len);
	if (one_in(m, 20)) {
		len = messages_random(m, 80);
		scribble(m, at, len);
	}
	return len;
}

/* A value as the policy wants it, or nearly; its bytes */
static size_t value(struct messages *m, uint16_t attr, const struct nla_policy *policy, uint8_t *at)
{
	static const size_t sizes[] = { [NLA_U8] = 1, [NLA_U16] = 2, [NLA_U32] = 4, [NLA_U64] = 8 };
	uint64_t whole;
	size_t len;

	switch (policy->type) {
	case NLA_U8:
	case NLA_U16:
	case NLA_U32:
	case NLA_U64:
		whole = number(m, attr, policy);
		len = sizes[policy->type];
		memcpy(at, &whole, len);
		break;
	case NLA_NUL_STRING:
		len = string(m, attr, at);
		break;
	default:
		len = policy->len ? (size_t)policy->len : messages_random(m, 1 + TONGBU_ACT_MAX);
		if (policy->type == NLA_ANYTHING || (!policy->len && one_in(m, 2)))
			len = messages_random(m, 64);
		scribble(m, at, len);
	}
	/* Of another length, or of none */
	if (one_in(m, 40)) {
		len = messages_random(m, one_in(m, 4) ? 1200 : 20);
		scribble(m, at, len);
	}
	return len;
}

/* One attribute, with what may be wrong with it; where the next one goes */
static uint8_t *attribute(struct messages *m, const struct command *command, uint16_t attr,
			  uint8_t *at)
{
	static const struct nla_policy anything = { .type = NLA_ANYTHING };
	const struct nla_policy *policy =
		command->policy && attr <= command->top ? &command->policy[attr] : &anything;
	struct nlattr nla = { .nla_type = attr };
	size_t len = value(m, attr, policy, at + VALUE);

	/* Nested in one of its like, to some depth */
	if (one_in(m, 60)) {
		uint32_t depth = 1 + messages_random(m, 12);

		for (; depth && len + VALUE <= 1200; depth--) {
			nla.nla_len = (uint16_t)(len + VALUE);
			memmove(at + 2 * VALUE, at + VALUE, len);
			memcpy(at + VALUE, &nla, sizeof(nla));
			len += VALUE;
		}
		nla.nla_type |= NLA_F_NESTED;
	}
	if (one_in(m, 80))
		nla.nla_type = (uint16_t)messages_random(m, TONGBU_A_MAX + 8);
	if (one_in(m, 200))
		nla.nla_type = (uint16_t)draw(m);
	nla.nla_len = (uint16_t)(len + VALUE);
	/* It says that it is longer or shorter than it is. */
	if (one_in(m, 100))
		nla.nla_len = (uint16_t)messages_random(m, one_in(m, 2) ? 12 : 65536);
	memcpy(at, &nla, sizeof(nla));
	at += VALUE + len;
	for (; len % NLA_ALIGNTO; len++)
		*at++ = 0;
	return at;
}

static uint8_t *attributes(struct messages *m, const struct command *command, uint8_t *at)
{
	/* The longest attribute takes a quarter of it. */
	const uint8_t *room_ends = at + MESSAGE_ROOM / 2;
	uint32_t ways = 0, i, others;
	uint16_t attr;

	while (ways < WAYS && command->needs[ways][0])
		ways++;
	if (ways && !one_in(m, 10)) {
		const uint8_t *needs = command->needs[messages_random(m, ways)];

		for (i = 0; i < MOST && needs[i]; i++)
			if (!one_in(m, 30))
				at = attribute(m, command, needs[i], at);
	}
	/* Any others, those of other commands and the same again among them */
	others = one_in(m, 2) ? 0 : messages_random(m, one_in(m, 10) ? 30 : 5);
	for (i = 0; i < others && at < room_ends; i++) {
		attr = (uint16_t)(1 + messages_random(m, TONGBU_A_MAX));
		if (command->policy && !one_in(m, 10))
			while (attr > command->top || !command->policy[attr].type)
				attr = (uint16_t)(1 + messages_random(m, command->top));
		at = attribute(m, command, attr, at);
	}
	return at;
}

/**
 * messages_next() - the next message of a series
 * @m: the series
 * @room: where to make it, %MESSAGE_ROOM bytes
 * @cmd: set to its command, which need not be one
 *
 * Its header may give it another length than it has: only the last message of several
 * that are sent at once should be such a one.
 *
 * Return: its bytes.
 */
size_t messages_next(struct messages *m, void *room, uint8_t *cmd)
{
	const struct command *command = &commands[messages_random(m, COMMANDS)];
	struct genlmsghdr genl = { .cmd = command->cmd, .version = TONGBU_FAMILY_VERSION };
	struct nlmsghdr head = { .nlmsg_type = m->family, .nlmsg_seq = ++m->seq };
	uint8_t *begin = room, *at = begin + BEGIN;
	size_t len;

	/* Nothing is left after the end, so it is rare. */
	while (command->cmd == TONGBU_CMD_CHAIN_END && !one_in(m, 100))
		command = &commands[messages_random(m, COMMANDS)];
	genl.cmd = one_in(m, 100) ? (uint8_t)draw(m) : command->cmd;
	if (one_in(m, 50))
		genl.version = (uint8_t)draw(m);
	if (one_in(m, 50))
		genl.reserved = (uint16_t)draw(m);
	at = attributes(m, command, at);
	len = (size_t)(at - begin);
	if (one_in(m, 20) && len > BEGIN)
		begin[BEGIN + messages_random(m, (uint32_t)(len - BEGIN))] ^=
			(uint8_t)(1 << messages_random(m, 8));

	head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (one_in(m, 30) ? !command->dump : command->dump)
		head.nlmsg_flags |= NLM_F_DUMP;
	if (one_in(m, 50))
		head.nlmsg_flags = (uint16_t)draw(m) | NLM_F_REQUEST;
	head.nlmsg_len = (uint32_t)len;
	if (one_in(m, 60))
		head.nlmsg_len = messages_random(m, (uint32_t)len + (one_in(m, 4) ? 100 : 0));
	memcpy(begin, &head, sizeof(head));
	memcpy(begin + sizeof(head), &genl, sizeof(genl));
	*cmd = genl.cmd;
	return len;
}
