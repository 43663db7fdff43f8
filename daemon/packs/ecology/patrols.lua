-- SPDX-License-Identifier: GPL-2.0-only
--
-- Patrols: start, pause, resume, end, the fixes between, and the joint patrol
-- (duty 4), which counts once the other side has said that it was there.

local c = include("common")
local fixes = include("fixes")
local wardens = include("wardens")

-- The warden's running patrol
local function mine(e, ...)
    local id = store.get("patrol/" .. tostring(e.uid))
    if not id then
        tables.refuse("uid-on-no-patrol", { uid = e.uid })
    end
    return tables.matter(id, "patrol", ...)
end

local acts = {}

acts["patrol-start"] = {
    doc = "a patrol of one or more places begins",
    fields = {
        places = { "list", of = { "place" }, max = 12, required = true },
        mode = { "enum", values = { "foot", "bicycle", "boat", "car", "drone" }, required = true },
        device = { "string", required = true, min = 1, max = 40, pattern = "^[%w_.:-]+$",
            doc = "device that gives the position fixes" },
        with = { "list", of = { "uid" }, max = 6, doc = "other wardens on this patrol" },
    },
    run = function(e)
        local running = store.get("patrol/" .. tostring(e.uid))
        if running then
            tables.refuse("not-ended", { running = running })
        end
        local used = store.get("using/" .. e.data.device)
        if used then
            tables.refuse("device-on", { device = e.data.device, used = used })
        elseif #e.data.places == 0 then
            tables.refuse("name-place-least")
        end
        for _, id in ipairs(e.data.places) do
            local of = wardens.wardens_of(id)
            local part = tables.contains(of, e.uid)
            for _, uid in ipairs(of) do
                part = part or tables.contains(e.data.with, uid)
            end
            if #of == 0 then
                tables.refuse("has-no-warden-bind", { matter = id })
            elseif not part then
                tables.refuse("place-warden", { matter = id, of = table.concat(of, ", ") })
            end
        end
        local id = matter.open { kind = "patrol", place = e.data.places[1],
            title = tables.text("patrol", { places = c.name_of(e.data.places[1]) }),
            data = { warden = e.uid, with = e.data.with or {}, places = e.data.places,
                mode = e.data.mode, device = e.data.device, started = e.time, pauses = {}, seen = {},
                joint = {}, metres = 0, good = 0, bad = 0 } }
        store.set("patrol/" .. tostring(e.uid), id)
        store.set("using/" .. e.data.device, id)
        tables.start("patrol-open", id)
    end,
}

acts["fix"] = {
    doc = "positions of the running patrol, as its device gave them",
    fields = {
        fixes = { "list", max = 12, required = true, of = { "object", fields = {
            n = { "integer", required = true, min = 1, doc = "the device's own number, never reset" },
            t = { "integer", required = true, unit = "s since 1970", min = 0 },
            lon = { "number", required = true, unit = "degree", min = -180, max = 180 },
            lat = { "number", required = true, unit = "degree", min = -90, max = 90 },
        } } },
    },
    run = function(e)
        fixes.take(e, mine(e), e.data.fixes)
    end,
}

