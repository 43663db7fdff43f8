-- SPDX-License-Identifier: GPL-2.0-only
--
-- Clues (duty 2): from anyone, or from a sensor; dispatched to several departments
-- that share one timeline and must each answer; then a case, or closed with a result.

local c = include("common")

local M = {}

-- Opens a clue for the office that owns clues there. Returns its id, and whether
-- it is new: with a key, one that is open already gets another note instead.
function M.open(e, f, key)
    if key then
        local m = matter.find { kind = "clue", key = key, open = true }[1]
        if m then
            matter.set(m.id, { times = (m.data.times or 1) + 1 })
            matter.note(m.id, tables.text("again", { text = f.text }))
            return m.id, false
        end
    end
    local owner = office.route(f.place, "clue")
    local id = matter.open { kind = "clue", key = key, place = f.place, office = owner,
        title = tables.text("clue", { sort = f.sort, place = c.name_of(f.place) }),
        data = { sort = f.sort, text = f.text, photos = f.photos, subject = f.subject,
            filer = e.uid, source = f.source, asked = {} } }
    if e.actor and e.actor.office ~= owner then
        matter.share(id, e.actor.office)
    end
    tables.start("clue-dispatch", id)
    return id, true
end

local function close(m, result, why)
    matter.set(m.id, { result = result, why = why })
    matter.move(m.id, "closed")
end

local acts = {}

acts["clue"] = {
    doc = "duty 2, something seen that should not be; from wardens, departments, residents",
    fields = {
        place = { "place", required = true },
        sort = { "enum", required = true, values = { "pollution", "dumping", "dredging", "fishing",
            "hunting", "logging", "mining", "occupation", "wildlife-trade", "food", "fire",
            "other" } },
        text = { "string", required = true, min = 2, max = 300, doc = "what, where; no person's name" },
        photos = { "list", of = { "blob" }, max = 6 },
        subject = { "subject", doc = "person who reports, a pseudonym; anonymous if absent" },
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
    fields = {
        clue = { "matter", required = true },
        offices = { "list", of = { "office" }, max = 8, required = true },
        ask = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e, m)
        if #e.data.offices == 0 then
            tables.refuse("name-office-least")
        end
        local asked = m.data.asked
        for _, id in ipairs(e.data.offices) do
            if id == m.office then
                tables.refuse("owns-clue-already", { matter = id })
            elseif asked[id] then
                tables.refuse("asked-already", { matter = id })
            end
            asked[id] = { by = e.uid, on = e.date }
            matter.share(m.id, id)
            tables.start("clue-answer", m.id, nil, id)
            task { matter = m.id, office = id, key = "answer/" .. id, text = e.data.ask }
        end
        tables.stop("clue-dispatch", m.id)
        tables.stop("clue-decide", m.id)
        matter.set(m.id, { asked = asked })
        if m.stage ~= "dispatched" then
            matter.move(m.id, "dispatched")
        end
    end,
}

acts["answer"] = {
    doc = "a department answers; with the last one the clue is to be decided",
    fields = {
        clue = { "matter", required = true },
        result = { "enum", required = true,
            values = { "handled", "nothing-found", "needs-case", "not-ours" } },
        text = { "string", required = true, min = 2, max = 300 },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e, m)
        local asked, mine = m.data.asked, e.actor.office
        if not asked[mine] then
            tables.refuse("was-not-asked-about", { mine = mine, matter = m.id })
        elseif asked[mine].result then
            tables.refuse("has-answered-already", { mine = mine })
        end
        asked[mine].result, asked[mine].answered, asked[mine].uid = e.data.result, e.date, e.uid
        tables.stop("clue-answer", m.id, e.date, mine)
        tables.done(m.id, "answer/" .. mine)
        matter.set(m.id, { asked = asked })
        if e.data.result == "not-ours" then
            tables.flag(m.id, "clue.not-ours", "info", "clue-ownership", e.date, tables.text("says-not-theirs-ask",
                { mine = mine }))
        end
        for _, a in pairs(asked) do
            if not a.result then
                return
            end
        end
        matter.move(m.id, "answered")
        tables.start("clue-decide", m.id)
    end,
}

acts["clue-hand"] = {
    doc = "another office owns the clue from now on",
    fields = {
        clue = { "matter", required = true },
        office = { "office", required = true },
        reason = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e, m)
        if e.data.office == m.office then
            tables.refuse("owns-already", { owner = m.office })
        end
        matter.set(m.id, { from = m.office })
        matter.hand(m.id, e.data.office, e.data.reason)
        task { matter = m.id, office = e.data.office, key = "dispatch",
            text = tables.text("handed-over-you", { reason = e.data.reason }) }
    end,
}

acts["clue-return"] = {
    doc = "the office it was handed to refuses it: it goes to the office above, never ownerless",
    fields = {
        clue = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e, m)
        if not m.data.from then
            tables.refuse("was-not-handed-over", { matter = m.id })
        end
        local above = office.get(m.office).parent or m.data.from
        matter.set(m.id, { from = store.null })
        matter.hand(m.id, above, e.data.reason)
        tables.flag(m.id, "clue.returned", "warn", "clue-ownership", e.date, tables.text("refuses-decides",
            { owner = m.office, above = above }))
    end,
}

acts["clue-close"] = {
    doc = "closed with a result and without a case, by a person other than the one who filed it",
    fields = {
        clue = { "matter", required = true },
        result = { "enum", required = true,
            values = { "handled", "restored", "nothing-found", "unfounded", "duplicate" } },
        text = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e, m)
        for id, a in pairs(m.data.asked) do
            if not a.result then
                tables.refuse("has-not-answered", { matter = id })
            end
        end
        for id, a in pairs(m.data.asked) do
            if a.result == "needs-case" then
                tables.refuse("asks-for-case", { matter = id })
            end
        end
        close(m, e.data.result, e.data.text)
    end,
}

acts["case-open"] = {
    doc = "a clue becomes a case; all sides of the clue are sides of the case",
    fields = {
        clue = { "matter", required = true },
        sort = { "enum", values = { "criminal", "administrative", "public-interest" }, required = true },
        number = { "string", required = true, min = 3, max = 60, doc = "number of the case file" },
    },
    run = function(e, m)
        local id = matter.open { kind = "case", key = e.data.number, office = m.office,
            place = m.place, title = tables.text("case", { number = e.data.number }),
            data = { sort = e.data.sort, clue = m.id, opener = e.uid } }
        for office_id in pairs(m.data.asked) do
            matter.share(id, office_id)
        end
        matter.link(m.id, id, "case")
        matter.set(m.id, { case = id })
        tables.start("case-result", id)
    end,
}

acts["case-close"] = {
    doc = "the result of a case, entered by a person other than the one who opened it; it closes the clue as well",
    fields = {
        case = { "matter", required = true },
        result = { "enum", required = true,
            values = { "punished", "to-prosecutor", "to-department", "restored", "not-established" } },
        text = { "string", required = true, min = 2, max = 300 },
        evidence = { "list", of = { "blob" }, max = 6, required = true, doc = "at least one" },
    },
    run = function(e, m)
        if #e.data.evidence == 0 then
            tables.refuse("result-has-evidence")
        end
        matter.set(m.id, { result = e.data.result, why = e.data.text })
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
    ["clue-answer"] = {
        due = function(_, due)
            matter.note(due.matter, tables.text("has-not-answered-in", { key = due.key }))
        end },
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
