#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write a bundle of COUNT edges and the key it is sealed for.

    bundle.py DIR COUNT     writes DIR/bench.bundle and DIR/bench.pem

The key is the published one of the test vectors.
"""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vectors"))
import generate  # noqa: E402


def main():
    out, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    supervisor = generate.Supervisor("supervisor")
    chain = generate.Chain("bench", supervisor)
    chain.put("source-add", generate.source(b"water", b"station", 3, 0, 2, 3, 0, 0), None,
              source=16, uid=0, pid=411)
    for number in range(1, count + 1):
        chain.put("edge", struct.pack("<BBHI", number & 1, 0, 0, 850), None,
                  source=16, source_seq=number)
    (out / "bench.bundle").write_bytes(generate.bundle([chain.part()], chain.records))
    (out / "bench.pem").write_text(supervisor.json()["private_pem"])


if __name__ == "__main__":
    main()
