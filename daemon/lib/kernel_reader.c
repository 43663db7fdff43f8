// SPDX-License-Identifier: GPL-2.0-only
/* What the reader of the chain asks of the kernel. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "kernel_priv.h"

/**
 * tb_kernel_chain_start() - begin the chain
 * @kernel: the socket
 * @pubkey: the supervisor's X25519 public key
 * @previous: last durable record of the chain before, or NULL
 * @err: told what went wrong
 *
 * Return: 0; -EEXIST if one runs; -EKEYREJECTED for a key that cannot be used;
 * or another negative errno.
 */
int tb_kernel_chain_start(struct tb_kernel *kernel, const uint8_t pubkey[TONGBU_KEY_LEN],
			  const struct tb_receipt *previous, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_CHAIN_START, 0, err);

	if (!msg)
		return -ENOMEM;
	if (nla_put(msg, TONGBU_A_PUBKEY, TONGBU_KEY_LEN, pubkey) ||
	    (previous && (nla_put(msg, TONGBU_A_PREV_CHAIN, TONGBU_CHAIN_LEN, previous->chain) ||
			  nla_put_u64(msg, TONGBU_A_PREV_SEQ, previous->seq) ||
			  nla_put(msg, TONGBU_A_PREV_TAG, TONGBU_TAG_LEN, previous->tag)))) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}

static int take_seq(struct nlattr **attrs, void *userdata)
{
	uint64_t *seq = userdata;

	if (!attrs[TONGBU_A_SEQ])
		return -EBADMSG;
	*seq = nla_get_u64(attrs[TONGBU_A_SEQ]);
	return 0;
}

/**
 * tb_kernel_chain_end() - disarm all there is and seal END
 * @kernel: the socket
 * @seq: set to the number of END, which may have been sealed before
 * @err: told what went wrong
 *
 * Return: 0; -EPERM for who may not; -ENODATA without a chain; or another negative
 * errno.
 */
int tb_kernel_chain_end(struct tb_kernel *kernel, uint64_t *seq, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_CHAIN_END, 0, err);

	if (!msg)
		return -ENOMEM;
	return tb_kernel_transact(kernel, msg, take_seq, seq, err);
}

/**
 * tb_kernel_clock_state() - tell the kernel how well the clock is kept
 * @kernel: the socket of the reader
 * @synced: whether it is synchronised
 * @esterror: estimated error, us
 * @maxerror: maximum error, us
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_clock_state(struct tb_kernel *kernel, bool synced, uint32_t esterror,
			  uint32_t maxerror, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_CLOCK_STATE, 0, err);

	if (!msg)
		return -ENOMEM;
	if (nla_put_u8(msg, TONGBU_A_CLOCK_SYNCED, synced) ||
	    nla_put_u32(msg, TONGBU_A_CLOCK_ESTERROR, esterror) ||
	    nla_put_u32(msg, TONGBU_A_CLOCK_MAXERROR, maxerror)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, NULL, NULL, err);
}
