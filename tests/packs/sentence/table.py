#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each condition of the law at its boundary, a day and a month below and above."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import ASSESSOR, ASSESSOR2, BLOB, PROPOSER, REGISTRAR, Scene, day, plus

TODAY = day("2026-06-15")
SHIFTS = ((0, 0, True), (-1, 0, True), (1, 0, False), (0, -1, True), (0, 1, False))
sc = Scene(str(TODAY))


def check(good, rule, m):
    if good:
        sc.no(rule, matter=m)
    else:
        sc.finds(rule, matter=m, level="fault")


def start():
    """Earliest first commutation of each band"""
    for months, least in ((59, 12), (60, 18), (119, 18), (120, 24), (180, 24)):
        for days, shift, good in SHIFTS:
            s = sc.admit(months=months, start=plus(plus(TODAY, months=-least + shift), days))
            sc.all_evidence(s)
            m = sc.propose(s, months=3)
            check(good, "start", m)
            if good:
                sc.no()
    for days, shift, good in SHIFTS:
        s = sc.admit(sentence="life", start=plus(plus(TODAY, months=-24 + shift), days))
        sc.all_evidence(s)
        m = sc.propose(s, to_months=264)
        check(good, "start", m)
    for sentence in ("detention", "surveillance"):
        s = sc.admit(months=6, sentence=sentence, start=plus(TODAY, months=-3))
        sc.all_evidence(s)
        m = sc.propose(s, months=1)
        sc.finds("start.refer", matter=m, level="info")
    # Months end right: 31 August and 18 months is 28 February.
    s = sc.admit(months=60, start=day("2024-12-31"))
    sc.all_evidence(s)
    m = sc.propose(s, months=3)
    sc.finds("start", text="2026-06-30")


def interval():
    for months, least in ((59, 12), (60, 12), (119, 12), (120, 18), (180, 18)):
        for days, shift, good in SHIFTS:
            cut = {"date": str(plus(plus(TODAY, months=-least + shift), days)), "months": 3}
            s = sc.admit(months=months, start=plus(TODAY, months=-40), cuts=[cut])
            sc.all_evidence(s)
            m = sc.propose(s, months=3)
            check(good, "interval", m)
            sc.no("interval.cut", matter=m)
            sc.no("start", matter=m)
            if good:
                sc.no()
    # Not below the term cut last time, whichever is longer
    for last, months in ((13, 119), (15, 119), (19, 180), (24, 180)):
        for days, shift, good in SHIFTS:
            cut = {"date": str(plus(plus(TODAY, months=-last + shift), days)), "months": last}
            s = sc.admit(months=months, start=plus(TODAY, months=-60), cuts=[cut])
            sc.all_evidence(s)
            m = sc.propose(s, months=3)
            check(good, "interval.cut", m)


def major():
    """Major merit lifts start and interval: when it is shown, not when it is claimed."""
    recent = [{"date": str(plus(TODAY, months=-1)), "months": 3}]
    for cuts, rule in ((None, "start"), (recent, "interval")):
        for shown in (True, False):
            s = sc.admit(months=120, start=plus(TODAY, months=-23), cuts=cuts)
            sc.all_evidence(s, but=() if shown else ("major-merit",))
            m = sc.propose(s, months=3, grounds=("major-merit",))
            check(shown, rule, m)


def size():
    for grounds, most in ((("repentance",), 9), (("merit",), 9), (("repentance", "merit"), 12),
                          (("major-merit",), 18), (("merit", "major-merit"), 18),
                          (("repentance", "major-merit"), 24), (("repentance", "merit", "major-merit"), 24)):
        for months in (most - 1, most, most + 1):
            s = sc.admit(months=180)
            sc.all_evidence(s)
            m = sc.propose(s, months=months, grounds=grounds)
            check(months <= most, "size", m)
            if months <= most:
                sc.no()


def floor():
    old = [{"date": "2022-01-10", "months": 24}]
    for sentence, months, cuts, limit in (("fixed", 60, old, 6), ("fixed", 61, old, 6), ("fixed", 62, old, 7),
                                          ("detention", 6, None, 3), ("detention", 5, None, 2),
                                          ("surveillance", 24, None, 12)):
        for cut in (limit - 1, limit, limit + 1):
            s = sc.admit(months=months, sentence=sentence, cuts=cuts, start=day("2020-01-10"))
            sc.all_evidence(s)
            m = sc.propose(s, months=cut, grounds=("repentance", "merit"))
            check(cut <= limit, "floor", m)
    # Life becomes a term: 13 years from the start
    for days, shift, good in SHIFTS:
        s = sc.admit(sentence="life", start=plus(plus(TODAY, months=-120 + shift), days))
        sc.all_evidence(s)
        m = sc.propose(s, to_months=36)
        check(good, "floor", m)
        sc.finds("size", level="fault", text="at least 22 y")
    # ... and is shortened again later
    for cut in (5, 6, 7):
        s = sc.admit(sentence="life", start=plus(TODAY, months=-120), cuts=[
            {"date": str(plus(TODAY, months=-24)), "to_months": 66}])
        sc.all_evidence(s)
        m = sc.propose(s, months=cut)
        check(cut <= 6, "floor", m)
    # Of suspended death nothing is cut, it becomes life; later 15 years after the suspension are the floor.
    s = sc.admit(sentence="suspended")
    sc.all_evidence(s)
    m = sc.propose(s, months=3)
    sc.finds("size.refer", matter=m, level="warn")
    for to, good in ((299, False), (300, True)):
        s = sc.admit(sentence="suspended", start=plus(TODAY, months=-80),
                     cuts=[{"date": str(plus(TODAY, months=-50)), "to_life": True}])
        sc.all_evidence(s)
        m = sc.propose(s, to_months=to)
        check(good, "size", m)


