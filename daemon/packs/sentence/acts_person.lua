-- SPDX-License-Identifier: GPL-2.0-only
-- Daily management: where the review starts. Both sides see each of these as it is entered.

local evidence = data("evidence")
local c = include("common")
local grade = include("acts_grade")
local person = include("person")
local term = include("term")

local SUBJECT, BLOB, TEXT, DATE = c.SUBJECT, c.BLOB, c.TEXT, c.DATE
local documents = {}
for _, item in ipairs(evidence.list) do
    -- These come of their own acts.
    if not c.has({ "assessment", "repentance", "merit", "major-merit" }, item.item) then
        documents[#documents + 1] = item.item
    end
end

local function keep(e, p, item, day, hash)
    local list = p.data.evidence
    if not list[item] or list[item].date <= day then
        list[item] = { date = day, record = e.record, blob = hash }
    end
    matter.set(p.id, { evidence = list })
    for _, m in ipairs(c.open_cases(p.key)) do
        matter.note(m.id, tables.text("evidence-filed", { item = item, day = day }))
    end
    c.judge(p.key)
end

local acts = {}

-- Somebody begins to serve here; returns the matter
local function enter(e)
    local d = e.data
    local kept = person.take(e, d, {})
    if d.prosecutors == e.actor.office then
        tables.refuse("prosecutors-other-side-another")
    end
    local words = c.words.sentence[d.sentence]
    kept.subject, kept.prosecutors, kept.evidence = d.subject, d.prosecutors, {}
    local id = matter.open { kind = "person", key = d.subject, title = tables.text("person.title", { subject = d.subject,
        words = words }), data = kept }
    matter.share(id, d.prosecutors)
    c.used(e, "sharing")
    return id
end

acts.admit = {
    doc = "a person begins to serve a sentence here",
    fields = person.fields(true),
    run = function(e)
        if e.data.probation then tables.refuse("probation.act") end
        term.watch(e, enter(e))
    end,
}

acts.probation = {
    doc = "a person whose sentence is suspended begins probation here, under community correction",
    fields = (function()
        local fields = person.fields(true)
        fields.probation.required = true
        fields.start.doc = "the judgment is final: probation runs from it"
        return fields
    end)(),
    run = function(e)
        local id = enter(e)
        matter.move(id, "probation")
        matter.set(id, { community = e.actor.office })
        term.watch(e, id)
        tables.start("community-report", id, e.data.start)
        tables.check(id)
    end,
}

acts.transfer = {
    doc = "the person serves on in another prison: the whole record goes along",
    fields = { subject = SUBJECT, to = { "office", required = true }, reason = TEXT,
               prosecutors = { "office", doc = "of the new place; absent: they take the side by their first act" } },
    run = function(e, p)
        local d = e.data
        if #c.open_cases(p.key) > 0 then
            tables.refuse("case-open-ends-first")
        end
        if d.prosecutors == d.to then
            tables.refuse("prosecutors-other-side-another")
        end
        matter.hand(p.id, d.to, d.reason)
        if d.prosecutors then matter.share(p.id, d.prosecutors) end
        matter.set(p.id, { prosecutors = d.prosecutors, prosecutors_open = d.prosecutors == nil,
            community = p.stage == "probation" and d.to or p.data.community })
    end,
}

local PARTS = { "supervision", "education", "labour" }

-- Points of a month, of each part of it where that is entered, and special extra ones, those of the year too
local function judge_points(e, p, day)
    local d, year = e.data, e.data.period:sub(1, 4)
    local special, key = d.special or 0, "special:" .. p.key .. ":" .. year
    local sum = store.get(key) or 0
    -- Those of items 1 to 5 are not held against the year's.
    if special > 0 and not (d.special_item and d.special_item <= 5) then
        sum = sum + special
        store.set(key, sum)
    end
    local facts = { on = day, score = d.score - special, special = special, special_year = sum,
        published = grade.notice_of(d, day) }
    for _, part in ipairs(PARTS) do
        local base = d[part] and tables.law("assessment-" .. part, day)
        if base then facts[part], facts[part .. "_base"] = d[part], base.figure end
    end
    c.judge_act(e, p.id, facts)
end

-- The month in which the cycle is full: it is graded the month after
local function full_in(e, p, score, day)
    local row = tables.law("assessment-cycle", day)
    local sum = score - (p.data.graded_at or 0) + (p.data.graded_over or 0)
    return not p.data.full_in and row and sum >= row.figure and e.data.period or nil
end

local POINTS = { "number", unit = "point", min = 0, max = 1000, doc = "points of that part, among them" }

acts.assess = {
    doc = "the assessment of a period",
    fields = {
        subject = SUBJECT,
        period = { "string", required = true, pattern = "^%d%d%d%d%-%d%d$", doc = "the month, as 2026-01" },
        score = { "number", required = true, unit = "point", min = -1000, max = 1000 },
        special = { "number", unit = "point", min = 0, max = 1000, doc = "special extra points among them" },
        special_item = { "integer", min = 1, max = 20, doc = "item of Art. 14 for which; 1 to 5 are not counted in the year's" },
        supervision = POINTS, education = POINTS, labour = POINTS,
        published = grade.PUBLISHED,
        effective = DATE,
    },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        local key = "assess:" .. p.key .. ":" .. e.data.period
        if store.get(key) then
            tables.refuse("period-assessed-use-correct", { period = e.data.period })
        end
        store.set(key, { score = e.data.score, effective = day, record = e.record, uid = e.uid })
        local score = (p.data.score or 0) + e.data.score
        matter.set(p.id, { score = score, full_in = full_in(e, p, score, day) })
        judge_points(e, p, day)
        keep(e, p, "assessment", day)
    end,
}

acts.correct = {
    doc = "an earlier assessment is changed: by another person, seen by both sides",
    fields = {
        subject = SUBJECT,
        period = { "string", required = true, pattern = "^%d%d%d%d%-%d%d$", doc = "which" },
        score = { "number", required = true, unit = "point", min = -1000, max = 1000 },
        reason = TEXT,
    },
    run = function(e, p)
        local key = "assess:" .. p.key .. ":" .. e.data.period
        local old = store.get(key)
        if not old then
            tables.refuse("period-was-not-assessed", { period = e.data.period })
        end
        if old.uid == e.uid then
            tables.refuse("engine.same-person", { why = tables.text("who-assessed-does-not") })
        end
        local what = { period = e.data.period, record = old.record, day = old.effective, was = old.score, score = e.data.score }
        store.set(key, { score = e.data.score, effective = old.effective, record = e.record, uid = e.uid,
            was = old.score })
        matter.set(p.id, { score = (p.data.score or 0) - old.score + e.data.score })
        c.flag(p.id, "assessment.changed", "warn", "changed", e.date, what)
        for _, m in ipairs(c.open_cases(p.key)) do
            c.flag(m.id, "assessment.changed", "fault", "changed", e.date, what, "assessment.changed-open")
        end
        tables.tell(p, "prosecutors", "changed:" .. e.record, tables.text("assessment.changed", what))
    end,
}

acts.merit = {
    doc = "merit, found by the prison",
    fields = {
        subject = SUBJECT, blob = BLOB, effective = DATE,
        degree = { "enum", required = true, values = { "ordinary", "major" } },
        technical = { "boolean", default = false, doc = "a technical innovation, or an invention" },
        own_work = { "boolean", doc = "technical: done while serving, alone or as its main author" },
        confirmed = { "enum", values = { "provincial", "national" }, doc = "technical: by which authority" },
        patent = { "enum", values = { "invention", "utility", "design" }, doc = "technical: its patent" },
    },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        c.used(e, "evidence")
        if not grade.is_shown(e, p, day) then return end
        keep(e, p, e.data.degree == "major" and "major-merit" or "merit", day, e.data.blob)
    end,
}

acts.punish = {
    doc = "a punishment within the prison",
    fields = {
        subject = SUBJECT, blob = BLOB, effective = DATE,
        degree = { "enum", required = true, values = { "warning", "demerit", "confinement" } },
        points = { "integer", unit = "point", min = 0, max = 1000,
                   doc = "deducted by this record; absent: they are in the month's assessment" },
    },
    run = function(e, p)
        local day, points = c.effective(e, p.id, e.data.effective), e.data.points
        c.judge_act(e, p.id, { on = day, degree = e.data.degree, points = points })
        if points then matter.set(p.id, { score = (p.data.score or 0) - points }) end
        if not p.data.punished or p.data.punished < day then matter.set(p.id, { punished = day }) end
        c.judge(p.key)
    end,
}

local function file(doc, items, more)
    local fields = { subject = SUBJECT, blob = BLOB, effective = DATE,
        item = items and { "enum", required = true, values = items } or nil }
    for name, field in pairs(more or {}) do fields[name] = field end
    return {
        doc = doc,
        fields = fields,
        run = function(e, p)
            local day, told = c.effective(e, p.id, e.data.effective), e.data.told
            if more then
                c.judge_act(e, p.id, { on = day, doctors = e.data.doctors, examination_told = told and { from = told, to = day } })
            end
            c.used(e, "evidence")
            keep(e, p, e.data.item or "repentance", day, e.data.blob)
        end,
    }
end

acts.medical = file("medical evidence, fixed by its hash as it arises", { "diagnosis", "pregnancy", "self-care" }, {
    doctors = { "integer", unit = "person", min = 0, max = 20, doc = "doctors of vice-senior rank who examined" },
    told = { "date", doc = "when the prosecutors were told that there will be an examination" } })
acts.repentance = file("evidence of repentance: concrete facts, not scores")
acts.document = file("another item of the evidence list", documents)

acts.query = {
    doc = "one side asks the other about a matter, at any time",
    fields = { matter = { "matter", required = true }, text = TEXT },
    run = function(e, m)
        local side = tables.side(e, m)
        local other = side == "prison" and "prosecutors" or "prison"
        local queries = m.data.queries or {}
        queries[e.record] = { from = side, open = true }
        matter.set(m.id, { queries = queries })
        matter.note(m.id, e.data.text)
        tables.tell(m, other, "query:" .. e.record, tables.text("answer-question-record", { record = e.record,
            text = e.data.text }))
        c.used(e, "sharing")
    end,
}

acts.reply = {
    doc = "the other side answers",
    fields = {
        matter = { "matter", required = true }, text = TEXT,
        query = { "string", required = true, max = 64, doc = "record of the question" },
    },
    run = function(e, m)
        local side = tables.side(e, m)
        local queries = m.data.queries or {}
        local q = queries[e.data.query]
        if not q or not q.open then
            tables.refuse("no-question-open", { query = e.data.query })
        end
        if q.from == side then
            tables.refuse("other-side-answers")
        end
        q.open = false
        matter.set(m.id, { queries = queries })
        matter.note(m.id, e.data.text)
        tables.done(m.id, "query:" .. e.data.query)
        c.used(e, "sharing")
    end,
}

acts["follow-up"] = {
    doc = "the prosecutors review how a grant turned out",
    fields = {
        subject = SUBJECT, text = TEXT,
        result = { "enum", required = true, values = { "in-order", "doubt", "condition-gone" },
                   doc = "condition-gone: the ground of serving outside prison exists no more" },
        next = { "date", doc = "when to look again" },
    },
    run = function(e, p)
        clock.stop("follow-up", p.id)
        matter.note(p.id, e.data.text)
        c.used(e, "follow-up")
        if e.data.result == "doubt" then
            c.flag(p.id, "follow-up.doubt", "warn", "follow-up", e.date, { text = e.data.text })
        elseif e.data.result == "condition-gone" then
            c.flag(p.id, "outside.condition", "fault", "condition-gone", e.date)
            tables.tell(p, "prison", "recall", tables.text("recall"))
        end
        if e.data.next then
            if e.data.next <= e.date then tables.refuse("next-not-after-today") end
            clock.start("follow-up", p.id, { from = e.data.next })
        end
    end,
}

acts.institution = {
    doc = "an institutional document of both sides, in force from a day",
    fields = {
        id = { "string", required = true, pattern = "^[%w%-]+$", max = 32 },
        title = { "string", required = true, max = 200 },
        version = { "string", required = true, max = 20 },
        blob = BLOB,
        from = { "date", required = true, doc = "in force from" },
    },
    run = function(e)
        local d = e.data
        store.set("institution:" .. d.id .. ":" .. d.from, { title = d.title, version = d.version, from = d.from,
            blob = d.blob, record = e.record })
    end,
}

for name, act in pairs(grade.acts) do acts[name] = act end
for name, act in pairs(include("acts_end")) do acts[name] = act end
return acts
