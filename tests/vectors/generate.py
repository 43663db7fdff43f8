#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the test vectors of docs/record-format.md and docs/bundle-format.md.

The *.json files beside this script were written by it once and are what the
kernel module, the C verifier and tests/verify.py are held against. It draws
nothing at random, so that running it again must change nothing:

    generate.py           write the files
    generate.py --check   compare, exit 1 if a file differs

Every private key in here is test data, known to everybody, good for nothing.
"""
import datetime
import hashlib
import json
import pathlib
import struct
import sys

from kinds import KINDS, every_kind
from cryptography.hazmat.primitives.asymmetric.x25519 import (X25519PrivateKey,
                                                              X25519PublicKey)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat)

HERE = pathlib.Path(__file__).resolve().parent
NOTE = ("Private keys in this file are test data: published, and to be used "
        "for nothing else.")
NONE = 0xffffffff
FLAGS = ["synced", "edge-missed", "inferred", "thread-stamp"]
BOOT_ID = bytes.fromhex("5b3f0a1c77de4f0c9d1a60b2c4e8f713")
BOOT0 = 73_000_000_000
REAL0 = 1_795_428_000_000_000_000       # 2026-11-23T10:00:00Z


def fixed(name, size=32):
    """Bytes that look random and are always the same."""
    return hashlib.shake_128(b"tongbu test vectors: " + name.encode()).digest(size)


def clamp(secret):
    """As RFC 7748 asks of an X25519 secret, and as the kernel draws it."""
    return bytes([secret[0] & 248]) + secret[1:31] + bytes([secret[31] & 127 | 64])


def label(text):
    return text.encode().ljust(32, b"\0")


def body(payload):
    """What stands for a payload in its record's tag"""
    return payload if len(payload) <= 80 else hashlib.blake2s(payload).digest()


def seal(key, before, sealed):
    return hashlib.blake2s(key + before + sealed[:48] + body(sealed[48:])).digest()


def ratchet(key):
    return hashlib.blake2s(label("tongbu ratchet v2") + key).digest()


def public(private):
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def header(seq, kind, flags=0, source=0, source_seq=0, uid=NONE, pid=0,
           length=0, boot=None, real=None, precision=0):
    boot = BOOT0 + seq * 1_500_000_000 + seq if boot is None else boot
    real = REAL0 + boot - BOOT0 if real is None else real
    return struct.pack("<QQQHHIIIIHBB", seq, boot, real, kind, flags,
                       source, source_seq, uid, pid, length, 2, precision)


class Supervisor:
    def __init__(self, name):
        self.secret = fixed(name)
        self.private = X25519PrivateKey.from_private_bytes(self.secret)
        self.public = public(self.private)

    def json(self):
        pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8,
                                         NoEncryption()).decode()
        pub = self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return {"private": self.secret.hex(), "public": self.public.hex(),
                "private_pem": pem, "public_pem": pub,
                "fingerprint": hashlib.blake2s(self.public).hexdigest()[:32]}


