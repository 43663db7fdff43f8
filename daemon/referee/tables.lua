-- SPDX-License-Identifier: GPL-2.0-only
-- A pack as tables (docs/packs.md, "Tables"): the law as of a day, texts, facts and the conditions
-- that a case must meet. A pack's own Lua computes facts and does what no table can say. This file
-- and tables_acts.lua are part of the engine and the same for all packs.

local M = {}
-- What is asked most often is in C: tables_call.c.
local call = ...
local conditions, law, texts, facts_of
local fact_rows = {}
-- Of kinds of matter, and acts, the conditions that speak of them, with their numbers and rules
local spoken = {}

-- Expressions: "sentence=fixed term<60mo !list_a grounds~merit": all must hold

local units = { y = 12, mo = 1, d = 1 }

-- Patterns with few repetitions: the sandbox charges for what a match could cost.
local function literal(text)
    if tonumber(text) then return math.tointeger(tonumber(text)) or tonumber(text) end
    local unit = text:sub(-2) == "mo" and "mo" or text:sub(-1)
    local number = tonumber(text:sub(1, -#unit - 1))
    if number and units[unit] then return math.tointeger(number) * units[unit] end
    return text
end

function M.words(text)
    local list = {}
    for word in (text or ""):gmatch("%S+") do list[#list + 1] = word end
    return list
end

-- { name, operator, value... }
local function term(word)
    if word:sub(1, 1) == "!" then return { word:sub(2), "no" } end
    local at = word:find("[<>=!~]")
    if not at then return { word, "yes" } end
    local op = word:sub(at + 1, at + 1) == "=" and word:sub(at, at + 1) or word:sub(at, at)
    local one = { word:sub(1, at - 1), op }
    for value in word:sub(at + #op):gmatch("[^|]+") do one[#one + 1] = literal(value) end
    if #one == 2 then error("this is no expression: " .. word) end
    return one
end

function M.parse(text)
    local list = {}
    for i, word in ipairs(M.words(text)) do list[i] = term(word) end
    return list
end

M.contains = call.contains

local function truth(value)
    if value == store.null then return nil end
    if type(value) == "table" then
        -- A table is there if anything is in it.
        for _ in pairs(value) do return true end
        return false
    end
    return value
end

-- Do all terms of an expression hold, of a table of values or a function of their names?
M.holds = call.holds

-- Texts

-- A text in both languages, its {names} filled in from a table, or by a function
function M.text(id, args)
    local row = texts[id]
    if not row then error("data/texts.csv has no text " .. id) end
    return call.text(row, args)
end

function M.refuse(id, args)
    refuse(M.text(id, args))
end

-- The law as of a day

-- The versions of a row, the earliest first
local function versions(id)
    local row = law[id]
    if not row then error("data/law.csv has no row " .. id) end
    return #row > 0 and row or { row }
end

-- The version of a row that held on a day; else, unless nothing like it held before, the first:
-- then the second value is true and the finding says so.
local function version_of(list, day)
    for i = 1, #list do
        local one = list[i]
        if one.from <= day and (not one["until"] or day <= one["until"]) then return one, false end
    end
    if day < list[1].from and list[1].before ~= "none" then return list[1], true end
end

function M.law(id, day)
    return version_of(versions(id), day)
end

-- The same, or whichever there is: a deadline must end somewhere.
function M.some_law(id, day)
    local list = versions(id)
    return M.law(id, day) or list[#list]
end

-- Facts

local function span_words(months, days)
    local years, rest = months // 12, months % 12
    local en, zh = {}, {}
    local function add(n, e, z)
        if n == 0 then return end
        en[#en + 1] = n .. " " .. e
        zh[#zh + 1] = n .. z
    end
    add(years, "y", "年")
    add(rest, "mo", "个月")
    add(days, "d", "日")
    if #en == 0 then return { en = "0 d", zh = "0日" } end
    return { en = table.concat(en, " "), zh = table.concat(zh, "") }
end

-- Whole months and days of a span
local function elapsed(span)
    if span.to < span.from then return span_words(0, 0) end
    local months = date.months(span.from, span.to)
    return span_words(months, date.days(date.add(span.from, { months = months }), span.to))
end

-- A part of a month, in days: half a month counts 15 (interpretation of the Criminal Procedure
-- Law, Art. 202).
local function months_and_days(n)
    local whole = math.floor(n + 1e-9)
    return whole, math.floor((n - whole) * 30 + 0.5)
end

-- A figure as a number: "1/2" is a half.
local function number_of(figure)
    if type(figure) ~= "string" then return figure end
    local a, b = figure:match("^(%d+)/(%d+)$")
    return a and a / b or error(figure .. " is no figure")
end

local units_zh = { days = "日", working_days = "个工作日", points = "分", hours = "小时", minutes = "分钟", seconds = "秒",
    degrees = "度", mm = "毫米", yuan = "元", persons = "人", metres = "米", percent = "分" }
local units_en = { days = "d", working_days = "working days", points = "points", hours = "h", minutes = "min", seconds = "s",
    degrees = "degrees", mm = "mm", yuan = "yuan", persons = "persons", metres = "m", percent = "points" }

local function amount(n, unit)
    if unit == "months" then
        if n < 0 then return { en = "less than nothing", zh = "负数" } end
        return span_words(months_and_days(n))
    elseif unit == "seconds" and n >= 60 and n % 60 == 0 then
        n, unit = n // 60, "minutes"
    elseif unit == "fen" then
        local yuan = string.format("%d.%02d", n // 100, n % 100)
        return { en = yuan .. " yuan", zh = yuan .. "元" }
    end
    if math.tointeger(n) then n = math.tointeger(n) end
    return { en = n .. (units_en[unit] and " " .. units_en[unit] or ""), zh = n .. (units_zh[unit] or "") }
end

-- The day on which that much has passed since a day
local function day_after(from, n, unit)
    if unit == "months" then
        local months, days = months_and_days(n)
        return date.add(date.add(from, { months = months }), { days = days })
    elseif unit == "working_days" then
        return (date.working(from, n))
    end
    return date.add(from, { days = n })
end

local function say(value, unit)
    if type(value) == "table" then
        if value.from then return elapsed(value) end
        if value.en then return value end
        return table.concat(value, ", ")
    end
    if type(value) == "number" then return amount(value, unit) end
    return value
end

-- Conditions

-- "a b; c": a and b, or c
local function alternatives(text)
    local list = {}
    for one in (text or ""):gmatch("[^;]+") do list[#list + 1] = M.parse(one) end
    return list
end

local function any_holds(list, values)
    for i = 1, #list do
        if call.holds(list[i], values) then return true end
    end
    return false
end

local function parse_condition(row)
    local limit, times = row.limit or "", nil
    local star = limit:find("*", 1, true)
    if star then limit, times = limit:sub(1, star - 1), limit:sub(star + 1) end
    local cases = {}
    for _, kind in ipairs(M.words(row.case)) do cases[kind] = true end
    return { rule = row.rule, level = row.level, cases = cases, when = M.parse(row.when), fact = row.fact,
        op = row.op, limit = limit, times = times, also = row.also,
        unless = alternatives(row.unless), relax = alternatives(row.relax), by = row.by,
        text = row.text or row.rule, line = row.line }
end

local ops = {
    [">="] = function(a, b) return a >= b end, ["<="] = function(a, b) return a <= b end,
    ["<"] = function(a, b) return a < b end, [">"] = function(a, b) return a > b end,
    ["="] = function(a, b) return a == b end, ["!="] = function(a, b) return a ~= b end,
}

-- Does it hold? And the limit, as the fact has it: a number, or of a span the day. @widen is by
-- which part the limit is let out, for whom the law is milder.
local function judge(c, f, row, widen)
    local value = f[c.fact]
    if c.op == "never" then return false end
    if c.op == "yes" or c.op == "no" then return (truth(value) and true or false) == (c.op == "yes") end
    if not value or value == store.null then return true end
    local limit = number_of(row.figure)
    if c.times then limit = limit * (f[c.times] or 0) end
    if widen then limit = limit * (c.op == "<=" and 1 + widen or 1 - widen) end
    if type(value) ~= "table" then return ops[c.op](value, limit), limit, limit end
    local of = c.times and fact_rows[c.times].unit or row.unit
    local day = fact_rows[c.fact].type == "period" and deadline(value.from, row) or day_after(value.from, limit, of)
    return ops[c.op](value.to, day), day, limit
end

-- What a text may name: all facts; of a row fact, limit, and of a span from, to and day
local function named(c, f, row, bound, limit)
    local args, value = {}, f[c.fact]
    args.fact, args.clause = say(value, fact_rows[c.fact] and fact_rows[c.fact].unit), row.clause
    if limit then
        args.limit = amount(limit, c.times and fact_rows[c.times].unit or row.unit)
        if type(value) == "table" then args.from, args.to, args.day = value.from, value.to, bound end
    end
    local other = c.also and M.law(c.also, f.on)
    if other then args.also = other.figure and amount(number_of(other.figure), other.unit) or other.clause end
    return function(name)
        local said = args[name]
        if said == nil then
            said = say(f[name], fact_rows[name] and fact_rows[name].unit)
            args[name] = said
        end
        return said
    end
end

-- A version of a row as a finding keeps it
function M.version(row)
    if not row then return end
    return { id = row.id, figure = row.figure, unit = row.unit, clause = row.clause and { en = row.clause.en,
        zh = row.clause.zh }, source = row.source, from = row.from, ["until"] = row["until"], mark = row.mark }
end

-- A text with its clause, its source and how sure it is
local function with_clause(text, row, assumed)
    local en = text.en .. " [" .. row.clause.en .. "; " .. row.source .. "]"
    local zh = text.zh .. "【" .. row.clause.zh .. "】"
    if assumed then
        en = en .. " (the rule is entered from " .. row.from .. " on: look up what was in force before)"
        zh = zh .. "（该规定自" .. row.from .. "起录入，此前规定待查）"
    end
    if row.mark == "R" then
        en = en .. " (clause cited from memory, to be confirmed)"
        zh = zh .. "（条文待核实）"
    end
    return { en = en, zh = zh }
end

-- For whom the law is milder within bounds: then a person judges. The row that says so, or nil
local function milder(c, f)
    if not c.by or not any_holds(c.relax, f) then return end
    local by, row = M.law(c.by, f.on), M.law(c.limit, f.on)
    if by and (not by.figure or judge(c, f, row, number_of(by.figure))) then return by end
end

local function join(a, b, c)
    return { en = a.en .. b.en .. c.en, zh = a.zh .. b.zh .. c.zh }
end

local function fail(failed, c, f, row, assumed, bound, limit)
    local text = with_clause(M.text(c.text, named(c, f, row, bound, limit)), row, assumed)
    local by = milder(c, f)
    local rule = by and c.rule .. ".refer" or c.rule
    if by then text = join(text, { en = " But: ", zh = "但：" }, M.text("engine.milder", { clause = by.clause })) end
    if not failed[rule] then failed[rule] = { level = by and "info" or c.level, row = by or row, text = text } end
    f["found." .. rule] = true
end

-- What of a case does not hold: by rule { level, row, text }; the first row of a rule that fails
-- speaks for it. Rows see what rows before them found as found.RULE. @reached, if given, is told
-- of each row that spoke.
function M.evaluate(kind, given, reached)
    local failed, f, of = {}, call.copy(given), spoken[kind]
    local list = of and of.conditions
    local n = of and call.speaking(list, f, 0)
    while n do
        local c = list[n]
        c.versions = c.versions or versions(c.limit)
        local row, assumed = version_of(c.versions, f.on)
        if row then
            local good, bound, limit = judge(c, f, row)
            if reached then reached[c.no] = { good = good, bound = bound } end
            if not good then fail(failed, c, f, row, assumed, bound, limit) end
        end
        n = call.speaking(list, f, n)
    end
    return failed
end

-- A finding with its clause
function M.flag(id, rule, level, law_id, day, text)
    local row, assumed
    if law_id then row, assumed = M.law(law_id, day) end
    if law_id and not row then row, assumed = M.some_law(law_id, day), true end
    return finding { rule = rule, level = level, matter = id, law = M.version(row),
        text = row and with_clause(text, row, assumed) or text }
end

-- Conditions of an act that is about no matter: what does not hold is a finding.
function M.check_act(e)
    local of = spoken["act." .. e.kind]
    local f = of and facts_of and facts_of(nil, e)
    if not f then return end
    local failed = M.evaluate("act." .. e.kind, f)
    for _, rule in ipairs(of.rules) do
        local now = failed[rule]
        if now then finding { rule = rule, level = now.level, text = now.text, law = M.version(now.row) } end
    end
end

-- All conditions of a case; what is not as before becomes a finding, or resolves one. @known is the
-- matter as somebody has it: what has not changed is not made again.
function M.check(id, e, known)
    local m = matter.get(id, known)
    local of = m and spoken[m.kind]
    if not m or m.closed or not (facts_of and of) then return {} end
    local f = facts_of(m, e)
    if not f then return {} end
    local failed, flags, settled = M.evaluate(m.kind, f), m.data.flags or {}, m.data.settled or {}
    local changed, rules = false, of.rules
    for i = 1, #rules do
        local rule = rules[i]
        local now, before = failed[rule], flags[rule]
        if before and (not now or now.text.en ~= before.en) then
            finding.resolve(before.id, M.text(now and "engine.replaced" or "engine.holds"))
            flags[rule], before, changed = nil, nil, true
        end
        if now and not before and settled[rule] ~= now.text.en then
            flags[rule] = { en = now.text.en, id = finding { rule = rule, level = now.level, text = now.text,
                law = M.version(now.row), matter = id } }
            changed = true
        end
    end
    if changed then matter.set(id, { flags = flags }) end
    return failed
end

local own_texts = {
    ["engine.wrong-office"] = { en = "wrong office: {act} is for {sides} of {matter}, not for {office}",
        zh = "单位不符：{act}应由{matter}的{sides}办理，{office}无权" },
    ["engine.wrong-stage"] = { en = "wrong stage: {matter} is in stage {stage}, {act} is for {stages}",
        zh = "阶段不符：{matter}处于{stage}，{act}须在{stages}" },
    ["engine.wrong-kind"] = { en = "{act} is for a matter of kind {kinds}, {matter} is {kind}",
        zh = "{act}适用于{kinds}类事项，{matter}不是" },
    ["engine.same-person"] = { en = "the same person: {why}", zh = "同一人：{why}" },
    ["engine.nobody"] = { en = "no {kind} is open for {key}", zh = "没有{key}的在办事项" },
    ["engine.due"] = { en = "due {day}: {clause}", zh = "{day}到期：{clause}" },
    ["engine.overdue"] = { en = "overdue at {office} since {day}: {clause}", zh = "{office}自{day}起逾期：{clause}" },
    ["engine.milder"] = { en = "{clause}: a person judges.", zh = "{clause}：由人判断。" },
    ["engine.in-time"] = { en = "done on {day}, due {due}: in time, but entered later", zh = "{day}办理，期限{due}：未逾期，迟录入" },
    ["engine.replaced"] = { en = "replaced by a later finding", zh = "已由后续提示取代" },
    ["engine.holds"] = { en = "met now", zh = "现已符合" },
}

-- In the order of their lines
function M.by_order(rows)
    local list = {}
    for _, row in pairs(rows) do
        if type(row) == "table" then list[#list + 1] = row end
    end
    table.sort(list, function(a, b) return a.line < b.line end)
    return list
end

-- A row that can be read only, as a table that is read faster
M.copy = call.copy

-- The conditions of each kind, and their rules, in the order of their lines. Rules are findings but
-- those of level refuse, which are what an act needs (its column holds).
local function sort_conditions()
    local order, known = {}, {}
    for i, c in ipairs(conditions) do
        c.no = i
        for kind in pairs(c.cases) do
            local of = spoken[kind] or { conditions = {}, rules = {}, has = {} }
            spoken[kind] = of
            of.conditions[#of.conditions + 1] = c
            for _, rule in ipairs { c.rule, c.by and c.rule .. ".refer" } do
                of.has[rule] = of.has[rule] or c.level ~= "refuse"
                if not known[rule] and c.level ~= "refuse" then order[#order + 1], known[rule] = rule, true end
            end
        end
    end
    for _, of in pairs(spoken) do
        for _, rule in ipairs(order) do
            if of.has[rule] then of.rules[#of.rules + 1] = rule end
        end
    end
end

-- The tables that this file is about; @facts makes the facts of a matter
function M.read(facts)
    law, texts, conditions, facts_of = data("law"), {}, {}, facts
    for id, row in pairs(data("texts")) do texts[id] = M.copy(row) end
    for id, row in pairs(own_texts) do texts[id] = texts[id] or row end
    for _, row in ipairs(M.by_order(data("facts"))) do fact_rows[row.id] = M.copy(row) end
    for i, row in ipairs(data("conditions")) do
        conditions[i] = parse_condition(row)
    end
    sort_conditions()
end

-- For `pack check` and `pack show`
function M.inside()
    return { conditions = conditions, law = law, texts = texts, facts = fact_rows, words = M.words, amount = amount,
        number = number_of, by_order = M.by_order, versions = versions }
end

return M
