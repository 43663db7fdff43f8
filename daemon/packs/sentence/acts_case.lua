-- SPDX-License-Identifier: GPL-2.0-only
-- A proposal on its way: prison and prosecutors on one timeline, until it goes to the court
-- or the deciding authority, and its end.

local c = include("common")
local facts = include("facts")
local term = include("term")

local MATTER, TEXT = c.MATTER, c.TEXT
local OPTIONAL = { "string", max = 500, doc = "no personal data: that is for blobs" }
local BLOB = { "blob", doc = "SHA-256 of the sealed file" }
local GROUNDS = { "list", required = true, max = 3, of = { "enum", values = {
    "repentance", "merit", "major-merit", "illness", "pregnancy", "self-care" } } }

local PROBATION = { "integer", unit = "month", min = 1, max = 60, doc = "to be cut from the period of probation" }

local acts = {}

-- What is proposed has grounds and, a commutation, one size.
local function check_proposal(what, d, form)
    if (form == "probation" and what == "commutation") ~= (d.probation_months ~= nil) then
        tables.refuse("probation.months")
    end
    local inside = { "repentance", "merit", "major-merit" }
    if #d.grounds == 0 then tables.refuse("grounds-at-least-one") end
    for _, ground in ipairs(d.grounds) do
        if c.has(inside, ground) == (what == "outside") then
            tables.refuse("grounds-none-of", { ground = ground, what = what })
        end
    end
    local sizes = (d.months and 1 or 0) + (d.to_months and 1 or 0)
    -- Of a suspended death sentence nothing is cut when its suspension ends: it becomes life.
    local none = what ~= "commutation" or form == "suspended"
    if sizes > 1 or (what ~= "commutation" and sizes > 0) or (sizes == 0 and not none) then
        tables.refuse("one-size")
    end
end

-- What is known of the person that the law on serving outside prison asks
local ASKED = { danger = { "boolean", doc = "outside: danger to society" },
    self_harm = { "boolean", doc = "outside: mutilated himself" },
    refuses_treatment = { "boolean", doc = "outside: refuses treatment" },
    near_death = { "boolean", doc = "outside: death is near" },
    urgent = { "boolean", doc = "outside: urgent, announced afterwards" },
    helpless_since = { "date", doc = "outside, self-care: he needs that help, not recovered, since" },
    daily_acts = { "integer", min = 0, max = 5, doc = "outside, self-care: of the five daily acts, those that need help" },
    rights = { "integer", unit = "month", min = 0, max = 300, doc = "commutation: loss of political rights that would be left" } }

local function with_asked(fields)
    for name, field in pairs(ASKED) do fields[name] = field end
    return fields
end

acts.propose = {
    doc = "the prison proposes; the prosecutors see it from here on",
    fields = with_asked {
        subject = { "subject", required = true },
        what = { "enum", required = true, values = { "commutation", "parole", "outside" },
                 doc = "outside: temporary execution outside prison" },
        months = { "integer", unit = "month", min = 1, max = 300, doc = "to be cut from a term" },
        to_months = { "integer", unit = "month", min = 1, max = 400,
                      doc = "term a life sentence becomes; suspended death that becomes life: neither" },
        probation_months = PROBATION,
        grounds = GROUNDS,
        public_concern = { "boolean", default = false },
    },
    run = function(e)
        local d = e.data
        local p = c.person(d.subject, true)
        tables.need(e, p, { "prison" })
        local from = d.what == "commutation" and { "serving", "outside", "probation" } or { "serving" }
        if not p.closed and not c.has(from, p.stage) then
            tables.refuse("engine.wrong-stage", { matter = p.id, stage = p.stage, act = e.kind, stages = table.concat(from, ", ") })
        end
        check_proposal(d.what, d, term.form(p.data, p.data.cuts))
        local words = c.words.what[d.what]
        local id = matter.open { kind = d.what, key = d.subject, title = tables.text("case.title", { words = words,
            subject = d.subject }), data = {
            person = p.id, subject = d.subject, prosecutors = p.data.prosecutors, grounds = d.grounds,
            prosecutors_open = p.data.prosecutors_open, months = d.months, to_months = d.to_months,
            probation_months = d.probation_months, proposed = e.date,
            proposer = e.uid, public_concern = d.public_concern, danger = d.danger, self_harm = d.self_harm,
            refuses_treatment = d.refuses_treatment, near_death = d.near_death, urgent = d.urgent,
            daily_acts = d.daily_acts, helpless_since = d.helpless_since, rights = d.rights } }
        matter.share(id, p.data.prosecutors)
        matter.link(id, p.id, "person")
        task { matter = id, office = p.data.prosecutors, key = "proposed", text = tables.text("proposed") }
        c.used(e, "sharing")
        if p.closed then
            c.flag(id, "person.released", "fault", "release", e.date, { person = p.id })
        end
        tables.check(id)
    end,
}

