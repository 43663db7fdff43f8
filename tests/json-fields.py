#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Has what --json prints the members that the manual page lists?

	json-fields.py TONGBUCTL COMMAND [WORD] <ANSWER

Those that are lists of objects are looked into, and what is listed as a time must be one:
RFC 3339 in UTC with nanoseconds, or null. So must be any number that could be the seconds
of one. Exits with what is missing or beside, or if there was no answer to look at.
"""
import json
import pathlib
import re
import subprocess
import sys

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")
# From 2015 on, for a hundred years
SECONDS = range(1420070400, 4575744000)


def listed(*which):
    """{name: (needed, is a time, what its objects are)} of a command, or of a part."""
    said = subprocess.run([sys.argv[1], "--fields", *which], check=True, capture_output=True, text=True)
    if said.stdout.startswith("(as\ntongbu-devices(5)"):
        page = pathlib.Path(__file__).resolve().parents[1] / "docs/man/tongbu-devices.5"
        names = re.findall(r"^\.It Va (\w+)", page.read_text(encoding="utf-8"), re.M)
        return {name: (False, name == "last", None) for name in [*names, "values", "value_state"]}
    names = [re.fullmatch(r"(\w+)(@?)(?::(\w+))?(\??)", name).groups() for name in said.stdout.split()]
    return {name: (not optional, time == "@", part) for name, time, part, optional in names}


def wrong(where, row, members):
    """What is not as it is listed."""
    for name in sorted(set(row) - set(members)):
        yield f"{where}: {name} is not in the manual page"
    for name, (needed, is_time, part) in members.items():
        value = row.get(name)
        if needed and name not in row:
            yield f"{where}: {name} is missing"
        if is_time and value is not None and not TIME.fullmatch(str(value)):
            yield f"{where}: {name} is {value}, and no time"
        if not is_time and type(value) is int and value in SECONDS:
            yield f"{where}: {name} is {value}: seconds since 1970?"
        for item in value or [] if part else []:
            yield from wrong(f"{where} {name}", item, listed(part))


which = sys.argv[2:]
lines = [json.loads(line) for line in sys.stdin]
faults = [f"{which} answered nothing"] if not lines else []
for line in lines:
    faults += wrong(" ".join(which), line, listed(*which))
sys.exit("\n".join(sorted(set(faults))) or 0)
