#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What is entered of a sentence later, ends and interruptions of custody, the side outside prison, and ways
that lead on whatever was skipped."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import AUTHORITY, BLOB, COURT, DECIDER, JUDGE2, PROPOSER, PROSECUTOR, PROSECUTOR2, REGISTRAR, REVIEWER, Scene, day, plus

sc = Scene("2026-06-15")
OFFICER = 71
sc.line(office={"id": "justice", "name": "justice"}, time=True)
sc.line(actor={"uid": OFFICER, "name": "officer", "office": "justice", "roles": ["sentence.corrections"]})
sc.line(actor={"uid": 61, "name": "elsewhere", "office": "court0", "roles": ["sentence.prosecutor"]})


def mistyped():
    """A mistyped admission: by document, reason and a second person; all is judged anew, the old is superseded"""
    s = sc.admit(months=120, start=plus(sc.now, months=-20))
    sc.all_evidence(s)
    m = sc.propose(s, months=6)
    sc.finds("start", matter=m)
    sc.act(REGISTRAR, "sentence-change", subject=s, what="mistyped", reason="judgment says five years", blob=BLOB)
    sc.refused("no change is given")
    sc.act(REGISTRAR, "sentence-change", subject=s, what="mistyped", months=60, reason="judgment says five years", blob=BLOB)
    sc.no()
    sc.act(PROSECUTOR, "sentence-change", subject=s, what="mistyped", months=61, reason="no", blob=BLOB)
    sc.refused("waits to be confirmed")
    sc.act(REGISTRAR, "sentence-confirm", subject=s)
    sc.refused("the same person")
    sc.act(PROSECUTOR, "sentence-confirm", subject=s)
    sc.line(expect={"resolve": {}})
    sc.finds("sentence.changed", level="info")
    sc.no("start")
    sc.act(PROSECUTOR, "sentence-confirm", subject=s)
    sc.refused("no change")
    # Refused: all stays
    sc.act(PROSECUTOR, "sentence-change", subject=s, what="mistyped", months=120, reason="no", blob=BLOB)
    sc.act(REGISTRAR, "sentence-confirm", subject=s, good=False, text="it is five")
    sc.no()
    # A fixed term that was life
    sc.act(PROSECUTOR, "sentence-change", subject=s, what="mistyped", sentence="life", reason="judgment says life", blob=BLOB)
    sc.act(REGISTRAR, "sentence-confirm", subject=s)
    sc.finds("start", matter=m)
    sc.finds("size.refer", matter=m, level="warn")


def retrials():
    """2016 provisions, 32: rulings lapse, free of starts, intervals and sizes, not above the old total"""
    cuts = [{"date": str(plus(sc.now, months=-30)), "months": 6}, {"date": str(plus(sc.now, months=-6)), "months": 9}]
    for cut, found in ((15, False), (16, True)):
        s = sc.admit(months=180, cuts=cuts)
        sc.act(PROSECUTOR, "sentence-change", subject=s, what="retrial", months=144, reason="retried", blob=BLOB)
        sc.act(REGISTRAR, "sentence-confirm", subject=s)
        sc.all_evidence(s)
        m = sc.propose(s, months=cut)
        for rule in ("start", "interval", "size"):
            sc.no(rule, matter=m)
        sc.finds("retrial.total", matter=m, level="fault", text="1 y 3 mo") if found else sc.no("retrial.total")
    # 34: a missed crime found by others: at most the old total, and the general rules hold
    s = sc.admit(months=180, cuts=cuts)
    sc.act(PROSECUTOR, "sentence-change", subject=s, what="missed-crime", months=204, reason="found", blob=BLOB)
    sc.act(REGISTRAR, "sentence-confirm", subject=s)
    sc.all_evidence(s)
    m = sc.propose(s, months=16, grounds=("repentance", "merit"))
    sc.finds("retrial.total", matter=m, level="fault")
    sc.finds("size", matter=m)


