/* SPDX-License-Identifier: GPL-2.0-only */
/* Codes: the characters that keys of a keypad or reader make, up to Enter. */
#ifndef TONGBU_CODE_H
#define TONGBU_CODE_H

#include <linux/types.h>
#include <linux/tongbu.h>

/**
 * enum tb_code_step - what a key did to a code
 * @TB_CODE_NOTHING: nothing
 * @TB_CODE_ADDED: its character was added
 * @TB_CODE_DONE: the code is whole
 * @TB_CODE_TOO_LONG: its character has no room any more: the code ends without
 * @TB_CODE_DROPPED: its character belongs to a code that was too long
 */
enum tb_code_step {
	TB_CODE_NOTHING,
	TB_CODE_ADDED,
	TB_CODE_DONE,
	TB_CODE_TOO_LONG,
	TB_CODE_DROPPED,
};

/**
 * struct tb_code - a code that is being typed
 * @chars: its characters, ASCII
 * @length: how many
 * @shift: which shift keys are down
 * @dropping: it was too long, and what comes up to its end is dropped
 */
struct tb_code {
	u8 chars[TONGBU_CODE_MAX];
	u16 length;
	u8 shift;
	bool dropping;
};

enum tb_code_step tb_code_key(struct tb_code *code, u16 key, bool down);
bool tb_code_expire(struct tb_code *code);
void tb_code_wipe(struct tb_code *code);
void tb_code_reset(struct tb_code *code);

#endif /* TONGBU_CODE_H */
