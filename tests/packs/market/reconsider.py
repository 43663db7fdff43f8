#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The reconsideration organ: its clocks and their extension, silence that accepts, and what a revoked
act does to a knife or a penalty. By the statutes."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import asks, sc, taken
from statute import BLOB, day, deadline, last_second, plus


def course(begin, complete, simple, result, archived=False):
    item = taken(begin, 2, archived)
    now = day(sc.now[:10])
    r = asks(item)
    sc.act(8, "reconsider", about=item)
    sc.refused()
    if complete:
        now = plus(now, 1)
        sc.at(now)
        sc.act(8, "reconsider-incomplete", request=r, reason="no copy of the decision")
        sc.due("complete", deadline("reconsider complete", now))
        now = plus(now, 4)
        sc.at(now)
        sc.act(8, "reconsider-complete", request=r)
        sc.due("examine", deadline("reconsider examine", now))
    else:
        # Nobody says anything: accepted on the last day
        now = deadline("reconsider examine", now)
        sc.at(plus(now, 1))
        sc.line(time=sc.now)
        sc.expect(move={"matter": r, "stage": "accepted"})
        sc.due("reconsider-decision", deadline("reconsider decision", now))
    name = "reconsider-simple" if simple and complete else "reconsider-decision"
    if complete:
        sc.act(4, "reconsider-accept", request=r, procedure="simple")
        sc.refused()
        sc.act(8, "reconsider-accept", request=r, procedure="simple" if simple else "ordinary")
        sc.due(name, deadline(name.replace("-", " "), now))
    if name == "reconsider-decision":
        sc.act(8, "reconsider-extend", request=r, reason="complex")
        sc.expect(extend={"clock": name, "due": last_second(deadline("reconsider decision", now, 1))})
        sc.act(8, "reconsider-extend", request=r, reason="again")
        sc.refused()
    last = deadline(name.replace("-", " "), now, 1 if name == "reconsider-decision" else 0)
    sc.at(last, "23:00:00")
    sc.act(9, "reconsider-decide", request=r, result=result, reason="looked", document=BLOB)
    sc.expect(met={"clock": name})
    sc.finds("overturned", result == "revoked", matter=r)
    if result != "revoked":
        sc.expect(close={"matter": r, "stage": "decided"})
        return
    what = r if archived else item
    sc.expect(clock={"clock": "giveback", "matter": what})
    sc.at(plus(last, 1))
    sc.act(9, "give-back", item=what)
    sc.refused()
    sc.act(5 if archived else 1, "give-back", item=what)
    sc.expect(close={"matter": what, "stage": "returned"})


def penalties():
    begin = plus(day(sc.now[:10]), 1)
    for spot, result in ((True, "revoked"), (False, "kept")):
        sc.at(begin)
        sc.act(4, "case", no=f"C-{spot}", conduct="carrying", committed=begin)
        c = sc.opens()
        sc.act(8, "reconsider", about=c)
        sc.refused(text="neither")
        sc.act(4, "penalty", case=c, fine=300, on_the_spot=spot, document=BLOB)
        r = asks(c)
        sc.act(8, "reconsider-accept", request=r, procedure="simple")
        sc.act(8, "reconsider-decide", request=r, result=result, reason="looked", document=BLOB)
        sc.expect(**({"task": {"office": "st", "key": "lapsed"}} if result == "revoked" else {"close": {"matter": r}}))
        begin = plus(begin, 2)


# What ends in 2026: of later years nobody has told the days off
begin = day("2025-06-04")
for n, (complete, simple, result, archived) in enumerate((
        (True, False, "kept", False), (True, True, "revoked", False), (False, False, "revoked", True),
        (True, False, "revoked", True), (False, False, "unlawful", False))):
    course(begin, complete, simple, result, archived)
    begin = plus(day(sc.now[:10]), 2 + n)
penalties()
