-- SPDX-License-Identifier: GPL-2.0-only
--
-- Groups of drivers: who runs them and answers, real-name entry, and that somebody
-- is there around the clock. A group is an office of kind `group`; base acts `duty`
-- of that office are its roster, by day and by night.

local c = include("common")

local function check_staff(g)
    local seen = {}
    for _, part in ipairs({ { "leaders", "leader" }, { "sergeants", "sergeant" } }) do
        if #g[part[1]] ~= 2 then
            tables.refuse("group-has-two-not", { part = part[1], part2 = #g[part[1]] })
        end
        for _, uid in ipairs(g[part[1]]) do
            if seen[uid] then
                tables.refuse("uid-named-twice", { uid = uid })
            elseif not c.has_role(actor.get(uid), part[2]) then
                tables.refuse("uid-has-not-role", { uid = uid, part = part[2] })
            end
            seen[uid] = true
        end
    end
end

local function runs(g, uid)
    return tables.contains(g.leaders, uid) or tables.contains(g.sergeants, uid)
end

local STAFF = {
    leaders = { "list", of = { "uid" }, max = 2, required = true, doc = "two, by day" },
    sergeants = { "list", of = { "uid" }, max = 2, required = true, doc = "two, by day" },
}

local acts = {}

acts["group-open"] = {
    doc = "a group is built: who runs it answers for it",
    fields = {
        group = { "office", required = true, doc = "office of kind `group`" },
        room = { "office", required = true, doc = "the digital duty room: by night" },
        area = { "office", required = true, doc = "offices under it are inside the area" },
        leaders = STAFF.leaders,
        sergeants = STAFF.sergeants,
    },
    run = function(e)
        local o = office.get(e.data.group)
        if o.kind ~= "group" then
            tables.refuse("office-no-group", { o = o.id })
        elseif store.get("group/" .. o.id) then
            tables.refuse("group-open", { o = o.id })
        elseif e.data.room == o.id then
            tables.refuse("duty-room-another-office")
        end
        local g = { room = e.data.room, area = e.data.area, leaders = e.data.leaders,
            sergeants = e.data.sergeants, manager = e.actor.office }
        check_staff(g)
        g.matter = matter.open { kind = "group", key = o.id, office = e.actor.office,
            title = tables.text("group", { id = o.name or o.id }), data = { group = o.id } }
        matter.share(g.matter, o.id)
        matter.share(g.matter, g.room)
        store.set("group/" .. o.id, g)
    end,
}

acts["group-staff"] = {
    doc = "others run the group from now on",
    fields = {
        group = { "office", required = true },
        leaders = STAFF.leaders,
        sergeants = STAFF.sergeants,
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local g = c.group(e.data.group)
        g.leaders, g.sergeants = e.data.leaders, e.data.sergeants
        check_staff(g)
        store.set("group/" .. e.data.group, g)
        matter.note(g.matter, e.data.reason)
    end,
}

acts["group-close"] = {
    doc = "the group ends",
    fields = {
        group = { "office", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        store.set("closed/" .. e.data.group, c.group(e.data.group))
        store.set("group/" .. e.data.group, nil)
    end,
}

acts["roster-check"] = {
    doc = "the roster of the coming days: each hour that nobody has is a finding",
    fields = {
        group = { "office", required = true },
        days = { "integer", min = 1, max = 14, default = 7 },
    },
    run = function(e)
        local g = c.group(e.data.group)
        local holes, strange = 0, {}
        for hour = 0, e.data.days * 24 - 1 do
            local on = office.duty(e.data.group, e.time + hour * 3600)
            holes = holes + (#on == 0 and 1 or 0)
            for _, uid in ipairs(on) do
                local who = actor.get(uid)
                if not runs(g, uid) and not (who and who.office == g.room) then
                    strange[uid] = true
                end
            end
        end
        if holes > 0 then
            tables.flag(g.matter, "roster.hole", "fault", "roster", e.date, tables.text("group-nobody-on-duty",
                { group = e.data.group, holes = holes, days = e.data.days * 24 }))
        end
        for uid in pairs(strange) do
            tables.flag(g.matter, "roster.stranger", "warn", "roster", e.date, tables.text("group-uid-neither-its",
                { group = e.data.group, uid = uid, room = g.room }))
        end
    end,
}

acts["entry"] = {
    doc = "a driver asks to come in, by real name: the identity stands in a blob alone",
    fields = {
        group = { "office", required = true },
        subject = { "subject", required = true },
        identity = { "blob", required = true, doc = "name, licence, number plate, encrypted" },
        company = { "string", required = true, min = 2, max = 60, doc = "number of the company" },
        vehicles = { "integer", min = 0, max = 5000, default = 1, doc = "heavy vehicles with them" },
    },
    run = function(e)
        local g = c.group(e.data.group)
        if store.get("member/" .. e.data.group .. "/" .. e.data.subject) then
            tables.refuse("in-group-already", { subject = e.data.subject, group = e.data.group })
        end
        local id = matter.open { kind = "entry", key = e.data.group .. "/" .. e.data.subject,
            office = g.manager, title = tables.text("entry", { group = e.data.group }),
            data = { group = e.data.group, subject = e.data.subject, identity = e.data.identity,
                company = e.data.company, vehicles = e.data.vehicles, by = e.uid } }
        matter.share(id, e.data.group)
        tables.start("entry-check", id)
    end,
}

acts["entry-check"] = {
    doc = "the duty manager compared identity and person",
    fields = {
        entry = { "matter", required = true },
        admit = { "boolean", required = true },
        reason = { "string", max = 200, doc = "required where not admitted" },
    },
    run = function(e, m)
        if e.data.admit then
            store.set("member/" .. m.key, m.id)
        end
        matter.set(m.id, { reason = e.data.reason })
    end,
}

acts["leave"] = {
    doc = "a driver leaves the group, or is taken out with a reason",
    fields = {
        group = { "office", required = true },
        subject = { "subject", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local id = c.member(e.data.group, e.data.subject)
        store.set("member/" .. e.data.group .. "/" .. e.data.subject, nil)
        matter.set(id, { reason = e.data.reason })
        matter.move(id, "left")
    end,
}

acts["ask"] = {
    doc = "a driver asks; somebody on duty answers in the set time",
    fields = {
        group = { "office", required = true },
        subject = { "subject", doc = "absent: anonymous" },
        text = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        local g = c.group(e.data.group)
        if e.data.subject then
            c.member(e.data.group, e.data.subject)
        end
        local id = matter.open { kind = "call", office = e.data.group,
            title = tables.text("driver-asks", { group = e.data.group }),
            data = { group = e.data.group, text = e.data.text, subject = e.data.subject } }
        matter.share(id, g.room)
        tables.start("answer", id)
        local on = office.duty(e.data.group, e.time)
        if #on == 0 then
            tables.flag(id, "roster.empty", "fault", "roster", e.date, tables.text("group-has-nobody-on",
                { group = e.data.group }))
            task { matter = id, office = g.room, key = "answer", text = e.data.text }
        end
        for _, uid in ipairs(on) do
            task { matter = id, actor = uid, key = "answer/" .. tostring(uid), text = e.data.text }
        end
    end,
}

acts["reply"] = {
    doc = "the answer",
    fields = {
        call = { "matter", required = true },
        text = { "string", required = true, min = 1, max = 500 },
    },
    run = function(e, m)
        local g = c.group_that_was(m.data.group)
        if not runs(g, e.uid) and e.actor.office ~= g.room and not tables.within(m.office, e.actor.office) then
            tables.refuse("uid-does-not-run", { uid = e.uid, group = m.data.group })
        end
        if not tables.contains(office.duty(m.data.group, e.time), e.uid) then
            tables.flag(m.id, "reply.off-duty", "info", "roster", e.date,
                tables.text("uid-answers-not-on", { uid = e.uid }))
        end
        matter.set(m.id, { reply = e.data.text, seconds = e.time - m.opened })
    end,
}

local function groups_report(q)
    local rows = {}
    for _, key in ipairs(store.keys("group/" .. (q.group or ""))) do
        local group = string.sub(key, 7)
        local row = { group = group, companies = 0, drivers = 0, vehicles = 0 }
        local companies = {}
        for _, member in ipairs(store.keys("member/" .. group .. "/")) do
            local m = matter.get(store.get(member))
            if not companies[m.data.company] then
                companies[m.data.company] = true
                row.companies = row.companies + 1
            end
            row.drivers = row.drivers + 1
            row.vehicles = row.vehicles + m.data.vehicles
        end
        rows[#rows + 1] = row
    end
    return rows
end

return {
    acts = acts,
    clocks = {
        -- Nobody answered: the office above is told by the engine, the room here
        ["answer"] = { due = function(_, due)
            local m = matter.get(due.matter)
            task { matter = m.id, office = c.group_that_was(m.data.group).room, key = "nobody",
                text = tables.text("nobody-answered-in-group", { group = m.data.group }) }
        end },
    },
    matters = {
        group = {
            title = { en = "Group", zh = "群组" },
            stages = { open = { to = { "closed" } }, closed = { final = true } },
            first = "open",
        },
        entry = {
            title = { en = "Entry to a group", zh = "实名入群" },
            stages = {
                asked = { to = { "admitted", "declined" } },
                admitted = { to = { "left" } },
                declined = { final = true },
                left = { final = true },
            },
            first = "asked",
        },
        call = {
            title = { en = "A driver asks", zh = "驾驶人咨询" },
            stages = { asked = { to = { "answered" } }, answered = { final = true } },
            first = "asked",
        },
    },
    reports = {
        groups = {
            doc = "each open group, or those whose name begins with group=: companies, drivers, "
                .. "heavy vehicles",
            columns = { "group", "companies", "drivers", "vehicles" },
            run = groups_report,
        },
    },
}
