#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Grades of the daily assessment (15 % active, a cycle of 600 points), technical merit by who confirms it, and
papers on property penalties that are found false: one below, at and one above, with what is not to be found."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import ASSESSOR, BLOB, PROSECUTOR, REGISTRAR, Scene, plus
from statute import figure, part

sc = Scene("2026-06-15")


def shares():
    month = 0
    for graded in (20, 100, 101, 106):
        most = graded * part("assessment active", sc.now)
        for active in {int(most) - 1, int(most), int(most) + 1, graded}:
            month += 1
            sc.act(ASSESSOR, "grading", period=f"20{20 + month // 12:02}-{month % 12 + 1:02}", graded=graded, active=active)
            sc.finds("assessment.active") if active > most else sc.no("assessment.active")
    sc.act(ASSESSOR, "grading", period="2026-05", graded=3, active=4)
    sc.refused("more than the number graded")
    for times in (0, 1):
        sc.act(ASSESSOR, "grading", period="2026-05", graded=3, active=0)
    sc.refused("graded already")


def points(s, sum_of, year):
    """So many points, by months of a hundred"""
    month = 0
    while sum_of > 0:
        month += 1
        sc.act(ASSESSOR, "assess", subject=s, period=f"{year}-{month:02}", score=min(sum_of, 100))
        sum_of -= 100


def cycles():
    cycle = figure("assessment cycle", sc.now)
    for off in (-1, 0, 1, 50):
        s, m = sc.admit(), sc.person
        points(s, cycle + off, 2024)
        sc.act(ASSESSOR, "grade", subject=s, grade="qualified")
        sc.said(off < 0, "assessment.cycle", m)
        sc.no("assessment.cycle.refer", matter=m)
        # the next one: with what was over it may be full, without it is not
        over = max(0, off)
        if off < 0:
            continue
        points(s, cycle - over, 2025)
        sc.act(ASSESSOR, "grade", subject=s, grade="active")
        sc.no("assessment.cycle", matter=m)
        sc.said(over > 0, "assessment.cycle.refer", m)


def merits():
    """Art. 4 and 5: own work, confirmed by the province (merit), or an invention patent confirmed nationally (major)"""
    for degree in ("ordinary", "major"):
        for own in (False, True):
            for by in (None, "provincial", "national"):
                for patent in (None, "utility", "design", "invention"):
                    s, m = sc.admit(), sc.person
                    sc.act(ASSESSOR, "merit", subject=s, blob=BLOB, degree=degree, technical=True, own_work=own, confirmed=by,
                           patent=patent)
                    sc.said(by is None or (degree == "major" and by != "national"), "merit.unconfirmed", m)
                    sc.said(degree == "major" and patent != "invention", "merit.patent", m)
                    sc.said(not own, "merit.own", m)
    # What is not shown so is no evidence, and lifts nothing.
    for by in (None, "national"):
        s = sc.admit(start=plus(sc.now, months=-3))
        sc.all_evidence(s, but=("merit", "major-merit"))
        sc.act(ASSESSOR, "merit", subject=s, blob=BLOB, degree="major", technical=True, own_work=True, confirmed=by, patent="invention")
        m = sc.propose(s, grounds=("repentance", "major-merit"))
        sc.said(by is None, "start", m)
        sc.said(by is None, "evidence", m)


def papers():
    """Rules on property penalties, 14"""
    for serious in (True, False):
        s, m = sc.admit(), sc.person
        sc.act(REGISTRAR, "property-false", subject=s, blob=BLOB, serious=serious)
        sc.no("property.false", matter=m)
        case = sc.ruled()
        # of whom it was granted: the last that was admitted
        sc.act(PROSECUTOR, "property-false", subject=f"S-{sc.subjects}", blob=BLOB, serious=serious)
        sc.finds("property.false", level="fault" if serious else "info", text=case)


shares()
cycles()
merits()
papers()
