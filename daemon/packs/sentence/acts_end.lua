-- SPDX-License-Identifier: GPL-2.0-only
-- How custody ends or is interrupted, what is entered of a sentence later, and the side that has
-- the person outside prison.

local c = include("common")
local person = include("person")
local term = include("term")

local SUBJECT, BLOB, TEXT, DATE = c.SUBJECT, c.BLOB, c.TEXT, c.DATE
local acts = {}

acts.escape = {
    doc = "the person is gone from custody, or from supervision: the time does not count",
    fields = { subject = SUBJECT, blob = BLOB, effective = DATE },
    run = function(e, p)
        matter.set(p.id, { escaped = c.effective(e, p.id, e.data.effective), escaped_from = p.stage })
        c.flag(p.id, "escape", "fault", "term-count", e.date)
    end,
}

local function resolve(p, rule, text)
    for _, f in ipairs(finding.find { rule = rule, matter = p.id, open = true }) do finding.resolve(f.id, text) end
end

acts.recall = {
    doc = "a person on parole, on probation or outside prison is taken in, or one who escaped has returned",
    fields = { subject = SUBJECT, blob = BLOB, effective = DATE,
               why = { "enum", values = { "breach", "new-crime", "missed-crime", "told-missed-crime", "condition-gone",
                                              "conditions-unmet", "by-bribery" },
                       doc = "told-missed-crime: he had told it truthfully or surrendered" },
               not_counted = { "integer", unit = "day", min = 0, max = 10000, doc = "days outside that do not count" },
               to = { "office", doc = "who executes the sentence from here on, after revoked probation" } },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        local lost, out = e.data.not_counted or 0, {}
        if p.stage == "paroled" or (p.data.escaped and p.data.escaped_from == "paroled") then
            -- What was left of the term on the day of parole is executed (Criminal Law, Art. 86).
            lost = lost + date.days(p.data.paroled, day)
            out.returned, out.revoked, out.paroled = day, true, store.null
            out.revoked_missed = e.data.why == "told-missed-crime" or nil
        elseif p.data.escaped then
            lost = lost + date.days(p.data.escaped, day)
        elseif p.stage == "probation" then
            -- The sentence itself is executed from this day on, custody before it credited (Art. 77, 44, 47).
            out.start, out.delivered, out.probation, out.revoked_probation = day, day, store.null, p.data.probation
        end
        if e.data.to and e.data.to ~= p.office then
            matter.hand(p.id, e.data.to, e.data.why or e.kind)
        end
        out.escaped, out.lost_days = store.null, (p.data.lost_days or 0) + lost
        if lost > 0 then out.lost = c.more(p.data.lost, { on = day, days = lost }) end
        matter.set(p.id, out)
        if e.data.why == "by-bribery" and not e.data.not_counted and not clock.get("outside-time", p.id) then
            tables.start("outside-time", p.id, day)
        end
        local last = term.last(matter.get(p.id).data)
        resolve(p, "outside.condition", tables.text("taken-back"))
        resolve(p, "outside.lost", tables.text("taken-back"))
        resolve(p, "escape", tables.text("returned"))
        return { ["term-end"] = last and last >= e.date and last }
    end,
}

local ENDS = { "term", "death", "pardon", "acquittal" }

-- The same of probation
local function judge_probation(p, day, last)
    if day == last then return end
    local left, days = term.probation_left(p.data, p.data.cuts), date.days(day, last)
    local early = days > 0
    c.flag(p.id, early and "release.early" or "release.late", early and "fault" or "warn", "probation-end", day, { day = day,
        left = left, start = p.data.start, last = last, days = math.abs(days) }, early and "probation.ended-early" or "probation.ended-late")
end

-- What is wrong with the day of a release, of whom a term ends on @last
local function judge_release(e, p, day, last)
    if not last then
        return c.flag(p.id, "release.early", "fault", "release", day, { day = day })
    end
    local d = p.data
    if d.probation then return judge_probation(p, day, last) end
    if day == last then return end
    local early = day < last
    local how = tables.text(d.months and "release.term" or "release.reduced", { months = d.months, start = d.start,
        custody = d.custody_days or 0, lost = d.lost_days or 0 })
    c.flag(p.id, early and "release.early" or "release.late", early and "fault" or "warn", "release", day, { day = day, last = last,
        how = how, days = math.abs(date.days(day, last)) }, early and "release.by-term-early" or "release.by-term-late")
end

-- Of whoever has not returned the term goes on to be owed.
local function still_gone(d, day, last)
    local since = d.escaped and (d.escaped_from == "paroled" and d.paroled or d.escaped)
    return since and last and date.add(last, { days = date.days(since, day) }) or last
