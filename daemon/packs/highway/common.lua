-- SPDX-License-Identifier: GPL-2.0-only
--
-- What every file of this pack says again and again

local M = {}

function M.has_role(actor_, role)
    return actor_ ~= nil and (actor_.roles[role] or actor_.roles["highway." .. role]) == true
end

function M.name_of(place_id)
    local p = place.get(place_id)
    return p and (p.name or p.id) or tostring(place_id)
end

-- What stands in the store for a group that is open
function M.group(id)
    local g = store.get("group/" .. id)
    if not g then
        tables.refuse("no-open-group", { matter = id })
    end
    return g
end

-- ... or of one that is closed: what was begun there is ended there
function M.group_that_was(id)
    return store.get("group/" .. id) or store.get("closed/" .. id) or M.group(id)
end

-- Roads are written in many ways: "g60 " is G60
function M.road(name)
    -- In full width, too
    local plain = string.gsub(name, utf8.charpattern, function(sign)
        local n = utf8.codepoint(sign)
        return n == 0x3000 and "" or n >= 0xff01 and n <= 0xff5e and utf8.char(n - 0xfee0) or nil
    end)
    return (string.upper(string.gsub(plain, "%s", "")))
end

-- A driver who is in the group: admitted by name, known here by a pseudonym alone
function M.member(group, subject)
    local entry = store.get("member/" .. group .. "/" .. subject)
    if not entry then
        tables.refuse("not-in-group", { subject = subject, group = group })
    end
    return entry
end

-- Whether a day lies in the period of a report
function M.period(q, day)
    return (not q.from or day >= q.from) and (not q.to or day <= q.to)
end

return M
