# SPDX-License-Identifier: GPL-2.0-only
"""The statutes as they read, for oracles: figures from statutes.csv beside this, never from a
pack; how days, months and terms are counted (Criminal Procedure Law 105; its interpretation 202);
days off of 2025 and 2026 as the State Council set them. Prints lines for `tongbuctl try`."""
import calendar
import csv
import datetime
import json
import os

BLOB = "ab" * 32
OFF = (("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"),
       ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08"),
       ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
       ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
       ("2026-10-01", "2026-10-07"))
WORKED = ("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04",
          "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")


def day(text):
    return datetime.date.fromisoformat(text) if isinstance(text, str) else text


def plus(date, days=0, months=0):
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(date.day, last)) + datetime.timedelta(days)


def works(date):
    if str(date) in WORKED:
        return True
    return date.weekday() < 5 and not any(day(a) <= date <= day(b) for a, b in OFF)


def rolled(date):
    """105: a last day that is off moves to the first day after"""
    while not works(date):
        date = plus(date, 1)
    return date


def months_after(date, months):
    """202(1): from the last day of a month to the last day of another"""
    end = plus(date, months=months)
    if plus(date, 1).day == 1:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return end


def end_of(date, figure, unit):
    date = day(date)
    if unit == "working_days":
        while figure:
            date = plus(date, 1)
            figure -= works(date)
        return date
    return rolled(plus(date, figure) if unit == "days" else months_after(date, figure))


def term_end(start, months, custody=0, each=1):
    """202(2): the day before; custody first, as if the term had begun so much earlier"""
    start = plus(day(start), -custody * each)
    end = plus(start, months=months)
    if months % 12 and plus(start, 1).day == 1:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return plus(end, -1)


def last_second(date):
    return int(datetime.datetime(date.year, date.month, date.day, 23, 59, 59,
                                 tzinfo=datetime.timezone(datetime.timedelta(hours=8))).timestamp())


ROWS = list(csv.DictReader(open(os.path.join(os.path.dirname(__file__), "statutes.csv"), encoding="utf-8")))


def row(name, on):
    """What held on a day"""
    found = [r for r in ROWS if r["id"] == name and r["from"] <= str(on) <= (r["until"] or "9999")]
    assert len(found) == 1, (name, on)
    return found[0]


def figure(name, on):
    return int(row(name, on)["figure"])


def part(name, on):
    """A part, as 1/2"""
    over, under = row(name, on)["figure"].split("/")
    return int(over) / int(under)


def deadline(name, begin, extended=0):
    r = row(name, begin)
    return end_of(begin, int(r["figure"]) + extended * int(r["more"] or 0), r["unit"])


class Lines:
    """Lines of one pack, its matters numbered as they are opened"""

    def __init__(self, pack):
        self.pack, self.matters, self.now = pack, 0, None

    def line(self, **parts):
        print(json.dumps({k: v for k, v in parts.items() if v is not None}, ensure_ascii=False))

    def at(self, date, clock="09:00:00"):
        self.now = f"{date}T{clock}+08:00"

    def place(self, **offices):
        """OFFICE=(parent, {uid: roles})"""
        for name, (parent, actors) in offices.items():
            self.line(time=self.now, office={"id": name, "name": name} | ({"parent": parent} if parent else {}))
            for uid, roles in actors.items():
                self.line(time=self.now, actor={"uid": uid, "name": f"u{uid}", "office": name,
                                                "roles": [f"{self.pack}.{r}" for r in roles.split()]})

    def act(self, uid, kind, **fields):
        fields = {k: str(v) if isinstance(v, datetime.date) else v for k, v in fields.items() if v is not None}
        self.line(time=self.now, uid=uid, act={"pack": self.pack, "kind": kind} | fields)

    def opens(self):
        self.matters += 1
        return f"{self.pack}-{self.matters}"

    def expect(self, **what):
        self.line(expect=what)

    def finds(self, rule, found=True, **more):
        self.expect(**({"finding": {"rule": rule} | more} if found else {"none": {"rule": rule} | more}))

    def refused(self, found=True, **more):
        self.finds("engine.refused", found, **more)

    def due_if(self, changed, clock, date):
        """What a clock that was rebased is due at, where that is another day"""
        self.expect(**({"derived": {"clock": clock, "due": last_second(date)}} if changed else
                       {"none": {"rule": f"clock.{clock}"}}))

    def due(self, clock, date):
        self.expect(clock={"clock": clock, "due": last_second(date)})
