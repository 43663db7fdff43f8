#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print docs/record-kinds.md: the payload of each kind of record, as the spec has it.

    uapi/make-kinds.py >docs/record-kinds.md

A kind's doc names the structures its payload is made of; their members, the values a
member can have, and what each means stand in uapi/tongbu.yaml and nowhere else.
--check compares instead of printing.
"""
import pathlib
import re
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/record-kinds.md"
SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "s64": 8}
HEAD = """# Kinds of records, and their payloads

<!-- Made by uapi/make-kinds.py from uapi/tongbu.yaml (`make docs`): change that one. -->

What stands between header and tag of a record, by the kind in its header;
[record-format.md](record-format.md) has the rest. Offsets count from where the structure
begins. A number that has words is given with them: they are what `tongbuctl log --json`
writes for it. Members called `reserved` are 0.

A reader must take a payload longer than it knows for a newer one that begins the same
way. A kind it does not know is checked and kept like any other."""


def lower(text):
    """A sentence to go on with: its first letter small, unless it begins a name."""
    return text[0].lower() + text[1:] if re.match(r"[A-Z]([a-z ]|$)", text) else text


def quoted(text):
    """With what Markdown would take for something else marked."""
    return text.replace("|", "\\|").replace("*", "\\*")


def values(definition):
    """What a number can be: "1 `rising`, to active; 2 `falling`, to inactive"."""
    number, parts = definition.get("value-start", 0) - 1, []
    for entry in definition["entries"]:
        number = entry.get("value", number + 1)
        word = f"`{entry['name']}`"
        if definition["type"] == "flags":
            word = f"bit {word}".replace("bit", f"bit {number}")
        else:
            word = f"{number} {word}"
        same = entry["doc"].lower() == entry["name"]
        parts.append(word if same else f"{word}, {lower(quoted(entry['doc']))}")
    return "; ".join(parts)


def table(struct, enums):
    """The members of a structure, and its size."""
    rows, at = [], 0
    for member in struct["members"]:
        size = member.get("len") or SIZES[member["type"]]
        text = quoted(member["doc"])
        if "enum" in member:
            text += ": " + values(enums[member["enum"]])
        rows.append((f"{at}", f"{size}", f"`{member['name'].replace('-', '_')}`", text))
        at += size
    widths = [max(len(row[column]) for row in rows + [("offset", "bytes", "member", "")])
              for column in range(3)]
    lines = ["| " + "offset".rjust(widths[0]) + " | " + "bytes".rjust(widths[1]) + " | " +
             "member".ljust(widths[2]) + " | meaning |",
             "|" + "-" * (widths[0] + 1) + ":|" + "-" * (widths[1] + 1) + ":|" +
             "-" * (widths[2] + 2) + "|---|"]
    lines += [f"| {a.rjust(widths[0])} | {b.rjust(widths[1])} | {c.ljust(widths[2])} | {d} |"
              for a, b, c, d in rows]
    return at, lines


def page():
    spec = yaml.safe_load((HERE / "tongbu.yaml").read_text(encoding="utf-8"))
    structs = {d["name"]: d for d in spec["definitions"] if d["type"] == "struct"}
    enums = {d["name"]: d for d in spec["definitions"] if d["type"] in ("enum", "flags")}
    lines, shown = [HEAD], {}
    for kind in enums["kind"]["entries"]:
        name = kind["name"].replace("-", "_").upper()
        text = re.sub(r"struct ([\w-]+)", r"`struct tongbu_\1`", quoted(kind["doc"]))
        text = re.sub(r"`[^`]*`", lambda m: m[0].replace("-", "_"), text)
        lines += ["", f"## {kind['value']} {name}", "", text]
        for struct in re.findall(r"struct ([\w-]+)", kind["doc"]):
            if struct in shown:
                lines[-1] += f" As in {shown[struct]}."
                continue
            shown[struct] = name
            size, rows = table(structs[struct], enums)
            title = f"tongbu_{struct.replace('-', '_')}"
            lines += ["", f"`struct {title}`, {size} bytes:", "", *rows]
    return "\n".join(lines) + "\n"


if sys.argv[1:] == ["--check"]:
    if page() != PAGE.read_text(encoding="utf-8"):
        sys.exit("docs/record-kinds.md is not what uapi/tongbu.yaml says: make docs")
elif sys.argv[1:]:
    sys.exit(__doc__)
else:
    sys.stdout.write(page())
