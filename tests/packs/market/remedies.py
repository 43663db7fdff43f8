#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A file stays open for as long as the holder may ask for reconsideration; who objects afterwards is
heard, and what is upheld has its effect."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import Lines, day, deadline, plus

DAGGER = {"blade": 120, "tip_angle": 45, "edges": "double", "hilt": True, "guard": True, "blood_groove": True,
          "folding": False, "spring": False, "self_lock": False, "sharpened": True}
sc = Lines("market")
sc.at("2025-06-02")
sc.place(county=(None, {3: "officer", 8: "officer appraiser"}), st=("county", {1: "inspector", 2: "inspector", 4: "officer"}),
         store=("county", {5: "keeper"}))
sc.line(place={"id": "M", "kind": "market", "name": "Market", "office": "st"})


def archived():
    """Decided on: plain days, ends on days off, on month ends"""
    begin = day("2025-06-03")
    for no in range(5):
        for late in (0, 1):
            # 60 days on, the next from a day after: now on a plain day, now over a holiday
            last = deadline("archive", begin)
            sc.at(begin, "08:00:00")
            sc.act(1, "round", place="M", second=2, basis="routine")
            r = sc.opens()
            sc.act(1, "stall", round=r, stall="1", knives=1)
            sc.act(1, "item", round=r, stall="1", no=str(no), **DAGGER)
            item = sc.opens()
            sc.act(1, "explain", item=item, language="zh", understood=True)
            sc.act(1, "round-close", round=r)
            sc.act(4, "decide", item=item, outcome="handover", to="store", reason="clause (1)")
            sc.act(5, "receive", item=item, store="shelf")
            sc.at(last, "23:00:00")
            sc.act(4, "archive", item=item)
            sc.refused(text=str(last))
            sc.at(plus(last, 1), "09:00:00")
            sc.act(4, "archive", item=item)
            sc.refused(False)
            sc.expect(close={"matter": item})
            sc.act(99, "object", item=item, text="it is not mine")
            sc.refused(False)
            sc.finds("objection.late")
            o = sc.opens()
            sc.act(8, "review", item=item, upheld=bool(late), reason="looked again")
            sc.expect(**({"move": {"matter": o, "stage": "upheld"}} if late else {"close": {"matter": o}}))
            if late:
                sc.act(5, "give-back", item=o)
                sc.expect(close={"matter": o, "stage": "returned"})
            begin = plus(last, 2 + no)


archived()
