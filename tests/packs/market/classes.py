#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The classes of knives: every figure of the notice of 2007, a step below, on it and
above. Prints records and what is expected of them."""
import itertools
import json

STEP = 0.1
BASE = {
    "blade": 100, "tip_angle": 45, "edges": "single", "hilt": False, "guard": False,
    "blood_groove": False, "folding": False, "spring": False, "self_lock": False,
    "sharpened": True,
}
RULES = ["clause.1", "clause.2", "clause.3", "clause.4", "clause.5", "exempt", "ethnic", "boundary", "ceramic"]

DAGGER = {"hilt": True, "guard": True, "blood_groove": True, "blade": 100}
BLUNT = {"sharpened": False, "use": "craft"}

# measures, rules that must fire (and no others)
TABLE = [
    # clause (1): tip angle under 60, hilt, guard and blood groove
    (dict(DAGGER, tip_angle=60 - STEP), {"clause.1"}),
    (dict(DAGGER, tip_angle=60), {"boundary"}),
    (dict(DAGGER, tip_angle=60 + STEP), set()),
    (dict(DAGGER, tip_angle=45, hilt=False), set()),
    (dict(DAGGER, tip_angle=45, guard=False), set()),
    (dict(DAGGER, tip_angle=45, blood_groove=False), set()),
    (dict(DAGGER, tip_angle=45, edges="double"), {"clause.1"}),
    (dict(DAGGER, tip_angle=45, edges="triple"), {"clause.1"}),
    (dict(DAGGER, tip_angle=45, edges="multi"), {"clause.1"}),
    # clause (2): a three-edged scraper, of any length and angle
    (dict(scraper=True, edges="triple", tip_angle=90, blade=1), {"clause.2"}),
    (dict(scraper=True, edges="double", tip_angle=90), set()),
    (dict(scraper=False, edges="triple", tip_angle=90), set()),
    # clause (3): spring or folding, with self-lock
    (dict(folding=True, self_lock=True, tip_angle=90), {"clause.3"}),
    (dict(spring=True, self_lock=True, tip_angle=90), {"clause.3"}),
    (dict(folding=True, self_lock=False, tip_angle=90), set()),
    (dict(spring=True, self_lock=False, tip_angle=90), set()),
    (dict(self_lock=True, tip_angle=90), set()),
    # clause (4): tip angle under 60 and blade over 150
    (dict(tip_angle=60 - STEP, blade=150 - STEP), set()),
    (dict(tip_angle=60 - STEP, blade=150), {"boundary"}),
    (dict(tip_angle=60 - STEP, blade=150 + STEP), {"clause.4"}),
    # on the angle: neither (4) nor (5), whatever the length
    (dict(tip_angle=60, blade=100), {"boundary"}),
    (dict(tip_angle=60, blade=150), {"boundary"}),
    (dict(tip_angle=60, blade=150 + STEP), {"boundary"}),
    (dict(tip_angle=60, blade=220), {"boundary"}),
    (dict(tip_angle=60, blade=220 + STEP), {"boundary"}),
    # clause (5): tip angle over 60 and blade over 220
    (dict(tip_angle=60 + STEP, blade=150 + STEP), set()),
    (dict(tip_angle=60 + STEP, blade=220 - STEP), set()),
    (dict(tip_angle=60 + STEP, blade=220), {"boundary"}),
    (dict(tip_angle=60 + STEP, blade=220 + STEP), {"clause.5"}),
    (dict(tip_angle=60 - STEP, blade=220), {"clause.4"}),
    # exempt: not sharpened and tip radius over 2.5
    (dict(BLUNT, tip_radius=2.5 - STEP, blade=300), {"clause.4"}),
    (dict(BLUNT, tip_radius=2.5, blade=300), {"boundary"}),
    (dict(BLUNT, tip_radius=2.5 + STEP, blade=300), {"exempt"}),
    (dict(BLUNT, tip_radius=2.5 + STEP, use="martial", blade=300), {"exempt"}),
    (dict(BLUNT, tip_radius=2.5 + STEP, use="gift", blade=300), {"exempt"}),
    (dict(BLUNT, tip_radius=2.5 + STEP, use="other", blade=300), {"boundary"}),
    (dict(tip_radius=2.5 + STEP, use="craft", blade=300), {"clause.4"}),
    (dict(BLUNT, tip_radius=3, folding=True, self_lock=True), {"exempt"}),
    (dict(BLUNT, tip_radius=2.5, folding=True, self_lock=True), {"boundary"}),
    # any one suffices; a limit elsewhere does not matter then
    (dict(folding=True, self_lock=True, blade=150, tip_angle=45), {"clause.3"}),
    (dict(folding=True, self_lock=True, tip_angle=60), {"clause.3"}),
    (dict(DAGGER, tip_angle=45, blade=151, folding=True, self_lock=True),
     {"clause.1", "clause.3", "clause.4"}),
    # knives of ethnic minorities: always a person
    (dict(ethnic=True), {"ethnic"}),
    (dict(DAGGER, ethnic=True), {"ethnic"}),
    (dict(BLUNT, tip_radius=3, ethnic=True), {"ethnic"}),
]
# ceramics: controlled by the same measures, and by no others (公复字〔2010〕1号)
TABLE += [(dict(measures, ceramic=True), rules | ({"ceramic"} if any(rule.startswith("clause") for rule in rules) else set()))
          for measures, rules in TABLE]
TABLE += [(dict(tip_angle=60 - STEP, blade=150 + STEP, edges=edges), {"clause.4"})
          for edges in ("single", "double", "triple", "multi")]
TABLE += [(dict(tip_angle=60 + STEP, blade=220 + STEP, edges=edges), {"clause.5"})
          for edges in ("single", "double", "triple", "multi")]

FROM = {"ceramic": "2010-04-07"}
CLASS = {"clause": "counts as a controlled knife", "exempt": "is exempt", "boundary": "an appraiser examines the knife",
         "ethnic": "an appraiser examines the knife", "": "No clause fits"}


def line(**fields):
    print(json.dumps(fields, ensure_ascii=False))


def main():
    line(time="2026-03-02T08:00:00+08:00", office={"id": "station", "name": "Police station"})
    line(actor={"uid": 1001, "name": "A", "office": "station", "roles": ["market.inspector"]})
    line(actor={"uid": 1002, "name": "B", "office": "station", "roles": ["market.inspector"]})
    line(place={"id": "M-1", "kind": "market", "name": "Market", "office": "station"})
    line(uid=1001, act={"pack": "market", "kind": "round", "place": "M-1", "second": 1002, "basis": "routine"})
    line(uid=1001, act={"pack": "market", "kind": "stall", "round": "market-1", "stall": "1", "knives": 1})
    for number, (measures, rules) in zip(itertools.count(1), TABLE):
        item = dict(BASE, **measures)
        line(uid=1001, comment=f"{measures} -> {sorted(rules)}",
             act=dict(pack="market", kind="item", round="market-1", stall="1", no=str(number), **item))
        # no refusal, no failure, none of the other rules
        expect = [{"none": {"rule": rule}} for rule in RULES if rule not in rules]
        expect += [{"none": {"rule": "engine.refused"}}, {"none": {"rule": "failed"}}]
        expect += [{"finding": {"rule": rule, "law": {"mark": "S", "from": FROM.get(rule, "2007-01-14")}}} for rule in sorted(rules)]
        first = (sorted(rules - {"ceramic"}) or [""])[0].split(".")[0]
        expect.append({"notice": {"kind": "slip", "text": CLASS[first]}})
        # every clause is on the slip, met or not
        for clause in ("clause (1)", "clause (2)", "clause (3)", "clause (4)", "clause (5)", "exemption"):
            expect.append({"notice": {"kind": "slip", "text": clause + ": "}})
        referred = bool(rules & {"boundary", "ethnic"})
        expect.append({"move": {"stage": "referred"}} if referred else {"none": "move"})
        expect.append({"none": "close"})
        for wanted in expect:
            line(expect=wanted)


main()