def parole():
    for days, shift, good in SHIFTS:
        for months, half, extra in ((60, 30, 0), (61, 30, 15), (120, 60, 0)):
            start = plus(plus(plus(TODAY, days=-extra), months=-half + shift), days)
            s = sc.admit(months=months, start=start)
            sc.all_evidence(s)
            m = sc.propose(s, what="parole")
            check(good, "parole.half", m)
            if good:
                sc.no()
        s = sc.admit(sentence="life", start=plus(plus(TODAY, months=-156 + shift), days))
        sc.all_evidence(s)
        m = sc.propose(s, what="parole")
        check(good, "parole.life", m)
    # Custody counts for a term, not for life.
    for custody in (9, 10, 11):
        s = sc.admit(months=60, start=plus(plus(TODAY, months=-30), 10), custody_days=custody)
        sc.all_evidence(s)
        m = sc.propose(s, what="parole")
        check(custody >= 10, "parole.half", m)
    s = sc.admit(sentence="life", start=plus(plus(TODAY, months=-156), 10), custody_days=30)
    sc.all_evidence(s)
    m = sc.propose(s, what="parole")
    sc.finds("parole.life", matter=m)
    s = sc.admit(sentence="suspended")
    sc.all_evidence(s)
    sc.propose(s, what="parole")
    sc.finds("parole.refer", level="info")


def bars():
    for flag in ("listed_violent", "organised_violent"):
        for sentence, months, good in (("fixed", 119, True), ("fixed", 120, False), ("fixed", 121, False),
                                       ("life", None, False), ("suspended", None, False)):
            s = sc.admit(sentence=sentence, months=months, start=plus(TODAY, months=-200), **{flag: True})
            sc.all_evidence(s)
            m = sc.propose(s, what="parole")
            check(good, "parole.violent", m)
    for months in (6, 120):
        for flag in (True, False):
            s = sc.admit(months=months, recidivist=flag, start=plus(TODAY, months=-100))
            sc.all_evidence(s)
            m = sc.propose(s, what="parole")
            check(not flag, "parole.recidivist", m)
    # The bars are those of parole alone.
    s = sc.admit(recidivist=True, listed_violent=True)
    sc.all_evidence(s)
    sc.propose(s)
    sc.no()


def evidence():
    last = [{"date": str(plus(TODAY, months=-30)), "months": 3}]
    for what, grounds, items in (
            ("commutation", ("repentance",), ("judgment", "earlier-rulings", "assessment", "repentance")),
            ("commutation", ("merit",), ("judgment", "earlier-rulings", "assessment", "merit")),
            ("commutation", ("major-merit",), ("judgment", "earlier-rulings", "assessment", "major-merit")),
            ("parole", ("repentance",), ("judgment", "earlier-rulings", "assessment", "repentance", "community")),
            ("outside", ("illness",), ("judgment", "diagnosis", "danger", "guarantor")),
            ("outside", ("pregnancy",), ("judgment", "pregnancy", "danger")),
            ("outside", ("self-care",), ("judgment", "self-care", "danger"))):
        for missing in (None,) + items:
            s = sc.admit(months=120, cuts=last)
            sc.file(s, *[i for i in items if i != missing])
            m = sc.propose(s, what=what, grounds=grounds)
            check(not missing, "evidence", m)
            if not missing:
                sc.no()
                continue
            # The missing one closes the hole, and the finding.
            sc.file(s, missing)
            sc.line(expect={"resolve": {}})
            sc.no("evidence")
    # Of before the last ruling: does not count again
    s = sc.admit(months=120, cuts=[{"date": str(plus(TODAY, days=-3)), "months": 3}])
    sc.file(s, "judgment", "earlier-rulings", "assessment")
    for shift, good in ((-4, False), (-3, False), (-2, True)):
        sc.act(ASSESSOR, "repentance", subject=s, blob=BLOB, effective=plus(TODAY, shift))
        if shift == -4:
            m = sc.propose(s)
            sc.finds("evidence", text="concrete facts of repentance")
            sc.finds("score.sole", matter=m)
    sc.line(expect={"resolve": {}})
    # Assessment scores alone
    for what in ("commutation", "parole"):
        s = sc.admit(months=120)
        sc.file(s, "judgment", "assessment", "community")
        m = sc.propose(s, what=what)
        sc.finds("score.sole", matter=m, level="fault", law={"mark": "S"})
        sc.file(s, "repentance")
        sc.line(expect={"resolve": {}})


