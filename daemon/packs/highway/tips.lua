-- SPDX-License-Identifier: GPL-2.0-only
--
-- Tips of four kinds: reported online, checked on the road, handled, the result
-- published to the group. Anonymous by choice: then the receipt is all there is.

local c = include("common")
local points_ = include("points")

local acts = {}

acts["tip"] = {
    doc = "a tip; the receipt finds it again",
    fields = {
        sort = { "enum", required = true,
            values = { "fatigue", "parking", "operation", "overloading" },
            doc = "fatigue driving, illegal parking, illegal operation, overloading" },
        group = { "office", required = true },
        road = { "string", max = 20 },
        km = { "number", unit = "km", min = 0, max = 10000 },
        seen = { "time", doc = "when" },
        details = { "blob", required = true, doc = "number plate, words, photos, encrypted" },
        receipt = { "string", required = true, min = 8, max = 40, pattern = "^R%-[%w-]+$",
            doc = "drawn by the gateway, told to who reports" },
        anonymous = { "boolean", required = true },
        subject = { "subject", doc = "who reports: absent where anonymous" },
    },
    run = function(e)
        if e.data.anonymous and e.data.subject then
            tables.refuse("anonymous-tip-names-nobody")
        elseif not e.data.anonymous and not e.data.subject then
            tables.refuse("say-reports-or-choose")
        elseif store.get("receipt/" .. e.data.receipt) then
            tables.refuse("receipt-used", { receipt = e.data.receipt })
        end
        local g = c.group(e.data.group)
        if e.data.subject then
            c.member(e.data.group, e.data.subject)
        end
        local id = matter.open { kind = "tip", key = e.data.receipt, office = g.manager,
            title = tables.text("tip", { sort = e.data.sort }),
            data = { sort = e.data.sort, group = e.data.group, road = e.data.road, km = e.data.km,
                details = e.data.details, account = e.data.subject or e.data.receipt, by = e.uid } }
        store.set("receipt/" .. e.data.receipt, id)
        tables.start("tip-check", id)
    end,
}

acts["tip-check"] = {
    doc = "checked on the road, by a person other than the one who entered it",
    fields = {
        tip = { "matter", required = true },
        result = { "enum", values = { "confirmed", "unfounded", "not-found" }, required = true },
        text = { "string", required = true, min = 2, max = 300, doc = "no person, no number plate" },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e, m)
        matter.set(m.id, { result = e.data.result, checker = e.uid })
    end,
}

acts["tip-handle"] = {
    doc = "what a named officer decided",
    fields = {
        tip = { "matter", required = true },
        measure = { "enum", required = true,
            values = { "educated", "warned", "fined", "points-deducted", "transferred", "rest-ordered" } },
        number = { "string", required = true, min = 2, max = 60, doc = "number of the decision" },
    },
    run = function(e, m)
        matter.set(m.id, { measure = e.data.measure, number = e.data.number })
    end,
}

acts["tip-publish"] = {
    doc = "the result, to the group; it closes the tip",
    fields = {
        tip = { "matter", required = true },
        en = { "string", required = true, min = 2, max = 400 },
        zh = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        if string.find(e.data.en .. e.data.zh, m.data.account, 1, true) then
            tables.refuse("reported-not-named")
        end
        notice { kind = "tip-result", group = m.data.group, key = m.key,
            title = tables.text("result-tip", { sort = m.data.sort }),
            text = { en = e.data.en, zh = e.data.zh } }
        matter.set(m.id, { published = e.date })
        if m.data.result == "confirmed" then
            points_.earn(e, "tip.confirmed", m.data.account, m.id, m.data.group)
        end
    end,
}

return {
    acts = acts,
    matters = {
        tip = {
            title = { en = "Tip", zh = "举报" },
            stages = {
                received = { to = { "confirmed", "handled" }, doc = "to be checked on the road" },
                confirmed = { to = { "handled" } },
                handled = { to = { "published" } },
                published = { final = true, doc = "the group knows the result" },
            },
            first = "received",
        },
    },
}
