#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Do tongbuctl verify, tongbu-verify and tests/verify.py say the same of bundles that
were tampered with?

    verify_mutated.py DIRECTORY [COUNT [SEED]]

DIRECTORY has the two programs. Makes COUNT bundles of a few chains and ranges, whole ones
and such as somebody might make of them, and asks all three about each, with the
supervisor's key and without. They must agree on the verdict, the first record that is
wrong, and how many are good before it.
Prints TAP; the first that they disagree on is kept in the current directory.
"""
import concurrent.futures
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "vectors"))
import generate  # noqa: E402
import verify  # noqa: E402
from verify_envelope import Secret  # noqa: E402

SUPERVISOR = generate.Supervisor("supervisor")
BATCH = 50


def edges(rng, chain, count):
    """More of the chain's source 16"""
    last = 7
    for _ in range(count):
        last += 1
        chain.put("edge", struct.pack("<BBHI", last & 1, 0, 0, rng.randrange(1000)), None,
                  source=16, source_seq=last)


def untrue(rng, chain):
    """What no kernel would seal, sealed with the chain's own key"""
    size = rng.choice((0, 8, 8, 16, 100, 8000))
    head = generate.header(len(chain.records), rng.choice((1, 7, 14, 16, 16, 16, 32, 77)),
                           source=rng.choice((0, 1, 16, 16, 16, 17, 99)), length=size,
                           source_seq=rng.choice((0, 1, 5, 1 << 31)),
                           precision=rng.choice((0, 33, 34, 255)))
    chain.put_raw(head, rng.randbytes(size), "recorder", None)


def chains_of(rng):
    """One to three chains that follow each other"""
    chains = [generate.long_chain(SUPERVISOR)]
    edges(rng, chains[0], rng.randrange(20))
    if rng.random() < 0.1:
        untrue(rng, chains[0])
        edges(rng, chains[0], rng.randrange(3))
    for name in ("second", "third")[:rng.randrange(3)]:
        chains.append(generate.next_chain(SUPERVISOR, chains[-1], name))
        if rng.random() < 0.5:
            generate.end(chains[-1])
        if rng.random() < 0.1:
            untrue(rng, chains[-1])
    return chains


def ranges(rng, chain, whole):
    """What of a chain goes into the bundle: the manifest's entries, and the records"""
    parts, records, at = [], [], 0 if whole or rng.random() < 0.7 else rng.randrange(1, 6)
    while True:
        last = len(chain.records) - 1
        if rng.random() < 0.3:
            last = min(last, at + rng.randrange(8))
        parts.append(chain.part(at, last))
        records += ([] if at == 0 or records else chain.records[:1]) + chain.records[at:last + 1]
        at = last + 1 + rng.randrange(1, 4)
        if at >= len(chain.records) or rng.random() < 0.3:
            return parts, records


def change_records(rng, records, others):
    """Taken out, put in, twice, elsewhere, from another chain, overwritten"""
    at, to = rng.randrange(len(records)), rng.randrange(len(records))
    how = rng.randrange(8)
    if how == 0:
        del records[at:at + rng.choice((1, 1, 2, 5))]
    elif how == 1:
        records.insert(to, records[at])
    elif how == 2:
        records[at], records[to] = records[to], records[at]
    elif how == 3:
        records.insert(to, records.pop(at))
    elif how == 4:
        records.insert(to, rng.choice(others))
    elif how == 5:
        records[to] = rng.choice(others)
    elif how == 6:
        records.insert(to, rng.randbytes(rng.randrange(200)))
    else:
        field, size = rng.choice(((0, 8), (8, 8), (16, 8), (24, 2), (26, 2), (28, 4), (32, 4),
                                  (36, 4), (40, 4), (44, 2), (46, 1), (47, 1)))
        value = rng.choice((rng.randrange(1 << 8 * size), rng.randrange(40) % (1 << 8 * size)))
        rec = records[at]
        if len(rec) >= field + size:
            records[at] = rec[:field] + value.to_bytes(size, "little") + rec[field + size:]


def change_parts(rng, parts):
    """A packing list that says something else"""
    at, how = rng.randrange(len(parts)), rng.randrange(8)
    part = parts[at]
    if how == 0:
        part["first"] = part.get("first", 0) + rng.choice((-1, 1, 2, 5, 1 << 20))
    elif how == 1:
        part["last"] = part.get("last", 0) + rng.choice((-2, -1, 1, 5, 1 << 40))
    elif how == 2:
        part["before"] = rng.choice((rng.randbytes(32).hex(), "00" * 32, "", "zz"))
    elif how == 3:
        part["chain"] = rng.choice((rng.choice(parts).get("chain"), rng.randbytes(16).hex(), "00"))
    elif how == 4:
        del parts[at]
    elif how == 5:
        parts.insert(rng.randrange(len(parts)), dict(part))
    elif how == 6:
        rng.shuffle(parts)
    else:
        part.pop(rng.choice(("chain", "first", "last", "before")), None)


