-- SPDX-License-Identifier: GPL-2.0-only
-- Grades of the daily assessment, merit as the law wants it shown, and papers that were found false: each
-- held against the conditions of its own act.

local c = include("common")

local SUBJECT, BLOB, DATE = c.SUBJECT, c.BLOB, c.DATE
local PERIOD = { "string", required = true, pattern = "^%d%d%d%d%-%d%d$", doc = "the month, as 2026-01" }

local M = { acts = {} }
local acts = M.acts

-- How the group of the prison decided, where that is entered
local VOTES = { "integer", unit = "person", min = 0, max = 1000, doc = "members of the group that were for it" }
local MEMBERS = { "integer", unit = "person", min = 1, max = 1000, doc = "members of the group" }

local function notice_of(d, day)
    return d.published and { from = d.published, to = day }
end
M.notice_of = notice_of
M.PUBLISHED = { "date", doc = "public in the ward since" }

acts.grading = {
    doc = "a month's grading of the prison: how many were graded, and how many of them active",
    fields = { period = PERIOD, graded = { "integer", required = true, unit = "person", min = 1, max = 100000 },
               active = { "integer", required = true, unit = "person", min = 0, max = 100000, doc = "graded active" },
               votes = VOTES, members = MEMBERS },
    run = function(e)
        local d, key = e.data, "grading:" .. e.actor.office .. ":" .. e.data.period
        if d.active > d.graded then tables.refuse("grading.active") end
        if store.get(key) then tables.refuse("grading.done", { period = d.period }) end
        store.set(key, { graded = d.graded, active = d.active, record = e.record })
        c.judge_act(e, nil, { on = e.date, graded = d.graded, active = d.active, votes = d.votes, members = d.members })
    end,
}

acts.grade = {
    doc = "the grade at the end of a cycle of assessment",
    fields = { subject = SUBJECT, effective = DATE,
               grade = { "enum", required = true, values = { "active", "qualified", "unqualified" } },
               published = M.PUBLISHED, votes = VOTES, members = MEMBERS },
    run = function(e, p)
        local d, day = e.data, c.effective(e, p.id, e.data.effective)
        local row, score = tables.law("assessment-cycle", day), p.data.score or 0
        local since = score - (p.data.graded_at or 0)
        local sum = since + (p.data.graded_over or 0)
        c.judge_act(e, p.id, { on = day, points_since = since, points_over = sum, votes = d.votes, members = d.members,
            published = notice_of(d, day),
            months_after = p.data.full_in and date.months(p.data.full_in .. "-01", day:sub(1, 7) .. "-01") })
        matter.set(p.id, { graded = d.grade, graded_on = day, graded_at = score, full_in = store.null,
            graded_over = math.max(0, sum - (row and row.figure or 0)) })
    end,
}

-- Whether merit is shown as Art. 4 and 5 want it, where it is of a technical kind
function M.is_shown(e, p, day)
    local d = e.data
    return not d.technical or not c.judge_act(e, p.id, { on = day, technical = true, major = d.degree == "major" or nil,
        own_work = d.own_work or nil, confirmed = d.confirmed and true or nil, invention = d.patent == "invention" or nil,
        confirmed_nationally = d.confirmed == "national" or nil })
end

-- Commutations and paroles that a court has granted
local function granted(subject)
    local list = {}
    for _, kind in ipairs { "commutation", "parole" } do
        for _, m in ipairs(matter.find { kind = kind, key = subject }) do
            if m.data.granted then list[#list + 1] = m.id end
        end
    end
    return #list > 0 and table.concat(list, ", ") or nil
end

acts["property-false"] = {
    doc = "what was declared or proved of property penalties is found to be false: he counts as able and not fulfilling",
    fields = { subject = SUBJECT, blob = BLOB, effective = DATE,
               serious = { "boolean", required = true, doc = "circumstances are serious, as the paper in blob says" } },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        c.judge_act(e, p.id, { on = day, serious = e.data.serious or nil, granted = granted(p.key) })
        matter.set(p.id, { property = "able", property_day = day, property_was_able = true })
        tables.tell(p, "prosecutors", "property-false", tables.text("property.revoke"))
        c.judge(p.key)
    end,
}

return M
