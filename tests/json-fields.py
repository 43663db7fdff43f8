#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Has what --json prints the members that the manual page lists?

	json-fields.py TONGBUCTL COMMAND [WORD] <ANSWER

Exits with what is missing or beside, or if there was no answer to look at.
"""
import json
import subprocess
import sys

said = subprocess.run([sys.argv[1], "--fields", *sys.argv[2:]], check=True, capture_output=True, text=True)
names = said.stdout.split()
known = {name.rstrip("?") for name in names}
needed = {name for name in names if not name.endswith("?")}
lines = [json.loads(line) for line in sys.stdin]
wrong = [f"{sys.argv[2:]} answered nothing"] if not lines else []
for row in lines:
    wrong += [f"{sys.argv[2:]}: {name} is not in the manual page" for name in sorted(set(row) - known)]
    wrong += [f"{sys.argv[2:]}: {name} is missing" for name in sorted(needed - set(row))]
sys.exit("\n".join(sorted(set(wrong))) or 0)