def entries():
    """Late entries and changes"""
    s = sc.admit()
    for n, (days, good) in enumerate(((0, True), (6, True), (7, True), (8, False), (31, False))):
        sc.act(ASSESSOR, "assess", subject=s, period=f"2026-0{n + 1}", score=50, effective=plus(TODAY, -days))
        if good:
            sc.no()
        else:
            sc.finds("late", level="warn", matter=sc.person)
    for kind, more in (("repentance", {}), ("merit", {"degree": "major"}), ("punish", {"degree": "warning"})):
        for days in (7, 8):
            sc.act(ASSESSOR, kind, subject=s, blob=BLOB, effective=plus(TODAY, -days), **more)
            if days == 7:
                sc.no()
            else:
                sc.finds("late")
    sc.act(ASSESSOR, "repentance", subject=s, blob=BLOB, effective=plus(TODAY, 1))
    sc.refused("later than this record")
    sc.act(ASSESSOR, "assess", subject=s, period="2026-01", score=70)
    sc.refused("use the act correct")
    sc.act(ASSESSOR, "correct", subject=s, period="2026-01", score=70, reason="sum")
    sc.refused("the same person")
    sc.act(ASSESSOR2, "correct", subject=s, period="2026-01", score=70, reason="sum")
    sc.finds("assessment.changed", level="warn", text="from 50 to 70")
    sc.act(ASSESSOR2, "correct", subject=s, period="2025-01", score=70, reason="sum")
    sc.refused("not assessed")
    m = sc.propose(s)
    sc.finds("punishment", level="info", matter=m)
    sc.act(ASSESSOR, "correct", subject=s, period="2026-01", score=80, reason="again")
    sc.finds("assessment.changed", level="fault", matter=m)


def release():
    # 12 months from 2025-06-15 end on 2026-06-14; a day of custody less
    for start, custody, good in ((plus(TODAY, months=-12), 0, True), (plus(plus(TODAY, months=-12), 1), 0, True),
                                 (plus(plus(TODAY, months=-12), 2), 0, False),
                                 (plus(plus(TODAY, months=-12), 2), 1, True),
                                 (plus(TODAY, months=-11), 0, False), (plus(TODAY, months=-13), 0, True)):
        s = sc.admit(months=12, start=start, custody_days=custody)
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
        check(good, "release.early", sc.person)
        sc.line(expect={"close": {"matter": sc.person}})


def refusals():
    s = sc.admit()
    for what, more, text in (
            ("commutation", {"months": None}, "exactly one of months"),
            ("commutation", {"to_months": 12, "months": 3}, "exactly one of months"),
            ("parole", {"months": 3}, "exactly one of months"),
            ("parole", {"grounds": ["illness"]}, "does not apply to parole"),
            ("outside", {"grounds": ["repentance"]}, "does not apply to outside"),
            ("commutation", {"grounds": [], "months": 3}, "at least one"),
            ("pardon", {}, "field what"),
            ("commutation", {"months": 3, "colour": "red"}, "colour")):
        sc.act(PROPOSER, "propose", **({"subject": s, "what": what, "grounds": ["repentance"]} | more))
        sc.refused(text)
    sc.propose(s)
    sc.act(PROPOSER, "propose", subject=s, what="commutation", months=3, grounds=["merit"])
    sc.refused("already")
    sc.act(51, "propose", subject=s, what="parole", grounds=["repentance"])
    sc.refused("wrong office")
    sc.act(52, "assess", subject=s, period="2026-01", score=1)
    sc.refused("wrong office")
    sc.act(ASSESSOR, "propose", subject=s, what="parole", grounds=["repentance"])
    sc.refused("role sentence.proposer")
    sc.act(99, "assess", subject=s, period="2026-01", score=1)
    sc.refused("not an actor")
    sc.act(PROPOSER, "propose", subject="S-none", what="parole", grounds=["repentance"])
    sc.refused("nobody serves")
    for more in ({"sentence": "life", "months": 12}, {"sentence": "fixed"}):
        sc.act(REGISTRAR, "admit", subject="S-new", start="2020-01-01", prosecutors="prosecutors", **more)
        sc.refused("months")
    sc.act(REGISTRAR, "admit", subject="S-new", sentence="life", start=plus(TODAY, 1), prosecutors="prosecutors")
    sc.refused("later than this record")
    sc.act(REGISTRAR, "admit", subject="S-new", sentence="life", start="2020-01-01", prosecutors="prison")
    sc.refused("another office")
    sc.act(REGISTRAR, "admit", subject=s, sentence="life", start="2020-01-01", prosecutors="prosecutors")
    sc.refused("already")


for part in (start, interval, major, size, floor, parole, bars, evidence, entries, release, refusals):
    sc.comment(part.__name__)
    part()
