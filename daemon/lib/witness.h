/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking a witness to sign a checkpoint (tlog-witness of C2SP), by HTTP over a UNIX socket
 * or on loopback: what goes further is for a proxy that knows TLS.
 */
#ifndef TONGBU_WITNESS_H
#define TONGBU_WITNESS_H

#include "error.h"

int tb_witness_post(const char *url, const char *body, int *status, char **answer,
		    struct tb_error *err);

#endif /* TONGBU_WITNESS_H */
