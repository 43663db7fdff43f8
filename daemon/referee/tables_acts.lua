-- SPDX-License-Identifier: GPL-2.0-only
-- A pack as tables: who may do an act and when, what it moves, which clocks it starts and stops.

local M, call = ...
local pack, acts, by_act, sides, clocks

-- Which office is a side of a matter?
function M.office(m, side)
    local where = sides[side] and sides[side].office
    if where == "owner" then return m.office end
    return where and m.data[where]
end

-- For which side of a matter does the actor act? nil if for none
function M.side(e, m)
    local mine = e.actor and e.actor.office
    local order = sides.order
    for i = 1, mine and #order or 0 do
        if mine == M.office(m, order[i]) then return order[i] end
    end
end

local function listed(names, language, joint)
    local list = {}
    for i, name in ipairs(names) do list[i] = sides[name] and sides[name][language] or name end
    return table.concat(list, joint)
end

local function above(e, m)
    local o = office.get(m.office)
    return o and o.parent and e.actor and e.actor.office == o.parent
end

-- The matter that a field names beside the act's own: of this kind, and in one of these stages, if any are named
function M.matter(id, kind, ...)
    local m, stages = id and matter.get(id), { ... }
    if not m or m.kind ~= kind then
        M.refuse("engine.wrong-kind", { act = "-", matter = tostring(id), kind = m and m.kind or "-", kinds = kind })
    elseif #stages > 0 and not M.contains(stages, m.stage) then
        M.refuse("engine.wrong-stage", { act = kind, matter = m.id, stage = m.stage, stages = table.concat(stages, ", ") })
    end
    return m
end

-- Is an office another, or one somewhere above it?
function M.within(id, top)
    for _ = 1, 32 do
        if id == nil or id == top then return id ~= nil end
        local o = office.get(id)
        id = o and o.parent
    end
    return false
end

-- Sides that no column of sides.csv names: whoever is above the owner, or takes part
local others = {
    above = above,
    up = function(e, m) return M.within(m.office, e.actor.office) end,
    party = function(e, m) return M.contains(m.offices, e.actor.office) end,
}

-- The first of these sides whose office is the actor's
local function is_side(e, m, who)
    local mine = e.actor and e.actor.office
    if not mine then return end
    for i = 1, #who do
        local wanted = who[i]
        local theirs, under = M.office(m, wanted), sides[wanted] and sides[wanted].under
        if mine == theirs or (others[wanted] and others[wanted](e, m)) or (type(theirs) == "table" and M.contains(theirs, mine))
            or (under and M.within(mine, m.data[under])) then
            return wanted
        end
    end
end

-- Refuse whoever is of none of these sides; else: of which.
function M.need(e, m, who)
    local side = is_side(e, m, who)
    -- A side that is not known yet may be taken, where the pack says so.
    if not side and pack.claim and pack.claim(e, m, who) then side = is_side(e, matter.get(m.id, m), who) end
    if side then return side end
    M.refuse("engine.wrong-office", { act = e.kind, matter = m.id, office = e.actor and e.actor.office or "-",
        owner = sides[who[1]] and (M.office(m, who[1]) or "-") or m.office, sides = { en = listed(who, "en", " or "), zh = listed(who, "zh", "或") } })
end

local function guard_side(e, m, row)
    if #row.who > 0 then M.need(e, m, row.who) end
end

local function at_stage(m, row)
    return #row.stages == 0 or M.contains(row.stages, m.stage) or row.stages[1] == "*" or
        (row.stages[1] == "any" and not m.closed)
end

local function guard_stage(e, m, row)
    if at_stage(m, row) then return end
    M.refuse("engine.wrong-stage", { act = e.kind, matter = m.id, stage = m.stage,
        stages = { en = table.concat(row.stages, ", "), zh = table.concat(row.stages, "、") } })
end

-- What a text may name: fields of the act, else what the matter holds
local function args_of(e, m)
    local own = { act = e.kind, matter = m and m.id, stage = m and m.stage, owner = m and m.office }
    return function(name)
        if own[name] ~= nil then return own[name] end
        for _, values in ipairs { e.data, m and m.data } do
            local value = values[name]
            if value ~= nil and (type(value) ~= "table" or value.en) then return value end
        end
        if name == "office" then return e.actor and e.actor.office end
    end
end

local function named_by(m, names, uid)
    for i = 1, uid and #names or 0 do
        if m.data[names[i]] == uid then return true end
    end
    return false
end

local function guard_person(e, m, row)
    for i = 1, #row.other do
        local one = row.other[i]
        if named_by(m, one.names, e.uid) then M.refuse("engine.same-person", { why = M.text(one.text, args_of(e, m)) }) end
    end
    for i = 1, #row.only do
        local one = row.only[i]
        if not named_by(m, one.names, e.uid) then M.refuse(one.text, args_of(e, m)) end
    end