class Chain:
    """Seals records as the kernel does."""

    def __init__(self, name, supervisor, prev=None):
        self.id = fixed(name + " chain", 16)
        self.key = self.key0 = fixed(name + " key")
        self.secret = clamp(fixed(name + " ephemeral"))
        self.records, self.keys, self.fields = [], [], []
        self.envelope(supervisor, prev)

    def envelope(self, supervisor, prev):
        ephemeral = X25519PrivateKey.from_private_bytes(self.secret)
        prev_chain, prev_seq, prev_tag = prev or (bytes(16), 0, bytes(32))
        self.clear = supervisor.public + public(ephemeral) + self.id + BOOT_ID + struct.pack(
            "<16s32sQQIIII16s64s", prev_chain, prev_tag, prev_seq,
            61_000_000_007, 65536, 10000, 994, 100, b"0.1.0", b"6.1.0-49-amd64")
        self.header0 = header(0, 1, uid=0, pid=411, length=304)
        self.shared = ephemeral.exchange(
            X25519PublicKey.from_public_bytes(supervisor.public))
        self.wrap_key = hashlib.blake2s(
            self.shared + label("tongbu envelope v2") + supervisor.public +
            public(ephemeral) + self.id).digest()
        self.wrapped = ChaCha20Poly1305(self.wrap_key).encrypt(
            bytes(12), self.key0, self.header0 + self.clear)
        self.put_raw(self.header0, self.clear + self.wrapped, "recorder", {
            "supervisor": supervisor.public.hex(),
            "ephemeral": public(ephemeral).hex(),
            "chain": self.id.hex(), "boot_id": BOOT_ID.hex(),
            "prev_chain": prev_chain.hex() if prev else None,
            "prev_seq": prev_seq if prev else None,
            "prev_tag": prev_tag.hex() if prev else None,
            "loaded": 61_000_000_007, "ring": 65536, "heartbeat_ms": 10000,
            "submit_gid": 994, "submit_rate": 100, "module_version": "0.1.0",
            "kernel_release": "6.1.0-49-amd64", "wrapped": self.wrapped.hex()})

    def put_raw(self, head, payload, source_name, decoded):
        tag = seal(self.key, self.tag(-1) if self.records else bytes(32), head + payload)
        (seq, boot, real, kind, flags, source, source_seq, uid, pid, _, _,
         precision) = struct.unpack("<QQQHHIIIIHBB", head)
        sec, ns = divmod(real, 1_000_000_000)
        time = datetime.datetime.fromtimestamp(sec, datetime.timezone.utc)
        self.fields.append({
            "seq": seq, "chain": self.id.hex(),
            "time": time.strftime("%Y-%m-%dT%H:%M:%S.") + "%09dZ" % ns,
            "realtime": real, "boottime": boot,
            "time_error": 1000 << precision - 1 if precision else None,
            "kind": next((k for k, v in KINDS.items() if v == kind), "unknown"),
            "flags": [f for i, f in enumerate(FLAGS) if flags >> i & 1],
            "source": source, "source_name": source_name,
            "source_seq": source_seq, "uid": None if uid == NONE else uid,
            "pid": pid, "payload": decoded, "tag": tag.hex()})
        self.records.append(head + payload + tag)
        self.keys.append(self.key)
        self.key = ratchet(self.key)

    def put(self, kind, payload, decoded, source_name="recorder", **fields):
        self.put_raw(header(len(self.records), KINDS[kind],
                            length=len(payload), **fields),
                     payload, source_name, decoded)

    def tag(self, seq):
        return self.records[seq][-32:]

    def part(self, first=0, last=None):
        last = len(self.records) - 1 if last is None else last
        before = {"before": self.tag(first - 1).hex()} if first > 1 else {}
        return {"chain": self.id.hex(), "first": first, "last": last, **before}


def bundle(parts, records, station="river-07"):
    line = {"bundle": "tongbu", "version": 2, "station": station,
            "created": "2026-11-23T12:00:00Z", "chains": parts}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n" + b"".join(records)


def source(name, chip, line, debounce, flags, edges, bias, level):
    return struct.pack("<32s32sIIIBBBB", name, chip, line, debounce, flags, 1,
                       edges, bias, level)


def act(form, data, login=1000, euid=1000):
    return struct.pack("<IIB7x", login, euid, form) + data


