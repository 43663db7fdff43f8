-- SPDX-License-Identifier: GPL-2.0-only
-- What all acts share: texts, persons and their cases, days entered late.

local M = {}

M.cases = { "commutation", "parole", "outside" }

-- Fields that many acts have
M.SUBJECT = { "subject", required = true, doc = "pseudonym of the person; no name, no number" }
M.MATTER = { "matter", required = true }
M.BLOB = { "blob", required = true, doc = "SHA-256 of the sealed file" }
M.TEXT = { "string", required = true, min = 1, max = 500, doc = "no personal data: that is for blobs" }
M.DATE = { "date", doc = "when it took effect; absent: the day of the record" }
-- What was done, and is entered later
M.MADE = { "date", doc = "when; absent: the day of the record" }

M.words = {
    what = {
        commutation = { en = "Commutation", zh = "减刑" },
        parole = { en = "Parole", zh = "假释" },
        outside = { en = "Temporary execution outside prison", zh = "暂予监外执行" },
    },
    sentence = {
        fixed = { en = "fixed term", zh = "有期徒刑" },
        life = { en = "life", zh = "无期徒刑" },
        suspended = { en = "suspended death", zh = "死缓" },
        detention = { en = "detention", zh = "拘役" },
        surveillance = { en = "public surveillance", zh = "管制" },
    },
}

function M.has(list, value)
    for _, v in ipairs(list or {}) do
        if v == value then return true end
    end
    return false
end

-- A copy of a list with one more
function M.more(list, value)
    local out = {}
    for i, one in ipairs(list or {}) do out[i] = one end
    out[#out + 1] = value
    return out
end

-- A finding with its clause; its text is that of the rule, or of @text
function M.flag(id, rule, level, row, day, args, text)
    return tables.flag(id, rule, level, row, day, tables.text(text or rule, args))
end

-- An act names what is done on the day, or later with the day it took effect.
function M.effective(e, id, day)
    day = day or e.date
    if day > e.date then
        tables.refuse("date-after-this-record", { day = day })
    end
    local late, row = date.days(day, e.date), tables.law("late-entry", e.date)
    if late > row.days then
        M.flag(id, "late", "warn", "late-entry", e.date, { kind = e.kind, day = day, late = late, days = row.days })
    end
    return day
end

-- Who serves under that pseudonym; @released: or did, if nobody does
function M.person(subject, released)
    local m = matter.find { kind = "person", key = subject, open = true }[1]
    if not m and released then
        local all = matter.find { kind = "person", key = subject }
        m = all[#all]
    end
    if not m then tables.refuse("engine.nobody", { key = subject }) end
    return m
end

function M.open_cases(subject)
    local list = {}
    for _, kind in ipairs(M.cases) do
        for _, m in ipairs(matter.find { kind = kind, key = subject, open = true }) do
            list[#list + 1] = m
        end
    end
    return list
end

-- Findings of an act's own conditions; true if there is one that is a fault
function M.judge_act(e, id, facts)
    local fault = false
    for rule, it in pairs(tables.evaluate("act." .. e.kind, facts)) do
        finding { rule = rule, level = it.level, matter = id, text = it.text, law = tables.version(it.row) }
        fault = fault or it.level == "fault"
    end
    return fault
end

-- What changed of a person is judged anew in each open case.
function M.judge(subject)
    for _, m in ipairs(M.open_cases(subject)) do tables.check(m.id) end
end

-- What was found before is superseded; all is judged anew.
function M.anew(p, record)
    for _, m in ipairs(M.open_cases(p.key)) do
        for _, flag in pairs(m.data.flags or {}) do
            finding.resolve(flag.id, tables.text("superseded-by-record", { record = record }))
        end
        matter.set(m.id, { flags = {}, settled = {} })
        matter.note(m.id, tables.text("judged-anew-after-record", { record = record }))
        tables.check(m.id)
    end
end

-- One of the six working mechanisms was used: counted by day for the report.
function M.used(e, mechanism)
    local key = "used:" .. mechanism .. ":" .. e.date
    store.set(key, (store.get(key) or 0) + 1)
end

return M
