#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Days that do not count, and what is found out later: an escape and a revoked parole are not served, who was released is
judged anew by a corrected sentence, a mistyped state of property penalties was none. By tests/packs/statutes.csv."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import BLOB, PROSECUTOR, PROSECUTORS, REGISTRAR, Scene, day, plus
from statute import deadline, figure, last_second, part, term_end

sc = Scene("2025-03-03")
sc.line(office={"id": "justice", "name": "justice"}, time=True)
sc.line(actor={"uid": 71, "name": "officer", "office": "justice", "roles": ["sentence.corrections"]})


def gone(s, days, kind="escape"):
    sc.act(REGISTRAR, kind, subject=s, blob=BLOB, effective=plus(sc.now, -days))
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB)


def escapes():
    """40 days of escape: the start, and half of the term, come 40 days later"""
    for off in (-1, 0, 1):
        begin = plus(plus(sc.now, -40 + off), months=-figure("start 10", sc.now))
        while plus(plus(begin, 40), months=figure("start 10", sc.now)) < plus(sc.now, off):
            begin = plus(begin, 1)
        s = sc.admit(start=begin)
        gone(s, 40)
        sc.all_evidence(s, but=("major-merit",))
        sc.said(off > 0, "start", sc.propose(s, months=3))
        half = int(120 * part("parole half", sc.now))
        s = sc.admit(start=plus(plus(sc.now, months=-half), -40 + off))
        gone(s, 40)
        sc.all_evidence(s)
        m = sc.propose(s, what="parole")
        served = plus(plus(plus(sc.now, months=-half), off), months=half)
        sc.said(served > sc.now, "parole.half", m)
    # Life: 15 years of which one was spent at large are 14: a term that ends 13 years after is not 13 years served
    for at_large, found in ((0, False), (60, True)):
        s = sc.admit(sentence="life", start=plus(sc.now, months=-120))
        if at_large:
            gone(s, at_large)
        sc.all_evidence(s)
        sc.said(found, "floor", sc.propose(s, to_months=36))


def parolees():
    """Absconded from parole: none of it counts, and the start of a cut is the return"""
    s = paroled()
    out = sc.now
    sc.at(plus(sc.now, 20))
    sc.act(REGISTRAR, "escape", subject=s, blob=BLOB)
    sc.at(plus(sc.now, 30))
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB)
    sc.line(expect={"clock": {"clock": "term-end", "due": last_second(plus(term_end(sc.began, 120), (sc.now - out).days))}})
    sc.all_evidence(s, but=("major-merit",))
    sc.said(True, "start", sc.propose(s, months=3))


def never_back():
    """Gone before the term was over, and never back: it is not over"""
    for before in (0, 3):
        start = plus(sc.now, months=-23)
        s = sc.admit(months=24, start=start)
        sc.at(plus(term_end(start, 24), -before))
        sc.act(REGISTRAR, "escape", subject=s, blob=BLOB)
        sc.at(plus(sc.now, 5))
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
        # What was left when he went is left
        sc.said(before, "release.early", sc.person)
    # Of probation nothing is entered for whoever is held
    s = sc.admit()
    sc.act(REGISTRAR, "sentence-change", subject=s, what="mistyped", probation=24, reason="no", blob=BLOB)
    sc.refused("act probation")


def nothing_left():
    """More was cut, says who enters it, than there was: it has ended, and no act fails"""
    s = sc.admit(sentence="life", start=day("2010-01-10"), cuts=[{"date": "2020-01-10", "to_months": 24}, {"date": "2022-01-10", "months": 30}])
    sc.no("engine.failed")
    sc.all_evidence(s)
    sc.said(True, "floor", sc.propose(s, months=1))


def paroled():
    sc.at(plus(sc.now, 1))
    sc.began = plus(sc.now, months=-80)
    sc.served(what="parole", start=sc.began)
    return f"S-{sc.subjects}"


