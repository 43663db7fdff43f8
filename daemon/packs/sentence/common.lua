-- SPDX-License-Identifier: GPL-2.0-only
-- What all acts share: who acts for which side, texts, persons and their cases.

local law = data("law")
local M = {}

M.cases = { "commutation", "parole", "outside" }

M.words = {
    sides = {
        prison = { en = "the prison", zh = "监狱" },
        prosecutors = { en = "the prosecutors", zh = "检察机关" },
        court = { en = "the court", zh = "法院" },
        authority = { en = "the deciding authority", zh = "决定机关" },
    },
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

function M.text(en, zh)
    return { en = en, zh = zh }
end

-- months(18): "1 year 6 months", "1年6个月"
function M.months(n)
    local years, rest = n // 12, n % 12
    local en, zh = {}, ""
    if years > 0 then
        en[1] = years == 1 and "1 year" or years .. " years"
        zh = years .. "年"
    end
    if rest > 0 or years == 0 then
        en[#en + 1] = rest == 1 and "1 month" or rest .. " months"
        zh = zh .. rest .. "个月"
    end
    return table.concat(en, " "), zh
end

function M.has(list, value)
    for _, v in ipairs(list or {}) do
        if v == value then return true end
    end
    return false
end

-- The text of a finding says so where its clause is not confirmed.
function M.flag(id, rule, level, row, en, zh)
    if row and row.mark == "R" then
        en = en .. " (clause recalled, to be confirmed)"
        zh = zh .. "（条文待核实）"
    end
    return finding { rule = rule, level = level, text = M.text(en, zh), matter = id, law = row }
end

-- An act names what is done on the day, or later with the day it took effect.
function M.effective(e, id, day)
    day = day or e.date
    if day > e.date then
        refuse(M.text("the date " .. day .. " is after this record", "日期" .. day .. "晚于本记录"))
    end
    local late, row = date.days(day, e.date), law["late-entry"]
    if late > row.days then
        M.flag(id, "late", "warn", row,
            string.format("%s took effect on %s and was entered %d days later; %d are allowed.",
                e.kind, day, late, row.days),
            string.format("%s于%s发生，迟%d日录入，允许%d日。", e.kind, day, late, row.days))
    end
    return day
end

local function names(m)
    return {
        prison = m.office, prosecutors = m.data.prosecutors,
        court = m.data.court, authority = m.data.authority,
    }
end

-- For which side of a matter does the actor act? nil if for none
function M.side(e, m)
    local office = e.actor and e.actor.office
    for side, name in pairs(names(m)) do
        if office and name == office then return side end
    end
end

function M.office(m, side)
    return names(m)[side]
end

-- Refuse whoever is of another office.
function M.need(e, m, ...)
    local side, en, zh = M.side(e, m), {}, {}
    for _, wanted in ipairs { ... } do
        if side == wanted then return side end
        en[#en + 1] = M.words.sides[wanted].en
        zh[#zh + 1] = M.words.sides[wanted].zh
    end
    local office = e.actor and e.actor.office or "-"
    refuse(M.text(
        string.format("wrong office: %s is for %s of %s, not for %s", e.kind,
            table.concat(en, " or "), m.id, office),
        string.format("单位不符：%s应由%s的%s办理，%s无权", e.kind, m.id, table.concat(zh, "或"), office)))
end

function M.stage(e, m, ...)
    for _, wanted in ipairs { ... } do
        if m.stage == wanted then return end
    end
    refuse(M.text(
        string.format("wrong stage: %s is in stage %s, %s is for %s", m.id, m.stage, e.kind,
            table.concat({ ... }, ", ")),
        string.format("阶段不符：%s处于%s，%s须在%s", m.id, m.stage, e.kind, table.concat({ ... }, "、"))))
end

function M.case(e, id, ...)
    local m = matter.get(id)
    local kinds = { ... }
    if #kinds == 0 then kinds = M.cases end
    if not m or not M.has(kinds, m.kind) then
        refuse(M.text(
            string.format("%s is for a matter of kind %s, %s is %s", e.kind, table.concat(kinds, ", "),
                id, m and m.kind or "none"),
            string.format("%s适用于%s类事项，%s不是", e.kind, table.concat(kinds, "、"), id)))
    end
    return m
end

-- The same person does not sign twice.
function M.another(e, uid, en, zh)
    if uid == e.uid then
        refuse(M.text("the same person: " .. en, "同一人：" .. zh))
    end
end

function M.person(subject)
    local m = matter.find { kind = "person", key = subject, open = true }[1]
    if not m then
        refuse(M.text("nobody serves a sentence here as " .. subject, "在押人员中无" .. subject))
    end
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

-- One of the six working mechanisms was used: counted by day for the report.
function M.used(e, mechanism)
    local key = "used:" .. mechanism .. ":" .. e.date
    store.set(key, (store.get(key) or 0) + 1)
end

function M.tell(m, side, key, en, zh)
    local office = M.office(m, side)
    if office then
        task { matter = m.id, office = office, key = key, text = M.text(en, zh) }
    end
end

function M.told(id, key)
    for _, t in ipairs(task.find { matter = id, key = key, open = true }) do
        task.done(t.id)
    end
end

-- A deadline starts and whoever has to meet it is told; overdue it goes to their office above.
M.duty = {
    opinion = "prosecutors", ["outside-opinion"] = "prosecutors", ["outside-objection"] = "prosecutors",
    objection = "prosecutors", recheck = "authority", ruling = "court", ["ruling-strict"] = "court",
    service = "court", final = "court", ["follow-up"] = "prosecutors",
}

function M.start(name, id, from)
    clock.start(name, id, { from = from })
    local clause = law[name].clause
    M.tell(matter.get(id), M.duty[name], "clock:" .. name,
        "due " .. clock.get(name, id).date .. ": " .. clause.en,
        clock.get(name, id).date .. "到期：" .. clause.zh)
end

function M.stop(name, id)
    M.told(id, "clock:" .. name)
    return clock.stop(name, id)
end

function M.due(e, c)
    local m = matter.get(c.matter)
    local mine = M.office(m, M.duty[c.name])
    local above = mine and office.get(mine).parent
    if above and mine ~= m.office then
        task { matter = m.id, office = above, key = "overdue:" .. c.name, text = M.text(
            "overdue at " .. mine .. " since " .. c.date .. ": " .. law[c.name].clause.en,
            mine .. "自" .. c.date .. "起逾期：" .. law[c.name].clause.zh) }
    end
end

return M
