-- SPDX-License-Identifier: GPL-2.0-only
-- The court's side, the authority's on serving outside prison, and the prosecutors' answer.

local law = data("law")
local c = include("common")
local checks = include("checks")
local case = include("acts_case")

local MATTER = { "matter", required = true }
local TEXT = { "string", required = true, min = 1, max = 500, doc = "no personal data: that is for blobs" }
local BLOB = { "blob", required = true, doc = "SHA-256 of the sealed file" }

local acts = {}

acts.docket = {
    doc = "the court dockets the proposal",
    roles = { "clerk" },
    fields = { matter = MATTER, number = { "string", required = true, min = 1, max = 60, doc = "the case's number" } },
    run = function(e)
        local m = c.case(e, e.data.matter, "commutation", "parole")
        c.need(e, m, "court")
        c.stage(e, m, "submitted")
        local sentence = matter.get(m.data.person).data.sentence
        local strict = c.has(law["ruling-strict"].sentences, sentence)
        matter.set(m.id, { number = e.data.number, docketed = e.date })
        matter.move(m.id, "court")
        c.start(strict and "ruling-strict" or "ruling", m.id)
        checks.run(m.id)
    end,
}

acts["hearing-need"] = {
    doc = "a reason for a hearing in open court that no other record shows",
    roles = { "reviewer", "prosecutor", "clerk", "judge" },
    fields = { matter = MATTER, text = TEXT,
               why = { "enum", required = true, values = { "public-concern", "court" }, doc = "court: it finds it necessary" } },
    run = function(e)
        local m = c.case(e, e.data.matter, "commutation", "parole")
        if e.data.why == "court" then
            c.need(e, m, "court")
        else
            c.need(e, m, "prison", "prosecutors", "court")
        end
        c.stage(e, m, "drafted", "copied", "reviewed", "submitted", "court")
        matter.set(m.id, e.data.why == "court" and { hearing_ordered = true } or { public_concern = true })
        matter.note(m.id, e.data.text)
        checks.run(m.id)
    end,
}

acts["court-hearing"] = {
    doc = "the court has heard the case",
    roles = { "clerk", "judge" },
    fields = { matter = MATTER, open = { "boolean", required = true, doc = "in open court" },
               effective = { "date", doc = "when" }, blob = { "blob", doc = "the minutes" } },
    run = function(e)
        local m = c.case(e, e.data.matter, "commutation", "parole")
        c.need(e, m, "court")
        c.stage(e, m, "court")
        c.effective(e, m.id, e.data.effective)
        if e.data.open then matter.set(m.id, { heard = e.record }) end
        checks.run(m.id)
    end,
}

local function move_person(p, stage)
    if p.stage ~= stage then matter.move(p.id, stage) end
end