def released():
    """Released by a mistyped term; the right one is entered afterwards, and the release judged anew"""
    for months, right, before, after in ((24, 22, "release.late", None), (24, 30, None, "release.early"), (24, 36, "release.early", "release.early")):
        start = day("2023-03-01")
        s = sc.admit(months=months, start=start)
        on = {"release.late": plus(term_end(start, 24), 10), None: term_end(start, 24), "release.early": plus(term_end(start, 24), -9)}[before]
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=on)
        sc.said(before, before or "release.early", sc.person)
        sc.act(REGISTRAR, "sentence-change", subject=s, what="mistyped", reason="judgment", blob=BLOB,
               **({"start": plus(start, 10)} if right == 22 else {"months": right}))
        sc.act(PROSECUTOR, "sentence-confirm", subject=s)
        sc.line(expect={"resolve": {}} if before else {"none": "resolve"})
        for rule in ("release.early", "release.late"):
            sc.said(rule == after, rule, sc.person)


def penalties():
    """Six months after able-and-does-not ends, by whatever it ends; said again it does not begin anew; mistyped it never was"""
    wait = figure("property waiting", sc.now)
    for state in ("paid", "unable", "none"):
        s = sc.admit(property="able")
        sc.act(REGISTRAR, "property", subject=s, state=state, blob=BLOB)
        ended = sc.now
        sc.at(plus(ended, 30))
        sc.act(REGISTRAR, "property", subject=s, state="unable" if state != "unable" else "paid", blob=BLOB)
        for off in (-1, 0):
            sc.at(plus(plus(ended, months=wait), off))
            sc.all_evidence(s, but=("major-merit",))
            m = sc.propose(s, months=3)
            sc.said(off < 0, "property.waiting", m)
            sc.act(14, "withdraw", matter=m, reason="tried")
            sc.act(PROSECUTOR, "close", matter=m)
    s = sc.admit(property="able")
    sc.act(REGISTRAR, "sentence-change", subject=s, what="mistyped", property="unable", reason="mistyped", blob=BLOB)
    sc.act(PROSECUTOR, "sentence-confirm", subject=s)
    sc.all_evidence(s)
    m = sc.propose(s, months=3)
    sc.said(False, "property.waiting", m)
    sc.said(False, "property.able", m)


def supervised():
    """48 hours without contact are not over 48; the end of a term is told within its last month"""
    for hours, lost in ((None, True), (47, False), (48, False), (49, True)):
        s = paroled()
        sc.act(REGISTRAR, "handover", subject=s, to="justice")
        sc.act(71, "community-record", subject=s, what="lost", text="nobody answers", hours=hours)
        sc.said(lost, "outside.lost", sc.person)
        sc.said(not lost, "outside.away", sc.person)
    last = term_end(sc.began, 120)
    for off in (-1, 0, 1):
        sc.at(plus(plus(plus(last, 1), months=-1), off))
        sc.act(71, "community-record", subject=s, what="term-soon", text="ends soon")
        sc.said(off < 0, "term-soon.early", sc.person)


def bribed():
    """Obtained by bribery: whether the days count the court rules in a month"""
    sc.at(plus(sc.now, 1))
    sc.decided()
    sc.act(REGISTRAR, "recall", subject=f"S-{sc.subjects}", blob=BLOB, why="by-bribery")
    sc.line(expect={"clock": {"clock": "outside-time", "due": last_second(deadline("outside time", sc.now))}})


def suspensions():
    """When it ends the prison and the prosecutors are told; nobody is late"""
    sc.admit(sentence="suspended", start=sc.now)
    ends = plus(plus(sc.now, months=figure("suspension", sc.now)), -1)
    sc.line(expect={"clock": {"clock": "suspension-end", "due": last_second(ends)}})
    sc.at(plus(ends, 1))
    sc.passes()
    for side in ("prison", PROSECUTORS):
        sc.line(expect={"task": {"matter": sc.person, "office": side, "key": f"suspension-end:{side}"}})
    sc.no("clock.suspension-end")


for run in (escapes, parolees, never_back, nothing_left, released, penalties, bribed, suspensions, supervised):
    sc.comment(run.__name__)
    run()
