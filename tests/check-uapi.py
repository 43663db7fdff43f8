#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Do uapi/tongbu.yaml, the headers in uapi/linux/ and the tables in kmod/ agree?

Every constant, enum value, command, attribute, record structure, and the table
of operations in the header's comment are compared with the spec; so are the
policies, permissions and handlers of the kernel's tables, where kmod/ has them.
Prints one line for each disagreement and exits 1 if there is any.

--selftest spoils copies in memory, one place at a time, and fails unless each
of them is noticed.
"""
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SPEC, HEADER, KMOD = "uapi/tongbu.yaml", "uapi/linux", "kmod"

C_TYPES = {"__u8": "u8", "__le16": "u16", "__le32": "u32", "__le64": "u64"}
NLA_TYPES = {"binary": {"BINARY"}, "string": {"NUL_STRING", "STRING"}, "u8": {"U8"},
             "u16": {"U16"}, "u32": {"U32"}, "u64": {"U64"}}


def c_name(*parts):
    return "".join(parts).replace("-", "_").upper()


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def block(text, start):
    """What stands between the first brace at or after start and its partner."""
    begin = text.index("{", start)
    depth = 0
    for pos in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[pos], 0)
        if not depth:
            return text[begin + 1:pos]
    raise ValueError("unbalanced braces")


def split(text):
    """Parts of a C list: at commas outside of any bracket."""
    parts, depth, last = [], 0, 0
    for pos, char in enumerate(text):
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(char, 0)
        if char == "," and not depth:
            parts.append(text[last:pos].strip())
            last = pos + 1
    return [part for part in parts + [text[last:].strip()] if part]


class Header:
    """The C headers, one text: constants, enums, structures, the table in the comment."""

    def __init__(self, text):
        self.consts, self.enums, self.structs = {}, {}, {}
        self.table = self.read_table(text)
        code = strip_comments(text)
        for name, value in re.findall(r"^#define[ \t]+(TONGBU_\w+)[ \t]+(\S.*?)[ \t]*$",
                                      code, re.M):
            self.consts[name] = value[1:-1] if value[0] == '"' else self.value(value)
        for found in re.finditer(r"\benum (tongbu_\w+)\s*\{", code):
            self.read_enum(found[1], block(code, found.start()))
        for found in re.finditer(r"\bstruct (tongbu_\w+)\s*\{", code):
            self.structs[found[1]] = [self.member(line) for line in
                                      block(code, found.start()).split(";") if line.strip()]

    def value(self, expr):
        """A constant expression of names known so far."""
        expr = " ".join(str(expr).split())
        expr = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)[uUlL]+\b", r"\1", expr)
        expr = re.sub(r"\b[A-Za-z_]\w*", lambda m: str(self.consts[m[0]]), expr)
        if not re.fullmatch(r"[0-9a-fA-FxX\s()+*/<>|&-]+", expr):
            raise ValueError(f"not a constant expression: {expr}")
        return eval(expr.replace("/", "//"), {"__builtins__": {}})

    def read_enum(self, name, body):
        self.enums[name], value = {}, -1
        for entry in split(body):
            key, _, given = (part.strip() for part in entry.partition("="))
            value = self.value(given) if given else value + 1
            self.consts[key] = self.enums[name][key] = value

    def member(self, line):
        kind, name, count = re.fullmatch(r"\s*(\w+)\s+(\w+)(?:\[(.+)\])?\s*", line).groups()
        return name, C_TYPES.get(kind, kind), self.value(count) if count else None

    @staticmethod
    def read_table(text):
        head = re.search(r"^ \*\s+command\s+flags\s+who\s+in\s+out\n((?: \*\t.*\n)+)", text, re.M)
        rows = head[1].splitlines() if head else []
        cells = [re.split(r"\s{2,}|\t+", row.removeprefix(" *").strip()) for row in rows]
        return [row for row in cells if len(row) == 5]


class Kmod:
    """Policies and operations of the kernel's C files."""

    def __init__(self, files, header):
        self.text = "\n".join(strip_comments(text) for text in files)
        self.header, self.policies, self.ops = header, {}, {}
        macros = dict(re.findall(r"^#define[ \t]+(\w+)[ \t]+(\{.*\}|NLA_POLICY_\w+\(.*\))[ \t]*$", self.text, re.M))
        for found in re.finditer(r"\bstruct nla_policy (\w+)\[[^\]]*\]\s*=\s*\{", self.text):
            entries = {}
            for entry in split(block(self.text, found.start())):
                attr, _, rule = entry.partition("=")
                rule = re.sub(r"\w+", lambda m: macros.get(m[0], m[0]), rule)
                entries[attr.strip(" []\t\n")] = self.rule(rule)
            self.policies[found[1]] = entries
        for found in re.finditer(r"\bstruct genl_(?:small_|split_)?ops (\w+)\[[^\]]*\]\s*=\s*\{",
                                 self.text):
            for entry in split(block(self.text, found.start())):
                fields = dict(re.findall(r"\.(\w+)\s*=\s*([^,}]+)", entry))
                self.ops[fields["cmd"].strip()] = {k: v.strip() for k, v in fields.items()}

    def rule(self, text):
        """{type, min, max, mask, len} of one policy, as far as it says them."""
        rule = {"type": None}
        kinds = re.findall(r"\bNLA_(?!POLICY)(\w+)", text)
        if kinds:
            rule["type"] = kinds[0]
        macro = re.search(r"NLA_POLICY_(\w+)\((.*)\)", text, re.S)
        if macro:
            args = split(macro[2])
            numbers = [self.header.value(arg) for arg in args if not arg.startswith("NLA_")]
            names = {"EXACT_LEN": ["exact"], "MIN_LEN": ["min_len"], "MAX_LEN": ["len"],
                     "MAX": ["max"], "MIN": ["min"], "RANGE": ["min", "max"],
                     "MASK": ["mask"], "BINARY_RANGE": ["min_len", "len"]}[macro[1]]
            rule.update(zip(names, numbers))
            if macro[1].endswith("LEN") or macro[1] == "BINARY_RANGE":
                rule["type"] = "BINARY"
        length = re.search(r"\.len\s*=\s*([^,}]+)", text)
        if length:
            rule["len"] = self.header.value(length[1])
        return rule


