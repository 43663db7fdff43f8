#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Who may include whose files: uapi <- lib <- each program, and no program another's.

Prints what is not so, and what tests/arrows.allow still allows without need. That
list only gets shorter.
"""
import pathlib
import re
import sys

top = pathlib.Path(__file__).resolve().parent.parent
daemon = top / "daemon"


def includes(folder):
    """Pairs (file, header) of what the folder's files include in quotes."""
    for path in sorted(folder.rglob("*.[ch]")):
        for header in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
            yield path, header


def main():
    folders = [path for path in sorted(daemon.iterdir()) if any(path.glob("*.[ch]"))]
    owner = {header.name: folder.name for folder in folders for header in folder.glob("*.h")}
    arrows = {}
    for folder in folders:
        for path, header in includes(folder):
            other = owner.get(pathlib.PurePath(header).name, folder.name)
            if other not in (folder.name, "lib") or (folder.name == "lib" and other != "lib"):
                arrows.setdefault(f"{folder.name} {other}", []).append(f"{path.relative_to(top)} includes {header}")
    # The module knows the contract and the kernel, and nothing of userspace.
    for path, header in includes(top / "kmod"):
        if not (path.parent / header).exists():
            arrows.setdefault("kmod elsewhere", []).append(f"{path.relative_to(top)} includes {header}")

    lines = (top / "tests" / "arrows.allow").read_text().splitlines()
    allowed = {line for line in lines if line and not line.startswith("#")}
    wrong = 0
    for arrow, places in sorted(arrows.items()):
        if arrow not in allowed:
            print(f"{arrow.replace(' ', ' -> ')}: not an arrow of docs/architecture.md", *places, sep="\n    ")
            wrong = 1
    for arrow in sorted(allowed - set(arrows)):
        print(f"tests/arrows.allow: '{arrow}' is not needed any more: remove it")
        wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
