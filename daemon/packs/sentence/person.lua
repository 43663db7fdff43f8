-- SPDX-License-Identifier: GPL-2.0-only
-- What is kept of a sentence, and how it is entered: by admit, and by a change of it.

local c = include("common")
local M = {}

local FLAGS = {
    recidivist = "list A: a recidivist", listed_violent = "list B: a violent crime listed in Art. 81",
    organised_violent = "list B: organised violence", office_crime = "list A: office crime",
    financial = "list A: financial order or fraud", mafia = "list A: mafia-type", state_security = "list A: state security",
    terrorism = "list A: terrorism", drug_leader = "list A: leader of a drug gang, or drug repeat offender",
    corruption = "embezzlement or bribery, sentenced under Amendment IX: the 2019 rules",
    several_long = "list C: several crimes of which two at 10 years or more", combined = "several crimes combined",
    minor = "under 18 until the proposal", disabled = "disabled, not by his own hand after the crime", old = "65 or older", helpless = "basically cannot work and hardly cares for himself",
    denies_guilt = "embezzlement or bribery: denies guilt",
    not_returned = "office, financial, mafia-type: does not actively give back or compensate, or uses influence",
    identity_hidden = "still hides name or identity", aged = "80 or older",
    detention_house = "serves in a detention house (留所)",
    restricted = "suspended death with restricted commutation", no_commutation = "life imprisonment without commutation", }

-- The fields of an act; @all: those that an admission must have are asked for
function M.fields(all)
    local fields = {
        subject = { "subject", required = true, doc = "pseudonym of the person; no name, no number" },
        sentence = { "enum", required = all, values = { "fixed", "life", "suspended", "detention", "surveillance" } },
        months = { "integer", unit = "month", min = 1, max = 300, doc = "the term, of all but life and suspended death" },
        start = { "date", required = all, doc = "from when the sentence is executed; life: in force" },
        delivered = { "date", doc = "delivered to the executing organ: starts are counted from it; absent: start" },
        probation = { "integer", unit = "month", min = 1, max = 120, doc = "the period of probation, where the sentence is suspended" },
        effective_day = { "date", doc = "the judgment took effect: parole from life is counted from it; absent: start" },
        suspension_end = { "date", doc = "last day of the suspension of death; absent: 2 years from start" },
        custody_days = { "integer", unit = "day", min = 0, max = 10000, default = all and 0 or nil,
                         doc = "time already served: custody before the start that is set against the term" },
        rank = { "enum", values = { "county-division", "bureau" }, doc = "office crime: the rank he held, or above it" },
        property = { "enum", values = { "none", "paid", "able", "unable" },
                     doc = "property penalties: able: able to fulfil them and does not" },
        cuts = { "list", max = 20, doc = "commutations before the person came here",
                 of = { "object", fields = {
                     date = { "date", required = true, doc = "ruling served" },
                     months = { "integer", unit = "month", min = 1, max = 300 },
                     to_months = { "integer", unit = "month", min = 1, max = 400 },
                     to_life = { "boolean", doc = "suspended death became life" } } } },
    }
    if all then fields.prosecutors = { "office", required = true, doc = "the other side" } end
    for name, doc in pairs(FLAGS) do fields[name] = { "boolean", default = all and false or nil, doc = doc } end
    return fields
end

local function take_cuts(e, list)
    local cuts = {}
    for i, cut in ipairs(list) do
        local said = (cut.months and 1 or 0) + (cut.to_months and 1 or 0) + (cut.to_life and 1 or 0)
        if said ~= 1 then tables.refuse("cuts-one-of") end
        if cut.date > e.date then tables.refuse("cuts-date-after-this") end
        cuts[i] = { date = cut.date, served = cut.date, months = cut.months, to_months = cut.to_months, to_life = cut.to_life }
    end
    return cuts
end

-- How property penalties stand from a day on: able-and-does-not begins and ends; what says the same again changes no day.
function M.property(out, old, state, day)
    out.property, out.property_was_able = state, state == "able" or old.property_was_able
    if not old.property or (old.property == "able") ~= (state == "able") then out.property_day = day end
end

-- What is said of a sentence over what was known of it, checked
function M.take(e, d, old)
    local out = {}
    for name in pairs(FLAGS) do
        if d[name] ~= nil then out[name] = d[name] end
    end
    for _, name in ipairs { "sentence", "months", "start", "delivered", "effective_day", "suspension_end",
                            "custody_days", "probation", "rank" } do
        out[name] = d[name]
    end
    local sentence, months = out.sentence or old.sentence, out.months or old.months
    if d.sentence and not d.months then months = nil end
    local termed = sentence ~= "life" and sentence ~= "suspended"
    if termed ~= (months ~= nil) then
        tables.refuse("months-term")
    end
    if d.sentence and not d.months and old.months then out.months = store.null end
    for _, name in ipairs { "start", "delivered", "effective_day" } do
        if out[name] and out[name] > e.date then
            tables.refuse("after-this-record", { name = name })
        end
    end
    if d.property then
        M.property(out, old, d.property, e.date)
        -- Never was able, if that was mistyped
        if d.what == "mistyped" and old.property == "able" then out.property_was_able = d.property == "able" end
    end
    if d.cuts or not old.cuts then out.cuts = take_cuts(e, d.cuts or {}) end
    return out
end

return M
