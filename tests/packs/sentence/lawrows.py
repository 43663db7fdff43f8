#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Rules of the statutes that no other file here tries, one below, at and one above: political rights,
a short missed crime, a crime during the suspension, guilt denied, an identity hidden, papers of illness."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import ASSESSOR, BLOB, CLERK, COURT, DECIDER, JUDGE, MEDIC, PROPOSER, PROSECUTOR, REGISTRAR, REVIEWER, Scene, day, plus
from statute import end_of, figure

sc = Scene("2026-06-15")


def rights():
    on = sc.now
    for who, least, most in (({"months": 120}, figure("rights least", on), None),
                             ({"sentence": "life"}, figure("rights reduced least", on), figure("rights reduced most", on)),
                             ({"sentence": "life", "cuts": [{"date": "2024-01-10", "to_months": 264}]}, figure("rights finally", on), None)):
        size = {"to_months": 264} if who.get("sentence") == "life" and "cuts" not in who else {"months": 3}
        for left in (least - 1, least, least + 1) + ((most - 1, most, most + 1) if most else ()):
            s = sc.admit(**who)
            m = sc.propose(s, rights=left, **size)
            sc.said(left < least, "rights", m)
            sc.said(most is not None and left > most, "rights.long", m)


def missed():
    """Life, reduced, a missed crime of up to 3 years, life again: a year; else two from delivery"""
    most, wait = figure("missed short", sc.now), figure("start missed", sc.now)
    for months in (most, most + 1):
        for days in (-1, 0, 1):
            s = sc.admit(sentence="life", start=plus(sc.now, months=-90), cuts=[{"date": "2022-01-10", "to_months": 264}])
            sc.act(REGISTRAR, "sentence-change", subject=s, what="missed-crime", missed_months=months, reason="found", blob=BLOB,
                   effective=plus(plus(sc.now, months=-wait), days))
            sc.act(PROSECUTOR, "sentence-confirm", subject=s)
            sc.all_evidence(s)
            sc.said(months <= most and days > 0, "start", sc.propose(s, to_months=264))


def suspension():
    """A crime during it: two years from that judgment; once life, five years nothing is cut"""
    s = sc.admit(sentence="suspended", start=plus(sc.now, months=-20))
    sc.act(REGISTRAR, "sentence-change", subject=s, what="new-crime", reason="in prison", blob=BLOB, effective=plus(sc.now, -3))
    sc.act(PROSECUTOR, "sentence-confirm", subject=s)
    sc.all_evidence(s, but=("major-merit",))
    anew = plus(sc.now, -3)
    for days in (-1, 0):
        sc.at(plus(plus(anew, months=24), days))
        sc.act(PROPOSER, "propose", subject=s, what="commutation", grounds=["repentance"])
        m = sc.opens()
        sc.said(days < 0, "suspension.early", m)
        sc.no("new-crime", matter=m)
        if days < 0:
            sc.act(REVIEWER, "withdraw", matter=m, reason="early")
            sc.act(PROSECUTOR, "close", matter=m)
    sc.act(REVIEWER, "countersign", matter=m)
    sc.act(REVIEWER, "publish", matter=m)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.at(plus(sc.now, 12))
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.finds("consent", matter=m, text="Prison Law (2026), Art. 51 to 53")
    sc.act(DECIDER, "consent", matter=m, blob=BLOB)
    sc.line(expect={"resolve": {}})
    for kind, more in (("docket", {"number": "1"}), ("publish", {})):
        sc.act(CLERK, kind, matter=m, **more)
    sc.at(plus(sc.now, 6))
    sc.rule(m)
    life = sc.now
    sc.act(CLERK, "service", matter=m)
    sc.act(PROSECUTOR, "no-objection", matter=m)
    sc.act(PROSECUTOR, "close", matter=m)
    for days in (-1, 0):
        sc.at(plus(plus(life, months=figure("bar suspension crime", life)), days))
        m2 = sc.propose(s, to_months=300)
        sc.said(days < 0, "new-crime", m2)
        sc.act(REVIEWER, "withdraw", matter=m2, reason="tried")
        sc.act(PROSECUTOR, "close", matter=m2)


def bars():
    for flag, rule, what, who in (("denies_guilt", "denies", "parole", {"corruption": True}),
                                  ("denies_guilt", "denies", "commutation", {"corruption": True}),
                                  ("denies_guilt", "-", "parole", {}),
                                  ("not_returned", "repentance.returned", "commutation", {"mafia": True}),
                                  ("not_returned", "-", "commutation", {}),
                                  ("identity_hidden", "identity", "commutation", {}),
                                  ("identity_hidden", "identity", "parole", {}), ("aged", "parole.first", "commutation", {})):
        for has in (True, None):
            s = sc.admit(start=plus(sc.now, months=-80), **who, **({flag: True} if has else {}))
            sc.all_evidence(s)
            m = sc.propose(s, what=what, months=3)
            for one in ("denies", "repentance.returned", "identity", "parole.first"):
                sc.said(has and one == rule, one, m)
    # Save major merit that is shown
    s = sc.admit(identity_hidden=True)
    sc.all_evidence(s)
    sc.said(False, "identity", sc.propose(s, months=3, grounds=("major-merit",)))


def outside():
    for old, least in ((False, figure("helpless acts", sc.now)), (True, figure("helpless acts old", sc.now))):
        for n in range(6):
            s = sc.admit(old=old)
            m = sc.propose(s, what="outside", grounds=("self-care",), daily_acts=n)
            sc.said(n < least, "outside.helpless", m)
    for off in (-1, 0, 1):
        s = sc.admit()
        last = plus(sc.now, months=-figure("examination valid", sc.now))
        sc.act(MEDIC, "medical", subject=s, blob=BLOB, item="diagnosis", effective=plus(last, -off))
        sc.said(off > 0, "outside.stale", sc.propose(s, what="outside", grounds=("illness",)))
    # Urgent: announced afterwards. In a detention house the notice runs three working days.
    for more, who, rule in (({"urgent": True}, {}, False), ({}, {}, True)):
        s = sc.admit(**who)
        m = sc.propose(s, what="outside", grounds=("illness",), **more)
        sc.act(REVIEWER, "countersign", matter=m)
        sc.act(REVIEWER, "submit", matter=m, to="bureau")
        sc.said(rule, "notice.prison", m)
    for off in (0, 1):
        s = sc.admit(detention_house=True)
        m = sc.propose(s, months=3)
        sc.act(REVIEWER, "countersign", matter=m)
        sc.act(REVIEWER, "publish", matter=m)
        sc.at(plus(end_of(sc.now, figure("notice detention house", sc.now), "working_days"), off))
        sc.act(REVIEWER, "submit", matter=m, to=COURT)
        sc.said(not off, "notice.prison", m)


def questioned():
    for how in (None, False, True):
        m = sc.heard(what="parole", start=plus(sc.now, months=-80))
        if how is not None:
            sc.act(CLERK, "court-hearing", matter=m, open=how)
        sc.rule(m)
        sc.said(how is None, "question", m)


def points():
    s = sc.admit()
    months = iter(f"2025-{n:02}" for n in range(1, 13))
    for special in (99, 100, 101, 0, 1):
        sc.act(ASSESSOR, "assess", subject=s, period=next(months), score=150 + special, special=special)
        year = special == 1
        sc.said(special > 100 or year, "assessment.points", sc.person)


# Those of 2026 first: of later years nobody has told the days off
for part in (rights, missed, bars, points, outside, questioned, suspension):
    sc.comment(part.__name__)
    part()
