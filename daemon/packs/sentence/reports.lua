-- SPDX-License-Identifier: GPL-2.0-only
-- Whether nothing went past the review, what is overdue, and how the mechanisms are used.

local c = include("common")
local M = {}

local function within(q, day)
    return (not q.from or q.from <= day) and (not q.to or day <= q.to)
end

-- Records under a prefix whose day is within the period: record = what is kept of it
local function dated(q, prefix)
    local list = {}
    for _, key in ipairs(store.keys(prefix)) do
        local one = store.get(key)
        -- Who does not see the matter does not see its receipt.
        if within(q, one.date) and matter.get(one.matter) then list[one.record] = one end
    end
    return list
end

-- Receipts whose matter still waits for an opinion, as the matters say
local function waiting(q)
    local list = {}
    for _, kind in ipairs(c.cases) do
        for _, m in ipairs(matter.find { kind = kind, open = true }) do
            local one = m.data.receipt and not m.data.opinion and store.get(m.data.receipt)
            if one and within(q, one.date) then list[one.record] = m end
        end
    end
    return list
end

-- Past the prosecutors, or past their time, without an opinion
local function skipped(m)
    if m.stage == "withdrawn" then return false end
    if m.stage ~= "copied" then return true end
    local k = clock.get(m.kind == "outside" and "outside-opinion" or "opinion", m.id)
    return k ~= nil and k.state == "overdue"
end

local function line(name, list)
    local records = {}
    for record in pairs(list) do records[#records + 1] = record end
    return { line = name, number = #records, receipts = table.concat(records, " ") }
end

-- Three counts from three places: what was copied, what was reviewed, what matters wait.
M.audit = {
    doc = "proposals received = reviewed + open, by receipt; names each that was skipped",
    columns = { "line", "number", "receipts", "matter", "subject", "stage" },
    run = function(q)
        local received, reviewed, open = dated(q, "receipt:"), dated(q, "review:"), waiting(q)
        local lost, rows = {}, {}
        for record, one in pairs(received) do
            local m = open[record]
            if not reviewed[record] and not m then
                lost[record], m = one, matter.get(one.matter)
            end
            if not reviewed[record] and (lost[record] or skipped(m)) then
                rows[#rows + 1] = { line = "skipped", number = 1, receipts = record, matter = m.id,
                    subject = m.data.subject, stage = m.stage }
            end
        end
        local out = { line("received", received), line("reviewed", reviewed), line("open", open), line("lost", lost) }
        out[4].line = out[1].number == out[2].number + out[3].number and "complete" or "incomplete"
        for _, row in ipairs(rows) do out[#out + 1] = row end
        return out
    end,
}

M.overdue = {
    doc = "deadlines that have passed and are not met, with who owes it",
    columns = { "matter", "subject", "clock", "due", "side", "office", "days" },
    run = function(q)
        local rows = {}
        for _, kind in ipairs { "person", "commutation", "parole", "outside" } do
            for _, m in ipairs(matter.find { kind = kind, open = true }) do
                for name, side in pairs(tables.duties()) do
                    local k = clock.get(name, m.id)
                    if k and k.state == "overdue" and (not q.to or k.date <= q.to) then
                        rows[#rows + 1] = { matter = m.id, subject = m.data.subject, clock = name, due = k.date,
                            side = side, office = tables.office(m, side), days = q.to and date.days(k.date, q.to) or nil }
                    end
                end
            end
        end
        return rows
    end,
}

local mechanisms = {
    { "hearing", "enforcement hearings", "执法听证" },
    { "follow-up", "follow-up review", "跟踪审查" },
    { "discussion", "hard cases discussed jointly", "疑难案件共同研究" },
    { "evidence", "evidence collected and fixed", "证据收集固定" },
    { "correction", "flawed cases corrected", "瑕疵案件纠正" },
    { "sharing", "information shared", "信息共享" },
}

M.mechanisms = {
    open = true,
    doc = "the six working mechanisms, how often each was used, and the documents in force",
    columns = { "mechanism", "en", "zh", "number" },
    run = function(q)
        local rows = {}
        for _, one in ipairs(mechanisms) do
            local prefix, sum = "used:" .. one[1] .. ":", 0
            for _, key in ipairs(store.keys(prefix)) do
                if within(q, key:sub(#prefix + 1)) then sum = sum + store.get(key) end
            end
            rows[#rows + 1] = { mechanism = one[1], en = one[2], zh = one[3], number = sum }
        end
        for _, key in ipairs(store.keys("institution:")) do
            local one = store.get(key)
            if not q.to or one.from <= q.to then
                rows[#rows + 1] = { mechanism = "document", en = one.title .. " (" .. one.version .. ", from " .. one.from .. ")",
                    zh = one.title .. "（" .. one.version .. "，自" .. one.from .. "起）", number = 1 }
            end
        end
        return rows
    end,
}

return M