def long_chain(supervisor):
    """What the bundles are made of: every flag, and the kinds a verifier looks into."""
    chain = Chain("first", supervisor)
    put = chain.put
    put("attach", struct.pack("<QII16s", 0, 4711, 0, b"tongbud"),
        {"acked": 0, "portid": 4711, "comm": "tongbud"}, source_seq=1, uid=0, pid=411)
    put("source-add", source(b"water", b"station", 3, 0, 2, 3, 2, 0),
        {"name": "water", "chip": "station", "line": 3, "debounce_us": 0,
         "flags": ["configured"], "type": "gpio", "edges": "both",
         "bias": "pull-up", "level": 0},
        source=16, source_name="water", uid=0, pid=411)
    put("source-add", source(b"door", b"station", 4, 5000, 1, 1, 0, 1),
        {"name": "door", "chip": "station", "line": 4, "debounce_us": 5000,
         "flags": ["active-low"], "type": "gpio", "edges": "rising",
         "bias": "as-is", "level": 1},
        source=17, source_name="door", uid=0, pid=902)
    put("edge", struct.pack("<BBHI", 1, 0, 0, 850), {"level": 1, "bounces": 0, "delay": 850},
        source=16, source_seq=1, source_name="water", flags=1)
    put("edge", struct.pack("<BBHI", 1, 0, 7, 5_000_120),
        {"level": 1, "bounces": 7, "delay": 5_000_120},
        source=17, source_seq=1, source_name="door", flags=4 | 8)
    text = "Hochwasser am Wehr, 水位三级"
    put("act", act(0, text.encode()),
        {"login_uid": 1000, "euid": 1000, "format": "text", "text": text},
        source=1, source_seq=1, source_name="people", uid=1000, pid=2210)
    before, after = REAL0 - BOOT0, REAL0 - BOOT0 - 2_500_000_000
    put("clock", struct.pack("<qqIIII", before, after, 120, 16_000_000, 1, 0),
        {"before": before, "after": after, "esterror_us": 120, "maxerror_us": 16_000_000,
         "cause": "stepped", "synced": False}, source_seq=2)
    put("heartbeat", struct.pack("<QQQQIIII", 0, 1, 2, 7, 2, 9, 2, 1),
        {"lost": 0, "refused": 1, "waits": 2, "acked": 7, "used": 2,
         "high_water": 9, "sources": 2, "attached": True}, source_seq=3)
    put("lost", struct.pack("<QQQII", 5, BOOT0 + 10, BOOT0 + 20, 1, 0),
        {"count": 5, "first": BOOT0 + 10, "last": BOOT0 + 20, "cause": "ring"},
        source=16, source_seq=6, source_name="water")
    put("edge", struct.pack("<BBHI", 1, 0, 0, 910), {"level": 1, "bounces": 0, "delay": 910},
        source=16, source_seq=7, source_name="water", flags=1 | 2)
    put("refused", struct.pack("<IIII", 1, 4, 3, 0),
        {"error": 1, "error_name": "EPERM", "command": "submit", "count": 3},
        source=1, source_seq=2, source_name="people", uid=1001, pid=2230)
    body = {"matter": "M-17", "level": 3, "open": True}
    put("act", act(1, json.dumps(body).encode(), login=NONE, euid=0),
        {"login_uid": None, "euid": 0, "format": "json", "json": body},
        source=1, source_seq=3, source_name="people", uid=1000, pid=2244)
    put("source-del", struct.pack("<QQ", 1, 0), {"sealed": 1, "lost": 0},
        source=17, source_seq=2, source_name="door", uid=0, pid=903)
    put("detach", struct.pack("<QII16s", 14, 4711, 0, b"tongbud"),
        {"acked": 14, "portid": 4711, "comm": "tongbud"}, source_seq=4, uid=0, pid=411)
    put("clock", struct.pack("<qqIIII", after, after, 90, 500, 2, 1),
        {"before": after, "after": after, "esterror_us": 90, "maxerror_us": 500,
         "cause": "sync", "synced": True}, source_seq=5, uid=0, pid=411)
    mark = fixed("challenge", 16)
    put("act", act(2, mark),
        {"login_uid": 1000, "euid": 1000, "format": "mark", "mark": mark.hex()},
        source=1, source_seq=4, source_name="people", uid=1000, pid=2250)
    return chain


def next_chain(supervisor, prev, name="second"):
    chain = Chain(name, supervisor, (prev.id, len(prev.records) - 1, prev.tag(-1)))
    chain.put("attach", struct.pack("<QII16s", 0, 4712, 0, b"tongbud"),
              {"acked": 0, "portid": 4712, "comm": "tongbud"}, source_seq=1, uid=0, pid=399)
    mark = fixed(name + " mark", 16)
    chain.put("act", act(2, mark),
              {"login_uid": 1000, "euid": 1000, "format": "mark", "mark": mark.hex()},
              source=1, source_seq=1, source_name="people", uid=1000, pid=2251)
    return chain


def end(chain):
    chain.put("end", struct.pack("<QQ", 0, 0), {"lost": 0, "refused": 0}, source_seq=2)
    return chain


def patch(record, at, value):
    """The record with the bytes at an offset replaced; they must differ."""
    value = bytes([record[at] ^ 0x40]) if value is None else value
    assert record[at:at + len(value)] != value
    return record[:at] + value + record[at + len(value):]


def vectors_ratchet():
    key = fixed("ratchet")
    out = []
    for steps in (1, 2, 3, 1000):
        last = key
        for _ in range(steps):
            last = ratchet(last)
        out.append({"key": key.hex(), "steps": steps, "result": last.hex()})
    out.append({"key": bytes(32).hex(), "steps": 1, "result": ratchet(bytes(32)).hex()})
    return {"label": label("tongbu ratchet v2").hex(), "vectors": out}