class Check:
    def __init__(self, spec_text, header_text, kmod_texts):
        self.errors = []
        self.spec = yaml.safe_load(spec_text)
        self.header = Header(header_text)
        self.sets = {entry["name"]: entry for entry in self.spec["attribute-sets"]}
        self.defs = {}
        for entry in self.spec["definitions"]:
            if (entry["type"] == "struct", entry["name"]) in self.defs:
                self.say(f"definition {entry['name']} stands twice in the spec")
            self.defs[entry["type"] == "struct", entry["name"]] = entry
        self.family()
        self.constants()
        self.enums()
        self.structs()
        self.attributes()
        self.operations()
        self.kmod = Kmod(kmod_texts, self.header) if kmod_texts else None
        self.table()
        if self.kmod:
            self.kernel()

    def say(self, text):
        self.errors.append(text)

    def same(self, what, spec, header):
        if spec != header:
            self.say(f"{what}: the spec says {spec!r}, the header {header!r}")

    def documented(self, what, entry):
        if not str(entry.get("doc", "")).strip():
            self.say(f"{what} has no doc in the spec")
        for key in (key for key, value in entry.items() if value is None):
            self.say(f"{what}: {key} has no value in the spec: what stands before is not quoted")

    def family(self):
        spec, consts = self.spec, self.header.consts
        self.same("family name", spec["name"], consts.get(c_name(spec["c-family-name"])))
        self.same("family version", spec["version"], consts.get(c_name(spec["c-version-name"])))

    def constants(self):
        known = {c_name(self.spec["c-family-name"]), c_name(self.spec["c-version-name"])}
        for entry in self.spec["definitions"]:
            if entry["type"] == "const":
                name = c_name(self.spec["name"], "-", entry["name"])
                known.add(name)
                self.documented(name, entry)
                self.same(name, entry["value"], self.header.consts.get(name))
        in_enums = {name for enum in self.header.enums.values() for name in enum}
        # Sums of other constants, which a spec cannot express
        derived = {"TONGBU_RECORD_MIN", "TONGBU_RECORD_MAX"}
        for name in self.header.consts.keys() - known - in_enums - derived:
            self.say(f"{name} is in the header and not in the spec")

    def enums(self):
        known = {self.spec["operations"]["enum-name"]}
        known |= {entry["enum-name"] for entry in self.sets.values()}
        for entry in self.spec["definitions"]:
            if entry["type"] not in ("enum", "flags"):
                continue
            known.add(entry["enum-name"])
            self.documented(entry["name"], entry)
            values, value = {}, entry.get("value-start", 0) - 1
            for item in entry["entries"]:
                self.documented(f"{entry['name']} {item['name']}", item)
                value = item.get("value", value + 1)
                values[c_name(entry["name-prefix"], item["name"])] = (
                    1 << value if entry["type"] == "flags" else value)
            name = entry["enum-name"].replace("-", "_")
            self.same(f"enum {name}", list(values.items()),
                      list(self.header.enums.get(name, {}).items()))
        for name in self.header.enums.keys() - {name.replace("-", "_") for name in known}:
            self.say(f"enum {name} is in the header and not in the spec")

    def structs(self):
        known = set()
        for entry in self.spec["definitions"]:
            if entry["type"] != "struct":
                continue
            name = f"tongbu_{entry['name'].replace('-', '_')}"
            known.add(name)
            self.documented(name, entry)
            members = []
            for item in entry["members"]:
                self.documented(f"{name}.{item['name']}", item)
                kind, length = item["type"], item.get("len")
                if "enum" in item and (False, item["enum"]) not in self.defs:
                    self.say(f"{name}.{item['name']}: there is no enum {item['enum']}")
                if kind not in ("u8", "binary") and item.get("byte-order") != "little-endian":
                    self.say(f"{name}.{item['name']} is not little-endian in the spec")
                members.append((item["name"].replace("-", "_"),
                                "u8" if kind == "binary" else kind.replace("s", "u"), length))
            self.same(f"struct {name}", members, self.header.structs.get(name))
        for name in self.header.structs.keys() - known:
            self.say(f"struct {name} is in the header and not in the spec")

    def numbered(self, prefix, names, unspec, last):
        values = {c_name(prefix, unspec): 0}
        values.update({c_name(prefix, name): pos + 1 for pos, name in enumerate(names)})
        values["__" + c_name(prefix, last)] = len(names) + 1
        values[c_name(prefix, last)] = len(names)
        return list(values.items())

    def attributes(self):
        for entry in self.sets.values():
            self.documented(f"attribute set {entry['name']}", entry)
            for attr in entry["attributes"]:
                self.documented(f"attribute {attr['name']}", attr)
                if "enum" in attr and (False, attr["enum"]) not in self.defs:
                    self.say(f"attribute {attr['name']}: there is no enum {attr['enum']}")
            name = entry["enum-name"].replace("-", "_")
            self.same(f"enum {name}",
                      self.numbered(entry["name-prefix"],
                                    [attr["name"] for attr in entry["attributes"]],
                                    "unspec", "max"),
                      list(self.header.enums.get(name, {}).items()))

    def request(self, op):
        parts = [op.get("do", {}), op.get("dump", {})]
        return [name for part in parts for name in part.get("request", {}).get("attributes", [])]

    def reply(self, op):
        parts = [op.get("do", {}).get("reply", {}), op.get("dump", {}).get("reply", {})]
        return [name for part in parts for name in part.get("attributes", [])]

    def operations(self):
        ops = self.spec["operations"]
        name = ops["enum-name"].replace("-", "_")
        self.same(f"enum {name}",
                  self.numbered(ops["name-prefix"], [op["name"] for op in ops["list"]],
                                "unspec", "max"),
                  list(self.header.enums.get(name, {}).items()))
        for op in ops["list"]:
            self.documented(f"operation {op['name']}", op)
            known = {attr["name"] for attr in self.sets[op["attribute-set"]]["attributes"]}
            for attr in self.request(op) + self.reply(op):
                if attr not in known:
                    self.say(f"operation {op['name']}: there is no attribute {attr}")

    def table(self):
        """The header's own table of operations, row by row."""
        ops = {c_name(op["name"]): op for op in self.spec["operations"]["list"]}
        self.same("operations in the header's table", list(ops),
                  [row[0] for row in self.header.table])
        for name, how, who, given, told in self.header.table:
            op = ops.get(name)
            if not op:
                continue
            self.same(f"{name} in the header's table: do, dump",
                      [word for word in ("do", "dump") if word in op], how.split())
            if self.kmod:
                control = self.kmod.ops.get("TONGBU_CMD_" + name, {}).get("internal_flags")
                self.same(f"{name} in the header's table: needs control",
                          control == "TB_CONTROL", who == "control (2)")
            self.cell(f"{name} in the header's table, in", given, self.request(op))
            self.cell(f"{name} in the header's table, out", told, self.reply(op))

    def cell(self, what, cell, attrs):
        """Words in capitals are attributes, X_* any of them, _X for PREFIX_X."""
        if re.fullmatch(r"[a-z, ]+", cell):
            return
        left, prefix = [c_name(attr) for attr in attrs], ""
        for word in re.findall(r"[A-Z_]+\*?", cell):
            full = prefix + word if word.startswith("_") else word
            prefix = full.split("_")[0]
            hits = [attr for attr in left if attr == full or
                    full.endswith("*") and attr.startswith(full[:-1])]
            if not hits:
                self.say(f"{what}: {full} is not in the spec")
            left = [attr for attr in left if attr not in hits]
        if left and "..." not in cell:
            self.say(f"{what}: {', '.join(left)} of the spec is not there")

    def kernel(self):
        ops, kmod = self.spec["operations"], self.kmod
        known = set()
        for op in ops["list"]:
            name = c_name(ops["name-prefix"], op["name"])
            known.add(name)
            table = kmod.ops.get(name)
            if not table:
                self.say(f"{name} is not among the operations in kmod/")
                continue
            for handler in ("do", "dump"):
                self.kernel_same(f"{name} has {handler}it", handler in op,
                                 handler + "it" in table)
            self.policy(name, op, kmod.policies.get(table.get("policy"), {}))
        for name in kmod.ops.keys() - known:
            self.say(f"{name} is an operation in kmod/ and not in the spec")

    def kernel_same(self, what, spec, kernel):
        if bool(spec) != bool(kernel):
            self.say(f"{what}: the spec says {bool(spec)}, kmod/ {bool(kernel)}")

    def policy(self, op_name, op, policy):
        entry = self.sets[op["attribute-set"]]
        attrs = {attr["name"]: attr for attr in entry["attributes"]}
        wanted = {c_name(entry["name-prefix"], name): attrs[name]
                  for name in self.request(op) if name in attrs}
        # Operations without attributes may have a policy that takes none
        taken = {name for name, rule in policy.items() if rule["type"] not in ("REJECT", None)}
        for name in taken ^ wanted.keys():
            side = "the spec" if name in wanted else "the policy in kmod/"
            self.say(f"{op_name} takes {name} in {side} only")
        for name in taken & wanted.keys():
            self.rule(f"{name} of {op_name}", name, wanted[name], policy[name])

    def limit(self, value):
        return None if value is None else self.header.value(value)

    def rule(self, what, name, attr, rule):
        checks = attr.get("checks", {})
        if rule["type"] not in NLA_TYPES[attr["type"]]:
            self.say(f"{what} is {attr['type']} in the spec, NLA_{rule['type']} in kmod/")
        if attr["type"] in ("binary", "string"):
            spec = checks.get("exact-len", checks.get("max-len"))
            kernel = rule.get("exact", rule.get("len"))
            if self.limit(spec) != kernel:
                self.say(f"{what} has a length of {spec} in the spec, {kernel} in kmod/")
            return
        mask = None
        if "flags-mask" in checks:
            flags = self.defs[False, checks["flags-mask"]]
            mask = (1 << len(flags["entries"])) - 1
        for word, spec in (("min", checks.get("min")), ("max", checks.get("max")), ("mask", mask)):
            if self.limit(spec) != rule.get(word):
                self.say(f"{what} has {word} {spec} in the spec, {rule.get(word)} in kmod/")


