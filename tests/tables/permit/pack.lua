-- SPDX-License-Identifier: GPL-2.0-only
-- A permit to hold a fair: the example of docs/packs/without-lua.md. All its rules are rows.
return {
    name = "permit",
    title = { en = "Permits", zh = "许可" },
    version = "1.0",
    roles = { applicant = "asks", clerk = "decides" },
    matters = { case = { title = { en = "Permit", zh = "许可" }, first = "asked", stages = {
        asked = { to = { "granted", "refused" } },
        granted = { final = true },
        refused = { final = true },
    } } },
    acts = {
        ask = {
            doc = "a fair is to be held",
            fields = { subject = { "subject", required = true }, held = { "date", required = true },
                       visitors = { "integer", required = true, min = 1 }, town = { "office", required = true } },
            run = function(e)
                local d = e.data
                local id = matter.open { kind = "case", key = d.subject, title = "fair",
                    data = { held = d.held, visitors = d.visitors, town = d.town, asked = e.date, asker = e.uid } }
                matter.share(id, d.town)
                tables.start("answer", id)
                tables.check(id)
            end,
        },
        grant = { doc = "the fair may be held", fields = { matter = { "matter", required = true } } },
        refuse = { doc = "it may not", fields = { matter = { "matter", required = true } } },
    },
    -- What a table cannot say: where a fact comes from
    facts = function(m)
        return { on = m.data.asked, ahead = { from = m.data.asked, to = m.data.held }, visitors = m.data.visitors }
    end,
}
