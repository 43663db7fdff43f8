-- SPDX-License-Identifier: GPL-2.0-only
-- The court's side, the authority's on serving outside prison, and the prosecutors' answer.

local c = include("common")
local facts = include("facts")
local term = include("term")
local case = include("acts_case")

local MATTER, BLOB, TEXT = c.MATTER, c.BLOB, c.TEXT
local acts = {}

acts.docket = {
    doc = "the court dockets the proposal; its month for the ruling runs from the day it received it",
    fields = { matter = MATTER, number = { "string", required = true, min = 1, max = 60, doc = "the case's number" },
               received = { "date", doc = "when the court received it; absent: the day of submit" } },
    run = function(e, m)
        local received = e.data.received or m.data.submitted
        if received > e.date or received < m.data.submitted then
            tables.refuse("received-between-submission-today", { submitted = m.data.submitted })
        end
        matter.set(m.id, { number = e.data.number, docketed = e.date, received = received })
        -- The time was counted from the submission until the court says when it came: then what was overdue
        -- may not be.
        local anew = case.ruling_clock(m, received)
        for _, name in ipairs(case.ruling_clocks) do
            local k = clock.get(name, m.id)
            if k and k.state == "overdue" and anew[name] and deadline(received, tables.some_law(name, received)) >= e.date then
                for _, f in ipairs(finding.find { rule = "clock." .. name, matter = m.id, open = true }) do
                    finding.resolve(f.id, tables.text("counted-from-receipt", { received = received }))
                end
                tables.done(m.id, "overdue:" .. name)
            end
            if k and (k.state == "running" or k.state == "overdue") then tables.stop(name, m.id) end
        end
        return anew
    end,
}

acts["hearing-need"] = {
    doc = "a reason for a hearing in open court that no other record shows",
    fields = { matter = MATTER, text = TEXT,
               why = { "enum", required = true, values = { "public-concern", "court" }, doc = "court: it finds it necessary" } },
    run = function(e, m)
        if e.data.why == "court" then tables.need(e, m, { "court" }) end
        matter.set(m.id, e.data.why == "court" and { hearing_ordered = true } or { public_concern = true })
        matter.note(m.id, e.data.text)
    end,
}

acts["hearing-fixed"] = {
    doc = "the day of a hearing is fixed, the parties are told and it is announced",
    fields = { matter = MATTER, on = { "date", required = true, doc = "the day of the hearing" },
               told = { "date", doc = "when they were told and it was announced, the later; absent: today" } },
    run = function(e, m)
        local told = c.effective(e, m.id, e.data.told)
        if e.data.on < told then tables.refuse("hearing-before-told", { told = told }) end
        matter.set(m.id, { hearing_on = e.data.on, hearing_told = told })
    end,
}

acts["court-hearing"] = {
    doc = "the court has heard the case, or has questioned the convict",
    fields = { matter = MATTER, open = { "boolean", required = true, doc = "in open court; false: the convict was questioned" },
               effective = { "date", doc = "when" }, blob = { "blob", doc = "the minutes" } },
    run = function(e, m)
        c.effective(e, m.id, e.data.effective)
        matter.set(m.id, { questioned = e.record, heard = e.data.open and e.record or nil })
    end,
}

local function move_person(p, stage)
    if p.stage ~= stage then matter.move(p.id, stage) end
end

