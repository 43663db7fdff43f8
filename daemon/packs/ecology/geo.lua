-- SPDX-License-Identifier: GPL-2.0-only
--
-- Metres between fixes, and whether a fix lies in a place.

local M = {}
local EARTH = 6371008.8     -- metres, mean radius

-- Whole metres, so that the sum is the same on every machine
function M.metres(a, b)
    local rad = math.pi / 180
    local dlat, dlon = (b.lat - a.lat) * rad, (b.lon - a.lon) * rad
    local h = math.sin(dlat / 2) ^ 2
        + math.cos(a.lat * rad) * math.cos(b.lat * rad) * math.sin(dlon / 2) ^ 2
    return math.floor(2 * EARTH * math.asin(math.min(1, math.sqrt(h))) + 0.5)
end

-- Whether `id` is `above`, or a place somewhere within it
local function part_of(id, above)
    for _ = 1, 32 do
        if id == above then
            return true
        end
        local p = place.get(id)
        id = p and p.parent
        if not id then
            return false
        end
    end
    return false
end

-- true, false, or nil where the extent of the place is not known. Its data.box
-- {west, south, east, north} decides; without it the smallest area with the point.
function M.inside(id, lon, lat)
    local p = place.get(id)
    local box = p and p.data and p.data.box
    if box then
        return lon >= box[1] and lat >= box[2] and lon <= box[3] and lat <= box[4]
    end
    local around = place.covering(lon, lat)
    if around and part_of(around.id, id) then
        return true
    elseif p and p.area or around and not part_of(id, around.id) then
        return false
    end
    return nil
end

return M