def new_crimes():
    """2016 provisions, 21: three years after the new judgment, four if it is life"""
    for life, years in ((None, 3), (True, 4)):
        for days in (-1, 0, 1):
            s = sc.admit(months=200, start=plus(sc.now, months=-100))
            sc.act(REGISTRAR, "sentence-change", subject=s, what="new-crime", months=240, reason="in prison", blob=BLOB,
                   effective=plus(plus(sc.now, months=-12 * years), days), new_crime_life=life)
            sc.act(PROSECUTOR, "sentence-confirm", subject=s)
            sc.all_evidence(s)
            m = sc.propose(s, months=3)
            sc.finds("new-crime", matter=m, level="fault") if days > 0 else sc.no("new-crime", matter=m)


def acquitted():
    s = sc.admit(months=200)
    sc.act(PROSECUTOR, "sentence-change", subject=s, what="acquittal", reason="acquitted", blob=BLOB)
    sc.act(REGISTRAR, "sentence-confirm", subject=s)
    sc.line(expect={"task": {"office": "prison", "key": "acquitted"}})
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB, why="acquittal")
    sc.no()


def escapes():
    """Time of escape does not count: the term ends so much later"""
    s = sc.admit(months=12, start=day("2025-06-20"))
    sc.act(REGISTRAR, "escape", subject=s, blob=BLOB, effective=plus(sc.now, days=-5))
    sc.finds("escape", level="fault")
    sc.act(PROPOSER, "propose", subject=s, what="commutation", grounds=["repentance"], months=3)
    sc.refused("wrong stage")
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB)
    sc.line(expect={"resolve": {}, "move": {"stage": "serving"}})
    sc.at(day("2026-06-24"))
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=day("2026-06-23"))
    sc.finds("release.early", text="the term ends on 2026-06-24")


def outside():
    """Community correction is a side: reports in ten days, recall proposed, taken back"""
    m = sc.decided()
    s = f"S-{sc.subjects}"
    sc.act(OFFICER, "community-record", subject=s, what="reported", text="came")
    sc.refused("wrong office")
    sc.act(REGISTRAR, "handover", subject=s, to="justice")
    sc.line(expect={"clock": {"clock": "community-report"}, "share": {"office": "justice"}})
    sc.act(OFFICER, "community-record", subject=s, what="reported", text="came")
    sc.line(expect={"met": {"clock": "community-report"}})
    sc.act(OFFICER, "community-record", subject=s, what="lost", text="not at home since Monday")
    sc.finds("outside.lost", level="fault")
    sc.act(OFFICER, "community-record", subject=s, what="recall-proposed", text="gone")
    sc.line(expect={"clock": {"clock": "recall-decision"}, "task": {"office": "prison", "key": "recall"}})
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB, why="breach", not_counted=30)
    sc.line(expect={"resolve": {}, "met": {"clock": "recall-decision"}})
    sc.no()
    return m


def skipped():
    """Whatever was skipped, a case reaches its end"""
    # Decided and objected against before the opinion
    m = sc.outside(opinion=None)
    sc.act(DECIDER, "decision", matter=m, granted=False, blob=BLOB)
    sc.act(PROSECUTOR, "objection", matter=m, text="why", blob=BLOB)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="object", text="late")
    sc.finds("opinion.late", matter=m, level="warn")
    sc.act(DECIDER, "recheck", matter=m, granted=False, text="so it is", blob=BLOB)
    for rule in ("review.skipped", "discussion"):
        sc.act(PROSECUTOR, "settle", matter=m, rule=rule, reason="seen")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    # A ruling, an objection, a final ruling, no opinion at any time before
    m = sc.served(opinion=None)
    sc.act(PROSECUTOR, "objection", matter=m, text="why", blob=BLOB)
    sc.rule(m, kind="final-ruling", panel=(JUDGE2,))
    sc.act(31, "service", matter=m)
    sc.act(PROSECUTOR2, "opinion", matter=m, opinion="agree", text="late")
    sc.act(PROSECUTOR, "settle", matter=m, rule="review.skipped", reason="seen")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    # Released with a case open: nobody is kept for a paper; the case can still be withdrawn and closed
    m = sc.copied()
    s = f"S-{sc.subjects}"
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB, why="death")
    sc.finds("release.case-open", matter=m, level="warn")
    sc.act(REVIEWER, "withdraw", matter=m, reason="died")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})


    # Granted with an evidence hole, and released since: what is missing can still be filed
    s = sc.admit(start=plus(sc.now, months=-80))
    sc.all_evidence(s, but=("judgment",))
    m = sc.propose(s)
    sc.act(REVIEWER, "countersign", matter=m)
    sc.act(REVIEWER, "publish", matter=m)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.at(plus(sc.now, days=12))
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.act(31, "docket", matter=m, number="8")
    sc.act(31, "publish", matter=m)
    sc.at(plus(sc.now, days=6))
    sc.rule(m)
    sc.act(31, "service", matter=m)
    sc.act(PROSECUTOR, "no-objection", matter=m)
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB, why="death")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.refused("evidence is missing")
    sc.file(s, "judgment")
    sc.no()
    sc.act(PROSECUTOR, "settle", matter=m, rule="grant.evidence", reason="filed afterwards")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})


