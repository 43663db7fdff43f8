-- SPDX-License-Identifier: GPL-2.0-only
--
-- Notices to the groups. Which facts each kind must have stands in data/notices.json;
-- an update and a cancellation refer to what they replace.

local c = include("common")
local KINDS = data("notices")

local FIELDS = {
    road = { "string", max = 20, doc = "number of the road" },
    from_km = { "number", unit = "km", min = 0, max = 10000 },
    to_km = { "number", unit = "km", min = 0, max = 10000 },
    direction = { "enum", values = { "up", "down", "both" } },
    from = { "time", doc = "valid from; at once if absent" },
    to = { "time", doc = "valid to" },
    known = { "time", doc = "when it became known" },
    flow = { "integer", unit = "vehicles/h", min = 0, max = 100000 },
    hours = { "list", of = { "string", pattern = "^%d%d:%d%d%-%d%d:%d%d$" }, max = 6,
        doc = "hours of the day, as 07:00-09:00" },
    law = { "string", max = 120, doc = "the clause that is explained" },
    en = { "string", required = true, min = 2, max = 400 },
    zh = { "string", required = true, min = 2, max = 200 },
}

local function with(fields)
    for name, spec in pairs(FIELDS) do
        fields[name] = spec
    end
    return fields
end

-- A time as in 2026-11-23T10:00:00+08:00, in seconds since 1970
local function seconds(t)
    if not t then
        return nil
    end
    local sign, zh, zm = string.match(t, "([+-])(%d%d):(%d%d)$")
    local offset = sign and (zh * 60 + zm) * (sign == "-" and -60 or 60) or 0
    local clock = string.sub(t, 12, 13) * 3600 + string.sub(t, 15, 16) * 60 + string.sub(t, 18, 19)
    return math.tointeger(date.days("1970-01-01", string.sub(t, 1, 10)) * 86400 + clock - offset)
end

-- The facts of an act, times as seconds; refuses what the kind must have and has not
local function facts(e, sort)
    local f = {}
    for name in pairs(FIELDS) do
        f[name] = e.data[name]
    end
    for _, name in ipairs({ "from", "to", "known" }) do
        f[name] = seconds(f[name])
    end
    for _, name in ipairs(KINDS[sort].needs) do
        if f[name] == nil then
            tables.refuse("notice-kind-needs", { sort = sort, name = name })
        end
    end
    f.from = f.from or e.time
    if f.to and f.to <= f.from then
        tables.refuse("notice-would-end-before")
    elseif f.to and f.to <= e.time then
        tables.refuse("notice-would-over-when")
    elseif f.from_km and f.to_km and f.to_km < f.from_km then
        tables.refuse("km-less-than-from")
    end
    return f
end

local function prompt(e, sort, f)
    local late = KINDS[sort].prompt and tables.evaluate("act.publish", { on = e.date,
        known = e.time - f.known })["notice.late"]
    if late then
        finding { rule = "notice.late", level = late.level, law = tables.version(late.row), text = late.text }
    end
end

local function where(f)
    if not f.road then
        return ""
    elseif not f.from_km then
        return f.road .. " "
    end
    return string.format("%s K%.10g%s ", f.road, f.from_km,
        f.to_km and string.format("-K%.10g", f.to_km) or "")
end

local function publish(n, f, refers)
    local kind, extra = KINDS[n.sort], ""
    if f.flow then
        extra = string.format(" %d veh/h", f.flow)
    end
    if f.hours then
        extra = extra .. " " .. table.concat(f.hours, ", ")
    end
    if f.law then
        extra = extra .. " " .. f.law
    end
    local title = { en = kind.en, zh = kind.zh }
    if refers then
        title = { en = string.format("%s: update %d", kind.en, n.version),
            zh = string.format("%s：第 %d 次更新", kind.zh, n.version) }
    end
    f.road = f.road and c.road(f.road)
    local at = f.road and f.from_km and place.at(f.road, f.from_km)
    n.at = { road = f.road, from_km = f.from_km, to_km = f.to_km, direction = f.direction }
    return notice { kind = n.sort, title = title, key = n.number,
        group = n.group, place = at and at.id, from = f.from, to = f.to, refers = refers,
        text = { en = where(f) .. f.en .. extra, zh = where(f) .. f.zh .. extra } }
end

local function mine(e, number)
    local n = store.get("notice/" .. number)
    if not n then
        tables.refuse("there-no-notice", { number = number })
    elseif n.ended then
        tables.refuse("notice-cancelled", { number = number })
    elseif n.to and n.to <= e.time then
        tables.refuse("notice-over-publish-new", { number = number })
    elseif not tables.within(n.office, e.actor.office) then
        tables.refuse("notice-office", { number = number, office = n.office })
    end
    return n
end

local acts = {}

acts["publish"] = {
    doc = "a notice to one group or to all",
    notice = { kind = "sort", key = "number", group = "group", text = "en", ["text-zh"] = "zh",
        from = "from", to = "to" },
    fields = with {
        number = { "string", required = true, min = 1, max = 40, pattern = "^[%w-]+$" },
        sort = { "enum", required = true, values = { "closure", "restriction", "free-passage", "flow",
            "congestion", "condition", "accident", "law" } },
        group = { "office", doc = "absent: all groups" },
    },
    run = function(e)
        if store.get("notice/" .. e.data.number) then
            tables.refuse("notice-was-published-update", { number = e.data.number })
        end
        local g = e.data.group and c.group(e.data.group)
        if c.has_role(e.actor, "leader") or c.has_role(e.actor, "sergeant") then
            if not g or not tables.contains(g.leaders, e.uid) and not tables.contains(g.sergeants, e.uid) then
                tables.refuse("leaders-sergeants-publish-their")
            end
        end
        local f = facts(e, e.data.sort)
        prompt(e, e.data.sort, f)
        local n = { number = e.data.number, sort = e.data.sort, group = e.data.group, to = f.to,
            office = e.actor.office, version = 1 }
        n.id = publish(n, f)
        store.set("notice/" .. n.number, n)
    end,
}

acts["notice-update"] = {
    doc = "a notice is replaced by another that refers to it",
    fields = with { number = { "string", required = true, max = 40 } },
    run = function(e)
        local n = mine(e, e.data.number)
        local f = facts(e, n.sort)
        prompt(e, n.sort, f)
        local id = publish(n, f, n.id)
        notice.cancel(n.id, tables.text("replaced", { matter = id }))
        n.id, n.to, n.version = id, f.to, n.version + 1
        store.set("notice/" .. n.number, n)
    end,
}

acts["notice-cancel"] = {
    doc = "a notice is cancelled; a new notice says so and refers to it",
    fields = {
        number = { "string", required = true, max = 40 },
        en = { "string", required = true, min = 2, max = 400 },
        zh = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local n = mine(e, e.data.number)
        local kind, said = KINDS[n.sort], { en = e.data.en, zh = e.data.zh }
        notice.cancel(n.id, said)
        notice { kind = "cancel", key = n.number, group = n.group, refers = n.id, text = said,
            title = { en = kind.en .. ": cancelled", zh = kind.zh .. "：撤销" } }
        n.ended = true
        store.set("notice/" .. n.number, n)
    end,
}

return { acts = acts }