def vectors_tag():
    out = []
    for size in (0, 1, 8, 16, 17, 80, 81, 100, 1000, 8112):
        key = fixed("tag key %d" % size)
        before = fixed("tag before %d" % size)
        head = header(1000 + size, 77, source=99, source_seq=size, length=size)
        payload = fixed("payload %d" % size, size)
        out.append({"payload": size, "key": key.hex(), "before": before.hex(),
                    "sealed": (head + payload).hex(),
                    "tag": seal(key, before, head + payload).hex()})
    return {"vectors": out}


def vectors_envelope(chain, supervisor):
    return {"note": NOTE, "supervisor": supervisor.json(),
            "ephemeral_secret": chain.secret.hex(), "chain": chain.id.hex(),
            "key0": chain.key0.hex(), "header": chain.header0.hex(),
            "genesis_clear": chain.clear.hex(), "shared": chain.shared.hex(),
            "wrap_key": chain.wrap_key.hex(), "wrapped": chain.wrapped.hex(),
            "tag": chain.tag(0).hex(), "record": chain.records[0].hex()}


def vectors_chain(chain, supervisor):
    return {"note": NOTE, "supervisor": supervisor.json(), "records": [
        {"bytes": r.hex(), "key": k.hex(), "tag": r[-32:].hex(), "fields": f}
        for r, k, f in zip(chain.records, chain.keys, chain.fields)]}


class Cases:
    """Bundles, each with what a verifier must say of it."""

    def __init__(self, supervisor):
        self.supervisor = supervisor
        self.cases = []

    def add(self, name, parts, records, key, nokey=None, good=None, **more):
        """key, nokey: None for whole, or (verdict, chain, seq, index); good: the
        last good record's chain and number; without one, the record before."""
        data = bundle(parts, records)
        start = len(data) - sum(map(len, records))

        def place(bad):
            if bad is None:
                return {"ok": True}
            verdict, chain, seq, index = bad
            offset = start + sum(map(len, records[:index]))
            before = good if good is not None else (chain, seq - 1)
            return {"ok": False, "verdict": verdict, "chain": chain.id.hex(),
                    "seq": seq, "index": index, "offset": offset,
                    "last_good": None if before[1] < 0 else
                    {"chain": before[0].id.hex(), "seq": before[1],
                     "tag": before[0].tag(before[1]).hex()}}

        case = {"name": name, "private": self.supervisor.secret.hex(),
                "with_key": place(key), "without_key": place(nokey)}
        case.update(more)
        case["bundle"] = data.hex()
        self.cases.append(case)


def receipt(chain, seq):
    return "%s:%d:%s" % (chain.id.hex(), seq, chain.tag(seq).hex())


def vectors_good(a, b, supervisor):
    cases = Cases(supervisor)
    cases.add("whole chain", [a.part()], a.records, None, receipts=[receipt(a, 6)],
              challenge=fixed("challenge", 16).hex())
    cases.add("from 5 to 12", [a.part(5, 12)], a.records[:1] + a.records[5:13], None)
    cases.add("record 0 alone", [a.part(0, 0)], a.records[:1], None)
    cases.add("two chains", [a.part(), b.part()], a.records + b.records, None)
    cases.add("end of one chain, all of the next", [a.part(10), b.part()],
              a.records[:1] + a.records[10:] + b.records, None)
    ended = end(next_chain(supervisor, a))
    cases.add("an ended chain", [ended.part()], ended.records, None)
    follows = next_chain(supervisor, ended, "third")
    cases.add("an ended chain and the next", [ended.part(), follows.part()],
              ended.records + follows.records, None)
    return {"note": NOTE, "supervisor": supervisor.json(), "cases": cases.cases}


