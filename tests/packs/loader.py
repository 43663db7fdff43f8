# SPDX-License-Identifier: GPL-2.0-only
"""What a pack declares: its Lua loaded far enough to see it, nothing of it called. Imported by what stands beside it."""
import csv
import ctypes
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKS = Path(os.environ.get("TONGBU_PACKS") or ROOT / "daemon/packs")

# Loads a pack far enough to see what it declares; nothing of it is called.
LOADER = r"""
local stub = setmetatable({}, { __index = function() return function() end end,
	__call = function() end })
local env, loaded = {}, {}
for _, name in ipairs({ "assert", "error", "ipairs", "pairs", "pcall", "select", "tonumber",
	"tostring", "type", "math", "string", "table", "utf8" }) do
	env[name] = _G[name]
end
setmetatable(env, { __index = function() return stub end })
function env.data(name) return DATA[name] end
function env.include(name)
	if loaded[name] == nil then
		loaded[name] = assert(loadfile(DIR .. "/" .. name .. ".lua", "t", env))() or true
	end
	return loaded[name]
end
-- As JSON, all that is no function; lists are objects, too
local function json(it)
	if type(it) == "table" then
		local list = {}
		for name, value in pairs(it) do list[#list + 1] = string.format("%q:%s", tostring(name), json(value)) end
		return "{" .. table.concat(list, ",") .. "}"
	elseif type(it) == "string" then
		return '"' .. it:gsub('[%c"\\\\]', " ") .. '"'
	end
	return type(it) == "function" and "true" or tostring(it)
end
local pack = env.include("pack")
return json({ acts = pack.acts, clocks = pack.clocks, reports = pack.reports, roles = pack.roles })
"""


def lua_literal(value):
    if isinstance(value, dict):
        return "{" + ",".join(f"[{lua_literal(k)}]={lua_literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ",".join(map(lua_literal, value)) + "}"
    if isinstance(value, str):
        return '"' + "".join(f"\\{byte:03d}" for byte in value.encode()) + '"'
    return {None: "nil", True: "true", False: "false"}.get(value) if value is None or isinstance(value, bool) \
        else repr(value)


def run_lua(text):
    """What a chunk of Lua returns, a text."""
    lua = ctypes.CDLL("liblua5.4.so.0")
    lua.luaL_newstate.restype = lua.lua_tolstring.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lua.luaL_newstate())
    lua.luaL_openlibs(state)
    failed = lua.luaL_loadstring(state, text.encode()) or \
        lua.lua_pcallk(state, 0, 1, 0, ctypes.c_ssize_t(0), None)
    answer = ctypes.cast(lua.lua_tolstring(state, -1, None), ctypes.c_char_p).value.decode()
    lua.lua_close(state)
    if failed:
        sys.exit(f"the pack cannot be loaded: {answer}")
    return answer


def nested(row):
    out = {}
    for name, text in row.items():
        if not text:
            continue
        value = int(text) if re.fullmatch(r"-?\d+", text) else text
        outer, _, inner = name.partition(".")
        if inner:
            out.setdefault(outer, {})[inner] = value
        else:
            out[name] = value
    return out


def table(path):
    """A table as the engine reads it: by id where its first column is one"""
    rows = [nested(row) for row in csv.DictReader(open(path, encoding="utf-8"))]
    return {row["id"]: row for row in rows} if rows and "id" in rows[0] else rows


def tables_of(folder):
    """All of data/, by name"""
    data = {path.stem: json.loads(path.read_text()) for path in sorted((folder / "data").glob("*.json"))}
    return data | {path.stem: table(path) for path in sorted((folder / "data").glob("*.csv"))}


def load(folder):
    """Acts with their fields, clocks, reports and roles as pack.lua declares them"""
    return json.loads(run_lua(f"local DIR = {lua_literal(str(folder))}\nlocal DATA = {lua_literal(tables_of(folder))}\n" + LOADER))


def as_regex(pattern):
    """A Lua pattern of classes and sets"""
    classes, out, inside = {"d": "0-9", "l": "a-z", "w": "a-zA-Z0-9", "s": " "}, "", False
    for escaped, sign in re.findall(r"(%?)(.)", pattern.strip("^$")):
        if escaped:
            known = classes.get(sign)
            out += re.escape(sign) if not known else known if inside else f"[{known}]"
        else:
            inside = (inside or sign == "[") and sign != "]"
            out += sign
    return out
