#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""COUNT records of all six works, for `tongbuctl try`: works.py COUNT

Week after week the same people do their work, and each matter they open is closed a
day, two weeks or a year later, so that as many are open at the end as at any time.
Nothing is refused. What comes due between the lines makes further records, which are
not counted.
"""
import datetime
import json
import sys

BLOB = "ab" * 32
CHINA = datetime.timezone(datetime.timedelta(hours=8))
OFFICES = (
    ("county", None, {}), ("prison", "county", {}), ("prosecutors", "county", {}), ("court", "county", {}),
    ("police", "county", {"owns": ["security", "fraud"]}), ("store", "police", {}),
    ("lake", "police", {"kind": "station", "owns": ["clue"]}), ("water", "county", {"kind": "department"}),
    ("highway", "police", {}), ("room", "highway", {"kind": "room"}), ("drivers", "highway", {"kind": "group"}),
    ("road", "highway", {"kind": "owner", "owns": ["hazard"]}), ("next", None, {"kind": "owner", "owns": ["hazard"]}),
    ("audit", "county", {}), ("north", "county", {"kind": "branch"}), ("town", "county", {"owns": ["road"]}))
ACTORS = {
    "sentence": {11: ("prison", "registrar"), 12: ("prison", "assessor"), 14: ("prison", "proposer"),
                 15: ("prison", "reviewer"), 21: ("prosecutors", "prosecutor"), 31: ("court", "clerk"),
                 32: ("court", "judge")},
    "ecology": {**{100 + i: ("lake", "warden") for i in range(20)}, 41: ("lake", "station"),
                42: ("police", "command"), 43: ("water", "department")},
    "highway": {51: ("highway", "manager"), 52: ("room", "dispatcher"), 53: ("drivers", "leader"),
                54: ("drivers", "leader"), 55: ("drivers", "sergeant"), 56: ("drivers", "sergeant"),
                57: ("road", "owner"), 58: ("highway", "officer"), 59: ("room", "gateway"), 60: ("next", "owner")},
    "control": {71: ("audit", "auditor"), 72: ("north", "head"), 73: ("north", "owner"), 74: ("north", "verifier"),
                75: ("north", "clerk"), 76: ("county", "approver"), 77: ("county", "registrar")},
    "market": {81: ("police", "inspector"), 82: ("police", "inspector"), 83: ("police", "officer"),
               84: ("store", "keeper")},
    "community": {91: ("town", "answerer"), 92: ("town", "publisher")},
}


class Works:
    def __init__(self):
        self.now = datetime.datetime(2026, 1, 5, 8, tzinfo=CHINA)
        self.records = 0
        # Knives in store, and since when
        self.kept = []
        self.matters = dict.fromkeys(ACTORS, 0)
        # How often each warden's device has given a position
        self.fixes = dict.fromkeys(ACTORS["ecology"], 0)

    def line(self, **parts):
        print(json.dumps(parts, separators=(",", ":")))
        self.records += 1

    def act(self, uid, pack, kind, **fields):
        """Returns the id a matter has if the act opens one, and more() is called."""
        self.now += datetime.timedelta(seconds=20)
        self.line(time=self.now.isoformat(), uid=uid, act={"pack": pack, "kind": kind, **fields})

    def opens(self, uid, pack, kind, **fields):
        self.act(uid, pack, kind, **fields)
        return self.opened(pack)

    def opened(self, pack):
        self.matters[pack] += 1
        return f"{pack}-{self.matters[pack]}"

    def day(self, days=0):
        return str(self.now.date() + datetime.timedelta(days))

    def found(self):
        print(json.dumps({"time": self.now.isoformat()}))
        for name, above, more in OFFICES:
            self.line(office={"id": name, "name": name, **more, **({"parent": above} if above else {})})
        for pack, actors in ACTORS.items():
            for uid, (office, role) in actors.items():
                self.line(actor={"uid": uid, "name": f"{role} {uid}", "office": office, "roles": [f"{pack}.{role}"]})
        for i in range(20):
            self.line(place={"id": f"river-{i}", "kind": "river", "name": f"River {i}", "office": "lake",
                             "data": {"box": [120 + i / 10, 30, 120.1 + i / 10, 30.1]}})
        self.line(place={"id": "market", "kind": "market", "name": "Market", "office": "police"})
        self.line(place={"id": "village", "kind": "village", "name": "Village", "office": "town"})
        for name, office, km in (("near", "road", 0), ("far", "next", 200)):
            self.line(place={"id": name, "kind": "road", "name": name, "office": office, "road": "G60",
                             "from_km": km, "to_km": km + 199})
        for i in range(20):
            self.act(41, "ecology", "bind", warden=100 + i, places=[f"river-{i}"])
            self.opened("ecology")
        for uid in range(53, 57):
            self.line(duty={"office": "drivers", "uid": uid, "days": [], "from": "06:00", "to": "22:00"})
        self.opens(51, "highway", "group-open", group="drivers", room="room", area="highway", leaders=[53, 54],
                   sergeants=[55, 56])
        for i in range(8):
            entry = self.opens(59, "highway", "entry", group="drivers", subject=f"S-D{i}", identity=BLOB,
                               company=f"C-{i % 3}", vehicles=1 + i)
            self.act(51, "highway", "entry-check", entry=entry, admit=True)
        self.opens(77, "control", "rule", no="NK-02", title="Contracts", version="1", text=BLOB, **{"class": "contract"},
                   **{"from": self.day(-30)})


def months_before(date, months):
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    return date.replace(year=year, month=month + 1, day=min(date.day, 28))


# -- sentence: proposed in the first week, with the court in the third (a notice of five working days is
# over then, whatever days were off), ruled on in the fourth, released as the shortened term ends

def propose(w, number):
    s = f"S-{number}"
    start = months_before(w.now.date() + datetime.timedelta(days=22), 114)
    w.opens(11, "sentence", "admit", subject=s, sentence="fixed", months=120, start=str(start),
            prosecutors="prosecutors")
    w.act(12, "sentence", "assess", subject=s, period=w.day()[:7], score=60 + number % 30)
    w.act(12, "sentence", "repentance", subject=s, blob=BLOB)
    for item in ("judgment", "earlier-rulings"):
        w.act(11, "sentence", "document", subject=s, blob=BLOB, item=item)
    case = w.opens(14, "sentence", "propose", subject=s, what="commutation", months=6, grounds=["repentance"])
    w.act(15, "sentence", "countersign", matter=case)
    w.act(15, "sentence", "publish", matter=case)
    w.act(21, "sentence", "opinion", matter=case, opinion="agree", text="in order")
    return s, case, str(months_before(start, -114) - datetime.timedelta(days=1))


def to_court(w, case):
    w.act(15, "sentence", "submit", matter=case, to="court")
    w.act(31, "sentence", "docket", matter=case, number=f"({w.now.year}) {case}")
    w.act(31, "sentence", "publish", matter=case)


def rule(w, subject, case, last):
    w.act(32, "sentence", "ruling", matter=case, granted=True, panel=[32], blob=BLOB)
    w.act(31, "sentence", "service", matter=case)
    w.act(21, "sentence", "no-objection", matter=case)
    w.act(21, "sentence", "close", matter=case)
    w.act(21, "sentence", "follow-up", subject=subject, result="in-order", text="the cut is kept")
    w.act(11, "sentence", "release", subject=subject, blob=BLOB, effective=last)


# -- what is opened and closed on one day

def patrol(w, i):
    uid, begin, count = 100 + i, int(w.now.timestamp()), w.fixes[100 + i]
    w.opens(uid, "ecology", "patrol-start", places=[f"river-{i}"], mode="foot", device=f"gps-{uid}")
    for n in range(2):
        w.now += datetime.timedelta(minutes=15)
        w.act(uid, "ecology", "fix", fixes=[
            {"n": count + 2 * n + k + 1, "t": begin + 600 * n + 300 * k + 60,
             "lon": round(120.01 + i / 10 + 0.004 * (2 * n + k), 3), "lat": 30.05} for k in range(2)])
    w.fixes[uid] += 4
    w.act(uid, "ecology", "patrol-end", result="normal")


def clue(w, i):
    it = w.opens(100 + i, "ecology", "clue", place=f"river-{i}", sort="dumping", text="rubble on the bank")
    w.act(41, "ecology", "dispatch", clue=it, offices=["water"], ask="whose is it?")
    if i % 4:
        w.act(43, "ecology", "answer", clue=it, result="handled", text="removed")
        w.act(41, "ecology", "clue-close", clue=it, result="handled", text="removed")
        return
    w.act(43, "ecology", "answer", clue=it, result="needs-case", text="by the load")
    case = w.opens(42, "ecology", "case-open", clue=it, sort="administrative", number=it)
    w.act(41, "ecology", "case-close", case=case, result="punished", text="fined", evidence=[BLOB])


def hazard(w, i):
    it = w.opens(59, "highway", "hazard", group="drivers", road="G60", km=i * 7 + (200 if i % 5 == 4 else 0),
                 category=("ponding", "pedestrians", "tunnel-gear", "guardrail")[i % 4], text="seen", subject=f"S-D{i}")
    if i % 5 == 4:
        w.act(52, "highway", "hazard-hand", hazard=it, office="next", reason="their section")
        w.act(60, "highway", "hazard-accept", hazard=it, number=it)
        return
    w.act(57, "highway", "hazard-temporary", hazard=it, measure="cones", photos=[BLOB])
    w.act(57, "highway", "hazard-fix", hazard=it, measure="repaired", photos=[BLOB])
    w.act(58, "highway", "hazard-verify", hazard=it, fixed=True)


def tip(w, i):
    it = w.opens(59, "highway", "tip", sort=("fatigue", "overloading")[i % 2], group="drivers", road="G60", km=20 + i,
                 details=BLOB, receipt=f"R-{w.records:07}", anonymous=True)
    w.act(58, "highway", "tip-check", tip=it, result="confirmed", text="seen on the road")
    w.act(58, "highway", "tip-handle", tip=it, measure="rest-ordered", number=it)
    w.act(53, "highway", "tip-publish", tip=it, en="A driver was made to rest.", zh="已责令休息。")


def duty_room(w, i):
    it = w.opens(59, "highway", "ask", group="drivers", subject=f"S-D{i}", text="is the tunnel open?")
    w.act(53, "highway", "reply", call=it, text="yes, one lane")
    number = f"N-{w.records}"
    until = (w.now + datetime.timedelta(hours=3)).isoformat()
    w.act(52, "highway", "publish", number=number, sort="closure", road="G60", from_km=i, to_km=i + 2, to=until,
          en="closed for repair", zh="施工封闭")
    w.act(52, "highway", "notice-cancel", number=number, en="open again", zh="恢复通行")


def contract(w, i):
    it = w.opens(75, "control", "contract", no=f"C-{w.records}", subject="Printer paper", amount=1000 + i)
    w.act(76, "control", "contract-approve", contract=it)
    w.act(75, "control", "contract-sign", contract=it, text=BLOB)
    w.act(75, "control", "contract-end", contract=it)


def advise(w, audit):
    it = w.opens(71, "control", "advice", audit=audit, office="north", text="Buy paper centrally",
                 seen_by="one contract for all")
    w.act(72, "control", "advice-answer", advice=it, accepted=True, due=w.day(30))
    w.act(72, "control", "advice-done", advice=it, evidence=BLOB)
    w.act(71, "control", "advice-confirm", advice=it, executed=True, text="one contract, seen")


def issue(w, audit):
    it = w.opens(71, "control", "finding", audit=audit, office="north", code=f"stock.{w.records}",
                 text="a count that differs")
    w.act(72, "control", "own", issue=it, owner=73)
    w.act(73, "control", "plan", issue=it, milestones=[{"id": "m1", "text": "count again", "due": w.day(10)}])
    w.act(73, "control", "milestone", issue=it, milestone="m1", evidence=BLOB)
    w.act(74, "control", "verify", issue=it, holds=True, text="the count is right")
    return it


def market(w, knives):
    it = w.opens(81, "market", "round", place="market", second=82, basis="routine")
    w.act(81, "market", "stall", round=it, stall="12", knives=knives)
    items = []
    for i in range(knives):
        items.append(w.opens(82, "market", "item", round=it, stall="12", no=str(i + 1), blade=120 if i % 2 else 100,
                             tip_angle=45, edges="double" if i % 2 else "single", hilt=True, guard=bool(i % 2),
                             blood_groove=bool(i % 2), folding=False, spring=False, self_lock=False, sharpened=True))
        w.act(81, "market", "explain", item=items[-1], language="zh", understood=True)
    w.act(81, "market", "round-close", round=it)
    # The file stays open as long as the holder may ask for reconsideration.
    while w.kept and w.now - w.kept[0][0] > datetime.timedelta(days=75):
        w.act(83, "market", "archive", item=w.kept.pop(0)[1])
    for i, item in enumerate(items):
        if i % 2:
            w.act(83, "market", "decide", item=item, outcome="handover", to="store", reason="a dagger, clause (1)")
            w.act(84, "market", "receive", item=item, store="shelf 4")
            w.kept.append((w.now, item))
        else:
            w.act(83, "market", "decide", item=item, outcome="release", reason="no clause fits")
            w.act(82, "market", "give-back", item=item)


def forum(w):
    it = w.opens(5000, "community", "suggestion", topic="road", place="village", text="A lamp at the gate would help")
    w.act(91, "community", "take", suggestion=it)
    w.act(91, "community", "answer", suggestion=it, outcome="done", zh="已安装路灯", en="A lamp was put up")
    w.act(92, "community", "publish", suggestion=it)
    w.act(5000, "community", "satisfaction", receipt=it, satisfied=True)
    it = w.opens(92, "community", "fraud-notice", title_zh="谨防冒充客服", title_en="False service calls",
                 zh="不要告诉任何人验证码。", en="Tell nobody your code.", place="village")
    w.act(92, "community", "delivered", notice=it, channel="door", count=120)
    w.act(92, "community", "fraud-notice-end", notice=it, reason="a newer one stands")


def daily(w, audit, day):
    for i in range(20):
        if (i + day) % 4 == 0:
            patrol(w, i)
    for i in range(day % 2, 8, 2):
        clue(w, i)
        hazard(w, i)
        tip(w, i)
        duty_room(w, i)
        contract(w, i)
        forum(w)
    advise(w, audit)
    market(w, 4)


def week(w, number, cases, issues):
    """What is four weeks under way, and what was watched for a year"""
    monday = w.now
    for subject, case, last in cases.pop(number - 3, ()):
        rule(w, subject, case, last)
    for _, case, _ in cases.get(number - 2, ()):
        to_court(w, case)
    cases[number] = [propose(w, number * 10 + i) for i in range(10)]
    audit = w.opens(71, "control", "audit", no=f"A-{number}", title="Audit of the north branch", office="north")
    issues[number] = [issue(w, audit) for _ in range(2)]
    for it in issues.pop(number - 54, ()):
        w.act(74, "control", "issue-close", issue=it)
    for day in range(5):
        w.now = monday + datetime.timedelta(days=day, hours=4)
        daily(w, audit, day)
    w.act(71, "control", "audit-close", audit=audit)
    w.now = monday + datetime.timedelta(days=7)


def main(count):
    w, number, cases, issues = Works(), 0, {}, {}
    w.found()
    while w.records < count:
        number += 1
        week(w, number, cases, issues)


main(int(sys.argv[1]))