def bad_fields(cases, a):
    """One field of the header of record 6 after another"""
    rec, part = a.records, [a.part()]
    altered = ("altered", a, 6, 6)
    fields = {"boottime": 8, "realtime": 16, "kind": 25, "flags": 26,
              "source": 28, "source_seq": 32, "uid": 36, "pid": 40}
    for name, at in fields.items():
        changed = rec[:6] + [patch(rec[6], at, None)] + rec[7:]
        nokey = ("missing", a, 6, 6) if name.startswith("source") else None
        cases.add("header altered: " + name, part, changed, altered, nokey)
    for name, at, value in (("version", 46, b"\1"), ("precision over the most", 47, b"\x22")):
        cases.add("header altered: " + name, part,
                  rec[:6] + [patch(rec[6], at, value)] + rec[7:],
                  altered, ("malformed", a, 6, 6))
    for seq in (3, 9, 1 << 40):
        cases.add("header altered: seq 6 to %d" % seq, part,
                  rec[:6] + [patch(rec[6], 0, struct.pack("<Q", seq))] + rec[7:],
                  altered, altered)
    cases.add("header altered: length over the most", part,
              rec[:6] + [patch(rec[6], 44, struct.pack("<H", 0xffff))] + rec[7:],
              altered, ("malformed", a, 6, 6))
    cases.add("header altered: length past the end of the file", part,
              rec[:-1] + [patch(rec[-1], 44, struct.pack("<H", 8112))],
              ("altered", a, 16, 16), ("cut", a, 16, 16))


def vectors_bad(a, b, supervisor, stranger):
    cases = Cases(supervisor)
    rec, part = a.records, [a.part()]
    bad_fields(cases, a)
    cases.add("payload altered", part, rec[:6] + [patch(rec[6], 66, None)] + rec[7:],
              ("altered", a, 6, 6))
    cases.add("tag altered", part, rec[:6] + [patch(rec[6], len(rec[6]) - 1, None)] + rec[7:],
              ("altered", a, 6, 6))
    for at, name in ((48, "supervisor"), (80, "ephemeral"), (112, "chain"), (128, "boot_id"),
                     (144, "prev_chain"), (216, "ring"), (306, "wrapped"), (370, "tag")):
        cases.add("record 0 altered: " + name, part, [patch(rec[0], at, None)] + rec[1:],
                  ("altered", a, 0, 0), ("altered", a, 0, 0) if name == "chain" else None)
    cases.add("dropped", part, rec[:6] + rec[7:], ("missing", a, 6, 6), ("missing", a, 6, 6))
    cases.add("three dropped", part, rec[:6] + rec[9:], ("missing", a, 6, 6),
              ("missing", a, 6, 6))
    cases.add("record 0 dropped", part, rec[1:], ("missing", a, 0, 0), ("missing", a, 0, 0))
    cases.add("swapped", part, rec[:6] + [rec[7], rec[6]] + rec[8:],
              ("reordered", a, 6, 6), ("reordered", a, 6, 6))
    cases.add("moved to the front", part, rec[:6] + [rec[9]] + rec[6:9] + rec[10:],
              ("reordered", a, 6, 6), ("reordered", a, 6, 6))
    cases.add("record 0 swapped", part, [rec[1], rec[0]] + rec[2:],
              ("reordered", a, 0, 0), ("reordered", a, 0, 0))
    cases.add("duplicated", part, rec[:7] + rec[6:], ("inserted", a, 7, 7),
              ("inserted", a, 7, 7))
    cases.add("duplicated later", part, rec[:9] + [rec[6]] + rec[9:], ("inserted", a, 9, 9),
              ("inserted", a, 9, 9))
    cases.add("copied to an earlier place", part, rec[:6] + [rec[9]] + rec[6:],
              ("inserted", a, 6, 6), ("inserted", a, 6, 6))
    cases.add("last one duplicated", part, rec + rec[-1:], ("inserted", a, 17, 17),
              ("inserted", a, 17, 17))
    forged = patch(patch(rec[6], 74, b"forged"), len(rec[6]) - 32, bytes(32))
    cases.add("forged before the true one", part, rec[:6] + [forged] + rec[6:],
              ("inserted", a, 6, 6), ("inserted", a, 7, 7),
              good=None)
    cases.add("forged at the end", part, rec + [patch(forged, 0, struct.pack("<Q", 17))],
              ("inserted", a, 17, 17), ("inserted", a, 17, 17))
    cases.add("tail cut", part, rec[:14], ("cut", a, 14, 14), ("cut", a, 14, 14))
    cases.add("cut in the middle of a record", part, rec[:14] + [rec[14][:70]],
              ("cut", a, 14, 14), ("cut", a, 14, 14))
    cases.add("cut in the middle of a header", part, rec[:14] + [rec[14][:20]],
              ("cut", a, 14, 14), ("cut", a, 14, 14))
    cases.add("all records cut", part, [], ("cut", a, 0, 0), ("cut", a, 0, 0))
    short = [a.part(0, 13)]
    cases.add("tail cut, manifest doctored", short, rec[:14], None)
    cases.add("tail cut, manifest doctored, receipt held", short, rec[:14],
              ("cut", a, 14, 14), ("cut", a, 14, 14), receipts=[receipt(a, 15)])
    cases.add("tail cut, manifest doctored, challenge known", short, rec[:14],
              ("cut", a, 14, 14), ("cut", a, 14, 14),
              challenge=fixed("challenge", 16).hex())
    again = Chain("first", supervisor)
    for seq, record in enumerate(rec[1:], 1):
        at = record.find(b"Hochwasser")
        again.put_raw(record[:48], record[48:-32].replace(b"Hochwasser", b"Niedrigwas") if at > 0
                      else record[48:-32], "", {})
        assert len(again.records[seq]) == len(record)
    cases.add("rewritten by who has the supervisor's key", part, again.records, None)
    cases.add("rewritten by who has the supervisor's key, later receipt held", part,
              again.records, ("altered", a, 16, 16), ("altered", a, 16, 16), good=(again, 15),
              receipts=[receipt(a, 16)])
    wrong = {**a.part(5, 12), "before": a.tag(5).hex()}
    cases.add("tag before the range altered", [wrong], rec[:1] + rec[5:13], ("altered", a, 5, 1),
              good=(a, 0))
    cases.add("receipt of another tag", part, rec, ("altered", a, 7, 7),
              ("altered", a, 7, 7), good=(a, 6),
              receipts=["%s:7:%s" % (a.id.hex(), a.tag(8).hex())])
    cases.add("receipt of a chain not there", part, rec, ("missing", b, 2, 17),
              ("missing", b, 2, 17), good=(a, 16), receipts=[receipt(b, 2)])
    cases.add("wrong supervisor's key", part, rec, ("envelope", a, 0, 0),
              private=stranger.secret.hex())
    return two_chains_bad(cases, a, b, supervisor, stranger)


