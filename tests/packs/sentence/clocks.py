#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each deadline of the law: met a day before, in its last second, and one second after;
extended as far as the law goes, and no further."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
import statute
from scene import BLOB, CLERK, COURT, DECIDER, JUDGE2, PROSECUTOR, REVIEWER, Scene, plus
from statute import months_after, rolled

sc = Scene("2026-01-05")
sc.line(actor={"uid": 1, "name": "admin", "office": "ministry", "roles": ["admin"]})
# Of the years behind it, as if weekends and New Year's Day were all
for year in range(2027, 2034):
    statute.OFF += ((f"{year}-01-01", f"{year}-01-01"),)
    sc.line(uid=1, act={"pack": "base", "kind": "calendar", "year": year, "off": [f"{year}-01-01"],
                        "source": "of this test alone"})


def period(date, months):
    return months_after(date, months) if months else date


def answer_opinion(m):
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")


def answer_ruling(m):
    sc.rule(m)


def answer_service(m):
    sc.act(CLERK, "service", matter=m)


def answer_objection(m):
    sc.act(PROSECUTOR, "no-objection", matter=m)


def answer_final(m):
    sc.rule(m, "final-ruling", panel=(JUDGE2,))


def answer_recheck(m):
    sc.act(DECIDER, "recheck", matter=m, granted=True, text="looked again", blob=BLOB)


def objected(m):
    sc.act(PROSECUTOR, "objection", matter=m, text="too early", blob=BLOB)
    return m


def docketed_and_published(**kw):
    m = sc.docketed(**kw)
    sc.act(CLERK, "publish", matter=m)
    return m


# name, how a matter gets there, how it is met, days, months, extension, who owes it, above
CLOCKS = (
    ("opinion", sc.copied, answer_opinion, 10, 0, (10, 0), PROSECUTOR, "prosecutors0"),
    ("opinion", lambda: sc.copied(what="parole"), answer_opinion, 10, 0, (10, 0), PROSECUTOR, "prosecutors0"),
    ("outside-opinion", lambda: sc.copied(what="outside", grounds=("illness",)), answer_opinion, 10, 0, None,
     PROSECUTOR, "prosecutors0"),
    ("outside-objection", sc.decided, answer_objection, 0, 1, None, PROSECUTOR, "prosecutors0"),
    ("recheck", lambda: objected(sc.decided()), answer_recheck, 0, 1, None, DECIDER, "ministry"),
    ("ruling", docketed_and_published, answer_ruling, 0, 1, (0, 1), CLERK, "court0"),
    ("ruling", lambda: docketed_and_published(sentence="life", months=3), answer_ruling, 0, 1, (0, 1), CLERK, "court0"),
    ("ruling-strict", lambda: docketed_and_published(sentence="suspended"), answer_ruling, 0, 1, None, CLERK, "court0"),
    ("ruling-strict", lambda: docketed_and_published(sentence="detention"), answer_ruling, 0, 1, None, CLERK, "court0"),
    ("ruling-strict", lambda: docketed_and_published(sentence="surveillance"), answer_ruling, 0, 1, None, CLERK,
     "court0"),
    ("service", sc.ruled, answer_service, 7, 0, None, CLERK, "court0"),
    ("objection", sc.served, answer_objection, 20, 0, None, PROSECUTOR, "prosecutors0"),
    ("final", lambda: objected(sc.served()), answer_final, 0, 1, None, CLERK, "court0"),
)


def morning(days=1):
    sc.at(plus(sc.now, days=days))


def within(name, reach, meet, days, months, extension, who, above):
    rule = "clock." + name
    # A day before, and the last second
    for early, clock in ((1, "09:00:00"), (0, "23:59:59")):
        m = reach()
        sc.at(plus(rolled(plus(period(sc.now, months), days)), -early), clock)
        meet(m)
        sc.no(rule, matter=m)
        sc.line(expect={"met": {"clock": name, "matter": m}})
        morning()
    # A second after: overdue, told to the office above, still on record as answered
    m = reach()
    sc.at(rolled(plus(period(sc.now, months), days)), "23:59:59")
    sc.passes()
    sc.no(rule, matter=m)
    sc.at(plus(sc.now, days=1), "00:00:00")
    sc.passes()
    sc.finds(rule, matter=m, level="fault", law={"mark": "S"})
    sc.line(expect={"task": {"matter": m, "office": above}})
    meet(m)
    sc.line(expect={"none": "met"})
    morning()


def extended(name, reach, meet, days, months, extension, who, above):
    m = reach()
    if name == "recheck":
        # No act extends it at all.
        return
    if not extension:
        sc.act(who, "extend", matter=m, clock=name, reason="complex")
        sc.refused("cannot be extended")
        meet(m)
        return morning()
    for twice in (False, True):
        due = plus(period(sc.now, months), days)
        sc.act(who, "extend", matter=m, clock=name, reason="")
        sc.refused("reason")
        sc.act(who, "extend", matter=m, clock=name, reason="complex")
        sc.line(expect={"extend": {"clock": name, "matter": m}})
        sc.act(who, "extend", matter=m, clock=name, reason="more complex")
        sc.refused("allows no more")
        due = rolled(plus(period(due, extension[1]), extension[0]))
        sc.at(due, "23:59:59")
        sc.passes()
        sc.no("clock." + name, matter=m)
        if twice:
            sc.at(plus(due, days=1), "00:00:00")
            sc.passes()
            sc.finds("clock." + name, matter=m)
        meet(m)
        morning()
        if not twice:
            m = reach()


def notice():
    """Five working days of notice of the prison, five days of the court: four are short, and so are five not over."""
    for days, good in ((0, False), (4, False), (5, False), (6, True)):
        # Monday: five working days are over when the next Monday is
        while sc.now.weekday() != 0:
            morning()
        m = sc.copied()
        sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
        sc.act(REVIEWER, "publish", matter=m)
        sc.line(expect={"notice": {"kind": "proposal"}})
        morning(days)
        sc.act(REVIEWER, "submit", matter=m, to=COURT)
        sc.finds("notice.prison", matter=m, level="fault")
        sc.act(CLERK, "docket", matter=m, number="1")
        sc.act(CLERK, "publish", matter=m)
        morning(days)
        sc.rule(m)
        sc.no("notice.court", matter=m) if good else sc.finds("notice.court", matter=m)
        morning()
    for days, level in ((6, "fault"), (7, "warn"), (8, None)):
        while sc.now.weekday() != 0:
            morning()
        m = sc.copied()
        sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
        sc.act(REVIEWER, "publish", matter=m)
        morning(days)
        sc.act(REVIEWER, "submit", matter=m, to=COURT)
        sc.finds("notice.prison", matter=m, level=level) if level else sc.no("notice.prison", matter=m)
        morning()
    m = sc.submitted(notice=False)
    sc.finds("notice.prison", matter=m, text="no public notice")


def ends_of_months():
    """31 January and one month is the last of February."""
    sc.at(plus(sc.now, days=1))
    while (sc.now.month, sc.now.day) != (1, 23):
        sc.at(plus(sc.now, days=1))
    m = sc.docketed()
    sc.line(expect={"clock": {"clock": "ruling", "matter": m}})
    last = rolled(plus(sc.now.replace(day=1), months=2, days=-1))
    sc.at(last, "23:59:59")
    sc.passes()
    sc.no("clock.ruling")
    sc.at(plus(last, days=1), "00:00:00")
    sc.passes()
    sc.finds("clock.ruling", matter=m)


for clock in CLOCKS:
    sc.comment(clock[0])
    within(*clock)
    extended(*clock)
notice()
ends_of_months()
