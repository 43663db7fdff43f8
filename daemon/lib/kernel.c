// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netlink client: opening, one transaction, and the recorder as a whole.
 * kernel_ring.c reads the chain, kernel_reader.c asks what only its reader may,
 * kernel_source.c sources, kernel_output.c outputs, kernel_reflex.c reflexes,
 * kernel_clock.c clocks, and submissions stand here.
 */
#include "kernel.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "kernel_priv.h"

/* A dump fills messages up to what the reader can take, 32 KiB at the most */
#define MESSAGE_BUFFER (64 * 1024)
#define SOCKET_BUFFER  (1024 * 1024)

/**
 * struct transaction - a request under way
 * @answer: told of each answer, or NULL
 * @userdata: for @answer
 * @err: filled in when the kernel refuses
 * @seq: its number on the socket
 * @result: 0 or a negative errno
 * @done: the last message has come
 */
struct transaction {
	tb_kernel_answer answer;
	void *userdata;
	struct tb_error *err;
	uint32_t seq;
	int result;
	bool done;
};

static void refusal(struct transaction *t, int code, struct nlattr *tlvs, int len)
{
	struct nlattr *text = len > 0 ? nla_find(tlvs, len, NLMSGERR_ATTR_MSG) : NULL;

	t->result = code;
	t->done = true;
	if (text)
		tb_error_set(t->err, code, "%.*s", nla_len(text), (char *)nla_data(text));
	else
		tb_error_set(t->err, code, "%s",
			     code == -EPERM ? "this takes CAP_SYS_ADMIN: run it as root" :
					      strerror(-code));
}

static int on_answer(struct nl_msg *msg, void *arg)
{
	struct transaction *t = arg;
	struct nlattr *attrs[TONGBU_A_MAX + 1];
	int err;

	if (!t->answer || t->result)
		return NL_OK;
	if (genlmsg_parse(nlmsg_hdr(msg), 0, attrs, TONGBU_A_MAX, NULL))
		err = -EBADMSG;
	else
		err = t->answer(attrs, t->userdata);
	if (err)
		t->result = tb_error_set(t->err, err, "the kernel's answer could not be used: %s",
					 strerror(-err));
	return NL_OK;
}

/* A dump ends so, and if it failed says why. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct transaction *t = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int len = nlmsg_datalen(nlh) - (int)NLMSG_ALIGN(sizeof(int));
	int code = 0;

	if (nlmsg_datalen(nlh) >= (int)sizeof(int))
		memcpy(&code, nlmsg_data(nlh), sizeof(code));
	if (code < 0)
		refusal(t, code,
			nlh->nlmsg_flags & NLM_F_ACK_TLVS ?
				(struct nlattr *)((char *)nlmsg_data(nlh) +
						  NLMSG_ALIGN(sizeof(int))) :
				NULL,
			nlh->nlmsg_flags & NLM_F_ACK_TLVS ? len : 0);
	t->done = true;
	return NL_STOP;
}

/* Answers to a request that was given up are passed over. libnl by itself would
 * wait for the number of that request forever, and never take another.
 */
static int on_seq(struct nl_msg *msg, void *arg)
{
	const struct transaction *t = arg;

	return nlmsg_hdr(msg)->nlmsg_seq == t->seq ? NL_OK : NL_SKIP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct transaction *t = arg;

	(void)msg;
	t->done = true;
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *reply, void *arg)
{
	struct transaction *t = arg;
	/* nlmsgerr stands right behind the header of the message it came in. */
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)reply - 1;
	size_t skip = sizeof(*reply);

	(void)from;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(reply->msg.nlmsg_len) - NLMSG_HDRLEN;
	if ((nlh->nlmsg_flags & NLM_F_ACK_TLVS) && nlh->nlmsg_len > NLMSG_HDRLEN + skip)
		refusal(t, reply->error, (struct nlattr *)((char *)reply + skip),
			(int)(nlh->nlmsg_len - NLMSG_HDRLEN - skip));
	else
		refusal(t, reply->error, NULL, 0);
	return NL_STOP;
}

