#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The clocks of the Petition Regulations, from days whose ends are plain, off, or month ends: receipt,
objection of the wrong office, settling and its extension, review asked for and answered, twice."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from statute import Lines, deadline, last_second, plus, row

sc = Lines("community")
sc.at("2025-02-10")
sc.place(city=(None, {7: "answerer", 8: "publisher"}), county=("city", {5: "answerer", 6: "publisher"}),
         town=("county", {1: "organiser", 2: "answerer", 3: "publisher"}))
sc.line(place={"id": "V", "kind": "village", "name": "Village", "office": "town"})
sc.place(zj=(None, {}), hz=("zj", {11: "answerer"}))
sc.line(time=sc.now, office={"id": "zj", "name": "zj", "data": {"region": "zhejiang"}})
sc.line(place={"id": "W", "kind": "village", "name": "Village", "office": "hz"})
BY = ((2, 3), (5, 6), (7, 8))
jobs = []


def at(date, run, *args, clock="09:00:00"):
    jobs.append((str(date), clock, len(jobs), run, args))


def received(date, late):
    sc.act(99, "suggestion", topic="road", place="V", text="the road was never built", petition=True)
    m = sc.opens()
    sc.due("petition-receipt", deadline("petition receipt", date))
    at(deadline("petition receipt", date), taken, m, date, late, clock="23:59:58")


def taken(m, date, late):
    """On the last day, whose second is not over"""
    day = sc.now[:10]
    sc.act(2, "take", suggestion=m)
    sc.expect(met={"clock": "petition-receipt"})
    sc.due("petition-settle", deadline("petition settle", day))
    sc.act(2, "answer-extend", suggestion=m, reason="survey")
    last = deadline("petition settle", day, int(row("petition settle", day)["times"]))
    sc.expect(extend={"clock": "petition-settle", "due": last_second(last)})
    sc.act(2, "answer-extend", suggestion=m, reason="survey")
    sc.refused()
    answer(m, 0, "petition-settle", late)


def answer(m, level, clock, late):
    """Answered and published at once; then a review is asked for on the last day, or a day late"""
    answerer, publisher = BY[level]
    day = sc.now[:10]
    sc.act(answerer, "answer", suggestion=m, outcome="declined", zh="暂无计划")
    sc.expect(met={"clock": clock})
    sc.act(publisher, "publish", suggestion=m)
    sc.expect(move={"stage": "published"})
    last = deadline("petition review asked", day)
    if late and level == 1:
        at(plus(last, 1), asked_late, m, clock="00:00:01")
    else:
        at(last, asked, m, level, late, clock="23:59:58")


def asked(m, level, late):
    day = sc.now[:10]
    sc.act(99, "satisfaction", receipt=m, satisfied=False)
    if level == 2:
        # Asked twice: final
        sc.finds("dissatisfied")
        sc.expect(close={"matter": m})
        return
    sc.expect(move={"stage": "reopened"})
    sc.due("petition-review", deadline("petition review", day))
    at(deadline("petition review", day), reviewed, m, level + 1, late, clock="23:59:58")


def asked_late(m):
    sc.act(99, "satisfaction", receipt=m, satisfied=False)
    sc.finds("dissatisfied", text="late")
    sc.expect(close={"matter": m})


def reviewed(m, level, late):
    sc.act(BY[level][0], "take", suggestion=m)
    answer(m, level, "petition-review", late)


def zhejiang(date, off, more):
    """The text of 2016: 5 working days, 30 days, 60 more; each tells, none decides. Elsewhere nothing of it"""
    for place, found in (("W", True), ("V", False)):
        sc.act(99, "suggestion", topic="road", place=place, text="the road was never built", petition=True)
        at(plus(deadline("zhejiang accept", date), off), zhejiang_taken, sc.opens(), found, off, more)


def zhejiang_taken(m, found, off, more):
    day = sc.now[:10]
    who = 11 if found else 2
    sc.act(who, "take", suggestion=m)
    sc.finds("petition.zhejiang-accept", found and off > 0, matter=m)
    if more:
        sc.act(who, "answer-extend", suggestion=m, reason="survey")
    at(plus(deadline("zhejiang settle", day, more), off), zhejiang_answered, m, who, found and off > 0)


def zhejiang_answered(m, who, found):
    sc.act(who, "answer", suggestion=m, outcome="declined", zh="暂无计划")
    sc.finds("petition.zhejiang-settle", found, matter=m)


def wrong_office(date, off):
    sc.act(99, "suggestion", topic="road", place="V", text="the road was never built", petition=True)
    m = sc.opens()
    at(plus(deadline("petition objection", date), off), passed_on, m, off > 0)


def passed_on(m, late):
    sc.act(2, "pass-on", suggestion=m, reason="not our road")
    sc.refused(False)
    sc.finds("petition.late-objection", late, matter=m)


for begin in ("2025-02-11", "2025-02-28", "2025-03-31", "2025-04-29", "2025-07-31", "2025-08-30", "2025-12-17", "2026-01-30",
              "2026-02-13", "2026-02-28", "2026-04-21"):
    for day_off in (-1, 0, 1):
        for times in (0, 1):
            at(begin, zhejiang, begin, day_off, times)
    for is_late in (False, True):
        at(begin, received, begin, is_late)
    for day_off in (-1, 0, 1):
        at(begin, wrong_office, begin, day_off)
while jobs:
    jobs.sort(key=lambda one: one[:3])
    when, time, _, work, what = jobs.pop(0)
    sc.at(when, time)
    work(*what)
