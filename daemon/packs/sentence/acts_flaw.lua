-- SPDX-License-Identifier: GPL-2.0-only
-- Flawed cases are corrected: found by one, corrected by whose it is, confirmed by a third.

local c = include("common")

local MATTER = { "matter", required = true }
local TEXT = { "string", required = true, min = 1, max = 500, doc = "no personal data: that is for blobs" }
local ANY = { "reviewer", "prosecutor", "clerk", "judge", "authority" }

local acts = {}

acts.flaw = {
    doc = "something in a matter, open or closed, is wrong and is to be corrected",
    roles = { "reviewer", "prosecutor", "clerk", "judge", "authority" },
    fields = { matter = MATTER, text = TEXT,
               at = { "enum", required = true, values = { "prison", "prosecutors", "court", "authority" },
                      doc = "whose it is to correct" } },
    run = function(e)
        local m = matter.get(e.data.matter)
        c.need(e, m, "prison", "prosecutors", "court", "authority")
        local owner = c.office(m, e.data.at)
        if m.kind == "flaw" or not owner then
            refuse(c.text("at: " .. m.id .. " has no such side", "at：" .. m.id .. "无此一方"))
        end
        local id = matter.open { kind = "flaw", office = owner, title = c.text("Flaw in " .. m.id, m.id .. "的瑕疵"),
            data = { of = m.id, finder = e.uid, prosecutors = m.data.prosecutors, from = e.actor.office } }
        for _, office in ipairs(m.offices) do
            if office ~= owner then matter.share(id, office) end
        end
        matter.link(id, m.id, "flaw")
        matter.note(id, e.data.text)
        local flaws = {}
        for i, one in ipairs(m.data.flaws or {}) do flaws[i] = one end
        flaws[#flaws + 1] = id
        matter.set(m.id, { flaws = flaws })
        task { matter = id, office = owner, key = "correct", text = c.text("correct: " .. e.data.text, "纠正：" .. e.data.text) }
    end,
}

acts.corrected = {
    doc = "the owner has corrected the flaw",
    roles = ANY,
    fields = { matter = MATTER, text = TEXT, blob = { "blob", required = true, doc = "proof" } },
    run = function(e)
        local m = c.case(e, e.data.matter, "flaw")
        if e.actor.office ~= m.office then
            refuse(c.text("wrong office: " .. m.office .. " corrects " .. m.id, "单位不符：" .. m.id .. "应由" .. m.office .. "纠正"))
        end
        c.stage(e, m, "open")
        matter.set(m.id, { corrector = e.uid, blob = e.data.blob })
        matter.note(m.id, e.data.text)
        matter.move(m.id, "corrected")
        c.told(m.id, "correct")
        task { matter = m.id, office = m.data.from, key = "confirm", text = c.text("confirm the correction", "核实纠正情况") }
    end,
}

acts["flaw-confirm"] = {
    doc = "the side that found it says whether it is corrected",
    roles = ANY,
    fields = { matter = MATTER, good = { "boolean", required = true }, text = TEXT },
    run = function(e)
        local m = c.case(e, e.data.matter, "flaw")
        if e.actor.office ~= m.data.from then
            refuse(c.text("wrong office: " .. m.data.from .. " confirms " .. m.id,
                "单位不符：" .. m.id .. "应由" .. m.data.from .. "核实"))
        end
        c.stage(e, m, "corrected")
        c.another(e, m.data.corrector, "who corrected does not confirm", "纠正人不得自行核实")
        matter.note(m.id, e.data.text)
        c.told(m.id, "confirm")
        if e.data.good then
            matter.move(m.id, "closed")
            c.used(e, "correction")
        else
            matter.move(m.id, "open")
            task { matter = m.id, office = m.office, key = "correct", text = c.text("not corrected yet: " .. e.data.text,
                "尚未纠正：" .. e.data.text) }
        end
    end,
}

return acts
