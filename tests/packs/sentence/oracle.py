#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""An oracle of its own: the statutes as they read, not the pack's tables. Each figure is tried one
below, at and one above; what the pack finds must be what is written here.

Sources: Criminal Law (CL), Criminal Procedure Law (CPL), its interpretation of 2021, court rules of
2014, 2016 provisions (法释〔2016〕23号), 2019 rules (法释〔2019〕6号), 2024 rules (法释〔2024〕5号).
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import BLOB, PROSECUTOR, REGISTRAR, Scene, day, plus

Y = 12
TODAY = day("2026-06-15")
sc = Scene(str(TODAY))

# sentence and group: term in months, first commutation after, interval at least (2016, Art. 6 to 9; 2019, Art. 2, 3)
STARTS = (
    ("6", {}, 5 * Y - 1, 1 * Y, 1 * Y), ("6", {}, 5 * Y, 18, 1 * Y), ("6", {}, 10 * Y - 1, 18, 1 * Y),
    ("6", {}, 10 * Y, 2 * Y, 18), ("6", {}, 15 * Y, 2 * Y, 18),
    ("7, list A", {"recidivist": True}, 4 * Y, 2 * Y, 1 * Y), ("7, list A", {"office_crime": True}, 9 * Y, 2 * Y, 1 * Y),
    ("7, list A", {"mafia": True}, 11 * Y, 2 * Y, 18), ("7, list A", {"terrorism": True}, 15 * Y, 2 * Y, 18),
    ("7, exactly 10 y: the longer", {"financial": True}, 10 * Y, 2 * Y, 18),
    ("6, list B under 10 y", {"listed_violent": True}, 9 * Y, 18, 1 * Y),
    ("7, list B", {"listed_violent": True}, 10 * Y, 2 * Y, 18), ("7, list B", {"organised_violent": True}, 12 * Y, 2 * Y, 18),
    ("7, list C", {"several_long": True, "combined": True}, 15 * Y, 2 * Y, 18),
    ("2019, 2", {"corruption": True}, 9 * Y, 2 * Y, 18), ("2019, 2", {"corruption": True}, 10 * Y, 3 * Y, 2 * Y),
    ("8", {"sentence": "life"}, None, 2 * Y, 2 * Y), ("9", {"sentence": "life", "recidivist": True}, None, 3 * Y, 2 * Y),
    ("9, several crimes", {"sentence": "life", "combined": True}, None, 3 * Y, 2 * Y),
    ("2019, 3", {"sentence": "life", "corruption": True}, None, 4 * Y, 2 * Y),
)
# Most at once of a fixed term, by grounds: Art. 6; strict lists Art. 7; 2019, Art. 2
R, M, MM = "repentance", "merit", "major-merit"
SIZES = (((R,), 9, 9, 6), ((M,), 9, 9, 6), ((R, M), 12, 12, 9), ((MM,), 18, 12, 12), ((R, MM), 24, 12, 12))
# Life becomes a term of not less than: Art. 8, Art. 9, 2019 Art. 3; after suspended death: Art. 10, 11, 2019 Art. 4
TERMS = (((R,), 22 * Y, 22 * Y, 23 * Y, 25 * Y, 25 * Y, 25 * Y), ((M,), 22 * Y, 22 * Y, 23 * Y, 25 * Y, 23 * Y, 25 * Y),
         ((R, M), 21 * Y, 21 * Y, 22 * Y, 24 * Y, 23 * Y, 24 * Y + 6), ((MM,), 20 * Y, 20 * Y, 21 * Y, 23 * Y, 23 * Y, 24 * Y),
         ((R, MM), 19 * Y, 20 * Y, 21 * Y, 22 * Y, 23 * Y, 24 * Y))
STRICT, CORRUPT = {"recidivist": True}, {"corruption": True}


def expect(found, rule, m):
    if found:
        sc.finds(rule, matter=m, level="fault")
    else:
        sc.no(rule, matter=m)


def proposed(s, **kw):
    sc.all_evidence(s, but=("major-merit",) if MM not in kw.get("grounds", ()) else ())
    return sc.propose(s, **kw)


