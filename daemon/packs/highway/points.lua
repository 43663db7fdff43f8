-- SPDX-License-Identifier: GPL-2.0-only
--
-- Points: given by rules of data/points.json for verified records and by nothing
-- else; titles; goods whose stock cannot go below zero; balances that recompute.

local c = include("common")
local LAW = data("law")
local RULES = data("points")
local TITLES = data("titles").titles

local M = {}

local function title_of(earned)
    local title
    for _, t in ipairs(TITLES) do
        if earned >= t.at then
            title = t
        end
    end
    return title
end

local function book(account, earned, spent)
    local key = "account/" .. account
    local a = store.get(key) or { earned = 0, spent = 0 }
    a.earned, a.spent = a.earned + earned, a.spent + spent
    store.set(key, a)
    return a.earned
end

-- Points by a rule for a record that another person verified. `once` names the
-- record: there are never points for it again.
function M.earn(e, rule, account, once, group)
    local row = RULES[rule]
    if not account or not row then
        return
    end
    if row.per_day then
        local key = "day/" .. e.date .. "/" .. rule .. "/" .. account
        local n = store.get(key) or 0
        if n >= row.per_day then
            return
        end
        store.set(key, n + 1)
    end
    points.add(account, row.points, rule, rule .. "/" .. once)
    local earned = book(account, row.points, 0)
    local before, now = title_of(earned - row.points), title_of(earned)
    if now and (not before or before.id ~= now.id) then
        notice { kind = "title", group = group, key = "title/" .. account .. "/" .. now.id,
            title = { en = now.en, zh = now.zh }, text = tables.text("now", { account = account, now = now.id }) }
    end
end

-- Whose points they are: a pseudonym, or the receipt of who stayed anonymous
local ACCOUNT = { "string", required = true, min = 3, max = 40, pattern = "^[SR]%-[%w-]+$",
    doc = "S-... of a driver, R-... of an anonymous receipt" }

local function goods_of(item)
    local g = store.get("goods/" .. item)
    if not g then
        tables.refuse("there-no-item", { item = item })
    end
    return g
end

local acts = {}

acts["activity"] = {
    doc = "an activity of a group: a lesson, a drill, a check of vehicles",
    fields = {
        group = { "office", required = true },
        sort = { "enum", values = { "lesson", "drill", "vehicle-check", "patrol", "visit" },
            required = true },
        title = { "string", required = true, min = 2, max = 100 },
    },
    run = function(e)
        c.group(e.data.group)
        matter.open { kind = "activity", title = e.data.title, office = e.data.group,
            data = { group = e.data.group, sort = e.data.sort, by = e.uid, joined = {} } }
    end,
}

