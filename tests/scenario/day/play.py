#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Play acts of a day: each line of FILE.ndjson is one act of one user.

    play.py FILE...          at the station, as root: each act through `tongbuctl submit`
                             under that user's uid; tells what the packs made of it
    play.py --blind FILE...  the same while tongbud is down: told by the next play.py
    play.py --try FILE...    prints lines for `tongbuctl try` instead: no station needed
    play.py --users FILE...  prints the users that act, but who is to be turned away

Lines:

    {"say": "..."}                                a heading
    {"user": "lin", "act": {...}}                 an act
    {..., "as": "q1"}                             "$record:q1" is its record from here on
    {..., "finds": ["interval"]}                  the packs must find this
    {..., "refused": "same person"}               the pack must refuse it, saying so
    {..., "denied": true}                         the kernel must turn the user away
    {"edge": "flood", "level": 1}                 a line of the simulated chip moves
    {..., "opens": "hazard", "finds": [...]}      what must come of that
    {"output": "beacon", "by": "reflex",          the last edge of that source must have set
     "of": "flood"}                               the output's line, in the kernel ("reflex")
                                                  or by a pack's order ("set")
    {"user": "lin", "run": ["matter", "list"]}    a command of tongbuctl, not for --try
    {..., "says": "sentence-1", "status": 0}      what it must say, and how it must end
    {..., "silent": ["market-1"]}                 what it must not say

