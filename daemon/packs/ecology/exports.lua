-- SPDX-License-Identifier: GPL-2.0-only
--
-- Patrols as others read them: those begun in the period, or one by its id.

local fixes = include("fixes")

local function patrols(q)
    local list = {}
    for _, m in ipairs(matter.find { kind = "patrol" }) do
        local day = date.of(m.data.started)
        if (not q.patrol or q.patrol == m.id) and (not q.from or day >= q.from) and (not q.to or day <= q.to) then
            list[#list + 1] = m
        end
    end
    return list
end

local exports = {}

function exports.tracks(q)
    local rows = {}
    for _, m in ipairs(patrols(q)) do
        local line = {}
        for _, f in ipairs(fixes.track(m.id)) do
            if f.rule then
                rows[#rows + 1] = { id = string.format("%s/%d/%d", m.id, f.n, f.t),
                    geometry = { type = "Point", coordinates = { f.lon, f.lat } }, times = { time = f.t },
                    properties = { patrol = m.id, n = f.n, rule = f.rule } }
            else
                line[#line + 1] = { f.lon, f.lat }
            end
        end
        -- A line has two positions at the least.
        local at = #line > 1 and { type = "LineString", coordinates = line }
            or #line == 1 and { type = "Point", coordinates = line[1] } or nil
        rows[#rows + 1] = { id = m.id, geometry = at, times = { started = m.data.started, ended = m.data.ended },
            properties = { stage = m.stage, mode = m.data.mode, warden = m.data.warden,
            places = m.data.places, metres = m.data.metres, good = m.data.good, bad = m.data.bad } }
    end
    return rows
end

function exports.patrols(q)
    local rows = {}
    for i, m in ipairs(patrols(q)) do
        local breaks = {}
        for j, pause in ipairs(m.data.pauses) do
            breaks[j] = pause[1]
        end
        rows[i] = { name = m.id, text = m.title, points = fixes.track(m.id), breaks = breaks }
    end
    return rows
end

return exports
