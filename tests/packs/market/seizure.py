#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Taken on the spot: recorded throughout, its approval made up afterwards (Public Security Penalties Law of 2025, Art. 105);
nothing of it before 2026. And an edge that is no edge by its thickness."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import DAGGER, sc, taken
from statute import BLOB, ROWS


def seized():
    for no, (date, spot, recorded) in enumerate((("2025-12-31", True, False), ("2026-01-01", True, False), ("2026-01-05", True, True),
                                                 ("2026-01-06", False, False))):
        new = spot and date >= "2026-01-01"

        def said(item, new=new, recorded=recorded):
            sc.finds("seizure.unrecorded", new and not recorded, matter=item)
            sc.finds("seizure.unapproved", new, matter=item)

        item = taken(date, no, check=said, on_the_spot=spot, recorded=recorded)
        sc.act(4, "seizure-approve", item=item, document=BLOB)
        if not spot:
            sc.refused()
        elif new:
            sc.expect(resolve={})
        sc.act(4, "seizure-approve", item=item, document=BLOB)
        sc.refused()


def edges():
    least = float(next(r["figure"] for r in ROWS if r["id"] == "edge"))
    sc.act(1, "round", place="M", second=2, basis="routine")
    r = sc.opens()
    sc.act(1, "stall", round=r, stall="1", knives=9)
    for no, (edge, sharpened) in enumerate(((least - 0.1, True), (least, True), (least + 0.1, True), (least + 0.1, False))):
        more = {} if sharpened else {"tip_radius": 1, "use": "craft"}
        sc.act(1, "item", round=r, stall="1", no=str(no), **DAGGER | {"sharpened": sharpened, "edge": edge} | more)
        sc.finds("edge.thick", sharpened and edge >= least)


seized()
edges()
