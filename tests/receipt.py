#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Verify checkpoints, receipts and proofs of a station's log: a second implementation.

	receipt.py KEYS FILE [CHECKPOINT]	FILE is a checkpoint, a receipt, or a proof
						that the log goes on from CHECKPOINT

KEYS has the log's key, and those of witnesses, one a line. Prints one line of JSON; exits
with 0 if it verifies, with 1 if not.
"""
import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, WITNESS = 1, 4


class Wrong(Exception):
    """It does not verify, and why."""


def need(fact, why):
    if not fact:
        raise Wrong(why)


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, f"{text} is not the base64 of anything")
    return data


def number(text):
    need(text.isascii() and text.isdigit() and str(int(text)) == text, f"{text} is no number")
    return int(text)


def vkey(text):
    """(name, id, type, key) of NAME+ID+KEY"""
    name, ident, key = text.split("+", 2)
    ident, key = bytes.fromhex(ident), unbase64(key)
    need(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4] == ident, f"{name}: not the key's id")
    need(len(key) == 33 and key[0] in (LOG, WITNESS), f"{name}: a key of another kind")
    return name, ident, key[0], key[1:]


def times_of(text, signatures, key):
    """Times of the signatures of one key, all of them good"""
    name, ident, kind, public = key
    times = []
    for data in (data[4:] for signer, data in signatures if (signer, data[:4]) == (name, ident)):
        message, time = text.encode(), 0
        if kind == WITNESS:
            time, data = int.from_bytes(data[:8], "big"), data[8:]
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(data, message)
        except InvalidSignature:
            raise Wrong(f"a signature of {name} is not good") from None
        times.append(time)
    return times


def judge(keys, note):
    """The checkpoint in a note: (origin, size, root), and which witnesses signed when"""
    end = note.rindex("\n\n") + 1
    text, lines = note[:end], note[end + 1:].splitlines()
    origin, size, root = text.split("\n")[:3]
    need(all(line.startswith("\u2014 ") for line in lines), "a line is no signature")
    signatures = [(name, unbase64(data)) for name, data in (line[2:].rsplit(" ", 1) for line in lines)]
    times = {key[0]: times_of(text, signatures, key) for key in keys
             if key[2] == WITNESS or key[0] == origin}
    need(times.get(origin), "the log did not sign it")
    signed = {key[0]: times[key[0]][0] for key in keys if key[2] == WITNESS and times[key[0]]}
    return origin, number(size), unbase64(root), signed


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def climb(index, size, hashes, start):
    """RFC 9162, 2.1.3.2: the root above a leaf"""
    fn, sn, root = index, size - 1, start
    for beside in hashes:
        need(sn, "the proof is too long")
        if fn & 1 or fn == sn:
            root = node(beside, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node(root, beside)
        fn, sn = fn >> 1, sn >> 1
    need(not sn, "the proof is too short")
    return root


def grown(old, old_root, size, root, hashes):
    """RFC 6962, 2.1.2, the other way round: both roots out of the proof"""
    def walk(m, n, known):
        if m == n:
            return (old_root, old_root) if known else (lambda h: (h, h))(hashes.pop(0))
        k = 1 << (n - 1).bit_length() - 1
        if m <= k:
            was, now = walk(m, k, known)
            return was, node(now, hashes.pop(0))
        was, now = walk(m - k, n - k, False)
        left = hashes.pop(0)
        return node(left, was), node(left, now)
    need(0 < old <= size and walk(old, size, True) == (old_root, root) and not hashes,
         "the log does not go on from the checkpoint")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def main(keys, path, kept=None):
    keys = [vkey(line) for line in read(keys).splitlines()]
    text = read(path)
    if not text.startswith(("c2sp.org/tlog-proof@v1\n", "old ")):
        origin, size, root, signed = judge(keys, text)
        return {"origin": origin, "size": size, "by": signed}
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    origin, size, root, signed = judge(keys, note)
    if lines[0].startswith("old "):
        old = judge(keys, read(kept))
        need(old[:2] == (origin, number(lines[0][4:])), "it is of another checkpoint")
        grown(old[1], old[2], size, root, [unbase64(line) for line in lines[1:]])
        return {"origin": origin, "old": old[1], "size": size, "by": signed}
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "it has no record")
    record, index = unbase64(lines[1][6:]), number(lines[2][6:])
    leaf, hashes = hashlib.sha256(b"\0" + record).digest(), map(unbase64, lines[3:])
    need(index < size and climb(index, size, hashes, leaf) == root, "it is not that entry of the log")
    return {"origin": origin, "entry": index, "size": size, "record": record.hex(), "by": signed}


if __name__ == "__main__":
    try:
        print(json.dumps({"ok": True, **main(*sys.argv[1:])}))
    except (Wrong, ValueError, IndexError, KeyError) as why:
        print(json.dumps({"ok": False, "detail": str(why)}))
        sys.exit(1)
