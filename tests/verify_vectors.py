# SPDX-License-Identifier: GPL-2.0-only
"""Hold tests/verify.py against the vectors: verify_vectors.py FOLDER; prints TAP."""
import json
import pathlib
import sys

import verify
from verify_envelope import Secret


def same(got, wanted):
    assert got == wanted, "is %r, should be %r" % (got, wanted)


def ratchet(file):
    same(verify.RATCHET.hex(), file["label"])
    for case in file["vectors"]:
        yield "%d steps from %s" % (case["steps"], case["key"][:8]), lambda c=case: same(
            verify.ratchet(bytes.fromhex(c["key"]), c["steps"]).hex(), c["result"])


def tag(file):
    for case in file["vectors"]:
        yield "payload of %d" % case["payload"], lambda c=case: same(
            verify.seal(*(bytes.fromhex(c[k]) for k in ("key", "before", "sealed"))).hex(), c["tag"])


def envelope(file):
    raw = {k: bytes.fromhex(v) for k, v in file.items() if k not in ("note", "supervisor")}
    secret, rec = Secret.fromhex(file["supervisor"]["private"]), verify.frame(raw["record"], 0)

    def agree():
        same(secret.agree(rec.payload[32:64]), raw["shared"])
        same(secret.wrap_key(raw["shared"], rec.payload[32:64], rec.payload[64:80]),
             raw["wrap_key"])

    def pem():
        same(Secret.load(file["supervisor"]["private_pem"].encode()).public.hex(),
             file["supervisor"]["public"])

    yield "the key's PEM", pem
    yield "record 0 is put together", lambda: same(
        raw["header"] + raw["genesis_clear"] + raw["wrapped"] + raw["tag"], raw["record"])
    yield "the wrapping key", agree
    yield "opens", lambda: same(secret.unwrap(rec), (raw["key0"], True))
    yield "gives the key of the tag", lambda: same(
        verify.seal(raw["key0"], bytes(32), rec.sealed), raw["tag"])


def chain(file):
    """Each record's key follows from the one before it, and its fields are what they should be"""
    first = verify.frame(bytes.fromhex(file["records"][0]["bytes"]), 0)
    before = [bytes(32)] + [bytes.fromhex(c["tag"]) for c in file["records"]]
    keys = [Secret.fromhex(file["supervisor"]["private"]).unwrap(first)[0]]
    for number, case in enumerate(file["records"]):
        def one(c=case, n=number):
            data, fields = bytes.fromhex(c["bytes"]), c["fields"]
            rec = verify.frame(data, 0)
            same((keys[n].hex(), rec.end), (c["key"], len(data)))
            same((verify.seal(keys[n], before[n], rec.sealed).hex(), rec.tag.hex()),
                 (c["tag"], c["tag"]))
            for name in ("seq", "realtime", "boottime", "source", "source_seq", "pid"):
                same(getattr(rec, name), fields[name])
            same(verify.chain_of(first).hex(), fields["chain"])
            same(None if rec.uid == 0xffffffff else rec.uid, fields["uid"])
        keys.append(verify.ratchet(keys[-1]))
        yield "record %d" % number, one


def bundles(file):
    def one(case, keyed):
        receipts = [(bytes.fromhex(c), int(s), bytes.fromhex(t)) for c, s, t in
                    (r.split(":") for r in case.get("receipts", []))]
        challenge = bytes.fromhex(case["challenge"]) if "challenge" in case else None
        secret = Secret.fromhex(case["private"]) if keyed else None
        result = verify.Walk(bytes.fromhex(case["bundle"]), secret, receipts, challenge).run()
        wanted = case["with_key" if keyed else "without_key"]
        if wanted["ok"]:
            same((result["verdict"], "bad" in result),
                 ("verified" if keyed else "consistent", False))
        else:
            same((result["verdict"], result["bad"]),
                 (wanted["verdict"], {"chain": wanted["chain"], "seq": wanted["seq"]}))

    for case in file["cases"]:
        yield case["name"] + ", with key", lambda c=case: one(c, True)
        yield case["name"] + ", without key", lambda c=case: one(c, False)


CHECKS = {"ratchet": ratchet, "tag": tag, "envelope": envelope, "chain": chain,
          "bundles-good": bundles, "bundles-bad": bundles}


def check(folder):
    """Return 0 if all vectors agree, 1 if not, 2 if there is a file nobody knows."""
    count = failed = 0
    for path in sorted(folder.glob("*.json")):
        if path.stem not in CHECKS:
            print("verify_vectors.py: nobody knows how to check %s" % path, file=sys.stderr)
            return 2
        for name, test in CHECKS[path.stem](json.loads(path.read_text())):
            count, word = count + 1, "ok"
            try:
                test()
            except AssertionError as error:
                failed, word = failed + 1, "not ok"
                print("# %s" % error)
            print("%s %d - %s: %s" % (word, count, path.stem, name))
    print("1..%d" % count)
    return int(failed > 0 or count == 0)


if __name__ == "__main__":
    sys.exit(check(pathlib.Path(sys.argv[1])))
