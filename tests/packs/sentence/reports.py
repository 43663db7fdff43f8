#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reports by their figures: nothing went past the review, what is overdue, the six
mechanisms; and that each sees in them what is of the own office, supervisors all."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import (BLOB, CLERK, PROPOSER, PROSECUTOR, PROSECUTOR2, PROSECUTORS, REVIEWER, Scene, plus)

SUPERVISOR, ELSEWHERE, OTHER_PRISON = 61, 62, 53
sc = Scene("2026-03-02")
sc.line(office={"id": "elsewhere", "name": "elsewhere"})
sc.line(actor={"uid": SUPERVISOR, "name": "supervisor", "office": "elsewhere", "roles": ["supervisor"]})
sc.line(actor={"uid": ELSEWHERE, "name": "elsewhere", "office": "elsewhere", "roles": ["market.officer"]})


def report(name, *rows, viewer=None, **query):
    sc.line(report={"pack": "sentence", "name": name, "query": {k.strip("_"): str(v) for k, v in query.items()}}
            | ({"viewer": viewer} if viewer is not None else {}))
    sc.line(expect={"report": {"name": name, "rows": list(rows)}})


def audit(received, reviewed, still_open, *skipped, verdict="complete", **kw):
    report("audit", {"line": "received", "number": received}, {"line": "reviewed", "number": reviewed},
           {"line": "open", "number": still_open}, {"line": verdict},
           *[{"line": "skipped", "matter": m, "stage": stage} for m, stage in skipped], **kw)


# Nothing received: nothing to review.
audit(0, 0, 0)
first = sc.now
agreed, asked, waits = sc.copied(), sc.copied(), sc.copied()
audit(3, 0, 3)
sc.act(PROSECUTOR, "opinion", matter=agreed, opinion="agree")
# A question is no review.
sc.act(PROSECUTOR, "opinion", matter=asked, opinion="ask", text="the file of 2024?")
audit(3, 1, 2)
# Past the prosecutors: still open, and named.
sc.at(plus(sc.now, days=1))
past = sc.copied()
record = sc.last
sc.act(REVIEWER, "submit", matter=past, to="court")
sc.finds("review.skipped", matter=past)
audit(4, 1, 3, (past, "submitted"))
sc.line(report={"pack": "sentence", "name": "audit", "query": {"from": str(sc.now)}})
sc.line(expect={"report": {"rows": [{"line": "received", "number": 1, "receipts": record},
                                    {"line": "open", "number": 1, "receipts": record},
                                    {"line": "skipped", "matter": past, "receipts": record}]}})
# By the period in which it was received
audit(3, 1, 2, to=first)
audit(1, 0, 1, (past, "submitted"), from_=sc.now)
audit(0, 0, 0, from_="2027-01-01")
# Late but given it is reviewed.
sc.act(PROSECUTOR, "opinion", matter=past, opinion="agree")
audit(4, 2, 2)
# What was withdrawn unseen stays open until somebody looks: nobody can make it vanish.
sc.act(PROPOSER, "withdraw", matter=waits, reason="not ripe")
audit(4, 2, 2)
# -- the six mechanisms, and three documents
sc.at(plus(sc.now, days=1))
ZERO = ("hearing", "follow-up", "discussion", "evidence", "correction")
report("mechanisms", *[{"mechanism": name, "number": 0} for name in ZERO + ("sharing",)], from_=sc.now)
m = sc.copied()
subject = f"S-{sc.subjects}"
sc.act(REVIEWER, "enforcement-hearing", matter=m, invited=5, result="for", blob=BLOB)
sc.act(PROSECUTOR, "follow-up", subject=subject, result="in-order", text="seen")
sc.act(PROSECUTOR, "opinion", matter=m, opinion="object", text="merit not shown")
sc.act(PROSECUTOR, "discuss", matter=m, text="both looked at the file")
record = sc.last
sc.act(REVIEWER, "discuss-sign", matter=m, discussion=record)
sc.act(PROSECUTOR, "flaw", matter=m, at="prison", text="wrong month")
flaw = sc.opens()
sc.act(REVIEWER, "corrected", matter=flaw, text="done", blob=BLOB)
sc.act(PROSECUTOR2, "flaw-confirm", matter=flaw, good=True, text="yes")
for n in range(3):
    sc.act(PROSECUTOR, "institution", id=f"doc-{n + 1}", title=f"Document {n + 1}", version="1", blob=BLOB,
           **{"from": "2026-01-01"})
used = [{"mechanism": name, "number": 1} for name in ("hearing", "follow-up", "discussion", "correction")]
# Admission and proposal told the other side; eleven items of evidence were fixed.
used += [{"mechanism": "sharing", "number": 2}, {"mechanism": "evidence", "number": 11}]
documents = [{"mechanism": "document", "en": f"Document {n + 1} (1, from 2026-01-01)", "number": 1} for n in range(3)]
report("mechanisms", *used, *documents, from_=sc.now)
# Each day for itself: the day after there is none of it.
report("mechanisms", *[{"mechanism": name, "number": 0} for name in ZERO], from_=plus(sc.now, days=1))

# -- who sees what: both sides their cases, another prison none of them, the court those it has
period = {"from_": sc.now}
audit(1, 1, 0, viewer=PROSECUTOR, **period)
audit(1, 1, 0, viewer=REVIEWER, **period)
audit(0, 0, 0, viewer=OTHER_PRISON, **period)
audit(0, 0, 0, viewer=CLERK, **period)
audit(1, 1, 0, viewer=SUPERVISOR, **period)
report("mechanisms", *used, viewer=OTHER_PRISON, **period)
for viewer in (ELSEWHERE, 4711):
    sc.line(report={"pack": "sentence", "name": "audit", "viewer": viewer})
    sc.line(expect={"denied": {"name": "audit", "text": "supervisors"}, "none": "report"})

# Past its days: named as well
sc.at(plus(first, days=40))
sc.passes()
sc.finds("clock.opinion", matter=asked)
audit(5, 3, 2, (asked, "copied"))

# -- what is overdue, with who owes it
report("overdue", {"matter": asked, "clock": "opinion", "side": "prosecutors", "office": PROSECUTORS})
sc.act(PROSECUTOR, "opinion", matter=asked, opinion="agree")
# What the court received and never docketed is owed by it: its month runs from the receipt.
sc.line(report={"pack": "sentence", "name": "overdue"})
sc.line(expect={"report": {"count": 1, "rows": [{"clock": "ruling", "side": "court"}]}})
audit(5, 4, 1)

