#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Seal what a pack's scenario says into a bundle, for a replica to fold.

    state.py PACK SCENARIO BUNDLE

SCENARIO is one of tests/packs/*/: its offices, actors, places and acts become the acts
that say so, in the order and at the times they have there.
"""
import datetime
import hashlib
import json
import pathlib
import sys

top = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(top / "tests/vectors"))
import generate  # noqa: E402

SECOND = 1_000_000_000


def text_of(pack):
    """The hash of a pack's files, as daemon/referee/pack.c names its text."""
    archive = hashlib.sha256()
    folder = top / "daemon/packs" / pack
    for place in (folder, folder / "data"):
        files = [path for path in place.glob("*") if path.suffix in (".lua", ".csv", ".json")]
        for path in sorted(files, key=lambda path: path.name.encode()):
            data = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            archive.update(b"%s\n%d\n" % (name.encode(), len(data)) + data)
    return archive.hexdigest()


def acts(lines):
    """(time or None, uid, act) of each line that says one."""
    for line in lines:
        for kind in ("office", "actor", "place"):
            if kind in line:
                said = dict(line[kind])
                if kind == "office" and "kind" in said:
                    said["type"] = said.pop("kind")
                if kind == "place" and "kind" in said:
                    said["type"] = said.pop("kind")
                yield line.get("time"), 0, {"pack": "base", "kind": kind, **said}
        if "act" in line:
            yield line.get("time"), line["uid"], line["act"]
        elif set(line) == {"time"}:
            yield line["time"], None, None


def main(pack, scenario, bundle):
    text = pathlib.Path(scenario).read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    chain = generate.Chain("state", generate.Supervisor("state"))
    chain.put("attach", generate.struct.pack("<QII16s", 0, 0, 0, b"tongbud"), {}, source_seq=1, uid=0)
    begun = {"pack": "base", "kind": "pack", "name": pack, "hash": text_of(pack)}
    now, number = 0, 0
    for time, uid, act in [(lines[0]["time"], 0, begun), *acts(lines)]:
        if time:
            now = int(datetime.datetime.fromisoformat(time).timestamp()) * SECOND
        if not act:
            continue
        now, number = now + SECOND, number + 1
        chain.put("act", generate.act(1, json.dumps(act).encode(), uid, uid), {}, source=1,
                  source_seq=number, uid=uid, real=now)
    pathlib.Path(bundle).write_bytes(generate.bundle([chain.part()], chain.records))


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(*sys.argv[1:])