end

acts.release = {
    doc = "the sentence has ended",
    fields = { subject = SUBJECT, blob = BLOB, effective = DATE,
               why = { "enum", values = ENDS, default = "term", doc = "term: also that of probation on parole" } },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        for _, m in ipairs(c.open_cases(p.key)) do
            c.flag(m.id, "release.case-open", "warn", "release", day)
        end
        if e.data.why == "term" then judge_release(e, p, day, still_gone(p.data, day, term.ends(p))) end
        matter.set(p.id, { ended = day, ended_why = e.data.why, ended_from = p.stage })
        resolve(p, "escape", tables.text("ended"))
    end,
}

acts.property = {
    doc = "how property penalties stand: the court must check it in every case",
    fields = { subject = SUBJECT, blob = BLOB, effective = DATE,
               state = { "enum", required = true, values = { "none", "paid", "able", "unable" },
                         doc = "able: able to fulfil them and does not; paid by relatives counts as paid" } },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        local out = {}
        person.property(out, p.data, e.data.state, day)
        matter.set(p.id, out)
        c.judge(p.key)
    end,
}

acts.handover = {
    doc = "the convict on parole or outside prison is handed to community correction, a side from here on",
    fields = { subject = SUBJECT, to = { "office", required = true }, effective = DATE },
    run = function(e, p)
        local day = c.effective(e, p.id, e.data.effective)
        matter.set(p.id, { community = e.data.to })
        tables.stop("handed-over", p.id, day)
        matter.share(p.id, e.data.to)
        return { ["community-report"] = day }
    end,
}

-- Of probation and parole the court rules on a revocation, of serving outside prison who let him out decides.
local REVOKED = { probation = "revocation-probation", paroled = "revocation" }

local function proposed(e, p)
    local name = REVOKED[p.stage] or "recall-decision"
    if e.data.to then
        matter.share(p.id, e.data.to)
        matter.set(p.id, { [REVOKED[p.stage] and "court" or "authority"] = e.data.to })
    end
    tables.start(name, p.id)
end

acts["community-record"] = {
    doc = "what community correction has to say of the person",
    fields = { subject = SUBJECT, text = TEXT, blob = { "blob" },
               what = { "enum", required = true, values = { "reported", "health", "warning", "lost", "found", "recall-proposed",
                                                            "term-soon" }, doc = "lost: off supervision for over 48 hours" },
               hours = { "integer", unit = "h", min = 0, max = 10000, doc = "lost: without contact, or away without leave, for so long" },
               to = { "office", doc = "recall-proposed: the court, outside prison the authority, to which it goes" } },
    run = function(e, p)
        local what = e.data.what
        matter.note(p.id, e.data.text)
        if what == "warning" and REVOKED[p.stage] then
            local warnings = (p.data.warnings or 0) + 1
            matter.set(p.id, { warnings = warnings })
            c.judge_act(e, p.id, { on = e.date, warnings = warnings })
        end
        if what == "reported" then tables.stop("community-report", p.id) end
        if what == "found" then
            resolve(p, "outside.lost", tables.text("found"))
            tables.stop("off-supervision", p.id)
        end
        local row = tables.some_law("outside-lost", e.date)
        if what == "lost" and e.data.hours and e.data.hours <= row.figure then
            return c.flag(p.id, "outside.away", "info", "outside-lost", e.date, { hours = e.data.hours,
                figure = row.figure })
        elseif what == "lost" then
            local k = clock.get("off-supervision", p.id)
            if REVOKED[p.stage] and not (k and k.state == "running") then tables.start("off-supervision", p.id) end
            c.flag(p.id, "outside.lost", "fault", "outside-lost", e.date)
        elseif what == "recall-proposed" then
            proposed(e, p)
            tables.tell(p, "prison", "recall", tables.text("recall"))
            tables.tell(p, "prosecutors", "recall", tables.text("recall"))
        elseif what == "term-soon" then
            local last = term.last(p.data)
            c.judge_act(e, p.id, { on = e.date, term_soon = last and { from = e.date, to = date.add(last, { days = 1 }) } })
            tables.tell(p, "prison", "term-soon", tables.text(last and "term-soon.ends" or "term-soon.unknown", { last = last }))
        end
    end,
}

acts.revocation = {
    doc = "the court has ruled on a revocation of probation or parole; who executes it takes the person in",
    fields = { subject = SUBJECT, blob = BLOB, granted = { "boolean", required = true },
               made = { "date", doc = "absent: the day of the record" } },
    run = function(e, p)
        local made = c.effective(e, p.id, e.data.made)
        matter.set(p.id, { revocation = { granted = e.data.granted, made = made, record = e.record, blob = e.data.blob } })
        if e.data.granted then tables.tell(p, "prison", "revoked", tables.text("revoked")) end
    end,
}

