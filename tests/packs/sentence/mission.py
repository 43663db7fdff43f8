#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the page says of this work, sentence by sentence; and who may do what when."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from scene import (ASSESSOR, AUTHORITY, BLOB, CLERK, COURT, DECIDER, JUDGE, JUDGE2, MEDIC, PRISON, PROPOSER,
                   PROSECUTOR, PROSECUTOR2, PROSECUTORS, REGISTRAR, REVIEWER, Scene, day, plus)

sc = Scene("2026-01-05")


def seen(m, office):
    sc.line(expect={"task": {"matter": m, "office": office, "key": "seen:" + office}})


def one_view():
    """Prisons and prosecutors share one view of every commutation, parole and execution outside"""
    for what, grounds in (("commutation", ("repentance",)), ("parole", ("repentance",)), ("outside", ("illness",))):
        s = sc.admit()
        sc.all_evidence(s)
        m = sc.propose(s, what=what, grounds=grounds)
        sc.line(expect={"share": {"matter": m, "office": PROSECUTORS}})
        sc.line(expect={"task": {"matter": m, "office": PROSECUTORS, "key": "proposed"}})
        # What the prosecutors add, the prison is told.
        sc.act(PROSECUTOR, "query", matter=m, text="where is the certificate?")
        sc.line(expect={"task": {"matter": m, "office": PRISON, "key": "query:" + sc.last}})
        seen(m, PRISON)


def in_step():
    """From batch and afterwards to all cases, whole course, in step: before any proposal"""
    s = sc.admit()
    sc.line(expect={"share": {"matter": sc.person, "office": PROSECUTORS}})
    sc.act(ASSESSOR, "assess", subject=s, period="2025-11", score=90, effective=day("2025-12-01"))
    sc.finds("late", matter=sc.person)
    sc.act(PROSECUTOR, "query", matter=sc.person, text="why so late?")
    question = sc.last
    sc.act(PROSECUTOR, "reply", matter=sc.person, query=question, text="we ask and answer")
    sc.refused("only the other side may answer")
    sc.act(REGISTRAR, "reply", matter=sc.person, query=question, text="a mistake")
    sc.no()
    sc.line(expect={"done": {}})
    sc.act(REGISTRAR, "reply", matter=sc.person, query=question, text="a mistake")
    sc.refused("no question")


def at_the_source():
    """Unlawful commutation, parole or release is prevented and corrected at the source"""
    s = sc.admit(recidivist=True)
    sc.all_evidence(s)
    m = sc.propose(s, what="parole")
    sc.finds("parole.recidivist", matter=m, level="fault", law={"mark": "S"}, text="Art. 81")
    sc.act(PROPOSER, "withdraw", matter=m, reason="barred")
    sc.line(expect={"resolve": {}})
    sc.line(expect={"move": {"matter": m, "stage": "withdrawn"}})
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    # An early proposal is amended before it goes anywhere.
    s = sc.admit()
    sc.all_evidence(s)
    m = sc.propose(s, months=10)
    sc.finds("size", matter=m)
    sc.act(PROPOSER, "amend", matter=m, months=9, grounds=["repentance"])
    sc.line(expect={"resolve": {}})
    sc.no()


def platforms():
    """The case centre's daily work and the collaborative review are one record"""
    s = sc.admit()
    sc.act(ASSESSOR, "assess", subject=s, period="2026-01", score=60)
    seen(sc.person, PROSECUTORS)
    sc.act(MEDIC, "medical", subject=s, item="diagnosis", blob=BLOB)
    m = sc.propose(s, what="outside", grounds=("illness",))
    sc.finds("evidence", matter=m, text="guarantor")
    sc.no("evidence", text="diagnosis")
    # A fixed file names nobody: a name where a pseudonym belongs is refused.
    sc.act(MEDIC, "medical", subject="Zhang San", item="diagnosis", blob=BLOB)
    sc.refused("field subject")
    sc.act(MEDIC, "medical", subject=s, item="diagnosis", blob="fever")
    sc.refused("field blob")


def hearings():
    """Enforcement hearings"""
    m = sc.copied()
    sc.act(REVIEWER, "enforcement-hearing", matter=m, invited=5, result="for", blob=BLOB)
    sc.no()
    sc.act(PROSECUTOR, "enforcement-hearing", matter=m, invited=5, result="divided", blob=BLOB)
    sc.finds("hearing.divided", matter=m)
    sc.act(CLERK, "enforcement-hearing", matter=m, invited=5, result="for", blob=BLOB)
    sc.refused("role")


