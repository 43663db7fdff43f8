#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Seal what a scenario of packs says into a bundle, for a replica to fold.

    state.py PACK[,PACK] SCENARIO BUNDLE

SCENARIO is one of tests/packs/*/, or "-" for standard input: its offices, actors, places,
acts and edges become the records that say so, in the order and at the times they have
there. What it says of record "try:N" is said of the record that its Nth one becomes.
"""
import datetime
import hashlib
import json
import pathlib
import re
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
    """(time or None, uid, act or edge) of each line that says one."""
    for line in lines:
        for kind in ("office", "actor", "place"):
            if kind in line:
                said = dict(line[kind])
                if kind == "office" and "kind" in said:
                    said["type"] = said.pop("kind")
                if kind == "place" and "kind" in said:
                    said["type"] = said.pop("kind")
                yield line.get("time"), 0, {"pack": "base", "kind": kind, **said}
        if "act" in line or "edge" in line:
            yield line.get("time"), line.get("uid"), line.get("act") or line["edge"]
        elif set(line) == {"time"}:
            yield line["time"], None, None


def arm(chain, lines):
    """The sources that have edges, each armed; their numbers by name"""
    numbers = {}
    for name in dict.fromkeys(line["edge"]["source"] for line in lines if "edge" in line):
        numbers[name] = 16 + len(numbers)
        chain.put("source-add", generate.source(name.encode(), b"station", len(numbers), 0, 2, 3, 2, 0), {},
                  source=numbers[name], uid=0)
    return numbers


def main(packs, scenario, bundle):
    text = sys.stdin.read() if scenario == "-" else pathlib.Path(scenario).read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    chain = generate.Chain("state", generate.Supervisor("state"))
    chain.put("attach", generate.struct.pack("<QII16s", 0, 0, 0, b"tongbud"), {}, source_seq=1, uid=0)
    sources = arm(chain, lines)
    begun = [(None, 0, {"pack": "base", "kind": "pack", "name": pack, "hash": text_of(pack)})
             for pack in packs.split(",")]
    before = len(chain.records) + len(begun)
    first = next(line["time"] for line in lines if "time" in line)
    now, number = 0, {}

    def told(match):
        return f"{chain.id.hex()[:8]}:{before + int(match[1])}"

    for time, uid, said in [(first, None, None), *begun, *acts(lines)]:
        if time:
            now = int(datetime.datetime.fromisoformat(time).timestamp()) * SECOND
        if not said:
            continue
        now, source = now + SECOND, sources[said["source"]] if "level" in said and "pack" not in said else 1
        number[source] = number.get(source, 0) + 1
        if source > 1:
            chain.put("edge", generate.struct.pack("<BBHI", said["level"], 0, 0, 0), {}, source=source,
                      source_seq=number[source], real=now)
            continue
        words = re.sub(r"\btry:(\d+)\b", told, json.dumps(said))
        chain.put("act", generate.act(1, words.encode(), uid, uid), {}, source=1,
                  source_seq=number[source], uid=uid, real=now)
    pathlib.Path(bundle).write_bytes(generate.bundle([chain.part()], chain.records))


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(*sys.argv[1:])