def two_chains_bad(cases, a, b, supervisor, stranger):
    rec = a.records
    c = next_chain(supervisor, b, "third")
    both = [a.part(), b.part()]
    cases.add("a chain between left out", [a.part(), c.part()], rec + c.records,
              ("missing", c, 0, 17), ("missing", c, 0, 17), good=(a, 16))
    cases.add("tail of the first chain cut, manifest doctored", [a.part(0, 14), b.part()],
              rec[:15] + b.records, ("missing", a, 15, 15), ("missing", a, 15, 15))
    cases.add("tail of the first chain cut", both, rec[:15] + b.records,
              ("cut", a, 15, 15), ("cut", a, 15, 15))
    cases.add("head of the second chain cut, manifest doctored", [a.part(), b.part(2)],
              rec + b.records[:1] + b.records[2:], ("missing", b, 1, 18),
              ("missing", b, 1, 18), good=(b, 0))
    over = end(next_chain(supervisor, a))
    over.put("heartbeat", bytes(48), {}, source_seq=3)
    cases.add("a record behind the end", [over.part()], over.records,
              ("malformed", over, 4, 4), ("malformed", over, 4, 4))
    cases.add("second chain left out of the file", both, rec,
              ("cut", b, 0, 17), ("cut", b, 0, 17), good=(a, 16))
    cases.add("first chain left out of the file", both, b.records,
              ("missing", a, 0, 0), ("missing", a, 0, 0))
    return {"note": NOTE, "supervisor": supervisor.json(), "stranger": stranger.json(),
            "cases": cases.cases}


def main():
    supervisor, stranger = Supervisor("supervisor"), Supervisor("stranger")
    a = long_chain(supervisor)
    b = next_chain(supervisor, a)
    files = {"ratchet": vectors_ratchet(), "tag": vectors_tag(),
             "envelope": vectors_envelope(a, supervisor),
             "chain": vectors_chain(every_kind(long_chain(supervisor)), supervisor),
             "bundles-good": vectors_good(a, b, supervisor),
             "bundles-bad": vectors_bad(a, b, supervisor, stranger)}
    stale = []
    for name, content in files.items():
        path = HERE / (name + ".json")
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(path.name)
    if stale:
        sys.exit("these differ from what generate.py makes: " + ", ".join(stale))


if __name__ == "__main__":
    main()
