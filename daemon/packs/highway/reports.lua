-- SPDX-License-Identifier: GPL-2.0-only
--
-- Reports of hazards, tips and service; and the bulletin, which publishes the first
-- two to the groups for a period.

local c = include("common")
local groups = include("groups").reports.groups.run

-- Where a hazard stands in the sum: received = done + handed + open
local PART = { temporary = "temporary", fixed = "fixed", verified = "fixed", handed = "handed",
    accepted = "handed", received = "open" }

-- Opened in the period, and in the group if one is named
local function asked(q, m)
    return c.period(q, date.of(m.opened)) and (not q.group or q.group == m.data.group)
end

local function empty(category)
    return { category = category, received = 0, done = 0, temporary = 0, fixed = 0, verified = 0,
        handed = 0, accepted = 0, open = 0, reports = 0 }
end

local function hazards(q)
    local rows, at, all = {}, {}, empty("all")
    for _, m in ipairs(matter.find { kind = "hazard" }) do
        if asked(q, m) then
            local name = m.data.category
            if not at[name] then
                at[name] = empty(name)
                rows[#rows + 1] = at[name]
            end
            for _, row in ipairs({ at[name], all }) do
                local part = PART[m.stage]
                row.received = row.received + 1
                row.reports = row.reports + m.data.reports
                row[part] = row[part] + 1
                if m.stage == "verified" or m.stage == "accepted" then
                    row[m.stage] = row[m.stage] + 1
                end
                row.done = row.temporary + row.fixed
            end
        end
    end
    rows[#rows + 1] = all
    return rows
end

local function tips(q)
    local rows, at = {}, {}
    for _, m in ipairs(matter.find { kind = "tip" }) do
        if asked(q, m) then
            local row = at[m.data.sort]
            if not row then
                row = { sort = m.data.sort, received = 0, confirmed = 0, handled = 0, published = 0 }
                at[m.data.sort] = row
                rows[#rows + 1] = row
            end
            row.received = row.received + 1
            row.confirmed = row.confirmed + (m.data.result == "confirmed" and 1 or 0)
            row.handled = row.handled + (m.data.measure and 1 or 0)
            row.published = row.published + (m.stage == "published" and 1 or 0)
        end
    end
    return rows
end

local function service(q)
    local rows, at = {}, {}
    for _, m in ipairs(matter.find { kind = "service" }) do
        if c.period(q, date.of(m.opened)) then
            local row = at[m.office]
            if not row then
                row = { office = m.office, asked = 0, done = 0, declined = 0, seconds = 0 }
                at[m.office] = row
                rows[#rows + 1] = row
            end
            row.asked = row.asked + 1
            row.done = row.done + (m.stage == "done" and 1 or 0)
            row.declined = row.declined + (m.stage == "declined" and 1 or 0)
            row.seconds = math.max(row.seconds, m.data.arrived or 0)
        end
    end
    for _, m in ipairs(matter.find { kind = "post" }) do
        rows[#rows + 1] = { office = m.office, post = m.place, visits = m.data.visits }
    end
    return rows
end

local function receipt(q)
    local id = q.receipt and store.get("receipt/" .. q.receipt)
    local m = id and matter.get(id)
    return m and { { receipt = q.receipt, stage = m.stage, result = m.data.result,
        points = points.balance(q.receipt) } } or {}
end

return {
    acts = {
        ["bulletin"] = {
            doc = "what became of hazards and tips of a period, published to one group or to all",
            roles = { "manager" },
            fields = {
                from = { "date", required = true },
                to = { "date", required = true },
                group = { "office", doc = "absent: all groups" },
            },
            run = function(e)
                if e.data.to < e.data.from then
                    tables.refuse("period-ends-before-begins")
                elseif e.data.group then
                    c.group(e.data.group)
                end
                local rows, n, confirmed = hazards(e.data), 0, 0
                local all = rows[#rows]
                for _, row in ipairs(tips(e.data)) do
                    n, confirmed = n + row.received, confirmed + row.confirmed
                end
                local sum = { groups = 0, companies = 0, drivers = 0, vehicles = 0 }
                for _, row in ipairs(groups(e.data)) do
                    if not e.data.group or row.group == e.data.group then
                        sum.groups = sum.groups + 1
                        for _, name in ipairs({ "companies", "drivers", "vehicles" }) do
                            sum[name] = sum[name] + row[name]
                        end
                    end
                end
                notice { kind = "bulletin", group = e.data.group,
                    key = "bulletin/" .. e.data.from .. "/" .. e.data.to,
                    title = tables.text("what-became-your-reports"),
                    text = tables.text("hazards-received-fixed-or", { received = all.received, done = all.done,
                        handed = all.handed, open = all.open, n = n, confirmed = confirmed, groups = sum.groups,
                        companies = sum.companies, drivers = sum.drivers, vehicles = sum.vehicles }) }
            end,
        },
    },
    reports = {
        hazards = {
            doc = "hazards of the period by category: received = done + handed + open; done = "
                .. "temporary + fixed; of the fixed so many verified, of the handed so many accepted",
            columns = { "category", "received", "done", "temporary", "fixed", "verified", "handed",
                "accepted", "open", "reports" },
            run = hazards,
        },
        tips = {
            doc = "tips of the period by kind",
            columns = { "sort", "received", "confirmed", "handled", "published" },
            run = tips,
        },
        service = {
            doc = "joint service by office, the slowest arrival in seconds; visits of rest posts",
            columns = { "office", "asked", "done", "declined", "seconds", "post", "visits" },
            run = service,
        },
        receipt = {
            doc = "with receipt=R-...: the state of that tip",
            columns = { "receipt", "stage", "result", "points" },
            open = true,
            run = receipt,
        },
    },
}
