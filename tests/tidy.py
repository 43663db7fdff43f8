#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""clang-tidy on C files, but not again on what it found nothing in.

    tests/tidy.py BUILD FILE...

BUILD has compile_commands.json. What the compiler makes of a file and all that it
includes, comments and macros too, .clang-tidy and the tool's version name an empty file in
~/.cache/tongbu/tidy once nothing was found. What is found is printed, and is an error.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

CACHE = pathlib.Path(os.environ.get("TONGBU_CACHE") or pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "tongbu") / "tidy"
WEEK = 7 * 86400


def output(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def preprocessed(entry):
    """What the compiler sees by this command, wherever the tree is."""
    args = entry.get("arguments") or shlex.split(entry["command"])
    # Without the compiler's name, a launcher before it, and what is made of the file
    args = args[next(i for i, arg in enumerate(args) if arg.startswith("-")):]
    out = args.index("-o")
    args = args[:out] + args[out + 2:]
    args.remove("-c")
    said = output("clang", "-E", "-C", "-dD", *args, cwd=entry["directory"])
    return said.replace(os.getcwd().encode(), b".")


def tidy(build, file, entries, about):
    """(is it clean, what was said)"""
    mark = None
    if entries:
        key = hashlib.sha256(about)
        try:
            for entry in entries:
                key.update(preprocessed(entry))
            mark = CACHE / key.hexdigest()
        except (subprocess.CalledProcessError, ValueError, StopIteration):
            pass  # clang-tidy will say what is wrong
    if mark and mark.exists():
        os.utime(mark)
        return True, ""
    done = subprocess.run(["clang-tidy", "--quiet", "-p", build, file], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    if mark and done.returncode == 0 and not done.stdout.strip():
        mark.touch()
    return done.returncode == 0, done.stdout


def main(build, *files):
    commands = {}
    for entry in json.loads(pathlib.Path(build, "compile_commands.json").read_text()):
        commands.setdefault(os.path.realpath(os.path.join(entry["directory"], entry["file"])),
                            []).append(entry)
    about = output("clang-tidy", "--version") + pathlib.Path(".clang-tidy").read_bytes()
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.iterdir():
        if old.stat().st_mtime < time.time() - WEEK:
            old.unlink(missing_ok=True)
    clean = True
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for well, said in pool.map(
                lambda file: tidy(build, file, commands.get(os.path.realpath(file)), about), files):
            if not well:
                print(said)
                clean = False
    return 0 if clean else 1


sys.exit(main(*sys.argv[1:]))