acts["patrol-pause"] = {
    doc = "the patrol pauses",
    fields = { reason = { "string", required = true, min = 2, max = 200 } },
    run = function(e)
        local m = mine(e, "walking")
        local pauses = m.data.pauses
        pauses[#pauses + 1] = { e.time }
        matter.set(m.id, { pauses = pauses })
        matter.move(m.id, "paused")
        tables.start("patrol-pause", m.id)
    end,
}

acts["patrol-resume"] = {
    doc = "the patrol goes on",
    fields = {},
    run = function(e)
        local m = mine(e, "paused")
        local pauses = m.data.pauses
        pauses[#pauses][2] = e.time
        matter.set(m.id, { pauses = pauses })
        tables.stop("patrol-pause", m.id)
        matter.move(m.id, "walking")
    end,
}

acts["joint"] = {
    doc = "duty 4, other departments are on this patrol",
    fields = {
        offices = { "list", of = { "office" }, max = 6, required = true },
        text = { "string", max = 200 },
    },
    run = function(e)
        local m = mine(e)
        local joint = m.data.joint
        for _, id in ipairs(e.data.offices) do
            if id == e.actor.office then
                tables.refuse("your-own-office", { matter = id })
            end
            joint[id] = joint[id] or false
            matter.share(m.id, id)
            task { matter = m.id, office = id, key = "joint/" .. id,
                text = tables.text("say-you-are-on") }
        end
        matter.set(m.id, { joint = joint })
    end,
}

acts["joint-confirm"] = {
    doc = "the other department was there, and says so while the patrol runs",
    fields = { patrol = { "matter", required = true } },
    run = function(e, m)
        local joint = m.data.joint
        if joint[e.actor.office] == nil then
            tables.refuse("not-named-on-patrol", { office = e.actor.office })
        elseif joint[e.actor.office] then
            tables.refuse("has-said-so-already", { office = e.actor.office })
        end
        joint[e.actor.office] = e.uid
        matter.set(m.id, { joint = joint })
        tables.done(m.id, "joint/" .. e.actor.office)
        c.count(e, m.data.warden, "joint")
    end,
}

-- What a patrol that ends has shown, and what not
local function judge(e, m, minutes)
    local unvisited, unconfirmed = {}, {}
    local short = tables.evaluate("act.patrol-end", { on = e.date, minutes = minutes })["patrol.short"]
    if m.data.good == 0 then
        tables.flag(m.id, "patrol.no-fix", "fault", "warden-duty", e.date, tables.text("has-no-valid-fix",
            { matter = m.id }))
    elseif short then
        finding { rule = "patrol.short", level = short.level, matter = m.id, law = tables.version(short.row),
            text = short.text }
    end
    for _, id in ipairs(m.data.places) do
        if m.data.good > 0 and not m.data.seen[id] then
            unvisited[#unvisited + 1] = id
        end
    end
    if #unvisited > 0 then
        tables.flag(m.id, "patrol.unvisited", "warn", "warden-duty", e.date, tables.text("no-fix",
            { unvisited = table.concat(unvisited, ", ") }))
    end
    for id, who in pairs(m.data.joint) do
        if not who then
            unconfirmed[#unconfirmed + 1] = id
        end
    end
    if #unconfirmed > 0 then
        tables.flag(m.id, "joint.unconfirmed", "warn", "warden-duty", e.date, tables.text("named-but-did-not",
            { unconfirmed = table.concat(unconfirmed, ", ") }))
    end
end

-- Minutes walked until a time, pauses left out
local function walked(m, e, untl)
    local seconds = untl - m.data.started
    for _, pause in ipairs(m.data.pauses) do
        seconds = seconds - math.max(0, math.min(pause[2] or e.time, untl) - math.min(pause[1], untl))
    end
    return seconds // 60
end

-- The days of a patrol, in order, and the minutes of each
local function by_days(m, e)
    local list, before, day = {}, 0, date.of(m.data.started)
    while date.compare(day, e.date) <= 0 do
        local last = date.compare(day, e.date) == 0
        local until_then = walked(m, e, last and e.time or date.midnight(day))
        list[#list + 1] = { date = day, minutes = until_then - before }
        before, day = until_then, date.add(day, { days = 1 })
    end
    return list
end

acts["patrol-end"] = {
    doc = "the patrol is over; places with a valid fix count as visited",
    fields = {
        result = { "enum", values = { "normal", "clue", "broken-off" }, required = true },
        text = { "string", max = 200 },
    },
    run = function(e)
        local m = mine(e)
        local seconds = e.time - m.data.started
        for _, pause in ipairs(m.data.pauses) do
            seconds = seconds - ((pause[2] or e.time) - pause[1])
        end
        judge(e, m, seconds // 60)
        if m.data.good > 0 then
            local all, by_day = { e.uid, table.unpack(m.data.with) }, by_days(m, e)
            for _, id in ipairs(m.data.places) do
                local days = {}
                for _, day in ipairs(by_day) do
                    if m.data.days[day.date .. "/" .. id] then
                        days[#days + 1] = day.date
                    end
                end
                if m.data.seen[id] then
                    wardens.visited(e, id, all, days)
                end
            end
            for i, day in ipairs(by_day) do
                -- One patrol; it belongs to each of its days, and is counted once in all
                local more = i > 1 and "_over" or ""
                c.count_on(day.date, e.uid, "patrols" .. more)
                c.count_on(day.date, e.uid, "minutes", day.minutes)
                c.count_on(day.date, e.uid, "metres", m.data.by_day and m.data.by_day[day.date] or 0)
                for _, uid in ipairs(m.data.with) do
                    c.count_on(day.date, uid, "joined" .. more)
                end
            end
        end
        matter.set(m.id, { ended = e.time, result = e.data.result })
        store.set("patrol/" .. tostring(e.uid), nil)
        store.set("using/" .. m.data.device, nil)
        matter.move(m.id, "ended")
    end,
}

return {
    acts = acts,
    matters = {
        patrol = {
            title = { en = "Patrol", zh = "巡查" },
            stages = {
                walking = { to = { "paused", "ended" } },
                paused = { to = { "walking", "ended" } },
                ended = { final = true },
            },
            first = "walking",
        },
    },
}
