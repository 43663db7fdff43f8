-- SPDX-License-Identifier: GPL-2.0-only
-- The sentence as it stands, and the day on which it ends: in one place.

local M = {}

-- The last cut that made a term of what was none, its place in the list, and the cuts since
local function reduction(cuts)
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

-- Days that do not count, of those that ended after a day: of escape, of a parole that was revoked, of a stay outside
function M.lost_since(p, day)
    local days = 0
    for _, one in ipairs(p.lost or {}) do
        if one.on > day then days = days + one.days end
    end
    return days
end

-- How many months of a term each cut took, in their order
function M.taken(months, cuts)
    local list = {}
    for i, cut in ipairs(cuts or {}) do
        list[i] = cut.months or (months and cut.to_months and months - cut.to_months) or 0
        months = months and months - list[i]
    end
    return list
end

-- What is left of a fixed term: a cut takes months off, or says what the term becomes
function M.left(months, cuts)
    for _, cut in ipairs(cuts or {}) do months = cut.to_months or months - (cut.months or 0) end
    return months
end

-- fixed, life, life-fixed (once reduced), suspended, suspended-life, suspended-fixed, probation, ...
function M.form(p, cuts)
    if p.probation then return "probation" end
    if p.sentence ~= "life" and p.sentence ~= "suspended" then return p.sentence end
    if reduction(cuts) then return p.sentence .. "-fixed" end
    return to_life(cuts) and "suspended-life" or p.sentence
end

function M.to_life(cuts)
    return to_life(cuts)
end

-- The cut that made a term of life or suspended death
function M.reduced(cuts)
    return (reduction(cuts))
end

-- The day after the suspension of death
function M.suspension_end(p)
    local row = tables.law("suspension", p.start)
    return p.suspension_end and date.add(p.suspension_end, { days = 1 }) or
        date.add(p.suspension_start or p.start, { months = row.months })
end

-- Were under 2 years left when the judgment took effect? (2016 provisions, Art. 16)
function M.short_rest(p)
    if not p.months then return false end
    local whole = { months = p.months, start = p.start, custody_days = p.custody_days, sentence = p.sentence }
    return date.add(M.last(whole), { days = 1 }) < date.add(p.effective_day or p.start, { months = 24 })
end

-- The last day of the term; nil of life and of suspended death that were not reduced. Custody is
-- credited once, by the engine; days that do not count come at the end.
function M.last(p)
    local cuts, last = p.cuts or {}, nil
    local reduced, since = reduction(cuts)
    if p.months then
        last = term_end(p.start, { months = math.max(M.left(p.months, cuts), 0), custody_days = p.custody_days or 0,
            custody_each = p.sentence == "surveillance" and 2 or 1 })
    elseif reduced then
        -- Of life from the ruling, of suspended death from the end of the suspension (Criminal Law, 80, 51)
        local from = p.sentence == "suspended" and not to_life(cuts) and M.suspension_end(p) or reduced.date
        last = term_end(from, { months = math.max(reduced.to_months - since, 0) })
    end
    -- What was lost before the reduction is no part of the term that it made.
    return last and date.add(last, { days = p.months and p.lost_days or reduced and M.lost_since(p, reduced.date) or 0 })
end

-- What is left of the period of probation, in months
function M.probation_left(p, cuts)
    local months = p.probation
    for _, cut in ipairs(cuts or {}) do months = months - (cut.probation_months or 0) end
    return months
end

-- The last day in custody or of probation. Of a suspended sentence probation runs from when the judgment is
-- final (Criminal Law, Art. 73); on parole it is the rest of a fixed term, of life 10 years (Art. 83).
function M.ends(m)
    if m.stage == "probation" then
        return term_end(m.data.start, { months = math.max(M.probation_left(m.data, m.data.cuts), 0) })
    end
    local last = M.last(m.data)
    if not last and m.data.paroled then
        last = date.add(date.add(m.data.paroled, { months = tables.some_law("probation-life", m.data.paroled).months }), { days = -1 })
    end
    return last
end

-- When a suspension of death ends the prison proposes in time, for which there is no figure: it is told.
local function watch_suspension(m)
    local k = clock.get("suspension-end", m.id)
    local ends = not m.closed and M.form(m.data, m.data.cuts) == "suspended" and date.add(M.suspension_end(m.data), { days = -1 })
    if k and k.state == "running" and k.date ~= ends then
        tables.stop("suspension-end", m.id)
        k = nil
    end
    if ends and not (k and k.date == ends) then tables.start("suspension-end", m.id, ends) end
end

M.clocks = { ["suspension-end"] = { due = function(_, k)
    for _, side in ipairs { "prison", "prosecutors" } do
        tables.tell(matter.get(k.matter), side, "suspension-end:" .. side, tables.text("suspension.ended"))
    end
end } }

-- That day is a clock: custody never runs longer. It goes along with whatever changes the sentence.
function M.watch(e, id)
    local m = matter.get(id)
    watch_suspension(m)
    local name = m.stage == "probation" and "probation-end" or "term-end"
    local k, last = clock.get(name, id), not m.closed and m.stage ~= "escaped" and M.ends(m)
    if k and k.state == "running" then
        if not last then
            tables.stop(name, id)
        elseif k.date ~= last then
            clock.rebase(name, id, { from = last, reason = e.kind })
        end
    elseif last and last >= e.date then
        tables.start(name, id, last)
    end
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
