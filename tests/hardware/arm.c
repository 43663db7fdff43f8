// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm an input device by hand:
 *
 *	arm NAME keys|code DEVICE [KEY]
 */
#include <errno.h>
#include <linux/tongbu.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nl_msg *request(int family, int argc, char **argv)
{
	struct nl_msg *msg = nlmsg_alloc();
	int code = !strcmp(argv[2], "code");

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, 0,
				 TONGBU_CMD_SOURCE_ADD, TONGBU_FAMILY_VERSION))
		abort();
	nla_put_string(msg, TONGBU_A_SOURCE_NAME, argv[1]);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_INPUT);
	nla_put_u8(msg, TONGBU_A_INPUT_MODE, code ? TONGBU_INPUT_CODE : TONGBU_INPUT_KEYS);
	nla_put_string(msg, TONGBU_A_INPUT_NAME, argv[3]);
	if (code)
		nla_put_u32(msg, TONGBU_A_INPUT_TIMEOUT, 60000);
	if (argc > 4)
		nla_put_u16(msg, TONGBU_A_INPUT_KEY, (uint16_t)atoi(argv[4]));
	return msg;
}

int main(int argc, char **argv)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_msg *msg;
	int err = 0, family;

	if (argc < 4) {
		fputs("usage: arm NAME keys|code DEVICE [KEY]\n", stderr);
		return 2;
	}
	if (!sock || genl_connect(sock))
		abort();
	family = genl_ctrl_resolve(sock, TONGBU_FAMILY_NAME);
	if (family < 0) {
		fputs("arm: the module tongbu is not loaded\n", stderr);
		return 1;
	}
	msg = request(family, argc, argv);
	err = nl_send_auto(sock, msg);
	if (err >= 0)
		err = nl_wait_for_ack(sock);
	nlmsg_free(msg);
	nl_socket_free(sock);
	if (err)
		fprintf(stderr, "arm: %s\n", nl_geterror(err));
	return err ? 1 : 0;
}
