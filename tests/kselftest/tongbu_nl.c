// SPDX-License-Identifier: GPL-2.0-only
#include "tongbu_nl.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/**
 * tongbu_nl_open() - open a socket and find the family
 * @nl: filled in; tongbu_nl_close() when done with
 *
 * Return: 0, -ENOENT without the module, or another negative errno.
 */
int tongbu_nl_open(struct tongbu_nl *nl)
{
	int one = 1;

	memset(nl, 0, sizeof(*nl));
	nl->device = -1;
	nl->sock = nl_socket_alloc();
	if (!nl->sock)
		return -ENOMEM;
	if (genl_connect(nl->sock))
		goto err_free;
	nl->family = genl_ctrl_resolve(nl->sock, TONGBU_FAMILY_NAME);
	if (nl->family < 0)
		goto err_free;
	setsockopt(nl_socket_get_fd(nl->sock), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	nl_socket_disable_msg_peek(nl->sock);
	nl_socket_set_msg_buf_size(nl->sock, 65536);
	nl_socket_set_buffer_size(nl->sock, 1 << 20, 1 << 20);
	return 0;

err_free:
	nl_socket_free(nl->sock);
	nl->sock = NULL;
	return -ENOENT;
}

/**
 * tongbu_nl_close() - close the socket, and the device
 * @nl: the socket; closed already or never opened is fine
 */
void tongbu_nl_close(struct tongbu_nl *nl)
{
	if (nl->sock)
		nl_socket_free(nl->sock);
	/* Never opened it is 0, like nothing that is mapped. */
	if (nl->ring)
		munmap((void *)nl->ring, nl->size);
	if (nl->ring)
		close(nl->device);
	free(nl->answer);
	memset(nl, 0, sizeof(*nl));
}

/**
 * tongbu_nl_request() - begin a request
 * @nl: the socket
 * @cmd: enum tongbu_cmd
 *
 * Return: the message, for tongbu_nl_do() or tongbu_nl_dump() to send and free.
 */
struct nl_msg *tongbu_nl_request(struct tongbu_nl *nl, uint8_t cmd)
{
	struct nl_msg *msg = nlmsg_alloc_size(16384);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, 0, cmd,
				 TONGBU_FAMILY_VERSION))
		abort();
	return msg;
}

/* The kernel's words, and which attribute of the request it points at */
static void take_refusal(struct tongbu_nl *nl, struct nlmsghdr *answer, size_t fixed,
			 struct nlmsghdr *request)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	uint32_t offset;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    nlmsg_parse(answer, (int)fixed, tb, NLMSGERR_ATTR_MAX, NULL))
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		snprintf(nl->text, sizeof(nl->text), "%s", nla_get_string(tb[NLMSGERR_ATTR_MSG]));
	if (!tb[NLMSGERR_ATTR_OFFS])
		return;
	offset = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
	if (offset + sizeof(struct nlattr) <= request->nlmsg_len)
		nl->attr = nla_type((struct nlattr *)((char *)request + offset));
}

static int take_error(struct tongbu_nl *nl, struct nlmsghdr *answer, struct nlmsghdr *request)
{
	struct nlmsgerr *err = nlmsg_data(answer);
	size_t fixed = sizeof(*err);

	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		fixed += err->msg.nlmsg_len - sizeof(err->msg);
	take_refusal(nl, answer, NLMSG_ALIGN(fixed), request);
	return err->error;
}

/* One buffer, with @nl->attrs pointing into it after an answer, so that it stays
 * with @nl then. Positive: more are to come.
 */
static int take_answers(struct tongbu_nl *nl, unsigned char *buf, int len, struct nlmsghdr *request,
			tongbu_nl_each each, void *arg)
{
	struct nlmsghdr *answer;
	int err;

	for (answer = (struct nlmsghdr *)buf; nlmsg_ok(answer, len);
	     answer = nlmsg_next(answer, &len)) {
		/* Of a request that was given up */
		if (answer->nlmsg_seq != request->nlmsg_seq)
			continue;
		if (answer->nlmsg_type == NLMSG_ERROR)
			return take_error(nl, answer, request);
		if (answer->nlmsg_type == NLMSG_DONE) {
			take_refusal(nl, answer, sizeof(int), request);
			return *(int *)nlmsg_data(answer);
		}
		if (genlmsg_parse(answer, 0, nl->attrs, TONGBU_A_MAX, NULL))
			return -EBADMSG;
		if (nl->answer != buf)
			free(nl->answer);
		nl->answer = buf;
		err = each ? each(nl->attrs, arg) : 0;
		if (err)
			return err;
	}
	return 1;
}

static int exchange(struct tongbu_nl *nl, struct nl_msg *msg, int flags, tongbu_nl_each each,
		    void *arg)
{
	struct nlmsghdr *request = nlmsg_hdr(msg);
	struct sockaddr_nl peer;
	int err, len;

	nl->text[0] = '\0';
	nl->attr = 0;
	memset(nl->attrs, 0, sizeof(nl->attrs));
	request->nlmsg_flags |= (uint16_t)flags;
	nl_complete_msg(nl->sock, msg);
	/* The offset in a refusal is into the bytes as they are sent. */
	err = nl_send(nl->sock, msg);
	if (err < 0)
		goto out;
	do {
		unsigned char *buf = NULL;

		len = nl_recv(nl->sock, &peer, &buf, NULL);
		if (len <= 0) {
			err = -EIO;
			break;
		}
		err = take_answers(nl, buf, len, request, each, arg);
		if (nl->answer != buf)
			free(buf);
	} while (err > 0);
out:
	nlmsg_free(msg);
	return err;
}

