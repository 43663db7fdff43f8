#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A witness, as tlog-witness of C2SP has it, for one log: signs what goes on from what it
signed last, and nothing else.

	witness.py LOG_VKEY FILE	writes its own key, and where it listens, to FILE
"""
import base64
import hashlib
import http.server
import os
import pathlib
import sys
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import receipt  # noqa: E402

NAME = "witness.example/w"
key = Ed25519PrivateKey.generate()
public = bytes([receipt.WITNESS]) + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
ident = hashlib.sha256(NAME.encode() + b"\n" + public).digest()[:4]
log = receipt.vkey(receipt.read(sys.argv[1]).strip())
size, root = 0, hashlib.sha256().digest()


def answer(body):
    """Status and text for a request"""
    global size, root
    head, note = body.split("\n\n", 1)
    old, *hashes = head.split("\n")
    try:
        origin, new, new_root, _ = receipt.judge([log], note)
    except receipt.Wrong as why:
        return 403, f"{why}\n"
    if old != f"old {size}":
        return 409, f"{size}\n"
    try:
        if size == new or not size:
            receipt.need(not hashes and (not size or root == new_root), "another log")
        else:
            receipt.grown(size, root, new, new_root, [receipt.unbase64(line) for line in hashes])
    except (receipt.Wrong, IndexError) as why:
        return 422, f"{why}\n"
    size, root = new, new_root
    now = int(time.time())
    text = note[:note.rindex("\n\n") + 1]
    signature = key.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
    line = base64.b64encode(ident + now.to_bytes(8, "big") + signature).decode()
    return 200, f"\u2014 {NAME} {line}\n"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, text = answer(body) if self.path == "/w/add-checkpoint" else (404, "not here\n")
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(f"{sys.argv[2]}.new", "w", encoding="utf-8") as file:
    print(f"{NAME}+{ident.hex()}+{base64.b64encode(public).decode()}", file=file)
    print(f"http://127.0.0.1:{server.server_port}/w", file=file)
os.rename(f"{sys.argv[2]}.new", sys.argv[2])
server.serve_forever()
