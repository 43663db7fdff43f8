/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TONGBU_LATE_H
#define TONGBU_LATE_H

#include "engine.h"

void tb_late_push(lua_State *L, json_t *head);
bool tb_late_current(lua_State *L, const json_t *head);

#endif /* TONGBU_LATE_H */
