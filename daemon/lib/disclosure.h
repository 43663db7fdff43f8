/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A disclosure: some records of a log, each with the proof that it is that entry, all
 * against one checkpoint; of all other entries hashes, so that none can be left out.
 *
 *	tongbu-disclosure v1
 *
 *	checkpoint
 *
 *	rest 0 4 base64 of the hash over entries 0 to 3, ...
 *
 *	extra base64 of the record, index 4, hashes: as in a receipt (tlog-proof)
 *
 * and so on, in order of entries, an empty line between.
 */
#ifndef TONGBU_DISCLOSURE_H
#define TONGBU_DISCLOSURE_H

#include <stdio.h>

#include "held.h"
#include "tlog_proof.h"

#define TB_DISCLOSURE_HEADER "tongbu-disclosure v1\n"

/**
 * struct tb_disclosure - what one came to
 * @held: its checkpoint, and who signed
 * @records: records in it that are the log's
 * @bad: number of the entry at which it is not as it was made
 * @why: what is wrong there, or empty
 */
struct tb_disclosure {
	struct tb_held held;
	uint64_t records;
	uint64_t bad;
	char why[256];
};

struct tb_disclosure_writer;

struct tb_disclosure_writer *tb_disclosure_begin(FILE *out, const struct tb_checkpoint *checkpoint);
int tb_disclosure_add(struct tb_disclosure_writer *writer, const struct tb_tlog_proof *proof);
int tb_disclosure_end(struct tb_disclosure_writer *writer);

int tb_disclosure_verify(FILE *file, const struct tb_policy *policy,
			 int (*told)(const struct tb_tlog_proof *proof, void *userdata),
			 void *userdata, struct tb_disclosure *disclosure, struct tb_error *err);

#endif /* TONGBU_DISCLOSURE_H */
