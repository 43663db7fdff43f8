#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The last day of a term is a clock that no holiday moves: from starts on month ends and plain days,
with custody before, after a cut, a revoked parole and an escape; probation of parole; notice of a
hearing. By the statutes as they read (tests/packs/statute.py), not by the pack's tables."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import BLOB, CLERK, REGISTRAR, Scene, day, plus
from statute import figure, last_second, term_end

sc = Scene("2026-01-05")
sc.line(actor={"uid": 1, "name": "admin", "office": "ministry", "roles": ["admin"]})
jobs = []


def at(date, run, *args):
    jobs.append((date, len(jobs), run, args))


def due(date, what="clock"):
    sc.line(expect={what: {"clock": "term-end", "due": last_second(date)}})


def admitted():
    """Ends in the Spring Festival, on weekends, month ends and plain days"""
    for start in ("2025-02-16", "2025-02-28", "2025-03-31", "2025-08-31", "2024-12-31", "2025-05-02", "2025-01-15"):
        for months, custody, each, sentence in ((18, 0, 1, "fixed"), (24, 31, 1, "fixed"), (13, 0, 1, "fixed"),
                                                (14, 20, 2, "surveillance")):
            last = term_end(start, months, custody, each)
            if last <= day("2026-01-06"):
                continue
            for late in (-1, 0, 1):
                s = sc.admit(months=months, start=start, custody_days=custody, sentence=sentence)
                due(last)
                at(plus(last, late), released, s, sc.person, late)


def released(s, person, late):
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
    for rule, found in (("release.early", late < 0), ("release.late", late > 0)):
        sc.finds(rule, matter=person) if found else sc.no(rule, matter=person)
    sc.line(expect={"late" if late > 0 else "met": {"clock": "term-end", "matter": person}})


def cut():
    """A ruling cuts 6 months: the clock goes along"""
    start = plus(sc.now, months=-100)
    m = sc.heard(start=start)
    sc.rule(m)
    last = term_end(start, 120 - 6)
    sc.line(expect={"derived": {"clock": "term-end", "due": last_second(last)}})


def hearings():
    m = sc.docketed()
    for days in (figure("hearing notice", sc.now) + by for by in (-1, 0, 1)):
        sc.act(CLERK, "hearing-fixed", matter=m, on=plus(sc.now, days))
        sc.finds("hearing.notice", matter=m) if days < 3 else sc.no("hearing.notice", matter=m)


def paroled(start, **who):
    sc.at(plus(sc.now, 1))
    s = sc.admit(start=start, **who)
    sc.all_evidence(s)
    m = sc.propose(s, what="parole")
    person = sc.person
    for uid, kind, more in ((15, "countersign", {}), (15, "publish", {})):
        sc.act(uid, kind, matter=m, **more)
    sc.at(plus(sc.now, 8))
    sc.act(15, "submit", matter=m, to="court")
    sc.act(CLERK, "docket", matter=m, number="(2026) 9")
    sc.act(CLERK, "publish", matter=m)
    sc.at(plus(sc.now, 6))
    sc.rule(m)
    sc.act(CLERK, "service", matter=m)
    return s, person


def paroles():
    # Of life ten years from the day of parole
    paroled(plus(sc.now, months=-15 * 12), sentence="life")
    due(plus(plus(sc.now, months=figure("probation life", sc.now)), -1))
    # Revoked: the time on parole does not count
    start = plus(sc.now, months=-70)
    s, _ = paroled(start, months=120)
    out = sc.now
    sc.at(plus(sc.now, 40))
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB, why="breach")
    due(plus(term_end(start, 120), (sc.now - out).days))
    # Escaped: no clock, and the time does not count
    sc.act(REGISTRAR, "escape", subject=s, blob=BLOB)
    sc.line(expect={"met": {"clock": "term-end"}})
    gone = sc.now
    sc.at(plus(sc.now, 10))
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB)
    due(plus(term_end(start, 120), (gone - out).days + 10))


admitted()
for when, _, work, what in sorted(jobs, key=lambda one: one[:2]):
    sc.at(max(when, sc.now))
    work(*what)
cut()
hearings()
paroles()