local function note_cut(e, m, d, made)
    local p, cuts = matter.get(m.data.person), {}
    local suspended = term.form(p.data, facts.earlier(p.data, m.id)) == "suspended"
    for _, cut in ipairs(p.data.cuts) do
        if cut.matter ~= m.id then cuts[#cuts + 1] = cut end
    end
    if d.granted then
        cuts[#cuts + 1] = { matter = m.id, date = made, months = d.months, to_months = d.to_months,
            to_life = suspended and not d.to_months or nil, probation_months = d.probation_months }
    end
    matter.set(p.id, { cuts = cuts })
    term.watch(e, p.id)
end

-- Granted: how it turns out is looked at, and community correction is to have him in time.
local function granted(m, p, day)
    tables.tell(p, "prosecutors", "follow-up", tables.text("review-how-grant-turns", { matter = m.id }))
    if m.kind ~= "commutation" and not clock.get("handed-over", p.id) then tables.start("handed-over", p.id, day) end
end

-- Of an office-crime convict of rank the prosecutors file what they receive with the office above.
local function file_upward(m, p)
    local k = clock.get("upward-filing", m.id)
    if p.data.rank and not (k and k.state == "running") then tables.start("upward-filing", m.id) end
end

local function no_evidence(m, day)
    local missing = facts.missing(m)
    if missing then
        c.flag(m.id, "grant.evidence", "fault", "grant-evidence", day, { missing = missing })
    end
end

local function rule_on(e, m, final)
    local d = e.data
    local made = c.effective(e, m.id, d.made)
    local months, to_months, probation = d.months, d.to_months, d.probation_months
    if m.kind ~= "commutation" and (months or to_months) then
        tables.refuse("months-commutation-only")
    end
    if months and to_months then tables.refuse("one-of-months") end
    if d.granted and not months and not to_months then months, to_months = m.data.months, m.data.to_months end
    if d.granted then probation = probation or m.data.probation_months end
    if not d.granted and (months or to_months or probation) then
        tables.refuse("months-nothing-cut-where")
    end
    matter.set(m.id, { granted = d.granted, ruled = made, ruled_months = months or store.null,
        ruled_to_months = to_months or store.null, ruled_probation_months = probation or store.null, final = final,
        looked = final or m.data.looked, panel = m.data.panel or d.panel })
    if m.kind == "commutation" then
        note_cut(e, m, { granted = d.granted, months = months, to_months = to_months, probation_months = probation }, made)
    end
    if d.granted then no_evidence(m, made) end
    return { service = made }
end

local function ruling(doc, run)
    return {
        doc = doc,
        fields = { matter = MATTER, blob = BLOB, granted = { "boolean", required = true },
                   months = { "integer", unit = "month", min = 1, max = 300, doc = "cut; absent: as proposed" },
                   to_months = { "integer", unit = "month", min = 1, max = 400 },
                   probation_months = { "integer", unit = "month", min = 1, max = 60, doc = "cut of probation; absent: as proposed" },
                   made = { "date", doc = "absent: the day of the record" },
                   panel = { "list", required = true, max = 9, of = { "uid" }, doc = "who ruled" } },
        run = run,
    }
end

-- Why the court owes a hearing in open court, as the conditions say
local function hearings(m)
    local why = {}
    for rule in pairs(tables.evaluate(m.kind, facts.of(m))) do
        why[#why + 1] = rule:match("^hearing%.(.+)$")
    end
    return why
end

acts.ruling = ruling("the court rules", function(e, m)
    local made = e.data.made or e.date
    case.notice(m, "court", made)
    local why = hearings(m)
    if #why > 0 then
        c.flag(m.id, "hearing.missing", "fault", "hearing-" .. why[1], made,
            { why = { en = table.concat(why, ", "), zh = table.concat(why, "、") } })
    end
    if m.kind == "parole" and not m.data.questioned then
        c.flag(m.id, "question", "warn", "question", made)
    end
    return rule_on(e, m, false)
end)

acts["final-ruling"] = ruling("upon an objection a new panel makes the final ruling", function(e, m)
    for _, uid in ipairs(e.data.panel) do
        if c.has(m.data.panel, uid) then
            c.flag(m.id, "panel.same", "fault", "final", e.date, { uid = uid })
        end
    end
    return rule_on(e, m, true)
end)

acts.service = {
    doc = "the ruling is served, the prosecutors have their copy",
    fields = { matter = MATTER, effective = { "date", doc = "when" }, blob = { "blob", doc = "proof of service" } },
    run = function(e, m)
        local day = c.effective(e, m.id, e.data.effective)
        if day < m.data.ruled then tables.refuse("served-before-was-ruled") end
        local p = matter.get(m.data.person)
        local cuts = p.data.cuts
        for _, cut in ipairs(cuts) do
            if cut.matter == m.id then cut.served = day end
        end
        matter.set(p.id, { cuts = cuts })
        if m.kind == "parole" and (m.data.granted or p.stage == "paroled") then
            move_person(p, m.data.granted and "paroled" or "serving")
            matter.set(p.id, { paroled = m.data.granted and day or store.null })
            if not m.data.granted then tables.stop("handed-over", p.id) end
            term.watch(e, p.id)
        end
        if m.data.granted then granted(m, p, day) end
        file_upward(m, p)
        return { objection = not m.data.final and day }
    end,
}

-- What is left of a cut, or of a grant as a whole; returns the last day of the sentence as it stands then
local function take_back(e, m, p, months)
    local cuts = {}
    for _, cut in ipairs(p.data.cuts) do
        if cut.matter == m.id then cut.months, cut.to_months = months, nil end
        if cut.matter ~= m.id or months then cuts[#cuts + 1] = cut end
    end
    matter.set(p.id, { cuts = cuts })
    if m.kind == "parole" and p.stage == "paroled" then
        matter.set(p.id, { revocation = { granted = true, made = e.date, record = e.record, blob = e.data.blob } })
        tables.tell(p, "prison", "revoked", tables.text("revoked"))
    end
    return term.last(matter.get(p.id).data)
end

acts["grant-revoked"] = {
    doc = "the court has revoked by a new ruling what it granted: the cut, or part of it, or the parole",
    fields = { matter = MATTER, blob = BLOB, text = TEXT, made = c.MADE,
               months = { "integer", unit = "month", min = 1, max = 300, doc = "commutation: what stays cut; absent: nothing" } },
    run = function(e, m)
        local made, p, months = c.effective(e, m.id, e.data.made), matter.get(m.data.person), e.data.months
        if months and months >= (m.data.ruled_months or 0) then tables.refuse("grant.less") end
        matter.set(m.id, { granted = months and true or false, ruled_months = months or store.null,
            ruled_to_months = store.null, revoked = made })
        matter.note(m.id, e.data.text)
        local last = take_back(e, m, p, months)
        tables.flag(p.id, "grant.revoked", "info", "revoked-grant", made, tables.text("revoked.grant", { matter = m.id }))
        if p.data.ended and p.data.ended_why == "term" and last and p.data.ended < last then
            tables.flag(p.id, "grant.released", "fault", "revoked-grant", made, tables.text("revoked.released",
                { matter = m.id, ended = p.data.ended, last = last }))
            tables.tell(p, "prosecutors", "released", tables.text("revoked.grant", { matter = m.id }))
        end
        for _, f in ipairs(finding.find { rule = "property.false", matter = p.id, open = true }) do
            finding.resolve(f.id, tables.text("revoked.grant", { matter = m.id }))
        end
        c.anew(matter.get(p.id), e.record)
        if not p.closed then term.watch(e, p.id) end
    end,
}

acts.decision = {
    doc = "who decides on temporary execution outside prison has decided; the prosecutors have their copy",
    fields = { matter = MATTER, blob = BLOB, granted = { "boolean", required = true }, made = c.MADE },
    run = function(e, m)
        local made, p = c.effective(e, m.id, e.data.made), matter.get(m.data.person)
        if (m.data.notices or {}).authority then case.notice(m, "authority", made) end
        matter.set(m.id, { granted = e.data.granted, ruled = made })
        if e.data.granted then
            no_evidence(m, made)
            move_person(p, "outside")
            if m.data.urgent and not clock.get("urgent-notice", p.id) then tables.start("urgent-notice", p.id, made) end
            granted(m, p, made)
        end
        file_upward(m, p)
    end,
}

acts.objection = {
    doc = "the prosecutors object to the ruling or decision",
    fields = { matter = MATTER, text = TEXT, blob = BLOB, made = c.MADE },
    run = function(e, m)
        matter.set(m.id, { objected = c.effective(e, m.id, e.data.made), looked = true })
        matter.note(m.id, e.data.text)
    end,
}

acts["no-objection"] = {
    doc = "the prosecutors have reviewed the ruling or decision and do not object",
    fields = { matter = MATTER },
    run = function(_, m)
        matter.set(m.id, { looked = true })
    end,
}

acts.recheck = {
    doc = "upon an objection who decided rechecks at once",
    fields = { matter = MATTER, text = TEXT, blob = BLOB, made = c.MADE, granted = { "boolean", required = true, doc = "as it stands now" } },
    run = function(e, m)
        matter.set(m.id, { granted = e.data.granted, final = true, looked = true, rechecked = c.effective(e, m.id, e.data.made) })
        matter.note(m.id, e.data.text)
        local p = matter.get(m.data.person)
        if e.data.granted or p.stage == "outside" then
            move_person(p, e.data.granted and "outside" or "serving")
        end
        if not e.data.granted then tables.stop("handed-over", p.id) end
    end,
}

return acts