/**
 * tb_kernel_transact() - send a request and take in all of its answers
 * @kernel: the socket
 * @msg: the request; freed here
 * @answer: told of each answer, or NULL
 * @userdata: for @answer
 * @err: told what went wrong
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_transact(struct tb_kernel *kernel, struct nl_msg *msg, tb_kernel_answer answer,
		       void *userdata, struct tb_error *err)
{
	struct transaction t = { .answer = answer, .userdata = userdata, .err = err };
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int ret;

	if (!cb) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_answer, &t);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, &t);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, &t);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_seq, &t);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, &t);

	ret = nl_send_auto(kernel->sock, msg);
	t.seq = nlmsg_hdr(msg)->nlmsg_seq;
	nlmsg_free(msg);
	while (ret >= 0 && !t.done)
		ret = nl_recvmsgs(kernel->sock, cb);
	nl_cb_put(cb);
	if (!t.done)
		return tb_error_set(err, -EIO, "netlink: %s", nl_geterror(ret));
	return t.result;
}

/**
 * tb_kernel_request() - begin a request
 * @kernel: the socket
 * @cmd: enum tongbu_cmd
 * @flags: NLM_F_DUMP or 0
 * @err: told if there is no memory
 *
 * Return: the message, to be handed to tb_kernel_transact(), or NULL.
 */
struct nl_msg *tb_kernel_request(struct tb_kernel *kernel, uint8_t cmd, int flags,
				 struct tb_error *err)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, kernel->family, 0,
			       NLM_F_REQUEST | NLM_F_ACK | flags, cmd, TONGBU_FAMILY_VERSION))
		return msg;
	nlmsg_free(msg);
	tb_error_set(err, -ENOMEM, "out of memory");
	return NULL;
}

/**
 * tb_kernel_open() - reach the module
 * @kernel: set to the new socket; tb_kernel_close() closes it
 * @err: told what is missing
 *
 * The kernel loads the module by itself if it is installed.
 *
 * Return: 0; -ENOENT if the module is not loaded; or a negative errno.
 */
