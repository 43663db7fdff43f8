#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Acts in any order, late, twice or never, and facts that are absent, over many cases at once: what is refused
and what is found is what the statutes say (tests/packs/statutes.csv), whatever went before.

    orders.py [SEED [CASES]]"""
import heapq
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
sys.dont_write_bytecode = True
from scene import BLOB, CLERK, COURT, JUDGE, PROSECUTOR, REVIEWER, Scene, day, plus
from statute import deadline, end_of, figure, row

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 20261127
CASES = int(sys.argv[2]) if len(sys.argv) > 2 else 60
FIRST, LAST = day("2025-01-06"), day("2026-10-10")
rng = random.Random(SEED)
sc = Scene(str(FIRST))
watches = {}
NATURAL = ("countersign", "publish", "opinion", "submit", "docket", "court-publish", "court-hearing", "ruling", "service",
           "answer")
NEXT = {"drafted": "countersign", "copied": "opinion", "reviewed": "submit", "submitted": "docket", "court": "ruling",
        "ruled": "service", "served": "answer"}
AFTER = ("copied", "submitted", "court", "ruled", "served")


class Case:
    """One person and one commutation, as the statutes see them"""

    def __init__(self):
        self.stage, self.opinion, self.looked, self.heard = "drafted", None, False, False
        self.notice, self.runs, self.overdue, self.missing, self.submitted = {}, {}, set(), [], None

    def found(self, rule, is_found, **more):
        sc.finds(rule, matter=self.m, **more) if is_found else sc.no(rule, matter=self.m)

    def begins(self):
        """In force, delivered before or after: starts run from delivery alone (2016, Art. 40)"""
        now = sc.now
        about = plus(now, months=-figure("start 10", now))
        self.delivered = plus(about, rng.choice((-400, -1, 0, 1, 20, 40)))
        start = plus(self.delivered, rng.choice((-200, -30, 0, 0)))
        self.served = rng.choice((None, None, plus(plus(now, months=-figure("interval 10", now)), rng.choice((-90, -1, 0, 1, 15)))))
        absent = {k: v for k, v in (("delivered", self.delivered), ("effective_day", plus(start, -5))) if rng.random() < .9}
        if "delivered" not in absent:
            self.delivered = start
        s = sc.admit(months=120, start=start, cuts=[{"date": str(self.served), "months": 3}] if self.served else None, **absent)
        self.missing = rng.choice(([], [], ["judgment"], ["assessment"], ["earlier-rulings"], ["repentance"]))
        sc.all_evidence(s, but=self.missing)
        self.missing = [i for i in self.missing if i != "earlier-rulings" or self.served]
        self.m = sc.propose(s, months=3)
        self.found("evidence", self.missing)
        self.found("start", self.early(now))
        self.found("interval", self.close(now))

    def early(self, on):
        return not self.served and on < plus(self.delivered, months=figure("start 10", on))

    def close(self, on):
        return bool(self.served) and on < plus(self.served, months=figure("interval 10", on))

    def starts(self, clock, begin):
        self.runs[clock] = deadline(clock, begin)
        watches.setdefault(self.runs[clock], []).append((self, clock))

    def notice_found(self, rule, side, on):
        last = self.notice.get(side)
        self.found(rule, not last or on <= last, **({"level": "warn" if on == last else "fault"} if not last or on <= last else {}))

    def acts(self, kind):
        """Does it, and says what must come of it"""
        now, stage = sc.now, self.stage
        good = {"countersign": stage == "drafted",
                "publish": stage in ("drafted", "copied", "reviewed") and "prison" not in self.notice,
                "opinion": stage in AFTER and not self.opinion, "submit": stage in ("copied", "reviewed"),
                "docket": stage == "submitted", "court-publish": stage == "court" and "court" not in self.notice,
                "court-hearing": stage == "court", "ruling": stage == "court", "service": stage == "ruled",
                "answer": stage == "served" and not self.looked}[kind]
        getattr(self, "do_" + kind.replace("-", "_"))(now, good)
        sc.no("engine.refused") if good else sc.refused("")

    def do_countersign(self, now, good):
        sc.act(REVIEWER, "countersign", matter=self.m)
        if good:
            self.stage = "copied"
            self.starts("opinion", now)

    def do_publish(self, now, good):
        sc.act(REVIEWER, "publish", matter=self.m)
        if good:
            self.notice["prison"] = end_of(now, figure("notice prison", now), row("notice prison", now)["unit"])

    def do_opinion(self, now, good):
        said = rng.choice(("agree", "agree", "object"))
        sc.act(PROSECUTOR, "opinion", matter=self.m, opinion=said, text="reasons")
        if good:
            self.found("opinion.late", self.stage != "copied")
            self.opinion = said
            self.runs.pop("opinion", None)
            self.stage = "reviewed" if self.stage == "copied" else self.stage

    def do_submit(self, now, good):
        was = self.early(self.proposed), self.close(self.proposed)
        sc.act(REVIEWER, "submit", matter=self.m, to=COURT)
        if good:
            self.found("review.skipped", not self.opinion)
            self.notice_found("notice.prison", "prison", now)
            # Judged anew as of the submission
            if any(was) and not (self.early(now) or self.close(now)):
                sc.line(expect={"resolve": {}})
            self.stage, self.submitted = "submitted", now
            self.starts("ruling", now)

    def do_docket(self, now, good):
        received = plus(self.submitted, rng.randint(0, max(0, (now - self.submitted).days))) if good else None
        sc.act(CLERK, "docket", matter=self.m, number="1", received=received)
        if good:
            self.stage, self.docketed = "court", now
            # The month runs from receipt: what was overdue by the day of submission may not be
            if deadline("ruling", received) >= now:
                if "ruling" in self.overdue:
                    sc.line(expect={"resolve": {}})
                self.starts("ruling", received)

    def do_court_publish(self, now, good):
        sc.act(CLERK, "publish", matter=self.m)
        if good:
            self.notice["court"] = plus(now, figure("notice court", now))

    def do_court_hearing(self, now, good):
        sc.act(CLERK, "court-hearing", matter=self.m, open=True)
        self.heard = self.heard or good

    def do_ruling(self, now, good):
        made = max(self.docketed, plus(now, -rng.choice((0, 0, 1, 4)))) if good else now
        sc.act(JUDGE, "ruling", matter=self.m, granted=True, panel=[JUDGE], blob=BLOB, made=made)
        if good:
            self.notice_found("notice.court", "court", made)
            owed = self.opinion == "object" or self.early(self.submitted) or self.close(self.submitted)
            self.found("hearing.missing", owed and not self.heard)
            self.found("grant.evidence", self.missing)
            self.stage = "ruled"
            self.runs.pop("ruling", None)
            self.starts("service", made)

    def do_service(self, now, good):
        sc.act(CLERK, "service", matter=self.m)
        if good:
            self.stage = "served"
            self.runs.pop("service", None)
            self.starts("objection", now)

    def do_answer(self, now, good):
        sc.act(PROSECUTOR, "no-objection", matter=self.m)
        if good:
            self.looked = True
            self.runs.pop("objection", None)

    def course(self):
        """A walk: mostly what comes next, else anything; yields how many days pass"""
        yield rng.randint(0, 500)
        self.begins()
        self.proposed = sc.now
        likely = "countersign"
        for _ in range(22):
            # Around the ends of notices, and beyond those of the clocks
            yield rng.choice((4, 5, 6, 7, 8) if likely.endswith("publish") else (0, 0, 1, 1, 2, 3, 5, 6, 7, 11, 25))
            if self.stage in ("served",) and self.looked:
                return
            likely = NEXT.get(self.stage) if rng.random() < .45 else rng.choice(NATURAL)
            self.acts(likely)


def passes_to(date):
    """Each last day until then: not late on its last second, late the second after, if it still runs"""
    for last in sorted(d for d in watches if d < date):
        here = list(dict.fromkeys((case, clock) for case, clock in watches.pop(last) if case.runs.get(clock) == last))
        sc.at(last, "23:59:59")
        sc.passes()
        for case, clock in here:
            sc.no("clock." + clock, matter=case.m)
        sc.at(plus(last, 1), "00:00:00")
        sc.passes()
        for case, clock in here:
            sc.finds("clock." + clock, matter=case.m)
            case.runs.pop(clock)
            case.overdue.add(clock)


queue = []
for number in range(CASES):
    walk = Case().course()
    heapq.heappush(queue, (plus(FIRST, next(walk)), number, walk))
while queue:
    when, number, walk = heapq.heappop(queue)
    if when > LAST:
        continue
    passes_to(when)
    sc.at(when)
    gap = next(walk, None)
    if gap is not None:
        heapq.heappush(queue, (plus(when, gap), number, walk))
