// SPDX-License-Identifier: GPL-2.0-only
/* Reading the chain: the kernel's ring, as /dev/tongbu shows it. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel_priv.h"

#define DEVICE "/dev/tongbu"

static int refused(struct tb_error *err, int code)
{
	switch (code) {
	case EBUSY:
		return tb_error_set(err, -EBUSY,
				    DEVICE
				    " is open in another process, which 'tongbuctl doctor' names: stop it first");
	case EACCES:
		return tb_error_set(err, -EACCES,
				    DEVICE
				    " may not be opened by this user: see its mode and owner");
	case ENODATA:
		return tb_error_set(err, -ENODATA,
				    "the chain has ended and all is acknowledged: unload tongbu and load it again");
	default:
		return tb_error_set(err, -code, DEVICE ": %s", strerror(code));
	}
}

/* All of it: how large that is, its beginning says */
static int map(struct tb_kernel *kernel)
{
	struct tongbu_ring *ring;
	size_t size;

	ring = mmap(NULL, sizeof(*ring), PROT_READ, MAP_SHARED, kernel->device, 0);
	if (ring == MAP_FAILED)
		return -errno;
	size = le32toh(ring->size);
	munmap(ring, sizeof(*ring));
	ring = mmap(NULL, size, PROT_READ, MAP_SHARED, kernel->device, 0);
	if (ring == MAP_FAILED)
		return -errno;
	kernel->ring = ring;
	kernel->size = size;
	return 0;
}

/**
 * tb_kernel_attach() - become the reader of the chain, until tb_kernel_close()
 * @kernel: the socket
 * @err: told who reads it, if somebody does
 *
 * A chain need not run yet.
 *
 * Return: 0; -EBUSY; -EACCES for who may not; or another negative errno.
 */
int tb_kernel_attach(struct tb_kernel *kernel, struct tb_error *err)
{
	int ret;

	kernel->device = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (kernel->device < 0)
		return refused(err, errno);
	ret = map(kernel);
	if (!ret)
		return 0;
	tb_kernel_detach(kernel);
	return tb_error_set(err, ret, DEVICE " cannot be mapped: %s", strerror(-ret));
}

/**
 * tb_kernel_detach() - give up the chain
 * @kernel: the socket
 */
void tb_kernel_detach(struct tb_kernel *kernel)
{
	if (kernel->ring)
		munmap(kernel->ring, kernel->size);
	kernel->ring = NULL;
	if (kernel->device >= 0)
		close(kernel->device);
	kernel->device = -1;
}

static const struct tongbu_slot *slot_of(const struct tb_kernel *kernel, uint64_t seq)
{
	const struct tongbu_slot *slots = (const struct tongbu_slot *)(kernel->ring + 1);

	return &slots[seq & (le32toh(kernel->ring->slots) - 1)];
}

/* How many bytes lie in one piece from record *@seq on; *@seq is then the next one */
static size_t piece(const struct tb_kernel *kernel, uint64_t *seq, uint64_t head)
{
	uint32_t begin = le32toh(slot_of(kernel, *seq)->offset), end = begin;

	for (; *seq < head && le32toh(slot_of(kernel, *seq)->offset) == end; ++*seq)
		end += le16toh(slot_of(kernel, *seq)->length);
	return end - begin;
}

/**
 * tb_kernel_read() - read all records there are, from one on
 * @kernel: the socket of the reader
 * @seq: number of the first
 * @batch: told of whole records, back to back, in the kernel's own memory; a negative
 *	errno ends the reading
 * @userdata: for @batch
 * @err: told what went wrong
 *
 * Return: 0; -ERANGE for a record that is gone or not there yet; or what @batch
 * returned.
 */
int tb_kernel_read(struct tb_kernel *kernel, uint64_t seq,
		   int (*batch)(const uint8_t *records, size_t len, void *userdata), void *userdata,
		   struct tb_error *err)
{
	uint64_t head = le64toh(__atomic_load_n(&kernel->ring->head, __ATOMIC_ACQUIRE));
	const uint8_t *data = (const uint8_t *)kernel->ring + le32toh(kernel->ring->data);
	uint64_t acked = le64toh(kernel->ring->acked);
	int ret = 0;

	if (seq < acked || seq > head)
		return tb_error_set(err, -ERANGE,
				    "record %llu is not in the kernel, which holds %llu to below %llu",
				    (unsigned long long)seq, (unsigned long long)acked,
				    (unsigned long long)head);
	while (!ret && seq < head) {
		const uint8_t *records = data + le32toh(slot_of(kernel, seq)->offset);
		size_t len = piece(kernel, &seq, head);

		ret = batch(records, len, userdata);
	}
	return ret ? tb_error_set(err, ret, "what was read could not be used: %s", strerror(-ret)) :
		     0;
}

/**
 * tb_kernel_ack() - let the kernel forget all records up to one
 * @kernel: the socket of the reader
 * @seq: number of the last that is durable
 * @err: told what went wrong
 *
 * Return: 0; -ERANGE for a record that is not sealed yet; or another negative errno.
 */
int tb_kernel_ack(struct tb_kernel *kernel, uint64_t seq, struct tb_error *err)
{
	uint64_t number = htole64(seq);

	if (write(kernel->device, &number, sizeof(number)) == sizeof(number))
		return 0;
	return tb_error_set(err, -errno, "record %llu could not be acknowledged: %s",
			    (unsigned long long)seq, strerror(errno));
}

/**
 * tb_kernel_fd() - what to poll: readable while a record is not acknowledged
 * @kernel: the socket of the reader
 *
 * Return: the descriptor, the reader's own.
 */
int tb_kernel_fd(const struct tb_kernel *kernel)
{
	return kernel->device;
}
