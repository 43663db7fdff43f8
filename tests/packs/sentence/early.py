#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What held before a rule: the last day without it, and its first. Embezzlement and bribery before the rules of 2019 are
office crimes (2016 provisions, 7); whoever could pay and did not had no parole before the rules of 2024, too."""
import csv
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import Scene, day, plus

sc = Scene("2018-08-02")
with open(os.path.join(HERE, "..", "commutation.csv"), encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))


def figure(rule, who, least, on):
    """The row that held: of embezzlement where there is one, else of list A"""
    for group in (who, "A"):
        for row in ROWS:
            if (row["rule"], row["sentence"], row["who"]) == (rule, "fixed", group) and row["from"] <= str(on) \
                    and (group == "A" or int(row["least"]) == least):
                return int(row["figure"])
    return None


def corruption():
    for on in (day("2018-08-02"), day("2019-05-31"), day("2019-06-01")):
        sc.at(on)
        for off in (-1, 0, 1):
            s = sc.admit(months=120, corruption=True, start=plus(plus(on, months=-figure("start", "corrupt", 120, on)), off))
            sc.all_evidence(s, but=("major-merit",))
            sc.said(off > 0, "start", sc.propose(s, months=3))
        for cut in (6, 7, 12, 13):
            s = sc.admit(months=180, corruption=True)
            sc.all_evidence(s)
            m = sc.propose(s, months=cut, grounds=("repentance", "major-merit"))
            sc.said(cut > 12, "size", m)
            s = sc.admit(months=180, corruption=True)
            sc.all_evidence(s)
            sc.said(cut > (6 if on >= day("2019-06-01") else 9), "size", sc.propose(s, months=cut))


def able():
    for on in (day("2023-12-01"), day("2024-05-01")):
        sc.at(on)
        for what, found in (("parole", True), ("commutation", on >= day("2024-05-01"))):
            s = sc.admit(months=120, property="able", start=plus(on, months=-90))
            sc.all_evidence(s)
            sc.said(found, "property.able", sc.propose(s, what=what, months=3))


corruption()
able()
