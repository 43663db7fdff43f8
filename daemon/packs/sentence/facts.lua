-- SPDX-License-Identifier: GPL-2.0-only
-- A case as its conditions see it; data/facts.csv says what each fact is.

local c = include("common")
local term = include("term")
local evidence = data("evidence").list
local M = {}

-- Cuts granted before this case, the last that was one of a term, and how many months it took
local function earlier(p, id)
    local list, last, taken = {}, nil, nil
    local months = term.taken(p.months, p.cuts)
    for i, cut in ipairs(p.cuts or {}) do
        if cut.matter ~= id then
            list[#list + 1] = cut
            if not cut.to_life and (not last or (cut.served or cut.date) >= (last.served or last.date)) then
                last, taken = cut, months[i]
            end
        end
    end
    return list, last, taken
end

function M.earlier(p, id)
    return (earlier(p, id))
end

local function ground_of(grounds)
    local repentance, merit = c.has(grounds, "repentance"), c.has(grounds, "merit")
    if c.has(grounds, "major-merit") then return repentance and "repentance-major" or "major" end
    if repentance and merit then return "both" end
    return merit and "merit" or "repentance"
end

local function wanted(kind, d, item, last)
    if not c.has(item.what, kind) or (item.after_cut and not last) then return false end
    return not item.ground or c.has(d.grounds, item.ground)
end

local function has_item(p, item, last)
    local got = p.evidence[item.item]
    return got and not (item.since_last and last and got.date <= last.date)
end

-- The items that a case lacks, for people; nil if none
function M.missing(m)
    local p = matter.get(m.data.person).data
    local _, last = earlier(p, m.id)
    local en, zh = {}, {}
    for _, item in ipairs(evidence) do
        if wanted(m.kind, m.data, item, last) and not has_item(p, item, last) then
            en[#en + 1], zh[#zh + 1] = item.en, item.zh
        end
    end
    if #en > 0 then return { en = table.concat(en, "; "), zh = table.concat(zh, "；") } end
end

local function beyond_score(m, p, last)
    for _, item in ipairs(evidence) do
        if item.beyond_score and c.has(item.what, m.kind) and has_item(p, item, last) then return true end
    end
end

-- Lists of Art. 7, 9 and 11 of the 2016 provisions
local function lists(f, p)
    f.list_a = p.recidivist or p.office_crime or p.financial or p.mafia or p.state_security or p.terrorism or
        p.drug_leader or p.corruption or p.property == "able" or nil
    f.list_b = p.listed_violent or p.organised_violent or nil
    -- Of the rules of 2019 alone; before them it was an office crime like any other.
    f.corruption = p.corruption and tables.law("start-corruption-10", f.on) and true or nil
    if f.form == "fixed" then
        f.strict = f.list_a or ((f.list_b or p.several_long) and p.months >= 120) or nil
        -- Once there, a list shows what it found.
    else
        -- Of restricted commutation Art. 13 says: as in Art. 11.
        f.strict = f.list_a or f.list_b or p.combined or p.several_long or p.restricted or nil
    end
    local long = not p.months or p.months >= 120
    f.violent_long = f.list_b and long and p.sentence ~= "detention" and p.sentence ~= "surveillance" or nil
    f.minor_milder = p.minor and not f.violent_long and not p.recidivist or nil
end

-- From a day on what was served: days that do not count come before it
local function served(p, from, on)
    return { from = date.add(from, { days = term.lost_since(p, from) }), to = on }
end

local function spans(f, p, cuts, on)
    local delivered = p.delivered or p.start
    local life_cut = term.to_life(cuts)
    f.served = served(p, p.returned or (f.form == "suspended-life" and life_cut.date) or delivered, on)
    local reduced = p.sentence ~= "fixed" and term.reduced(cuts)
    if reduced then f.fixed_served = served(p, reduced.date, on) end
    f.parole_served = served(p, date.add(delivered, { days = -(p.custody_days or 0) }), on)
    local of_life = p.sentence == "suspended" and term.suspension_end(p) or p.effective_day or p.start
    if p.sentence == "life" or p.sentence == "suspended" then f.life_served = served(p, of_life, on) end
    if f.form == "suspended" then f.suspension = { from = p.suspension_start or p.start, to = on } end
    if f.form == "suspended-life" and p.suspension_start then f.since_life = { from = life_cut.date, to = on } end
    if p.missed_short then f.missed_short, f.missed_since = true, { from = p.missed_short, to = on } end
    if p.new_crime then f.new_crime, f.new_crime_life = { from = p.new_crime, to = on }, p.new_crime_life end
    if p.property ~= "able" and p.property_was_able then f.property_since = { from = p.property_day, to = on } end
    f.property_able = p.property == "able" or nil
    return of_life
end

-- What is to be cut, and what would be served then
local function size(f, m, p, cuts, of_life)
    local d = m.data
    local months, to = d.ruled_months or d.months, d.ruled_to_months or d.to_months
    if f.form == "life" or f.form == "suspended-life" or f.form == "suspended" then
        f.to, f.life_cut = to, months and not to and true or nil
        f.to_fixed = to and true or nil
    else
        -- Of what is a term already the term that it becomes is a cut, too.
        f.cut = months or (to and (p.months and term.left(p.months, cuts) or 0) - to)
    end
    if p.months then
        f.actual = term.left(p.months, cuts) - (f.cut or 0)
    elseif f.cut or to then
        local last = term.last_with(p, { date = d.ruled or f.on, months = f.cut, to_months = f.to })
        if last then f.life_actual = { from = served(p, of_life).from, to = date.add(last, { days = 1 }) } end
    end
end

local function hearing(f, m)
    local d = m.data
    f.stage, f.heard, f.public_concern, f.complained = m.stage, d.heard, d.public_concern, d.complained
    if d.hearing_on then f.hearing_notice = { from = d.hearing_told, to = d.hearing_on } end
    f.opposed, f.ordered = d.opinion == "object" or nil, d.hearing_ordered
end

function M.of(m)
    if not c.has(c.cases, m.kind) or m.stage == "withdrawn" then return nil end
    local p, d = matter.get(m.data.person).data, m.data
    local cuts, last, taken = earlier(p, m.id)
    local f = { on = d.submitted or d.proposed, grounds = d.grounds, ground = ground_of(d.grounds), term = p.months }
    f.form = term.form(p, cuts)
    f.first = not last or nil
    if p.returned and last and (last.served or last.date) <= p.returned then f.first, last = true, nil end
    if last then f.interval, f.last_cut = { from = last.served or last.date, to = f.on }, taken end
    local got = p.evidence["major-merit"]
    -- Claimed and shown: a claim alone lifts nothing.
    f.major_shown = c.has(d.grounds, "major-merit") and got and not (last and got.date <= last.date) or nil
    lists(f, p)
    local of_life = spans(f, p, cuts, f.on)
    if m.kind == "commutation" then size(f, m, p, cuts, of_life) end
    for _, name in ipairs { "recidivist", "combined", "minor", "helpless", "old", "restricted", "no_commutation",
                            "retrial", "missed", "old_total", "revoked", "revoked_missed", "denies_guilt", "not_returned",
                            "identity_hidden", "aged", "disabled" } do
        f[name] = p[name] or nil
    end
    f.short_rest = term.short_rest(p) or nil
    f.restricted_25 = p.restricted and f.form == "suspended-fixed" and not term.to_life(cuts) or nil
    local ends = term.last(p)
    if ends and ends >= f.on then f.rest = date.months(f.on, date.add(ends, { days = 1 })) end
    f.danger, f.near_death = d.danger or d.self_harm or d.refuses_treatment or nil, d.near_death
    f.category = p.office_crime or p.mafia or p.financial or p.corruption or nil
    f.rights, f.daily_acts, f.property_known = d.rights, d.daily_acts, p.property and true or nil
    if d.helpless_since then f.helpless_time = { from = d.helpless_since, to = f.on } end
    if d.rechecked then f.rechecked = { from = d.objected, to = d.rechecked } end
    local seen = m.kind == "outside" and c.has(d.grounds, "illness") and p.evidence.diagnosis
    if seen then f.diagnosed = { from = seen.date, to = f.on } end
    f.missing = M.missing(m)
    f.beyond_score = beyond_score(m, p, last)
    if m.kind ~= "outside" and p.punished and not (last and p.punished <= last.date) then f.punished = p.punished end
    if p.probation then
        f.probation_of, f.probation_left = p.sentence, term.probation_left(p, cuts) - (d.ruled_probation_months or d.probation_months or 0)
    end
    hearing(f, m)
    return f
end

-- Of a person what the law asks of probation, as it was pronounced
local function of_probation(m)
    local p = m.data
    if m.kind ~= "person" or not p.probation then return nil end
    return { on = p.start, form = "probation", term = p.months, probation = p.probation, probation_of = p.sentence,
        recidivist = p.recidivist or nil }
end

function M.facts(m)
    if not m then return nil end -- an act's own are held against its conditions by the act
    return M.of(m) or of_probation(m)
end

return M
