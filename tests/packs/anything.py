#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Whatever people say, no act fails: acts of a pack in any order, with any of the values that its fields allow, on whatever
matters there are. They are refused or they are done. Prints lines for `tongbuctl try`.

    anything.py PACK [SEED [COUNT]]"""
import datetime
import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from loader import PACKS, as_regex, load

NAME = sys.argv[1]
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261127
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 600
rng = random.Random(SEED)
PACK = load(PACKS / NAME)
DAYS = ("2024-02-29", "2025-12-30", "2026-01-05", "2026-01-20", "2026-03-01", "2026-05-09", "2027-03-01")
WORDS = ("2026-01", "08:00", "07:00-09:00", "S-1", "R-abcdef", "software.unlicensed", "a1", "1", "abc")
PLAIN = {"boolean": (True, False), "date": DAYS, "time": ("2026-01-05T10:00:00+08:00",), "blob": ("ab" * 32,), "any": DAYS,
         "subject": ("S-1", "S-2", "S-3"), "uid": (1, 2, 3, 4), "office": ("o1", "o2", "o3", "o4"), "place": ("P", "Q"),
         "matter": tuple(f"{NAME}-{n}" for n in range(1, 13))}


def text(field):
    least, most = field.get("min", 0), field.get("max", 64)
    if "pattern" in field:
        return rng.choice([w for w in WORDS if least <= len(w) <= most and re.fullmatch(as_regex(field["pattern"]), w)])
    return rng.choice(("it is so", f"try:{rng.randint(0, 60)}"))[:most].ljust(least, "x")


def value(field):
    kind = field["1"]
    if kind == "string":
        return text(field)
    if kind == "enum":
        return rng.choice(sorted(field["values"].values()))
    if kind == "object":
        return values(field.get("fields", {}))
    if kind == "list":
        return [value(field["of"]) for _ in range(rng.randint(0, min(3, field.get("max", 3))))]
    if kind in ("number", "integer"):
        least, most = int(field.get("min", 0)), int(field.get("max", 100))
        return rng.choice((least, most, rng.randint(least, min(most, least + 60))))
    return rng.choice(PLAIN[kind])


def values(fields):
    """All that must be there, and some of what may"""
    return {name: value(field) for name, field in sorted(fields.items()) if field.get("required") or rng.random() < .45}


def line(**parts):
    print(json.dumps(parts, ensure_ascii=False))


line(time="2026-01-01T09:00:00+08:00", office={"id": "o1", "name": "o1", "kind": "group", "owns": ["road", "clue", "hazard"]})
for name, kind in (("o2", "station"), ("o3", "owner"), ("o4", "police")):
    line(office={"id": name, "name": name, "kind": kind, "parent": "o1", "owns": ["hazard"]})
for uid in range(1, 5):
    line(actor={"uid": uid, "name": f"u{uid}", "office": f"o{uid}", "roles": ["admin"] + [f"{NAME}.{r}" for r in sorted(PACK["roles"])]})
for name, kind in (("P", "market"), ("Q", "river")):
    line(place={"id": name, "kind": kind, "name": name, "office": "o2", "road": "G60", "from_km": 0, "to_km": 200})
now = datetime.datetime(2026, 1, 1, 10)
for _ in range(COUNT):
    now += datetime.timedelta(hours=rng.choice((0, 0, 1, 5, 30, 200)))
    act = rng.choice(sorted(PACK["acts"]))
    line(time=now.isoformat() + "+08:00", uid=rng.randint(1, 4),
         act={"pack": NAME, "kind": act} | values(PACK["acts"][act].get("fields", {})))
    line(expect={"none": {"rule": "engine.failed"}})
