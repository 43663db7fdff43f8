/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may read a blob, by the state. */
#ifndef TONGBU_BLOB_VIEW_H
#define TONGBU_BLOB_VIEW_H

#include "referee.h"

bool tb_referee_has_role(struct tb_referee *referee, int64_t uid, const char *role);
bool tb_referee_sees_blob(struct tb_referee *referee, int64_t uid, const char *hash,
			  bool (*brought)(int64_t by, void *userdata), void *userdata);

#endif /* TONGBU_BLOB_VIEW_H */