/**
 * tongbu_nl_do() - send a request and wait for its end
 * @nl: the socket; @nl->attrs, @nl->text and @nl->attr say what came back
 * @msg: the request; freed
 *
 * Return: 0, or the negative errno the kernel answered.
 */
int tongbu_nl_do(struct tongbu_nl *nl, struct nl_msg *msg)
{
	return exchange(nl, msg, NLM_F_REQUEST | NLM_F_ACK, NULL, NULL);
}

/**
 * tongbu_nl_dump() - send a request for a dump and take all of it
 * @nl: the socket
 * @msg: the request; freed
 * @each: called for each message; an answer other than 0 ends it
 * @arg: handed to @each
 *
 * Return: 0, or the negative errno the kernel answered.
 */
int tongbu_nl_dump(struct tongbu_nl *nl, struct nl_msg *msg, tongbu_nl_each each, void *arg)
{
	return exchange(nl, msg, NLM_F_REQUEST | NLM_F_DUMP, each, arg);
}

/**
 * tongbu_nl_call() - a request without attributes
 * @nl: the socket
 * @cmd: enum tongbu_cmd
 *
 * Return: as tongbu_nl_do().
 */
int tongbu_nl_call(struct tongbu_nl *nl, uint8_t cmd)
{
	return tongbu_nl_do(nl, tongbu_nl_request(nl, cmd));
}

/**
 * tongbu_nl_attach() - open the device, map the ring
 * @nl: the socket it goes with
 *
 * Return: 0 or a negative errno.
 */
int tongbu_nl_attach(struct tongbu_nl *nl)
{
	const struct tongbu_ring *ring;
	int fd = open("/dev/tongbu", O_RDWR | O_CLOEXEC);
	size_t size = 0;

	if (fd < 0)
		return -errno;
	ring = mmap(NULL, sizeof(*ring), PROT_READ, MAP_SHARED, fd, 0);
	if (ring != MAP_FAILED) {
		size = le32toh(ring->size);
		munmap((void *)ring, sizeof(*ring));
		ring = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	}
	if (ring == MAP_FAILED) {
		close(fd);
		return -ENOMEM;
	}
	nl->device = fd;
	nl->ring = ring;
	nl->size = size;
	return 0;
}

/**
 * tongbu_nl_head() - number of the next record
 * @nl: attached
 *
 * Return: the number.
 */
uint64_t tongbu_nl_head(const struct tongbu_nl *nl)
{
	return le64toh(__atomic_load_n(&nl->ring->head, __ATOMIC_ACQUIRE));
}

/**
 * tongbu_nl_record() - a record in the ring
 * @nl: attached
 * @seq: its number, below the head and not acknowledged
 * @size: set to its bytes
 *
 * Return: the record.
 */
const uint8_t *tongbu_nl_record(const struct tongbu_nl *nl, uint64_t seq, size_t *size)
{
	const struct tongbu_slot *slot = (const struct tongbu_slot *)(nl->ring + 1);

	slot += seq % le32toh(nl->ring->slots);
	*size = le16toh(slot->length);
	return (const uint8_t *)nl->ring + le32toh(nl->ring->data) + le32toh(slot->offset);
}

/**
 * tongbu_nl_ready() - is there something to read?
 * @nl: attached
 * @wait_ms: how long to wait for it
 *
 * Return: 1 or 0.
 */
int tongbu_nl_ready(const struct tongbu_nl *nl, int wait_ms)
{
	struct pollfd pfd = { .fd = nl->device, .events = POLLIN };

	return poll(&pfd, 1, wait_ms);
}

/**
 * tongbu_nl_ack() - acknowledge
 * @nl: attached
 * @seq: number of the last record that is durable
 *
 * Return: 0 or a negative errno.
 */
int tongbu_nl_ack(struct tongbu_nl *nl, uint64_t seq)
{
	uint64_t number = htole64(seq);

	return write(nl->device, &number, sizeof(number)) == sizeof(number) ? 0 : -errno;
}

/**
 * tongbu_nl_info() - one number of INFO_GET
 * @nl: the socket
 * @attr: a u32 or u64 attribute of the answer
 *
 * Return: its value, or UINT64_MAX if it is not there.
 */
uint64_t tongbu_nl_info(struct tongbu_nl *nl, int attr)
{
	struct nlattr *nla;

	if (tongbu_nl_call(nl, TONGBU_CMD_INFO_GET))
		return UINT64_MAX;
	nla = nl->attrs[attr];
	if (!nla)
		return UINT64_MAX;
	return nla_len(nla) == sizeof(uint64_t) ? nla_get_u64(nla) : nla_get_u32(nla);
}
