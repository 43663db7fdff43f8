// SPDX-License-Identifier: GPL-2.0-only
/* What an input source is asked for: which device, and what its keys mean. */
#include <linux/input-event-codes.h>
#include <linux/string.h>
#include <net/netlink.h>
#include <linux/tongbu.h>

#include "blake2s.h"
#include "family.h"
#include "input.h"

#define TIMEOUT_DEFAULT_MS	2000U
#define TIMEOUT_MAX_MS		60000U

static int read_device(struct nlattr **attrs, struct tongbu_input *def,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *name = attrs[TONGBU_A_INPUT_NAME], *phys = attrs[TONGBU_A_INPUT_PHYS];

	if (name)
		nla_strscpy(def->device, name, sizeof(def->device));
	if (phys)
		nla_strscpy(def->phys, phys, sizeof(def->phys));
	if ((name && !def->device[0]) || (phys && !def->phys[0]))
		return tb_refuse(extack, name && !def->device[0] ? name : phys, -EINVAL,
				 "the input device's name or path is empty: leave it out for any");
	if (attrs[TONGBU_A_INPUT_VENDOR])
		def->vendor = cpu_to_le16(nla_get_u16(attrs[TONGBU_A_INPUT_VENDOR]));
	if (attrs[TONGBU_A_INPUT_PRODUCT])
		def->product = cpu_to_le16(nla_get_u16(attrs[TONGBU_A_INPUT_PRODUCT]));
	if (!name && !phys && !def->vendor && !def->product)
		return tb_refuse(extack, NULL, -EINVAL,
				 "nothing says which input device: give its name, path, vendor or product");
	return 0;
}

static int read_keys(struct nlattr **attrs, struct tongbu_input *def,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *key = attrs[TONGBU_A_INPUT_KEY];

	if (attrs[TONGBU_A_INPUT_TIMEOUT])
		return tb_refuse(extack, attrs[TONGBU_A_INPUT_TIMEOUT], -EINVAL,
				 "a timeout is for codes, not for keys: leave it out, or ask for codes");
	if (key && nla_get_u16(key) > KEY_MAX)
		return tb_refuse(extack, key, -ERANGE, "there is no key %u: the most is %u",
				 nla_get_u16(key), KEY_MAX);
	if (key)
		def->key = cpu_to_le16(nla_get_u16(key));
	return 0;
}

static int read_code(struct nlattr **attrs, struct tongbu_input *def,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *timeout = attrs[TONGBU_A_INPUT_TIMEOUT];
	u32 ms = tb_u32(timeout, TIMEOUT_DEFAULT_MS);

	if (attrs[TONGBU_A_INPUT_KEY])
		return tb_refuse(extack, attrs[TONGBU_A_INPUT_KEY], -EINVAL,
				 "a code is of many keys: leave the one key out, or ask for keys");
	if (!ms || ms > TIMEOUT_MAX_MS)
		return tb_refuse(extack, timeout, -ERANGE,
				 "a timeout of %u ms between characters: it must be 1 to %u",
				 ms, TIMEOUT_MAX_MS);
	def->timeout = cpu_to_le32(ms);
	return 0;
}

/* The request is done with the salt once it is read: no copy is left there. */
static int read_salt(struct nlattr **attrs, struct tongbu_input *def,
		     u8 salt[TONGBU_SALT_LEN], struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[TONGBU_A_INPUT_SALT];
	u8 hash[TONGBU_TAG_LEN];

	if (!attr)
		return tb_refuse(extack, NULL, -EINVAL,
				 "attribute INPUT_SALT is missing: codes are to be hashed with it");
	memcpy(salt, nla_data(attr), TONGBU_SALT_LEN);
	memzero_explicit(nla_data(attr), TONGBU_SALT_LEN);
	tb_blake2s(hash, salt, TONGBU_SALT_LEN, NULL, 0);
	memcpy(def->salt_id, hash, sizeof(def->salt_id));
	return 0;
}

/**
 * tb_input_read_request() - read what an input source is asked for
 * @attrs: the request
 * @flags: enum tongbu_source_flag
 * @def: filled in
 * @salt: filled in if codes are to be hashed; the caller wipes it
 * @extack: where to say what is wrong
 *
 * Context: process; does not sleep.
 * Return: 0, -EINVAL or -ERANGE after tb_refuse().
 */
int tb_input_read_request(struct nlattr **attrs, u32 flags, struct tongbu_input *def,
			  u8 salt[TONGBU_SALT_LEN], struct netlink_ext_ack *extack)
{
	struct nlattr *flags_attr = attrs[TONGBU_A_SOURCE_FLAGS];
	int err;

	if (flags & (TONGBU_SOURCE_ACTIVE_LOW | TONGBU_SOURCE_MODEM))
		return tb_refuse(extack, flags_attr, -EINVAL,
				 "ACTIVE_LOW and MODEM are for lines, not for an input device: leave them out");
	err = read_device(attrs, def, extack);
	if (err)
		return err;
	def->mode = tb_u8(attrs[TONGBU_A_INPUT_MODE], TONGBU_INPUT_KEYS);
	err = def->mode == TONGBU_INPUT_CODE ? read_code(attrs, def, extack) :
					       read_keys(attrs, def, extack);
	if (err)
		return err;
	if (flags & TONGBU_SOURCE_HASHED) {
		if (def->mode != TONGBU_INPUT_CODE)
			return tb_refuse(extack, flags_attr, -EINVAL,
					 "keys are not hashed, codes are: leave HASHED out, or ask for codes");
		return read_salt(attrs, def, salt, extack);
	}
	if (attrs[TONGBU_A_INPUT_SALT])
		return tb_refuse(extack, attrs[TONGBU_A_INPUT_SALT], -EINVAL,
				 "a salt and nothing to hash: set HASHED, or leave the salt out");
	return 0;
}
