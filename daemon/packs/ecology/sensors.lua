-- SPDX-License-Identifier: GPL-2.0-only
--
-- Sensors of the recorder: an act says what a source means; from then on its edge
-- opens a clue by itself and can fire the sampler.

local c = include("common")
local clues = include("clues")
local text, no, need = c.text, c.no, c.need

local SORTS = {
    level = { sort = "other", en = "water level over its line", zh = "水位越线" },
    quality = { sort = "pollution", en = "water quality over its limit", zh = "水质超标" },
    gate = { sort = "occupation", en = "gate opened", zh = "闸门开启" },
}

local acts = {}

acts["sensor"] = {
    doc = "a source of the recorder stands for this at that place",
    roles = { "command" },
    fields = {
        source = { "string", required = true, min = 1, max = 64, doc = "name of the source" },
        place = { "place", required = true },
        sort = { "enum", values = { "level", "quality", "gate" }, required = true },
        on = { "integer", min = 0, max = 1, default = 1, doc = "level of the line that is the alarm" },
        value = { "string", min = 1, max = 31, doc = "of a sensor that measures: the value that is looked at" },
        above = { "number", doc = "the alarm is above this" },
        below = { "number", doc = "the alarm is below this" },
        sampler = { "string", max = 64, doc = "output that takes a sample" },
    },
    run = function(e)
        local old = store.get("sensor/" .. e.data.source)
        if old then
            no("source %s stands at %s: end that first", "信号源 %s 已用于 %s，请先解除",
                e.data.source, old.place)
        end
        local limit = e.data.above ~= nil or e.data.below ~= nil
        if limit ~= (e.data.value ~= nil) then
            no("a value has a limit, above or below, and a limit has a value",
                "测量值须有上限或下限，上限或下限须有测量值")
        end
        store.set("sensor/" .. e.data.source, { place = e.data.place, sort = e.data.sort,
            on = e.data.on, sampler = e.data.sampler, value = e.data.value,
            above = e.data.above, below = e.data.below })
    end,
}

acts["sensor-end"] = {
    doc = "the source stands for nothing any more",
    roles = { "command" },
    fields = {
        source = { "string", required = true, max = 64 },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        if not store.get("sensor/" .. e.data.source) then
            no("source %s stands for nothing", "信号源 %s 未登记", e.data.source)
        end
        store.set("sensor/" .. e.data.source, nil)
    end,
}

acts["gate-plan"] = {
    doc = "the gate will be operated: no clue while that holds",
    roles = { "department", "command", "station" },
    fields = {
        source = { "string", required = true, max = 64 },
        minutes = { "integer", unit = "min", min = 1, max = 1440, required = true,
            doc = "from now on" },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local s = store.get("sensor/" .. e.data.source)
        if not s or s.sort ~= "gate" then
            no("source %s is no gate", "信号源 %s 不是闸门", e.data.source)
        end
        s.plan = e.time + e.data.minutes * 60
        store.set("sensor/" .. e.data.source, s)
    end,
}

acts["sample"] = {
    doc = "the bottle of the sampler: taken out and sealed, and later the result",
    roles = { "station", "warden", "department" },
    fields = {
        clue = { "matter", required = true },
        bottle = { "string", required = true, min = 1, max = 40, doc = "number of its seal" },
        exceeds = { "boolean", doc = "the laboratory's word; absent: no result yet" },
        report = { "blob", doc = "the laboratory's report" },
    },
    run = function(e)
        local m = need(e.data.clue, "clue", "new", "dispatched", "answered", "cased")
        local bottles = m.data.bottles or {}
        local b = bottles[e.data.bottle]
        if e.data.exceeds == nil then
            if b then
                no("bottle %s is entered already", "样品瓶 %s 已登记", e.data.bottle)
            end
            bottles[e.data.bottle] = { by = e.uid, on = e.date }
        elseif not b then
            no("bottle %s was never entered", "样品瓶 %s 未登记", e.data.bottle)
        elseif b.exceeds ~= nil then
            no("bottle %s has its result", "样品瓶 %s 已有结果", e.data.bottle)
        elseif not e.data.report then
            no("a result has the laboratory's report", "结果须附检测报告")
        else
            b.exceeds, b.report = e.data.exceeds, e.data.report
            if b.exceeds then
                finding { rule = "sample.exceeds", level = "fault", matter = m.id, text = text(
                    "bottle %s is over the limit", "样品 %s 超标", e.data.bottle) }
            end
        end
        matter.set(m.id, { bottles = bottles })
    end,
}

-- Below the line again: what is open is noted, and the sampler rests.
local function normal(e, s, key)
    local m = matter.find { kind = "clue", key = key, open = true }[1]
    if m then
        matter.note(m.id, text("%s: back to normal", "%s：恢复正常", e.source))
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
        matter.note(id, text("the station's clock was not synchronised", "本站时钟未同步"))
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
        finding { rule = "sensor.missed", level = "warn", text = text(
            "%s at %s: an edge before this was missed", "%s（%s）：此前有信号丢失", e.source, name) }
    end
    if e.level ~= s.on then
        normal(e, s, key)
    else
        alarm(e, s, key, text("%s at %s", "%s（%s）", what.en, name))
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
    alarm(e, s, key, text("%s at %s: %s is %g %s", "%s（%s）：%s 为 %g %s", SORTS[s.sort].en,
        c.name_of(s.place), s.value, value, unit))
end

-- A sensor that says nothing may hide what it should tell.
local function missing(e, en, zh)
    local s = store.get("sensor/" .. e.source)
    if not s then
        return
    end
    finding { rule = "sensor." .. e.kind, level = "fault", text = text(
        "%s at %s " .. en, "%s（%s）" .. zh, e.source, c.name_of(s.place)) }
end

local function silent(e)
    missing(e, "says nothing", "无信号")
end

local function gone(e)
    missing(e, "is gone", "设备已断开")
end

local function storm(e)
    if not e.over then
        missing(e, "tells more than it may: its wiring is to be looked at", "信号过于频繁，请检查接线")
    end
end

local function lost(e)
    local s = e.source and store.get("sensor/" .. e.source)
    if s then
        finding { rule = "sensor.lost", level = "warn", text = text(
            "%s at %s: %d events were lost", "%s（%s）：丢失 %d 个信号", e.source,
            c.name_of(s.place), e.count or 0) }
    end
end

return { acts = acts, on = { edge = edge, lost = lost, measure = measure, silent = silent,
    gone = gone, storm = storm } }