acts.amend = {
    doc = "the prison changes the proposal; it is copied and reviewed anew",
    fields = { matter = MATTER, months = { "integer", unit = "month", min = 1, max = 300 },
               to_months = { "integer", unit = "month", min = 1, max = 400 }, probation_months = PROBATION, grounds = GROUNDS },
    run = function(e, m)
        local d = e.data
        local p = matter.get(m.data.person).data
        check_proposal(m.kind, d, term.form(p, p.cuts))
        matter.set(m.id, { months = d.months or store.null, to_months = d.to_months or store.null,
            probation_months = d.probation_months or store.null,
            grounds = d.grounds, proposed = e.date, proposer = e.uid, opinion = store.null,
            receipt = store.null })
    end,
}

acts.countersign = {
    doc = "a second person of the prison signs: the proposal is copied to the prosecutors, this record is the receipt",
    fields = { matter = MATTER },
    run = function(e, m)
        local key = "receipt:" .. e.date .. ":" .. e.record
        store.set(key, { matter = m.id, record = e.record, date = e.date })
        matter.set(m.id, { receipt = key, countersigned = e.uid })
    end,
}

-- Which rule a public notice follows
local function notice_row(m, side)
    if side ~= "prison" then return "notice-" .. side end
    if matter.get(m.data.person).data.detention_house then return "notice-detention-house" end
    return m.kind == "outside" and "notice-outside" or "notice-prison"
end

-- The last day of a public notice
local function notice_end(m, side, day)
    local row = tables.law(notice_row(m, side), day)
    return row.working_days and (date.working(day, row.working_days)) or date.add(day, { days = row.days })
end

acts.publish = {
    doc = "the public notice of a proposal: by the prison, then by the court or the authority",
    notice = { matter = "matter" },
    fields = { matter = MATTER },
    run = function(e, m)
        local side = tables.side(e, m)
        local notices = m.data.notices or {}
        if notices[side] then
            tables.refuse("notice-out-since", { from = notices[side].from })
        end
        local last = notice_end(m, side, e.date)
        notices[side] = { from = e.date, to = last }
        matter.set(m.id, { notices = notices })
        local words = c.words.what[m.kind]
        notice { kind = "proposal", key = m.id .. ":" .. side, title = m.title, from = e.time,
            to = e.time + date.days(e.date, last) * 86400, text = tables.text("proposed-whoever-objects-says",
                { words = words, subject = m.data.subject, last = last, matter = m.id }) }
    end,
}

-- Published, and its days all passed on a day?
local function check_notice(m, side, day)
    local n = (m.data.notices or {})[side]
    if (n and day > n.to) or (not n and m.data.urgent) then return end
    local row = notice_row(m, side)
    -- On its last day it lacks hours, not days.
    c.flag(m.id, "notice." .. side, n and day == n.to and "warn" or "fault", row, day,
        n and { from = n.from, day = day, to = n.to }, n and "notice.runs" or "notice.none")
end

acts.complaint = {
    doc = "anybody says something against a proposal; the words stand in the blob",
    fields = { matter = MATTER, blob = { "blob", required = true } },
    run = function(e, m)
        local during = false
        for _, n in pairs(m.data.notices or {}) do
            if n.from <= e.date and e.date <= n.to then during = true end
        end
        local complaints = m.data.complaints or {}
        complaints[e.record] = { open = true, during = during, blob = e.data.blob }
        matter.set(m.id, { complaints = complaints, complained = m.data.complained or during })
        tables.tell(m, "prosecutors", "complaint:" .. e.record, tables.text("look-into-complaint-record",
            { record = e.record }))
    end,
}

acts["complaint-answer"] = {
    doc = "what became of a complaint",
    fields = { matter = MATTER, complaint = { "string", required = true, max = 64, doc = "its record" }, text = TEXT,
               result = { "enum", required = true, values = { "founded", "unfounded" } } },
    run = function(e, m)
        local complaints = m.data.complaints or {}
        local one = complaints[e.data.complaint]
        if not one or not one.open then
            tables.refuse("no-complaint-open", { complaint = e.data.complaint })
        end
        one.open, one.result = false, e.data.result
        matter.set(m.id, { complaints = complaints })
        matter.note(m.id, e.data.text)
        tables.done(m.id, "complaint:" .. e.data.complaint)
        if e.data.result == "founded" then
            c.flag(m.id, "complaint.founded", "fault", "complaint", e.date, { complaint = e.data.complaint })
        end
    end,
}

-- The receipt of a proposal is answered: kept apart from the receipt, for the audit.
local function reviewed(e, m)
    local receipt = store.get(m.data.receipt)
    store.set("review:" .. receipt.record, { record = receipt.record, matter = receipt.matter, date = receipt.date, by = e.record })