def discussion():
    """Hard cases discussed jointly: two sides sign, two people"""
    m = sc.copied()
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="object")
    sc.refused("say why")
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="object", text="merit not shown")
    sc.line(expect={"task": {"matter": m, "key": "objected", "office": PRISON}})
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.refused("wrong stage")
    sc.act(PROSECUTOR, "discuss", matter=m, text="both looked at the file")
    record = sc.last
    sc.act(PROSECUTOR, "discuss-sign", matter=m, discussion=record)
    sc.refused("the same person")
    sc.act(PROSECUTOR2, "discuss-sign", matter=m, discussion=record)
    sc.refused("this side has signed")
    sc.act(53, "discuss-sign", matter=m, discussion=record)
    sc.refused("wrong office")
    sc.act(REVIEWER, "discuss-sign", matter=m, discussion="try:0")
    sc.refused("no discussion")
    sc.act(REVIEWER, "discuss-sign", matter=m, discussion=record)
    sc.no()
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.no("discussion")
    m = sc.copied()
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="object", text="merit not shown")
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.finds("discussion", matter=m)


def countersigned():
    m = sc.proposed()
    sc.act(19, "amend", matter=m, months=5, grounds=["repentance"])
    sc.act(19, "countersign", matter=m)
    sc.refused("the same person")
    sc.act(53, "countersign", matter=m)
    sc.refused("wrong office")
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.refused("wrong stage")
    sc.act(REVIEWER, "countersign", matter=m)
    sc.line(expect={"clock": {"clock": "opinion", "matter": m}})
    sc.line(expect={"task": {"matter": m, "office": PROSECUTORS, "key": "clock:opinion"}})
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="ask", text="the file of 2024?")
    record = sc.last
    sc.line(expect={"none": "move"})
    sc.act(REVIEWER, "reply", matter=m, query=record, text="filed")
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.line(expect={"move": {"matter": m, "stage": "reviewed"}})
    sc.act(REVIEWER, "submit", matter=m, to=PRISON)
    sc.refused("neither of the two sides")
    sc.act(CLERK, "docket", matter=m, number="1")
    sc.refused("wrong office")
    # Objected, amended, copied and reviewed anew
    m = sc.copied()
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="object", text="too much")
    sc.act(PROPOSER, "amend", matter=m, months=3, grounds=["repentance"])
    sc.line(expect={"move": {"matter": m, "stage": "drafted"}})
    sc.act(REVIEWER, "countersign", matter=m)
    sc.line(expect={"clock": {"clock": "opinion", "matter": m}})
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.no()
    # Past the prosecutors: seen, and they may still give their opinion.
    m = sc.copied()
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.finds("review.skipped", matter=m, level="fault")
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.line(expect={"met": {"clock": "opinion"}})


def complaints():
    m = sc.copied()
    sc.act(REVIEWER, "publish", matter=m)
    sc.act(4711, "complaint", matter=m, blob=BLOB)
    record = sc.last
    sc.line(expect={"task": {"matter": m, "office": PROSECUTORS, "key": "complaint:" + record}})
    sc.act(PROSECUTOR, "complaint-answer", matter=m, complaint=record, result="founded", text="so it is")
    sc.finds("complaint.founded", matter=m)
    sc.act(PROSECUTOR, "complaint-answer", matter=m, complaint=record, result="founded", text="so it is")
    sc.refused("no complaint")


def corrected():
    """Flawed cases corrected: found by one side, corrected by the other, confirmed by the first"""
    m = sc.proposed()
    sc.act(PROSECUTOR, "flaw", matter=m, at="prison", text="wrong month")
    flaw = sc.opens()
    sc.line(expect={"matter": {"matter": flaw, "office": PRISON, "stage": "open"}})
    sc.act(PROSECUTOR, "corrected", matter=flaw, text="done", blob=BLOB)
    sc.refused("wrong office")
    sc.act(REVIEWER, "corrected", matter=flaw, text="done", blob=BLOB)
    sc.act(REVIEWER, "flaw-confirm", matter=flaw, good=True, text="yes")
    sc.refused("wrong office")
    sc.act(PROSECUTOR2, "flaw-confirm", matter=flaw, good=False, text="one more")
    sc.line(expect={"move": {"matter": flaw, "stage": "open"}})
    sc.act(PROPOSER, "withdraw", matter=m, reason="wrong month")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.refused("is not corrected")
    sc.act(REVIEWER, "corrected", matter=flaw, text="done", blob=BLOB)
    sc.act(PROSECUTOR2, "flaw-confirm", matter=flaw, good=True, text="yes")
    sc.line(expect={"close": {"matter": flaw}})
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})


