/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Made by uapi/make-policy.py from uapi/tongbu.yaml: change that one. What a struct
 * nla_policy is, say those that include it: tests have one of their own.
 */
#ifndef TONGBU_POLICY_H
#define TONGBU_POLICY_H

#include <linux/tongbu.h>

/* TONGBU_CMD_CHAIN_START - do */
static const struct nla_policy tongbu_chain_start_nl_policy[TONGBU_A_PREV_TAG + 1] = {
	[TONGBU_A_PUBKEY] = NLA_POLICY_EXACT_LEN(TONGBU_KEY_LEN),
	[TONGBU_A_PREV_CHAIN] = NLA_POLICY_EXACT_LEN(TONGBU_CHAIN_LEN),
	[TONGBU_A_PREV_SEQ] = { .type = NLA_U64, },
	[TONGBU_A_PREV_TAG] = NLA_POLICY_EXACT_LEN(TONGBU_TAG_LEN),
};

/* TONGBU_CMD_CLOCK_STATE - do */
static const struct nla_policy tongbu_clock_state_nl_policy[TONGBU_A_CLOCK_MAXERROR + 1] = {
	[TONGBU_A_CLOCK_SYNCED] = NLA_POLICY_MAX(NLA_U8, 1),
	[TONGBU_A_CLOCK_ESTERROR] = { .type = NLA_U32, },
	[TONGBU_A_CLOCK_MAXERROR] = { .type = NLA_U32, },
};

/* TONGBU_CMD_SUBMIT - do */
static const struct nla_policy tongbu_submit_nl_policy[TONGBU_A_ACT_DATA + 1] = {
	[TONGBU_A_ACT_FORMAT] = NLA_POLICY_MAX(NLA_U8, 2),
	[TONGBU_A_ACT_DATA] = { .type = NLA_BINARY, },
};

/* TONGBU_CMD_SOURCE_ADD - do */
static const struct nla_policy tongbu_source_add_nl_policy[TONGBU_A_SERIAL_POLLS + 1] = {
	[TONGBU_A_SOURCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_SOURCE_TYPE] = NLA_POLICY_RANGE(NLA_U8, 1, 5),
	[TONGBU_A_SOURCE_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x1f),
	[TONGBU_A_GPIO_CHIP] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_GPIO_LINE] = { .type = NLA_U32, },
	[TONGBU_A_GPIO_EDGES] = NLA_POLICY_RANGE(NLA_U8, 1, 3),
	[TONGBU_A_GPIO_BIAS] = NLA_POLICY_MAX(NLA_U8, 3),
	[TONGBU_A_GPIO_DEBOUNCE] = { .type = NLA_U32, },
	[TONGBU_A_SOURCE_SILENT] = { .type = NLA_U32, },
	[TONGBU_A_SOURCE_RATE] = { .type = NLA_U32, },
	[TONGBU_A_SOURCE_INTERVAL] = { .type = NLA_U32, },
	[TONGBU_A_INPUT_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[TONGBU_A_INPUT_PHYS] = { .type = NLA_NUL_STRING, .len = 63, },
	[TONGBU_A_INPUT_VENDOR] = { .type = NLA_U16, },
	[TONGBU_A_INPUT_PRODUCT] = { .type = NLA_U16, },
	[TONGBU_A_INPUT_MODE] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[TONGBU_A_INPUT_KEY] = { .type = NLA_U16, },
	[TONGBU_A_INPUT_TIMEOUT] = { .type = NLA_U32, },
	[TONGBU_A_INPUT_SALT] = NLA_POLICY_EXACT_LEN(TONGBU_SALT_LEN),
	[TONGBU_A_SERIAL_PORT] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_SERIAL_BAUD] = { .type = NLA_U32, },
	[TONGBU_A_SERIAL_BITS] = NLA_POLICY_RANGE(NLA_U8, 7, 8),
	[TONGBU_A_SERIAL_PARITY] = NLA_POLICY_MAX(NLA_U8, 2),
	[TONGBU_A_SERIAL_STOP] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[TONGBU_A_SERIAL_FRAMING] = NLA_POLICY_RANGE(NLA_U8, 1, 4),
	[TONGBU_A_SERIAL_LENGTH] = { .type = NLA_U32, },
	[TONGBU_A_SERIAL_GAP] = { .type = NLA_U32, },
	[TONGBU_A_SERIAL_TIMEOUT] = { .type = NLA_U32, },
	[TONGBU_A_SERIAL_POLLS] = { .type = NLA_BINARY, },
};

