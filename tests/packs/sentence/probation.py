#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Probation (缓刑): who may have it and how long, when it ends, what may be cut of it, and that a revoked
one is executed with the custody before it. By the statutes (tests/packs/statutes.csv)."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import BLOB, CLERK, COURT, JUDGE, PRISON, PROSECUTOR, PROSECUTORS, REGISTRAR, Scene, day, plus
from statute import deadline, figure, last_second, term_end

sc = Scene("2025-12-31")
OFFICER, ELSEWHERE = 71, 72
for office, uid in (("justice", OFFICER), ("justice2", ELSEWHERE)):
    sc.line(office={"id": office, "name": office}, time=True)
    sc.line(actor={"uid": uid, "name": f"officer-{uid}", "office": office,
                   "roles": [f"sentence.{r}" for r in ("corrections", "proposer", "registrar", "assessor")]})
sc.line(actor={"uid": 73, "name": "second-73", "office": "justice", "roles": ["sentence.reviewer"]})
jobs = []


def begins(sentence="fixed", months=24, probation=36, start=None, uid=OFFICER, **more):
    s = sc.subject()
    sc.act(uid, "probation", subject=s, sentence=sentence, months=months, probation=probation,
           start=start or sc.now, prosecutors=PROSECUTORS, **more)
    sc.person = sc.opens()
    return s


def clock(name, date, what="clock"):
    sc.line(expect={what: {"clock": name, "due": last_second(date)}})


def judged(found, **who):
    begins(**who)
    for rule in ("probation.who", "probation.short", "probation.long", "probation.barred"):
        # Of what is recalled alone a person judges.
        sc.finds(rule, level="warn" if rule == "probation.barred" else "fault") if rule == found else sc.no(rule)


def pronounced():
    who, on = figure("probation who", sc.now), sc.now
    for months in (who - 1, who, who + 1):
        judged("probation.who" if months > who else None, months=months, probation=60)
    judged("probation.who", sentence="surveillance", months=6, probation=12)
    for kind, sentence in (("", "fixed"), (" detention", "detention")):
        least, most = figure("probation least" + kind, on), figure("probation most" + kind, on)
        for period in (least - 1, least, least + 1, most - 1, most, most + 1):
            judged("probation.short" if period < least else "probation.long" if period > most else None,
                   sentence=sentence, months=1, probation=period)
    for period in (23, 24, 25):
        judged("probation.short" if period < 24 else None, months=24, probation=period)
    judged("probation.barred", recidivist=True)
    # Whoever is held is admitted; an admission takes no probation.
    sc.act(REGISTRAR, "admit", subject=sc.subject(), sentence="fixed", months=24, probation=36, start=sc.now,
           prosecutors=PROSECUTORS)
    sc.refused("act probation")


def ended(s, person, late):
    sc.act(OFFICER, "release", subject=s, blob=BLOB)
    for rule, found in (("release.early", late < 0), ("release.late", late > 0)):
        sc.finds(rule, matter=person, text="Art. 73, 76") if found else sc.no(rule, matter=person)
    sc.line(expect={"late" if late > 0 else "met": {"clock": "probation-end", "matter": person}})


def ends():
    """The last day is no working day, or a month's last: it does not move"""
    for start in ("2025-12-31", "2025-11-30", "2025-11-11", "2025-10-11", "2025-12-01"):
        for months in (2, 4, 6, 12):
            last = term_end(start, months)
            if last <= plus(sc.now, 1):
                continue
            for late in (-1, 0, 1):
                s = begins("detention", 2, months, start=start)
                clock("probation-end", last)
                clock("community-report", deadline("reports", start))
                jobs.append((plus(last, late), len(jobs), ended, (s, sc.person, late)))


def revoked():
    """The sentence is executed from the day he is taken in, custody before it credited; probation counts nothing"""
    s = begins(months=12, probation=24, custody_days=40)
    person = sc.person
    sc.at(plus(sc.now, 30))
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB, why="breach", to=PRISON)
    sc.refused("wrong office")
    sc.act(OFFICER, "community-record", subject=s, what="warning", text="unheeded")
    sc.act(OFFICER, "community-record", subject=s, what="recall-proposed", text="twice warned", to=COURT)
    clock("revocation-probation", deadline("revocation probation", sc.now))
    sc.line(expect={"share": {"office": COURT}, "task": {"office": COURT}})
    sc.at(plus(sc.now, 20))
    sc.act(JUDGE, "revocation", subject=s, blob=BLOB, granted=True)
    sc.line(expect={"met": {"clock": "revocation-probation"}, "task": {"office": "justice", "key": "revoked"}})
    sc.at(plus(sc.now, 3))
    sc.act(OFFICER, "recall", subject=s, blob=BLOB, why="breach", to=PRISON)
    clock("term-end", term_end(sc.now, 12, 40))
    sc.line(expect={"move": {"stage": "serving"}, "hand": {"office": PRISON}})
    sc.at(term_end(sc.now, 12, 40))
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
    sc.no("release.early")
    sc.line(expect={"close": {"matter": person}})
    # Not granted: it runs on
    s = begins(months=12, probation=24)
    sc.act(OFFICER, "community-record", subject=s, what="recall-proposed", text="away", to=COURT)
    sc.act(JUDGE, "revocation", subject=s, blob=BLOB, granted=False)
    sc.line(expect={"met": {"clock": "revocation-probation"}, "none": {"key": "revoked"}})
    # Moved: the community office of the new place has it
    sc.act(OFFICER, "transfer", subject=s, to="justice2", reason="moved", prosecutors=PROSECUTORS)
    sc.act(OFFICER, "community-record", subject=s, what="health", text="well")
    sc.refused("wrong office")
    sc.act(ELSEWHERE, "community-record", subject=s, what="health", text="well")
    sc.no("engine.refused")