end

acts.opinion = {
    doc = "the prosecutors' opinion",
    fields = { matter = MATTER, text = OPTIONAL, blob = BLOB, made = c.MADE,
               opinion = { "enum", required = true, values = { "agree", "object", "ask" },
                           doc = "ask: more is wanted first; the time runs on" } },
    run = function(e, m)
        local d = e.data
        c.effective(e, m.id, d.made)
        -- What went past them can still be reviewed.
        if d.opinion ~= "agree" and not d.text then
            tables.refuse("text-who-asks-objects")
        end
        if d.text then matter.note(m.id, d.text) end
        if d.opinion == "ask" then
            local queries = m.data.queries or {}
            queries[e.record] = { from = "prosecutors", open = true }
            matter.set(m.id, { queries = queries })
            tables.tell(m, "prison", "query:" .. e.record, tables.text("answer-question-record", { record = e.record,
                text = d.text }))
            return false
        end
        reviewed(e, m)
        if m.stage ~= "copied" then
            c.flag(m.id, "opinion.late", "warn", m.kind == "outside" and "outside-opinion" or "opinion", e.date, { stage = m.stage })
        end
        matter.set(m.id, { opinion = d.opinion, opinion_by = e.uid })
        if d.opinion == "object" then
            tables.tell(m, "prison", "objected", tables.text("objected"))
        end
    end,
}

acts.discuss = {
    doc = "a hard case is discussed by both sides; who records it signs for their side",
    fields = { matter = MATTER, text = TEXT, blob = BLOB },
    run = function(e, m)
        local side = tables.side(e, m)
        matter.set(m.id, { discussion = { record = e.record, [side] = e.uid, done = false } })
        matter.note(m.id, e.data.text)
        tables.tell(m, side == "prison" and "prosecutors" or "prison", "discussion",
            tables.text("sign-joint-discussion-record", { record = e.record }))
    end,
}

acts["discuss-sign"] = {
    doc = "the other side signs what was discussed",
    fields = { matter = MATTER, discussion = { "string", required = true, max = 64, doc = "its record" } },
    run = function(e, m)
        local side = tables.side(e, m)
        local d = m.data.discussion
        if not d or d.done or d.record ~= e.data.discussion then
            tables.refuse("no-discussion-waits-signature", { discussion = e.data.discussion })
        end
        if (d.prison or d.prosecutors) == e.uid then
            tables.refuse("engine.same-person", { why = tables.text("second-signature") })
        end
        if d[side] then tables.refuse("this-side-has-signed") end
        d[side], d.done = e.uid, true
        matter.set(m.id, { discussion = d })
        tables.done(m.id, "discussion")
        c.used(e, "discussion")
    end,
}

acts["enforcement-hearing"] = {
    doc = "an enforcement hearing on the proposal, with invited people",
    fields = { matter = MATTER, effective = { "date", doc = "when it was held" }, blob = { "blob", required = true },
               invited = { "integer", required = true, unit = "person", min = 0, max = 1000 },
               result = { "enum", required = true, values = { "for", "against", "divided" } } },
    run = function(e, m)
        local day = c.effective(e, m.id, e.data.effective)
        matter.set(m.id, { enforcement_hearing = { date = day, result = e.data.result, record = e.record } })
        if e.data.result ~= "for" then
            c.flag(m.id, "hearing.divided", "warn", "joint", e.date, { result = e.data.result })
        end
        c.used(e, "hearing")
    end,
}

-- Which of the times for a ruling runs, from the day the court received the proposal
local M = { ruling_clocks = { "ruling", "ruling-strict", "ruling-community" } }
function M.ruling_clock(m, from)
    local p = matter.get(m.data.person)
    local form = term.form(p.data, p.data.cuts)
    local strict = form == "suspended" or form == "detention" or form == "surveillance"
    local name = strict and "ruling-strict" or "ruling"
    -- Under community correction it is a time of its own.
    if m.kind == "commutation" and (p.stage == "probation" or p.stage == "outside") then name = "ruling-community" end
    local out = {}
    for _, one in ipairs(M.ruling_clocks) do out[one] = one == name and from end
    return out
end

acts.submit = {
    doc = "the proposal goes to the court, or to who decides on serving outside prison",
    fields = { matter = MATTER, to = { "office", required = true } },
    run = function(e, m)
        local to = e.data.to
        if to == m.office or to == m.data.prosecutors then
            tables.refuse("neither-side-decides")
        end
        matter.set(m.id, { [m.kind == "outside" and "authority" or "court"] = to, submitted = e.date })
        matter.share(m.id, to)
        if m.stage == "copied" then
            c.flag(m.id, "review.skipped", "fault", m.kind == "outside" and "outside-opinion" or "opinion", e.date)
        end
        check_notice(m, "prison", e.date)
        local form = term.form(matter.get(m.data.person).data, matter.get(m.data.person).data.cuts)
        if m.kind ~= "outside" and (form == "life" or form:match("^suspended")) and form ~= "suspended-fixed" and not m.data.consent then
            c.flag(m.id, "consent", "warn", "consent", e.date)
        end
        if m.data.opinion == "object" and not (m.data.discussion and m.data.discussion.done) then
            c.flag(m.id, "discussion", "warn", "joint", e.date)
        end
        return m.kind ~= "outside" and M.ruling_clock(m, e.date) or { ["authority-notice"] = not m.data.urgent and e.date }
    end,
}