def check(texts):
    try:
        return Check(texts[SPEC], texts[HEADER],
                     [text for name, text in texts.items() if name.startswith(KMOD)]).errors
    except (KeyError, ValueError, AttributeError, TypeError, yaml.YAMLError) as err:
        return [f"cannot make sense of it: {type(err).__name__} {err}"]


# One change each: the file, what stands there, what it is changed into
SPOILED = [
    (SPEC, "version: 2\nkernel", "version: 3\nkernel"),
    (SPEC, "name: tongbu\nprotocol", "name: tongbo\nprotocol"),
    (SPEC, "name: act-max\n    type: const\n    value: 1000", "name: act-max\n    type: const\n    value: 1001"),
    (SPEC, "value: tongbu ratchet v2", "value: tongbu ratchet v3"),
    (SPEC, "name: refused\n        value: 9", "name: refused\n        value: 10"),
    (SPEC, "        name: inferred\n", "        name: guessed\n"),
    (SPEC, "{name: source-seq, type: u32,", "{name: source-seq, type: u64,"),
    (SPEC, "{name: reserved, type: binary, len: 7,", "{name: reserved, type: binary, len: 8,"),
    (SPEC, "{name: before, type: s64, byte-order: little-endian,", "{name: before, type: s64,"),
    (SPEC, "name: head\n        type: u64", "name: heads\n        type: u64"),
    (SPEC, "        doc: Tag of a record\n", ""),
    (SPEC, "name: clock-arm\n      doc", "name: clock-set\n      doc"),
    (SPEC, "attributes: [clock-synced, clock-esterror,", "attributes: [clock-synced,"),
    (SPEC, "attributes: [chain, seq, tag, realtime]", "attributes: [chain, seq, tag]"),
    (HEADER, "TONGBU_KIND_EDGE\t= 16", "TONGBU_KIND_EDGE\t= 17"),
    (HEADER, "\tTONGBU_CMD_CLOCK_STATE,\n\tTONGBU_CMD_SUBMIT,", "\tTONGBU_CMD_SUBMIT,\n\tTONGBU_CMD_CLOCK_STATE,"),
    (HEADER, "\tTONGBU_A_TAG,", "\tTONGBU_A_TAGG,"),
    (HEADER, "TONGBU_RECORD_INFERRED\t\t= 1 << 2", "TONGBU_RECORD_INFERRED\t\t= 1 << 4"),
    (HEADER, "\t__le64\tprev_seq;\n", ""),
    (HEADER, "#define TONGBU_TAG_LEN\t\t32", "#define TONGBU_TAG_LEN\t\t16"),
    (HEADER, "#define TONGBU_LABEL_LEN\t32", "#define TONGBU_LABEL_LEN\t32\n#define TONGBU_MORE\t1"),
    (HEADER, " *\tSOURCE_GET    dump ", " *\tSOURCE_GET    do "),
    (HEADER, " *\tOUTPUT_SET    do     control (2)", " *\tOUTPUT_SET    do     anyone     "),
    (HEADER, " *\tCLOCK_STATE   do     the reader      CLOCK_* ", " *\tCLOCK_STATE   do     the reader      SEQ "),
]
SPOILED_KMOD = [
    ("[TONGBU_A_ACT_FORMAT] = NLA_POLICY_MAX(NLA_U8, 2)", "[TONGBU_A_ACT_FORMAT] = NLA_POLICY_MAX(NLA_U8, 7)"),
    ("[TONGBU_A_GPIO_LINE] = { .type = NLA_U32, }", "[TONGBU_A_GPIO_LINE] = { .type = NLA_U16, }"),
    ("[TONGBU_A_SOURCE_ID] = { .type = NLA_U32, },", ""),
    (".len = 31,", ".len = 64,"),
    ("NLA_POLICY_EXACT_LEN(TONGBU_CHAIN_LEN)", "NLA_POLICY_EXACT_LEN(8)"),
    (".cmd = TONGBU_CMD_OUTPUT_SET,\n\t\t.internal_flags = TB_CONTROL,", ".cmd = TONGBU_CMD_OUTPUT_SET,"),
    (".cmd = TONGBU_CMD_SOURCE_GET,\n\t\t.dumpit", ".cmd = TONGBU_CMD_SOURCE_GET,\n\t\t.doit"),
]


