# SPDX-License-Identifier: GPL-2.0-only
"""Lines for `tongbuctl try --pack sentence`: a prison, its prosecutors, a court, and
short words for what they do. Imported by the tables beside it; prints as it goes."""
import datetime
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from statute import BLOB, day, plus

PRISON, PROSECUTORS, COURT, AUTHORITY = "prison", "prosecutors", "court", "bureau"
REGISTRAR, ASSESSOR, MEDIC, PROPOSER, REVIEWER, ASSESSOR2 = range(11, 17)
PROSECUTOR, PROSECUTOR2 = 21, 22
CLERK, JUDGE, JUDGE2 = 31, 32, 33
DECIDER = 41


class Scene:
    def __init__(self, start):
        self.now = day(start)
        self.clock = "09:00:00"
        self.matters = 0
        self.subjects = 0
        # Of lines that make a record; what comes due between them is not counted.
        self.records = 0
        for office, parent in (
                ("ministry", None), (AUTHORITY, "ministry"), (PRISON, AUTHORITY), ("prison2", AUTHORITY),
                ("prosecutors0", None), (PROSECUTORS, "prosecutors0"), ("court0", None), (COURT, "court0")):
            self.line(office={"id": office, "name": office} | ({"parent": parent} if parent else {}), time=True)
        for uid, office, role in (
                (REGISTRAR, PRISON, "registrar"), (ASSESSOR, PRISON, "assessor"), (MEDIC, PRISON, "medic"),
                (PROPOSER, PRISON, "proposer"), (REVIEWER, PRISON, "reviewer"), (ASSESSOR2, PRISON, "assessor"),
                (PROSECUTOR, PROSECUTORS, "prosecutor"), (PROSECUTOR2, PROSECUTORS, "prosecutor"),
                (CLERK, COURT, "clerk"), (JUDGE, COURT, "judge"), (JUDGE2, COURT, "judge"),
                (DECIDER, AUTHORITY, "authority"), (51, "prison2", "proposer"), (52, "prison2", "assessor"),
                (53, "prison2", "reviewer")):
            self.line(actor={"uid": uid, "name": f"{role}-{uid}", "office": office, "roles": ["sentence." + role]})
        # One of the prison who wrongly holds two roles
        self.line(actor={"uid": 19, "name": "both-19", "office": PRISON,
                         "roles": ["sentence.proposer", "sentence.reviewer"]})

    def line(self, time=None, **parts):
        out = {"time": f"{self.now}T{self.clock}+08:00"} if time else {}
        print(json.dumps(out | parts, ensure_ascii=False))
        if {"act", "office", "actor"} & parts.keys():
            self.last = f"try:{self.records}"
            self.records += 1

    def comment(self, text):
        self.line(comment=text)

    def act(self, uid, kind, **fields):
        fields = {k: str(v) if isinstance(v, datetime.date) else v for k, v in fields.items() if v is not None}
        self.line(time=True, uid=uid, act={"pack": "sentence", "kind": kind} | fields)

    def at(self, date, clock="09:00:00"):
        self.now, self.clock = date, clock

    def passes(self):
        self.line(time=True)

    def finds(self, rule, **more):
        self.line(expect={"finding": {"rule": rule} | more})

    def no(self, rule=None, **more):
        self.line(expect={"none": {"rule": rule} | more if rule else "finding"})

    def said(self, found, rule, m):
        self.finds(rule, matter=m) if found else self.no(rule, matter=m)

    def refused(self, text=None):
        self.line(expect={"finding": {"rule": "engine.refused"} | ({"text": text} if text else {})})

    # -- what people do, in short

    def subject(self):
        self.subjects += 1
        return f"S-{self.subjects}"

    def opens(self):
        self.matters += 1
        return f"sentence-{self.matters}"

    def admit(self, months=120, start=None, sentence="fixed", cuts=None, **flags):
        s = self.subject()
        self.act(REGISTRAR, "admit", subject=s, sentence=sentence, prosecutors=PROSECUTORS,
                 months=None if sentence in ("life", "suspended") else months,
                 start=start or plus(self.now, months=-100), cuts=cuts, **flags)
        self.person = self.opens()
        return s

    def file(self, s, *items):
        """Evidence, by the names of the list"""
        for item in items:
            if item == "assessment":
                self.act(ASSESSOR, "assess", subject=s, period="2026-05", score=60)
            elif item == "repentance":
                self.act(ASSESSOR, "repentance", subject=s, blob=BLOB)
            elif item in ("merit", "major-merit"):
                self.act(ASSESSOR, "merit", subject=s, blob=BLOB, degree="major" if item[1] == "a" else "ordinary")
            elif item in ("diagnosis", "pregnancy", "self-care"):
                self.act(MEDIC, "medical", subject=s, blob=BLOB, item=item)
            else:
                self.act(REGISTRAR, "document", subject=s, blob=BLOB, item=item)

    def all_evidence(self, s, but=()):
        items = ["judgment", "earlier-rulings", "assessment", "repentance", "merit", "major-merit", "community",
                 "diagnosis", "pregnancy", "self-care", "danger", "guarantor"]
        self.file(s, *[i for i in items if i not in but])

    def propose(self, s, what="commutation", months=6, to_months=None, grounds=("repentance",), **more):
        self.act(PROPOSER, "propose", subject=s, what=what, grounds=list(grounds),
                 months=months if what == "commutation" and not to_months else None, to_months=to_months, **more)
        return self.opens()

    def proposed(self, **kw):
        """A proposal in order, of somebody in order"""
        admit = {k: kw.pop(k) for k in ("sentence", "start", "cuts", "recidivist") if k in kw}
        s = self.admit(**admit)
        self.all_evidence(s)
        return self.propose(s, **kw)

    def copied(self, **kw):
        m = self.proposed(**kw)
        self.act(REVIEWER, "countersign", matter=m)
        return m

    def submitted(self, opinion="agree", notice=True, to=COURT, **kw):
        m = self.copied(**kw)
        if notice:
            self.act(REVIEWER, "publish", matter=m)
        if opinion:
            self.act(PROSECUTOR, "opinion", matter=m, opinion=opinion, text="reasons")
        # Five working days of notice are over on the eighth day, whatever day it is.
        self.at(plus(self.now, days=8))
        self.act(REVIEWER, "submit", matter=m, to=to)
        return m

    def docketed(self, **kw):
        m = self.submitted(**kw)
        self.act(CLERK, "docket", matter=m, number="(2026) 1")
        return m

    def heard(self, **kw):
        """With the court, its notice over"""
        m = self.docketed(**kw)
        self.act(CLERK, "publish", matter=m)
        self.at(plus(self.now, days=6))
        return m

    def rule(self, m, kind="ruling", granted=True, panel=(JUDGE,), **more):
        self.act(JUDGE, kind, matter=m, granted=granted, panel=list(panel), blob=BLOB, **more)

    def ruled(self, **kw):
        m = self.heard(**kw)
        self.rule(m)
        return m

    def served(self, **kw):
        m = self.ruled(**kw)
        self.act(CLERK, "service", matter=m)
        return m

    def outside(self, **kw):
        return self.submitted(what="outside", grounds=("illness",), to=AUTHORITY, **kw)

    def decided(self, granted=True, **kw):
        m = self.outside(**kw)
        self.act(DECIDER, "decision", matter=m, granted=granted, blob=BLOB)
        return m
