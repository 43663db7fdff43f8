#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Bundles made to hurt whoever verifies them: each ends in a clear answer, and none
takes more than 32 MiB, however large it is. What the largest took is printed. TAP."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

top = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(top / "tests/vectors"))
import generate  # noqa: E402

VERIFY = str(top / "build/bin/tongbu-verify")
VERSION = json.loads(generate.bundle([], []))["version"]
MOST = 32 * 1024        # KiB
PATIENCE = 300          # s; what hangs is killed, and has failed
failed, largest = 0, 0


# A child's memory counts from before its exec: so it is started by somebody small.
STARTER = """import os, signal, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
signal.alarm(%d)
_, status, usage = os.wait4(pid, 0)
print("\\n%%d %%d" %% (os.waitstatus_to_exitcode(status), usage.ru_maxrss), end="")
""" % PATIENCE


def run(arguments, stdin=None):
    """Exit status, what was said, KiB of memory"""
    done = subprocess.run([sys.executable, "-S", "-c", STARTER, VERIFY, *arguments],
                          stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=True)
    said, _, last = done.stdout.decode().rpartition("\n")
    return (int(last.split()[0]), said, int(last.split()[1]))


def check(name, status, words, arguments, stdin=None):
    global failed, largest
    rc, said, rss = run(arguments, stdin)
    largest = max(largest, rss)
    good = rc == status and words in said and rss <= MOST
    if not good:
        failed = 1
        print("# status %d, expected %d with: %s; %d KiB\n# %s"
              % (rc, status, words, rss, said[:500].replace("\n", "\n# ")))
    print("%s - %s" % ("ok" if good else "not ok", name))


def bundle(path, parts, *records):
    """A list of ranges and records, or a first line as it is"""
    line = parts if isinstance(parts, bytes) else generate.bundle(parts, [])[:-1]
    with open(path, "wb") as out:
        out.write(line + b"\n")
        for record in records:
            out.write(record)


def main():
    supervisor = generate.Supervisor("hostile")
    chain = generate.Chain("hostile", supervisor)
    word = b"x" * 1000
    for number in range(1, 60000):
        chain.put("act", generate.act(0, word), {}, source=1, source_seq=number)
    receipt = "%s:%d:%s\n"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path("key.pem").write_text(supervisor.json()["private_pem"])
        key = ["--key", "key.pem"]

        bundle("objects", b'{"bundle":"tongbu","version":%d,"chains":[' % VERSION +
               b"{}," * (16 * 1024 * 1024 // 3) + b"{}]}", *chain.records[:1])
        check("a manifest of 16 MiB of objects", 2, "is this a bundle?", ["objects", *key])
        bundle("objects", b'{"bundle":"tongbu","version":%d,"chains":[' % VERSION +
               b"{}," * 300000 + b"{}]}", *chain.records[:1])
        check("a manifest of less than 1 MiB of objects", 2, "values in it", ["objects", *key])
        bundle("deep", b"[" * 60000, *chain.records[:1])
        check("a manifest of brackets", 2, "is no manifest", ["deep", *key])
        many = [{"chain": chain.id.hex(), "first": n, "last": n, "before": "00" * 32}
                for n in range(0, 10000, 2)]
        bundle("many", many, *chain.records[0:10000:2])
        check("a manifest of thousands of ranges", 1, "NOT verified", ["many", *key])

        bundle("far", [{**chain.part(2), "first": 2 ** 32 - 1, "last": 2 ** 32}],
               *chain.records[:20])
        check("a range four thousand million records from record 0", 2, "--reach", ["far", *key])
        check("and it may be allowed less", 2, "--reach", ["far", *key, "--reach", "10"])

        bundle("large", [chain.part()], *chain.records)
        size = os.stat("large").st_size
        check("a bundle of %d MiB" % (size >> 20), 0, "verified: 60000 records", ["large", *key])
        with subprocess.Popen(["cat", "large"], stdout=subprocess.PIPE) as cat:
            check("the same through a pipe", 0, "verified: 60000 records", ["-", *key], cat.stdout)
        with open("large", "rb") as file:
            check("the same on standard input", 0, "verified: 60000 records", ["-", *key], file)
        os.mkfifo("fifo")
        with subprocess.Popen(["sh", "-c", "cat large >fifo"]):
            check("the same from a named pipe", 0, "verified: 60000 records", ["fifo", *key])
        with open("large", "r+b") as file:
            file.seek(size // 2)
            byte = file.read(1)
            file.seek(size // 2)
            file.write(bytes([byte[0] ^ 1]))
        check("the same with one byte altered", 1, "NOT verified: altered", ["large", *key])
        os.truncate("large", size - 50)
        check("the same with its end cut", 1, "NOT verified: altered", ["large", *key])
        bundle("same", [chain.part(0, 3)], *chain.records[:3], *[chain.records[4]] * 50000)
        check("one record fifty thousand times", 1, "NOT verified", ["same", *key])
        os.truncate("same", 1 << 30)
        check("and zeros behind it, up to a gibibyte", 1, "NOT verified", ["same", *key])

        bundle("range", [chain.part(100, 199)], chain.records[0], *chain.records[100:200])
        for name, seq, tag in (("before the range", 50, "00" * 32),
                               ("before the range, though true", 50, chain.tag(50).hex()),
                               ("behind it", 200, chain.tag(200).hex()),
                               ("in it, of another tag", 150, chain.tag(151).hex())):
            pathlib.Path("receipt").write_text(receipt % (chain.id.hex(), seq, tag))
            check("a receipt for a record %s" % name, 1, "NOT verified",
                  ["range", *key, "--receipt", "receipt"])
        pathlib.Path("receipt").write_text(receipt % (chain.id.hex(), 150, chain.tag(150).hex()))
        check("a receipt for a record in it", 0, "1 receipts agree",
              ["range", *key, "--receipt", "receipt"])
        pathlib.Path("receipt").write_text("x" * (1 << 26))
        check("a receipt of one endless line", 2, "longer than", ["range", *key, "--receipt", "receipt"])
        with open("receipt", "w") as file:
            file.writelines(receipt % (chain.id.hex(), 150, chain.tag(150).hex())
                            for _ in range(100001))
        check("more receipts than it takes", 2, "more than", ["range", *key, "--receipt", "receipt"])
        pathlib.Path("receipt").write_text("".join(
            receipt % (chain.id.hex(), n, chain.tag(n).hex()) for n in range(100, 200)) * 900)
        check("ninety thousand receipts", 0, "90000 receipts agree",
              ["range", *key, "--receipt", "receipt"])
    print("# the largest took %d KiB" % largest)
    return failed


if __name__ == "__main__":
    sys.exit(main())
