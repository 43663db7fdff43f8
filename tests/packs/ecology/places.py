#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The register of a province, as large as the public figures: 7,373 rivers with
9,380 km in all, 153 lakes, 157 reservoirs, 113 markets, 15 stations, 2,185 wardens.

Names, lengths and extents are made up, and the same each time. Prints lines for
`tongbuctl try`: offices, actors, places; then each place is bound to a warden and the
figures are checked. --plain prints the register alone; --file the places alone, one
object a line, as the act `places` of base takes them; --year after all that a year of
16,944 patrols, 393 clues and 42 cases.
"""
import datetime
import json
import sys

RIVERS, RIVER_KM = 7373, 9380
LAKES, RESERVOIRS, MARKETS = 153, 157, 113
STATIONS, WARDENS = 15, 2185
PATROLS, CLUES, CASES = 16944, 393, 42
WEST, NORTH, STEP = 118.0, 31.2, 0.02


def lengths():
    """Whole tenths of a km for each river, RIVER_KM in all, none without length"""
    tenths = [3 + (i * 7919) % 17 for i in range(RIVERS)]
    rest = RIVER_KM * 10 - sum(tenths)
    for i in range(abs(rest)):
        tenths[(i * 13) % RIVERS] += 1 if rest > 0 else -1
    return [t / 10 for t in tenths]


def places():
    km = lengths()
    number = 0
    for kind, count in (("river", RIVERS), ("lake", LAKES), ("reservoir", RESERVOIRS),
                        ("market", MARKETS)):
        for i in range(1, count + 1):
            west = round(WEST + number % 200 * STEP, 2)
            south = round(NORTH - number // 200 * STEP, 2)
            place = {"id": f"{kind}-{i}", "kind": kind, "name": f"{kind} {i}",
                     "office": f"station-{number % STATIONS + 1}",
                     "data": {"box": [west, south, round(west + STEP, 2), round(south + STEP, 2)]}}
            if kind == "river":
                place.update(river=f"river {i}", length_km=km[i - 1])
            yield place
            number += 1


def act(uid, kind, **fields):
    show({"uid": uid, "act": {"pack": "ecology", "kind": kind, **fields}})


def show(line):
    print(json.dumps(line, separators=(",", ":")))


def year(beats, boxes):
    """Each patrol half an hour at one place; clues among them, some become cases"""
    start = datetime.datetime(2026, 1, 6, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    show({"office": {"id": "water", "name": "Water bureau", "kind": "department"}})
    show({"actor": {"uid": 2, "name": "water", "office": "water", "roles": ["ecology.department"]}})
    show({"actor": {"uid": 3, "name": "deputy", "office": "province", "roles": ["ecology.command"]}})
    matters, clues, cases = len(boxes), 0, 0
    for i in range(PATROLS):
        uid = 10000 + i % WARDENS
        place = beats[uid][i // WARDENS % len(beats[uid])]
        box = boxes[place]
        now = start + datetime.timedelta(seconds=1850 * i)
        show({"time": now.isoformat(), "uid": uid, "act": {
            "pack": "ecology", "kind": "patrol-start", "places": [place], "mode": "foot",
            "device": f"gps-{uid}"}})
        matters += 1
        show({"time": (now + datetime.timedelta(seconds=1800)).isoformat(), "uid": uid, "act": {
            "pack": "ecology", "kind": "fix", "fixes": [
                {"n": i // WARDENS * 3 + n + 1, "t": int(now.timestamp()) + 600 * (n + 1),
                 "lon": round(box[0] + 0.004 * (n + 1), 3), "lat": round(box[1] + 0.01, 3)}
                for n in range(3)]}})
        act(uid, "patrol-end", result="normal")
        if i * CLUES // PATROLS == clues - 1:
            continue
        clues += 1
        matters += 1
        act(uid, "clue", place=place, sort="dumping", text="rubble on the bank")
        clue = f"ecology-{matters}"
        act(1, "dispatch", clue=clue, offices=["water"], ask="look")
        act(2, "answer", clue=clue, result="handled", text="removed")
        if clues * CASES // CLUES == cases:
            act(1, "clue-close", clue=clue, result="handled", text="removed")
            continue
        cases += 1
        matters += 1
        act(1, "case-open", clue=clue, sort="administrative", number=f"2026-{cases}")
        act(3, "case-close", case=f"ecology-{matters}", result="punished", text="fined",
            evidence=["a" * 64])
    act(1, "bulletin", **{"from": "2026-01-06", "to": "2027-01-05"})
    show({"expect": {"notice": {"text": f"{WARDENS} wardens, {len(boxes)} places"}}})
    show({"expect": {"notice": {"text":
          f"{PATROLS} patrols, {CLUES} clues, {CASES} cases"}}})


def main(arg):
    if arg == "--file":
        for place in places():
            show(place)
        return
    show({"time": "2026-01-05T08:00:00+08:00"})
    show({"office": {"id": "province", "name": "Province", "kind": "command", "owns": ["clue"]}})
    show({"actor": {"uid": 1, "name": "commander", "office": "province",
                    "roles": ["ecology.command"]}})
    for i in range(1, STATIONS + 1):
        show({"office": {"id": f"station-{i}", "name": f"Station {i}", "kind": "station",
                         "parent": "province", "owns": ["clue"]}})
    for i in range(WARDENS):
        show({"actor": {"uid": 10000 + i, "name": f"warden {i + 1}",
                        "office": f"station-{i % STATIONS + 1}", "roles": ["ecology.warden"]}})
    beats, boxes = {}, {}
    for number, place in enumerate(places()):
        show({"place": place})
        boxes[place["id"]] = place["data"]["box"]
        beats.setdefault(10000 + number % WARDENS, []).append(place["id"])
    if arg == "--plain":
        return
    for uid, ids in beats.items():
        act(1, "bind", warden=uid, places=ids)
    figures = {"rivers": RIVERS, "river_km": RIVER_KM, "lakes": LAKES, "reservoirs": RESERVOIRS,
               "markets": MARKETS, "stations": STATIONS, "wardens": WARDENS}
    act(1, "register-check", **figures)
    show({"expect": {"none": "finding"}})
    show({"report": {"pack": "ecology", "name": "coverage"}})
    show({"expect": {"report": {"rows": [
        {"kind": "river", "places": RIVERS, "bound": RIVERS, "km": RIVER_KM},
        {"kind": "lake", "places": LAKES}, {"kind": "reservoir", "places": RESERVOIRS},
        {"kind": "market", "places": MARKETS}]}}})
    for name, value in figures.items():
        act(1, "register-check", **{name: value + 1})
        show({"expect": {"finding": {"rule": "register.differs", "text": name}}})
    if arg == "--year":
        year(beats, boxes)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
