// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU that counts the instructions of a guest by where they stand:
 *
 *	-plugin count.so,out=FILE
 *
 * From the guest's marker "begin" up to its marker "end" (edges.c has both), each of
 * which is an instruction that does nothing; then FILE gets a line "end", and before
 * it one for each place, "ADDRESS INSTRUCTIONS" in hexadecimal and decimal. Needs a
 * guest of one processor. Made for version 1 of QEMU's interface, of which the part that
 * is used is declared here, since Debian has no header of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"

#define EXPORT	__attribute__((visibility("default")))
#define PLACES	(1U << 20)
#define NO_REGS 0
#define ADD_U64 0

struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*call)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *ptr,
					      uint64_t add);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*call)(unsigned int vcpu, void *data), int flags,
					    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t nth);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

EXPORT int qemu_plugin_version = 1;

/**
 * struct place - a piece of code without a branch
 * @address: where it begins; 0 for none
 * @insns: instructions executed in it
 */
static struct place {
	uint64_t address;
	uint64_t insns;
} places[PLACES];

static FILE *out;

static struct place *place_of(uint64_t address)
{
	uint32_t i = (uint32_t)((address * 0x9e3779b97f4a7c15ULL) >> 44) % PLACES;

	while (places[i].address && places[i].address != address)
		i = (i + 1) % PLACES;
	places[i].address = address;
	return &places[i];
}

static void begin(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	for (uint32_t i = 0; i < PLACES; i++)
		places[i].insns = 0;
}

static void end(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	for (uint32_t i = 0; i < PLACES; i++)
		if (places[i].insns)
			fprintf(out, "%llx %llu\n", (unsigned long long)places[i].address,
				(unsigned long long)places[i].insns);
	fputs("end\n", out);
	fflush(out);
}

static bool is_marker(const struct qemu_plugin_insn *insn, uint32_t number)
{
	const uint8_t code[7] = { 0x0f,
				  0x1f,
				  0x80,
				  (uint8_t)number,
				  (uint8_t)(number >> 8),
				  (uint8_t)(number >> 16),
				  (uint8_t)(number >> 24) };

	return qemu_plugin_insn_size(insn) == sizeof(code) &&
	       !memcmp(qemu_plugin_insn_data(insn), code, sizeof(code));
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	struct place *place = place_of(qemu_plugin_tb_vaddr(tb));

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (is_marker(insn, COUNT_BEGIN))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, begin, NO_REGS, NULL);
		else if (is_marker(insn, COUNT_END))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, end, NO_REGS, NULL);
	}
	qemu_plugin_register_vcpu_tb_exec_inline(tb, ADD_U64, &place->insns, count);
}

EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fputs("count.so takes out=FILE\n", stderr);
		return -1;
	}
	out = fopen(argv[0] + 4, "we");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
