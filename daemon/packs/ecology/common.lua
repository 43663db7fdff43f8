-- SPDX-License-Identifier: GPL-2.0-only
--
-- What every file of this pack says again and again

local M = {}

function M.has_role(actor_, role)
    return actor_ ~= nil and (actor_.roles[role] or actor_.roles["ecology." .. role]) == true
end

function M.name_of(place_id)
    local p = place.get(place_id)
    return p and (p.name or p.id) or tostring(place_id)
end

-- One duty done by `uid` on the day of the event: what the report `effort` adds up
function M.count(e, uid, what, n)
    M.count_on(e.date, uid, what, n)
end

function M.count_on(day, uid, what, n)
    local key = "effort/" .. day .. "/" .. tostring(uid)
    local row = store.get(key) or {}
    row[what] = (row[what] or 0) + (n or 1)
    store.set(key, row)
end

return M
