#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Has each message of the console its twin, and is each one said?

Prints what is not so. en.js and zh.js hold one JSON object each behind "export default".
"""
import json
import pathlib
import re
import sys

console = pathlib.Path(__file__).resolve().parents[2] / "daemon/console"


def catalogue(language):
    text = (console / f"{language}.js").read_text(encoding="utf-8")
    pairs = json.loads(text[text.index("{"):text.rindex("}") + 1], object_pairs_hook=list)
    for key in {key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1}:
        yield f"{language}.js has {key} twice", None
    yield from pairs


def main():
    wrong = []
    en, zh = dict(catalogue("en")), dict(catalogue("zh"))
    for words in (en, zh):
        wrong += [key for key, value in words.items() if value is None]
    wrong += [f"{key} stands in one language only" for key in sorted(en.keys() ^ zh.keys())]
    for key in sorted(en.keys() & zh.keys()):
        names = [sorted(re.findall(r"\{\w+\}", words[key])) for words in (en, zh)]
        if names[0] != names[1]:
            wrong.append(f"{key}: in one language it has {names[0]}, in the other {names[1]}")
        if not re.search("[\u3000-\u9fff\uff00-\uffef]", zh[key]):
            wrong.append(f"{key} has no Chinese in zh.js")
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(console.glob("*.js"))
                     if path.stem not in ("en", "zh"))
    said = set(re.findall(r'"([a-z][\w-]*(?:\.[\w-]+)*)"', source))
    # say(`menu.${name}`) and word("side", ...): a family
    families = set(re.findall(r"say\(`([\w-]+)\.\$\{", source)) | set(re.findall(r'word\("([\w-]+)"', source))
    for key in re.findall(r'say\("([^"]+)"', source):
        if key not in en:
            wrong.append(f"there are no words for {key}")
    wrong += [f"{key} is never said" for key in sorted(en) if key not in said and key.split(".")[0] not in families]
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
