-- SPDX-License-Identifier: GPL-2.0-only
-- Flawed cases are corrected: found by one, corrected by whose it is, confirmed by a third; and
-- times of the law that no other act starts.

local c = include("common")

local MATTER, TEXT = c.MATTER, c.TEXT
local acts = {}

acts.flaw = {
    doc = "something in a matter, open or closed, is wrong and is to be corrected",
    fields = { matter = MATTER, text = TEXT,
               at = { "enum", required = true, values = { "prison", "prosecutors", "court", "authority" },
                      doc = "whose it is to correct" } },
    run = function(e, m)
        local owner = tables.office(m, e.data.at)
        if m.kind == "flaw" or not owner then
            tables.refuse("at-no-such-side", { matter = m.id })
        end
        local id = matter.open { kind = "flaw", office = owner, title = tables.text("flaw.title", { matter = m.id }),
            data = { of = m.id, finder = e.uid, prosecutors = m.data.prosecutors, from = e.actor.office } }
        for _, office in ipairs(m.offices) do
            if office ~= owner then matter.share(id, office) end
        end
        matter.link(id, m.id, "flaw")
        matter.note(id, e.data.text)
        matter.set(m.id, { flaws = c.more(m.data.flaws, id) })
        task { matter = id, office = owner, key = "correct", text = tables.text("flaw.correct", { text = e.data.text }) }
    end,
}

acts.corrected = {
    doc = "the owner has corrected the flaw",
    fields = { matter = MATTER, text = TEXT, blob = { "blob", required = true, doc = "proof" } },
    run = function(e, m)
        matter.set(m.id, { corrector = e.uid, blob = e.data.blob })
        matter.note(m.id, e.data.text)
        task { matter = m.id, office = m.data.from, key = "confirm", text = tables.text("confirm") }
    end,
}

acts["flaw-confirm"] = {
    doc = "the side that found it says whether it is corrected",
    fields = { matter = MATTER, good = { "boolean", required = true }, text = TEXT },
    run = function(e, m)
        matter.note(m.id, e.data.text)
        if e.data.good then
            c.used(e, "correction")
        else
            matter.move(m.id, "open")
            task { matter = m.id, office = m.office, key = "correct", text = tables.text("not-corrected-yet",
                { text = e.data.text }) }
        end
    end,
}

-- Times of the law that begin with what no other act records: data/clocks.csv, free
local free = {}
for name, row in pairs(data("clocks")) do
    if row.free then free[#free + 1] = name end
end

local function time(doc)
    return { doc = doc, fields = { matter = MATTER, effective = { "date", doc = "when; absent: the day of the record" },
        what = { "enum", required = true, values = free } } }
end

acts["time-starts"] = time("something happened from which a time of the law runs")
acts["time-starts"].fields.since = { "date", doc = "dispute: when the convict was told what he disputes" }
acts["time-starts"].run = function(e, m)
    local side = tables.duty(e.data.what)
    if not tables.office(m, side) then
        tables.refuse("no-side-owes", { matter = m.id, side = side })
    end
    local day, k = c.effective(e, m.id, e.data.effective), clock.get(e.data.what, m.id)
    local since = e.data.since
    if since and e.data.what:find("^dispute") then c.judge_act(e, m.id, { on = since, asked = { from = since, to = day } }) end
    -- What another act has started is counted from the day that is said here.
    if k and k.state == "running" and k.started ~= day then tables.stop(e.data.what, m.id) end
    tables.start(e.data.what, m.id, day)
end

acts["time-met"] = time("what was to be done in that time is done")
acts["time-met"].run = function(e, m)
    local k = clock.get(e.data.what, m.id)
    if not k or (k.state ~= "running" and k.state ~= "overdue") then
        tables.refuse("no-time-runs", { what = e.data.what, matter = m.id })
    end
    tables.stop(e.data.what, m.id, c.effective(e, m.id, e.data.effective))
end

return acts