local function changes(change)
    for _ in pairs(change) do return true end
end

-- A change of what is known of the sentence waits for a second person.
acts["sentence-change"] = {
    doc = "the sentence was entered wrongly, or a court has changed it; a second person confirms it",
    fields = (function()
        local fields = person.fields(false)
        fields.blob, fields.reason = BLOB, TEXT
        fields.what = { "enum", required = true, values = { "mistyped", "retrial", "acquittal", "new-crime", "missed-crime",
                                                            "told-missed-crime" },
            doc = "retrial, missed-crime: earlier cuts lapse (not if the retrial changes nothing); new-crime: combined, its judgment final on effective" }
        fields.effective = DATE
        fields.new_crime_life = { "boolean", doc = "new-crime: its own sentence is life" }
        fields.missed_months = { "integer", unit = "month", min = 1, max = 300, doc = "missed-crime: its own sentence" }
        return fields
    end)(),
    run = function(e, p)
        local d = e.data
        if d.probation and p.stage ~= "probation" then tables.refuse("probation.act") end
        local change = person.take(e, d, p.data)
        if d.what == "mistyped" and not changes(change) then
            tables.refuse("nothing-changed-name-what")
        end
        matter.set(p.id, { changer = e.uid, change = { what = d.what, blob = d.blob, record = e.record, to = change,
            effective = d.effective or e.date, life = d.new_crime_life, missed_months = d.missed_months } })
        matter.note(p.id, d.reason)
    end,
}

local function sum_of(p)
    local sum = 0
    for _, months in ipairs(term.taken(p.months, p.cuts)) do sum = sum + months end
    return sum
end

-- What follows from a court's change beside what is said of it (2016 provisions, Art. 21, 32 to 34)
local function follow(p, change)
    local out, what = change.to, change.what
    -- A retrial that keeps the judgment leaves the rulings as they are.
    if what == "retrial" and not changes(out) then return out end
    if what == "retrial" or what == "missed-crime" then
        -- A short one, found after life was reduced to a term, life again (Art. 37)
        local row = tables.law("missed-short", change.effective)
        if row and what == "missed-crime" and change.missed_months and change.missed_months <= row.figure
            and term.form(p.data, p.data.cuts) == "life-fixed" then
            out.missed_short = change.effective
        end
        out.old_total, out.cuts = sum_of(p.data), {}
        out.retrial, out.missed = what == "retrial", what == "missed-crime"
    elseif what == "new-crime" then
        -- During the suspension it begins anew (Criminal Law, 50); else what was cut does not count as served (Art. 33).
        if term.form(p.data, p.data.cuts) == "suspended" then
            out.suspension_start, out.suspension_end = change.effective, store.null
        else
            out.new_crime, out.new_crime_life = change.effective, change.life
            if out.months then
                -- What is left and the new crime's make one term (Criminal Law, 71): nothing before it is in it.
                out.cuts, out.start = {}, out.start or change.effective
                out.custody_days, out.lost_days = out.custody_days or 0, 0
            end
        end
    end
    if what ~= "mistyped" and what ~= "retrial" and what ~= "acquittal" then out.combined = true end
    return out
end

-- Who was released by what was known then is judged by what is known now.
local function judge_again(e, p)
    for _, rule in ipairs { "release.early", "release.late" } do resolve(p, rule, tables.text("superseded")) end
    if p.closed and p.data.ended_why == "term" then
        judge_release(e, p, p.data.ended, term.ends({ stage = p.data.ended_from, data = p.data }))
    end
end

acts["sentence-confirm"] = {
    doc = "a second person confirms or refuses a change of the sentence; what follows is judged anew",
    fields = { subject = SUBJECT, good = { "boolean", default = true }, text = { "string", max = 500 } },
    run = function(e, p)
        local change = p.data.change
        matter.set(p.id, { change = store.null, changer = store.null })
        if e.data.text then matter.note(p.id, e.data.text) end
        if not e.data.good then return end
        matter.set(p.id, follow(p, change))
        -- Superseded and judged anew, both stay on record.
        c.flag(p.id, "sentence.changed", "info", "entered-anew", e.date, { what = change.what, record = change.record })
        if change.what == "acquittal" then
            tables.tell(p, "prison", "acquitted", tables.text("acquitted-release-person"))
        end
        judge_again(e, matter.get(p.id))
        c.anew(matter.get(p.id), change.record)
        term.watch(e, p.id)
    end,
}

return acts
