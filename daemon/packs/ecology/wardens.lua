-- SPDX-License-Identifier: GPL-2.0-only
--
-- Wardens and the places they answer for: one beat a place, with the clock of its
-- kind; and the duties that are not patrols.

local c = include("common")
local clues = include("clues")
local text, no, need = c.text, c.no, c.need
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
    clock.stop(name, m.id)
    if m.stage == "lapsed" then
        matter.move(m.id, "current")
        for _, f in ipairs(finding.find { rule = "clock." .. name, matter = m.id, open = true }) do
            finding.resolve(f.id, text("visited on %s", "%s 已巡查", e.date))
        end
    end
    clock.start(name, m.id)
    matter.set(m.id, { last = e.date })
end

-- A place was visited by these: the clocks of their beats start again, their lapses end
function M.visited(e, place_id, uids, days)
    for _, m in ipairs(beats_of(place_id)) do
        if c.contains(uids, m.data.warden) then
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
    roles = { "station", "command" },
    fields = {
        warden = { "uid", required = true, doc = "an actor with the role warden" },
        places = { "list", of = { "place" }, max = 30, required = true },
        section = { "object", doc = "the part of them; other wardens may have others", fields = {
            from_km = { "number", unit = "km", required = true, min = 0 },
            to_km = { "number", unit = "km", required = true, min = 0 },
        } },
    },
    run = function(e)
        local warden = actor.get(e.data.warden)
        if not c.has_role(warden, "warden") then
            no("uid %s has not the role warden", "用户 %s 不具有生态警长角色", tostring(e.data.warden))
        elseif not c.within(warden.office, e.actor.office) then
            no("warden %s is of office %s, not of %s", "警长 %s 属于 %s，不属于 %s",
                tostring(e.data.warden), warden.office, e.actor.office)
        end
        for _, id in ipairs(e.data.places) do
            local p = place.get(id)
            if not c.contains(KINDS, p.kind) then
                no("%s is a %s: wardens are bound to %s", "%s 为 %s，警长范围为 %s", id, p.kind,
                    table.concat(KINDS, ", "))
            end
            local beats = beats_of(id)
            for _, m in ipairs(beats) do
                if collide(m, warden, e.data.section) then
                    no("%s has warden %s: release it first", "%s 已有警长 %s，请先解除", id,
                        tostring(m.data.warden))
                end
            end
            local beat = matter.open { kind = "beat", key = #beats == 0 and id or id .. "/" .. e.record,
                place = id, office = warden.office, title = text("Beat %s", "责任区 %s", p.name or id),
                data = { warden = e.data.warden, kind = p.kind, section = e.data.section } }
            beats[#beats + 1] = { id = beat }
            set_beats(id, beats)
            clock.start("patrol-" .. p.kind, beat)
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
        elseif not e.data.warden and (#beats == 1 or c.within(m.office, e.actor.office)) then
            if found then
                no("%s has wardens %s and %s: say whose", "%s 有警长 %s、%s，请指明", place_id,
                    tostring(found.data.warden), tostring(m.data.warden))
            end
            found = m
        end
    end
    if not found then
        no("%s has no warden", "%s 没有警长", place_id)
    end
    return found
end

acts["release"] = {
    doc = "the warden no longer answers for these places; without a successor each is a finding",
    roles = { "station", "command" },
    fields = {
        places = { "list", of = { "place" }, max = 30, required = true },
        warden = { "uid", doc = "whose beat, where a place has several" },
        successor = { "uid", doc = "answers for them from now on" },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local successor = e.data.successor and actor.get(e.data.successor)
        if e.data.successor and not c.has_role(successor, "warden") then
            no("uid %s has not the role warden", "用户 %s 不具有生态警长角色",
                tostring(e.data.successor))
        end
        for _, id in ipairs(e.data.places) do
            local m = mine(e, id)
            c.own(e, m)
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
                finding { rule = "place.unbound", level = "warn", matter = m.id,
                    law = LAW["warden-duty"],
                    text = text("%s has no warden now", "%s 现无警长", c.name_of(id)) }
            end
        end
    end,
}

acts["register-check"] = {
    doc = "figures as they are published, set beside the register; each that differs is a finding",
    roles = { "command" },
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
                finding { rule = "register.differs", level = "warn", text = text(
                    "%s: the register has %.10g, stated are %.10g", "%s：登记 %.10g，公布 %.10g",
                    name, is[name], said) }
            end
        end
        if #unbound > 0 then
            finding { rule = "register.unbound", level = "warn", law = LAW["warden-duty"],
                text = text("%d places have no warden, first %s", "%d 处没有警长，首个为 %s",
                    #unbound, unbound[1]) }
        end
    end,
}

acts["publicity"] = {
    doc = "duty 1, publicity and prevention",
    roles = { "warden", "station" },
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
    roles = { "warden", "station" },
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
    roles = { "warden", "station" },
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
            no("%s is not known at %s", "%s 在 %s 未登记", e.data.element, e.data.place)
        end
        local id = m and m.id or matter.open { kind = "element", key = key, place = e.data.place,
            title = text("%s at %s", "%s（%s）", e.data.element, c.name_of(e.data.place)),
            data = { sort = e.data.sort } }
        if m then
            clock.stop("element-check", id)
        end
        matter.set(id, { state = e.data.state, seen = e.date, subject = e.data.subject })
        if e.data.state == "gone" then
            matter.move(id, "gone")
            return
        end
        clock.start("element-check", id)
        if e.data.state == "violation" then
            local clue = clues.open(e, { place = e.data.place, sort = "other",
                text = e.data.text or e.data.element }, "element:" .. key)
            matter.link(id, clue, "violation")
        end
    end,
}

local clocks = { ["element-check"] = { law = "element-check", warn = 5 } }
for _, kind in ipairs(KINDS) do
    local name = "patrol-" .. kind
    clocks[name] = {
        law = name, warn = 1,
        -- The alarm stays until somebody was there: no second one for the same lapse
        due = function(e, due)
            matter.move(due.matter, "lapsed")
            local m = matter.get(due.matter)
            task { matter = m.id, actor = m.data.warden, office = m.office, key = "lapsed",
                text = text("%s was not patrolled in %d days", "%s 已 %d 天未巡查",
                    c.name_of(m.place), LAW[name].days) }
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
