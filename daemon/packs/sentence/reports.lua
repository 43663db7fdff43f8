-- SPDX-License-Identifier: GPL-2.0-only
-- Whether nothing went past the review, what is overdue, and how the mechanisms are used.

local c = include("common")
local M = {}

local function within(q, day)
    return (not q.from or q.from <= day) and (not q.to or day <= q.to)
end

-- Every proposal copied in the period, by its receipt
local function receipts(q)
    local list = {}
    for _, key in ipairs(store.keys("receipt:")) do
        local one = store.get(key)
        if within(q, one.date) then list[#list + 1] = one end
    end
    return list
end

-- Past the prosecutors, or past their time, without an opinion
local function skipped(one)
    local m = matter.get(one.matter)
    if m.closed or m.stage ~= "copied" then return true end
    local k = clock.get(m.kind == "outside" and "outside-opinion" or "opinion", m.id)
    return k ~= nil and k.state == "overdue"
end

M.audit = {
    doc = "proposals received = reviewed + open, by receipt; names each that was skipped",
    columns = { "line", "number", "receipts", "matter", "subject", "stage" },
    run = function(q)
        local all, reviewed, open, rows = {}, {}, {}, {}
        for _, one in ipairs(receipts(q)) do
            all[#all + 1] = one.record
            if one.reviewed then
                reviewed[#reviewed + 1] = one.record
            else
                open[#open + 1] = one.record
                if skipped(one) then
                    local m = matter.get(one.matter)
                    rows[#rows + 1] = { line = "skipped", number = 1, receipts = one.record, matter = m.id,
                        subject = m.data.subject, stage = m.stage }
                end
            end
        end
        local function line(name, list)
            return { line = name, number = #list, receipts = table.concat(list, " ") }
        end
        local out = { line("received", all), line("reviewed", reviewed), line("open", open) }
        out[4] = { line = #all == #reviewed + #open and "complete" or "incomplete", number = #all - #reviewed - #open,
            receipts = "" }
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
                for name, side in pairs(c.duty) do
                    local k = clock.get(name, m.id)
                    if k and k.state == "overdue" and (not q.to or k.date <= q.to) then
                        rows[#rows + 1] = { matter = m.id, subject = m.data.subject, clock = name, due = k.date,
                            side = side, office = c.office(m, side), days = q.to and date.days(k.date, q.to) or nil }
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
