/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's side, spoken to over generic netlink, and its records, read from
 * /dev/tongbu: uapi/linux/tongbu.h is the contract. The kernel's own words for a refusal come back in struct tb_error.
 *
 * Every function that takes a struct tb_error returns 0 or a negative errno and
 * blocks until the kernel has answered. One struct tb_kernel is one netlink
 * socket, for one thread.
 */
#ifndef TONGBU_KERNEL_H
#define TONGBU_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/tongbu.h>

#include "defs.h"
#include "error.h"
#include "fields.h"
#include "record.h"

struct tb_kernel;

/**
 * struct tb_kernel_info - how the recorder stands
 * @running: a chain was started; else @chain to @acked are zero
 * @chain: its id
 * @genesis: its record 0
 * @genesis_len: bytes of @genesis
 * @ended: its END is sealed: no record follows
 * @head: number of the next record
 * @acked: all records below are acknowledged
 * @lost: events lost since the chain began
 * @refused: submissions turned away since then
 * @waits: times a record waited for another to be sealed
 * @capacity: most records the ring holds
 * @used: records in the ring
 * @high_water: most that ever were
 * @acts: acts in the ring; they may fill half of it
 * @sources: sources armed
 * @heartbeat: time between heartbeats, ms
 * @submit_gid: group that may submit, or %TONGBU_UID_NONE
 * @submit_rate: acts a second for one uid, or 0
 * @clocks: clocks not due yet
 * @clocks_max: most there may be
 * @outputs: outputs taken
 * @reflexes: reflexes armed
 * @owner_pid: process that owns the chain, or 0
 * @owner_uid: its user
 * @owner_comm: its name
 * @version: version of the module
 * @limited: who submits more than he may
 * @limited_count: how many they are
 */
struct tb_kernel_info {
	bool running;
	uint8_t chain[TONGBU_CHAIN_LEN];
	uint8_t genesis[TONGBU_RECORD_MAX];
	size_t genesis_len;
	bool ended;
	uint64_t head;
	uint64_t acked;
	uint64_t lost;
	uint64_t refused;
	uint64_t waits;
	uint32_t capacity;
	uint32_t used;
	uint32_t high_water;
	uint32_t acts;
	uint32_t sources;
	uint32_t heartbeat;
	uint32_t submit_gid;
	uint32_t submit_rate;
	uint32_t clocks;
	uint32_t clocks_max;
	uint32_t outputs;
	uint32_t reflexes;
	uint32_t owner_pid;
	uint32_t owner_uid;
	char owner_comm[16];
	char version[16];
	struct tongbu_limited limited[64];
	size_t limited_count;
};

int tb_kernel_open(struct tb_kernel **kernel, struct tb_error *err);
void tb_kernel_close(struct tb_kernel *kernel);

int tb_kernel_info(struct tb_kernel *kernel, struct tb_kernel_info *info, struct tb_error *err);
int tb_kernel_chain_start(struct tb_kernel *kernel, const uint8_t pubkey[TONGBU_KEY_LEN],
			  const struct tb_receipt *previous, struct tb_error *err);
int tb_kernel_chain_end(struct tb_kernel *kernel, uint64_t *seq, struct tb_error *err);
int tb_kernel_attach(struct tb_kernel *kernel, struct tb_error *err);
int tb_kernel_read(struct tb_kernel *kernel, uint64_t seq,
		   int (*batch)(const uint8_t *records, size_t len, void *userdata), void *userdata,
		   struct tb_error *err);
int tb_kernel_ack(struct tb_kernel *kernel, uint64_t seq, struct tb_error *err);
int tb_kernel_clock_state(struct tb_kernel *kernel, bool synced, uint32_t esterror,
			  uint32_t maxerror, struct tb_error *err);

int tb_act_fits(const void *data, size_t len, struct tb_error *err);
int tb_kernel_submit(struct tb_kernel *kernel, unsigned int format, const void *data, size_t len,
		     struct tb_receipt *receipt, struct tb_error *err);

/**
 * struct tb_list - sources, outputs or reflexes
 * @items: array of struct tb_source_def, tb_output_def or tb_reflex_def
 * @count: how many
 */
struct tb_list {
	void *items;
	size_t count;
};

/* Sources, outputs and reflexes, as their tables have them */
int tb_kernel_add(struct tb_kernel *kernel, const struct tb_table *table, const void *def,
		  uint32_t *id, struct tb_error *err);
int tb_kernel_del(struct tb_kernel *kernel, const struct tb_table *table, uint32_t id,
		  const char *name, struct tb_error *err);
int tb_kernel_list(struct tb_kernel *kernel, const struct tb_table *table, struct tb_list *list,
		   struct tb_error *err);
int tb_kernel_output_set(struct tb_kernel *kernel, const char *name, bool value, uint64_t cause,
			 struct tb_error *err);

int tb_kernel_clock_arm(struct tb_kernel *kernel, uint64_t id, uint64_t due, struct tb_error *err);
int tb_kernel_clock_cancel(struct tb_kernel *kernel, uint64_t id, struct tb_error *err);
int tb_kernel_clock_list(struct tb_kernel *kernel, struct tb_clock_def **clocks, size_t *count,
			 struct tb_error *err);

int tb_kernel_fd(const struct tb_kernel *kernel);

#endif /* TONGBU_KERNEL_H */
