#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The public figures of the supermarket, played through the pack.

Near 2,000 heavy vehicles in 8 groups, one of them with 63 companies and 181 drivers;
170 hazards, of which 120 are fixed or under temporary measures and 50, outside the
area, handed over to their owner. Prints lines for `tongbuctl try`.
"""
import json

BLOB = "a" * 64
GROUPS, COMPANIES, DRIVERS, VEHICLES = 8, 63, 181, 1988
DONE, HANDED = 120, 50
CATEGORIES = ("ponding", "pedestrians", "tunnel-gear", "guardrail", "lighting")


class Play:
    """Prints lines and knows the number of the next matter"""

    def __init__(self):
        self.matters = 0

    def show(self, line):
        print(json.dumps(line, separators=(",", ":")))

    def act(self, uid, kind, **fields):
        self.show({"uid": uid, "act": {"pack": "highway", "kind": kind, **fields}})

    def opens(self, uid, kind, **fields):
        self.act(uid, kind, **fields)
        self.matters += 1
        return f"highway-{self.matters}"

    def office(self, name, kind, parent=None, **more):
        self.show({"office": {"id": name, "name": name, "kind": kind, **more,
                              **({"parent": parent} if parent else {})}})

    def actor(self, uid, office, *roles):
        self.show({"actor": {"uid": uid, "name": f"actor {uid}", "office": office,
                             "roles": [f"highway.{role}" for role in roles]}})


def setup(play):
    play.show({"time": "2026-01-05T08:00:00+08:00"})
    play.office("centre", "centre")
    play.office("police", "police", "centre")
    play.office("room", "room", "police")
    play.office("road", "owner", "centre", owns=["hazard"])
    play.office("far", "owner", owns=["hazard"])
    play.actor(1, "police", "manager", "officer")
    play.actor(2, "room", "dispatcher")
    play.actor(3, "room", "gateway")
    play.actor(4, "road", "owner")
    play.actor(5, "far", "owner")
    for name, office, start in (("near", "road", 0), ("away", "far", 200)):
        play.show({"place": {"id": name, "kind": "road", "name": name, "office": office,
                             "road": "G60", "from_km": start, "to_km": start + 199}})


def groups(play):
    spread = VEHICLES - DRIVERS
    for number in range(1, GROUPS + 1):
        group = f"group-{number}"
        play.office(group, "group", "police")
        staff = [number * 100 + i for i in range(4)]
        for i, uid in enumerate(staff):
            play.actor(uid, group, "leader" if i < 2 else "sergeant")
        play.opens(1, "group-open", group=group, room="room", area="centre",
                   leaders=staff[:2], sergeants=staff[2:])
        for i in range(DRIVERS if number == 1 else 1):
            vehicles = 1
            if number > 1:
                vehicles = spread // (GROUPS - 1) + (number - 2 < spread % (GROUPS - 1))
            entry = play.opens(3, "entry", group=group, subject=f"S-{number}-{i}", identity=BLOB,
                               company=f"C-{number}-{i % COMPANIES}", vehicles=vehicles)
            play.act(1, "entry-check", entry=entry, admit=True)


def hazards(play):
    for i in range(DONE + HANDED):
        outside = i % 17 in (0, 4, 8, 11, 14)
        hazard = play.opens(3, "hazard", group="group-1", road="G60",
                            km=i + (200 if outside else 0), category=CATEGORIES[i % 5],
                            text="seen", subject=f"S-1-{i}")
        if outside:
            play.act(2, "hazard-hand", hazard=hazard, office="far", reason="their section")
            if i % 2:
                play.act(5, "hazard-accept", hazard=hazard, number=f"F-{i}")
        elif i % 3:
            play.act(4, "hazard-fix", hazard=hazard, measure="repaired", photos=[BLOB])
            if i % 3 == 2:
                play.act(1, "hazard-verify", hazard=hazard, fixed=True)
        else:
            play.act(4, "hazard-temporary", hazard=hazard, measure="cones", photos=[BLOB])
        play.show({"expect": {"none": "finding"}})


def main():
    play = Play()
    setup(play)
    groups(play)
    hazards(play)
    play.act(1, "bulletin", **{"from": "2026-01-01", "to": "2026-01-31"})
    play.show({"expect": {"notice": {"kind": "bulletin", "text":
               f"hazards: {DONE + HANDED} received, {DONE} fixed or under temporary measures, "
               f"{HANDED} handed over, 0 open"}}})
    play.show({"expect": {"notice": {"text": f"{GROUPS} groups, {COMPANIES + GROUPS - 1} companies, "
               f"{DRIVERS + GROUPS - 1} drivers, {VEHICLES} vehicles"}}})
    play.act(1, "bulletin", group="group-1", **{"from": "2026-01-01", "to": "2026-01-31"})
    play.show({"expect": {"notice": {"group": "group-1", "text":
               f"1 groups, {COMPANIES} companies, {DRIVERS} drivers, {DRIVERS} vehicles"}}})
    play.show({"report": {"pack": "highway", "name": "hazards", "query": {"from": "2026-01-01"}}})
    play.show({"expect": {"report": {"rows": [{"category": "all", "received": DONE + HANDED,
               "done": DONE, "handed": HANDED, "open": 0}]}}})
    play.show({"report": {"pack": "highway", "name": "groups"}})
    play.show({"expect": {"report": {"rows": [{"group": "group-1", "companies": COMPANIES,
               "drivers": DRIVERS}]}}})
    play.act(1, "bulletin", **{"from": "2026-02-01", "to": "2026-02-28"})
    play.show({"expect": {"notice": {"text": "hazards: 0 received"}}})
    play.act(1, "bulletin", **{"from": "2026-02-01", "to": "2026-01-31"})
    play.show({"expect": {"finding": {"rule": "engine.refused", "text": "ends before it begins"}}})
    play.act(1, "points-check")
    play.show({"expect": {"none": "finding"}})


if __name__ == "__main__":
    main()
