#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""COUNT cases to be judged, half of them knives and half commutations: facts.py COUNT

Each line is a question for `tongbuctl try`, and the peer reads the same lines. What a
commutation's facts may be is read from the pack's tables, so that each of their limits is
met, missed and hit; the numbers are the same in each run.
"""
import csv
import json
import pathlib
import random
import re
import sys

DATA = pathlib.Path(__file__).resolve().parents[3] / "daemon/packs/sentence/data"
TERM = re.compile(r"!?([\w.]+)(?:(?:[<>!]=?|=|~)(\S+))?")


def rows(name):
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    unit = re.fullmatch(r"(\d+)(y|mo|d)?", text)
    return int(unit[1]) * (12 if unit[2] == "y" else 1) if unit else text


def known_values():
    """What the conditions of a commutation compare each fact with"""
    values = {}
    for row in rows("conditions"):
        if "commutation" not in row["case"].split():
            continue
        for term in re.split(r"[\s;]+", " ".join((row["when"], row["unless"], row["relax"]))):
            found = TERM.fullmatch(term)
            if found:
                values.setdefault(found[1], []).extend(map(number, (found[2] or "").split("|") if found[2] else []))
        if row["fact"]:
            values.setdefault(row["fact"], [])
    return {name: seen for name, seen in sorted(values.items()) if not name.startswith("found.")}


def a_day(dice, first, last):
    return f"{dice.randint(first, last)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def a_fact(dice, kind, values):
    if kind == "number":
        near = [v for v in values if isinstance(v, int)] or [6, 12, 24, 60, 120]
        return max(0, dice.choice(near) + dice.randint(-1, 1))
    if kind == "span":
        return {"from": a_day(dice, 2010, 2026), "to": "2026-11-20"}
    if kind == "text":
        return dice.choice(values) if values else "text"
    return dice.sample(values, min(len(values), dice.randint(0, 2))) if kind == "list" else True


def commutation(dice, values, kinds):
    facts = {"on": "2026-11-20"}
    for name, seen in values.items():
        kind = kinds.get(name, "flag")
        if dice.random() < (0.9 if kind != "flag" else 0.2):
            facts[name] = a_fact(dice, kind, seen)
    return {"pack": "sentence", "name": "judge", "query": facts}


def knife(dice):
    facts = {"blade": dice.choice((90, 149.5, 150, 150.5, 180, 220, 220.5, 260)),
             "tip_angle": dice.choice((30, 59, 60, 61, 75)), "edges": dice.choice(("single", "double", "triple", "multi")),
             "tip_radius": dice.choice((2, 2.5, 3)), "use": dice.choice(("martial", "craft", "gift", "other"))}
    for name, often in (("hilt", .8), ("guard", .5), ("blood_groove", .4), ("folding", .3), ("spring", .2), ("self_lock", .3),
                        ("scraper", .1), ("sharpened", .8), ("ethnic", .05)):
        facts[name] = dice.random() < often
    return {"pack": "market", "name": "judge", "query": facts}


def main(count):
    dice, values = random.Random(2026), known_values()
    kinds = {row["id"]: row["type"] for row in rows("facts")}
    for i in range(count):
        print(json.dumps({"report": commutation(dice, values, kinds) if i % 2 else knife(dice)}))


main(int(sys.argv[1]))
