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
    return actor_ ~= nil and (actor_.roles[role] or actor_.roles["ecology." .. role]) == true
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

-- The open task of a matter under this key is done
function M.done(id, key)
    for _, t in ipairs(task.find { matter = id, key = key, open = true }) do
        task.done(t.id)
    end
end

return M
