#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The audit clock of the place (60 days in Zhejiang, 90 in Shanghai, none elsewhere) and the ten
working days for comments, from days whose ends are plain, off, or month ends; met in its last
second and a second late."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import BLOB, Lines, deadline, plus

sc = Lines("control")
sc.at("2025-03-03")
sc.place(audit=(None, {1: "auditor"}), zj=(None, {}), sh=(None, {}), far=(None, {4: "head"}))
for office, region, parent in (("zhejiang", "zhejiang", "zj"), ("shanghai", "shanghai", "sh")):
    sc.line(time=sc.now, office={"id": parent, "name": parent, "data": {"region": region}})
sc.place(zhejiang=("zj", {2: "head"}), shanghai=("sh", {3: "head"}))
HEADS = {"zhejiang": 2, "shanghai": 3, "far": 4}
jobs = []


def begun(place, received, number, late):
    """An audit whose report was received: both of its clocks"""
    sc.at(received)
    sc.act(1, "audit", no=f"A-{number}", title="Audit", office=place)
    audit = sc.opens()
    sc.act(HEADS[place], "audit-report", audit=audit, report=BLOB)
    m = sc.opens()
    sc.due("comments", deadline("comments", received))
    if place == "far":
        sc.finds("no-period", matter=m)
        return
    last = deadline(f"correction {place}", received)
    sc.due(f"correction-{place}", last)
    done = (plus(last, 1), "00:00:01") if late else (last, "23:59:58")
    jobs.append((*map(str, done), reported, (place, audit, late)))


def reported(place, audit, late):
    sc.act(HEADS[place], "correction-report", audit=audit, report=BLOB, published=True)
    sc.refused(False)
    sc.expect(**{"late" if late else "met": {"clock": f"correction-{place}"}})


number = 0
for received in ("2025-03-04", "2025-07-31", "2025-08-05", "2025-11-03", "2025-11-28", "2025-12-17", "2026-01-31",
                 "2026-02-28", "2026-03-06", "2026-04-22", "2026-08-04"):
    for place in HEADS:
        for late in (False, True):
            number += 1
            jobs.append((received, "09:00:00", begun, (place, received, number, late)))
while jobs:
    jobs.sort(key=lambda one: one[:2])
    date, clock, run, args = jobs.pop(0)
    sc.at(date, clock)
    run(*args)
