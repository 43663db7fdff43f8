# SPDX-License-Identifier: GPL-2.0-only
"""Records of two boots, and what a log and a witness sign of them: made here a second
time, with tests/vectors' kernel and Python's cryptography, for verifiers to be held to."""
import base64
import hashlib
import pathlib
import struct
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "vectors"), str(HERE.parent)]
import generate  # noqa: E402
import receipt  # noqa: E402

ORIGIN, WITNESS = "river-07/3f2a90c1", "witness.example/<script>&amp;\"'"


class Signer:
    """A key that signs notes; of a witness with a time before"""

    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self.key = Ed25519PrivateKey.from_private_bytes(generate.fixed(name))
        public = self.key.public_key().public_bytes(serialization.Encoding.Raw,
                                                    serialization.PublicFormat.Raw)
        public = bytes([kind]) + public
        self.id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(public).decode()}"

    def line(self, text, time=0):
        data = text.encode()
        if self.kind == receipt.WITNESS:
            data = f"cosignature/v1\ntime {time}\n".encode() + data
        signed = self.id + (time.to_bytes(8, "big") if self.kind == receipt.WITNESS else b"")
        return f"\u2014 {self.name} {base64.b64encode(signed + self.key.sign(data)).decode()}\n"


LOG, COSIGNER = Signer(ORIGIN, receipt.LOG), Signer(WITNESS, receipt.WITNESS)


def root(leaves):
    """RFC 6962, 2.1, as it stands there"""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return receipt.node(root(leaves[:k]), root(leaves[k:]))


def checkpoint(records, time=None, log=LOG, cosigner=COSIGNER):
    leaves = [hashlib.sha256(b"\0" + record).digest() for record in records]
    text = f"{log.name}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"
    return text + "\n" + log.line(text) + (cosigner.line(text, time) if time else "")


def policy(witness=True):
    return f"log {LOG.vkey}\n" + (f"witness w {COSIGNER.vkey}\nquorum w\n" if witness else "quorum none\n")


def edges(chain, count):
    """Edges of a source that is armed, a heartbeat now and then, as a synchronised clock has them"""
    chain.put("source-add", generate.source(b"gate", b"station", 5, 0, 0, 3, 0, 0), None,
              source=18, uid=0, pid=411, flags=1)
    for number in range(1, count + 1):
        chain.put("edge", struct.pack("<BBHI", number & 1, 0, 0, 900), None, source=18,
                  source_seq=number, flags=1)


def two_boots(supervisor, count, ended=True):
    """Chains of two boots, of `count` records together, the second begun where the first ended"""
    first = generate.long_chain(supervisor)
    edges(first, count // 2 - len(first.records) - 2)
    if ended:
        first.put("end", struct.pack("<QQ", 0, 0), None, source_seq=6, flags=1)
    second = generate.next_chain(supervisor, first)
    edges(second, count - len(first.records) - len(second.records) - 1)
    return first, second