def institutions():
    """Three institutional documents"""
    for n, title in enumerate(("Synchronous review", "Joint discussion", "Evidence")):
        sc.act(PROSECUTOR, "institution", id=f"doc-{n + 1}", title=title, version="1", blob=BLOB, **{"from": "2026-01-01"})
        sc.no()


def whole_course():
    """One commutation from the proposal to its end; both support and both supervise"""
    m = sc.served()
    sc.no("evidence")
    sc.line(expect={"clock": {"clock": "objection", "matter": m}})
    sc.act(PROSECUTOR, "close", matter=m)
    sc.refused("have not said whether they object")
    sc.act(REVIEWER, "close", matter=m)
    sc.refused("role")
    sc.act(PROSECUTOR, "no-objection", matter=m)
    sc.act(PROSECUTOR, "objection", matter=m, text="late thought", blob=BLOB)
    sc.refused("they do not object")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    # A later proposal sees what was cut.
    s = f"S-{sc.subjects}"
    m = sc.propose(s)
    sc.finds("interval", matter=m)
    sc.finds("evidence", matter=m)


def objections():
    """The prosecutors object to a ruling; another panel rules for good"""
    m = sc.served()
    sc.act(PROSECUTOR, "objection", matter=m, text="no merit", blob=BLOB)
    sc.line(expect={"clock": {"clock": "final", "matter": m}})
    sc.rule(m, "final-ruling", panel=(JUDGE, JUDGE2))
    sc.finds("panel.same", matter=m, level="fault")
    m = sc.served()
    sc.act(PROSECUTOR, "objection", matter=m, text="no merit", blob=BLOB)
    sc.rule(m, "final-ruling", granted=False, panel=(JUDGE2,))
    sc.no("panel.same")
    sc.act(CLERK, "service", matter=m)
    sc.line(expect={"none": "clock"})
    sc.act(PROSECUTOR, "objection", matter=m, text="again", blob=BLOB)
    sc.refused("final")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    # Nothing was cut in the end: the next proposal is a first one.
    m = sc.propose(f"S-{sc.subjects}")
    sc.no()


def no_hole():
    """A matter does not close with an evidence hole"""
    s = sc.admit()
    sc.all_evidence(s, but=("judgment",))
    m = sc.propose(s)
    sc.finds("evidence", matter=m, text="judgment in force")
    sc.act(REVIEWER, "countersign", matter=m)
    sc.act(REVIEWER, "publish", matter=m)
    sc.act(PROSECUTOR, "opinion", matter=m, opinion="agree")
    sc.at(plus(sc.now, days=12))
    sc.act(REVIEWER, "submit", matter=m, to=COURT)
    sc.act(CLERK, "docket", matter=m, number="7")
    sc.act(CLERK, "publish", matter=m)
    sc.at(plus(sc.now, days=6))
    sc.rule(m)
    sc.finds("grant.evidence", matter=m, level="fault", law={"mark": "S"})
    sc.act(CLERK, "service", matter=m)
    sc.act(PROSECUTOR, "no-objection", matter=m)
    sc.act(PROSECUTOR, "close", matter=m)
    sc.refused("evidence is missing")
    sc.act(PROSECUTOR, "settle", matter=m, rule="evidence", reason="never mind")
    sc.refused("missing evidence must be filed")
    sc.file(s, "judgment")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.refused("grant.evidence")
    sc.act(PROSECUTOR, "settle", matter=m, rule="grant.evidence", reason="filed afterwards")
    sc.line(expect={"resolve": {}})
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})