def cut():
    """Major merit alone, and probation not below its least: 2016 provisions, 18; ruled in 30 days"""
    for sentence, months, probation, least in (("fixed", 12, 24, figure("probation least", sc.now)),
                                               ("detention", 4, 8, figure("probation least detention", sc.now))):
        for left in (least - 1, least, least + 1):
            for shown in (False, True):
                s = begins(sentence, months, probation)
                if shown:
                    sc.act(OFFICER, "merit", subject=s, blob=BLOB, degree="major")
                sc.act(OFFICER, "propose", subject=s, what="commutation", grounds=["major-merit"], months=1,
                       probation_months=probation - left)
                m = sc.opens()
                sc.finds("probation.floor", matter=m) if left < least else sc.no("probation.floor")
                sc.no("probation.commutation") if shown else sc.finds("probation.commutation", matter=m)
                sc.no("start")
    s = begins("fixed", 12, 24)
    sc.act(OFFICER, "propose", subject=s, what="commutation", grounds=["major-merit"], months=3)
    sc.refused("probation_months")
    for item in ("judgment", "earlier-rulings", "community", "danger", "guarantor"):
        sc.act(OFFICER, "document", subject=s, blob=BLOB, item=item)
    sc.act(OFFICER, "merit", subject=s, blob=BLOB, degree="major")
    sc.act(OFFICER, "assess", subject=s, period="2026-05", score=60)
    sc.act(OFFICER, "propose", subject=s, what="commutation", grounds=["major-merit"], months=3, probation_months=6)
    m, begun = sc.opens(), sc.now
    sc.no()
    for kind, who in (("countersign", 73), ("publish", 73)):
        sc.act(who, kind, matter=m)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.at(plus(sc.now, 14))
    sc.act(73, "submit", matter=m, to=COURT)
    clock("ruling-community", deadline("ruling community", sc.now))
    sc.act(CLERK, "docket", matter=m, number="1")
    sc.act(CLERK, "publish", matter=m)
    sc.at(plus(sc.now, 6))
    sc.act(CLERK, "court-hearing", matter=m, open=True)
    sc.rule(m)
    sc.line(expect={"met": {"clock": "ruling-community"}})
    clock("probation-end", term_end(begun, 24 - 6), "derived")
    # Entered wrongly: what follows is derived anew
    sc.act(OFFICER, "sentence-change", subject=s, what="mistyped", probation=36, reason="judgment says three years", blob=BLOB)
    sc.act(PROSECUTOR, "sentence-confirm", subject=s)
    clock("probation-end", term_end(begun, 36 - 6), "derived")
    # Neither parole nor serving outside is for probation
    s = begins()
    sc.act(OFFICER, "propose", subject=s, what="parole", grounds=["repentance"])
    sc.refused("wrong stage")


def parole_revoked():
    """Of parole the same court rules: in 30 days, in a month from 2026-11-01 on"""
    for today in ("2026-10-31", "2026-11-01", "2026-11-30"):
        sc.at(max(sc.now, day("2026-08-03")) if today < "2026-11" else sc.now)
        s = sc.admit(start=plus(sc.now, months=-90))
        sc.all_evidence(s)
        m = sc.propose(s, what="parole")
        for uid, kind in ((15, "countersign"), (15, "publish")):
            sc.act(uid, kind, matter=m)
        sc.at(plus(sc.now, 9))
        sc.act(15, "submit", matter=m, to=COURT)
        sc.act(CLERK, "docket", matter=m, number="9")
        sc.at(plus(sc.now, 6))
        sc.rule(m)
        sc.act(CLERK, "service", matter=m)
        sc.at(max(sc.now, day(today)))
        sc.act(REGISTRAR, "handover", subject=s, to="justice")
        sc.act(OFFICER, "community-record", subject=s, what="recall-proposed", text="gone", to=COURT)
        clock("revocation", deadline("revocation parole", sc.now))
        sc.act(REGISTRAR, "recall", subject=s, blob=BLOB, why="breach")
        sc.line(expect={"met": {"clock": "revocation"}})


pronounced()
ends()
for when, _, run, args in sorted(jobs, key=lambda one: one[:2]):
    sc.at(max(when, sc.now))
    run(*args)
for part in (revoked, cut, parole_revoked):
    sc.comment(part.__name__)
    part()