def starts():
    for article, who, months, first, interval in STARTS:
        sc.comment(f"start and interval, Art. {article}")
        kw = {"to_months": 22 * Y} if who.get("sentence") == "life" else {"months": 3}
        for days in (-1, 0, 1):
            s = sc.admit(months=months, start=plus(plus(TODAY, months=-first), days), **who)
            expect(days > 0, "start", proposed(s, **kw))
            cuts = [{"date": str(plus(plus(TODAY, months=-interval), days)), "months": 3}]
            if who.get("sentence") == "life":
                cuts = [{"date": cuts[0]["date"], "to_months": 22 * Y}]
            s = sc.admit(months=months, start=plus(TODAY, months=-90), cuts=cuts, **who)
            expect(days > 0, "interval", proposed(s, months=3))


def sizes():
    for grounds, most, strict, corrupt in SIZES:
        for who, limit in (({}, most), (STRICT, strict), (CORRUPT, corrupt)):
            for cut in (limit - 1, limit, limit + 1):
                s = sc.admit(months=15 * Y, start=plus(TODAY, months=-60), **who)
                expect(cut > limit, "size", proposed(s, months=cut, grounds=grounds))


def terms():
    suspended = {"sentence": "suspended", "cuts": [{"date": str(plus(TODAY, months=-60)), "to_life": True}]}
    for grounds, *limits in TERMS:
        cases = zip(({}, STRICT, CORRUPT) * 2, ({"sentence": "life"},) * 3 + (suspended,) * 3, limits)
        for who, base, limit in cases:
            for to in (limit - 1, limit, limit + 1):
                s = sc.admit(start=plus(TODAY, months=-90), **base, **who)
                expect(to < limit, "size", proposed(s, to_months=to, grounds=grounds))


def floors():
    # CL 78: half of a term; 13 years of life. 2016, Art. 12: 15 years after the suspension of death.
    for cut, found in ((59, False), (60, False), (61, True)):
        s = sc.admit(months=10 * Y, cuts=[{"date": str(plus(TODAY, months=-40)), "months": cut - 3}])
        expect(found, "floor", proposed(s, months=3))
    for sentence, least, begun in (("life", 13 * Y, 0), ("suspended", 15 * Y, 2 * Y)):
        for days in (-1, 0, 1):
            ends = plus(plus(plus(TODAY, months=-12 * Y), months=begun + least), days)
            reduced = {"date": str(plus(ends, months=-24 * Y - 3)), "to_months": 24 * Y + 6}
            if sentence == "suspended":
                reduced = {"date": str(plus(TODAY, months=-6 * Y)), "to_months": least + 6}
                if days:
                    reduced["to_months"] += days
                before = [reduced]
            else:
                before = [reduced]
            s = sc.admit(sentence=sentence, start=plus(TODAY, months=-12 * Y), cuts=before)
            m = proposed(s, months=6 if sentence == "suspended" else 3)
            expect(days < 0, "floor", m)


def paroles():
    # CL 81; 2016, Art. 23, 28
    for months, sentence, least in ((5 * Y, "fixed", 30), (12 * Y, "fixed", 72), (None, "life", 13 * Y)):
        for days in (-1, 0, 1):
            s = sc.admit(months=months, sentence=sentence, start=plus(plus(TODAY, months=-least), days))
            expect(days > 0, "parole.half" if months else "parole.life", proposed(s, what="parole"))
    for days in (-1, 0, 1):
        s = sc.admit(sentence="suspended", start=plus(plus(TODAY, months=-17 * Y), days),
                     cuts=[{"date": str(plus(TODAY, months=-120)), "to_months": 25 * Y}])
        expect(days > 0, "parole.suspended", proposed(s, what="parole"))
    for last, least in ((11, 12), (12, 18)):
        for days in (-1, 0, 1):
            s = sc.admit(months=15 * Y, start=plus(TODAY, months=-100),
                         cuts=[{"date": str(plus(plus(TODAY, months=-least), days)), "months": last}])
            expect(days > 0, "interval", proposed(s, what="parole"))
    # Under two years left: it may be shorter, a person judges
    s = sc.admit(months=10 * Y, start=plus(TODAY, months=-100), cuts=[{"date": str(plus(TODAY, months=-6)), "months": 6}])
    m = proposed(s, what="parole")
    sc.no("interval", matter=m)
    sc.finds("interval.refer", matter=m, level="info")


