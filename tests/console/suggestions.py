# SPDX-License-Identifier: GPL-2.0-only
"""As many more suggestions, like the last one of the scenario on standard input, as asked for."""
import json
import sys

line = [json.loads(line) for line in sys.stdin if '"kind": "suggestion"' in line][-1]
line["act"].pop("meeting", None)
line["act"]["place"] = "village-1"
for number in range(int(sys.argv[1])):
    line["act"]["text"] = f"Lamp {number} <img src=x onerror=document.title='taken'><b>bold</b>"
    print(json.dumps(line))
