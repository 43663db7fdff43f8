-- SPDX-License-Identifier: GPL-2.0-only
-- What lies along a road: from its number and kilometres to positions, by the lines that the
-- register of places has for its sections; and the two formats for what stands in drivers' way.

local F, rows = ...

-- Of one km alone: as far as it is told
local SPOT = 0.1

-- The sections of each road that have a line, by km
local sections
local function sections_of(road)
    if not sections then
        sections = {}
        for _, one in ipairs(F.about.places or {}) do
            local at = one.data and one.data.geometry
            if one.road and at and at.type == "LineString" then
                sections[one.road] = sections[one.road] or {}
                table.insert(sections[one.road], { from = one.from_km, to = one.to_km, line = at.coordinates })
            end
        end
        for _, list in pairs(sections) do
            table.sort(list, function(a, b) return a.from < b.from end)
        end
    end
    return sections[road] or {}
end

-- How far apart on the ground, near enough for parts of a line
local function distance(a, b)
    local east = (b[1] - a[1]) * math.cos(math.rad((a[2] + b[2]) / 2))
    return math.sqrt(east * east + (b[2] - a[2]) ^ 2)
end

local function between(a, b, part)
    local function round(x) return math.floor(x * 1e7 + 0.5) / 1e7 end
    return { round(a[1] + (b[1] - a[1]) * part), round(a[2] + (b[2] - a[2]) * part) }
end

-- The positions of a section from one km to another, both within it
local function cut(section, from, to)
    local line, whole, at, positions = section.line, 0, 0, {}
    for i = 2, #line do whole = whole + distance(line[i - 1], line[i]) end
    local km = section.to - section.from
    if whole == 0 or km <= 0 then return { line[1] } end
    local first, last = (from - section.from) / km * whole, (to - section.from) / km * whole
    for i = 2, #line do
        local length = distance(line[i - 1], line[i])
        local function put(where)
            if length > 0 and at <= where and where <= at + length then
                positions[#positions + 1] = between(line[i - 1], line[i], (where - at) / length)
            end
        end
        if #positions == 0 then put(first) end
        if at + length > first and at + length < last then positions[#positions + 1] = { line[i][1], line[i][2] } end
        if #positions > 0 and to > from and last <= at + length then
            put(last)
            break
        end
        at = at + length
    end
    return positions
end

-- Where a row is: a point of one km, a line of two, the whole road without; nil where the
-- register has no line for it
function F.along(row)
    local from, to = row.from_km, row.to_km or row.from_km
    local positions = {}
    for _, one in ipairs(sections_of(row.road)) do
        local a, b = math.max(from or one.from, one.from), math.min(to or one.to, one.to)
        if a <= b then
            for _, p in ipairs(cut(one, a, b)) do
                local last = positions[#positions]
                if not last or last[1] ~= p[1] or last[2] ~= p[2] then positions[#positions + 1] = p end
            end
        end
    end
    if #positions == 0 then return nil end
    if #positions == 1 then return { type = "Point", coordinates = positions[1] } end
    return { type = "LineString", coordinates = positions }
end

-- As a line in any case; against the kilometres where that is the way it is about
local function line_of(row)
    local to = row.to_km or row.from_km and row.from_km + SPOT
    local at = F.along { road = row.road, from_km = row.from_km, to_km = to }
    if not at or at.type ~= "LineString" then return nil end
    if row.direction ~= "down" then return at.coordinates end
    local back = {}
    for i = #at.coordinates, 1, -1 do back[#back + 1] = at.coordinates[i] end
    return back
end

-- WZDx 4.2, a work zone feed: { id, road, from_km, to_km, direction, from, to, created, updated,
-- title, text, impact }. What the register has no line for cannot be in it.
function F.formats.wzdx()
    local features, source = {}, F.uuid("wzdx")
    for _, row in ipairs(rows) do
        local line = row.impact and row.to and line_of(row)
        if line then
            features[#features + 1] = { type = "Feature", id = row.id,
                geometry = { type = "LineString", coordinates = line },
                properties = {
                    core_details = { event_type = "work-zone", data_source_id = source, road_names = { row.road },
                        direction = "unknown", name = F.both(row.title), description = F.both(row.text),
                        creation_date = F.utc(row.created), update_date = F.utc(row.updated) },
                    beginning_milepost = row.from_km, ending_milepost = row.to_km,
                    start_date = F.utc(row.from), end_date = F.utc(row.to), vehicle_impact = row.impact,
                    location_method = "unknown", is_start_date_verified = false, is_end_date_verified = false,
                    is_start_position_verified = false, is_end_position_verified = false } }
        end
    end
    return { kind = "json", body = { type = "FeatureCollection", features = F.list(features),
        feed_info = { publisher = F.station.name, version = "4.2", update_date = F.utc(F.about.now),
            data_sources = { { data_source_id = source, organization_name = F.station.name } } } } }
end

-- CIFS, version 2: the same rows, with incident, one of its types
function F.formats.cifs()
    local all = {}
    for _, row in ipairs(rows) do
        local line = row.incident and line_of(row)
        if line then
            local points = {}
            for i, p in ipairs(line) do points[i] = string.format("%.7f %.7f", p[2], p[1]) end
            all[#all + 1] = F.element("incident", F.elements {
                { "creationtime", F.utc(row.created, "+00:00") }, { "updatetime", F.utc(row.updated, "+00:00") },
                { "type", row.incident }, { "description", F.text(row.text, "zh") }, { "street", row.road },
                { "polyline", table.concat(points, " ") },
                { "direction", (row.direction or "both") == "both" and "BOTH_DIRECTIONS" or "ONE_DIRECTION" },
                { "starttime", F.utc(row.from, "+00:00") }, row.to and { "endtime", F.utc(row.to, "+00:00") } or {},
            }, { id = row.id })
        end
    end
    return { kind = "xml", body = F.element("incidents", all) }
end