acts.consent = {
    doc = "the provincial prison bureau agrees to the proposal: of life and suspended death",
    fields = { matter = MATTER, blob = { "blob", required = true, doc = "SHA-256 of the signed consent" } },
    run = function(e, m)
        matter.set(m.id, { consent = e.record, consent_blob = e.data.blob })
        for _, f in ipairs(finding.find { rule = "consent", matter = m.id, open = true }) do
            finding.resolve(f.id, tables.text("consented"))
        end
    end,
}

acts.withdraw = {
    doc = "the prison takes the proposal back; the prosecutors close it",
    fields = { matter = MATTER, reason = TEXT, leave = { "blob", doc = "the court's leave, once it dockets" } },
    run = function(e, m)
        for _, flag in pairs(m.data.flags or {}) do
            finding.resolve(flag.id, tables.text("flag.withdrawn"))
        end
        matter.set(m.id, { flags = {} })
        matter.note(m.id, e.data.reason)
        if m.stage == "court" and not e.data.leave then
            c.flag(m.id, "withdraw.leave", "warn", "withdrawal", e.date)
        end
    end,
}

acts.extend = {
    doc = "a time is extended, within what the law allows",
    fields = { matter = MATTER, reason = TEXT, clock = { "enum", required = true, values = {
        "opinion", "outside-opinion", "outside-objection", "ruling", "ruling-strict", "service", "objection", "final",
        "complaint-told", "judgment-doubt", "community-assessment" } } },
    run = function(e, m)
        tables.need(e, m, { tables.duty(e.data.clock) })
        clock.extend(e.data.clock, m.id, e.data.reason)
        matter.note(m.id, e.data.reason)
    end,
}

acts.settle = {
    doc = "a prosecutor answers for a finding with a reason; missing evidence cannot be answered so",
    fields = { matter = MATTER, rule = { "string", required = true, max = 64 }, reason = TEXT },
    run = function(e, m)
        local rule = e.data.rule
        if rule == "evidence" then
            tables.refuse("missing-evidence-filed-not")
        end
        local list = finding.find { rule = rule, matter = m.id, open = true }
        if #list == 0 then tables.refuse("no-finding-open", { rule = rule, matter = m.id }) end
        for _, f in ipairs(list) do finding.resolve(f.id, e.data.reason) end
        local flags, settled = m.data.flags or {}, m.data.settled or {}
        if flags[rule] then
            settled[rule], flags[rule] = flags[rule].en, nil
            matter.set(m.id, { flags = flags, settled = settled })
        end
        matter.note(m.id, e.data.reason)
    end,
}

-- What was done after its time stays a finding, and cannot be mended any more.
local function done_late(id, rule)
    local name = rule:sub(1, 6) == "clock." and rule:sub(7)
    local k = name and clock.get(name, id)
    return k and k.state == "late"
end

-- What still stands in the way of closing a case: a text, or nothing
local function holes(m)
    local d = m.data
    if m.stage ~= "withdrawn" then
        if d.granted then
            local missing = facts.missing(m)
            if missing then return tables.text("hole.evidence", { missing = missing }) end
        end
        for _, f in ipairs(finding.find { matter = m.id, open = true }) do
            if f.level == "fault" and not done_late(m.id, f.rule) then
                return tables.text("hole.finding", { rule = f.rule })
            end
        end
    end
    for record, one in pairs(d.complaints or {}) do
        if one.open then return tables.text("hole.complaint", { record = record }) end
    end
    for record, one in pairs(d.queries or {}) do
        if one.open then return tables.text("hole.question", { record = record }) end
    end
    if d.discussion and not d.discussion.done then return tables.text("hole.discussion") end
    for _, id in ipairs(d.flaws or {}) do
        if not matter.get(id).closed then return tables.text("hole.flaw", { flaw = id }) end
    end
end

acts.close = {
    doc = "the prosecutors close a case, when no hole is left",
    fields = { matter = MATTER },
    run = function(e, m)
        local hole = holes(m)
        if hole then tables.refuse("cannot-close", { matter = m.id, hole = hole }) end
        if m.data.receipt and not m.data.opinion then reviewed(e, m) end
    end,
}

M.acts, M.notice = acts, check_notice
return M