def court_hearings():
    """Open court: each reason of the law, and none"""
    m = sc.docketed()
    sc.no()
    for why, reach in (
            ("major-merit", lambda: sc.docketed(grounds=("major-merit",))),
            ("irregular", lambda: sc.docketed(months=10)),
            ("irregular", lambda: sc.docketed(start=plus(sc.now, months=-3))),
            ("irregular", lambda: sc.docketed(cuts=[{"date": str(plus(sc.now, days=-5)), "months": 1}])),
            ("public-concern", lambda: sc.docketed(public_concern=True)),
            ("objection", lambda: sc.docketed(opinion="object"))):
        m = reach()
        sc.finds("hearing." + why, matter=m, level="warn", law={"mark": "S"})
    for why in ("public-concern", "court"):
        m = sc.docketed()
        sc.act(JUDGE, "hearing-need", matter=m, why=why, text="to be heard")
        sc.finds("hearing." + why, matter=m)
    sc.act(PROSECUTOR, "hearing-need", matter=m, why="court", text="to be heard")
    sc.refused("wrong office")
    # A complaint counts until the last day of the notice.
    for days, counts in ((0, True), (5, True), (6, False)):
        m = sc.docketed()
        sc.act(CLERK, "publish", matter=m)
        sc.at(plus(sc.now, days=days))
        sc.act(4711, "complaint", matter=m, blob=BLOB)
        sc.finds("hearing.complaint", matter=m) if counts else sc.no("hearing.complaint", matter=m)
    # Heard in open court it is settled; not heard, it stands against the ruling.
    for heard in (True, False):
        m = sc.heard(grounds=("major-merit",))
        sc.act(CLERK, "court-hearing", matter=m, open=heard)
        sc.line(expect={"resolve": {}} if heard else {"none": "resolve"})
        sc.rule(m)
        sc.no("hearing.missing") if heard else sc.finds("hearing.missing", matter=m, level="fault")
    # What is ruled is checked like what was proposed.
    m = sc.heard()
    sc.rule(m, months=10)
    sc.finds("size", matter=m)


def outside():
    """Temporary execution outside prison, and follow-up review"""
    m = sc.decided()
    person = sc.person
    s = f"S-{sc.subjects}"
    sc.line(expect={"move": {"matter": person, "stage": "outside"}})
    sc.line(expect={"task": {"matter": person, "office": PROSECUTORS, "key": "follow-up"}})
    sc.act(DECIDER, "recheck", matter=m, granted=False, text="x", blob=BLOB)
    sc.refused("wrong stage")
    sc.act(PROSECUTOR, "objection", matter=m, text="not ill", blob=BLOB)
    sc.line(expect={"task": {"matter": m, "office": AUTHORITY, "key": "clock:recheck"}})
    sc.act(DECIDER, "recheck", matter=m, granted=True, text="ill indeed", blob=BLOB)
    sc.act(PROSECUTOR, "close", matter=m)
    sc.line(expect={"close": {"matter": m}})
    sc.act(PROSECUTOR, "follow-up", subject=s, result="in-order", text="seen at home", next=plus(sc.now, 30))
    sc.line(expect={"clock": {"clock": "follow-up", "matter": person}})
    sc.at(plus(sc.now, days=31))
    sc.passes()
    sc.finds("clock.follow-up", matter=person)
    sc.act(PROSECUTOR, "follow-up", subject=s, result="doubt", text="away twice")
    sc.finds("follow-up.doubt", matter=person)
    sc.act(PROSECUTOR, "follow-up", subject=s, result="condition-gone", text="well again")
    sc.finds("outside.condition", matter=person, level="fault")
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB)
    sc.line(expect={"move": {"matter": person, "stage": "serving"}, "resolve": {}})
    sc.act(REGISTRAR, "release", subject=s, blob=BLOB)
    sc.finds("release.early", matter=person)
    # Rechecked and revoked
    m = sc.decided()
    s = f"S-{sc.subjects}"
    sc.act(PROSECUTOR, "objection", matter=m, text="not ill", blob=BLOB)
    sc.act(DECIDER, "recheck", matter=m, granted=False, text="not ill", blob=BLOB)
    sc.line(expect={"move": {"matter": sc.person, "stage": "serving"}})
    sc.act(REGISTRAR, "recall", subject=s, blob=BLOB)
    sc.refused("wrong stage")
    sc.act(REGISTRAR, "transfer", subject=s, to="prison2", reason="nearer home")
    sc.refused("a case is still open")
    sc.act(PROSECUTOR, "close", matter=m)
    sc.act(REGISTRAR, "transfer", subject=s, to="prison2", reason="nearer home")
    sc.line(expect={"hand": {"matter": sc.person, "office": "prison2"}})
    # Parole is served, objected to, and undone.
    m = sc.served(what="parole")
    sc.line(expect={"move": {"matter": sc.person, "stage": "paroled"}})
    sc.act(PROSECUTOR, "objection", matter=m, text="danger", blob=BLOB)
    sc.rule(m, "final-ruling", granted=False, panel=(JUDGE2,))
    sc.act(CLERK, "service", matter=m)
    sc.line(expect={"move": {"matter": sc.person, "stage": "serving"}})


for part in (one_view, in_step, at_the_source, platforms, hearings, discussion, countersigned, complaints, corrected,
             institutions, whole_course, objections, no_hole, court_hearings, outside):
    sc.comment(part.__name__)
    part()
