#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""How long one may ask for reconsideration: 60 days from knowing, a year for who was not told; the
request is examined in five working days. Over holidays and ends of months."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import asks, sc, taken
from statute import day, deadline, plus


def late(item, told, off):
    r = asks(item, told=told)
    sc.finds("reconsider.late", off > 0, matter=r)
    sc.due("examine", deadline("reconsider examine", sc.now[:10]))
    sc.act(4, "archive", item=item)
    sc.refused(text="reconsideration")
    sc.act(9, "reconsider-refuse", request=r, reason="no ground")
    sc.expect(close={"matter": r, "stage": "refused"})


def times():
    """60 days from knowing, a year for who was not told; five working days to examine"""
    jobs = []
    for no, begin in enumerate(("2025-06-03", "2025-08-02", "2025-08-04", "2025-10-31", "2025-11-30")):
        for told in (True, False):
            for off in (-1, 0, 1):
                last = deadline("archive" if told else "reconsider untold", begin)
                jobs.append((day(begin), len(jobs), told, off, None))
                jobs.append((plus(last, off), len(jobs), told, off, len(jobs) - 1))
    items = {}
    for when, no, told, off, of in sorted(jobs, key=lambda j: (j[0], j[4] is not None, j[1])):
        if of is None:
            items[no] = taken(when, no)
        else:
            sc.at(when)
            late(items[of], told, off)


times()