end

-- What an expression of the table of acts sees: the matter's data, act.FIELD, stage, uid, office (who
-- acts: "-" without an actor)
local function seen_by(e, m)
    return function(name)
        local value
        if name:sub(1, 4) == "act." then value = e.data[name:sub(5)] end
        if value == nil and m then value = m.data[name] end
        if value ~= nil then return value end
        if name == "stage" then return m and m.stage end
        if name == "uid" then return e.uid end
        if name == "office" then return e.actor and e.actor.office or "-" end
    end
end

local function guard_needs(e, m, row)
    for i = 1, #row.needs do
        local one = row.needs[i]
        if not M.holds(one.list, seen_by(e, m)) then M.refuse(one.text, args_of(e, m)) end
    end
    if #row.holds == 0 then return end
    local failed = M.evaluate(m and m.kind or "act." .. e.kind, pack.facts(m, e))
    for _, rule in ipairs(row.holds) do
        if failed[rule] then refuse(failed[rule].text) end
    end
end

-- "a:text-id; b:text-id"
local function pairs_of(text, parse)
    local list = {}
    for one in (text or ""):gmatch("[^;]+") do
        local colon = one:find(":", 1, true)
        if not colon then error("this is no NAME:TEXT: " .. one) end
        local head, id = one:sub(1, colon - 1), one:sub(colon + 1)
        head = head:gsub("^ +", "")
        local names = {}
        for name in head:gmatch("[^|]+") do names[#names + 1] = name end
        list[#list + 1] = parse and { list = M.parse(head), text = id } or { name = head, names = names, text = id }
    end
    return list
end

-- "copied>reviewed": a move from there; "reviewed": from anywhere
local function moves_of(text)
    local list = {}
    for _, word in ipairs(M.words(text)) do
        local from, to = word:match("^(.-)>(.+)$")
        list[#list + 1] = { from = from, to = to or word }
    end
    return list
end

-- "closed": of the act's own matter; "clue:closed": of another of that kind
local function may_of(text)
    local own, others_too = {}, {}
    for _, word in ipairs(M.words(text)) do
        local kind, stage = word:match("^(.-):(.+)$")
        if kind then others_too[#others_too + 1] = { kind = kind, stage = stage } else own[#own + 1] = word end
    end
    return own, others_too
end

local function starts_of(text)
    local list = {}
    for _, word in ipairs(M.words(text)) do
        local name, field = word:match("^(.-)@(.+)$")
        list[#list + 1] = { name = name or word, field = field }
    end
    return list
end

local function parse_act(row)
    local may, beside = may_of(row.may)
    local find = row.matter or "matter"
    local find_kind, find_field = find:match("^(.-):(.+)$")
    return { act = row.act, find = find, find_kind = find_kind, find_field = find_field, kinds = M.words(row.kinds), stages = M.words(row.stages),
        when = M.parse(row.when), who = M.words(row.who), roles = M.words(row.roles), only = pairs_of(row.only),
        other = pairs_of(row.other_than), needs = pairs_of(row.needs, true),
        holds = M.words(row.holds), moves = moves_of(row.moves), may = may, beside = beside, starts = starts_of(row.starts), stops = starts_of(row.stops),
        tells = pairs_of(row.tells), done = M.words(row.done), sets = M.words(row.sets), line = row.line }
end

-- The matter that an act is about: named by a field, or the open one of a kind with that key
local function matter_of(e, row)
    local kind, field = row.find_kind, row.find_field
    if not kind then
        local id = e.data[row.find]
        return id and matter.get(id)
    end
    local m = matter.find { kind = kind, key = e.data[field], open = true }[1]
    if not m and row.stages[1] == "*" then
        local all = matter.find { kind = kind, key = e.data[field] }
        m = all[#all]
    end
    if not m then M.refuse("engine.nobody", { kind = kind, key = e.data[field] }) end
    return m
end

local function has_role(e, row)
    local roles = e.actor and e.actor.roles
    for i = 1, #row.roles do
        local role = row.roles[i]
        if role == "public" or (roles and (roles[role] or roles[row.own_roles[i]])) then return true end
    end
    return #row.roles == 0
end

-- Of several rows of an act the one for this kind of matter, role, side and stage
local function row_for(rows, e, m)
    local best
    for i = 1, #rows do
        local row = rows[i]
        if #row.kinds == 0 or (m and M.contains(row.kinds, m.kind)) then
            local side = #row.who == 0 or (m and is_side(e, m, row.who))
            local meant = has_role(e, row) and (#row.when == 0 or M.holds(row.when, seen_by(e, m)))
            if side and meant and at_stage(m, row) then return row end
            local rank = (meant and 2 or 0) + (side and 1 or 0)
            if not best or rank > best.rank then best = { row = row, rank = rank } end
        end
    end
    if best then return best.row end
    local kinds = {}
    for _, row in ipairs(rows) do
        for _, kind in ipairs(row.kinds) do kinds[#kinds + 1] = kind end
    end
    M.refuse("engine.wrong-kind", { act = e.kind, matter = m and m.id or "-", kind = m and m.kind or "-",
        kinds = { en = table.concat(kinds, ", "), zh = table.concat(kinds, "、") } })
end

-- Whose is a clock? And all of them, by name
function M.duty(name)
    return clocks[name] and clocks[name].side
end

function M.duties()
    local list = {}
    for name, row in pairs(clocks) do list[name] = row.side end
    return list
end

local function task_key(name, key)
    local own = clocks[name] and clocks[name].key or "clock:" .. name
    return key and own .. ":" .. key or own
end

-- A deadline starts, and whoever has to meet it is told: of the day and the clause, or by the text of its row.
function M.start(name, id, from, key, known)
    local m, c = matter.get(id, known), clocks[name]
    local _, started, day = clock.start(name, id, { from = from, key = key })
    local mine = M.office(m, c.side)
    if mine and not c.quiet and c.text ~= "-" then
        task { matter = id, office = mine, key = task_key(name, key),
            text = M.text(c.text or "engine.due", { day = day, clause = M.some_law(c.law, started).clause }) }
    end
end

M.done = call.done

-- What was due is done: on this day, or on the one that is named. What was done in time and is
-- entered later takes the finding back.
function M.stop(name, id, day, key)
    local k = day and clock.get(name, id, key)
    M.done(id, task_key(name, key))
    if k and k.state == "overdue" and day <= k.date then
        M.done(id, "overdue:" .. name)
        for _, f in ipairs(finding.find { rule = "clock." .. name, matter = id, open = true }) do
            finding.resolve(f.id, M.text("engine.in-time", { day = day, due = k.date }))
        end
    end
    return clock.stop(name, id, key)
end

-- Overdue: beside the owner's, the office above whose it is hears of it.
local function due(_, k)
    local m, c = matter.get(k.matter), clocks[k.name]
    local mine = M.office(m, c.side)
    local o = mine and office.get(mine)
    if o and o.parent and mine ~= m.office then
        task { matter = m.id, office = o.parent, key = "overdue:" .. k.name, text = M.text("engine.overdue", {
            office = mine, day = k.date, clause = M.some_law(c.law, k.started).clause }) }
    end
end

function M.tell(m, side, key, text)
    local mine = M.office(m, side)
    if mine then task { matter = m.id, office = mine, key = key, text = text } end
end

local function after(e, id, row, given)
    local m = matter.get(id)
    -- Before the matter may close: then what still runs is stopped, not met.
    for i = 1, #row.stops do
        local one = row.stops[i]
        M.stop(one.name, id, one.field and e.data[one.field])
    end
    for i = 1, #row.moves do
        local move = row.moves[i]
        if (not move.from or move.from == m.stage) and m.stage ~= move.to then
            matter.move(id, move.to)
            break
        end
    end
    for i = 1, #row.starts do
        local one = row.starts[i]
        local from = given and given[one.name] or one.field and e.data[one.field] or nil
        if not given or given[one.name] ~= false then M.start(one.name, id, from, nil, m) end
    end
    for i = 1, #row.done do M.done(id, row.done[i]) end
    m = matter.get(id, m)
    for i = 1, #row.tells do
        local one = row.tells[i]
        M.tell(m, one.name, one.text, M.text(one.text, args_of(e, m)))
    end
    M.check(id, e, m)
end

-- Where an act's Lua moves a matter itself, its row names the stages.
local function check_move(m, row)
    local now = #row.may > 0 and matter.get(m.id, m)
    if #row.may > 0 and now.stage ~= m.stage and not M.contains(row.may, now.stage) then
        error("data/acts.csv:" .. row.line .. ": " .. row.act .. " may not move to " .. now.stage)
    end
end

-- Whoever has a role of any of the rows; "public": everybody
local function roles_of(rows)
    local roles = {}
    for _, row in ipairs(rows) do
        for _, role in ipairs(row.roles) do
            if role == "public" then return role end
            if not M.contains(roles, role) then roles[#roles + 1] = role end
        end
    end
    return #roles > 0 and roles or nil
end

local function wrap(kind, act, rows)
    local run = act.run
    act.roles = roles_of(rows) or act.roles
    act.run = function(e)
        if rows[1].find == "-" then
            for _, row in ipairs(rows) do
                if #row.when == 0 or M.holds(row.when, seen_by(e)) then guard_needs(e, nil, row) end
            end
            if run then run(e) end
            return M.check_act(e)
        end
        local m = matter_of(e, rows[1])
        local row = row_for(rows, e, m)
        guard_side(e, m, row)
        m = matter.get(m.id, m)
        guard_stage(e, m, row)
        guard_person(e, m, row)
        guard_needs(e, m, row)
        local given = run and run(e, matter.get(m.id, m))
        check_move(m, row)
        -- false: the act says that it moves nothing this time
        if given == false then M.check(m.id, e) else after(e, m.id, row, given) end
    end
end

local function read_tables()
    acts, clocks, sides = {}, {}, { order = {} }
    for _, row in ipairs(M.by_order(data("sides"))) do
        local side = M.copy(row)
        side.under = row.office:match("^under:(.+)$")
        sides[row.id] = side
        sides.order[#sides.order + 1] = row.id
    end
    for i, row in ipairs(data("acts")) do
        acts[i] = parse_act(row)
        acts[i].own_roles = {}
        for n, role in ipairs(acts[i].roles) do acts[i].own_roles[n] = pack.name .. "." .. role end
    end
    for _, row in ipairs(M.by_order(data("clocks"))) do clocks[row.id] = M.copy(row) end
end

-- A pack's declaration, completed from its tables
function M.compile(declared)
    pack = declared
    M.read(pack.facts)
    read_tables()
    pack.clocks = pack.clocks or {}
    for name, row in pairs(clocks) do
        local own = pack.clocks[name] or {}
        pack.clocks[name] = own
        own.law, own.quiet, own.due = row.law, row.quiet and true or own.quiet, own.due or due
    end
    by_act = {}
    for _, row in ipairs(acts) do
        if not pack.acts[row.act] then error("data/acts.csv: the pack declares no act " .. row.act) end
        by_act[row.act] = by_act[row.act] or {}
        table.insert(by_act[row.act], row)
    end
    for kind, act in pairs(pack.acts) do
        if by_act[kind] then wrap(kind, act, by_act[kind]) end
    end
    return pack
end

-- Terms of an expression that ask for no field of the act
local function without_fields(list)
    local known = {}
    for _, one in ipairs(list) do
        if one[1]:sub(1, 4) ~= "act." then known[#known + 1] = one end
    end
    return known
end

-- Why this person could not do the act, whatever its fields are; nil if it may be done
local function barred(e, m, row)
    for _, one in ipairs(row.other) do
        if named_by(m, one.names, e.uid) then return M.text("engine.same-person", { why = M.text(one.text, args_of(e, m)) }) end
    end
    for _, one in ipairs(row.only) do
        if not named_by(m, one.names, e.uid) then return M.text(one.text, args_of(e, m)) end
    end
    for _, one in ipairs(row.needs) do
        local known = without_fields(one.list)
        if #known == #one.list and not M.holds(known, seen_by(e, m)) then return M.text(one.text, args_of(e, m)) end
    end
end

-- A side that is not known yet: whoever acts first may take it, where the pack says so.
local function free_side(m, row)
    for _, name in ipairs(row.who) do
        if pack.claim and sides[name] and not M.office(m, name) then return true end
    end
end

local function offer(e, m, rows)
    local why
    for _, row in ipairs(rows) do
        if (#row.kinds == 0 or M.contains(row.kinds, m.kind)) and has_role(e, row) and at_stage(m, row)
            and (#row.who == 0 or is_side(e, m, row.who) or free_side(m, row))
            and M.holds(without_fields(row.when), seen_by(e, m)) then
            local bar = barred(e, m, row)
            if not bar then return {} end
            why = why or bar
        end
    end
    return why and { barred = why }
end

-- For a form: the acts that somebody may do now about a matter, or of those about none; of the
-- others of that stage and side, why not.
function M.offered(id, uid)
    local m, list, e = id and matter.get(id), {}, { uid = uid, actor = actor.get(uid), data = {} }
    for _, act in ipairs(acts) do
        local rows = by_act[act.act]
        local find, kind = rows[1].find, rows[1].find_kind
        local one
        if rows[1] ~= act then
            one = nil
        elseif not m then
            for _, row in ipairs(rows) do
                if find == "-" and has_role(e, row) then one = one or {} end
            end
        elseif find ~= "-" and (not kind or kind == m.kind) then
            e.kind = act.act
            one = offer(e, m, rows)
            if one then one.field, one.value = rows[1].find_field or find, kind and m.key or m.id end
        end
        if one then
            one.act = act.act
            list[#list + 1] = one
        end
    end
    return list
end

local rules = M.inside

-- For `pack check` and `pack show`
function M.inside()
    local t = rules()
    t.pack, t.acts, t.sides, t.clocks, t.others = pack, acts, sides, clocks, others
    return t
end
