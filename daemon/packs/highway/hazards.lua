-- SPDX-License-Identifier: GPL-2.0-only
--
-- Hazards by road and km: to the owner of the section; a temporary measure, a fix
-- that another person verifies, or handed over where the owner is outside the area.

local c = include("common")
local points_ = include("points")
local LAW = data("law")

local M = {}

local CATEGORIES = { "ponding", "pedestrians", "tunnel-gear", "ice", "debris", "guardrail", "sign",
    "marking", "lighting", "pavement", "slope", "animal", "visibility", "works", "other" }

local function task_for_owner(id, owner, said, key)
    task { matter = id, office = owner, key = key or "owner", text = said }
end

-- Open hazards of a road and category stand in cells of a kilometre; each looks beside it.
local function cell(f, km)
    return "near/" .. f.category .. "/" .. f.road .. "/" .. math.floor(km)
end

local function same_way(a, b)
    return a == b or a == "both" or b == "both"
end

-- The hazard that is open within the distance, the nearest; one said to be fixed last
local function nearby(f)
    local best, rank
    for at = -1, 1 do
        local key, left = cell(f, f.km + at), {}
        local ids = store.get(key) or {}
        for _, id in ipairs(ids) do
            local m = matter.get(id)
            if not m.closed then
                left[#left + 1] = id
                local metres = math.floor(math.abs(m.data.km - f.km) * 1000 + 0.5)
                local r = metres + (m.stage == "fixed" and 1000000 or 0)
                if metres <= LAW["hazard-merge"].metres and (not best or r < rank)
                    and same_way(m.data.direction or "both", f.direction or "both") then
                    best, rank = m, r
                end
            end
        end
        if #left < #ids then
            store.set(key, left)
        end
    end
    return best
end

-- Segments that have this km and have no smaller one in them: two where a road's
-- chainage runs over the same figures twice
local function sections(road, km)
    local list, begins = {}, false
    local all = place.all(road, km)
    for _, p in ipairs(all) do begins = begins or p.from_km == km end
    for _, p in ipairs(all) do
        -- On the bound of two the one that begins there has it.
        local around = begins and p.to_km == km
        for _, q in ipairs(list) do
            around = around or (p.from_km <= q.from_km and p.to_km >= q.to_km)
        end
        if not around then
            list[#list + 1] = p
        end
    end
    return list
end

-- Owners of the segments, each once, in the order they were found
local function owners_of(list)
    local owners, seen = {}, {}
    for _, p in ipairs(list) do
        local owner = office.route(p.id, "hazard")
        if owner and not seen[owner] then
            seen[owner] = true
            owners[#owners + 1] = owner
        end
    end
    return owners
end

-- Whose it may be: by the km, which may be there twice, and by the other road of a junction
local function whose(f)
    local list = sections(f.road, f.km)
    local twice = #list > 1
    if f.junction then
        for _, p in ipairs(sections(c.road(f.junction.road), f.junction.km)) do
            list[#list + 1] = p
        end
    end
    return list[1], owners_of(list), twice
end

local function ask_all(e, id, f, owners, twice)
    for _, owner in ipairs(owners) do
        matter.share(id, owner)
        task_for_owner(id, owner, tables.text("yours-measure-fix-or"),
            "owner/" .. owner)
    end
    if twice then
        tables.flag(id, "hazard.ambiguous", "warn", "hazard-place", e.date, tables.text("has-k-twice-are",
            { road = f.road, km = string.format("%.10g", f.km), owners = table.concat(owners, ", ") }))
    end
end

-- Opens a hazard and routes it. Whoever reports what is open already adds to it.
local function open(e, f)
    -- A flood line goes on watching whether or not its group does.
    local g = (f.source and c.group_that_was or c.group)(f.group)
    f.road = c.road(f.road)
    local same = nearby(f)
    if same and same.stage ~= "fixed" then
        matter.set(same.id, { reports = same.data.reports + 1 })
        matter.note(same.id, tables.text("reported-again-k", { km = string.format("%.10g", f.km), text = f.text }))
        return same.id, false
    end
    local section, owners, twice = whose(f)
    local owner, asked = owners[1], #owners > 1 and owners or nil
    local inside = owner and not asked and tables.within(owner, g.area)
    local id = matter.open { kind = "hazard", place = section and section.id,
        office = inside and owner or g.room,
        title = tables.text("k", { category = f.category, road = f.road, km = string.format("%.10g", f.km) }),
        data = { group = f.group, category = f.category, road = f.road, km = f.km, text = f.text,
            photos = f.photos, subject = f.subject, source = f.source, reports = 1, area = g.area,
            room = g.room, owner = owner, by = e.uid, direction = f.direction, asked = asked,
            junction = f.junction } }
    local here = store.get(cell(f, f.km)) or {}
    here[#here + 1] = id
    store.set(cell(f, f.km), here)
    matter.share(id, f.group)
    if inside then
        matter.share(id, g.room)
    end
    if same then
        matter.link(id, same.id, "again")     -- said to be fixed, seen again: a hazard of its own
    end
    tables.start("hazard-first", id)
    if asked then
        ask_all(e, id, f, owners, twice)
    elseif inside then
        task_for_owner(id, owner, tables.text("measure-fix-or-refuse"))
    elseif owner then
        task_for_owner(id, g.room, tables.text("outside-area-hand-over", { owner = owner }))
    else
        tables.flag(id, "hazard.no-section", "warn", "hazard-place", e.date,
            tables.text("no-section-register-has", { road = f.road, km = string.format("%.10g", f.km) }))
        task_for_owner(id, g.room, tables.text("find-its-owner"))
    end
    return id, true
end

-- The owner's own, or one of those asked, who so takes it
function M.claim(e, m)
    for _, owner in ipairs(m.data.asked or {}) do
        if tables.within(owner, e.actor.office) then
            matter.set(m.id, { asked = store.null, owner = owner })
            if m.office ~= owner then
                matter.hand(m.id, owner, "it is ours")
            end
            return true
        end
    end
    return false
end

-- Something was done in the matter: the first clock is met
local function acted(m)
    tables.stop("hazard-first", m.id)
    tables.done(m.id, "owner")
    for _, owner in ipairs(m.data.asked or {}) do
        tables.done(m.id, "owner/" .. owner)
    end
end

local acts = {}

acts["hazard"] = {
    doc = "a driver saw a danger",
    fields = {
        group = { "office", required = true },
        road = { "string", required = true, min = 2, max = 20 },
        km = { "number", unit = "km", required = true, min = 0, max = 10000 },
        direction = { "enum", values = { "up", "down", "both" }, default = "both" },
        junction = { "object", doc = "the other road of a junction: its owner is asked too", fields = {
            road = { "string", required = true, min = 2, max = 20 },
            km = { "number", unit = "km", required = true, min = 0, max = 10000 },
        } },
        category = { "enum", values = CATEGORIES, required = true },
        text = { "string", required = true, min = 2, max = 300, doc = "no person, no number plate" },
        photos = { "list", of = { "blob" }, max = 6 },
        subject = { "subject", doc = "person who reports; anonymous if absent" },
    },
    run = function(e)
        if e.data.subject then
            c.member(e.data.group, e.data.subject)
        end
        open(e, e.data)
    end,
}

acts["hazard-temporary"] = {
    doc = "the place is temporarily secured: cones, warning, pump",
    fields = {
        hazard = { "matter", required = true },
        measure = { "string", required = true, min = 2, max = 200 },
        photos = { "list", of = { "blob" }, max = 6, required = true, doc = "at least one" },
    },
    run = function(e, m)
        -- The police on the spot secure what is another's; the owner still has to fix it.
        local police = not tables.within(m.office, e.actor.office)
        if #e.data.photos == 0 then
            tables.refuse("measure-shown-photo")
        end
        matter.set(m.id, { measure = e.data.measure, temporary = e.date,
            secured = police and e.actor.office or nil })
        acted(m)
        if police then
            task_for_owner(m.id, m.office, tables.text("secured-fix", { office = e.actor.office }))
        end
    end,
}

acts["hazard-fix"] = {
    doc = "the owner says that the danger is gone; another person must verify it",
    fields = {
        hazard = { "matter", required = true },
        measure = { "string", required = true, min = 2, max = 200 },
        photos = { "list", of = { "blob" }, max = 6, required = true, doc = "at least one" },
    },
    run = function(e, m)
        if #e.data.photos == 0 then
            tables.refuse("fix-shown-photo")
        end
        matter.set(m.id, { fix = e.data.measure, fixer = e.uid, fixed = e.date })
        acted(m)
    end,
}

acts["hazard-verify"] = {
    doc = "another than the fixer looked: fixed, or not",
    fields = {
        hazard = { "matter", required = true },
        fixed = { "boolean", required = true },
        reason = { "string", max = 200, doc = "required where it is not fixed" },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e, m)
        if e.data.fixed then
            matter.set(m.id, { verifier = e.uid })
            points_.earn(e, "hazard.verified", m.data.subject, m.id, m.data.group)
            return
        end
        tables.flag(m.id, "hazard.not-fixed", "warn", "hazard-verify", e.date, tables.text("said-fixed-not",
            { reason = e.data.reason }))
        task_for_owner(m.id, m.office, tables.text("not-fixed", { reason = e.data.reason }))
    end,
}

acts["hazard-hand"] = {
    doc = "another office owns it from now on; one outside the area is to take it over by its number",
    fields = {
        hazard = { "matter", required = true },
        office = { "office", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        if e.data.office == m.office then
            tables.refuse("owns-already", { owner = m.office })
        end
        local outside = not tables.within(e.data.office, m.data.area)
        if outside and m.stage == "temporary" then
            tables.stop("hazard-fix", m.id)
        end
        matter.set(m.id, { from = m.office, outside = outside })
        tables.done(m.id, "owner")
        matter.hand(m.id, e.data.office, e.data.reason)
        if outside then
            acted(m)
            matter.move(m.id, "handed")
            tables.start("hand-accept", m.id)
        else
            task_for_owner(m.id, e.data.office, tables.text("measure-fix-or-refuse"))
        end
    end,
}

acts["hazard-accept"] = {
    doc = "the owner outside the area has taken it over, under its own number",
    fields = {
        hazard = { "matter", required = true },
        number = { "string", required = true, min = 2, max = 60, doc = "number there" },
    },
    run = function(e, m)
        if m.stage == "received" then     -- late: it had gone back
            acted(m)
            matter.hand(m.id, e.actor.office, tables.text("taken-over-late-as", { number = e.data.number }).en)
            matter.move(m.id, "handed")
        end
        matter.set(m.id, { number = e.data.number })
        points_.earn(e, "hazard.accepted", m.data.subject, m.id, m.data.group)
    end,
}

-- One of those asked says that it is not: the others are asked on; the last left has it.
local function not_mine(e, m)
    local left = {}
    for _, owner in ipairs(m.data.asked) do
        if owner ~= e.actor.office then
            left[#left + 1] = owner
        end
    end
    tables.done(m.id, "owner/" .. e.actor.office)
    matter.note(m.id, tables.text("not", { office = e.actor.office, reason = e.data.reason }))
    if #left > 1 then
        matter.set(m.id, { asked = left })
        return
    end
    matter.set(m.id, { asked = store.null, owner = left[1] })
    if m.office ~= left[1] and tables.within(left[1], m.data.area) then
        matter.hand(m.id, left[1], e.data.reason)
        task_for_owner(m.id, left[1], tables.text("measure-fix-or-refuse"))
    else
        task_for_owner(m.id, m.data.room, tables.text("outside-area-hand-over-2", { left = left[1] }))
    end
end

acts["hazard-return"] = {
    doc = "not ours: it goes to the office above, or back to the duty room; never ownerless",
    fields = {
        hazard = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        if m.data.asked and tables.contains(m.data.asked, e.actor.office) then
            not_mine(e, m)
            return false
        elseif m.office == m.data.room then
            tables.refuse("duty-room-finds-owner")
        end
        local above = office.get(m.office).parent
        if not above or m.stage == "handed" then
            above = m.data.room
        end
        if m.stage == "handed" then
            tables.stop("hand-accept", m.id)
            matter.move(m.id, "received")
            tables.start("hazard-first", m.id)
        end
        tables.done(m.id, "owner")
        matter.set(m.id, { outside = store.null })
        matter.hand(m.id, above, e.data.reason)
        task_for_owner(m.id, above, tables.text("refused", { owner = m.office, reason = e.data.reason }))
    end,
}

acts["flood-line"] = {
    doc = "a source of the recorder is the flood line at this km; its edge sets the beacon",
    fields = {
        source = { "string", required = true, min = 1, max = 64 },
        group = { "office", required = true, doc = "whose drivers and duty room are told" },
        road = { "string", required = true, min = 2, max = 20 },
        km = { "number", unit = "km", required = true, min = 0, max = 10000 },
        on = { "integer", min = 0, max = 1, default = 1, doc = "level of the line under water" },
        beacon = { "string", required = true, min = 1, max = 64, doc = "output that warns" },
    },
    run = function(e)
        c.group(e.data.group)
        if store.get("flood/" .. e.data.source) then
            tables.refuse("source-flood-line-end", { source = e.data.source })
        end
        store.set("flood/" .. e.data.source, { group = e.data.group, road = e.data.road,
            km = e.data.km, on = e.data.on, beacon = e.data.beacon })
    end,
}

acts["flood-line-end"] = {
    doc = "the source is a flood line no more",
    fields = {
        source = { "string", required = true, max = 64 },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local line = store.get("flood/" .. e.data.source)
        if not line then
            tables.refuse("source-no-flood-line", { source = e.data.source })
        end
        output.set(line.beacon, 0)
        store.set("flood/" .. e.data.source, nil)
    end,
}

local function edge(e)
    local line = store.get("flood/" .. e.source)
    if not line then
        return
    end
    if e.level ~= line.on then
        output.set(line.beacon, 0)
        local m = line.hazard and matter.get(line.hazard)
        if m and not m.closed then
            matter.note(m.id, tables.text("water-below-line", { source = e.source }))
        end
        return
    end
    output.set(line.beacon, 1)
    if e.missed then
        tables.flag(nil, "flood.missed", "warn", "sensor-heard", e.date, tables.text("edge-before-was-missed",
            { source = e.source }))
    end
    local id, new = open(e, { group = line.group, road = line.road, km = line.km,
        category = "ponding", source = e.source, direction = "both",
        text = "flood line " .. e.source })
    line.hazard = id
    store.set("flood/" .. e.source, line)
    if new then
        task { matter = id, office = c.group_that_was(line.group).room, key = "publish",
            text = tables.text("publish-live-condition-groups") }
    end
end

-- A flood line that says nothing may be under water.
local function missing(e)
    if store.get("flood/" .. e.source) then
        tables.flag(nil, "flood." .. e.kind, "fault", "sensor-heard", e.date, tables.text("flood-line-nothing-heard",
            { source = e.source }))
    end
end

M.acts = acts
M.on = {
    edge = edge,
    silent = missing,
    gone = missing,
    lost = function(e)
        if e.source and store.get("flood/" .. e.source) then
            tables.flag(nil, "flood.missed", "warn", "sensor-heard", e.date, tables.text("events-were-lost",
                { source = e.source, count = e.count or 0 }))
        end
    end,
}
M.clocks = {
    -- Nobody took it over: it is the sender's again, who still has the danger on his road.
    ["hand-accept"] = { due = function(_, due)
        local m = matter.get(due.matter)
        matter.move(m.id, "received")
        matter.set(m.id, { outside = store.null, offered = m.office })
        matter.hand(m.id, m.data.from, tables.text("has-not-taken-over", { owner = m.office }).en)
        tables.start("hazard-first", m.id)
        task_for_owner(m.id, m.data.from, tables.text("has-not-taken-over-2", { owner = m.office }))
    end },
}

acts["hazard-extend"] = {
    doc = "more time for the fix after a temporary measure, once",
    fields = {
        hazard = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        clock.extend("hazard-fix", m.id, e.data.reason)
    end,
}

M.matters = {
    hazard = {
        title = { en = "Hazard", zh = "道路隐患" },
        stages = {
            received = { to = { "temporary", "fixed", "handed" }, doc = "with its owner" },
            temporary = { to = { "fixed", "handed" }, doc = "temporarily secured; the fix is due" },
            fixed = { to = { "verified", "received" }, doc = "says the owner" },
            handed = { to = { "accepted", "received" }, doc = "to an owner outside the area" },
            verified = { final = true },
            accepted = { final = true, doc = "taken over outside" },
        },
        first = "received",
    },
}
M.categories = CATEGORIES
return M