int tb_kernel_open(struct tb_kernel **kernel, struct tb_error *err)
{
	struct tb_kernel *k = calloc(1, sizeof(*k));
	int on = 1, ret;

	if (!k)
		return tb_error_set(err, -ENOMEM, "out of memory");
	k->device = -1;
	k->sock = nl_socket_alloc();
	if (!k->sock) {
		free(k);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	ret = genl_connect(k->sock);
	if (ret < 0) {
		ret = tb_error_set(err, -EIO, "netlink: %s", nl_geterror(ret));
		goto err_close;
	}
	nl_socket_set_buffer_size(k->sock, SOCKET_BUFFER, 0);
	nl_socket_set_msg_buf_size(k->sock, MESSAGE_BUFFER);
	nl_socket_disable_msg_peek(k->sock);
	/* A kernel too old for either still answers, in fewer words. */
	(void)setsockopt(nl_socket_get_fd(k->sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)setsockopt(nl_socket_get_fd(k->sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));

	k->family = genl_ctrl_resolve(k->sock, TONGBU_FAMILY_NAME);
	if (k->family < 0) {
		ret = tb_error_set(err, -ENOENT,
				   "module tongbu is not loaded: run 'modprobe tongbu' as root");
		goto err_close;
	}
	*kernel = k;
	return 0;

err_close:
	tb_kernel_close(k);
	return ret;
}

/**
 * tb_kernel_close() - close a socket, and give up the chain if it was read by it
 * @kernel: the socket, or NULL
 */
void tb_kernel_close(struct tb_kernel *kernel)
{
	if (!kernel)
		return;
	tb_kernel_detach(kernel);
	nl_socket_free(kernel->sock);
	free(kernel);
}

/**
 * tb_kernel_copy() - take bytes of a fixed number out of an attribute
 * @attr: the attribute, or NULL
 * @to: where to
 * @len: how many bytes
 *
 * Return: 0, or -EBADMSG if there are fewer or more.
 */
int tb_kernel_copy(const struct nlattr *attr, void *to, size_t len)
{
	if (!attr || nla_len(attr) != (int)len)
		return -EBADMSG;
	memcpy(to, nla_data(attr), len);
	return 0;
}

static uint32_t u32_or(struct nlattr *attr, uint32_t otherwise)
{
	return attr && nla_len(attr) >= (int)sizeof(uint32_t) ? nla_get_u32(attr) : otherwise;
}

static uint64_t u64_or(struct nlattr *attr, uint64_t otherwise)
{
	return attr && nla_len(attr) >= (int)sizeof(uint64_t) ? nla_get_u64(attr) : otherwise;
}

static int take_info(struct nlattr **attrs, void *userdata)
{
	struct tb_kernel_info *info = userdata;
	struct nlattr *genesis = attrs[TONGBU_A_GENESIS];

	if (attrs[TONGBU_A_CHAIN]) {
		info->running = true;
		if (tb_kernel_copy(attrs[TONGBU_A_CHAIN], info->chain, sizeof(info->chain)) ||
		    !genesis || (size_t)nla_len(genesis) > sizeof(info->genesis))
			return -EBADMSG;
		info->genesis_len = (size_t)nla_len(genesis);
		memcpy(info->genesis, nla_data(genesis), info->genesis_len);
	}
	info->head = u64_or(attrs[TONGBU_A_HEAD], 0);
	info->acked = u64_or(attrs[TONGBU_A_ACKED], 0);
	info->lost = u64_or(attrs[TONGBU_A_INFO_LOST], 0);
	info->refused = u64_or(attrs[TONGBU_A_INFO_REFUSED], 0);
	info->waits = u64_or(attrs[TONGBU_A_INFO_WAITS], 0);
	info->capacity = u32_or(attrs[TONGBU_A_INFO_CAPACITY], 0);
	info->used = u32_or(attrs[TONGBU_A_INFO_USED], 0);
	info->high_water = u32_or(attrs[TONGBU_A_INFO_HIGH_WATER], 0);
	info->acts = u32_or(attrs[TONGBU_A_INFO_ACTS], 0);
	info->sources = u32_or(attrs[TONGBU_A_INFO_SOURCES], 0);
	info->heartbeat = u32_or(attrs[TONGBU_A_INFO_HEARTBEAT], 0);
	info->submit_gid = u32_or(attrs[TONGBU_A_INFO_SUBMIT_GID], TONGBU_UID_NONE);
	info->submit_rate = u32_or(attrs[TONGBU_A_INFO_SUBMIT_RATE], 0);
	info->clocks = u32_or(attrs[TONGBU_A_INFO_CLOCKS], 0);
	info->clocks_max = u32_or(attrs[TONGBU_A_INFO_CLOCKS_MAX], 0);
	info->outputs = u32_or(attrs[TONGBU_A_INFO_OUTPUTS], 0);
	info->ended = attrs[TONGBU_A_INFO_END];
	info->reflexes = u32_or(attrs[TONGBU_A_INFO_REFLEXES], 0);
	info->owner_pid = u32_or(attrs[TONGBU_A_INFO_OWNER_PID], 0);
	info->owner_uid = u32_or(attrs[TONGBU_A_INFO_OWNER_UID], TONGBU_UID_NONE);
	if (attrs[TONGBU_A_INFO_OWNER_COMM])
		nla_strlcpy(info->owner_comm, attrs[TONGBU_A_INFO_OWNER_COMM],
			    sizeof(info->owner_comm));
	if (attrs[TONGBU_A_INFO_VERSION])
		nla_strlcpy(info->version, attrs[TONGBU_A_INFO_VERSION], sizeof(info->version));
	if (attrs[TONGBU_A_INFO_LIMITED])
		info->limited_count = (size_t)nla_memcpy(info->limited,
							 attrs[TONGBU_A_INFO_LIMITED],
							 sizeof(info->limited)) /
				      sizeof(info->limited[0]);
	return 0;
}

/**
 * tb_kernel_info() - ask how the recorder stands
 * @kernel: the socket
 * @info: filled in
 * @err: told what went wrong
 *
 * Anybody may.
 *
 * Return: 0 or a negative errno.
 */
int tb_kernel_info(struct tb_kernel *kernel, struct tb_kernel_info *info, struct tb_error *err)
{
	struct nl_msg *msg = tb_kernel_request(kernel, TONGBU_CMD_INFO_GET, 0, err);

	memset(info, 0, sizeof(*info));
	if (!msg)
		return -ENOMEM;
	return tb_kernel_transact(kernel, msg, take_info, info, err);
}

static int take_receipt(struct nlattr **attrs, void *userdata)
{
	struct tb_receipt *receipt = userdata;

	receipt->seq = u64_or(attrs[TONGBU_A_SEQ], UINT64_MAX);
	receipt->realtime = u64_or(attrs[TONGBU_A_REALTIME], 0);
	if (tb_kernel_copy(attrs[TONGBU_A_CHAIN], receipt->chain, sizeof(receipt->chain)) ||
	    tb_kernel_copy(attrs[TONGBU_A_TAG], receipt->tag, sizeof(receipt->tag)))
		return -EBADMSG;
	return 0;
}

/**
 * tb_act_fits() - is an act short enough to be put on record?
 * @data: what is said
 * @len: its bytes
 * @err: told why not, characters and bytes apart
 *
 * Return: 0 or -EMSGSIZE.
 */
int tb_act_fits(const void *data, size_t len, struct tb_error *err)
{
	const uint8_t *bytes = data;
	size_t characters = 0, i;

	if (len <= TONGBU_ACT_MAX)
		return 0;
	for (i = 0; i < len; i++)
		characters += (bytes[i] & 0xc0) != 0x80;
	return tb_error_set(err, -EMSGSIZE,
			    "the act has %zu characters in %zu bytes, at most %u bytes fit a record: put the text into a blob and submit its hash",
			    characters, len, TONGBU_ACT_MAX);
}

/**
 * tb_kernel_submit() - put on record what the caller says
 * @kernel: the socket, opened by the same user
 * @format: enum tongbu_act_format
 * @data: what is said
 * @len: its bytes; the kernel refuses more than %TONGBU_ACT_MAX
 * @receipt: filled in
 * @err: told what went wrong
 *
 * Return: 0; -EPERM, -EAGAIN, -EINVAL, -EMSGSIZE, -ENODATA or -ENOBUFS as the
 * kernel says; or another negative errno.
 */
int tb_kernel_submit(struct tb_kernel *kernel, unsigned int format, const void *data, size_t len,
		     struct tb_receipt *receipt, struct tb_error *err)
{
	struct nl_msg *msg;

	/* As people are told by try; and beyond what an attribute can hold, the kernel
	 * cannot even say no.
	 */
	if (tb_act_fits(data, len, err))
		return -EMSGSIZE;
	msg = tb_kernel_request(kernel, TONGBU_CMD_SUBMIT, 0, err);
	if (!msg)
		return -ENOMEM;
	if (nlmsg_expand(msg, len + 8192) ||
	    nla_put_u8(msg, TONGBU_A_ACT_FORMAT, (uint8_t)format) ||
	    nla_put(msg, TONGBU_A_ACT_DATA, (int)len, data)) {
		nlmsg_free(msg);
		return tb_error_set(err, -ENOMEM, "out of memory");
	}
	return tb_kernel_transact(kernel, msg, take_receipt, receipt, err);
}