def milder():
    # 2016, Art. 16, 19, 20: at most one third; a person judges
    for flag in ("minor", "helpless"):
        for months, rule in ((24, None), (23, "start.refer"), (16, "start.refer"), (15, "start")):
            s = sc.admit(months=10 * Y, start=plus(TODAY, months=-months), **{flag: True})
            m = proposed(s, months=3)
            for one in ("start", "start.refer"):
                sc.finds(one, matter=m) if one == rule else sc.no(one, matter=m)
        for cut, rule in ((9, None), (10, "size.refer"), (12, "size.refer"), (13, "size")):
            s = sc.admit(months=10 * Y, **{flag: True})
            m = proposed(s, months=cut)
            for one in ("size", "size.refer"):
                sc.finds(one, matter=m) if one == rule else sc.no(one, matter=m)
    s = sc.admit(months=20, start=plus(TODAY, months=-6))
    m = proposed(s, months=3)
    sc.no("start", matter=m)
    sc.finds("start.refer", matter=m, level="info")


def bars():
    s = sc.admit(sentence="life", no_commutation=True, start=plus(TODAY, months=-200))
    expect(True, "never", proposed(s, to_months=22 * Y))
    # 2024, Art. 4 and 6: able and does not; six months after
    s = sc.admit(property="able")
    expect(True, "property.able", proposed(s, months=3))
    for days in (-1, 0, 1):
        s = sc.admit(property="able")
        sc.act(REGISTRAR, "property", subject=s, state="paid", blob=BLOB)
        paid = sc.now
        sc.at(plus(plus(paid, months=6), -days))
        sc.all_evidence(s)
        expect(days > 0, "property.waiting", sc.propose(s, months=3))
    sc.at(TODAY if sc.now < TODAY else sc.now)
    # Truly unable: not held against him
    s = sc.admit(property="unable", start=plus(sc.now, months=-60))
    m = proposed(s, months=3)
    sc.no("property.able", matter=m)
    # CPL 265: life, only pregnant or nursing
    s = sc.admit(sentence="life")
    sc.all_evidence(s)
    for grounds, found in ((("illness",), True), (("pregnancy",), False)):
        m = sc.propose(s, what="outside", grounds=grounds)
        expect(found, "outside.life", m)
        sc.act(14, "withdraw", matter=m, reason="tried")
        sc.act(PROSECUTOR, "close", matter=m)
    # 2014 rules, Art. 7: one third of ten years and more
    for days in (-1, 0, 1):
        s = sc.admit(months=12 * Y, recidivist=True, start=plus(plus(sc.now, months=-48), days))
        expect(days > 0, "outside.third", proposed(s, what="outside", grounds=("self-care",)))


def last_day(start, months, custody, each=1):
    """CPL 105; interpretation 202(2); CL 47: custody first, then the term, the day before"""
    start = plus(start, days=-custody * each)
    end = plus(start, months=months)
    if months % 12 and plus(start, days=1).day == 1:
        while plus(end, days=1).day != 1:
            end = plus(end, days=1)
    return plus(end, days=-1)


def releases():
    now = sc.now
    for start in ("2025-01-15", "2025-01-31", "2025-02-28", "2024-12-31", "2025-04-30"):
        for months, custody in ((6, 0), (13, 0), (12, 10), (18, 200)):
            for days in (-1, 0, 1):
                due = last_day(day(start), months, custody)
                s = sc.admit(months=months, start=day(start), custody_days=custody)
                sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=plus(due, days))
                expect(days < 0, "release.early", sc.person)
    # Surveillance: a day of custody is two
    s = sc.admit(months=6, sentence="surveillance", start=day("2025-07-01"), custody_days=20)
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=last_day(day("2025-07-01"), 6, 20, 2))
    expect(False, "release.early", sc.person)
    # Life: none; once reduced: from the ruling on
    for sentence in ("life", "suspended"):
        s = sc.admit(sentence=sentence, start=day("2000-01-01"))
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
        expect(True, "release.early", sc.person)
    for days in (-1, 0):
        s = sc.admit(sentence="life", start=day("1998-01-01"), cuts=[
            {"date": str(plus(now, months=-20 * Y)), "to_months": 22 * Y}, {"date": str(plus(now, months=-60)), "months": 24}])
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=plus(now, days=days - 1))
        expect(days < 0, "release.early", sc.person)
    # Death, pardon and acquittal end any sentence
    for why in ("death", "pardon", "acquittal"):
        s = sc.admit(sentence="life")
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB, why=why)
        expect(False, "release.early", sc.person)


for part in (starts, sizes, terms, paroles, milder, floors, bars, releases):
    sc.comment(part.__name__)
    part()
