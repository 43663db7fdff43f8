#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reports of one danger are one hazard by their distance, 100 m, wherever the kilometre changes, however the road is
written; another category, road or side of the road is another hazard. One metre below, at and above."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import Lines

sc = Lines("highway")
sc.at("2026-01-05")
sc.place(hp=(None, {1: "manager", 203: "sergeant", 204: "sergeant"}), room=("hp", {9: "gateway"}),
         g1=("hp", {201: "leader", 202: "leader"}), road=("hp", {3: "owner"}))
for name, kind in (("g1", "group"), ("room", "room"), ("road", "owner")):
    sc.line(time=sc.now, office={"id": name, "name": name, "kind": kind, "parent": "hp"} | ({"owns": ["hazard"]} if kind == "owner" else {}))
sc.line(place={"id": "a", "kind": "road", "name": "a", "office": "road", "road": "G60", "from_km": 0, "to_km": 400})
sc.act(1, "group-open", group="g1", room="room", area="hp", leaders=[201, 202], sergeants=[203, 204])
sc.opens()


def reports(km, category="ice", road="G60", **more):
    sc.act(9, "hazard", group="g1", road=road, km=round(km, 4), category=category, text="seen by a driver", **more)


def known(m):
    sc.expect(none="matter")
    sc.expect(none={"rule": "engine.refused"})


base = 20
for at in (0, 0.05, 0.9, 0.9999, 0.5):
    for metres in (-101, -100, -99, -1, 0, 1, 99, 100, 101):
        base += 2
        reports(base + at)
        m = sc.opens()
        sc.expect(matter={"matter": m})
        reports(base + at + metres / 1000, road=" g60 " if metres % 2 else "Ｇ６０")
        if abs(metres) <= 100:
            known(m)
        else:
            sc.expect(matter={"matter": sc.opens()})
# Of two the nearest; another category, another side; both sides are either's
base += 2
reports(base, direction="up")
first = sc.opens()
for kw, new in (({"category": "debris"}, True), ({"direction": "down"}, True), ({"direction": "both"}, False), ({"direction": "up"}, False)):
    reports(base + 0.01, **kw)
    sc.expect(matter={"matter": sc.opens()}) if new else known(first)
