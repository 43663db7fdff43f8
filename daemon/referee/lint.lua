-- SPDX-License-Identifier: GPL-2.0-only
-- `tongbuctl pack check` and `pack show`: what is wrong with the tables of a pack, and what a
-- lawyer reads. It is given the engine's tables.lua and told what to do.

local tables, declared, what, args = ...
local t = tables and tables.inside()
local found = {}

local function say(file, line, text, ...)
    found[#found + 1] = string.format("data/%s.csv:%s: ", file, line or 1) .. string.format(text, ...)
end

-- Lengths: whatever an act declares must fit the record, each text full of characters that take four
-- bytes. What is left open (any, an object without fields, a list without max) is up to who submits.

local room = { matter = 66, office = 66, place = 258, uid = 10, subject = 36, blob = 66, date = 12, time = 42,
    number = 25, integer = 20, boolean = 5 }
local most = {}

local function most_of(where, field)
    local kind = field[1]
    return most[kind] and most[kind](where, field) or room[kind] or 0
end

local function most_fields(where, fields)
    local bytes = 1
    for name, field in pairs(fields) do
        bytes = bytes + #name + 4 + most_of(where .. "." .. name, field)
    end
    return bytes
end

-- A pattern may bound it, of letters that take a byte
function most.string(where, field)
    if not field.max and not field.pattern then
        found[#found + 1] = string.format("pack.lua: text %s has no max", where)
    end
    return 2 + (field.max and 4 * field.max or 64)
end

function most.enum(_, field)
    local bytes = 0
    for _, value in ipairs(field.values) do bytes = math.max(bytes, #value + 2) end
    return bytes
end

function most.list(where, field)
    return 2 + (field.of and field.max or 0) * (1 + (field.of and most_of(where, field.of) or 0))
end

function most.object(where, field)
    return field.fields and most_fields(where, field.fields) or 0
end

local function check_lengths()
    local count = 0
    for kind, act in pairs(declared.acts or {}) do
        count = count + 1
        local bytes = #string.format('{"pack":"%s","kind":"%s",', declared.name, kind) + most_fields(kind, act.fields or {})
        if bytes > args.most then
            found[#found + 1] = string.format("pack.lua: act %s may have %d bytes, %d fit a record: lower the max of its "
                .. "texts and lists, or take a blob", kind, bytes, args.most)
        end
    end
    return count
end

-- Law

local function check_versions(id, list, today)
    for i, row in ipairs(list) do
        if not row.from then say("law", row.line, "%s has no day from which it holds", id) end
        if not (row.clause and row.clause.en and row.clause.zh) then
            say("law", row.line, "clause of %s lacks its twin: one in en, one in zh", id)
        end
        if not row.source then say("law", row.line, "%s names no source", id) end
        if row.mark ~= "S" and row.mark ~= "R" then say("law", row.line, "mark of %s is S (seen) or R (recalled)", id) end
        local after = list[i + 1]
        if after and (not row["until"] or date.add(row["until"], { days = 1 }) ~= after.from) then
            say("law", row.line, "%s ends on %s, the next version begins on %s", id, row["until"] or "no day", after.from)
        end
    end
    local last = list[#list]
    if last["until"] and not last.next then
        say("law", last.line, "%s ends on %s without a successor%s", id, last["until"],
            last["until"] < today and ", and is expired" or "")
    elseif last.next and last.next ~= "none" and not t.law[last.next] then
        say("law", last.line, "%s is followed by %s, of which there is no row", id, last.next)
    end
end

local function check_law(today)
    for id in pairs(t.law) do check_versions(id, t.versions(id), today) end
end

-- Texts and facts

local function check_texts()
    for id, row in pairs(t.texts) do
        if not (row.en and row.zh) then say("texts", row.line, "%s lacks its twin: one in en, one in zh", id) end
    end
end

local function need_text(file, line, id)
    if not t.texts[id] then say(file, line, "there is no text %s in data/texts.csv", id) end
end

local function need_fact(line, name)
    if name and not name:find("^found%.") and not t.facts[name] then
        say("conditions", line, "fact %s is defined by nobody: describe it in data/facts.csv", name)
    end
end

local known_ops = { [">="] = true, ["<="] = true, ["<"] = true, [">"] = true, ["="] = true, ["!="] = true, yes = true, no = true,
    never = true }

local function check_condition(c)
    if not t.law[c.limit] then say("conditions", c.line, "limit %s of %s is no row of data/law.csv", c.limit, c.rule) end
    if c.also and not t.law[c.also] then say("conditions", c.line, "%s is no row of data/law.csv", c.also) end
    if not known_ops[c.op] then say("conditions", c.line, "%s is no operator", c.op or "nothing") end
    if c.level ~= "info" and c.level ~= "warn" and c.level ~= "fault" and c.level ~= "refuse" then
        say("conditions", c.line, "level of %s is info, warn, fault or refuse", c.rule)
    end
    for kind in pairs(c.cases) do
        if not t.pack.matters[kind] and not t.pack.acts[kind:match("^act%.(.+)$") or ""] then
            say("conditions", c.line, "no matter is of kind %s, and no act", kind)
        end
    end
    need_text("conditions", c.line, c.text)
    need_fact(c.line, c.fact)
    need_fact(c.line, c.times)
    for _, one in ipairs(c.when) do need_fact(c.line, one[1]) end
    for _, lists in ipairs { c.unless, c.relax } do
        for _, list in ipairs(lists) do
            for _, one in ipairs(list) do need_fact(c.line, one[1]) end
        end
    end
    if c.by and not t.law[c.by] then say("conditions", c.line, "%s is no row of data/law.csv", c.by) end
end

-- Examples: "sentence=fixed term=59 served=2024-01-01..2025-06-30 grounds=repentance|merit"

local function parse_facts(text)
    local facts = {}
    for _, word in ipairs(t.words(text)) do
        local name, value = word:match("^([%w_]+)=(.*)$")
        local from, to = (value or ""):match("^(%d%d%d%d%-%d%d%-%d%d)%.%.(%d%d%d%d%-%d%d%-%d%d)$")
        local row = name and t.facts[name]
        if not name then
            facts[word] = true
        elseif from then
            facts[name] = { from = from, to = to }
        elseif row and row.type == "list" then
            facts[name] = {}
            for one in value:gmatch("[^|]+") do table.insert(facts[name], one) end
        else
            facts[name] = tonumber(value) or value
        end
    end
    return facts
end

local function write_facts(facts)
    local list = {}
    for name, value in pairs(facts) do
        if type(value) == "table" then
            value = value.from and value.from .. ".." .. value.to or table.concat(value, "|")
        end
        list[#list + 1] = value == true and name or name .. "=" .. tostring(value)
    end
    return table.concat(list, " ")
end

local function read_examples()
    local list = {}
    for _, row in ipairs(data("examples")) do
        local facts = parse_facts(row.facts)
        local reached = {}
        local ok, failed = pcall(tables.evaluate, row.case, facts, reached)
        if not ok then
            say("examples", row.line, "it cannot be judged: %s", tostring(failed))
        else
            local is = failed[row.rule] and "yes" or "no"
            if is ~= row.finds then
                say("examples", row.line, "%s: finding expected: %s; it is: %s", row.rule, row.finds or "?", is)
            end
            for name in pairs(facts) do
                if not t.facts[name] and not name:find("^found%.") then say("examples", row.line, "fact %s is defined by nobody", name) end
            end
            list[#list + 1] = { rule = row.rule, case = row.case, facts = facts, reached = reached }
        end
    end
    return list
end

-- One below, at and one above the limit, as the fact has it
local function beside(value, bound, by)
    if type(value) == "table" then return { from = value.from, to = date.add(bound, { days = by }) } end
    return bound + by
end

local function same(a, b)
    if type(a) == "table" then return type(b) == "table" and a.to == b.to end
    return a == b
end

local function has_boundary(list, i, c, by)
    for _, x in ipairs(list) do
        local r = x.rule == c.rule and x.reached[i]
        local value = x.facts[c.fact]
        if r and r.bound and value ~= nil and same(value, beside(value, r.bound, by)) then return true end
    end
end

local function boundary_row(i, c, base, by)
    local facts = {}
    for name, value in pairs(base.facts) do facts[name] = value end
    facts[c.fact] = beside(facts[c.fact], base.reached[i].bound, by)
    local failed = tables.evaluate(base.case, facts)
    return string.format("%s,%s,%s,%s", c.rule, base.case, write_facts(facts), failed[c.rule] and "yes" or "no")
end

local function base_example(list, i, c)
    for _, x in ipairs(list) do
        if x.rule == c.rule and x.reached[i] and x.reached[i].bound then return x end
    end
end

local function check_boundaries(list, i, c, made)
    local base = base_example(list, i, c)
    if not base then return end
    local missing = {}
    for _, by in ipairs { -1, 0, 1 } do
        if not has_boundary(list, i, c, by) then
            missing[#missing + 1] = ({ [-1] = "one below", [0] = "at it", [1] = "one above" })[by]
            made[#made + 1] = boundary_row(i, c, base, by)
        end
    end
    if #missing > 0 then
        say("conditions", c.line, "limit %s of %s has no example %s: `pack check --generate` makes them", c.limit, c.rule,
            table.concat(missing, ", "))
    end
end

local function check_examples()
    local list, made = read_examples(), {}
    for i, c in ipairs(t.conditions) do
        local good, bad
        for _, x in ipairs(list) do
            local r = x.rule == c.rule and x.reached[i]
            if r and r.good then good = true elseif r then bad = true end
        end
        if not bad then say("conditions", c.line, "%s: no example shows where it is found", c.rule) end
        if not good and c.op ~= "never" then say("conditions", c.line, "%s: no example shows where it holds", c.rule) end
        if c.op ~= "yes" and c.op ~= "no" and c.op ~= "never" then check_boundaries(list, i, c, made) end
    end
    return made
end

-- Acts and stages

-- Of the kinds that a row is for at least one has the stage.
local function need_stage(row, stage)
    for _, kind in ipairs(row.kinds) do
        local declared = t.pack.matters[kind]
        if declared and declared.stages[stage] then return end
    end
    if #row.kinds > 0 then
        say("acts", row.line, "%s: a %s has no stage %s", row.act, table.concat(row.kinds, " or "), stage)
    end
end

local function check_act(row)
    for _, kind in ipairs(row.kinds) do
        if not t.pack.matters[kind] then say("acts", row.line, "%s: no matter is of kind %s", row.act, kind) end
    end
    for _, stage in ipairs(row.stages) do
        if stage ~= "*" and stage ~= "any" then need_stage(row, stage) end
    end
    for _, move in ipairs(row.moves) do need_stage(row, move.to) end
    for _, stage in ipairs(row.may) do need_stage(row, stage) end
    for _, one in ipairs(row.beside) do
        local declared = t.pack.matters[one.kind]
        if not (declared and declared.stages[one.stage]) then
            say("acts", row.line, "%s: no %s has a stage %s", row.act, one.kind, one.stage)
        end
    end
    for _, side in ipairs(row.who) do
        if not t.others[side] and not t.sides[side] then say("acts", row.line, "%s: %s is no side", row.act, side) end
    end
    for _, role in ipairs(row.roles) do
        if role ~= "public" and not t.pack.roles[role] then say("acts", row.line, "%s: %s is no role", row.act, role) end
    end
    for _, list in ipairs { row.needs, row.other, row.only, row.tells } do
        for _, one in ipairs(list) do need_text("acts", row.line, one.text) end
    end
    for _, rule in ipairs(row.holds) do
        local there = false
        for _, c in ipairs(t.conditions) do there = there or c.rule == rule and c.level == "refuse" end
        if not there then say("acts", row.line, "%s: no condition %s is of level refuse", row.act, rule) end
    end
    for _, one in ipairs(row.starts) do
        if not t.clocks[one.name] then say("acts", row.line, "%s starts %s, which is no clock", row.act, one.name) end
    end
    for _, one in ipairs(row.stops) do
        if not t.clocks[one.name] then say("acts", row.line, "%s stops %s, which is no clock", row.act, one.name) end
    end
end

local function member(list, value)
    for _, one in ipairs(list) do
        if one == value then return true end
    end
end

local function open_at(row, stage, kind)
    for _, move in ipairs(row.moves) do
        if not t.pack.matters[kind].stages[move.to] then return false end
    end
    if #row.kinds > 0 and not member(row.kinds, kind) then return false end
    if #row.kinds == 0 and row.find == "-" then return false end
    if #row.stages == 0 or row.stages[1] == "*" or row.stages[1] == "any" then return true end
    return member(row.stages, stage)
end

-- What acts of this kind set: the only names of which the search knows when they are there
local function flags_of(kind)
    local flags = {}
    for _, row in ipairs(t.acts) do
        if #row.kinds == 0 or member(row.kinds, kind) then
            for _, name in ipairs(row.sets) do flags[name] = true end
        end
    end
    return flags
end

local function ready(row, state, flags)
    for _, need in ipairs(row.needs) do
        for _, one in ipairs(need.list) do
            if flags[one[1]] and (one[2] == "yes" and not state.has[one[1]] or
                                    one[2] == "no" and state.has[one[1]]) then
                return false, one[1]
            end
        end
    end
    return true
end

local function key_of(state)
    local names = {}
    for name in pairs(state.has) do names[#names + 1] = name end
    return state.stage .. " " .. table.concat(names, " ")
end

-- Where an act leads: what its row says, and where its Lua may move
local function steps(row, state)
    local has, stage = {}, state.stage
    for name in pairs(state.has) do has[name] = true end
    for _, name in ipairs(row.sets) do has[name] = true end
    for _, move in ipairs(row.moves) do
        if not move.from or move.from == stage then
            stage = move.to
            break
        end
    end
    local list = { { stage = stage, has = has } }
    for _, to in ipairs(row.may) do list[#list + 1] = { stage = to, has = has } end
    return list
end

-- Can an end be reached from a stage when nothing was done before? Else: what stood in the way
local function reaches_end(kind, first)
    local declared, flags = t.pack.matters[kind], flags_of(kind)
    local queue, seen, blocked = { { stage = first, has = {} } }, {}, {}
    while #queue > 0 do
        local state = table.remove(queue)
        if not declared.stages[state.stage] then goto continue end
        if declared.stages[state.stage].final then return true end
        if not seen[key_of(state)] then
            seen[key_of(state)] = true
            for _, row in ipairs(t.acts) do
                for _, one in ipairs(row.beside) do
                    if one.kind == kind then queue[#queue + 1] = { stage = one.stage, has = state.has } end
                end
                if open_at(row, state.stage, kind) then
                    local can, lacks = ready(row, state, flags)
                    if not can then blocked[lacks] = row end
                    for _, next in ipairs(can and steps(row, state) or {}) do queue[#queue + 1] = next end
                end
            end
        end
        ::continue::
    end
    return false, blocked
end

local function check_stages()
    for kind, declared in pairs(t.pack.matters) do
        for stage, one in pairs(declared.stages) do
            local ends, blocked = reaches_end(kind, stage)
            if not one.final and not ends then
                local why = {}
                for name, row in pairs(blocked) do
                    why[#why + 1] = string.format("%s needs %s", row.act, name)
                    for _, r in ipairs(t.acts) do
                        if member(r.sets, name) then
                            why[#why] = why[#why] .. string.format(", which %s of %s gives in other stages alone", r.act,
                                table.concat(r.who, " or "))
                            break
                        end
                    end
                end
                say("acts", nil, "a %s in stage %s has no way to an end%s", kind, stage,
                    #why > 0 and ": " .. table.concat(why, "; ") or "")
            end
        end
    end
end

local function check_exports()
    local there, rows = pcall(data, "exports")
    local made = declared.exports or {}
    if not there then rows = {} end
    for id, row in pairs(rows) do
        if not made[id] then say("exports", row.line, "export %s: pack.exports has no such function", id) end
        if not row.en or not row.zh then say("exports", row.line, "export %s: it has no text in both languages", id) end
    end
    for id in pairs(made) do
        if not rows[id] then say("exports", nil, "export %s: data/exports.csv has no such row", id) end
    end
end

local function check(today)
    local count = check_lengths()
    check_exports()
    if not t then return { found = found, made = {}, conditions = 0, acts = count } end
    check_law(today)
    check_texts()
    for _, c in ipairs(t.conditions) do check_condition(c) end
    for _, row in ipairs(t.acts) do check_act(row) end
    for id, row in pairs(t.clocks) do
        if not t.law[row.law] then say("clocks", row.line, "clock %s: %s is no row of data/law.csv", id, row.law or "nothing") end
        if not row.quiet and not t.sides[row.side] then say("clocks", row.line, "clock %s: %s is no side", id, row.side or "nothing") end
        if row.text and row.text ~= "-" then need_text("clocks", row.line, row.text) end
    end
    check_stages()
    if #found > 0 then return { found = found, made = {} } end
    local made = check_examples()
    return { found = found, made = made, conditions = #t.conditions, acts = #t.acts }
end

-- Show

local function versions(day)
    local rows = {}
    for id in pairs(t.law) do
        for _, one in ipairs(t.versions(id)) do
            if tables.law(id, day) == one then rows[#rows + 1] = one end
        end
    end
    table.sort(rows, function(a, b) return a.line < b.line end)
    return rows
end

local function figure(row)
    if not row.figure then return "" end
    return row.unit and t.amount(t.number(row.figure), row.unit).en or tostring(row.figure)
end

local function must(c, row)
    if c.op == "yes" then return c.fact end
    if c.op == "no" then return "not " .. c.fact end
    if c.op == "never" then return "never: a person judges" end
    return c.fact .. " " .. c.op .. " " .. figure(row) .. (c.times and " x " .. c.times or "")
end

local show = {}

function show.conditions(day, kind)
    local rows = {}
    local raw = data("conditions")
    for i, c in ipairs(t.conditions) do
        local row = tables.law(c.limit, day)
        if row and (not kind or c.cases[kind]) then
            rows[#rows + 1] = { c.rule, c.level, raw[i].case .. (raw[i].when and ": " .. raw[i].when or ""), must(c, row),
                raw[i].unless or "", c.by and raw[i].relax .. ": " .. c.by or "", row.clause.en, row.clause.zh, row.source, row.from, row["until"] or "", row.mark }
        end
    end
    return { "rule", "level", "for", "must hold", "unless", "milder for", "clause", "条文", "source", "from", "until", "mark" }, rows
end

function show.law(day)
    local rows = {}
    for _, row in ipairs(versions(day)) do
        rows[#rows + 1] = { row.id, figure(row), row.clause.en, row.clause.zh, row.source, row.from, row["until"] or "", row.mark }
    end
    return { "row", "figure", "clause", "条文", "source", "from", "until", "mark" }, rows
end

local function raw_table(name, columns)
    return function()
        local rows = {}
        local list = data(name)
        if #list == 0 then list = t.by_order(list) end
        for _, row in ipairs(list) do
            local cells = {}
            for i, column in ipairs(columns) do
                local outer, inner = column:match("^(.-)%.(.+)$")
                local value = outer and row[outer] and row[outer][inner] or not outer and row[column]
                cells[i] = value and tostring(value) or ""
            end
            rows[#rows + 1] = cells
        end
        return columns, rows
    end
end

show.acts = raw_table("acts", { "act", "when", "kinds", "stages", "who", "roles", "only", "other_than", "needs", "holds", "sets", "moves",
    "may", "starts", "stops", "tells", "done" })
show.texts = raw_table("texts", { "id", "en", "zh" })
show.facts = raw_table("facts", { "id", "type", "unit", "doc.en", "doc.zh" })
show.examples = raw_table("examples", { "rule", "case", "facts", "finds" })
show.clocks = raw_table("clocks", { "id", "law", "side", "quiet", "free", "text" })
show.exports = raw_table("exports", { "id", "format", "lists", "who", "open", "en", "zh" })
show.sides = raw_table("sides", { "id", "office", "en", "zh" })

if what == "check" then return check(args.day) end
if not show[args.table] then return { unknown = args.table } end
local columns, rows = show[args.table](args.day, args.kind)
return { columns = columns, rows = rows }
