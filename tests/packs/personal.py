#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""No text of any act takes personal data: each string that a pack declares, in lists and objects too, is given numbers in
the shapes people write them, in an act whose other fields are in order. Prints lines for `tongbuctl try`.

    personal.py PACK"""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from loader import PACKS, as_regex, load

SHAPES = ("13800138000", "+86 138-0013-8000", "１３８００１３８０００", "1380013800013900139000", "330103 19800101 234x", "浙a12345",
          "浙A1234挂")
PLAIN = "it is so, since spring"
BLOB = "ab" * 32
# A matter of each pack, for the fields that name one
FIRST = {
    "sentence": {"kind": "admit", "subject": "S-1", "sentence": "life", "start": "2020-01-01", "prosecutors": "other"},
    "market": {"kind": "case", "no": "C-1", "conduct": "carrying", "committed": "2026-01-05"},
    "control": {"kind": "audit", "no": "A-1", "title": "Audit", "office": "other"},
    "community": {"kind": "suggestion", "topic": "road", "place": "P", "text": "the lamp is out"},
    "highway": {"kind": "request", "office": "other"}, "ecology": {"kind": "clue"},
}


def value(field, given=None):
    """Something in order for a field; @given: where a text is one"""
    kind = field["1"]
    if kind == "string":
        return given if given is not None else text_for(field)
    if kind == "enum":
        return field["values"]["1"]
    if kind == "object":
        return {n: value(f) for n, f in field.get("fields", {}).items() if f.get("required")}
    if kind == "list":
        return [value(field["of"])]
    if kind in ("number", "integer"):
        return max(field.get("min", 0), min(1, field.get("max", 1)))
    return {"boolean": True, "date": "2026-01-05", "time": "2026-01-05T10:00:00+08:00", "blob": BLOB, "subject": "S-1", "uid": 1,
            "office": "other", "place": "P", "matter": MATTER, "any": "2026-01-05"}[kind]


def text_for(field):
    for text in (PLAIN, "abc", "2026-01", "07:00-09:00", "08:00", "software.unlicensed", "S-1", "R-abcdef", "a1", "1"):
        if "pattern" in field and not re.fullmatch(as_regex(field["pattern"]), text):
            continue
        if field.get("min", 0) <= len(text) <= field.get("max", 64):
            return text
    sys.exit(f"no text fits {field}")


def strings(fields, path=()):
    """Each string: its field and how to put a text there, from the act down"""
    for name, field in sorted(fields.items()):
        kind = field["1"]
        if kind == "string":
            yield (*path, name), field, lambda act, text, n=name: act.__setitem__(n, text)
        elif kind == "list" and field["of"]["1"] == "string":
            yield (*path, name), field["of"], lambda act, text, n=name: act.__setitem__(n, [text])
        elif kind == "object":
            for where, inner, put in strings(field.get("fields", {}), (*path, name)):
                yield where, inner, lambda act, text, n=name, f=field, p=put: act.__setitem__(n, value(f)) or p(act[n], text)
        elif kind == "list" and field["of"]["1"] == "object":
            for where, inner, put in strings(field["of"].get("fields", {}), (*path, name)):
                yield where, inner, lambda act, text, n=name, f=field, p=put: act.__setitem__(n, value(f)) or p(act[n][0], text)


def line(**parts):
    print(json.dumps(parts, ensure_ascii=False))


NAME = sys.argv[1]
PACK = load(PACKS / NAME)
MATTER = f"{NAME}-1"
first = FIRST[NAME]
line(time="2026-01-05T09:00:00+08:00", office={"id": "own", "name": "own", "owns": ["road"]})
line(office={"id": "other", "name": "other"})
line(actor={"uid": 1, "name": "all", "office": "own", "roles": ["admin"] + [f"{NAME}.{r}" for r in PACK["roles"]]})
line(place={"id": "P", "kind": "market", "name": "P", "office": "own"})
fields = PACK["acts"][first["kind"]]["fields"]
line(uid=1, act={"pack": NAME} | {n: value(f) for n, f in fields.items() if f.get("required")} | first)
line(expect={"matter": {"matter": MATTER}})
count = 0
for kind, act in sorted(PACK["acts"].items()):
    declared = act.get("fields", {})
    for where, field, put in strings(declared):
        for shape in (PLAIN, *SHAPES):
            text = shape if shape is not PLAIN else text_for(field)
            if shape is not PLAIN and ("pattern" in field or len(text) > field.get("max", 64)):
                continue
            one = {n: value(f) for n, f in declared.items() if f.get("required")}
            put(one, text)
            line(uid=1, comment=f"{kind} {'.'.join(where)}", act={"pack": NAME, "kind": kind} | one)
            if shape is PLAIN:
                # Whatever it is refused for, its fields are in order
                line(expect={"none": {"rule": "engine.refused", "text": "field "}})
            else:
                line(expect={"finding": {"rule": "engine.refused", "text": "what looks like"}})
                count += 1
assert count