local function note_cut(m, d, made)
    local p, cuts = matter.get(m.data.person), {}
    for _, cut in ipairs(p.data.cuts) do
        if cut.matter ~= m.id then cuts[#cuts + 1] = cut end
    end
    if d.granted then
        cuts[#cuts + 1] = { matter = m.id, date = made, months = d.months, to_months = d.to_months }
    end
    matter.set(p.id, { cuts = cuts })
end

local function no_evidence(m)
    local items, en, zh = checks.missing(m)
    if #items > 0 then
        c.flag(m.id, "grant.evidence", "fault", law["grant-evidence"], "Granted without: " .. en .. ".", "准许时缺少：" .. zh .. "。")
    end
end

local function rule_on(e, m, final)
    local d = e.data
    local made = c.effective(e, m.id, d.made)
    local months, to_months = d.months, d.to_months
    if m.kind ~= "commutation" and (months or to_months) then
        refuse(c.text("months: of a commutation only", "months：仅限减刑"))
    end
    if months and to_months then refuse(c.text("one of months and to_months", "months与to_months填其一")) end
    if d.granted and not months and not to_months then months, to_months = m.data.months, m.data.to_months end
    if not d.granted and (months or to_months) then
        refuse(c.text("months: nothing is cut where nothing is granted", "months：不予准许则不填"))
    end
    matter.set(m.id, { granted = d.granted, ruled = made, ruled_months = months or store.null,
        ruled_to_months = to_months or store.null, final = final, panel = m.data.panel or d.panel })
    if m.kind == "commutation" then
        note_cut(m, { granted = d.granted, months = months, to_months = to_months }, made)
    end
    if d.granted then no_evidence(m) end
    matter.move(m.id, "ruled")
    c.start("service", m.id, made)
    checks.run(m.id)
end

local function ruling(doc, run)
    return {
        doc = doc,
        roles = { "judge", "clerk" },
        fields = { matter = MATTER, blob = BLOB, granted = { "boolean", required = true },
                   months = { "integer", unit = "month", min = 1, max = 300, doc = "cut; absent: as proposed" },
                   to_months = { "integer", unit = "month", min = 1, max = 300 },
                   made = { "date", doc = "absent: the day of the record" },
                   panel = { "list", required = true, max = 9, of = { "uid" }, doc = "who ruled" } },
        run = run,
    }
end

acts.ruling = ruling("the court rules", function(e)
    local m = c.case(e, e.data.matter, "commutation", "parole")
    c.need(e, m, "court")
    c.stage(e, m, "court")
    c.stop("ruling", m.id)
    c.stop("ruling-strict", m.id)
    case.notice(m, "court", e.data.made or e.date)
    local why = checks.triggers(m, checks.failed(m))
    if #why > 0 and not m.data.heard then
        c.flag(m.id, "hearing.missing", "fault", law["hearing-" .. why[1]],
            "Ruled without a hearing in open court, owed for: " .. table.concat(why, ", ") .. ".",
            "应当开庭而未开庭即裁定，事由：" .. table.concat(why, "、") .. "。")
    end
    rule_on(e, m, false)
end)

acts["final-ruling"] = ruling("upon an objection a new panel makes the final ruling", function(e)
    local m = c.case(e, e.data.matter, "commutation", "parole")
    c.need(e, m, "court")
    c.stage(e, m, "objected")
    c.stop("final", m.id)
    for _, uid in ipairs(e.data.panel) do
        if c.has(m.data.panel, uid) then
            c.flag(m.id, "panel.same", "fault", law.final, "Judge " .. uid .. " sat on the first panel as well.",
                "法官" .. uid .. "曾参加原合议庭。")
        end
    end
    rule_on(e, m, true)
end)

acts.service = {
    doc = "the ruling is served, the prosecutors have their copy",
    roles = { "clerk" },
    fields = { matter = MATTER, effective = { "date", doc = "when" }, blob = { "blob", doc = "proof of service" } },
    run = function(e)
        local m = c.case(e, e.data.matter, "commutation", "parole")
        c.need(e, m, "court")
        c.stage(e, m, "ruled")
        local day = c.effective(e, m.id, e.data.effective)
        if day < m.data.ruled then refuse(c.text("served before it was ruled", "送达早于裁定")) end
        c.stop("service", m.id)
        matter.move(m.id, "served")
        local p = matter.get(m.data.person)
        local cuts = p.data.cuts
        for _, cut in ipairs(cuts) do
            if cut.matter == m.id then cut.served = day end
        end
        matter.set(p.id, { cuts = cuts })
        if m.kind == "parole" and (m.data.granted or p.stage == "paroled") then
            move_person(p, m.data.granted and "paroled" or "serving")
        end
        if m.data.granted then
            c.tell(p, "prosecutors", "follow-up", "review how the grant turns out: " .. m.id, "跟踪审查：" .. m.id)
        end
        if not m.data.final then c.start("objection", m.id, day) end
        checks.run(m.id)
    end,
}

acts.decision = {
    doc = "who decides on temporary execution outside prison has decided; the prosecutors have their copy",
    roles = { "authority" },
    fields = { matter = MATTER, blob = BLOB, granted = { "boolean", required = true } },
    run = function(e)
        local m = c.case(e, e.data.matter, "outside")
        c.need(e, m, "authority")
        c.stage(e, m, "submitted")
        matter.set(m.id, { granted = e.data.granted, ruled = e.date })
        matter.move(m.id, "decided")
        c.start("outside-objection", m.id)
        if e.data.granted then
            no_evidence(m)
            local p = matter.get(m.data.person)
            move_person(p, "outside")
            c.tell(p, "prosecutors", "follow-up", "review how the grant turns out: " .. m.id, "跟踪审查：" .. m.id)
        end
        checks.run(m.id)
    end,
}

local function answer_clock(m)
    return m.kind == "outside" and "outside-objection" or "objection"
end

local function answerable(e)
    local m = c.case(e, e.data.matter)
    c.need(e, m, "prosecutors")
    c.stage(e, m, "served", "decided")
    if m.data.final then refuse(c.text("the ruling is final", "裁定已为最终")) end
    if m.data.looked then refuse(c.text("it is said that there is no objection", "已表明无异议")) end
    c.stop(answer_clock(m), m.id)
    return m
end

acts.objection = {
    doc = "the prosecutors object to the ruling or decision",
    roles = { "prosecutor" },
    fields = { matter = MATTER, text = TEXT, blob = BLOB },
    run = function(e)
        local m = answerable(e)
        matter.set(m.id, { objected = e.date, looked = true })
        matter.note(m.id, e.data.text)
        matter.move(m.id, "objected")
        c.start(m.kind == "outside" and "recheck" or "final", m.id)
    end,
}

acts["no-objection"] = {
    doc = "the prosecutors have reviewed the ruling or decision and do not object",
    roles = { "prosecutor" },
    fields = { matter = MATTER },
    run = function(e)
        local m = answerable(e)
        matter.set(m.id, { looked = true })
        checks.run(m.id)
    end,
}

acts.recheck = {
    doc = "upon an objection who decided rechecks at once",
    roles = { "authority" },
    fields = { matter = MATTER, text = TEXT, blob = BLOB, granted = { "boolean", required = true, doc = "as it stands now" } },
    run = function(e)
        local m = c.case(e, e.data.matter, "outside")
        c.need(e, m, "authority")
        c.stage(e, m, "objected")
        c.stop("recheck", m.id)
        matter.set(m.id, { granted = e.data.granted, final = true })
        matter.note(m.id, e.data.text)
        matter.move(m.id, "decided")
        local p = matter.get(m.data.person)
        if e.data.granted or p.stage == "outside" then
            move_person(p, e.data.granted and "outside" or "serving")
        end
        checks.run(m.id)
    end,
}

return acts
