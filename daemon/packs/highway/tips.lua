-- SPDX-License-Identifier: GPL-2.0-only
--
-- Tips of four kinds: reported online, checked on the road, handled, the result
-- published to the group. Anonymous by choice: then the receipt is all there is.

local c = include("common")
local points_ = include("points")
local text, no, need = c.text, c.no, c.need

local acts = {}

acts["tip"] = {
    doc = "a tip; the receipt finds it again",
    roles = { "gateway", "leader", "sergeant" },
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
            no("an anonymous tip names nobody", "匿名举报不得署名")
        elseif not e.data.anonymous and not e.data.subject then
            no("say who reports, or choose anonymous", "请署名或选择匿名")
        elseif store.get("receipt/" .. e.data.receipt) then
            no("receipt %s is used", "回执 %s 已使用", e.data.receipt)
        end
        local g = c.group(e.data.group)
        if e.data.subject then
            c.member(e.data.group, e.data.subject)
        end
        local id = matter.open { kind = "tip", key = e.data.receipt, office = g.manager,
            title = text("Tip: %s", "举报：%s", e.data.sort),
            data = { sort = e.data.sort, group = e.data.group, road = e.data.road, km = e.data.km,
                details = e.data.details, account = e.data.subject or e.data.receipt, by = e.uid } }
        store.set("receipt/" .. e.data.receipt, id)
        clock.start("tip-check", id)
        task { matter = id, office = g.manager, key = "check",
            text = text("check it on the road", "请线下核查") }
    end,
}

acts["tip-check"] = {
    doc = "checked on the road, by another than who entered it",
    roles = { "officer", "manager" },
    fields = {
        tip = { "matter", required = true },
        result = { "enum", values = { "confirmed", "unfounded", "not-found" }, required = true },
        text = { "string", required = true, min = 2, max = 300, doc = "no person, no number plate" },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e)
        local m = need(e.data.tip, "tip", "received")
        c.own(e, m)
        if e.uid == m.data.by then
            no("who entered a tip does not check it", "录入人不得自行核查")
        end
        clock.stop("tip-check", m.id)
        c.done(m.id, "check")
        matter.set(m.id, { result = e.data.result, checker = e.uid })
        if e.data.result == "confirmed" then
            matter.move(m.id, "confirmed")
            clock.start("tip-handle", m.id)
        else
            matter.move(m.id, "handled")
            clock.start("tip-publish", m.id)
        end
    end,
}

acts["tip-handle"] = {
    doc = "what a named officer decided",
    roles = { "officer", "manager" },
    fields = {
        tip = { "matter", required = true },
        measure = { "enum", required = true,
            values = { "educated", "warned", "fined", "points-deducted", "transferred", "rest-ordered" } },
        number = { "string", required = true, min = 2, max = 60, doc = "number of the decision" },
    },
    run = function(e)
        local m = need(e.data.tip, "tip", "confirmed")
        c.own(e, m)
        clock.stop("tip-handle", m.id)
        matter.set(m.id, { measure = e.data.measure, number = e.data.number })
        matter.move(m.id, "handled")
        clock.start("tip-publish", m.id)
    end,
}

acts["tip-publish"] = {
    doc = "the result, to the group; it closes the tip",
    roles = { "leader", "sergeant", "dispatcher", "manager" },
    fields = {
        tip = { "matter", required = true },
        en = { "string", required = true, min = 2, max = 400 },
        zh = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local m = need(e.data.tip, "tip", "handled")
        if string.find(e.data.en .. e.data.zh, m.data.account, 1, true) then
            no("who reported is not named", "不得公布举报人")
        end
        notice { kind = "tip-result", group = m.data.group, key = m.key,
            title = text("Result of a tip: %s", "举报结果：%s", m.data.sort),
            text = { en = e.data.en, zh = e.data.zh } }
        matter.set(m.id, { published = e.date })
        matter.move(m.id, "published")
        if m.data.result == "confirmed" then
            points_.earn(e, "tip.confirmed", m.data.account, m.id, m.data.group)
        end
    end,
}

return {
    acts = acts,
    clocks = {
        ["tip-check"] = { law = "tip-check" },
        ["tip-handle"] = { law = "tip-handle", warn = 1 },
        ["tip-publish"] = { law = "tip-publish" },
    },
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