/* TONGBU_CMD_SOURCE_DEL - do */
static const struct nla_policy tongbu_source_del_nl_policy[TONGBU_A_SOURCE_NAME + 1] = {
	[TONGBU_A_SOURCE_ID] = { .type = NLA_U32, },
	[TONGBU_A_SOURCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* TONGBU_CMD_CLOCK_ARM - do */
static const struct nla_policy tongbu_clock_arm_nl_policy[TONGBU_A_CLOCK_DUE + 1] = {
	[TONGBU_A_CLOCK_ID] = { .type = NLA_U64, },
	[TONGBU_A_CLOCK_DUE] = { .type = NLA_U64, },
};

/* TONGBU_CMD_CLOCK_CANCEL - do */
static const struct nla_policy tongbu_clock_cancel_nl_policy[TONGBU_A_CLOCK_ID + 1] = {
	[TONGBU_A_CLOCK_ID] = { .type = NLA_U64, },
};

/* TONGBU_CMD_OUTPUT_ADD - do */
static const struct nla_policy tongbu_output_add_nl_policy[TONGBU_A_OUTPUT_AWAY + 1] = {
	[TONGBU_A_OUTPUT_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_OUTPUT_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[TONGBU_A_GPIO_CHIP] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_GPIO_LINE] = { .type = NLA_U32, },
	[TONGBU_A_OUTPUT_SAFE] = NLA_POLICY_MAX(NLA_U8, 1),
	[TONGBU_A_OUTPUT_AWAY] = { .type = NLA_U32, },
};

/* TONGBU_CMD_OUTPUT_DEL - do */
static const struct nla_policy tongbu_output_del_nl_policy[TONGBU_A_OUTPUT_NAME + 1] = {
	[TONGBU_A_OUTPUT_ID] = { .type = NLA_U32, },
	[TONGBU_A_OUTPUT_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

/* TONGBU_CMD_OUTPUT_SET - do */
static const struct nla_policy tongbu_output_set_nl_policy[TONGBU_A_OUTPUT_CAUSE + 1] = {
	[TONGBU_A_OUTPUT_ID] = { .type = NLA_U32, },
	[TONGBU_A_OUTPUT_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_OUTPUT_VALUE] = NLA_POLICY_MAX(NLA_U8, 1),
	[TONGBU_A_OUTPUT_CAUSE] = { .type = NLA_U64, },
};

/* TONGBU_CMD_REFLEX_ADD - do */
static const struct nla_policy tongbu_reflex_add_nl_policy[TONGBU_A_REFLEX_COOLDOWN + 1] = {
	[TONGBU_A_REFLEX_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_REFLEX_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x1),
	[TONGBU_A_SOURCE_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_OUTPUT_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_REFLEX_CONDITION] = NLA_POLICY_RANGE(NLA_U8, 1, 4),
	[TONGBU_A_REFLEX_LEVEL] = NLA_POLICY_MAX(NLA_U8, 2),
	[TONGBU_A_REFLEX_SECOND] = { .type = NLA_NUL_STRING, .len = 31, },
	[TONGBU_A_REFLEX_HOLD] = { .type = NLA_U32, },
	[TONGBU_A_REFLEX_COUNT] = { .type = NLA_U32, },
	[TONGBU_A_REFLEX_WITHIN] = { .type = NLA_U32, },
	[TONGBU_A_REFLEX_ACTION] = NLA_POLICY_RANGE(NLA_U8, 1, 4),
	[TONGBU_A_REFLEX_LENGTH] = { .type = NLA_U32, },
	[TONGBU_A_REFLEX_PERIOD] = { .type = NLA_U32, },
	[TONGBU_A_REFLEX_COOLDOWN] = { .type = NLA_U32, },
};

/* TONGBU_CMD_REFLEX_DEL - do */
static const struct nla_policy tongbu_reflex_del_nl_policy[TONGBU_A_REFLEX_NAME + 1] = {
	[TONGBU_A_REFLEX_ID] = { .type = NLA_U32, },
	[TONGBU_A_REFLEX_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
};

#endif /* TONGBU_POLICY_H */