def to_term():
    """A fixed term that was said to become another: it ends by that one"""
    s = sc.admit(months=120, start=day("2020-01-01"), cuts=[{"date": "2023-01-01", "to_months": 78}])
    sc.at(max(sc.now, day("2026-06-30")))
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
    sc.no("release.early")


def late_entries():
    """Made in time, entered later: taken back; made late: it stands"""
    for made, found in ((0, False), (1, True)):
        m = sc.heard()
        # The month ends; a day off moves it on
        due = plus(sc.now, months=2)
        sc.at(due)
        sc.passes()
        sc.act(31, "ruling", matter=m, granted=True, panel=[32], blob=BLOB, made=plus(sc.now, days=-45 + 44 * made))
        sc.line(expect={"resolve": {}} if not found else {"none": "resolve"})


def transfers():
    s = sc.admit()
    sc.act(REGISTRAR, "transfer", subject=s, to="prison2", reason="nearer", prosecutors="court0")
    sc.act(51, "propose", subject=s, what="parole", grounds=["repentance"])
    m = sc.opens()
    sc.act(53, "countersign", matter=m)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.refused("wrong office")
    sc.act(61, "opinion", matter=m, opinion="agree")
    sc.line(expect={"move": {"matter": m, "stage": "reviewed"}})


def withdrawn():
    m = sc.docketed()
    sc.act(REVIEWER, "withdraw", matter=m, reason="wrong")
    sc.finds("withdraw.leave", matter=m, level="warn", text="Art. 16")
    m = sc.docketed()
    sc.act(REVIEWER, "withdraw", matter=m, reason="wrong", leave=BLOB)
    sc.no("withdraw.leave")


def suspended_death():
    """Criminal Law, 50: two years, then life; nothing is cut"""
    for days, found in ((0, False), (1, True)):
        s = sc.admit(sentence="suspended", start=plus(plus(sc.now, months=-24), days))
        sc.all_evidence(s, but=("major-merit",))
        sc.act(PROPOSER, "propose", subject=s, what="commutation", grounds=["repentance"])
        m = sc.opens()
        sc.finds("suspension.early", matter=m, level="fault") if found else sc.no()
    sc.act(REVIEWER, "countersign", matter=m)
    sc.act(REVIEWER, "publish", matter=m)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.at(plus(sc.now, days=12))
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.line(expect={"resolve": {}, "clock": {"clock": "ruling-strict"}})
    sc.act(31, "docket", matter=m, number="1")
    sc.act(31, "publish", matter=m)
    sc.at(plus(sc.now, days=6))
    sc.rule(m)
    sc.act(31, "service", matter=m)
    # Life now: three years on, to a term
    sc.act(PROSECUTOR, "no-objection", matter=m)
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    ruled = sc.now
    for months, found in ((35, True), (36, False)):
        sc.at(plus(ruled, months=months))
        m = sc.propose(s, to_months=300)
        sc.finds("start", matter=m) if found else sc.no("start", matter=m)
        sc.act(REVIEWER, "withdraw", matter=m, reason="tried")
        sc.act(PROSECUTOR, "close", matter=m)


for part in (mistyped, retrials, new_crimes, acquitted, escapes, outside, skipped, to_term, late_entries, transfers, withdrawn,
             suspended_death):
    sc.comment(part.__name__)
    part()
