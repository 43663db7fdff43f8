-- SPDX-License-Identifier: GPL-2.0-only
--
-- Clues (duty 2): from anyone, or from a sensor; dispatched to several departments
-- that share one timeline and must each answer; then a case, or closed with a result.

local c = include("common")
local text, no, need = c.text, c.no, c.need

local M = {}

-- Opens a clue for the office that owns clues there. Returns its id, and whether
-- it is new: with a key, one that is open already gets another note instead.
function M.open(e, f, key)
    if key then
        local m = matter.find { kind = "clue", key = key, open = true }[1]
        if m then
            matter.set(m.id, { times = (m.data.times or 1) + 1 })
            matter.note(m.id, text("again: %s", "再次：%s", f.text))
            return m.id, false
        end
    end
    local owner = office.route(f.place, "clue")
    local id = matter.open { kind = "clue", key = key, place = f.place, office = owner,
        title = text("Clue: %s at %s", "线索：%s，%s", f.sort, c.name_of(f.place)),
        data = { sort = f.sort, text = f.text, photos = f.photos, subject = f.subject,
            filer = e.uid, source = f.source, asked = {} } }
    if e.actor and e.actor.office ~= owner then
        matter.share(id, e.actor.office)
    end
    clock.start("clue-dispatch", id)
    task { matter = id, office = owner, key = "dispatch",
        text = text("dispatch, hand over or close", "请流转、移交或办结") }
    return id, true
end

local function close(m, result, why)
    matter.set(m.id, { result = result, why = why })
    matter.move(m.id, "closed")
end

local acts = {}

acts["clue"] = {
    doc = "duty 2, something seen that should not be; from wardens, departments, residents",
    roles = "public",
    fields = {
        place = { "place", required = true },
        sort = { "enum", required = true, values = { "pollution", "dumping", "dredging", "fishing",
            "hunting", "logging", "mining", "occupation", "wildlife-trade", "food", "fire",
            "other" } },
        text = { "string", required = true, min = 2, max = 300, doc = "what, where; no person's name" },
        photos = { "list", of = { "blob" }, max = 6 },
        subject = { "subject", doc = "who reports, a pseudonym; absent: anonymous" },
    },
    run = function(e)
        M.open(e, e.data)
        if e.actor then
            c.count(e, e.uid, "clue")
        end
    end,
}

