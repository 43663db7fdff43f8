#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print kmod/policy.h: what the spec says requests may hold, as the kernel's policies.

    uapi/make-policy.py LINUX >kmod/policy.h

LINUX is a tree of Linux 6.12 (tools/net/ynl and Documentation/netlink are enough): its
ynl-gen-c reads the spec, holds it to the schema and writes the tables. It would write
the table of operations too, but as struct genl_split_ops, which Linux 6.1 does not
have: that one stands in kmod/family.c, and tests/check-uapi.py holds it to the spec.
"""
import importlib.util
import pathlib
import sys
import tempfile

SPEC = pathlib.Path(__file__).resolve().parent / "tongbu.yaml"
HEAD = """/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Made by uapi/make-policy.py from uapi/tongbu.yaml: change that one. What a struct
 * nla_policy is, say those that include it: tests have one of their own.
 */
#ifndef TONGBU_POLICY_H
#define TONGBU_POLICY_H

#include <linux/tongbu.h>
"""


def load(linux):
    """The kernel's own generator, and what it makes of the spec."""
    home = linux / "tools/net/ynl"
    sys.path.insert(0, str(home))
    place = importlib.util.spec_from_file_location("ynl_gen_c", home / "ynl-gen-c.py")
    ynl = importlib.util.module_from_spec(place)
    place.loader.exec_module(ynl)
    # It looks for the schema beside the directory of the specs.
    with tempfile.TemporaryDirectory() as tmp:
        spec = pathlib.Path(tmp) / "specs" / SPEC.name
        spec.parent.mkdir()
        spec.write_bytes(SPEC.read_bytes())
        schema = "genetlink-legacy.yaml"
        (spec.parent.parent / schema).symlink_to(linux / "Documentation/netlink" / schema)
        return ynl, ynl.Family(str(spec), [])


def main():
    ynl, family = load(pathlib.Path(sys.argv[1]).resolve())
    family.kernel_policy = "split"  # static tables
    print(HEAD)
    writer = ynl.CodeWriter(ynl.BaseNlLib())
    for op in family.ops.values():
        for mode in ("do", "dump"):
            if "request" in op.yaml.get(mode, {}):
                writer.p(f"/* {op.enum_name} - {mode} */")
                info = ynl.RenderInfo(writer, family, "kernel", op, mode)
                ynl.print_req_policy(writer, info.struct["request"], ri=info)
    writer.p("#endif /* TONGBU_POLICY_H */")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main()
