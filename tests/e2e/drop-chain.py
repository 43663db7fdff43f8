#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""drop-chain.py BUNDLE NUMBER OUT: leave one chain out, of manifest and records."""
import json
import struct
import sys

with open(sys.argv[1], "rb") as file:
    line, _, data = file.read().partition(b"\n")
manifest = json.loads(line)
gone = manifest["chains"].pop(int(sys.argv[2]))["chain"]
kept, at, chain = [], 0, None
while at < len(data):
    kind, length = (struct.unpack_from("<H", data, at + offset)[0] for offset in (24, 44))
    end = at + 80 + length
    if kind == 1:
        chain = data[at + 48 + 64:at + 48 + 80].hex()
    if chain != gone:
        kept.append(data[at:end])
    at = end
with open(sys.argv[3], "wb") as file:
    file.write(json.dumps(manifest).encode() + b"\n" + b"".join(kept))
