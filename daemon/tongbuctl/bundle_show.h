/* SPDX-License-Identifier: GPL-2.0-only */
/* What a bundle says of itself. Nothing of it is verified. */
#ifndef TONGBU_BUNDLE_SHOW_H
#define TONGBU_BUNDLE_SHOW_H

#include "bundle.h"

int bundle_report(const char *path, const struct tb_bundle_chain *parts, size_t count,
		  const char *station, const char *created);
int bundle_show(const char *path);

#endif /* TONGBU_BUNDLE_SHOW_H */
