#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Figures of the statutes (tests/packs/statutes.csv) that concern neither a start nor an interval nor a size by its
list: daily assessment, what is left when a judgment takes effect, whom the law treats more mildly and whom not, serving
outside prison, times that run by themselves, and what a court takes back. One below, at and one above."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import (ASSESSOR, AUTHORITY, BLOB, CLERK, COURT, DECIDER, JUDGE, MEDIC, PROSECUTOR, PROSECUTORS, REGISTRAR, REVIEWER, Scene,
                   day, plus)
from statute import deadline, end_of, figure, last_second, part, term_end

sc = Scene("2026-01-05")
OFFICER = 71
sc.line(office={"id": "justice", "name": "justice"}, time=True)
sc.line(actor={"uid": OFFICER, "name": "officer", "office": "justice", "roles": ["sentence.corrections"]})


def due(clock, begin, name=None, **more):
    sc.line(expect={"clock": {"clock": clock, "due": last_second(deadline(name or clock, begin)), **more}})


def tomorrow(days=1):
    sc.at(plus(sc.now, days))


def assessment():
    months = (f"{year}-{n:02}" for year in range(2010, 2026) for n in range(1, 13))
    s = sc.admit()
    for name in ("supervision", "education", "labour"):
        most = figure(f"assessment part {name}", sc.now) * (1 + part("assessment extra", sc.now))
        for points in (int(most) - 1, most, int(most) + 1):
            sc.act(ASSESSOR, "assess", subject=s, period=next(months), score=90, **{name: points})
            sc.said(points > most, "assessment.points", sc.person)
    # In a year at most 300, but for items 1 to 5 of Art. 14
    most, once = figure("assessment year", sc.now), figure("assessment special", sc.now)
    for item, over in ((None, True), (5, False), (6, True)):
        s = sc.admit()
        for month in range(1, most // once + 2):
            special = once if month <= most // once else 1
            sc.act(ASSESSOR, "assess", subject=s, period=f"2025-{month:02}", score=90, special=special, special_item=item)
            sc.said(over and month > most // once, "assessment.points", sc.person)
    for degree in ("warning", "demerit", "confinement"):
        owed = figure(f"deduct {degree}", sc.now)
        for points in (owed - 1, owed, owed + 1, None):
            sc.act(ASSESSOR, "punish", subject=s, blob=BLOB, degree=degree, points=points)
            sc.said(points not in (owed, None), "assessment.deduction", sc.person)


def groups():
    """Two thirds of the members; public for three working days; graded the month after the cycle is full"""
    for members in (3, 5, 6, 7):
        for votes in range(members + 1):
            s = sc.admit()
            sc.act(ASSESSOR, "grade", subject=s, grade="qualified", votes=votes, members=members)
            sc.said(votes < members * part("members", sc.now), "assessment.votes", sc.person)
    for off in (-1, 0, 1):
        last = end_of(sc.now, figure("ward notice", sc.now), "working_days")
        since = sc.now
        sc.at(plus(last, off))
        s = sc.admit()
        sc.act(ASSESSOR, "assess", subject=s, period="2025-12", score=60, published=since)
        sc.said(off <= 0, "assessment.notice", sc.person)
        sc.act(ASSESSOR, "grade", subject=s, grade="qualified", published=since)
        sc.said(off <= 0, "assessment.notice", sc.person)
    for after in range(4):
        s = sc.admit()
        for month in range(1, 7):
            sc.act(ASSESSOR, "assess", subject=s, period=f"2025-{month + 2:02}", score=100, effective=plus(sc.now, -3))
        sc.act(ASSESSOR, "grade", subject=s, grade="qualified", effective=day(f"2025-{8 + after:02}-10"))
        sc.said(after != figure("graded after", sc.now), "assessment.when", sc.person)


def disputes():
    for off in (-1, 0, 1):
        tomorrow()
        s = sc.admit()
        told = sc.now
        sc.at(plus(end_of(told, figure("dispute asked", told), "working_days"), off))
        sc.act(REVIEWER, "time-starts", matter=sc.person, what="dispute", since=told)
        sc.said(off > 0, "dispute.late", sc.person)
    return s


def rests():
    """2016 provisions, 16: under two years left when the judgment takes effect; counted in days, not in months of 30"""
    for start in ("2025-07-01", "2025-08-31"):
        for effective in (start, str(plus(day(start), 20))):
            for months in (24, 25, 26):
                end = plus(day(effective), months=figure("rest short", sc.now))
                about = (plus(term_end(start, months), 1) - end).days
                for custody in range(max(0, about - 2), max(0, about + 3)):
                    short = plus(term_end(start, months, custody), 1) < end
                    s = sc.admit(months=months, start=start, effective_day=effective, custody_days=custody)
                    sc.all_evidence(s)
                    m = sc.propose(s, months=3)
                    sc.said(short, "start.refer", m)
                    sc.said(not short, "start", m)


def milder():
    """19: a minor, but not of the crimes of Criminal Law 81(2); outside prison: minors, old and disabled"""
    for flags, mild in (({}, True), ({"listed_violent": True}, False), ({"organised_violent": True}, False),
                        ({"listed_violent": True, "months": 119}, True)):
        s = sc.admit(minor=True, start=plus(sc.now, months=-17), **flags)
        sc.all_evidence(s)
        m = sc.propose(s, months=3)
        sc.said(mild, "start.refer", m)
        sc.said(not mild, "start", m)
    for who in (None, "minor", "old", "disabled"):
        s = sc.admit(listed_violent=True, start=plus(sc.now, months=-30), **({who: True} if who else {}))
        sc.all_evidence(s)
        m = sc.propose(s, what="outside", grounds=("self-care",))
        sc.said(not who, "outside.third", m)
        sc.said(who, "outside.third.refer", m)


def taken():
    """What a term became is a cut of so many months: for the next interval, for parole, and for the old total"""
    cuts = [{"date": str(plus(sc.now, months=-19)), "to_months": 160}]
    for months, found in ((180, True), (178, False)):
        s = sc.admit(months=months, start=plus(sc.now, months=-100), cuts=cuts)
        sc.all_evidence(s)
        sc.said(found, "interval.cut", sc.propose(s, months=3))
    cuts[0]["date"] = str(plus(sc.now, months=-13))
    for to, found in ((168, True), (169, False)):
        s = sc.admit(months=180, start=plus(sc.now, months=-100), cuts=[cuts[0] | {"to_months": to}])
        sc.all_evidence(s)
        sc.said(found, "interval", sc.propose(s, what="parole"))
    for cut, found in ((20, False), (21, True)):
        s = sc.admit(months=180, cuts=cuts)
        sc.act(PROSECUTOR, "sentence-change", subject=s, what="retrial", months=170, reason="retried", blob=BLOB)
        sc.act(REGISTRAR, "sentence-confirm", subject=s)
        sc.all_evidence(s)
        sc.said(found, "retrial.total", sc.propose(s, months=cut))


def changes():
    """32: a retrial that keeps the judgment leaves the rulings. 33, CL 71: after a new crime the term is a new one"""
    cuts = [{"date": str(plus(sc.now, months=-3)), "months": 6}]
    s = sc.admit(months=180, cuts=cuts)
    sc.act(PROSECUTOR, "sentence-change", subject=s, what="retrial", reason="judgment kept", blob=BLOB)
    sc.act(REGISTRAR, "sentence-confirm", subject=s)
    sc.all_evidence(s)
    m = sc.propose(s, months=3)
    sc.said(True, "interval", m)
    sc.said(False, "retrial.total", m)
    for start in (None, plus(sc.now, -30)):
        s = sc.admit(months=60, start=plus(sc.now, months=-50), custody_days=200)
        final = plus(sc.now, -4)
        sc.act(REGISTRAR, "sentence-change", subject=s, what="new-crime", months=40, reason="in prison", blob=BLOB, effective=final,
               start=start)
        sc.act(PROSECUTOR, "sentence-confirm", subject=s)
        sc.line(expect={"derived": {"clock": "term-end", "due": last_second(term_end(start or final, 40))}})


def seven():
    """2014 rules, 7: life, once reduced: seven years of the fixed term itself"""
    wait = figure("outside seven", sc.now)
    for sentence, flag in (("life", "recidivist"), ("suspended", "listed_violent")):
        for off in (-1, 0, 1):
            reduced = plus(plus(sc.now, months=-wait), off)
            s = sc.admit(sentence=sentence, start=plus(sc.now, months=-160), cuts=[{"date": str(reduced), "to_months": 264}], **{flag: True})
            sc.all_evidence(s)
            sc.said(off > 0, "outside.seven", sc.propose(s, what="outside", grounds=("self-care",)))
    for months in (figure("helpless time", sc.now),):
        for off in (-1, 0, 1):
            for old in (False, True):
                s = sc.admit(old=old)
                m = sc.propose(s, what="outside", grounds=("self-care",), daily_acts=3, helpless_since=plus(plus(sc.now, months=-months), off))
                sc.said(off > 0 and not old, "outside.helpless", m)


def examined():
    s = sc.admit()
    for off in (-1, 0, 1):
        sc.act(MEDIC, "medical", subject=s, blob=BLOB, item="diagnosis", told=plus(sc.now, -figure("examination told", sc.now) + off))
        sc.said(off > 0, "examination.told", sc.person)
        doctors = figure("doctors", sc.now) + off
        sc.act(MEDIC, "medical", subject=s, blob=BLOB, item="diagnosis", doctors=doctors)
        sc.said(off < 0, "examination.doctors", sc.person)


def courts():
    """The court posts its notice in five days of docketing, whoever says so"""
    for off in (0, 1):
        tomorrow()
        m = sc.docketed()
        last = deadline("court posts", sc.now)
        due("court-notice", sc.now, "court posts")
        sc.at(plus(last, off), "00:00:00" if off else "23:59:59")
        sc.act(CLERK, "publish", matter=m)
        sc.said(off, "clock.court-notice", m)
    # What is ruled on is posted no more; nobody has looked at property penalties
    for known in (None, "unable"):
        tomorrow()
        m = sc.docketed(start=plus(sc.now, months=-80))
        if known:
            sc.act(REGISTRAR, "property", subject=f"S-{sc.subjects}", state=known, blob=BLOB)
        sc.rule(m)
        sc.line(expect={"met": {"clock": "court-notice"}})
        sc.said(not known, "property.unchecked", m)
    # Said otherwise by hand: counted from there
    tomorrow()
    m = sc.docketed()
    tomorrow(2)
    sc.act(CLERK, "time-starts", matter=m, what="court-notice")
    due("court-notice", sc.now, "court posts")


def authority():
    for off in (0, 1):
        tomorrow()
        m = sc.outside()
        due("authority-decision", sc.now, "authority decision")
        due("authority-notice", sc.now, "authority notice")
        begun = sc.now
        sc.at(deadline("authority notice", begun))
        sc.act(DECIDER, "publish", matter=m)
        sc.line(expect={"met": {"clock": "authority-notice"}})
        sc.at(plus(deadline("authority decision", begun), off))
        sc.passes()
        sc.said(off, "clock.authority-decision", m)
        # Made in time and entered later: taken back
        sc.act(DECIDER, "decision", matter=m, granted=False, blob=BLOB, made=plus(sc.now, -off))
        sc.line(expect={"resolve": {}} if off else {"met": {"clock": "authority-decision"}})
        sc.no("notice.authority", matter=m)
    for off in (0, 1):
        tomorrow()
        m = sc.outside()
        sc.act(DECIDER, "publish", matter=m)
        tomorrow(figure("authority runs", sc.now) + off)
        sc.act(DECIDER, "decision", matter=m, granted=True, blob=BLOB)
        sc.said(not off, "notice.authority", m)
        due("handed-over", sc.now, "reports")
    # Urgent: no notice before, but one after
    tomorrow()
    m = sc.outside(urgent=True)
    sc.line(expect={"none": {"clock": "authority-notice"}})
    sc.act(DECIDER, "decision", matter=m, granted=True, blob=BLOB)
    due("urgent-notice", sc.now, "urgent notice")


def handed():
    """To community correction in ten days: of the decision, and of parole in effect"""
    for reach in (sc.decided, lambda: sc.served(what="parole", start=plus(sc.now, months=-80))):
        for off in (0, 1):
            tomorrow()
            reach()
            due("handed-over", sc.now, "reports")
            sc.at(plus(deadline("reports", sc.now), off), "00:00:00" if off else "23:59:59")
            sc.act(REGISTRAR, "handover", subject=f"S-{sc.subjects}", to="justice")
            sc.said(off, "clock.handed-over", sc.person)


def ranks():
    """Office crime of rank: filed upward within ten days of receiving ruling or decision"""
    for rank in (None, "county-division", "bureau"):
        tomorrow()
        s = sc.admit(office_crime=True, rank=rank)
        sc.all_evidence(s)
        m = sc.propose(s, what="outside", grounds=("illness",))
        for uid, kind, more in ((REVIEWER, "countersign", {}), (REVIEWER, "submit", {"to": AUTHORITY}),
                                (DECIDER, "decision", {"granted": False, "blob": BLOB})):
            sc.act(uid, kind, matter=m, **more)
        due("upward-filing", sc.now, "upward filing") if rank else sc.line(expect={"none": {"clock": "upward-filing"}})


def paroled():
    tomorrow()
    sc.served(what="parole", start=plus(sc.now, months=-80))
    s = f"S-{sc.subjects}"
    sc.act(REGISTRAR, "handover", subject=s, to="justice")
    return s


def supervised():
    """Off supervision for over a month, or two warnings unheeded: grounds to propose a revocation"""
    for off in (0, 1):
        s = paroled()
        for n in range(1, figure("warnings", sc.now) + 2):
            sc.act(OFFICER, "community-record", subject=s, what="warning", text="did not come")
            sc.said(n > figure("warnings", sc.now), "revocation.ground", sc.person)
        sc.act(OFFICER, "community-record", subject=s, what="lost", text="gone")
        due("off-supervision", sc.now, "off supervision")
        sc.at(plus(deadline("off supervision", sc.now), off), "00:00:00" if off else "23:59:59")
        sc.act(OFFICER, "community-record", subject=s, what="found", text="back")
        sc.said(off, "clock.off-supervision", sc.person)


def revoked():
    """A court takes back what it granted: the cut lapses, or part of it; the parole, and he is taken in"""
    start = plus(sc.now, months=-100)
    for left in (None, 2):
        tomorrow()
        m = sc.served(start=start)
        sc.act(JUDGE, "grant-revoked", matter=m, blob=BLOB, text="false papers", months=left)
        sc.line(expect={"derived": {"clock": "term-end", "due": last_second(term_end(start, 120 - (left or 0)))}})
        sc.finds("grant.revoked", level="info")
        sc.act(JUDGE, "grant-revoked", matter=m, blob=BLOB, text="again", months=6)
        sc.refused("nothing that was granted" if not left else "less than was cut")
        sc.act(PROSECUTOR, "no-objection", matter=m)
        sc.act(PROSECUTOR, "close", matter=m)
        m = sc.propose(f"S-{sc.subjects}", months=3)
        sc.said(left, "interval", m)
    tomorrow()
    m = sc.served(what="parole", start=start)
    sc.act(PROSECUTOR, "no-objection", matter=m)
    sc.act(PROSECUTOR, "close", matter=m)
    sc.act(JUDGE, "grant-revoked", matter=m, blob=BLOB, text="false papers")
    sc.line(expect={"task": {"office": "prison", "key": "revoked"}})
    sc.act(REGISTRAR, "recall", subject=f"S-{sc.subjects}", blob=BLOB)
    sc.line(expect={"move": {"stage": "serving"}})
    # Released since as the cut term ended: told to the prosecutors, no day is made up here
    tomorrow()
    m = sc.heard(months=1, start=plus(sc.now, months=-119))
    sc.rule(m)
    sc.act(CLERK, "service", matter=m)
    person = sc.person
    sc.at(max(sc.now, term_end(plus(sc.now, months=-119), 119)))
    sc.act(REGISTRAR, "release", subject=f"S-{sc.subjects}", blob=BLOB)
    sc.act(JUDGE, "grant-revoked", matter=m, blob=BLOB, text="false papers")
    sc.finds("grant.released", matter=person, level="fault")
    sc.line(expect={"task": {"office": PROSECUTORS, "key": "released"}})


def rechecks():
    """From 2026-11-01 a month; the 15 days of 2016 were not seen repealed: both are shown"""
    for first in (day("2026-08-10"), day("2026-11-02")):
        for off in (-1, 0, 1):
            sc.at(max(first, plus(sc.now, 1)))
            m = sc.decided()
            sc.act(PROSECUTOR, "objection", matter=m, text="not ill", blob=BLOB)
            due("recheck", sc.now)
            new = sc.now >= day("2026-11-01")
            sc.at(plus(deadline("recheck reading" if new else "recheck", sc.now), off))
            sc.act(DECIDER, "recheck", matter=m, granted=True, text="ill", blob=BLOB)
            sc.said(new and off > 0, "recheck.refer", m)
            sc.said(not new and off > 0, "clock.recheck", m)


for run in (assessment, groups, disputes, rests, milder, taken, changes, seven, examined, courts, authority, handed, ranks, rechecks,
            supervised, revoked):
    sc.comment(run.__name__)
    run()