def change_bytes(rng, data):
    if rng.random() < 0.3:
        return data[:rng.randrange(len(data) + 1)]
    data = bytearray(data)
    line = data.index(b"\n") if rng.random() < 0.2 and b"\n" in data else len(data)
    for _ in range(rng.choice((1, 1, 2, 8)) if line else 0):
        data[rng.randrange(line)] ^= 1 << rng.randrange(8)
    return bytes(data)


def make(rng):
    """A bundle, receipts and a challenge or None; and whether nothing was done to it"""
    chains, parts, records = chains_of(rng), [], []
    for number, chain in enumerate(chains):
        more = ranges(rng, chain, number > 0)
        parts, records = parts + more[0], records + more[1]
    receipts, challenge = [], None
    if rng.random() < 0.2:
        chain = rng.choice(chains)
        receipts = [generate.receipt(chain, rng.randrange(len(chain.records)))
                    for _ in range(rng.randrange(1, 4))]
        if rng.random() < 0.3:
            receipts[0] = receipts[0][:-2] + "%02x" % rng.randrange(256)
    if rng.random() < 0.1:
        challenge = generate.fixed(rng.choice(("challenge", "second mark", "third mark")), 16)
    others = [record for chain in chains for record in chain.records]
    changes = rng.choice((0, 1, 1, 1, 1, 2, 3))
    spoil = 0
    for _ in range(changes):
        how = rng.random()
        if how < 0.5 and records:
            change_records(rng, records, others)
        elif how < 0.7 and parts:
            change_parts(rng, parts)
        else:
            spoil += 1
    data = generate.bundle(parts, records)
    for _ in range(spoil):
        data = change_bytes(rng, data) if data else data
    return data, receipts, challenge


def of_script(data, secret, receipts, challenge):
    """What verify.py says: status, and what --json has of it"""
    held = [(bytes.fromhex(c), int(s), bytes.fromhex(t)) for c, s, t in
            (receipt.split(":") for receipt in receipts)]
    try:
        result = verify.Walk(data, secret, held, challenge).run()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return {"status": 2, "why": repr(error)}
    bad = result.get("bad")
    return {"status": int(bool(bad) or not secret), "verdict": result["verdict"],
            "records": result["records"], "bad": bad}


def of_program(program, path, key, receipts, challenge):
    """What a program says, given as its first arguments"""
    args = [*program, str(path), "--json", *(["--key", key] if key else ["--no-key"])]
    if receipts:
        path.with_suffix(".receipts").write_text("".join(r + "\n" for r in receipts))
        args += ["--receipt", str(path.with_suffix(".receipts"))]
    if challenge:
        args += ["--challenge", challenge.hex()]
    done = subprocess.run(args, capture_output=True, check=False)
    if done.returncode == 2:
        return {"status": 2, "why": done.stderr.decode()}
    if done.returncode not in (0, 1):
        return {"status": done.returncode, "why": done.stderr.decode()}
    said = json.loads(done.stdout)
    bad = said.get("bad")
    return {"status": done.returncode if key else 1, "verdict": said["verdict"],
            "records": said["records"], "bad": bad and {"chain": bad["chain"], "seq": bad["seq"]}}


def judge(programs, folder, key, seed):
    """What each says of a bundle of that seed, with key and without"""
    data, receipts, challenge = make(random.Random(seed))
    path, secret = folder / ("%d.bundle" % seed), Secret(SUPERVISOR.private)
    path.write_bytes(data)
    said = [[of_script(data, with_key and secret, receipts, challenge)] +
            [of_program(program, path, with_key and key, receipts, challenge)
             for program in programs] for with_key in (True, None)]
    path.unlink()
    return seed, said, data


def main():
    where, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
    programs = [where + "/tongbuctl", "verify"], [where + "/tongbu-verify"]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
    print("# seed %d" % seed)
    verdicts, differ = {}, []
    with tempfile.TemporaryDirectory() as tmp, concurrent.futures.ThreadPoolExecutor(2) as pool:
        folder = pathlib.Path(tmp)
        key = folder / "supervisor.pem"
        key.write_text(SUPERVISOR.json()["private_pem"])
        key.chmod(0o600)
        for number, said, data in pool.map(lambda n: judge(programs, folder, str(key), n),
                                           range(seed, seed + count)):
            for words in said:
                word = words[0].get("verdict", "no bundle")
                verdicts[word] = verdicts.get(word, 0) + 1
                if any({**one, "why": 0} != {**words[0], "why": 0} for one in words):
                    differ.append(number)
                    print("# bundle %d:" % number, *words, sep="\n#   ")
                    if len(differ) == 1:
                        pathlib.Path("disagreed-%d.bundle" % number).write_bytes(data)
    print("# " + ", ".join("%d %s" % (n, word) for word, n in sorted(verdicts.items())))
    print("%sok 1 - all say the same of %d bundles, with key and without" %
          ("not " if differ else "", count))
    every = {"verified", "consistent", "altered", "missing", "inserted", "reordered", "cut",
             "malformed", "no bundle"}
    print("%sok 2 - every verdict was among them" % ("" if every <= verdicts.keys() else "not "))
    print("1..2")
    return int(bool(differ) or not every <= verdicts.keys())


if __name__ == "__main__":
    sys.exit(main())
