-- SPDX-License-Identifier: GPL-2.0-only
-- The sentence as it stands, and the day on which it ends: in one place.

local M = {}

-- The last cut that made a term of what was none, its place in the list, and the cuts since
local function reduction(p, cuts)
    local found, at
    for i, cut in ipairs(cuts) do
        if cut.to_months then found, at = cut, i end
    end
    local since = 0
    for i = (at or 0) + 1, #cuts do since = since + (cuts[i].months or 0) end
    return found, since
end

local function to_life(cuts)
    for _, cut in ipairs(cuts) do
        if cut.to_life then return cut end
    end
end

-- fixed, life, life-fixed (once reduced), suspended, suspended-life, suspended-fixed, ...
function M.form(p, cuts)
    if p.sentence ~= "life" and p.sentence ~= "suspended" then return p.sentence end
    if reduction(p, cuts) then return p.sentence .. "-fixed" end
    return to_life(cuts) and "suspended-life" or p.sentence
end

function M.to_life(cuts)
    return to_life(cuts)
end

-- The day after the suspension of death
function M.suspension_end(p)
    local _, row = nil, tables.law("suspension", p.start)
    return p.suspension_end and date.add(p.suspension_end, { days = 1 }) or
        date.add(p.start, { months = row.months })
end

-- The last day of a term that begins on a day, by the interpretation of the Criminal Procedure Law,
-- Art. 202: the day before the corresponding day; from the last day of a month on, the day before
-- the last of the month; where there is no such day, the day before the last.
local function last_day(from, months)
    local day = date.add(from, { months = months })
    local is_last = date.add(from, { days = 1 }):sub(9) == "01"
    if is_last then
        -- One day of the month after next, two days back
        local first = day:sub(1, 8) .. "01"
        day = date.add(date.add(first, { months = 1 }), { days = -1 })
    end
    return date.add(day, { days = -1 })
end

-- The last day of the term; nil of life and of suspended death that were not reduced. Custody is
-- credited once, here, by beginning so much earlier; days that do not count come at the end.
function M.last(p)
    local cuts, last = p.cuts or {}, nil
    local reduced, since = reduction(p, cuts)
    if p.months then
        last = last_day(date.add(p.start, { days = -(p.custody_days or 0) }), p.months - since)
    elseif reduced then
        -- Of life from the ruling, of suspended death from the end of the suspension (Criminal Law, 80, 51)
        local from = p.sentence == "suspended" and not to_life(cuts) and M.suspension_end(p) or reduced.date
        last = last_day(from, reduced.to_months - since)
    end
    return last and date.add(last, { days = p.lost_days or 0 })
end

-- The same with one more cut, for a proposal: reduced on a day to a term, or by months
function M.last_with(p, cut)
    local cuts = {}
    for i, one in ipairs(p.cuts or {}) do cuts[i] = one end
    cuts[#cuts + 1] = cut
    local copy = {}
    for name, value in pairs(p) do copy[name] = value end
    copy.cuts = cuts
    return M.last(copy)
end

return M
