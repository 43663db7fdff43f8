#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The audit clock of the place (60 days in Zhejiang, 90 in Shanghai, none elsewhere) and the ten
working days for comments, from days whose ends are plain, off, or month ends; met in its last
second and a second late."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import BLOB, Lines, deadline, last_second, plus

sc = Lines("control")
sc.at("2025-03-03")
sc.place(audit=(None, {1: "auditor"}), zj=(None, {}), sh=(None, {}), far=(None, {4: "head"}), gov=(None, {5: "head"}))
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


def decided(delivered, number, off):
    """Regulation 52: the ruling asked for on the last day, a day before it, a day late; given within its time, extended once"""
    sc.act(1, "audit", no=f"F-{number}", title="Audit", office="zhejiang")
    audit = sc.opens()
    asks = plus(deadline("finance ask", delivered), off)
    jobs.append((str(asks), "10:00:00", asked, (audit, delivered, asks, off)))


def asked(audit, delivered, asks, off):
    sc.act(2, "ruling-ask", audit=audit, to="gov", delivered=delivered, decision=BLOB)
    m = sc.opens()
    sc.finds("ruling.late", off > 0, matter=m)
    sc.due("finance-ruling", deadline("finance ruling", asks))
    sc.act(2, "ruling-ask", audit=audit, to="gov", delivered=delivered, decision=BLOB)
    sc.refused()
    sc.act(5, "ruling-extend", audit=audit, reason="complex")
    last = deadline("finance ruling", asks, 1)
    sc.expect(extend={"clock": "finance-ruling", "due": last_second(last)})
    sc.act(5, "ruling-extend", audit=audit, reason="complex")
    sc.refused()
    done = (plus(last, 1), "00:00:01") if off else (last, "23:59:58")
    jobs.append((*map(str, done), ruled, (audit, off)))


def ruled(audit, off):
    sc.act(2, "ruling", audit=audit, result="kept", reason="in order", document=BLOB)
    sc.refused()
    sc.act(5, "ruling", audit=audit, result="kept", reason="in order", document=BLOB)
    sc.expect(**{"late" if off else "met": {"clock": "finance-ruling"}})


number = 0
for day_delivered in ("2025-03-04", "2025-08-05", "2025-12-17", "2026-02-28"):
    for day_off in (-1, 0, 1):
        number += 1
        jobs.append((day_delivered, "09:30:00", decided, (day_delivered, number, day_off)))
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
