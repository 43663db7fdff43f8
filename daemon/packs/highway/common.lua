-- SPDX-License-Identifier: GPL-2.0-only
--
-- What every file of this pack says again and again: texts in two languages,
-- refusals, whose matter it is.

local M = {}

-- text(en, zh, ...): both formatted with the same values, in the same order
function M.text(en, zh, ...)
    return { en = string.format(en, ...), zh = string.format(zh, ...) }
end

function M.no(en, zh, ...)
    refuse(M.text(en, zh, ...))
end

-- The matter, if it is of this kind and in one of these stages (none: in any)
function M.need(id, kind, ...)
    local m = matter.get(id)
    if not m or m.kind ~= kind then
        M.no("%s is not a matter of kind %s", "%s 不是 %s 类事项", id, kind)
    end
    local stages = { ... }
    if #stages == 0 then
        return m
    end
    for _, stage in ipairs(stages) do
        if m.stage == stage then
            return m
        end
    end
    M.no("%s is in stage %s: this needs %s", "%s 处于 %s 阶段，此操作须在 %s 阶段", id, m.stage,
        table.concat(stages, ", "))
end

-- Whether `id` is `above`, or an office somewhere below it
function M.within(id, above)
    for _ = 1, 32 do
        if id == nil then
            return false
        elseif id == above then
            return true
        end
        local o = office.get(id)
        id = o and o.parent
    end
    return false
end

-- Only the office that owns the matter, or one above it, may go on
function M.own(e, m)
    if not M.within(m.office, e.actor.office) then
        M.no("%s belongs to office %s; %s is not above it", "%s 属于 %s，%s 不是其上级",
            m.id, m.office, e.actor.office)
    end
end

function M.has_role(actor_, role)
    return actor_ ~= nil and (actor_.roles[role] or actor_.roles["highway." .. role]) == true
end

function M.contains(list, value)
    for _, v in ipairs(list or {}) do
        if v == value then
            return true
        end
    end
    return false
end

function M.name_of(place_id)
    local p = place.get(place_id)
    return p and (p.name or p.id) or tostring(place_id)
end

-- What stands in the store for a group that is open
function M.group(id)
    local g = store.get("group/" .. id)
    if not g then
        M.no("%s is no open group", "%s 不是已开放的群组", id)
    end
    return g
end

-- ... or of one that is closed: what was begun there is ended there
function M.group_that_was(id)
    return store.get("group/" .. id) or store.get("closed/" .. id) or M.group(id)
end

-- Roads are written in many ways: "g60 " is G60
function M.road(name)
    return (string.upper(string.gsub(name, "%s", "")))
end

-- A driver who is in the group: admitted by name, known here by a pseudonym alone
function M.member(group, subject)
    local entry = store.get("member/" .. group .. "/" .. subject)
    if not entry then
        M.no("%s is not in group %s", "%s 不在群组 %s 中", subject, group)
    end
    return entry
end

function M.done(id, key)
    for _, t in ipairs(task.find { matter = id, key = key, open = true }) do
        task.done(t.id)
    end
end

-- Whether a day lies in the period of a report
function M.period(q, day)
    return (not q.from or day >= q.from) and (not q.to or day <= q.to)
end

return M
