-- SPDX-License-Identifier: GPL-2.0-only
--
-- Coverage by kind of place, effort by warden. Both add up what `wardens` and
-- `patrols` wrote a day at a time.

local KINDS = include("wardens").kinds
local text = include("common").text
local clues = include("clues").reports.clues.run

local function within(q, day)
    return (not q.from or day >= q.from) and (not q.to or day <= q.to)
end

local function coverage(q)
    local visited = {}
    for _, key in ipairs(store.keys("visit/")) do
        if within(q, string.sub(key, 7, 16)) then
            visited[string.sub(key, 18)] = true
        end
    end
    local lapsed = {}
    for _, m in ipairs(matter.find { kind = "beat", stage = "lapsed" }) do
        lapsed[m.place] = true
    end
    local all = { kind = "all", places = 0, km = 0, bound = 0, visited = 0, lapsed = 0 }
    local rows = {}
    for _, kind in ipairs(KINDS) do
        local row = { kind = kind, places = 0, km = 0, bound = 0, visited = 0, lapsed = 0 }
        for _, p in ipairs(place.find { kind = kind }) do
            if office.seen(p.office) then
                row.places = row.places + 1
                row.km = row.km + (p.length_km or 0)
                row.bound = row.bound + (store.get("beat/" .. p.id) and 1 or 0)
                row.visited = row.visited + (visited[p.id] and 1 or 0)
                row.lapsed = row.lapsed + (lapsed[p.id] and 1 or 0)
            end
        end
        for _, name in ipairs({ "places", "km", "bound", "visited", "lapsed" }) do
            all[name] = all[name] + row[name]
        end
        rows[#rows + 1] = row
    end
    rows[#rows + 1] = all
    for _, row in ipairs(rows) do
        row.km = math.floor(row.km * 1000 + 0.5) / 1000
        row.percent = row.places > 0 and row.visited * 100 // row.places or 0
    end
    return rows
end

local COUNTS = { "patrols", "joined", "minutes", "metres", "publicity", "reached", "clue", "element", "joint",
    "mobilise", "people" }

-- In a report: is that warden of an office the one who asks may see?
local function seen(uid)
    local who = actor.get(math.tointeger(uid))
    return office.seen(who and who.office)
end

local function effort(q)
    local rows, at = {}, {}
    local all = { warden = "all" }
    for _, name in ipairs(COUNTS) do
        all[name] = 0
    end
    for _, key in ipairs(store.keys("effort/")) do
        if within(q, string.sub(key, 8, 17)) and seen(string.sub(key, 19)) then
            local uid = string.sub(key, 19)
            local row = at[uid]
            if not row then
                row = { warden = uid }
                for _, name in ipairs(COUNTS) do
                    row[name] = 0
                end
                at[uid] = row
                rows[#rows + 1] = row
            end
            for name, n in pairs(store.get(key)) do
                -- Begun the day before: counted there, unless the period begins here
                local over = string.match(name, "^(.*)_over$")
                name = over or name
                if not over or string.sub(key, 8, 17) == q.from then
                    row[name] = row[name] + n
                    all[name] = all[name] + n
                end
            end
        end
    end
    rows[#rows + 1] = all
    return rows
end

local acts = {}

acts["bulletin"] = {
    doc = "a period as it was: coverage, effort, clues, cases; each kind that was not covered",
    fields = {
        from = { "date", required = true },
        to = { "date", required = true },
    },
    run = function(e)
        if e.data.to < e.data.from then
            refuse(tables.text("period-ends-before-begins"))
        end
        local covered, worked, received, cases = coverage(e.data), effort(e.data), 0, 0
        for _, row in ipairs(clues(e.data)) do
            received, cases = received + row.received, cases + row.cases
        end
        for _, row in ipairs(covered) do
            if row.kind ~= "all" and row.visited < row.places then
                tables.flag(nil, "coverage.gap", "warn", "warden-duty", e.date,
                    tables.text("were-visited", { kind = row.kind,
                    visited = row.visited, places = row.places }))
            end
        end
        local all, sum = covered[#covered], worked[#worked]
        notice { kind = "bulletin", key = e.data.from .. "/" .. e.data.to,
            title = tables.text("eco-policing-in-period"),
            text = tables.text("wardens-places-visited-patrols", { get = store.get("wardens") or 0,
                places = all.places, visited = all.visited, patrols = sum.patrols, received = received, cases = cases,
                publicity = sum.publicity, element = sum.element, joint = sum.joint, mobilise = sum.mobilise }) }
    end,
}

return {
    acts = acts,
    reports = {
        coverage = {
            doc = "places by kind: how many, with a warden, visited in the period, lapsed now",
            columns = { "kind", "places", "km", "bound", "visited", "percent", "lapsed" },
            run = coverage,
        },
        effort = {
            doc = "the five duties by warden in the period: patrols, minutes, metres, and the others",
            columns = { "warden", table.unpack(COUNTS) },
            run = effort,
        },
    },
}
