-- SPDX-License-Identifier: GPL-2.0-only
-- What exports become: rows of a pack, and a format of others, give a document for document.c
-- to write. Part of the engine, run when an export is asked for (export.c); each format says
-- which members its rows have. Those along roads are in formats_road.lua.

local road_formats, rows, about = ...

local F = { formats = {}, null = store.null, about = about }

-- A list that may be empty: Lua knows no difference between that and an object.
function F.list(items)
    return #items > 0 and items or { ["[]"] = true }
end

-- A time as RFC 3339 has it, in UTC; `zone` is how that is written, "Z" unless said
function F.utc(seconds, zone)
    local rest = seconds % 86400
    return string.format("%sT%02d:%02d:%02d%s", date.add("1970-01-01", { days = seconds // 86400 }),
        rest // 3600, rest // 60 % 60, rest % 60, zone or "Z")
end

-- A text in one language, the other's where it is in that alone
function F.text(text, language)
    if type(text) ~= "table" then return text end
    return text[language] or text[language == "en" and "zh" or "en"] or ""
end

-- Both, for formats without languages
function F.both(text)
    local zh, en = F.text(text, "zh"), F.text(text, "en")
    return zh == en and zh or zh .. " / " .. en
end

-- The office above all, by which others know the station
local function station()
    local top
    for _, one in ipairs(office.find {}) do
        top = top or not one.parent and one
    end
    return top or { id = "station", name = "Tongbu" }
end
F.station = station()
-- CAP has no sender with blanks, commas, < or &.
F.sender = about.query.sender or "tongbu." .. string.gsub(F.station.id, "[%s,<&]", "-")

-- A UUID of a name: the same thing has the same one in each export. Version 5 is the one for
-- names; the hash is SHA-256's, which no version stands for that all readers take.
function F.uuid(name)
    local h = sha256(F.station.id .. "/" .. F.station.name .. "/" .. about.pack .. "/" .. name)
    local variant = string.sub("89ab", tonumber(string.sub(h, 17, 17), 16) % 4 + 1)
    return string.format("%s-%s-5%s-%s%s-%s", string.sub(h, 1, 8), string.sub(h, 9, 12), string.sub(h, 14, 16),
        string.sub(variant, 1, 1), string.sub(h, 18, 20), string.sub(h, 21, 32))
end

-- An element of XML; what is nil is none
function F.element(name, inner, attributes)
    if inner == nil then return nil end
    local list = type(inner) == "table"
    return { name = name, attributes = attributes, text = not list and inner or nil,
        elements = list and #inner > 0 and inner or nil }
end

-- Elements in order, as { name, text or elements, attributes }; those without text are none
function F.elements(list)
    local all = {}
    for i = 1, list.n or #list do
        local one = list[i]
        if one and one[2] ~= nil then all[#all + 1] = F.element(one[1], one[2], one[3]) end
    end
    return all
end

-- GeoJSON (RFC 7946): { id, properties, times, geometry | place | road, from_km, to_km }

-- Twice the area of a ring, positive if it goes round against the clock
local function turn(ring)
    local sum = 0
    for i = 1, #ring - 1 do
        sum = sum + ring[i][1] * ring[i + 1][2] - ring[i + 1][1] * ring[i][2]
    end
    return sum
end

-- The outer ring against the clock, holes with it (RFC 7946, 3.1.6)
local function wound(polygon)
    local rings = {}
    for i, ring in ipairs(polygon) do
        rings[i] = ring
        if turn(ring) ~= 0 and (turn(ring) > 0) ~= (i == 1) then
            rings[i] = {}
            for j = #ring, 1, -1 do rings[i][#rings[i] + 1] = ring[j] end
        end
    end
    return rings
end

-- The extent or the line of a place of the register
function F.shape(place)
    local area = place.area
    if area and area.type == "Polygon" then
        return { type = "Polygon", coordinates = wound(area.coordinates) }
    elseif area then
        local all = {}
        for i, polygon in ipairs(area.coordinates) do all[i] = wound(polygon) end
        return { type = area.type, coordinates = all }
    end
    return place.data and place.data.geometry or nil
end

local by_id
function F.place(id)
    if not by_id then
        by_id = {}
        for _, one in ipairs(about.places or {}) do by_id[one.id] = one end
    end
    return by_id[id]
end

function F.geometry(row)
    local at = row.geometry or row.road and F.along(row)
    if not at and row.place and F.place(row.place) then at = F.shape(F.place(row.place)) end
    return at
end

function F.formats.geojson()
    local features = {}
    for i, row in ipairs(rows) do
        row.properties = row.properties or {}
        for name, seconds in pairs(row.times or {}) do row.properties[name] = F.utc(seconds) end
        features[i] = { type = "Feature", id = row.id, geometry = F.geometry(row) or store.null,
            properties = row.properties }
    end
    return { kind = "json", body = { type = "FeatureCollection", features = F.list(features) } }
end

-- GPX 1.1: { name, text, points = { { t, lon, lat, n, rule } }, breaks = times }; a point with a
-- rule is no part of the line: it stands beside it as a waypoint that says so.

local function point(name, p, inner)
    return F.element(name, F.elements(inner), { lat = p.lat, lon = p.lon })
end

local function segments(row)
    local all, one, last = {}, {}, nil
    for _, p in ipairs(row.points) do
        if not p.rule then
            for _, at in ipairs(row.breaks or {}) do
                if last and last < at and at <= p.t and #one > 0 then
                    all[#all + 1], one = F.element("trkseg", one), {}
                end
            end
            one[#one + 1], last = point("trkpt", p, { { "time", F.utc(p.t) } }), p.t
        end
    end
    if #one > 0 then all[#all + 1] = F.element("trkseg", one) end
    return all
end

function F.formats.gpx()
    local inner = { F.element("metadata", F.elements { { "name", F.both(about.title) }, { "time", F.utc(about.now) } }) }
    for _, row in ipairs(rows) do
        for _, p in ipairs(row.points) do
            if p.rule then
                inner[#inner + 1] = point("wpt", p, { { "time", F.utc(p.t) }, { "name", row.name .. " " .. p.n },
                    { "cmt", p.rule }, { "type", "marked" } })
            end
        end
    end
    for _, row in ipairs(rows) do
        local track = F.elements { { "name", row.name }, row.text and { "desc", F.both(row.text) } or {}, { "type", "patrol" } }
        for _, one in ipairs(segments(row)) do track[#track + 1] = one end
        inner[#inner + 1] = F.element("trk", track)
    end
    return { kind = "xml", body = F.element("gpx", inner,
        { xmlns = "http://www.topografix.com/GPX/1/1", version = "1.1", creator = "Tongbu" }) }
end

-- iCalendar (RFC 5545): { id, stamp, start, finish, title, text, words }

local function escaped(text)
    text = string.gsub(text, "[\\;,]", "\\%0")
    return (string.gsub(string.gsub(text, "\r", ""), "\n", "\\n"))
end

local function stamp(seconds)
    return (string.gsub(F.utc(seconds), "[-:]", ""))
end

function F.formats.icalendar()
    local lines = { "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tongbu//Tongbu//EN", "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:" .. escaped(F.both(about.title)) }
    for _, row in ipairs(rows) do
        local function put(name, value)
            if value then lines[#lines + 1] = name .. ":" .. value end
        end
        put("BEGIN", "VEVENT")
        put("UID", F.uuid(row.id))
        put("DTSTAMP", stamp(row.stamp))
        put("DTSTART", stamp(row.start))
        put("DTEND", row.finish and stamp(row.finish))
        put("SUMMARY", escaped(F.both(row.title)))
        put("DESCRIPTION", row.text and escaped(F.both(row.text)))
        put("CATEGORIES", row.words and escaped(row.words))
        put("TRANSP", not row.finish and "TRANSPARENT")
        put("END", "VEVENT")
    end
    lines[#lines + 1] = "END:VCALENDAR"
    return { kind = "lines", body = lines }
end

-- CAP 1.2: { id, sent, type, refers = { { id, sent } }, category, event, urgency, severity, certainty,
-- from, to, title, text, area, place | road, from_km, to_km }. Several are files of a ZIP file;
-- "id" asks for one alone.

local function cap_time(seconds)
    return seconds and F.utc(seconds, "-00:00")     -- "Z" is not for CAP (3.3.2)
end

local function cap_id(id)
    return (string.gsub(tostring(id), "[%s,<&]", "-"))
end

-- Polygons as "lat,lon lat,lon ...", each an element; CAP has no lines
local function polygons(at)
    local list, all = {}, {}
    if at and at.type == "Polygon" then list = { at.coordinates } end
    if at and at.type == "MultiPolygon" then list = at.coordinates end
    for i, polygon in ipairs(list) do
        local points = {}
        for j, p in ipairs(polygon[1]) do points[j] = string.format("%.10g,%.10g", p[2], p[1]) end
        all[i] = F.element("polygon", table.concat(points, " "))
    end
    return all
end

local function cap_info(row, language, code)
    local area = F.elements { { "areaDesc", F.text(row.area, language) } }
    for _, one in ipairs(polygons(F.geometry(row))) do area[#area + 1] = one end
    return F.element("info", F.elements { { "language", code }, { "category", row.category },
        { "event", F.text(row.event, language) }, { "urgency", row.urgency }, { "severity", row.severity },
        { "certainty", row.certainty }, row.from and { "effective", cap_time(row.from) } or {}, row.to and { "expires", cap_time(row.to) } or {},
        { "senderName", F.station.name }, { "headline", F.text(row.title, language) },
        { "description", F.text(row.text, language) }, { "area", area } })
end

local function alert(row)
    local refers = {}
    for i, one in ipairs(row.refers or {}) do
        refers[i] = string.format("%s,%s,%s", F.sender, cap_id(one.id), cap_time(one.sent))
    end
    local inner = F.elements { { "identifier", cap_id(row.id) }, { "sender", F.sender }, { "sent", cap_time(row.sent) },
        { "status", about.query.exercise and "Exercise" or "Actual" }, { "msgType", row.type }, { "scope", "Public" },
        #refers > 0 and { "references", table.concat(refers, " ") } or {} }
    inner[#inner + 1] = cap_info(row, "zh", "zh-CN")
    inner[#inner + 1] = cap_info(row, "en", "en-US")
    return { name = cap_id(row.id) .. ".cap", kind = "xml",
        body = F.element("alert", inner, { xmlns = "urn:oasis:names:tc:emergency:cap:1.2" }) }
end

function F.formats.cap()
    local all = {}
    for _, row in ipairs(rows) do
        if about.query.id == nil then
            all[#all + 1] = alert(row)
        elseif tostring(row.id) == tostring(about.query.id) then
            return alert(row)
        end
    end
    if about.query.id ~= nil then error("there is no alert " .. tostring(about.query.id) .. " among these", 0) end
    return { kind = "zip", body = F.list(all) }
end

-- OSCAL 1.1 plan of action and milestones: { id, title, text, office, opened, words = { name =
-- value }, due, milestones = { { text, due, done } } }

local function day(text)
    return text .. "T00:00:00Z"
end

local function milestone(row, i, one)
    local task = { uuid = F.uuid(row.id .. "/milestone/" .. i), type = "milestone", title = one.text,
        timing = one.due and { ["on-date"] = { date = day(one.due) } } or nil }
    if one.done then task.remarks = "done " .. tostring(one.done) end
    return task
end

local function risk(row)
    local tasks = {}
    for i, one in ipairs(row.milestones or {}) do tasks[i] = milestone(row, i, one) end
    return { uuid = F.uuid(row.id .. "/risk"), title = row.title, description = row.text, statement = row.text,
        status = row.closed and "closed" or "open", deadline = row.due and day(row.due) or nil,
        remediations = #tasks > 0 and { { uuid = F.uuid(row.id .. "/plan"), lifecycle = "planned", title = row.title,
            description = row.text, tasks = tasks } } or nil }
end

local function poam_item(row)
    local props = {}
    for name, value in pairs(row.words or {}) do
        if tostring(value) ~= "" then
            props[#props + 1] = { name = name, ns = "urn:tongbu:control", value = tostring(value) }
        end
    end
    return { uuid = F.uuid(row.id), title = row.title, description = row.text, props = #props > 0 and props or nil,
        ["related-risks"] = { { ["risk-uuid"] = F.uuid(row.id .. "/risk") } } }
end

F.formats["oscal-poam"] = function()
    local items, risks = {}, {}
    for i, row in ipairs(rows) do
        items[i], risks[i] = poam_item(row), risk(row)
    end
    if #items == 0 then error("there is no finding in it, and a plan of OSCAL has at least one", 0) end
    return { kind = "json", body = { ["plan-of-action-and-milestones"] = {
        uuid = F.uuid("poam/" .. about.now),
        metadata = { title = F.both(about.title), ["last-modified"] = F.utc(about.now), version = F.utc(about.now),
            ["oscal-version"] = "1.1.2" },
        ["system-id"] = { id = F.station.id },
        risks = risks, ["poam-items"] = items } } }
end

-- Tables in a ZIP file: { name, columns, rows }

function F.formats.csv()
    local all = {}
    for i, one in ipairs(rows) do
        local list = {}
        for j, row in ipairs(one.rows) do
            list[j] = {}
            for _, column in ipairs(one.columns) do list[j][column] = row[column] end
        end
        all[i] = { name = one.name .. ".csv", kind = "csv", body = { columns = one.columns, rows = list } }
    end
    return { kind = "zip", body = all }
end

road_formats(F, rows)
return F.formats[about.format]()
