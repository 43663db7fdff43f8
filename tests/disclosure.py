#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Verify a disclosure of a station's log: a second implementation, on tests/receipt.py.

	disclosure.py KEYS FILE		one line of JSON; exits with 0 if it verifies, else 1
"""
import hashlib
import json
import sys

from receipt import Wrong, climb, judge, need, node, number, read, unbase64, vkey


def parts(blocks, size, root):
    """Records that are the log's, and {(from, to): hash} of all that the file has"""
    known, records, due = {}, {}, 0
    for block in blocks:
        lines = block.split("\n")
        if lines[0].startswith("extra "):
            need(lines[1].startswith("index "), "a record has no number")
            at, record = number(lines[1][6:]), unbase64(lines[0][6:])
            leaf = hashlib.sha256(b"\0" + record).digest()
            need(at < size and climb(at, size, map(unbase64, lines[2:]), leaf) == root,
                 f"record {at} is not that entry of the log")
            lines, records[at] = [], record
            need(at == due, f"at entry {due} stands {at}")
            known[at, at + 1], due = leaf, at + 1
        for line in lines:
            word, start, to, data = line.split(" ")
            need(word == "rest" and number(start) == due < number(to), f"at entry {due} stands '{line}'")
            known[due, number(to)], due = unbase64(data), number(to)
    need(due == size, f"entries from {due} on are left out")
    return records, known


def whole(known, start, to):
    """The root over entries, of the file's hashes and records alone"""
    if (start, to) in known:
        return known[start, to]
    need(to - start > 1, f"entry {start} is under no hash")
    half = start + (1 << (to - start - 1).bit_length() - 1)
    return node(whole(known, start, half), whole(known, half, to))


def main(keys, path):
    head, text, lines, *blocks = read(path).removesuffix("\n").split("\n\n")
    need(head == "tongbu-disclosure v1", "it is no disclosure")
    blocks = [block.removesuffix("\n") for block in blocks]
    origin, size, root, signed = judge([vkey(line) for line in read(keys).splitlines()],
                                       text + "\n\n" + lines + "\n")
    records, known = parts(blocks, size, root)
    need(records and whole(known, 0, size) == root, "the hashes of the rest are not the log's")
    return {"origin": origin, "size": size, "entries": sorted(records), "by": signed}


if __name__ == "__main__":
    try:
        print(json.dumps({"ok": True, **main(*sys.argv[1:])}))
    except (Wrong, ValueError, IndexError, KeyError) as why:
        print(json.dumps({"ok": False, "detail": str(why)}))
        sys.exit(1)
