-- SPDX-License-Identifier: GPL-2.0-only
-- The conditions of a proposal, all of them at each record that touches it. A condition
-- that fails opens a finding with its clause; when it holds again the finding is resolved.
-- Nothing here decides: it shows.

local law = data("law")
local evidence = data("evidence")
local c = include("common")
local M = {}

M.rules = {
    "start", "start.refer", "interval", "interval.cut", "interval.refer", "size", "size.refer",
    "floor", "floor.refer", "parole.half", "parole.life", "parole.refer", "parole.recidivist",
    "parole.violent", "evidence", "score.sole", "punishment", "hearing.major-merit",
    "hearing.irregular", "hearing.public-concern", "hearing.complaint", "hearing.objection",
    "hearing.court",
}

-- Cuts granted before this case, and the last of them
local function earlier(person, id)
    local list, last = {}, nil
    for _, cut in ipairs(person.data.cuts or {}) do
        if cut.matter ~= id then
            list[#list + 1] = cut
            if not last or (cut.served or cut.date) >= (last.served or last.date) then last = cut end
        end
    end
    return list, last
end

function M.band(months)
    for _, name in ipairs { "band-under-5", "band-5-to-10", "band-10" } do
        local row = law[name]
        if months >= row.sentence_from and (not row.sentence_below or months < row.sentence_below) then
            return row
        end
    end
end

local function size_row(grounds)
    local repentance, merit = c.has(grounds, "repentance"), c.has(grounds, "merit")
    if c.has(grounds, "major-merit") then
        return repentance and law["size-repentance-major"] or law["size-major"]
    elseif merit then
        return repentance and law["size-repentance-merit"] or law["size-merit"]
    end
    return law["size-repentance"]
end

-- The day on which half of a term is served
local function half(start, months, part)
    local day = date.add(start, { months = months // part })
    if months % part > 0 then day = date.add(day, { days = law["half-month"].days }) end
    return day
end

-- A case as its conditions see it
local function facts(m)
    local person = matter.get(m.data.person)
    local cuts, last = earlier(person, m.id)
    local major = c.has(m.data.grounds, "major-merit")
    local got = person.data.evidence["major-merit"]
    return {
        m = m, d = m.data, p = person.data, what = m.kind, on = m.data.proposed, cuts = cuts, last = last,
        -- Claimed and shown: a claim alone lifts nothing.
        major = major and got and not (last and got.date <= last.date),
    }
end

local function refer(out, f, rule, en, zh)
    local words = c.words.sentence[f.p.sentence]
    out(rule, "info", nil, string.format("No figure stands in the data for %s (%s): a person judges.", en, words.en),
        string.format("%s（%s）无量化标准：由人判断。", zh, words.zh))
end

local function check_start(out, f)
    if f.last or f.major then return end
    if f.p.sentence ~= "fixed" then
        return refer(out, f, "start.refer", "the earliest first commutation", "首次减刑起始时间")
    end
    local row = M.band(f.p.months)
    local day = date.add(f.p.start, { months = row.start_months })
    if f.on < day then
        local en, zh = c.months(row.start_months)
        out("start", "fault", row, string.format("Proposed on %s; %s served on %s at the earliest.", f.on, en, day),
            string.format("%s提请；最早于%s执行满%s。", f.on, day, zh))
    end
end

local function check_interval(out, f)
    local last = f.last
    if not last or f.major then return end
    local from = last.served or last.date
    if f.p.sentence == "fixed" then
        local row = M.band(f.p.months)
        local day = date.add(from, { months = row.interval_months })
        if f.on < day then
            local en, zh = c.months(row.interval_months)
            out("interval", "fault", row,
                string.format("Proposed on %s; %s after the last one of %s is %s.", f.on, en, from, day),
                string.format("%s提请；距上次（%s）满%s为%s。", f.on, from, zh, day))
        end
    else
        refer(out, f, "interval.refer", "the interval between two commutations", "两次减刑间隔")
    end
    if (last.months or 0) > 0 then
        local day = date.add(from, { months = last.months })
        if f.on < day then
            local en, zh = c.months(last.months)
            out("interval.cut", "fault", law["interval-cut"],
                string.format("Last time %s was cut; that long after %s is %s, proposed on %s.", en, from, day, f.on),
                string.format("上次减去%s；自%s起满该期为%s，%s提请。", zh, from, day, f.on))
        end
    end
end

local function check_size(out, f)
    local cut = f.d.ruled_months or f.d.months
    if f.d.to_months or not cut then
        return refer(out, f, "size.refer", "the term a life sentence is commuted to", "无期徒刑减为有期徒刑的刑期")
    end
    local row = size_row(f.d.grounds)
    if cut > row.months then
        local en, zh = c.months(cut)
        local most_en, most_zh = c.months(row.months)
        out("size", "fault", row, string.format("A cut of %s; at most %s on these grounds.", en, most_en),
            string.format("减去%s；依此理由最多%s。", zh, most_zh))
    end
end

local function total(f)
    local sum = f.d.ruled_months or f.d.months or 0
    for _, cut in ipairs(f.cuts) do sum = sum + (cut.months or 0) end
    return sum
end

-- When does a life sentence end? It was commuted to a term from a day; cuts since shorten it.
local function life_end(f)
    local to, from, sum = f.d.ruled_to_months or f.d.to_months, f.on, 0
    if not to then
        for _, cut in ipairs(f.cuts) do
            if cut.to_months then to, from, sum = cut.to_months, cut.date, 0 else sum = sum + (cut.months or 0) end
        end
        sum = sum + (f.d.ruled_months or f.d.months or 0)
    end
    return to and date.add(from, { months = to - sum })
end

local function check_floor(out, f)
    local half_row, life_row = law["floor-half"], law["floor-life"]
    if c.has(half_row.sentences, f.p.sentence) then
        local left = f.p.months - total(f)
        if left * half_row.part < f.p.months then
            local en, zh = c.months(math.max(left, 0))
            local of_en, of_zh = c.months(f.p.months)
            out("floor", "fault", half_row, string.format("%s of %s would be served: less than half.", en, of_en),
                string.format("实际执行%s，原判%s，不足二分之一。", zh, of_zh))
        end
        return
    end
    local last = c.has(life_row.sentences, f.p.sentence) and life_end(f)
    if not last then
        return refer(out, f, "floor.refer", "the floor of the actual term", "实际执行刑期下限")
    end
    local day = date.add(f.p.start, { months = life_row.months })
    if last < day then
        local en, zh = c.months(life_row.months)
        out("floor", "fault", life_row, string.format("The term would end on %s; %s are served on %s.", last, en, day),
            string.format("刑期将于%s届满；%s方满%s。", last, day, zh))
    end
end

local function check_parole(out, f)
    local violent = law["parole-violent"]
    local function served(rule, row, day)
        if f.on < day then
            out(rule, "fault", row, string.format("Proposed on %s; enough is served on %s at the earliest.", f.on, day),
                string.format("%s提请；最早于%s执行满法定刑期。", f.on, day))
        end
    end
    if f.p.sentence == "fixed" then
        local row = law["parole-half"]
        local start = row.custody_counts and date.add(f.p.start, { days = -f.p.custody_days }) or f.p.start
        served("parole.half", row, half(start, f.p.months, row.part))
    elseif f.p.sentence == "life" then
        local row = law["parole-life"]
        local start = row.custody_counts and date.add(f.p.start, { days = -f.p.custody_days }) or f.p.start
        served("parole.life", row, date.add(start, { months = row.months }))
    else
        refer(out, f, "parole.refer", "parole", "假释")
    end
    if f.p.recidivist then
        out("parole.recidivist", "fault", law["parole-recidivist"], "A recidivist is proposed for parole.",
            "对累犯提请假释。")
    end
    local long = f.p.sentence == "fixed" and f.p.months >= violent.sentence_from
    if (f.p.listed_violent or f.p.organised_violent) and (long or c.has(violent.sentences, f.p.sentence)) then
        out("parole.violent", "fault", violent,
            "A listed or organised violent crime at 10 years or more, or life, is proposed for parole.",
            "对被判处十年以上有期徒刑、无期徒刑的列举暴力犯罪或有组织暴力性犯罪提请假释。")
    end
end

local function wanted(f, item)
    if not c.has(item.what, f.what) or (item.after_cut and not f.last) then return false end
    return not item.ground or c.has(f.d.grounds, item.ground)
end

local function has_item(f, item)
    local got = f.p.evidence[item.item]
    return got and not (item.since_last and f.last and got.date <= f.last.date)
end

-- The items that a case lacks, by their names and for people
function M.missing(m)
    local f, items, en, zh, row = facts(m), {}, {}, {}, nil
    for _, item in ipairs(evidence.list) do
        if wanted(f, item) and not has_item(f, item) then
            items[#items + 1], en[#en + 1], zh[#zh + 1], row = item.item, item.en, item.zh, row or item
        end
    end
    return items, table.concat(en, "; "), table.concat(zh, "；"), row
end

local function check_evidence(out, f)
    local items, en, zh, row = M.missing(f.m)
    if #items > 0 then
        out("evidence", "fault", row, "Evidence is missing: " .. en .. ".", "证据缺失：" .. zh .. "。")
    end
    if f.what == "outside" then return end
    for _, item in ipairs(evidence.list) do
        if item.beyond_score and c.has(item.what, f.what) and has_item(f, item) then return end
    end
    out("score.sole", "fault", law["score-sole"], "Nothing but assessment scores supports the proposal.",
        "除考核计分外无其他证据支持该建议。")
end

local function check_punishment(out, f)
    local last = f.p.punished
    if f.what == "outside" or not last or (f.last and last <= f.last.date) then return end
    out("punishment", "info", nil, "Punished on " .. last .. ", since the last ruling: weigh it against repentance.",
        "上次裁定后于" .. last .. "受过处罚：请结合悔改表现判断。")
end

-- Why the court must hear the case in open court: names of rows "hearing-..."
function M.triggers(m, failed)
    local d, list = m.data, {}
    if m.kind == "outside" then return list end
    if c.has(d.grounds, "major-merit") then list[#list + 1] = "major-merit" end
    if failed["start"] or failed["interval"] or failed["interval.cut"] or failed["size"] or d.irregular then
        list[#list + 1] = "irregular"
    end
    if d.public_concern then list[#list + 1] = "public-concern" end
    if d.complained then list[#list + 1] = "complaint" end
    if d.opinion == "object" then list[#list + 1] = "objection" end
    if d.hearing_ordered then list[#list + 1] = "court" end
    return list
end

local function check_hearing(out, m, failed)
    if m.data.heard or m.stage ~= "court" then return end
    for _, name in ipairs(M.triggers(m, failed)) do
        local row = law["hearing-" .. name]
        out("hearing." .. name, "warn", row, "The court owes this case a " .. row.clause.en .. ".", row.clause.zh .. "。")
    end
end

-- Failed conditions of a case by rule
function M.failed(m)
    local failed = {}
    local function out(rule, level, row, en, zh)
        failed[rule] = { level = level, row = row, en = en, zh = zh }
    end
    local f = facts(m)
    if m.kind == "commutation" then
        check_start(out, f)
        check_interval(out, f)
        check_size(out, f)
        check_floor(out, f)
    elseif m.kind == "parole" then
        check_parole(out, f)
    end
    check_evidence(out, f)
    check_punishment(out, f)
    check_hearing(out, m, failed)
    return failed
end

-- All conditions of a case; what is not as before becomes a finding, or resolves one.
function M.run(id)
    local m = matter.get(id)
    if not m or m.closed or m.stage == "withdrawn" then return end
    local failed, flags, settled = M.failed(m), m.data.flags or {}, m.data.settled or {}
    local changed = false
    for _, rule in ipairs(M.rules) do
        local now, before = failed[rule], flags[rule]
        if before and (not now or now.en ~= before.en) then
            finding.resolve(before.id, now and c.text("replaced by a later finding", "已由后续提示取代")
                or c.text("holds now", "现已符合"))
            flags[rule], before, changed = nil, nil, true
        end
        if now and not before and settled[rule] ~= now.en then
            flags[rule] = { id = c.flag(id, rule, now.level, now.row, now.en, now.zh), en = now.en }
            changed = true
        end
    end
    if changed then matter.set(id, { flags = flags }) end
    return failed
end

function M.person(subject)
    for _, m in ipairs(c.open_cases(subject)) do M.run(m.id) end
end

return M
