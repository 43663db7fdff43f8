#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What tongbu-verify says of each chain, in JSON, in words and as a page; the page before
judges that nobody here wrote: Python's XML parser, and tidy where it is installed.

	page.py TONGBU-VERIFY		prints TAP"""
import base64
import hashlib
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import signed
from signed import generate

HOSTILE = "</td><script>alert('1')</script>\u202e&lt;\x07]]>\"'"
failed = 0


def report(good, name):
    global failed
    report.count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", report.count, name))


report.count = 0


def station(supervisor):
    """Two boots in which all happened that is told"""
    first = generate.long_chain(supervisor)
    at = len(first.records)
    for kind in ("silent", "restored", "silent"):
        first.put(kind, struct.pack("<QQ", 5, 60_000_000_000), None, source=16,
                  source_seq=8 + len(first.records) - at, flags=1)
    return first, generate.end(generate.next_chain(supervisor, first))


def run(*args):
    done = subprocess.run([sys.argv[1], *map(str, args)], capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def look_at(page, name):
    """It is well-formed, asks for nothing, and has no words of others but as text"""
    text = page.read_text(encoding="utf-8")
    tree = ET.fromstring(text.replace("<!DOCTYPE html>\n", ""))
    used = {element.tag for element in tree.iter()}
    report(not used & {"script", "a", "img", "link", "iframe", "object", "form", "use", "image"},
           name + ": nothing in it runs or leads elsewhere")
    names = {key for element in tree.iter() for key in element.attrib}
    report(not [n for n in names if n.startswith("on") or n in ("href", "src", "style", "action")],
           name + ": nor does an attribute")
    policy = tree.find(".//meta[@http-equiv]").get("content")
    style = base64.b64encode(hashlib.sha256(tree.find(".//style").text.encode()).digest()).decode()
    report(policy.startswith("default-src 'none'; style-src 'sha256-" + style + "'"),
           name + ": its own policy allows its style and nothing else")
    if shutil.which("tidy"):
        done = subprocess.run(["tidy", "-q", "-e", "-utf8", str(page)], capture_output=True, check=False)
        wrong = [line for line in done.stderr.decode().splitlines() if "Error" in line or
                 "Warning" in line and "proprietary" not in line]
        for line in wrong:
            print("#", line)
        report(done.returncode < 2 and not wrong, name + ": tidy takes it")
    else:
        print("ok %d - %s: tidy takes it # SKIP tidy is not installed" % (report.count + 1, name))
        report.count += 1
    return tree


def main():
    supervisor = generate.Supervisor("supervisor")
    first, second = station(supervisor)
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        bundle, key, page = folder / "<b>&.bundle", folder / "key.pem", folder / "page.html"
        key.write_text(supervisor.json()["private_pem"])
        key.chmod(0o600)
        (folder / "policy").write_text(signed.policy())
        records = first.records + second.records
        bundle.write_bytes(generate.bundle([first.part(), second.part()], records, HOSTILE))
        kept = []
        for size, time in ((len(first.records) - 3, 1700000000), (len(first.records) + 1, 1700000600)):
            (folder / str(size)).write_text(signed.checkpoint(records[:size], time))
            kept += ["--checkpoint", folder / str(size)]
        args = [bundle, "--key", key, "--policy", folder / "policy", *kept]
        status, out, err = run(*args, "--json", "--page", page)
        said = json.loads(out or "{}")
        for line in err.splitlines():
            print("#", line)
        if status:
            print("#", out)
        one, two = said.get("boots", [{}, {}])
        report(status == 0 and said["verdict"] == "verified", "the bundle verifies")
        report((one["chain"], one["first"], one["last"]) == (first.id.hex(), 0, len(first.records) - 1)
               and one["broken_off"] and not one["ended"] and two["ended"] and not two["broken_off"],
               "each chain: which records, broken off or ended")
        # Those with flags 0 in long_chain, all but two edges: told from the bytes
        flags = [record[26] & 1 for record in first.records]
        spans = sum(1 for a, b in zip([1] + flags, flags) if a and not b)
        report(one["unsynced"] == flags.count(0) and one["unsynced_spans"] == spans,
               "how many records were stamped by a clock not synchronised, in which spans")
        listed = [(e["kind"], e["first"], e["last"], e.get("amount"), e["boot"]) for e in said["events"]]
        n = len(first.records)
        report(("lost", 9, 9, 5, 0) in listed and ("clock_step", 7, 7, -2500000000, 0) in listed
               and one["losses"] == 1 and one["events_lost"] == 5 and one["clock_steps"] == 1,
               "what was lost, and how the clock was stepped")
        silent = [e for e in said["events"] if e["kind"] == "silent"]
        report([(e["source"], e["first"], e["last"]) for e in silent] ==
               [(16, n - 3, n - 2), (16, n - 1, n - 1)] and silent[0]["until"] and
               silent[1]["until"] is None and one["silent"] == 2,
               "which sources were silent, from when to when, and one to the end")
        report(one["held"] == {"last": n - 1, "size": n + 1, "by": [
            {"name": signed.WITNESS, "since": "2023-11-14T22:23:20.000000000Z"}]} and
            two["held"]["last"] == 0, "up to where each is held elsewhere, by whom, since when")
        report(run(*args[:5], *kept[:2], "--json")[1].count('"held":null') == 1,
               "and one that no checkpoint reaches is not")
        words = run(*args)[1]
        report("source 16 was silent until " in words and "held elsewhere up to record %d\n" % (n - 1)
               in words and "the clock was stepped by -2.5" in words and "broken off" in words,
               "the same in words")
        tree = look_at(page, "page")
        text = "".join(tree.itertext())
        report("<script>alert('1')</script>\ufffd&lt;\ufffd]]>" in text and signed.WITNESS in text,
               "words of others are on it as they were written")
        report(hashlib.sha256(bundle.read_bytes()).hexdigest() in text and signed.LOG.vkey in text
               and supervisor.json()["fingerprint"] in text.replace(":", "").replace(" ", ""),
               "it names the file by its hash, and the keys")
        classes = [e.get("class") for e in tree.find(".//svg[@class='time']").iter()]
        report({"chain", "lost", "clock_step", "unsynced", "silent", "held", "end", "open"} <=
               set(classes) and classes.count("chain") == 2, "the picture has all of it")
        # A gap, and what is wrong, are on it too.
        parts = [first.part(0, 4), first.part(7), second.part()]
        some = first.records[:5] + first.records[7:] + second.records
        bundle.write_bytes(generate.bundle(parts, some))
        status, out, _ = run(bundle, "--key", key, "--json", "--page", page)
        said = json.loads(out)
        gap = [e for e in said["events"] if e["kind"] == "gap"]
        report(status == 1 and said["boots"][0]["gaps"] == 1 and
               (gap[0]["first"], gap[0]["last"], gap[0]["amount"]) == (5, 6, 2), "a gap is told")
        report("gap" in [e.get("class") for e in look_at(page, "page of a gap").iter()],
               "and is in the picture")
        bundle.write_bytes(generate.bundle([first.part(), second.part()], [
            generate.patch(r, 50, None) if i == 5 else r for i, r in enumerate(records)]))
        status, _, _ = run(bundle, "--key", key, "--page", page)
        report(status == 1 and "NOT verified" in page.read_text(), "a page says what does not verify")
        status, _, err = run(bundle, "--key", key, "--page", folder / "nowhere" / "page")
        report(status == 2 and "nowhere" in err, "a page that cannot be written is said")
    print("1..%d" % report.count)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
