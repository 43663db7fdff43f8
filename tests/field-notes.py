#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does each entry of docs/field-notes.md name a test that there is, and say what the product says?

What is quoted is compared clause by clause, from three words on, without the numbers and names that
the product puts in: each must stand in a source, or in a test if a library says it.
"""

import pathlib
import re
import sys

top = pathlib.Path(__file__).parent.parent
entries = re.split(r"^### ", (top / "docs/field-notes.md").read_text(), flags=re.M)[1:]
sources = "".join(
    path.read_text(errors="replace")
    for folder in ("daemon", "kmod", "tests")
    for path in sorted((top / folder).rglob("*"))
    if path.suffix in (".c", ".h", ".lua", ".sh")
)
# A text in several pieces is one, and %s stands for a name.
sources = re.sub(r'"\s*"', "", sources)
bad = []
for entry in entries:
    title, _, rest = entry.partition("\n")
    body = " ".join(rest.split("\n## ")[0].split())
    test = re.search(r'Test: `([^`]+)`, "([^"]+)"$', body.strip())
    if not test:
        bad.append(f"{title}: it names no test")
        continue
    path = top / test[1]
    if not path.exists() or test[2] not in path.read_text():
        bad.append(f"{title}: there is no test {test[1]}, {test[2]}")
    for quote in re.findall(r"`([^`]+)`", body[: test.start()]):
        fixed = re.sub(r'\S*[/\d]\S*|"[^"]*"|\.\.\.', " | ", quote)
        for clause in re.findall(r"[A-Za-z][A-Za-z ']*[a-z]", fixed):
            if clause.count(" ") >= 2 and clause not in sources:
                bad.append(f"{title}: nothing says: {clause}")
if len(entries) < 20:
    bad.append(f"there are {len(entries)} symptoms, fewer than 20")
print("\n".join(bad))
sys.exit(bool(bad))
