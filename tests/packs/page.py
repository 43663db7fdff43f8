#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds docs/packs/NAME.md against the pack: it names every act, field, role, finding,
clock, report and export, its examples are accepted by `tongbuctl try`, and what stands between
"<!-- pack show NAME --table TABLE -->" and "<!-- end -->" is what that prints: with --write
it is put there.

Examples stand in ```json fences, or indented, one object a line. Bare acts, {"pack":...},
are checked for their fields. Lines of the form of `try`, {"time":...}, {"office":...} and
so on, are folded all together in the order of the page: nothing may be refused.
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from loader import PACKS, ROOT, load, tables_of

TRY = os.environ.get("TONGBUCTL") or str(ROOT / "build/bin/tongbuctl")


def declared(folder):
    """Pairs of what and name that the pack declares, and the rules of its findings."""
    data, pack = tables_of(folder), load(folder)
    names = {("act", kind) for kind in pack["acts"]} | {("field", f) for act in pack["acts"].values() for f in act.get("fields", {})}
    names |= {(what[:-1], name) for what in ("clocks", "reports", "roles") for name in pack.get(what, {})}
    for path in folder.glob("*.lua"):
        for rule in re.findall(r'\b(?:rule|code)\s*=\s*"(?!clock\.)([^"]+)"(?!\s*\.\.)', path.read_text()):
            names.add(("finding", rule))
        for rule in re.findall(r'\b(?:c|tables)\.flag\([^,"]+,\s*"([^"]+)"(?!\s*\.\.)', path.read_text()):
            names.add(("finding", rule))
    names |= {("finding", row["rule"]) for row in data.get("conditions", [])}
    names |= {("clock", name) for name in data.get("clocks", {})}
    names |= {("export", name) for name in data.get("exports", {})}
    names |= {("role", role) for row in data.get("acts", []) for role in row.get("roles", "").split() if role != "public"}
    return names


def examples(page):
    """Objects on lines of their own, fenced or indented; elided hashes are filled in."""
    acts, records, fenced = [], [], False
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```"):
            fenced = line.strip() == "```json"
            continue
        if not (fenced or line.startswith("    ")) or not line.strip().startswith("{"):
            continue
        text = re.sub(r'"([0-9a-f]{2,})…[0-9a-f]*"', lambda m: '"' + (m[1] * 64)[:64] + '"', line.strip())
        try:
            item = json.loads(text)
        except ValueError as why:
            if not fenced:
                continue
            sys.exit(f"line {number}: {why}")
        (acts if "pack" in item else records).append((number, item))
    return acts, records


def fold(name, lines):
    """Effects of each line, by its place; lines after the first start one second later."""
    text = "\n".join(json.dumps(line) for line in lines) + "\n"
    done = subprocess.run([TRY, "try", "-", "--pack", name, "--packs-dir", str(PACKS)], input=text,
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"try: {done.stderr.strip()}")
    effects = [json.loads(line) for line in done.stdout.splitlines()]
    return [e for e in effects if "missed" in e or str(e.get("rule", "")).startswith("engine.")]


def words(effect):
    text = effect.get("text", effect)
    return text.get("en", text) if isinstance(text, dict) else str(text)


def check_acts(name, acts, roles):
    """Each alone, by somebody who may do everything: are the fields right?"""
    setup = [{"time": "2026-01-05T09:00:00+08:00", "office": {"id": "office", "name": "Office"}},
             {"actor": {"uid": 1000, "name": "all", "office": "office", "roles": [f"{name}.{r}" for r in roles]}}]
    wrong = []
    for number, act in acts:
        if act["pack"] != name:
            continue
        for effect in fold(name, setup + [{"uid": 1000, "act": act}]):
            text = words(effect)
            field = text.startswith("field ") and " names " not in text
            if field or "has no act" in text or effect.get("rule") == "engine.failed":
                wrong.append(f"line {number}: {text}")
    return wrong


# As of this day the tables of a page are: those of today would change by themselves.
AS_OF = "2026-11-26"


def with_tables(page):
    """The page with its generated tables as they are to be"""
    def fresh(match):
        out = subprocess.run([TRY, "pack", *match[1].split(), "--markdown", "--as-of", AS_OF, "--packs-dir", str(PACKS)],
                             capture_output=True, text=True, check=True).stdout
        return f"<!-- pack {match[1]} -->\n{out}<!-- end -->"
    return re.sub(r"<!-- pack (show [^\n]*?) -->\n.*?<!-- end -->", fresh, page, flags=re.S)


def main():
    name = sys.argv[-1]
    # What is too long for one page has more: NAME-acts.md
    paths = [ROOT / "docs/packs" / f"{name}.md", *sorted((ROOT / "docs/packs").glob(f"{name}-*.md"))]
    if not paths[0].exists():
        sys.exit("there is no such page")
    if sys.argv[1] == "--write":
        for path in paths:
            path.write_text(with_tables(path.read_text()))
        return
    page, names = "\n".join(path.read_text() for path in paths), declared(PACKS / name)
    wrong = [f"{what} {word} is not on the page" for what, word in sorted(names)
             if not re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-]|\.\w)", page)]
    acts, records = examples(page)
    shown = {act.get("kind") for _, act in acts} | {r["act"].get("kind") for _, r in records if "act" in r}
    wrong += [f"act {word} has no example" for what, word in sorted(names) if what == "act" and word not in shown]
    wrong += check_acts(name, acts, sorted(word for what, word in names if what == "role"))
    if records:
        wrong += [f"record {e.get('record', e.get('line'))}: {words(e)}"
                  for e in fold(name, [record for _, record in records])]
    if with_tables(page) != page:
        wrong.append(f"its tables are not those of the pack: tests/packs/page.py --write {name}")
    for line in wrong:
        print(line)
    print(f"{len(names)} names, {len(acts) + len(records)} examples" if not wrong else f"{len(wrong)} faults")
    sys.exit(bool(wrong))


main()
