#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write kmod/selftest_vectors.h, the module's known answers, from the vectors.

    kernel-header.py           write it
    kernel-header.py --check   compare, exit 1 if it differs
"""
import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADER = HERE.parent.parent / "kmod" / "selftest_vectors.h"

TOP = """\
/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known answers for the self-test at load, from the JSON in tests/vectors by
 * tests/vectors/kernel-header.py: not to be edited by hand.
 *
 * The secrets are test data: published, and used for nothing else.
 */
#ifndef TONGBU_SELFTEST_VECTORS_H
#define TONGBU_SELFTEST_VECTORS_H

#include <linux/types.h>
"""


def array(name, comment, data):
    lines = ["", "/* %s */" % comment, "static const u8 %s[%d] = {" % (name, len(data))]
    for at in range(0, len(data), 8):
        lines.append("\t" + " ".join("0x%02x," % b for b in data[at:at + 8]))
    return "\n".join(lines + ["};", ""])


def every_length():
    """Hash of the hashes of 0, 1, ... bytes 0, 1, ..., over some blocks"""
    return hashlib.blake2s(b"".join(hashlib.blake2s(bytes(range(n))).digest()
                                    for n in range(256))).hexdigest()


def generate():
    def load(name):
        return json.loads((HERE / (name + ".json")).read_text())

    tags = {v["payload"]: v for v in load("tag")["vectors"]}
    ratchet = load("ratchet")["vectors"]
    env = load("envelope")
    parts = [
        ("tb_kat_every_length", "BLAKE2s of BLAKE2s of 0 to 255 bytes 0, 1, 2, ..., one after "
         "another", every_length()),
        ("tb_kat_ratchet_key", "A key ...", ratchet[0]["key"]),
        ("tb_kat_ratchet_next", "... its successor ...", ratchet[0]["result"]),
        ("tb_kat_ratchet_third", "... and the one after two more steps",
         ratchet[2]["result"]),
        ("tb_kat_bare_key", "A record without payload: key", tags[0]["key"]),
        ("tb_kat_bare_before", "tag of the record before", tags[0]["before"]),
        ("tb_kat_bare_sealed", "header", tags[0]["sealed"]),
        ("tb_kat_bare_tag", "tag", tags[0]["tag"]),
        ("tb_kat_full_key", "A record with 80 bytes of payload, the most that are sealed as "
         "they are: key", tags[80]["key"]),
        ("tb_kat_full_before", "tag of the record before", tags[80]["before"]),
        ("tb_kat_full_sealed", "header and payload", tags[80]["sealed"]),
        ("tb_kat_full_tag", "tag", tags[80]["tag"]),
        ("tb_kat_long_key", "A record with 100 bytes of payload: key", tags[100]["key"]),
        ("tb_kat_long_before", "tag of the record before", tags[100]["before"]),
        ("tb_kat_long_sealed", "header and payload", tags[100]["sealed"]),
        ("tb_kat_long_tag", "tag", tags[100]["tag"]),
        ("tb_kat_supervisor", "An envelope: the supervisor's public key",
         env["supervisor"]["public"]),
        ("tb_kat_ephemeral_secret", "the secret drawn for the envelope, clamped",
         env["ephemeral_secret"]),
        ("tb_kat_key0", "the first key of the chain", env["key0"]),
        ("tb_kat_genesis_header", "header of record 0, final", env["header"]),
        ("tb_kat_genesis_clear", "its payload up to the wrapped key, as it must become",
         env["genesis_clear"]),
        ("tb_kat_wrapped", "the wrapped key", env["wrapped"]),
        ("tb_kat_genesis_tag", "tag of record 0 under tb_kat_key0", env["tag"]),
    ]
    body = "".join(array(n, c, bytes.fromhex(h)) for n, c, h in parts)
    return TOP + body + "\n#endif /* TONGBU_SELFTEST_VECTORS_H */\n"


def main():
    text = generate()
    if "--check" not in sys.argv:
        HEADER.write_text(text)
    elif not HEADER.exists() or HEADER.read_text() != text:
        sys.exit("%s differs from the vectors: run tests/vectors/kernel-header.py" % HEADER)


if __name__ == "__main__":
    main()