def selftest(texts):
    missed = 0
    kmod = [name for name in texts if name.startswith(KMOD)]
    spoiled = SPOILED + [(next((name for name in kmod if old in texts[name]), kmod[0]), old, new)
                         for old, new in SPOILED_KMOD if kmod]
    for name, old, new in spoiled:
        if old not in texts[name]:
            print(f"check-uapi: selftest: {name} does not have {old!r} any more")
        elif not check({**texts, name: texts[name].replace(old, new, 1)}):
            print(f"check-uapi: selftest: not noticed: {old!r} -> {new!r} in {name}")
        else:
            continue
        missed += 1
    print(f"check-uapi: selftest: {len(spoiled) - missed} of {len(spoiled)} changes noticed")
    return missed


def main():
    names = [SPEC] + sorted(str(path.relative_to(ROOT)) for path in (ROOT / KMOD).glob("*.[ch]"))
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    # The record's constants first: other headers are made of them
    headers = sorted((ROOT / HEADER).glob("*.h"), key=lambda path: (path.stem != "tongbu_record", path))
    texts[HEADER] = "\n".join(path.read_text(encoding="utf-8") for path in headers)
    errors = check(texts)
    for error in errors:
        print(f"check-uapi: {error}")
    if not errors and "--selftest" in sys.argv[1:]:
        return 1 if selftest(texts) else 0
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
