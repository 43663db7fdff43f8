# SPDX-License-Identifier: GPL-2.0-only
"""A market, its police, who keeps knives and the reconsideration organ: lines for `tongbuctl try`. Imported
by what stands beside it."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import Lines, deadline, plus

DAGGER = {"blade": 120, "tip_angle": 45, "edges": "double", "hilt": True, "guard": True, "blood_groove": True,
          "folding": False, "spring": False, "self_lock": False, "sharpened": True}
sc = Lines("market")
sc.at("2025-06-02")
sc.place(county=(None, {3: "officer"}), gov=(None, {8: "reconsideration", 9: "reconsideration"}),
         st=("county", {1: "inspector", 2: "inspector", 4: "officer reconsideration"}), store=("county", {5: "keeper"}))
sc.line(place={"id": "M", "kind": "market", "name": "Market", "office": "st"})


def taken(date, no, archived=False, check=None, **decision):
    """A knife handed over; @check: what is said of the decision"""
    sc.at(date, "08:00:00")
    sc.act(1, "round", place="M", second=2, basis="routine")
    r = sc.opens()
    sc.act(1, "stall", round=r, stall="1", knives=1)
    sc.act(1, "item", round=r, stall="1", no=str(no), **DAGGER)
    item = sc.opens()
    sc.act(1, "explain", item=item, language="zh", understood=True)
    sc.act(1, "round-close", round=r)
    sc.act(4, "decide", item=item, outcome="handover", to="store", reason="clause (1)", **decision)
    if check:
        check(item)
    sc.act(5, "receive", item=item, store="shelf")
    if archived:
        sc.at(plus(deadline("archive", date), 1))
        sc.act(4, "archive", item=item)
        sc.expect(close={"matter": item})
    return item


def asks(about, **more):
    sc.act(8, "reconsider", about=about, **more)
    return sc.opens()
