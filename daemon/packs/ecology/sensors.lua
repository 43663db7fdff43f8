-- SPDX-License-Identifier: GPL-2.0-only
--
-- Sensors of the recorder: an act says what a source means; from then on its edge
-- opens a clue by itself and can fire the sampler.

local c = include("common")
local clues = include("clues")

local SORTS = {
    level = { sort = "other", en = "water level over its line", zh = "水位越线" },
    quality = { sort = "pollution", en = "water quality over its limit", zh = "水质超标" },
    gate = { sort = "occupation", en = "gate opened", zh = "闸门开启" },
}

local acts = {}

acts["sensor"] = {
    doc = "a source of the recorder is registered for this at that place",
    fields = {
        source = { "string", required = true, min = 1, max = 64, doc = "name of the source" },
        place = { "place", required = true },
        sort = { "enum", values = { "level", "quality", "gate" }, required = true },
        on = { "integer", min = 0, max = 1, default = 1, doc = "level of the line that is the alarm" },
        value = { "string", min = 1, max = 31, doc = "of a sensor that measures: the value that is checked" },
        above = { "number", doc = "the alarm is above this" },
        below = { "number", doc = "the alarm is below this" },
        sampler = { "string", max = 64, doc = "output that takes a sample" },
    },
    run = function(e)
        local old = store.get("sensor/" .. e.data.source)
        if old then
            tables.refuse("source-stands-end-first", { source = e.data.source, place = old.place })
        end
        local limit = e.data.above ~= nil or e.data.below ~= nil
        if limit ~= (e.data.value ~= nil) then
            tables.refuse("value-has-limit-above")
        end
        store.set("sensor/" .. e.data.source, { place = e.data.place, sort = e.data.sort,
            on = e.data.on, sampler = e.data.sampler, value = e.data.value,
            above = e.data.above, below = e.data.below })
    end,
}

acts["sensor-end"] = {
    doc = "the source is no longer registered",
    fields = {
        source = { "string", required = true, max = 64 },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        if not store.get("sensor/" .. e.data.source) then
            tables.refuse("source-stands-for-nothing", { source = e.data.source })
        end
        store.set("sensor/" .. e.data.source, nil)
    end,
}

acts["gate-plan"] = {
    doc = "the gate will be operated: no clue during that time",
    fields = {
        source = { "string", required = true, max = 64 },
        minutes = { "integer", unit = "min", min = 1, max = 1440, required = true,
            doc = "from now on" },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local s = store.get("sensor/" .. e.data.source)
        if not s or s.sort ~= "gate" then
            tables.refuse("source-no-gate", { source = e.data.source })
        end
        s.plan = e.time + e.data.minutes * 60
        store.set("sensor/" .. e.data.source, s)
    end,
}

acts["sample"] = {
    doc = "the bottle of the sampler: taken out and sealed, and later the result",
    fields = {
        clue = { "matter", required = true },
        bottle = { "string", required = true, min = 1, max = 40, doc = "number of its seal" },
        exceeds = { "boolean", doc = "the laboratory's word; absent: no result yet" },
        report = { "blob", doc = "the laboratory's report" },
    },
    run = function(e, m)
        local bottles = m.data.bottles or {}
        local b = bottles[e.data.bottle]
        if e.data.exceeds == nil then
            if b then
                tables.refuse("bottle-entered-already", { bottle = e.data.bottle })
            end
            bottles[e.data.bottle] = { by = e.uid, on = e.date }
        elseif not b then
            tables.refuse("bottle-was-never-entered", { bottle = e.data.bottle })
        elseif b.exceeds ~= nil then
            tables.refuse("bottle-has-its-result", { bottle = e.data.bottle })
        elseif not e.data.report then
            tables.refuse("result-has-laboratory-s")
        else
            b.exceeds, b.report = e.data.exceeds, e.data.report
            if b.exceeds then
                tables.flag(m.id, "sample.exceeds", "fault", "sample-limit", e.date,
                    tables.text("bottle-over-limit", { bottle = e.data.bottle }))
            end
        end
        matter.set(m.id, { bottles = bottles })
    end,
}

-- Below the line again: what is open is noted, and the sampler rests.
local function normal(e, s, key)
    local m = matter.find { kind = "clue", key = key, open = true }[1]
    if m then
        matter.note(m.id, tables.text("back-normal", { source = e.source }))
        matter.set(m.id, { cleared = e.time })
    end
    if s.sampler then
        output.set(s.sampler, 0)
    end
end

local function alarm(e, s, key, what)
    if s.plan and e.time <= s.plan then
        return
    end
    local id, new = clues.open(e, { place = s.place, sort = SORTS[s.sort].sort, source = e.source,
        text = what }, key)
    if not e.synced then
        matter.note(id, tables.text("station-s-clock-was"))
    end
    if s.sampler and new then
        output.set(s.sampler, 1)
    end
end

local function edge(e)
    local s = store.get("sensor/" .. e.source)
    if not s or s.value then
        return
    end
    local what, name = SORTS[s.sort], c.name_of(s.place)
    local key = "sensor:" .. e.source
    if e.missed then
        tables.flag(nil, "sensor.missed", "warn", "sensor-heard", e.date, tables.text("edge-before-was-missed",
            { source = e.source, name = name }))
    end
    if e.level ~= s.on then
        normal(e, s, key)
    else
        alarm(e, s, key, tables.text("text", { what = what.en, name = name, what2 = what.en }))
    end
end

-- A measure is a level of its own: over the line or not. What it was is kept, so that
-- only a change makes something of it.
local function measure(e)
    local s = store.get("sensor/" .. e.source)
    local value = s and s.value and e.values and e.values[s.value]
    if not value then
        return
    end
    local over = (s.above ~= nil and value > s.above) or (s.below ~= nil and value < s.below)
    if over == (s.over or false) then
        return
    end
    s.over = over
    store.set("sensor/" .. e.source, s)
    local key = "sensor:" .. e.source
    if not over then
        normal(e, s, key)
        return
    end
    local unit = e.units and e.units[s.value] or ""
    alarm(e, s, key, tables.text("text-2", { sort = SORTS[s.sort].en, place = c.name_of(s.place), value = s.value,
        value2 = string.format("%g", value), unit = unit, sort2 = SORTS[s.sort].en }))
end

-- A sensor that says nothing may hide what it should tell.
local function missing(e, said)
    local s = store.get("sensor/" .. e.source)
    if not s then
        return
    end
    tables.flag(nil, "sensor." .. e.kind, "fault", "sensor-heard", e.date, tables.text(said, { source = e.source,
        name = c.name_of(s.place) }))
end

local function silent(e)
    missing(e, "sensor.silent")
end

local function gone(e)
    missing(e, "sensor.gone")
end

local function storm(e)
    if not e.over then
        missing(e, "sensor.storm")
    end
end

local function lost(e)
    local s = e.source and store.get("sensor/" .. e.source)
    if s then
        tables.flag(nil, "sensor.lost", "warn", "sensor-heard", e.date,
            tables.text("events-were-lost", { source = e.source,
            place = c.name_of(s.place), count = e.count or 0 }))
    end
end

return { acts = acts, on = { edge = edge, lost = lost, measure = measure, silent = silent,
    gone = gone, storm = storm } }
