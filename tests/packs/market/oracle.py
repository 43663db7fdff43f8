#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Figures of the Public Security Penalties Law, one below, at and one above, on the last day of an old text and the first of a new one."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import BLOB, Lines, day, deadline, figure, last_second, plus, row

sc = Lines("market")
sc.at("2025-06-02")
sc.place(county=(None, {3: "officer"}), st=("county", {4: "officer"}))
cases, jobs = 0, []


def job(date, run, *args):
    """Jobs of a day each, done in the order of their days"""
    jobs.append((str(date), len(jobs), run, args))


def case(date, conduct, committed=None, discovered=None):
    global cases
    cases += 1
    sc.at(date)
    sc.act(4, "case", no=f"C-{cases}", conduct=conduct, committed=committed or date, discovered=discovered)
    return sc.opens()


def penalty(date, conduct, found, **fields):
    """Rules and whether each is found"""
    m = case(date, conduct)
    sc.act(4, "penalty", case=m, document=BLOB, **fields)
    for rule, is_found in found.items():
        sc.finds(rule, is_found, matter=m)


def fines():
    for date in ("2025-12-31", "2026-01-01", "2026-11-20"):
        for conduct, minor, name in (("carrying", False, "carrying fine"), ("carrying", True, "carrying fine minor"),
                                     ("public-place", False, "public fine")):
            most = figure(name, date)
            for fine in (most - 1, most, most + 1):
                job(date, penalty_of, date, conduct, fine, most, minor)


def penalty_of(date, conduct, fine, most, minor):
    penalty(date, conduct, {"fine": fine > most}, fine=fine, minor=minor, detention=5 if conduct == "public-place" else 0)


def detained(date, conduct, days):
    if conduct == "carrying":
        penalty(date, conduct, {"detention": days > figure("carrying detention", date)}, detention=days)
        return
    penalty(date, conduct, {"detention": days > figure("public detention most", date),
                            "detention.short": days < figure("public detention least", date)}, detention=days)


def detentions():
    for date in ("2025-12-31", "2026-01-01"):
        for days in range(0, 13):
            job(date, detained, date, "public-place", days)
            job(date, detained, date, "carrying", days)
        job(date, lambda d: penalty(d, "carrying", {"detention": True}, detention=1, minor=True), date)


def period(date):
    m = case(date, "carrying")
    sc.due("case-period", deadline("case period", date))
    for times in range(1, int(row("case period", date)["times"]) + 1):
        sc.act(4, "case-extend", case=m, reason="witnesses")
        sc.expect(extend={"clock": "case-period", "due": last_second(deadline("case period", date, times))})
    sc.act(4, "case-extend", case=m, reason="witnesses")
    sc.refused()
    sc.act(4, "case-close", case=m, reason="dropped")
    sc.expect(close={"matter": m})


def paused(date, begun, over):
    """118: days of an expert opinion or a hearing are not counted, here and behind an extension"""
    m = case(date, "carrying")
    why = "expert" if over % 2 else "hearing"
    begins, ends = plus(day(date), begun), plus(day(date), begun + over)
    sc.at(begins)
    sc.act(4, "case-pause", case=m, why=why)
    sc.expect(paused={"clock": "case-period"})
    sc.act(4, "case-pause", case=m, why=why)
    sc.refused()
    # nothing is due while it stands still
    sc.at(ends)
    sc.expect(none={"rule": "clock.case-period", "matter": m})
    sc.act(4, "case-resume", case=m)
    begin = plus(day(date), over)
    sc.due_if(over > 0, "case-period", deadline("case period", begin))
    sc.act(4, "case-extend", case=m, reason="witnesses")
    last = deadline("case period", begin, 1)
    sc.expect(extend={"clock": "case-period", "due": last_second(last)})
    sc.at(last, "23:59:58")
    sc.expect(none={"rule": "clock.case-period", "matter": m})
    sc.at(plus(last, 1), "00:00:01")
    sc.act(4, "case-extend", case=m, reason="late")
    sc.finds("clock.case-period", matter=m)
    sc.act(4, "case-close", case=m, reason="dropped")


def crime():
    """Criminal Law 130: never decided here"""
    for conduct in ("carrying", "public-place"):
        for serious in (False, True):
            sc.at(plus(day(sc.now[:10]), 1))
            sc.act(4, "case", no=f"S-{conduct}-{serious}", conduct=conduct, committed=sc.now[:10], serious=serious)
            sc.finds("crime", serious and conduct == "public-place", matter=sc.opens())


def pursued(on, committed, seen, late):
    m = case(on, "carrying", committed, seen)
    sc.finds("pursued", late, matter=m)


def periods():
    """30 days from filing, 30 more twice; what was not discovered for 6 months is not pursued"""
    for date in ("2026-01-05", "2026-01-16", "2026-01-24", "2026-03-06", "2026-08-28", "2026-09-01"):
        job(date, period, date)
    for committed in ("2025-08-31", "2025-09-01", "2025-11-30", "2026-01-31"):
        most = plus(day(committed), months=figure("not pursued", "2026-02-01"))
        for off in (-1, 0, 1):
            seen = plus(most, off)
            job(max(seen, day("2026-09-02")), pursued, str(max(seen, day("2026-09-02"))), committed, seen, off > 0)


def on_the_spot():
    date = "2026-12-01"
    most = figure("spot fine", date)
    for fine in (most - 1, most, most + 1):
        penalty(date, "carrying", {"spot.fine": fine > most}, fine=fine, on_the_spot=True)
    for officers, recorded, disputed in ((1, True, False), (1, False, False), (1, True, True), (2, False, True)):
        penalty(date, "carrying", {"spot.alone": officers == 1 and (disputed or not recorded)}, fine=100, on_the_spot=True,
                officers=officers, recorded=recorded, disputed=disputed)
    for clock, late in (("08:59:59", False), ("09:00:01", True)):
        date = str(plus(day(date), 2))
        m = case(date, "carrying")
        sc.act(4, "penalty", case=m, fine=100, on_the_spot=True, document=BLOB)
        sc.at(plus(day(date), figure("spot filed", date) // 24), clock)
        sc.act(4, "penalty-filed", case=m)
        sc.finds("clock.filed", late, matter=m)


for part in (fines, detentions, periods):
    part()
for _, _, run, args in sorted(jobs, key=lambda one: one[:2]):
    run(*args)
on_the_spot()
crime()
sc.at(plus(day(sc.now[:10]), 40))
for at_day, length in ((0, 1), (1, 29), (29, 30), (30, 31), (30, 100), (10, 0)):
    paused(str(plus(day(sc.now[:10]), 1)), at_day, length)
