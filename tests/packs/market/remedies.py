#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A file stays open for as long as the holder may ask for reconsideration; who objects afterwards is
heard, and what is upheld has its effect."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import sc, taken
from statute import day, deadline, plus


def archived():
    """Decided on: plain days, ends on days off, on month ends"""
    begin = day("2025-06-03")
    for no in range(5):
        for late in (0, 1):
            # 60 days on, the next from a day after: now on a plain day, now over a holiday
            last = deadline("archive", begin)
            item = taken(begin, no)
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
            sc.act(3, "review", item=item, upheld=bool(late), reason="looked again")
            sc.expect(**({"move": {"matter": o, "stage": "upheld"}} if late else {"close": {"matter": o}}))
            if late:
                sc.act(5, "give-back", item=o)
                sc.expect(close={"matter": o, "stage": "returned"})
            begin = plus(last, 2 + no)


archived()