acts["dispatch"] = {
    doc = "departments that are to answer; each sees the whole timeline",
    roles = { "station", "command" },
    fields = {
        clue = { "matter", required = true },
        offices = { "list", of = { "office" }, max = 8, required = true },
        ask = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        local m = need(e.data.clue, "clue", "new", "dispatched", "answered")
        c.own(e, m)
        if #e.data.offices == 0 then
            no("name an office at least", "至少指定一个部门")
        end
        local asked = m.data.asked
        for _, id in ipairs(e.data.offices) do
            if id == m.office then
                no("%s owns the clue already", "%s 已是承办单位", id)
            elseif asked[id] then
                no("%s is asked already", "%s 已被派发", id)
            end
            asked[id] = { by = e.uid, on = e.date }
            matter.share(m.id, id)
            clock.start("clue-answer", m.id, { key = id })
            task { matter = m.id, office = id, key = "answer/" .. id, text = e.data.ask }
        end
        clock.stop("clue-dispatch", m.id)
        clock.stop("clue-decide", m.id)
        c.done(m.id, "dispatch")
        c.done(m.id, "decide")
        matter.set(m.id, { asked = asked })
        if m.stage ~= "dispatched" then
            matter.move(m.id, "dispatched")
        end
    end,
}

acts["answer"] = {
    doc = "a department answers; with the last one the clue is to be decided",
    roles = { "department", "station", "command" },
    fields = {
        clue = { "matter", required = true },
        result = { "enum", required = true,
            values = { "handled", "nothing-found", "needs-case", "not-ours" } },
        text = { "string", required = true, min = 2, max = 300 },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e)
        local m = need(e.data.clue, "clue", "dispatched")
        local asked, mine = m.data.asked, e.actor.office
        if not asked[mine] then
            no("%s was not asked about %s", "%s 未被派发 %s", mine, m.id)
        elseif asked[mine].result then
            no("%s has answered already", "%s 已答复", mine)
        end
        asked[mine].result, asked[mine].answered, asked[mine].uid = e.data.result, e.date, e.uid
        clock.stop("clue-answer", m.id, mine)
        c.done(m.id, "answer/" .. mine)
        matter.set(m.id, { asked = asked })
        if e.data.result == "not-ours" then
            finding { rule = "clue.not-ours", level = "info", matter = m.id, text = text(
                "%s says that it is not theirs: ask another", "%s 称不属其职责，请另行派发", mine) }
        end
        for _, a in pairs(asked) do
            if not a.result then
                return
            end
        end
        matter.move(m.id, "answered")
        clock.start("clue-decide", m.id)
        task { matter = m.id, office = m.office, key = "decide",
            text = text("all have answered: open a case or close", "均已答复：立案或办结") }
    end,
}

acts["clue-hand"] = {
    doc = "another office owns the clue from now on",
    roles = { "station", "command" },
    fields = {
        clue = { "matter", required = true },
        office = { "office", required = true },
        reason = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        local m = need(e.data.clue, "clue", "new", "answered")
        c.own(e, m)
        if e.data.office == m.office then
            no("%s owns it already", "%s 已是承办单位", m.office)
        end
        matter.set(m.id, { from = m.office })
        matter.hand(m.id, e.data.office, e.data.reason)
        task { matter = m.id, office = e.data.office, key = "dispatch",
            text = text("handed over to you: %s", "移交你单位：%s", e.data.reason) }
    end,
}

acts["clue-return"] = {
    doc = "the office it was handed to refuses it: it goes to the office above, never ownerless",
    roles = { "station", "command", "department" },
    fields = {
        clue = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        local m = need(e.data.clue, "clue", "new", "answered")
        if e.actor.office ~= m.office then
            no("%s belongs to office %s", "%s 属于 %s", m.id, m.office)
        elseif not m.data.from then
            no("%s was not handed over", "%s 未经移交", m.id)
        end
        local above = office.get(m.office).parent or m.data.from
        matter.set(m.id, { from = store.null })
        matter.hand(m.id, above, e.data.reason)
        finding { rule = "clue.returned", level = "warn", matter = m.id, text = text(
            "%s refuses it: %s decides", "%s 退回，由 %s 决定", m.office, above) }
    end,
}

acts["clue-close"] = {
    doc = "closed with a result and without a case, by another than who filed it",
    roles = { "station", "command" },
    fields = {
        clue = { "matter", required = true },
        result = { "enum", required = true,
            values = { "handled", "restored", "nothing-found", "unfounded", "duplicate" } },
        text = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        local m = need(e.data.clue, "clue")
        c.own(e, m)
        if m.stage == "dispatched" then
            for id, a in pairs(m.data.asked) do
                if not a.result then
                    no("%s has not answered", "%s 尚未答复", id)
                end
            end
        end
        need(m.id, "clue", "new", "answered")
        if m.data.filer == e.uid then
            no("who filed a clue does not close it", "线索提交人不得自行办结")
        end
        for id, a in pairs(m.data.asked) do
            if a.result == "needs-case" then
                no("%s asks for a case", "%s 提出应当立案", id)
            end
        end
        close(m, e.data.result, e.data.text)
    end,
}

acts["case-open"] = {
    doc = "a clue becomes a case; all sides of the clue are sides of the case",
    roles = { "command", "station" },
    fields = {
        clue = { "matter", required = true },
        sort = { "enum", values = { "criminal", "administrative", "public-interest" }, required = true },
        number = { "string", required = true, min = 3, max = 60, doc = "number of the case file" },
    },
    run = function(e)
        local m = need(e.data.clue, "clue", "answered")
        c.own(e, m)
        local id = matter.open { kind = "case", key = e.data.number, office = m.office,
            place = m.place, title = text("Case %s", "案件 %s", e.data.number),
            data = { sort = e.data.sort, clue = m.id, opener = e.uid } }
        for office_id in pairs(m.data.asked) do
            matter.share(id, office_id)
        end
        matter.link(m.id, id, "case")
        clock.stop("clue-decide", m.id)
        c.done(m.id, "decide")
        matter.set(m.id, { case = id })
        matter.move(m.id, "cased")
        clock.start("case-result", id)
    end,
}

acts["case-close"] = {
    doc = "the result of a case, entered by another than who opened it; it closes the clue as well",
    roles = { "command", "station" },
    fields = {
        case = { "matter", required = true },
        result = { "enum", required = true,
            values = { "punished", "to-prosecutor", "to-department", "restored", "not-established" } },
        text = { "string", required = true, min = 2, max = 300 },
        evidence = { "list", of = { "blob" }, max = 6, required = true, doc = "at least one" },
    },
    run = function(e)
        local m = need(e.data.case, "case", "open")
        c.own(e, m)
        if e.uid == m.data.opener then
            no("who opened a case does not close it", "立案人不得自行结案")
        elseif #e.data.evidence == 0 then
            no("a result has evidence", "结案须附证据")
        end
        matter.set(m.id, { result = e.data.result, why = e.data.text })
        matter.move(m.id, "closed")
        close(matter.get(m.data.clue), e.data.result, e.data.text)
    end,
}

local function clues_report(q)
    local rows, at = {}, {}
    for _, m in ipairs(matter.find { kind = "clue" }) do
        local day = date.of(m.opened)
        if (not q.from or day >= q.from) and (not q.to or day <= q.to) then
            local row = at[m.data.sort]
            if not row then
                row = { sort = m.data.sort, received = 0, open = 0, cases = 0, closed = 0, sensor = 0 }
                at[m.data.sort] = row
                rows[#rows + 1] = row
            end
            row.received = row.received + 1
            row.sensor = row.sensor + (m.data.source and 1 or 0)
            row.cases = row.cases + (m.data.case and 1 or 0)
            local name = m.stage == "closed" and "closed" or "open"
            row[name] = row[name] + 1
        end
    end
    return rows
end

M.acts = acts
M.clocks = {
    ["clue-dispatch"] = { law = "clue-dispatch" },
    ["clue-answer"] = { law = "clue-answer", warn = 1,
        due = function(_, due)
            matter.note(due.matter, text("%s has not answered in time", "%s 逾期未答复",
                tostring(due.key)))
        end },
    ["clue-decide"] = { law = "clue-decide" },
    ["case-result"] = { law = "case-result", warn = 10 },
}
M.matters = {
    clue = {
        title = { en = "Clue", zh = "线索" },
        stages = {
            new = { to = { "dispatched", "closed" }, doc = "with its owner" },
            dispatched = { to = { "answered" }, doc = "departments are to answer" },
            answered = { to = { "dispatched", "cased", "closed" }, doc = "each has answered" },
            cased = { to = { "closed" }, doc = "a case runs" },
            closed = { final = true, doc = "with its result" },
        },
        first = "new",
    },
    case = {
        title = { en = "Case", zh = "案件" },
        stages = { open = { to = { "closed" } }, closed = { final = true, doc = "with its result" } },
        first = "open",
    },
}
M.reports = {
    clues = {
        doc = "clues received in the period by sort: open, closed, cases, how many from sensors",
        columns = { "sort", "received", "open", "closed", "cases", "sensor" },
        run = clues_report,
    },
}
return M
