#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Verify a bundle, with nothing but Python and the description of the formats.

Shares no code with tongbuctl. verify_envelope.py opens record 0, which takes a cipher library.
Exit status: 0 verified, 1 not, 2 no bundle."""
import argparse
import collections
import hashlib
import json
import pathlib
import struct
import sys

HEADER = struct.Struct("<QQQHHIIIIHBB")
PAYLOADS = {1: 304, 2: 48, 3: 32, 4: 32, 5: 32, 6: 32, 7: 80, 8: 16, 9: 16, 10: 88, 11: 16,
            12: 80, 13: 24, 14: 16, 16: 8, 17: 8, 18: 16, 19: 24, 20: 32, 21: 32, 22: 16, 23: 16,
            24: 80, 25: 80, 26: 32, 32: 16, 48: 24, 49: 24, 50: 40}
RATCHET = b"tongbu ratchet v2".ljust(32, b"\0")
Record = collections.namedtuple("Record", "seq boottime realtime kind flags source source_seq uid"
                                " pid length version precision sealed payload tag bytes end")


class Bad(Exception):
    """args: the verdict, chain and number of the first record that is wrong"""


def seal(key, before, sealed):
    body = sealed[48:] if len(sealed) <= 128 else hashlib.blake2s(sealed[48:]).digest()
    return hashlib.blake2s(key + before + sealed[:48] + body).digest()


def ratchet(key, steps=1):
    for _ in range(steps):
        key = hashlib.blake2s(RATCHET + key).digest()
    return key


def frame(data, at):    # the record that begins there, or None
    head = HEADER.unpack_from(data, at) if at + 80 <= len(data) else [1025] * 10
    whole = data[at:at + 80 + head[9]]
    return Record(*head, whole[:-32], whole[48:-32], whole[-32:], whole, at + len(whole)) \
        if head[9] <= 8112 and len(whole) == 80 + head[9] else None


def chain_of(rec, otherwise=None):      # record 0 names its chain, no other does
    return rec.payload[64:80] if rec.kind == 1 and rec.length >= 304 else otherwise


class Walk:
    """One pass over a bundle; receipts are of chain, number and tag"""
    def __init__(self, bundle, secret=None, receipts=(), challenge=None):
        line, _, self.data = bundle.partition(b"\n")
        line = json.loads(line)
        self.parts = [(bytes.fromhex(c["chain"]), c["first"], c["last"], bytes.fromhex(
            c["before"] if c["first"] > 1 else "00" * 32)) for c in line["chains"]]
        if (line["bundle"], line["version"]) != ("tongbu", 2) or not self.parts or \
           any(len(i) != 16 or not 0 <= f <= l or len(b) != 32 for i, f, l, b in self.parts) or \
           any(p[0] == n[0] and n[1] <= p[2] + 1 for p, n in zip(self.parts, self.parts[1:])):
            raise ValueError("this is no bundle of version 2")
        self.secret, self.receipts, self.challenge = secret, set(receipts), challenge
        self.at, self.records, self.tag, self.gaps, self.met = 0, 0, bytes(32), [], set()

    def bad(self, verdict, chain=None, seq=None):
        raise Bad(verdict, chain or self.chain, self.seq if seq is None else seq)

    def behind(self, at):
        while (rec := frame(self.data, at)):
            yield rec
            at = rec.end

    def fits(self, rec):
        """Is this the chain's record of that number? Its neighbours' tags tell, or it alone."""
        if not self.key or rec.seq == self.seq:
            return chain_of(rec, self.chain) == self.chain and \
                (not self.key or seal(self.key, self.tag, rec.sealed) == rec.tag)
        key, n = (self.key, rec.seq - self.seq) if rec.seq > self.seq else (self.key0, rec.seq)
        key, near = ratchet(key, n if n <= 1 << 24 else 0), [
            r for r in self.behind(self.begin) if abs(r.seq - rec.seq) <= 1 and r.end != rec.end]
        if rec.seq in (0, self.first):
            return seal(key, self.before if rec.seq else bytes(32), rec.sealed) == rec.tag
        return not near and self.seq < rec.seq <= self.seq + (1 << 24) or any(
            seal(key, r.tag, rec.sealed) == rec.tag if r.seq < rec.seq else
            r.seq > rec.seq and seal(ratchet(key), rec.tag, r.sealed) == r.tag for r in near)

    def why(self):
        """The record that should be here is not: what was done?"""
        rec, left = frame(self.data, self.at), self.data[self.at:self.at + 1104]
        if not rec:
            for n in range(len(left) - 79 if self.key else 0):
                sealed = left[:44] + struct.pack("<H", n) + left[46:48 + n]
                if seal(self.key, self.tag, sealed) == left[48 + n:80 + n]:
                    self.bad("altered")
            self.bad("cut" if len(left) < 80 or left[45] * 256 + left[44] <= 8112 else "malformed")
        follows = any(r.seq == self.seq and self.fits(r) for r in self.behind(rec.end))
        after = frame(self.data, rec.end)
        belongs = rec.seq != self.seq and self.fits(rec)
        if not self.key and belongs:    # then only the bytes around it tell
            belongs = any(r.bytes == rec.bytes and r.end <= self.at for r in self.behind(
                self.begin)) if rec.seq < self.seq else not (after and after.seq == self.seq + 1)
        if belongs:
            self.bad("inserted" if rec.seq < self.seq else "missing" if not follows else "inserted"
                     if rec.bytes in (r.bytes for r in self.behind(rec.end)) else "reordered")
        if after and after.seq == self.seq and self.fits(after):
            self.bad("inserted")
        if any(chain_of(rec) == part[0] != self.chain for part in self.parts):
            self.bad("reordered" if follows else "missing" if self.at == self.begin else "cut")
        self.bad("altered")

    def flow(self, rec):
        """Does it follow the last event of its source?"""
        count = int.from_bytes(rec.payload[:8], "little") if rec.kind == 3 else 1
        last = self.sources.get(rec.source, 0 if rec.source < 16 and self.first <= 1 else None)
        self.sources[rec.source] = rec.source_seq
        return self.first > 1 if last is None and rec.kind not in (1, 7) else \
            rec.source_seq == (0 if rec.kind in (1, 7) else (last + count) & 0xffffffff)

    def link(self, rec, before, last):      # does this chain follow that one?
        prev, tag, prev_seq = struct.unpack_from("<16s32sQ", rec.payload, 96)
        if prev != before or prev_seq > last:
            self.bad("missing", *([] if prev != before else [before, last + 1]))
        if prev_seq == last and tag != self.end_of_last:
            self.bad(*(["malformed"] if self.key else ["altered", before, last]))

    def step(self, number):
        rec = frame(self.data, self.at)
        if not rec or rec.seq != self.seq or chain_of(rec, self.chain) != self.chain:
            self.why()
        if self.seq == 0 and self.secret:
            self.key, named = self.secret.unwrap(rec) if chain_of(rec) else (None, True)
            if not self.key or not named:
                self.bad("altered" if self.key or named else "envelope")
            self.key0 = self.key
        if not self.fits(rec):
            self.why()
        if rec.version != 2 or rec.precision > 33 or rec.length < PAYLOADS.get(rec.kind, 0) or \
           (rec.kind == 1) != (rec.seq == 0) or self.seq and self.ended:
            self.bad("malformed")
        if self.seq == 0 and number > 0:
            self.link(rec, self.parts[number - 1][0], self.parts[number - 1][2])
        if not self.flow(rec):
            self.bad("malformed" if self.key else "missing")
        for receipt in (r for r in self.receipts if r[:2] == (self.chain, rec.seq)):
            self.met.add(receipt) if receipt[2] == rec.tag else self.bad("altered")
        self.mark = rec.payload[16:] if rec.kind == 32 and rec.payload[8] == 2 else None
        self.tag, self.key, self.ended = rec.tag, self.key and ratchet(self.key), rec.kind == 14
        self.at, self.records, self.seq = rec.end, self.records + 1, self.seq + 1

    def run(self):
        """What --json prints"""
        try:
            self.parts_in_order()
            result = {"verdict": "verified" if self.secret else "consistent", "ended": self.ended}
        except Bad as bad:
            verdict, chain, seq = bad.args
            result = {"verdict": verdict, "bad": {"chain": chain.hex(), "seq": seq}}
        return {**result, "records": self.records}

    def parts_in_order(self):
        for number, (chain, self.first, last, self.before) in enumerate(self.parts):
            if number == 0 or chain != self.chain:
                self.begin, self.seq, self.key, self.chain = self.at, 0, None, chain
                self.tag, self.end_of_last, self.sources = bytes(32), self.tag, {}
                self.step(number)
            if self.first > self.seq:       # only the first range may begin in the middle
                self.gaps += [Bad("missing", chain, self.seq)] if number else []
                self.key, self.sources = self.key and ratchet(self.key, self.first - self.seq), {}
                self.seq, self.tag = self.first, self.before
            while self.seq <= last:
                self.step(number)
            if chain not in (part[0] for part in self.parts[number + 1:number + 2]):
                for _, seq, _ in sorted(r for r in self.receipts - self.met if r[0] == chain):
                    self.bad(*(["cut"] if seq > last else ["missing", chain, seq]))
        if self.at < len(self.data) or self.challenge not in (None, self.mark):
            self.bad("inserted" if self.at < len(self.data) else "cut")
        for chain, seq, _ in sorted(self.receipts - self.met):
            self.bad("missing", chain, seq)
        if self.gaps:
            raise self.gaps[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", help="without --key only its structure is looked at")
    parser.add_argument("--key", help="the supervisor's private key, PEM")
    args = parser.parse_args()
    try:
        secret = args.key and __import__("verify_envelope").Secret.load(
            pathlib.Path(args.key).read_bytes())
        result = Walk(pathlib.Path(args.bundle).read_bytes(), secret).run()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        print("verify.py: could not verify: %s" % error, file=sys.stderr)
        return 2
    print(json.dumps(result))
    return int("bad" in result)


if __name__ == "__main__":
    sys.exit(main())
