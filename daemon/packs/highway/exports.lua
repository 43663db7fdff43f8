-- SPDX-License-Identifier: GPL-2.0-only
--
-- The road as others read it: hazards, alerts, and what stands in drivers' way.

-- What a kind of notice is elsewhere; see data/notices.json for what it is here
local KINDS = {
    closure = { category = "Transport", severity = "Severe", impact = "all-lanes-closed", incident = "ROAD_CLOSED" },
    restriction = { category = "Transport", severity = "Moderate", impact = "some-lanes-closed", incident = "HAZARD" },
    accident = { category = "Transport", severity = "Severe", incident = "ACCIDENT" },
    condition = { category = "Transport", severity = "Moderate", incident = "HAZARD" },
    congestion = { category = "Transport", severity = "Minor", incident = "JAM" },
}

-- Ours, the earliest first, and by number
local function ours(given)
    local list, by = {}, {}
    for i = #given.notices, 1, -1 do
        local one = given.notices[i]
        if one.pack == "highway" then
            list[#list + 1], by[one.id] = one, one
        end
    end
    return list, by
end

local function in_force(one, now)
    return one and not one.cancelled and (not one.to or one.to > now)
end

-- Of a kind, or cancelling one of that kind
local function kind_of(one, by)
    local what = one.kind == "cancel" and by[one.refers] or one
    return KINDS[what.kind], what
end

local exports = {}

local function flood(rows)
    for _, m in ipairs(matter.find { kind = "hazard", open = true }) do
        if m.data.source then
            local where = string.format("%s K%.10g", m.data.road, m.data.km)
            rows[#rows + 1] = { id = m.id, sent = m.opened, type = "Alert", category = "Met", from = m.opened,
                event = { en = "Flooding", zh = "积水" }, urgency = "Immediate", severity = "Severe", certainty = "Observed",
                title = { en = "Water on the road: " .. where, zh = "道路积水：" .. where },
                text = { en = "A flood line of the recorder is under water at " .. where .. ".",
                    zh = where .. " 处水位已超过警戒线。" }, area = where, place = m.place }
        end
    end
end

function exports.alerts(q, given, now)
    local rows, list, by = {}, nil, nil
    list, by = ours(given)
    for _, one in ipairs(list) do
        local kind, what = kind_of(one, by)
        local day, wanted = date.of(one.time), nil
        if q.from or q.to or q.id then
            wanted = (not q.from or day >= q.from) and (not q.to or day <= q.to)
        elseif one.kind == "cancel" then
            -- As long as what it cancels would have held
            wanted = not what.to or what.to > now
        else
            wanted = in_force(one, now)
        end
        if kind and wanted then
            local before = one.refers and by[one.refers]
            local at = one.place and place.get(one.place)
            rows[#rows + 1] = { id = "notice-" .. one.id, sent = one.time, from = one.from, to = one.to,
                type = one.kind == "cancel" and "Cancel" or before and "Update" or "Alert",
                refers = before and { { id = "notice-" .. before.id, sent = before.time } } or nil,
                category = kind.category, severity = kind.severity, certainty = "Observed",
                urgency = one.from and one.from > one.time and "Expected" or "Immediate",
                event = what.title or what.kind, title = one.title, text = one.text,
                area = at and at.name or { en = "Roads of the station", zh = "辖区道路" }, place = one.place or nil }
        end
    end
    flood(rows)
    return rows
end

-- Notices in force, each by its own number: an update is still the same
local function events(given, now)
    local rows = {}
    local list = ours(given)
    local begun = {}
    for _, one in ipairs(list) do
        if one.key then begun[one.key] = begun[one.key] or one.time end
    end
    for _, one in ipairs(list) do
        local kind, n = KINDS[one.kind], one.key and store.get("notice/" .. one.key)
        if kind and n and n.at and n.at.road and in_force(one, now) then
            rows[#rows + 1] = { id = "highway-" .. one.key, road = n.at.road, from_km = n.at.from_km, to_km = n.at.to_km,
                direction = n.at.direction, from = one.from or one.time, to = one.to or nil,
                created = begun[one.key], updated = one.time, title = one.title or one.kind, text = one.text,
                impact = kind.impact, incident = kind.incident }
        end
    end
    return rows
end

function exports.wzdx(_, given, now)
    return events(given, now)
end

function exports.cifs(_, given, now)
    return events(given, now)
end

function exports.hazards(q)
    local rows = {}
    for _, m in ipairs(matter.find { kind = "hazard", open = not q.all }) do
        local day, d = date.of(m.opened), m.data
        if (not q.from or day >= q.from) and (not q.to or day <= q.to) then
            rows[#rows + 1] = { id = m.id, road = d.road, from_km = d.km, place = m.place, times = { opened = m.opened, closed = m.closed }, properties = {
                category = d.category, stage = m.stage, office = m.office, road = d.road, km = d.km,
                direction = d.direction, text = d.text, reports = d.reports } }
        end
    end
    return rows
end

return exports
