-- SPDX-License-Identifier: GPL-2.0-only
-- Flawed cases are corrected: found by one, corrected by whose it is, confirmed by a third.

local c = include("common")

local MATTER = { "matter", required = true }
local TEXT = { "string", required = true, min = 1, max = 500, doc = "no personal data: that is for blobs" }

local acts = {}

acts.flaw = {
    doc = "something in a matter, open or closed, is wrong and is to be corrected",
    fields = { matter = MATTER, text = TEXT,
               at = { "enum", required = true, values = { "prison", "prosecutors", "court", "authority" },
                      doc = "whose it is to correct" } },
    run = function(e, m)
        local owner = tables.office(m, e.data.at)
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
        matter.set(m.id, { flaws = c.more(m.data.flaws, id) })
        task { matter = id, office = owner, key = "correct", text = c.text("correct: " .. e.data.text, "纠正：" .. e.data.text) }
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
            task { matter = m.id, office = m.office, key = "correct", text = c.text("not corrected yet: " .. e.data.text,
                "尚未纠正：" .. e.data.text) }
        end
    end,
}

return acts
