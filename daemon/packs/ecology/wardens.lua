-- SPDX-License-Identifier: GPL-2.0-only
--
-- Wardens and the places they answer for: one beat a place, with the clock of its
-- kind; and the duties that are not patrols.

local c = include("common")
local clues = include("clues")
local LAW = data("law")
local KINDS = { "river", "lake", "reservoir", "market", "forest", "mine", "road", "project" }

local M = { kinds = KINDS }

-- The beats of a place. A river that runs through two counties has a warden in each.
local function beats_of(place_id)
    local ids, list = store.get("beat/" .. place_id) or {}, {}
    if type(ids) == "string" then     -- as it was kept when a place had one
        ids = { ids }
    end
    for i, id in ipairs(ids) do
        list[i] = matter.get(id)
    end
    return list
end

local function set_beats(place_id, list)
    local ids = {}
    for i, m in ipairs(list) do
        ids[i] = m.id
    end
    store.set("beat/" .. place_id, #ids > 0 and ids or nil)
end

local function wardens(uid, change)
    local key = "warden/" .. tostring(uid)
    local before = store.get(key) or 0
    store.set(key, before + change)
    local all = store.get("wardens") or 0
    if before == 0 then
        store.set("wardens", all + 1)
    elseif before + change == 0 then
        store.set("wardens", all - 1)
    end
end

local function visited(e, m)
    local name = "patrol-" .. m.data.kind
    tables.stop(name, m.id)
    if m.stage == "lapsed" then
        matter.move(m.id, "current")
        for _, f in ipairs(finding.find { rule = "clock." .. name, matter = m.id, open = true }) do
            finding.resolve(f.id, tables.text("visited-on", { date = e.date }))
        end
    end
    tables.start(name, m.id)
    matter.set(m.id, { last = e.date })
end

-- A place was visited by these: the clocks of their beats start again, their lapses end
function M.visited(e, place_id, uids, days)
    for _, m in ipairs(beats_of(place_id)) do
        if tables.contains(uids, m.data.warden) then
            visited(e, m)
        end
    end
    for _, day in ipairs(days) do
        local key = "visit/" .. day .. "/" .. place_id
        store.set(key, (store.get(key) or 0) + 1)
    end
end

-- Who answer for the place
function M.wardens_of(place_id)
    local list = {}
    for i, m in ipairs(beats_of(place_id)) do
        list[i] = m.data.warden
    end
    return list
end

-- Why these two cannot both have the place: parts of one station that are the same
local function collide(m, warden, section)
    if m.data.warden == warden.uid then
        return true
    elseif section and m.data.section then
        return section.from_km < m.data.section.to_km and m.data.section.from_km < section.to_km
    end
    return m.office == warden.office and not (section or m.data.section)
end

local acts = {}

acts["bind"] = {
    doc = "a warden answers for these places from now on; their patrol intervals begin",
    fields = {
        warden = { "uid", required = true, doc = "an actor with the role warden" },
        places = { "list", of = { "place" }, max = 24, required = true },
        section = { "object", doc = "the part of them; other wardens may have others", fields = {
            from_km = { "number", unit = "km", required = true, min = 0 },
            to_km = { "number", unit = "km", required = true, min = 0 },
        } },
    },
    run = function(e)
        local warden = actor.get(e.data.warden)
        if not c.has_role(warden, "warden") then
            tables.refuse("uid-has-not-role", { warden = e.data.warden })
        elseif not tables.within(warden.office, e.actor.office) then
            tables.refuse("warden-office-not", { warden = e.data.warden, office = warden.office, office2 = e.actor.office })
        end
        for _, id in ipairs(e.data.places) do
            local p = place.get(id)
            if not tables.contains(KINDS, p.kind) then
                tables.refuse("wardens-are-bound", { matter = id, kind = p.kind, value = table.concat(KINDS, ", ") })
            end
            local beats = beats_of(id)
            for _, m in ipairs(beats) do
                if collide(m, warden, e.data.section) then
                    tables.refuse("has-warden-release-first", { matter = id, warden = m.data.warden })
                end
            end
            local beat = matter.open { kind = "beat", key = #beats == 0 and id or id .. "/" .. e.record,
                place = id, office = warden.office, title = tables.text("beat", { id = p.name or id }),
                data = { warden = e.data.warden, kind = p.kind, section = e.data.section } }
            beats[#beats + 1] = { id = beat }
            set_beats(id, beats)
            tables.start("patrol-" .. p.kind, beat)
            wardens(e.data.warden, 1)
        end
    end,
}

-- The beat that is meant: the warden's named, else the one this office may release
local function mine(e, place_id)
    local beats, found = beats_of(place_id), nil
    for _, m in ipairs(beats) do
        if e.data.warden and m.data.warden == e.data.warden then
            return m
        elseif not e.data.warden and (#beats == 1 or tables.within(m.office, e.actor.office)) then
            if found then
                tables.refuse("has-wardens-say-whose", { place_id = place_id, warden = found.data.warden,
                    warden2 = m.data.warden })
            end
            found = m
        end
    end
    if not found then
        tables.refuse("has-no-warden", { place_id = place_id })
    end
    return found
end

acts["release"] = {
    doc = "the warden no longer answers for these places; without a successor each is a finding",
    fields = {
        places = { "list", of = { "place" }, max = 24, required = true },
        warden = { "uid", doc = "whose beat, where a place has several" },
        successor = { "uid", doc = "answers for them from now on" },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local successor = e.data.successor and actor.get(e.data.successor)
        if e.data.successor and not c.has_role(successor, "warden") then
            tables.refuse("uid-has-not-role-2", { successor = e.data.successor })
        end
        for _, id in ipairs(e.data.places) do
            local m = mine(e, id)
            tables.need(e, m, { "up" })
            wardens(m.data.warden, -1)
            if successor then
                wardens(e.data.successor, 1)
                local before = m.data.before or {}
                before[#before + 1] = m.data.warden
                matter.set(m.id, { warden = e.data.successor, before = before })
                if successor.office ~= m.office then
                    matter.hand(m.id, successor.office, e.data.reason)
                end
            else
                matter.move(m.id, "ended")
                local left = {}
                for _, each in ipairs(beats_of(id)) do
                    if each.id ~= m.id then
                        left[#left + 1] = each
                    end
                end
                set_beats(id, left)
                tables.flag(m.id, "place.unbound", "warn", "warden-duty", e.date, tables.text("has-no-warden-now",
                    { id = c.name_of(id) }))
            end
        end
    end,
}

acts["register-check"] = {
    doc = "figures as they are published, set beside the register; each that differs is a finding",
    fields = {
        rivers = { "integer", min = 0 },
        river_km = { "number", unit = "km", min = 0 },
        lakes = { "integer", min = 0 },
        reservoirs = { "integer", min = 0 },
        markets = { "integer", min = 0 },
        stations = { "integer", min = 0 },
        wardens = { "integer", min = 0, doc = "with a place at least" },
    },
    run = function(e)
        local is = { wardens = store.get("wardens") or 0,
            stations = #office.find { kind = "station" }, river_km = 0 }
        local unbound = {}
        for _, kind in ipairs(KINDS) do
            local n = 0
            for _, p in ipairs(place.find { kind = kind }) do
                n = n + 1
                if kind == "river" then
                    is.river_km = is.river_km + (p.length_km or 0)
                end
                if not store.get("beat/" .. p.id) then
                    unbound[#unbound + 1] = p.id
                end
            end
            is[kind .. "s"] = n
        end
        for _, name in ipairs({ "rivers", "river_km", "lakes", "reservoirs", "markets", "stations",
            "wardens" }) do
            local said = e.data[name]
            if said and math.abs(said - is[name]) > 0.05 then
                tables.flag(nil, "register.differs", "warn", "register", e.date,
                    tables.text("register-has-stated-are",
                    { name = name, name2 = string.format("%.10g", is[name]), said = string.format("%.10g", said) }))
            end
        end
        if #unbound > 0 then
            tables.flag(nil, "register.unbound", "warn", "warden-duty", e.date, tables.text("places-have-no-warden",
                { unbound = #unbound, unbound2 = unbound[1] }))
        end
    end,
}

acts["publicity"] = {
    doc = "duty 1, publicity and prevention",
    fields = {
        place = { "place", required = true },
        form = { "enum", required = true,
            values = { "talk", "leaflet", "broadcast", "visit", "sign", "online", "school" } },
        topic = { "string", required = true, min = 2, max = 200, doc = "no person's name" },
        reached = { "integer", unit = "persons", min = 0, max = 10000000, required = true },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e)
        c.count(e, e.uid, "publicity")
        c.count(e, e.uid, "reached", e.data.reached)
    end,
}

acts["mobilise"] = {
    doc = "duty 5, mobilising the public",
    fields = {
        place = { "place", required = true },
        form = { "enum", required = true,
            values = { "volunteers", "village-rules", "hotline", "reward", "clean-up", "watch" } },
        people = { "integer", unit = "persons", min = 1, max = 1000000, required = true },
        hours = { "number", unit = "h", min = 0, max = 1000 },
        text = { "string", max = 200, doc = "no person's name" },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e)
        c.count(e, e.uid, "mobilise")
        c.count(e, e.uid, "people", e.data.people)
    end,
}

acts["element"] = {
    doc = "duty 3, a key element was looked at: first seen opens it, each look starts its clock again",
    fields = {
        place = { "place", required = true },
        element = { "string", required = true, min = 1, max = 60, pattern = "^[%w_.-]+$",
            doc = "its number at this place" },
        sort = { "enum", required = true, values = { "enterprise", "outfall", "dredger", "vessel",
            "waste-site", "hunting-ground", "mine-face", "stall", "works", "protected-species" } },
        subject = { "subject", doc = "who is responsible, a pseudonym" },
        state = { "enum", required = true, values = { "normal", "risk", "violation", "gone" } },
        text = { "string", max = 200 },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e)
        local key = e.data.place .. "/" .. e.data.element
        local m = matter.find { kind = "element", key = key, open = true }[1]
        c.count(e, e.uid, "element")
        if not m and e.data.state == "gone" then
            tables.refuse("not-known", { element = e.data.element, place = e.data.place })
        end
        local id = m and m.id or matter.open { kind = "element", key = key, place = e.data.place,
            title = tables.text("text-3", { element = e.data.element, place = c.name_of(e.data.place) }),
            data = { sort = e.data.sort } }
        if m then
            tables.stop("element-check", id)
        end
        matter.set(id, { state = e.data.state, seen = e.date, subject = e.data.subject })
        if e.data.state == "gone" then
            matter.move(id, "gone")
            return
        end
        tables.start("element-check", id)
        if e.data.state == "violation" then
            local clue = clues.open(e, { place = e.data.place, sort = "other",
                text = e.data.text or e.data.element }, "element:" .. key)
            matter.link(id, clue, "violation")
        end
    end,
}

local clocks = {}
for _, kind in ipairs(KINDS) do
    local name = "patrol-" .. kind
    clocks[name] = {
        -- The alarm stays until somebody was there: no second one for the same lapse
        due = function(e, due)
            matter.move(due.matter, "lapsed")
            local m = matter.get(due.matter)
            task { matter = m.id, actor = m.data.warden, office = m.office, key = "lapsed",
                text = tables.text("was-not-patrolled-in", { place = c.name_of(m.place), days = LAW[name].days }) }
        end,
    }
end

M.acts = acts
M.clocks = clocks
M.matters = {
    beat = {
        title = { en = "Beat of a warden", zh = "生态警长责任区" },
        stages = {
            current = { to = { "lapsed", "ended" }, doc = "patrolled in the interval" },
            lapsed = { to = { "current", "ended" }, doc = "the interval went by without a patrol" },
            ended = { final = true, doc = "the warden was released" },
        },
        first = "current",
    },
    element = {
        title = { en = "Key element", zh = "重点要素" },
        stages = {
            watched = { to = { "gone" }, doc = "looked at by its clock" },
            gone = { final = true },
        },
        first = "watched",
    },
}
return M
