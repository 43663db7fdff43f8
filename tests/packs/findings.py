#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each finding of a pack names its law: clause, figure, the days used and the arithmetic.

    findings.py PACK EFFECTS

EFFECTS: what `tongbuctl try` printed. A finding of the pack without a row of the law is named, and a
condition whose text leaves out what it compares."""
import csv
import json
import os
import sys
from pathlib import Path

PACKS = Path(os.environ.get("TONGBU_PACKS") or Path(__file__).resolve().parents[2] / "daemon/packs")


def rows(pack, name):
    return list(csv.DictReader(open(PACKS / pack / "data" / f"{name}.csv", encoding="utf-8")))


def bare(pack, effects):
    """Findings that were made and name no clause. The engine's own say what is wrong with a record."""
    for line in open(effects, encoding="utf-8"):
        effect = json.loads(line) if line.startswith('{"record"') else {}
        rule = effect.get("rule", "")
        own = rule.startswith("engine.") or rule in ("clock.uncertain", "calendar.own")
        if effect.get("effect") != "finding" or effect["pack"] != pack or own:
            continue
        law = effect.get("law") or {}
        if not (law.get("source") and (law.get("clause") or {}).get("en")):
            yield f"finding {rule} names no row of the law: {effect['text']}"
        elif not rule.startswith("clock.") and law["clause"]["en"] not in str(effect["text"]):
            yield f"finding {rule} does not show its clause: {effect['text']}"


def texts(pack):
    """Conditions whose texts leave out what is compared with what"""
    facts = {row["id"]: row for row in rows(pack, "facts")}
    law = {row["id"]: row for row in rows(pack, "law")}
    said = {row["id"]: row for row in rows(pack, "texts")}
    for c in rows(pack, "conditions"):
        limit, _, part_of = c["limit"].partition("*")
        row = law.get(limit, {})
        if c["op"] in ("yes", "no", "never") or not row.get("figure"):
            continue
        text, fact = said[c["text"] or c["rule"]], facts[c["fact"]]
        # Where both are to differ the fact, when it is found, is the limit.
        wanted = [{"fact", c["fact"]}] + ([] if c["op"] == "!=" else [{"limit", "also", part_of}])
        if fact["type"] in ("span", "period"):
            wanted += [{"from"}, {"to"}, {"day"}]
        for language in ("en", "zh"):
            for names in wanted:
                if not any("{" + name + "}" in text[language] for name in names):
                    yield f"text {text['id']} ({language}) of {c['rule']} does not name {' or '.join(sorted(names - {''}))}"


def main():
    pack, effects = sys.argv[1:]
    wrong = sorted(set(bare(pack, effects)) | set(texts(pack)))
    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


main()