acts["activity-join"] = {
    doc = "drivers who took part",
    fields = {
        activity = { "matter", required = true },
        subjects = { "list", of = { "subject" }, max = 30, required = true },
    },
    run = function(e, m)
        local joined = m.data.joined
        for _, subject in ipairs(e.data.subjects) do
            c.member(m.data.group, subject)
            if not tables.contains(joined, subject) then
                joined[#joined + 1] = subject
            end
        end
        matter.set(m.id, { joined = joined, entered = e.uid })
    end,
}

acts["activity-confirm"] = {
    doc = "another person saw them there: now there are points",
    fields = { activity = { "matter", required = true } },
    run = function(e, m)
        local g = c.group_that_was(m.data.group)
        if not (tables.within(m.office, e.actor.office) or tables.contains(g.leaders, e.uid)
            or tables.contains(g.sergeants, e.uid)) then
            tables.refuse("uid-does-not-run", { uid = e.uid, group = m.data.group })
        end
        for _, subject in ipairs(m.data.joined) do
            M.earn(e, "activity", subject, m.id .. "/" .. subject, m.data.group)
        end
    end,
}

acts["goods"] = {
    doc = "an item at a service area: more stock, its price in points",
    fields = {
        item = { "string", required = true, min = 1, max = 40, pattern = "^[%w-]+$" },
        name = { "string", required = true, min = 1, max = 60 },
        price = { "integer", unit = "points", required = true, min = 1, max = 100000 },
        add = { "integer", required = true, min = 0, max = 100000, doc = "put into stock" },
        place = { "place", doc = "the service area" },
    },
    run = function(e)
        local g = store.get("goods/" .. e.data.item) or { stock = 0, office = e.actor.office }
        if g.office ~= e.actor.office then
            tables.refuse("item-office", { item = e.data.item, office = g.office })
        end
        g.name, g.price, g.stock = e.data.name, e.data.price, g.stock + e.data.add
        g.place = e.data.place or g.place
        store.set("goods/" .. e.data.item, g)
    end,
}

-- An answer that was lost makes people ask again. By its key a request is known for
-- ever; without one, by being the same soon after, from the same hand.
local function booked_already(e)
    local d = e.data
    local id = d.request and store.get("request/" .. d.account .. "/" .. d.request)
    if not id and not d.request then
        local last = store.get("redeem/" .. d.account)
        local m = last and matter.get(last)
        if m and m.stage == "booked" and m.data.item == d.item and m.data.count == d.count
            and m.data.by == e.uid and e.time - m.data.at <= LAW["redeem-retry"].minutes * 60 then
            id = last
        end
    end
    if id then
        matter.note(id, tables.text("asked-again-booked-once"))
        tables.flag(id, "redeem.repeated", "info", "redeem-once", e.date,
            tables.text("booked-already-as-second", { account = d.account, matter = id }))
    end
    return id ~= nil
end

acts["redeem"] = {
    doc = "points for goods: both are taken at once, or neither",
    fields = {
        account = ACCOUNT,
        item = { "string", required = true, max = 40 },
        count = { "integer", min = 1, max = 100, default = 1 },
        request = { "string", min = 1, max = 64, pattern = "^[%w_.:-]+$",
            doc = "the request's own key: asked again with it, nothing more is booked" },
    },
    run = function(e)
        local g = goods_of(e.data.item)
        if booked_already(e) then
            return
        end
        local cost = g.price * e.data.count
        local balance = points.balance(e.data.account)
        if e.data.count > g.stock then
            tables.refuse("there-are-not", { item = e.data.item, stock = g.stock, count = e.data.count })
        elseif cost > balance then
            tables.refuse("has-points-not", { account = e.data.account, balance = balance, cost = cost })
        end
        local id = matter.open { kind = "redemption", office = g.office, place = g.place,
            title = tables.text("text-2", { count = e.data.count, name = g.name }),
            data = { account = e.data.account, item = e.data.item, count = e.data.count, cost = cost,
                by = e.uid, at = e.time, request = e.data.request } }
        store.set("redeem/" .. e.data.account, id)
        if e.data.request then
            store.set("request/" .. e.data.account .. "/" .. e.data.request, id)
        end
        points.add(e.data.account, -cost, "redeem", "redeem/" .. id)
        book(e.data.account, 0, cost)
        g.stock = g.stock - e.data.count
        store.set("goods/" .. e.data.item, g)
        tables.start("redeem", id)
    end,
}

acts["redeem-hand"] = {
    doc = "the goods were handed out",
    fields = {
        redemption = { "matter", required = true },
        signed = { "blob", required = true, doc = "signature of who took them" },
    },
}

acts["redeem-cancel"] = {
    doc = "points and stock go back",
    fields = {
        redemption = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        local g = goods_of(m.data.item)
        g.stock = g.stock + m.data.count
        store.set("goods/" .. m.data.item, g)
        points.add(m.data.account, m.data.cost, "redeem-cancel", "cancel/" .. m.id)
        book(m.data.account, 0, -m.data.cost)
        matter.set(m.id, { reason = e.data.reason })
    end,
}

-- An account as its records give it, beside what the books say
local function recompute(account)
    local a = store.get("account/" .. account)
    return { account = account, earned = a.earned, spent = a.spent, recomputed = a.earned - a.spent,
        balance = points.balance(account), title = (title_of(a.earned) or {}).id }
end

acts["points-check"] = {
    doc = "every balance is computed again; one that differs is a finding",
    fields = {},
    run = function()
        for _, key in ipairs(store.keys("account/")) do
            local row = recompute(string.sub(key, 9))
            if row.recomputed ~= row.balance then
                tables.flag(nil, "points.differ", "fault", "verified-only", e.date, tables.text("balance-recomputed",
                    { account = row.account, balance = row.balance, recomputed = row.recomputed }))
            end
        end
        for _, key in ipairs(store.keys("goods/")) do
            if store.get(key).stock < 0 then
                tables.flag(nil, "stock.negative", "fault", "verified-only", e.date, tables.text("stock-below-zero",
                    { key = string.sub(key, 7) }))
            end
        end
    end,
}

M.acts = acts
M.matters = {
    activity = {
        title = { en = "Activity", zh = "活动" },
        stages = { open = { to = { "confirmed" } }, confirmed = { final = true } },
        first = "open",
    },
    redemption = {
        title = { en = "Redemption", zh = "积分兑换" },
        stages = {
            booked = { to = { "handed", "cancelled" } },
            handed = { final = true },
            cancelled = { final = true },
        },
        first = "booked",
    },
}
M.reports = {
    points = {
        doc = "each account: earned, spent, the balance and the same computed again, title",
        columns = { "account", "earned", "spent", "balance", "recomputed", "title" },
        run = function()
            local rows = {}
            for _, key in ipairs(store.keys("account/")) do
                rows[#rows + 1] = recompute(string.sub(key, 9))
            end
            return rows
        end,
    },
    goods = {
        doc = "each item: price and stock",
        columns = { "item", "name", "price", "stock" },
        run = function()
            local rows = {}
            for _, key in ipairs(store.keys("goods/")) do
                local g = store.get(key)
                rows[#rows + 1] = { item = string.sub(key, 7), name = g.name, price = g.price,
                    stock = g.stock }
            end
            return rows
        end,
    },
}
return M
