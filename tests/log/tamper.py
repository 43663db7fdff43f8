#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What can be done to a bundle of 10,000 records over two boots, and who finds it.

	tamper.py TONGBU-VERIFY [--write]	prints TAP; writes the table into docs/tamper.md

Each thing is done at several places and judged four ways: with the supervisor's key or
without, and with or without a checkpoint that was held elsewhere. What the key must find it
must find where it was done; the table in docs/tamper.md must be what came of it."""
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import signed
from signed import generate

RECORDS = 10000
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/tamper.md"
MARK = "<!-- made by tests/log/tamper.py -->"
FIELDS = (("number", 0, 8), ("boottime", 8, 8), ("realtime", 16, 8), ("kind", 24, 2), ("flags", 26, 2),
          ("source", 28, 4), ("number within the source", 32, 4), ("user", 36, 4), ("process", 40, 4),
          ("length", 44, 2), ("version", 46, 1), ("precision", 47, 1), ("payload", 48, 8), ("tag", -32, 32))
SUPERVISOR, STRANGER = generate.Supervisor("supervisor"), generate.Supervisor("stranger")


class Whole:
    """The bundle nobody touched, and places in it: (index in the file, chain, number)"""
    first, second = signed.two_boots(SUPERVISOR, RECORDS)
    records = first.records + second.records
    parts = [first.part(), second.part()]
    n = len(first.records)
    places = [(1, first, 1), (n // 2, first, n // 2), (n - 2, first, n - 2), (n + 1, second, 1),
              (RECORDS - 3, second, RECORDS - 3 - n)]


def flipped(field, size):
    for at, chain, seq in Whole.places:
        rec = bytearray(Whole.records[at])
        rec[(field if field >= 0 else len(rec) + field) + size // 3] ^= 0x10
        yield Whole.parts, replaced(at, [bytes(rec)]), (chain, seq)


def replaced(at, records, count=1):
    return Whole.records[:at] + records + Whole.records[at + count:]


def at_each(made, moved=0):
    for at, chain, seq in Whole.places:
        yield Whole.parts, made(at), (chain, seq + moved)


def ends_before(parts, records, bad=None):
    yield parts, records, bad


def resealed(chain, at, count=1, last=None):
    """The chain from record `at` on, changed there and sealed again with its own keys: what
    who has the supervisor's private key, or had the kernel's memory, can do"""
    kept, chain.key, chain.records = chain.records, chain.keys[at], chain.records[:at]
    keys, fields, chain.keys, chain.fields = chain.keys, chain.fields, chain.keys[:at], []
    for seq in range(at, len(kept)):
        body = bytearray(kept[seq][:-32])
        if seq == at:
            body[16] ^= 1
        chain.put_raw(bytes(body[:48]), bytes(body[48:]), "recorder", None)
    made, chain.records, chain.keys, chain.fields = chain.records, kept, keys, fields
    return made


def forged(at):
    """Sealed with a key of invention"""
    sealed = bytearray(Whole.records[at][:-32])
    sealed[16] ^= 1
    return replaced(at, [bytes(sealed) + generate.seal(generate.fixed("invention"), bytes(32), bytes(sealed))])


def manifest(change):
    parts = json.loads(json.dumps(Whole.parts))
    change(parts)
    return parts


def bundles():
    """(what was done, must the key find and locate it, [(parts, records, first bad)])"""
    first, second, n, parts, records = Whole.first, Whole.second, Whole.n, Whole.parts, Whole.records
    for name, field, size in FIELDS:
        yield f"a bit of the {name} of a record flipped", True, flipped(field, size)
    yield "a record dropped", True, at_each(lambda at: replaced(at, []))
    yield "five records dropped", True, at_each(lambda at: replaced(at, [], 5) if at != n - 2
                                                else replaced(at, []))
    yield "a record there twice", True, at_each(lambda at: replaced(at, [records[at]] * 2), 1)
    yield "two neighbours swapped", True, at_each(lambda at: replaced(
        at, [records[at + 1], records[at]], 2))
    yield "a record of the other chain put in", True, at_each(lambda at: replaced(
        at, [records[n + 9 if at < n else 9], records[at]]))
    other = generate.next_chain(STRANGER, generate.long_chain(STRANGER), "strange")
    yield "a record of another station put in", True, at_each(lambda at: replaced(
        at, [other.records[2], records[at]]))
    yield "a record changed and sealed with an invented key", True, at_each(forged)
    yield "bytes that are no record put in", True, at_each(lambda at: replaced(
        at, [b"\xff" * 120, records[at]]))
    yield "the file's end cut, between records", True, ends_before(
        parts, records[:-3], (second, len(second.records) - 3))
    yield "the file's end cut, within a record", True, ends_before(
        parts, records[:-1] + [records[-1][:50]], (second, len(second.records) - 1))
    yield "the end cut, the manifest to match", False, ends_before(
        [first.part(), second.part(0, len(second.records) - 4)], records[:-3])
    yield "the last chain cut, the manifest to match", False, ends_before([first.part()], first.records)
    yield "records in the middle cut, the manifest to match", True, ends_before(
        [first.part(0, 99), first.part(150), second.part()], records[:100] + records[150:], (first, 100))
    yield "the first chain cut, the manifest to match", False, ends_before([second.part()], second.records)
    yield "chains the wrong way round, the manifest to match", True, ends_before(
        parts[::-1], second.records + first.records, (first, 0))
    forked = generate.next_chain(SUPERVISOR, first, "forked")
    signed.edges(forked, len(second.records))
    yield "the last chain taken back, and another run in its place", False, ends_before(
        [first.part(), forked.part()], first.records + forked.records)
    old = generate.long_chain(SUPERVISOR)
    old.records, old.keys = first.records[:n // 2], first.keys[:n // 2]
    again = generate.next_chain(SUPERVISOR, old, "again")
    signed.edges(again, RECORDS)
    yield "records taken back by root, and the station run on from there", False, ends_before(
        [first.part(0, n // 2 - 1), again.part()], old.records + again.records)
    yield "an older chain replayed in the place of the last", True, ends_before(
        [first.part(), {**first.part(), "chain": second.id.hex()}], records[:n] + records[:n], (second, 0))
    yield "a record changed by who has the supervisor's private key", False, ends_before(
        [first.part(), second.part()], first.records + resealed(second, 50))
    strange = generate.next_chain(STRANGER, first, "strange")
    yield "the last chain sealed for another key", True, ends_before(
        [first.part(), strange.part()], first.records + strange.records, (strange, 0))
    for name, change, bad in (
            ("last less", lambda p: p[0].update(last=n - 3), (second, 0)),
            ("last more", lambda p: p[1].update(last=RECORDS), (second, len(second.records))),
            ("first more", lambda p: p[1].update(first=9, before="00" * 32), (second, 9)),
            ("another id", lambda p: p[1].update(chain="ab" * 16), None),
            ("chain left out", lambda p: p.pop(), None)):
        yield f"the manifest altered: {name}", True, ends_before(manifest(change), records, bad)


def spoilt(note, how):
    """A checkpoint that is not as it was signed"""
    text, lines = note.split("\n\n")
    origin, size, root = text.split("\n")
    ours, theirs = lines.splitlines()
    if how == "root":
        root = ("A" if root[0] != "A" else "B") + root[1:]
    elif how == "size":
        size = str(int(size) + 1)
    elif how == "origin":
        origin = "river-08/3f2a90c1"
    elif how == "signature of the log":
        ours = ours[:-9] + ("A" if ours[-9] != "A" else "B") + ours[-8:]
    elif how == "signature of the witness":
        theirs = theirs[:-9] + ("A" if theirs[-9] != "A" else "B") + theirs[-8:]
    elif how == "time of the witness":
        at = theirs.rindex(" ") + 13
        theirs = theirs[:at] + ("A" if theirs[at] != "A" else "B") + theirs[at + 1:]
    return f"{origin}\n{size}\n{root}\n\n{ours}\n" + ("" if how == "none" else f"{theirs}\n")


class Bench:
    """Files of a directory, and what the program says of them"""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.note = signed.checkpoint(Whole.records[:RECORDS - 1], 1700000000)
        for name, text in (("policy", signed.policy()), ("kept", self.note),
                           ("key.pem", SUPERVISOR.json()["private_pem"])):
            (folder / name).write_text(text)
        (folder / "key.pem").chmod(0o600)

    def say(self, data, keyed, held, more=()):
        """status, verdict, place of the first bad one; of one that is refused what was said"""
        path = self.folder / (hashlib.sha256(data).hexdigest() + str(keyed) + str(held))
        path.write_bytes(data)
        args = [self.program, path, "--json", *(["--key", self.folder / "key.pem"] if keyed else ["--no-key"])]
        args += ["--policy", self.folder / "policy", "--checkpoint", self.folder / "kept"] if held else []
        done = subprocess.run([*map(str, args), *more], capture_output=True, check=False)
        path.unlink()
        if done.returncode not in (0, 1):
            return done.returncode, "refused", None
        said = json.loads(done.stdout)
        bad = said.get("bad")
        return done.returncode, said["verdict"], bad and (bad["chain"], bad["seq"])


def judge(bench, case):
    """What came of it four ways: (cells of the table, was what must be so)"""
    _, must, made = case
    made = list(made)
    cells, good = [], True
    for keyed, held in ((True, False), (False, False), (True, True), (False, True)):
        words, located, found = set(), True, 0
        for parts, records, bad in made:
            status, word, place = bench.say(generate.bundle(parts, records), keyed, held)
            found += status != 0
            words.add(word)
            located &= bool(bad and place == (bad[0].id.hex(), bad[1]))
        if keyed and not held and must:
            good &= found == len(made) and (located or not made[0][2])
        if held:
            good &= found == len(made)
        good &= status in (0, 1, 2)
        words = ", ".join(sorted(words - {"verified", "consistent"}))
        cells.append("not found" if not found else (words + (": located" if located else "")) if
                     found == len(made) else f"{words}: {found} of {len(made)}")
    return cells, good


def unfounded(bench):
    """Not the bundle: what it is held against"""
    data = generate.bundle(Whole.parts, Whole.records)
    for how in ("root", "size", "origin", "signature of the log", "signature of the witness",
                "time of the witness", "none"):
        (bench.folder / "kept").write_text(spoilt(bench.note, how))
        status, word, _ = bench.say(data, True, True)
        name = "the witness's signature taken off a checkpoint" if how == "none" else \
            f"a checkpoint altered: {how}"
        yield name, ["", "", word, bench.say(data, False, True)[1]], status == 2
    stranger = signed.Signer(signed.ORIGIN + "x", 1)
    stranger.name = signed.ORIGIN
    (bench.folder / "kept").write_text(signed.checkpoint(Whole.records, 1700000000, log=stranger))
    status, word, _ = bench.say(data, True, True)
    yield "a checkpoint of the same name, signed by another key", ["", "", word, bench.say(
        data, False, True)[1]], status == 2
    (bench.folder / "kept").write_text(bench.note)
    cells, good = [], True
    for keyed in (True, False):
        receipt = generate.receipt(Whole.second, 70)
        status, word, place = bench.say(data, keyed, False, (
            "--receipt", str(bench.folder / "receipt")) if (bench.folder / "receipt").write_text(
                receipt[:-1] + ("0" if receipt[-1] != "0" else "1") + "\n") else ())
        good &= status == 1 and place == (Whole.second.id.hex(), 70)
        cells.append(word + ": located")
    yield "a receipt altered", cells + ["", ""], good
    renamed = generate.bundle(Whole.parts, Whole.records, "another")
    cells = [("not found" if bench.say(renamed, k, h)[0] == 0 else "found") for k, h in (
        (True, False), (False, False), (True, True), (False, True))]
    yield "the station's name in the manifest altered", cells, True


def main():
    rows, failed, number = [], 0, 0
    with tempfile.TemporaryDirectory() as tmp, concurrent.futures.ThreadPoolExecutor(2) as pool:
        bench = Bench(sys.argv[1], pathlib.Path(tmp))
        whole = [bench.say(generate.bundle(Whole.parts, Whole.records), k, h)
                 for k, h in ((True, False), (False, False), (True, True), (False, True))]
        results = [("nothing", ["not found"] * 4, all(s == 0 for s, _, _ in whole))]
        cases = list(bundles())
        results += [(case[0], *result) for case, result in zip(cases, pool.map(
            lambda case: judge(bench, case), cases))]
        results += unfounded(bench)
    for name, cells, good in results:
        number += 1
        failed += not good
        print("%sok %d - %s" % ("" if good else "not ", number, name))
        if not good:
            print("#", cells)
        rows.append("| " + " | ".join([name, *cells]) + " |")
    table = "\n".join([MARK, "| what was done | key | no key | key and checkpoint | checkpoint, no key |",
                       "|---|---|---|---|---|", *rows]) + "\n"
    text = PAGE.read_text(encoding="utf-8")
    made = re.sub(re.escape(MARK) + r"\n(\|.*\n)*", lambda _: table, text)
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    number += 1
    print("%sok %d - docs/tamper.md has the table that this gives" % ("" if made == text or "--write" in
                                                                    sys.argv else "not ", number))
    failed += made != text and "--write" not in sys.argv
    print("1..%d" % number)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
