#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A disclosure, and what can be done to it: changed, left out, added; in C and in Python.

	disclosed.py TONGBU-VERIFY KEYS DISCLOSURE RECEIPT	prints TAP

RECEIPT is of an entry that the disclosure has as a hash alone."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
number = failed = 0


def report(name, wrong):
    global number, failed
    number += 1
    failed += bool(wrong)
    for line in wrong[:5]:
        print("#", line)
    print("%sok %d - %s" % ("not " if wrong else "", number, name))


class Judges:
    def __init__(self, program, keys, path):
        self.program, self.keys, self.path = program, keys, path

    def say(self, text):
        """Do both say the same? What C says: whether it verifies, and at which entry not"""
        self.path.write_text(text, encoding="utf-8")
        c = subprocess.run([self.program, self.path, "--policy", self.keys, "--json"],
                           capture_output=True, text=True, check=False)
        python = subprocess.run(["/usr/bin/python3", HERE.parent / "disclosure.py", self.keys, self.path],
                                capture_output=True, text=True, check=False)
        said = json.loads(c.stdout) if c.returncode < 2 else {}
        return (c.returncode, said.get("bad"), (c.returncode == 0) == (python.returncode == 0),
                c.stdout + c.stderr + python.stdout)


def changed(line):
    """One character of its base64 is another"""
    at = line.rindex(" ") + 4 if " " in line else 4
    return line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1:]


def entry(block):
    """The first entry that a block or a line is of"""
    return int(re.search(r"^(?:index|rest) (\d+)", block, re.M)[1])


def main():
    program, keys, path, receipt = sys.argv[1:]
    text = pathlib.Path(path).read_text(encoding="utf-8")
    blocks = text.removesuffix("\n\n").removesuffix("\n").split("\n\n")
    head, blocks = blocks[:3], blocks[3:]
    records = [i for i, block in enumerate(blocks) if block.startswith("extra")]

    def made(changed_blocks):
        return "\n\n".join(head + changed_blocks) + "\n"

    with tempfile.TemporaryDirectory() as tmp:
        judges = Judges(program, keys, pathlib.Path(tmp) / "disclosure")

        def must(name, cases):
            """Each is refused, at that entry if one is given, by both"""
            wrong = []
            for what, at in cases:
                status, bad, same, words = judges.say(what)
                if status == 0 or not same or at is not None and (status, bad) != (1, at):
                    wrong.append(f"at {at}: {status} {bad} {same} {words}")
            report(name, wrong)

        status, _, same, words = judges.say(made(blocks))
        report("a disclosure verifies, for both", [] if status == 0 and same else [words])
        cases = []
        for i in records:
            lines = blocks[i].split("\n")
            for n in (0, *range(2, len(lines))):
                other = "\n".join(lines[:n] + [changed(lines[n])] + lines[n + 1:])
                cases.append((made(blocks[:i] + [other] + blocks[i + 1:]), entry(blocks[i])))
        must("a record, or its proof, changed: found there", cases[::3])
        cases = []
        for i, block in enumerate(blocks):
            lines = block.split("\n") if i not in records else []
            for n, line in enumerate(lines):
                other = "\n".join(lines[:n] + [changed(line)] + lines[n + 1:])
                cases.append((made(blocks[:i] + [other] + blocks[i + 1:]), entry(line)))
        must("a hash of the rest changed: found there", cases[::2])
        must("a record left out: found there", [(made(blocks[:i] + blocks[i + 1:]), entry(blocks[i]))
                                                for i in records])
        cases = []
        for i, block in enumerate(blocks):
            lines = block.split("\n") if i not in records else []
            for n, line in enumerate(lines):
                left = "\n".join(lines[:n] + lines[n + 1:])
                cases.append((made(blocks[:i] + ([left] if left else []) + blocks[i + 1:]), entry(line)))
        must("a hash of the rest left out: found there", cases[::2])
        must("the end left out: found there", [(made(blocks[:i]), entry(blocks[i]))
                                               for i in range(1, len(blocks))])
        must("a record there twice: found there", [(made(blocks[:i] + [blocks[i]] + blocks[i:]),
                                                    entry(blocks[i])) for i in records])
        more = pathlib.Path(receipt).read_text(encoding="utf-8").split("\n", 1)[1].split("\n\n")[0]
        at = next(i for i, b in enumerate(blocks) if i in records and entry(b) > entry(more))
        must("a record of the log added, of which there is a hash too: found there",
             [(made(blocks[:at] + [more] + blocks[at:]), entry(more))])
        strange = re.sub("(?m)^extra .*", "extra aW52ZW50ZWQ=", blocks[records[0]])
        must("an invented record added: found there",
             [(made(blocks[:i] + [strange.replace("index 17", "index %d" % entry(blocks[i]))] + blocks[i:]),
               entry(blocks[i])) for i in records])
        must("two neighbours swapped", [(made(blocks[:i] + [blocks[i + 1], blocks[i]] + blocks[i + 2:]),
                                         None) for i in range(len(blocks) - 1)])
        must("its checkpoint changed", [(text.replace(line, changed(line), 1), None)
                                        for line in head[1].split("\n")[2:] + head[2].split("\n")] +
             [(text.replace("\n700\n", "\n701\n", 1), None), (text.replace(head[1], "x" + head[1], 1), None)])
        must("no record in it", [(made([]), None)])
    print("1..%d" % number)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
