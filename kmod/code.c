// SPDX-License-Identifier: GPL-2.0-only
/*
 * From keys to characters, as a keyboard of the United States has them: readers
 * that stand in for a keyboard are delivered so. There is no lock: a pure
 * function of the keys, whoever calls it sees to their order.
 *
 * The digits of the keypad are digits whatever Num Lock says, and Caps Lock
 * changes nothing: no reader sets them, and what they are at is the console's.
 * A key without a character adds nothing, and Backspace takes nothing back: what
 * was typed is what is recorded.
 */
#include "code.h"

#include <linux/bits.h>
#include <linux/input-event-codes.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define LEFT	BIT(0)
#define RIGHT	BIT(1)

/* Without and with shift */
static const u8 characters[][2] = {
	[KEY_1] = "1!", [KEY_2] = "2@", [KEY_3] = "3#", [KEY_4] = "4$", [KEY_5] = "5%",
	[KEY_6] = "6^", [KEY_7] = "7&", [KEY_8] = "8*", [KEY_9] = "9(", [KEY_0] = "0)",
	[KEY_MINUS] = "-_", [KEY_EQUAL] = "=+",
	[KEY_Q] = "qQ", [KEY_W] = "wW", [KEY_E] = "eE", [KEY_R] = "rR", [KEY_T] = "tT",
	[KEY_Y] = "yY", [KEY_U] = "uU", [KEY_I] = "iI", [KEY_O] = "oO", [KEY_P] = "pP",
	[KEY_LEFTBRACE] = "[{", [KEY_RIGHTBRACE] = "]}",
	[KEY_A] = "aA", [KEY_S] = "sS", [KEY_D] = "dD", [KEY_F] = "fF", [KEY_G] = "gG",
	[KEY_H] = "hH", [KEY_J] = "jJ", [KEY_K] = "kK", [KEY_L] = "lL",
	[KEY_SEMICOLON] = ";:", [KEY_APOSTROPHE] = "'\"", [KEY_GRAVE] = "`~",
	[KEY_BACKSLASH] = "\\|",
	[KEY_Z] = "zZ", [KEY_X] = "xX", [KEY_C] = "cC", [KEY_V] = "vV", [KEY_B] = "bB",
	[KEY_N] = "nN", [KEY_M] = "mM",
	[KEY_COMMA] = ",<", [KEY_DOT] = ".>", [KEY_SLASH] = "/?", [KEY_SPACE] = "  ",
	[KEY_KP7] = "77", [KEY_KP8] = "88", [KEY_KP9] = "99", [KEY_KPMINUS] = "--",
	[KEY_KP4] = "44", [KEY_KP5] = "55", [KEY_KP6] = "66", [KEY_KPPLUS] = "++",
	[KEY_KP1] = "11", [KEY_KP2] = "22", [KEY_KP3] = "33", [KEY_KP0] = "00",
	[KEY_KPDOT] = "..", [KEY_KPASTERISK] = "**", [KEY_KPSLASH] = "//",
};

static enum tb_code_step add(struct tb_code *code, u8 character)
{
	if (code->dropping)
		return TB_CODE_DROPPED;
	if (code->length == TONGBU_CODE_MAX) {
		code->dropping = true;
		return TB_CODE_TOO_LONG;
	}
	code->chars[code->length++] = character;
	return TB_CODE_ADDED;
}

/**
 * tb_code_key() - a key went down or up
 * @code: the code
 * @key: KEY_* of linux/input-event-codes.h
 * @down: down, not up
 *
 * Enter without a character before it is nothing: readers send it twice, or
 * ahead of the code as well.
 *
 * Context: any; does not sleep. The caller sees to it that nobody else is at it.
 * Return: what that did. After %TB_CODE_DONE or %TB_CODE_TOO_LONG the caller takes
 * the characters and calls tb_code_wipe().
 */
enum tb_code_step tb_code_key(struct tb_code *code, u16 key, bool down)
{
	u8 shift = key == KEY_LEFTSHIFT ? LEFT : key == KEY_RIGHTSHIFT ? RIGHT : 0;

	if (down)
		code->shift |= shift;
	else
		code->shift &= ~shift;
	if (!down)
		return TB_CODE_NOTHING;

	if (key == KEY_ENTER || key == KEY_KPENTER) {
		code->dropping = false;
		return code->length ? TB_CODE_DONE : TB_CODE_NOTHING;
	}
	if (key >= ARRAY_SIZE(characters) || !characters[key][0])
		return TB_CODE_NOTHING;
	return add(code, characters[key][!!code->shift]);
}

/**
 * tb_code_expire() - nothing more came in time
 * @code: the code
 *
 * Context: as for tb_code_key().
 * Return: whether there are characters, for the caller to take and wipe.
 */
bool tb_code_expire(struct tb_code *code)
{
	code->dropping = false;
	return code->length;
}

/**
 * tb_code_wipe() - forget the characters; what comes is the next code's
 * @code: the code
 *
 * Context: as for tb_code_key().
 */
void tb_code_wipe(struct tb_code *code)
{
	memzero_explicit(code->chars, sizeof(code->chars));
	code->length = 0;
}

/**
 * tb_code_reset() - forget all, the shift keys too: another keyboard is there
 * @code: the code
 *
 * Context: as for tb_code_key().
 */
void tb_code_reset(struct tb_code *code)
{
	memzero_explicit(code, sizeof(*code));
}
