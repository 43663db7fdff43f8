#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The law is that of the day, and findings name it: clause, figure, days used, arithmetic."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import BLOB, COURT, PROSECUTOR, REGISTRAR, REVIEWER, Scene, day, plus

sc = Scene("2026-10-20")

def prison_law():
    """The clause shown is that of the day: the Prison Law of 2026 from 2026-11-01 on"""
    for today, clause in ((day("2026-10-30"), "Order 130"), (day("2026-11-02"), "Prison Law (2026), Art. 50")):
        sc.at(max(today, sc.now))
        m = sc.copied()
        sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
        sc.act(REVIEWER, "submit", matter=m, to=COURT)
        sc.finds("notice.prison", matter=m, level="fault", text=clause)



def arithmetic():
    s = sc.admit(months=96, start=day("2025-01-01"), delivered=day("2025-05-02"))
    sc.at(day("2026-11-20"))
    sc.all_evidence(s)
    sc.act(14, "propose", subject=s, what="commutation", grounds=["repentance"], months=3)
    m = sc.opens()
    sc.no("start", matter=m)
    s = sc.admit(months=96, start=day("2025-01-01"), delivered=day("2025-05-21"))
    sc.all_evidence(s)
    m = sc.propose(s, months=10)
    sc.finds("start", matter=m, text="Served 1 y 5 mo 30 d of the 1 y 6 mo required, counted from 2025-05-21 to 2026-11-20; complete on 2026-11-21. ["
             "5 to under 10 years: first commutation after 1 year 6 months served; 2016 provisions on commutation and parole, Art. 6")
    sc.finds("size", matter=m, text="The term is cut by 10 mo; at most 9 mo on these grounds. [")
    # Before the first day of a row: shown, and said so; nothing where nothing like it held
    sc2 = sc.admit(months=96, start=day("2025-01-01"), property="able")
    sc.all_evidence(sc2)
    m = sc.propose(sc2, what="parole")
    sc.finds("property.able", matter=m, text="2024 rules on property penalties, Art. 4")
    sc.finds("parole.half", matter=m, text="half of the term is 4 y, served on 2029-01-01")


for part in (prison_law, arithmetic):
    sc.comment(part.__name__)
    part()
