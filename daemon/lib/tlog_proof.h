/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Proofs in files, in the formats of C2SP. That a record is in the log (tlog-proof, what
 * a receipt is), and that a log goes on from what it was (as tlog-witness has it):
 *
 *	c2sp.org/tlog-proof@v1			old SIZE
 *	extra base64 of the record		base64 of a hash, ...
 *	index NUMBER
 *	base64 of a hash, ...			checkpoint
 *
 *	checkpoint
 */
#ifndef TONGBU_TLOG_PROOF_H
#define TONGBU_TLOG_PROOF_H

#include "merkle.h"
#include "note.h"

#define TB_TLOG_PROOF_HEADER "c2sp.org/tlog-proof@v1\n"
#define TB_TLOG_OLD_HEADER   "old "

/**
 * struct tb_tlog_proof - a proof, and the checkpoint it leads to
 * @is_old: that the log goes on from what it was; if not, that an entry is in it
 * @number: number of the entry; or entries of the older log
 * @extra: what comes with an entry, nothing proves it by itself; or NULL
 * @extra_len: bytes of @extra
 * @proof: the hashes
 * @checkpoint: the checkpoint
 */
struct tb_tlog_proof {
	bool is_old;
	uint64_t number;
	uint8_t *extra;
	size_t extra_len;
	struct tb_proof proof;
	struct tb_checkpoint checkpoint;
};

bool tb_is_tlog_proof(const char *text);
int tb_tlog_proof_parse(const char *text, struct tb_tlog_proof *proof, struct tb_error *err);
char *tb_tlog_proof_text(const struct tb_tlog_proof *proof);
void tb_tlog_proof_clear(struct tb_tlog_proof *proof);

#endif /* TONGBU_TLOG_PROOF_H */
