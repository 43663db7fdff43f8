#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each time of the law that people start themselves, against the statutes as they read: its last day, met on
it, and overdue the day after."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
import statute
from scene import CLERK, DECIDER, PROSECUTOR, REGISTRAR, REVIEWER, Scene, day, plus
from statute import end_of, last_second

# what: figure, unit, who owes it, extension, from which article
TIMES = (
    ("papers", 3, "d", CLERK, None, "court rules 2"), ("papers-property", 7, "d", CLERK, None, "法释〔2024〕5号 5"),
    ("payment-certificate", 7, "d", CLERK, None, "法释〔2024〕5号 13"), ("court-notice", 5, "d", CLERK, None, "court rules 3"),
    ("upward-filing", 10, "d", PROSECUTOR, None, "高检发监字〔2014〕5号 2"), ("upward-answer", 10, "d", PROSECUTOR, None, "6"),
    ("oral-correction", 7, "d", PROSECUTOR, None, "prosecutors' rules 624"),
    ("convict-complaint", 3, "mo", PROSECUTOR, None, "Prison Law 2026, 40"),
    ("complaint-passed", 5, "wd", PROSECUTOR, None, "41"), ("complaint-told", 5, "wd", REVIEWER, 5, "41"),
    ("judgment-doubt", 3, "mo", CLERK, 3, "42"), ("revocation", 1, "mo", CLERK, None, "54"),
    ("examination-begun", 5, "wd", REVIEWER, None, "2023 opinions 6"), ("examination", 20, "wd", REVIEWER, None, "6"),
    ("examination-urgent", 3, "d", REVIEWER, None, "6"), ("examination-copied", 3, "wd", REVIEWER, None, "17"),
    ("fetched", 3, "d", REVIEWER, None, "14"), ("dispute", 5, "wd", REVIEWER, None, "司规〔2021〕3号 36"),
    ("dispute-final", 5, "wd", REVIEWER, None, "36"), ("correction-answer", 5, "wd", REVIEWER, None, "49"),
    ("authority-notice", 5, "wd", DECIDER, None, "2023 opinions 20"), ("authority-decision", 15, "wd", DECIDER, None, "2014 rules 14"),
    ("decision-served", 5, "wd", DECIDER, None, "2016 rules 24"), ("decision-online", 10, "wd", DECIDER, None, "2023 opinions 21"),
    ("community-assessment", 10, "wd", 71, 10, "measures 14"), ("health-report", 1, "mo", 71, None, "measures 24"),
    ("hospital-check", 3, "mo", 71, None, "measures 24"),
    ("community-told", 5, "d", CLERK, None, "Community Corrections Law 20"),
    ("community-papers", 10, "d", CLERK, None, "Community Corrections Law 20"),
    ("authority-answer", 5, "wd", DECIDER, None, "2023 opinions 20"),
    ("outside-time", 1, "mo", CLERK, None, "2014 rules 26"),
)
sc = Scene("2025-09-01")
sc.line(office={"id": "justice", "name": "justice"}, time=True)
sc.line(actor={"uid": 1, "name": "admin", "office": "ministry", "roles": ["admin"]})
statute.OFF += (("2027-01-01", "2027-01-01"),)
sc.line(uid=1, act={"pack": "base", "kind": "calendar", "year": 2027, "off": ["2027-01-01"], "source": "of this test alone"})
UNITS = {"d": "days", "wd": "working_days", "mo": "months"}
sc.line(actor={"uid": 71, "name": "officer", "office": "justice", "roles": ["sentence.corrections"]})


def last_day(date, n, unit):
    return end_of(date, n, UNITS[unit])


def matter_for(who):
    """One of whose sides is whose it is to do"""
    if who == DECIDER:
        return sc.outside(notice=False)
    if who == 71:
        m = sc.decided()
        sc.act(REGISTRAR, "handover", subject=f"S-{sc.subjects}", to="justice")
        return f"sentence-{int(m.split('-')[1]) - 1}"
    return sc.docketed()


def is_new(article):
    return "Prison Law" in article or article in ("40", "41", "42", "54")


def times(start, which):
    """All of them from one day, each met on its last"""
    sc.at(plus(day(start), days=-30))
    case, outside, held = matter_for(CLERK), matter_for(DECIDER), matter_for(71)
    matters = {DECIDER: outside, 71: held}
    running = [(last_day(start, n, unit), what, who, matters.get(who, case))
               for what, n, unit, who, _, article in TIMES if which(article, n, unit)]
    sc.at(day(start))
    for last, what, who, m in running:
        sc.comment(what)
        sc.act(who, "time-starts", matter=m, what=what)
        sc.line(expect={"clock": {"clock": what, "matter": m, "due": last_second(last)}})
    for last, what, who, m in sorted(running):
        if (sc.now, sc.clock) < (last, "23:59:58"):
            sc.at(last, "23:59:58")
        sc.act(who, "time-met", matter=m, what=what)
        sc.line(expect={"met": {"clock": what, "matter": m}})
        sc.act(who, "time-met", matter=m, what=what)
        sc.refused("no period for")


def overdue():
    """The day after it is found, and the office above is told"""
    m = matter_for(DECIDER)
    sc.act(DECIDER, "time-starts", matter=m, what="authority-decision")
    sc.at(plus(last_day(sc.now, 15, "wd"), days=1), "00:00:00")
    sc.passes()
    sc.finds("clock.authority-decision", matter=m, level="fault", law={"figure": 15})
    sc.line(expect={"task": {"office": "ministry"}})


def owed_by_nobody():
    m = sc.copied()
    sc.act(REVIEWER, "time-starts", matter=m, what="court-notice")
    sc.refused("has no court yet")


def old_doubt():
    """Until 2026-10-31 six months, and no longer"""
    m = matter_for(CLERK)
    sc.act(CLERK, "time-starts", matter=m, what="judgment-doubt")
    sc.line(expect={"clock": {"clock": "judgment-doubt", "matter": m, "due": last_second(last_day(sc.now, 6, "mo"))}})


def extended():
    """Once, by what the law says"""
    for what, n, unit, who, more, _ in TIMES:
        m = held if who == 71 else matter_for(who)
        sc.act(who, "time-starts", matter=m, what=what)
        sc.act(who, "extend", matter=m, clock=what, reason="complex")
        if not more:
            sc.refused("")
            continue
        sc.line(expect={"extend": {"clock": what, "due": last_second(last_day(sc.now, n + more, unit))}})
        sc.act(who, "extend", matter=m, clock=what, reason="complex")
        sc.refused("allows no more")


def arrests():
    """48 hours to the second; then custody of 30 days that no day off makes longer"""
    start = sc.now
    for late in (0, 1):
        sc.at(plus(start, 10 * late))
        m = matter_for(CLERK)
        sc.act(CLERK, "time-starts", matter=m, what="arrest-decision")
        sc.at(plus(sc.now, 2), "09:00:00" if not late else "09:00:01")
        sc.passes()
        sc.said(late, "clock.arrest-decision", m)
        sc.act(CLERK, "time-starts", matter=m, what="arrest-custody")
        sc.line(expect={"clock": {"clock": "arrest-custody", "due": last_second(plus(sc.now, 30))}})


old_doubt()
arrests()
for first in ("2026-02-11", "2026-06-30"):
    times(first, lambda article, n, unit: not is_new(article))
overdue()
times("2026-11-30", lambda article, n, unit: is_new(article) or unit == "d")
held = matter_for(71)
extended()
owed_by_nobody()