An act that has no "refused" must not be refused. Within an act "$uid:lin" is a user's
uid, "$blob:words" the SHA-256 of the words, "$day-200" a date so many days from today,
"$month-1" a month, "$time+3600" a time, "$since:walk+30" seconds since 1970: so many
after "walk" was first said.
Exits 1 if anything came out otherwise.
"""
import datetime
import hashlib
import json
import os
import pwd
import re
import sqlite3
import subprocess
import sys
import time

ZONE = datetime.timezone(datetime.timedelta(hours=8))
STATE, LEDGER = "/var/lib/tongbu-referee/state.db", "/var/lib/tongbu/ledger.db"
# What was played while tongbud was down, and is not told yet
UNTOLD = "/run/tongbu-day.json"
WAIT = 60


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield f"{os.path.basename(path)}:{number}", json.loads(line)


def users_of(paths):
    users = {}
    for path in paths:
        for _, line in lines_of(path):
            # Who is to be turned away is not of the group.
            if not line.get("denied"):
                for name in [line.get("user"), *re.findall(r"\$uid:(\w+)", json.dumps(line))]:
                    users[name] = None
    return [name for name in users if name]


class Words:
    """What stands for something in an act"""

    def __init__(self, uid):
        self.uid = uid
        self.records = {}
        self.since = {}

    def one(self, name, rest):
        now = datetime.datetime.now(ZONE).replace(microsecond=0)
        if name == "uid":
            return self.uid(rest)
        if name == "blob":
            return hashlib.sha256(rest.encode()).hexdigest()
        if name == "record":
            return self.records[rest]
        if name == "since":
            label, plus = rest.split("+")
            return self.since.setdefault(label, int(now.timestamp())) + int(plus)
        amount = int(rest or 0)
        if name == "day":
            return str(now.date() + datetime.timedelta(days=amount))
        if name == "month":
            month = now.year * 12 + now.month - 1 + amount
            return f"{month // 12}-{month % 12 + 1:02}"
        if name == "time":
            return (now + datetime.timedelta(seconds=amount)).isoformat()
        raise ValueError("$" + name)

    def fill(self, value):
        if isinstance(value, dict):
            return {k: self.fill(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.fill(v) for v in value]
        found = re.fullmatch(r"\$([a-z]+):?(.*)", value) if isinstance(value, str) else None
        return self.one(*found.groups()) if found else value


def english(text):
    try:
        value = json.loads(text)
    except (ValueError, TypeError):
        return text
    return value["en"] if isinstance(value, dict) else value


def about(act):
    """What an act speaks of: its matter or pseudonym, else what is called by name"""
    texts = [v for v in act.values() if isinstance(v, str)]
    for form in (rf"{act['pack']}-\d+", r"S-\w+"):
        for text in texts:
            if re.fullmatch(form, text):
                return text
    return str(act.get("id") or act.get("source") or act.get("number") or act.get("no") or "")


class Station:
    """Acts go to the kernel; what the packs make of them is read from the state."""

    def __init__(self, blind):
        self.blind = blind
        self.words = Words(lambda name: pwd.getpwnam(name).pw_uid)
        self.tongbuctl = os.environ.get("TONGBUCTL") or os.environ["TONGBU_TOP"] + "/build/bin/tongbuctl"
        self.played = []
        self.wrong = 0
        self.quiet = None

    def fail(self, where, why):
        self.wrong += 1
        print(f"   NOT AS EXPECTED, {where}: {why}", flush=True)

    def submit(self, where, line):
        act = json.dumps(self.words.fill(line["act"]), ensure_ascii=False)
        user = pwd.getpwnam(line["user"])
        done = subprocess.run(
            [self.tongbuctl, "submit", "--json", "--json-data", act], capture_output=True, text=True,
            check=False, user=user.pw_uid, group=user.pw_gid,
            extra_groups=os.getgrouplist(line["user"], user.pw_gid))
        if line.get("denied"):
            if done.returncode != 4:
                self.fail(where, f"{line['user']} was not turned away: status {done.returncode}")
            self.settle()
            self.tell(line, ["TURNED AWAY: " + done.stderr.strip()])
            return
        if done.returncode:
            self.fail(where, done.stderr.strip())
            return
        receipt = json.loads(done.stdout)
        self.sealed(where, line, receipt["chain"], receipt["seq"])

    def sealed(self, where, line, chain, seq):
        record = f"{chain[:8]}:{seq}"
        if "as" in line:
            self.words.records[line["as"]] = record
        self.played.append((where, line, record, seq))

    def run(self, where, line):
        """What a person asks, with that person's own credentials"""
        self.settle()
        user = pwd.getpwnam(line["user"])
        done = subprocess.run(
            [self.tongbuctl, *line["run"]], capture_output=True, text=True, check=False,
            user=user.pw_uid, group=user.pw_gid, env={"LC_ALL": "C.UTF-8"},
            extra_groups=os.getgrouplist(line["user"], user.pw_gid))
        said = done.stdout + done.stderr
        first = said.strip().splitlines()[0] if said.strip() else ""
        print(f"        {line['user']:<8} {' '.join(line['run'][:3]):<26} {first[:90]}".rstrip())
        if done.returncode != line.get("status", 0):
            self.fail(where, f"status {done.returncode}: {said.strip()}")
        if line.get("says", "") not in said:
            self.fail(where, f"does not say {line['says']}: {said.strip()}")
        for word in line.get("silent", ()):
            if word in said:
                self.fail(where, f"says {word}")

    def edge(self, where, line):
        """The record of an edge is told by the ledger, as nobody has a receipt of it."""
        before = None if self.blind else self.last_edge(line["edge"])
        path = f"{os.environ['DAY_LINES']}/{line['edge']}/pull"
        with open(path, "w", encoding="ascii") as file:
            file.write("pull-up" if line["level"] else "pull-down")
        if self.blind:
            self.played.append((where, line, None, None))
        else:
            self.await_edge(where, line, before)

    def await_edge(self, where, line, before=None):
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            after = self.last_edge(line["edge"])
            if after and after != before:
                self.sealed(where, line, *after)
                return
        self.fail(where, "the edge is not in the ledger")

    def last_edge(self, source):
        for last in self.log("--kind", "edge", "--source", source, "--limit", "1"):
            return last["chain"], last["seq"]
        return None

    def log(self, *which):
        done = subprocess.run([self.tongbuctl, "log", "--json", *which], capture_output=True, text=True,
                              check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def output(self, where, line):
        """The line itself is looked at, at once; then the record that says what set it."""
        path = f"{os.environ['DAY_LINES']}/{line['output']}/value"
        end = time.monotonic() + WAIT
        # The kernel's thread may be a moment behind, and a pack has to be asked.
        while not self.high(path):
            if time.monotonic() > end:
                self.fail(where, f"the line of {line['output']} is not set")
                return
            time.sleep(0.05)
        if self.blind:
            print(f"        line     {line['output']} is on", flush=True)
            self.played.append((where, line, None, None))
        else:
            self.await_output(where, line)

    @staticmethod
    def high(path):
        with open(path, encoding="ascii") as file:
            return file.read().strip() == "1"

    def await_output(self, where, line):
        kind = "reflex" if line["by"] == "reflex" else "output"
        _, edge = self.last_edge(line["of"]) or (None, None)
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            for record in self.log("--kind", kind, "--limit", "4"):
                what = record["payload"]
                if (what["output_name"] == line["output"] and what["record"] == edge and what["value"] == 1
                        and line["by"] in (kind, what.get("cause"))):
                    by = f"reflex {what['reflex_name']}" if kind == "reflex" else "the pack's order"
                    self.sealed(where, {**line, "told": f"on by {by}, because of record {edge}"},
                                record["chain"], record["seq"])
                    return
            time.sleep(0.1)
        self.fail(where, f"no record says that record {edge} set {line['output']}")

    def keep(self):
        """For the next play.py"""
        with open(UNTOLD, "w", encoding="utf-8") as file:
            json.dump(self.played, file)

    def resume(self):
        if self.blind or not os.path.exists(UNTOLD):
            return
        with open(UNTOLD, encoding="utf-8") as file:
            untold = json.load(file)
        os.unlink(UNTOLD)
        for where, line, record, seq in untold:
            if record:
                self.played.append((where, line, record, seq))
            elif "output" in line:
                self.await_output(where, line)
            else:
                self.await_edge(where, line)

    @staticmethod
    def rows(path, sql, *args):
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(sql, args).fetchall()
        finally:
            database.close()

    def settle(self):
        """Wait until all that was played is folded, and tell it."""
        if self.blind:
            self.keep()
            return
        if not self.played:
            return
        chain = self.rows(LEDGER, "SELECT max(no) FROM chain")[0][0]
        goal = chain << 40 | max(seq for _, _, _, seq in self.played)
        end = time.monotonic() + WAIT
        while self.rows(STATE, "SELECT last FROM fold")[0][0] < goal:
            if time.monotonic() > end:
                self.fail("state", f"is not folded after {WAIT} s")
                return
            time.sleep(0.2)
        for where, line, record, _ in self.played:
            self.outcome(where, line, record)
        self.tell_quiet()
        sys.stdout.flush()
        self.played = []

    def outcome(self, where, line, record):
        what, rules, refusal = [line["told"]] if "told" in line else [], set(), None
        for matter, kind, title in self.rows(
                STATE, "SELECT id, kind, title FROM matter WHERE record = ? ORDER BY no", record):
            what.append(f"opens {matter}, {kind}: {english(title)}")
        if "opens" in line and not any(f", {line['opens']}: " in w for w in what):
            self.fail(where, f"opens no {line['opens']}")
        for rule, level, text in self.rows(
                STATE, "SELECT rule, level, text FROM finding WHERE record = ? ORDER BY id", record):
            rules.add(rule)
            if rule == "engine.refused":
                refusal = english(text)
                what.append("REFUSED: " + refusal)
            else:
                what.append(f"{level.upper()} {rule}: {english(text)}")
        for kind, title in self.rows(
                STATE, "SELECT kind, title FROM notice WHERE record = ? ORDER BY id", record):
            what.append(f"notice, {kind}: {english(title) or ''}")
        for account, n, reason in self.rows(
                STATE, "SELECT account, n, reason FROM points WHERE record = ? ORDER BY no", record):
            what.append(f"{n:+} points for {account}: {english(reason)}")
        self.tell(line, what, record.split(":")[1])
        for rule in set(line.get("finds", ())) - rules:
            self.fail(where, f"no finding {rule}")
        if "engine.failed" in rules:
            self.fail(where, "the pack failed")
        if refusal is None and "refused" in line:
            self.fail(where, "was not refused")
        elif refusal is not None and line.get("refused", "\0") not in refusal:
            self.fail(where, "was refused: " + refusal)

    def tell(self, line, what, seq=""):
        """One line an act; those of one kind that nothing came of are counted."""
        act = line.get("act")
        who = line.get("user", "line")
        said = f"{act['kind']} {about(act)}" if act else \
            line.get("output") or f"{line['edge']} {'up' if line['level'] else 'down'}"
        if not what and self.quiet and act and self.quiet[:2] == [who, act["kind"]]:
            self.quiet[2] += 1
            return
        self.tell_quiet()
        if not what and act:
            self.quiet = [who, act["kind"], 1, seq, said]
            return
        print(f"   {seq:>4} {who:<8} {said:<26} {what[0] if what else ''}".rstrip())
        for more in what[1:]:
            print(" " * 44 + more)

    def tell_quiet(self):
        if self.quiet:
            who, kind, count, seq, said = self.quiet
            print(f"   {seq:>4} {who:<8} {(said if count == 1 else f'{kind}, {count} times').rstrip()}")
        self.quiet = None

    def say(self, text):
        self.settle()
        print(f"\n   -- {text}", flush=True)
        self.resume()


class Trial:
    """The same, for `tongbuctl try`"""

    def __init__(self):
        self.uids = {}
        self.words = Words(lambda name: self.uids.setdefault(name, 2001 + len(self.uids)))
        self.records = 0
        self.wrong = 0
        self.played = []

    def line(self, **parts):
        print(json.dumps(parts, ensure_ascii=False))

    def record(self, line, **what):
        if "as" in line:
            self.words.records[line["as"]] = f"try:{self.records}"
        self.line(time=self.words.fill("$time"), **what)
        self.records += 1
        for rule in line.get("finds", ()):
            self.line(expect={"finding": {"rule": rule}})
        if "opens" in line:
            self.line(expect={"matter": {"kind": line["opens"]}})
        if "refused" in line:
            self.line(expect={"finding": {"rule": "engine.refused", "text": line["refused"]}})
        else:
            self.line(expect={"none": {"rule": "engine.refused"}})
            self.line(expect={"none": {"rule": "engine.failed"}})

    def submit(self, _where, line):
        if not line.get("denied"):
            self.record(line, uid=self.words.uid(line["user"]), act=self.words.fill(line["act"]))

    def run(self, _where, line):
        pass

    def edge(self, _where, line):
        self.record(line, edge={"source": line["edge"], "level": line["level"]})

    def output(self, _where, line):
        if line["by"] == "set":
            self.line(expect={"output": {"output": line["output"], "value": 1}})

    def say(self, text):
        self.line(comment=text)

    def settle(self):
        pass


def main(args):
    if args and args[0] == "--users":
        print("\n".join(users_of(args[1:])))
        return 0
    options = [a for a in args if a.startswith("--")]
    player = Trial() if "--try" in options else Station("--blind" in options)
    for path in args[len(options):]:
        for where, line in lines_of(path):
            if "say" in line:
                player.say(line["say"])
            elif "edge" in line:
                player.edge(where, line)
            elif "output" in line:
                player.output(where, line)
            elif "run" in line:
                player.run(where, line)
            else:
                player.submit(where, line)
        player.settle()
    return 1 if player.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
