#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""An oracle of its own: the statutes as they read, not the pack's tables. Each figure is tried one
below, at and one above; what the pack finds must be what is written in statutes.csv and commutation.csv
beside it.

Sources: Criminal Law (CL), Criminal Procedure Law (CPL), its interpretation of 2021, court rules of
2014, 2016 provisions (法释〔2016〕23号), 2019 rules (法释〔2019〕6号), 2024 rules (法释〔2024〕5号).
"""
import csv
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import BLOB, PROSECUTOR, REGISTRAR, Scene, day, plus
from statute import figure, part, term_end

Y = 12
TODAY = day("2026-06-15")
sc = Scene(str(TODAY))
R, M, MM = "repentance", "merit", "major-merit"
# What a group of the statutes may be, each tried in its turn
GROUPS = {
    "": ({},),
    "A": tuple({flag: True} for flag in ("recidivist", "office_crime", "financial", "mafia", "state_security", "terrorism",
                                         "drug_leader")),
    "B": ({"listed_violent": True}, {"organised_violent": True}), "C": ({"several_long": True},),
    "combined": ({"combined": True},), "corrupt": ({"corruption": True},), "restricted": ({"restricted": True},),
}


def rows(rule):
    with open(os.path.join(HERE, "..", "commutation.csv"), encoding="utf-8") as file:
        return [r for r in csv.DictReader(file) if r["rule"] == rule and r["from"] <= str(TODAY)]


def groups(row, all_of_them):
    return GROUPS[row["who"]] if all_of_them else GROUPS[row["who"]][:1]


def terms_of(row):
    """The least and the longest term of a row; none of life"""
    return (int(row["least"]), int(row["below"]) - 1) if row["least"] else (None,)


def expect(found, rule, m):
    if found:
        sc.finds(rule, matter=m, level="fault")
    else:
        sc.no(rule, matter=m)


def proposed(s, **kw):
    sc.all_evidence(s, but=("major-merit",) if MM not in kw.get("grounds", ()) else ())
    return sc.propose(s, **kw)


def starts():
    for row in rows("start"):
        sc.comment(f"start, {row['article']}")
        size = {"months": 3} if row["sentence"] == "fixed" else {"to_months": 25 * Y}
        for who in groups(row, row["sentence"] == "fixed"):
            for months in terms_of(row):
                for days in (-1, 0, 1):
                    begin = plus(plus(TODAY, months=-int(row["figure"])), days)
                    held = {"cuts": [{"date": str(begin), "to_life": True}]} if row["sentence"] == "suspended" else {}
                    s = sc.admit(months=months, sentence=row["sentence"], **held, **who,
                                 start=plus(TODAY, months=-130) if held else begin)
                    expect(days > 0, "start", proposed(s, **size))


def intervals():
    for row in rows("interval"):
        for who in groups(row, False):
            for months in terms_of(row):
                for days in (-1, 0, 1):
                    cut = {"date": str(plus(plus(TODAY, months=-int(row["figure"])), days))}
                    cut |= {"to_months": 22 * Y} if row["sentence"] != "fixed" else {"months": 3}
                    s = sc.admit(months=months, sentence=row["sentence"], start=plus(TODAY, months=-90), cuts=[cut], **who)
                    expect(days > 0, "interval", proposed(s, months=3))


def sizes():
    for row in rows("size"):
        for cut in range(int(row["figure"]) - 1, int(row["figure"]) + 2):
            # Of life, of suspended death: once it is a fixed term
            held = {} if row["sentence"] == "fixed" else {"cuts": [{"date": str(plus(TODAY, months=-40)), "to_months": 24 * Y}]}
            s = sc.admit(months=15 * Y, sentence=row["sentence"], start=plus(TODAY, months=-120), **held, **GROUPS[row["who"]][0])
            expect(cut > int(row["figure"]), "size", proposed(s, months=cut, grounds=row["grounds"].split()))


def terms():
    """No shorter than its range, and longer for a person to judge"""
    for row in rows("to") + rows("above"):
        for to in range(int(row["figure"]) - 1, int(row["figure"]) + 2):
            held = {"cuts": [{"date": str(plus(TODAY, months=-60)), "to_life": True}]} if row["sentence"] == "suspended" else {}
            s = sc.admit(start=plus(TODAY, months=-90), sentence=row["sentence"], **held, **GROUPS[row["who"]][0])
            m = proposed(s, to_months=to, grounds=row["grounds"].split())
            if row["rule"] == "above":
                sc.finds("size.above", matter=m, level="info") if to > int(row["figure"]) else sc.no("size.above", matter=m)
            else:
                expect(to < int(row["figure"]), "size", m)


def floors():
    # CL 78: half of a term; 13 years of life. 2016, Art. 12: 15 years after the suspension of death.
    half = int(10 * Y * part("floor half", TODAY))
    for cut, found in ((half - 1, False), (half, False), (half + 1, True)):
        s = sc.admit(months=10 * Y, cuts=[{"date": str(plus(TODAY, months=-40)), "months": cut - 3}])
        expect(found, "floor", proposed(s, months=3))
    # Restricted: 25 years once reduced to life, 20 where it was reduced to 25 years at once
    for cuts, least in (([{"date": "2010-01-10", "to_life": True}, {"date": "2016-01-10", "to_months": 25 * Y}], figure("floor restricted life", TODAY)),
                        ([{"date": "2010-01-10", "to_months": 25 * Y}], figure("floor restricted 25", TODAY))):
        # From the end of the suspension to the last day of what would be left
        begun = plus(day("2008-01-10"), months=figure("suspension", TODAY))
        since = day(cuts[-1]["date"]) if len(cuts) > 1 else begun
        for off in (-1, 0, 1):
            left = next(n for n in range(1, 400) if plus(since, months=n) >= plus(begun, months=least)) + off
            s = sc.admit(sentence="suspended", restricted=True, start=day("2008-01-10"), cuts=cuts)
            expect(off < 0, "floor", proposed(s, months=25 * Y - left))
    for sentence, least, begun in (("life", figure("floor life", TODAY), 0),
                                   ("suspended", figure("floor suspended", TODAY), figure("suspension", TODAY))):
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
    for months, sentence, least in (
            *((term, "fixed", int(term * part("parole half", TODAY))) for term in (5 * Y, 12 * Y)),
            (None, "life", figure("parole life", TODAY))):
        for days in (-1, 0, 1):
            s = sc.admit(months=months, sentence=sentence, start=plus(plus(TODAY, months=-least), days))
            expect(days > 0, "parole.half" if months else "parole.life", proposed(s, what="parole"))
    for days in (-1, 0, 1):
        s = sc.admit(sentence="suspended", start=plus(plus(TODAY, months=-figure("parole suspended", TODAY) - figure("suspension", TODAY)), days),
                     cuts=[{"date": str(plus(TODAY, months=-120)), "to_months": 25 * Y}])
        expect(days > 0, "parole.suspended", proposed(s, what="parole"))
    for last, least in ((11, figure("parole interval", TODAY)), (12, figure("parole interval long", TODAY))):
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
    start = next(int(r["figure"]) for r in rows("start") if r["least"] == "120" and not r["who"])
    most = next(int(r["figure"]) for r in rows("size") if r["grounds"] == R and not r["who"])
    less, more = int(start * (1 - part("lenient", TODAY))), int(most * (1 + part("lenient", TODAY)))
    for flag in ("minor", "helpless"):
        for months, rule in ((start, None), (start - 1, "start.refer"), (less, "start.refer"), (less - 1, "start")):
            s = sc.admit(months=10 * Y, start=plus(TODAY, months=-months), **{flag: True})
            m = proposed(s, months=3)
            for one in ("start", "start.refer"):
                sc.finds(one, matter=m) if one == rule else sc.no(one, matter=m)
        for cut, rule in ((most, None), (most + 1, "size.refer"), (more, "size.refer"), (more + 1, "size")):
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
        sc.at(plus(plus(paid, months=figure("property waiting", paid)), -days))
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
        s = sc.admit(months=12 * Y, recidivist=True, start=plus(
            plus(sc.now, months=-int(12 * Y * part("outside third", sc.now))), days))
        expect(days > 0, "outside.third", proposed(s, what="outside", grounds=("self-care",)))


def releases():
    now = sc.now
    for start in ("2025-01-15", "2025-01-31", "2025-02-28", "2024-12-31", "2025-04-30"):
        for months, custody in ((6, 0), (13, 0), (12, 10), (18, 200)):
            for days in (-1, 0, 1):
                due = term_end(start, months, custody)
                s = sc.admit(months=months, start=day(start), custody_days=custody)
                sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=plus(due, days))
                expect(days < 0, "release.early", sc.person)
    # Suspended death, reduced to a fixed term when its suspension ends: from that end on (CL 51)
    for days in (-1, 0):
        begun = plus(day("2003-03-01"), months=figure("suspension", now))
        s = sc.admit(sentence="suspended", start=day("2003-03-01"), cuts=[{"date": "2005-06-20", "to_months": 20 * Y}])
        sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=plus(term_end(begun, 20 * Y), days))
        expect(days < 0, "release.early", sc.person)
    # Surveillance: a day of custody is two
    s = sc.admit(months=6, sentence="surveillance", start=day("2025-07-01"), custody_days=20)
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB, effective=term_end("2025-07-01", 6, 20, 2))
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


for run in (starts, intervals, sizes, terms, paroles, milder, floors, bars, releases):
    sc.comment(run.__name__)
    run()
