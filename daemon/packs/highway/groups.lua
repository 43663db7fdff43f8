-- SPDX-License-Identifier: GPL-2.0-only
--
-- Groups of drivers: who runs them and answers, real-name entry, and that somebody
-- is there around the clock. A group is an office of kind `group`; base acts `duty`
-- of that office are its roster, by day and by night.

local c = include("common")
local text, no, need = c.text, c.no, c.need
local LAW = data("law")

local function check_staff(g)
    local seen = {}
    for _, part in ipairs({ { "leaders", "leader" }, { "sergeants", "sergeant" } }) do
        if #g[part[1]] ~= 2 then
            no("a group has two %s, not %d", "群组须有两名 %s，现为 %d", part[1], #g[part[1]])
        end
        for _, uid in ipairs(g[part[1]]) do
            if seen[uid] then
                no("uid %d is named twice", "用户 %d 重复", uid)
            elseif not c.has_role(actor.get(uid), part[2]) then
                no("uid %d has not the role %s", "用户 %d 不具有角色 %s", uid, part[2])
            end
            seen[uid] = true
        end
    end
end

local function runs(g, uid)
    return c.contains(g.leaders, uid) or c.contains(g.sergeants, uid)
end

local STAFF = {
    leaders = { "list", of = { "uid" }, max = 2, required = true, doc = "two, by day" },
    sergeants = { "list", of = { "uid" }, max = 2, required = true, doc = "two, by day" },
}

local acts = {}

acts["group-open"] = {
    doc = "a group is built: who runs it answers for it",
    roles = { "manager" },
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
            no("office %s is no group", "%s 不是群组", o.id)
        elseif store.get("group/" .. o.id) then
            no("group %s is open", "群组 %s 已开放", o.id)
        elseif e.data.room == o.id then
            no("the duty room is another office", "值班室须为另一单位")
        end
        local g = { room = e.data.room, area = e.data.area, leaders = e.data.leaders,
            sergeants = e.data.sergeants, manager = e.actor.office }
        check_staff(g)
        g.matter = matter.open { kind = "group", key = o.id, office = e.actor.office,
            title = text("Group %s", "群组 %s", o.name or o.id), data = { group = o.id } }
        matter.share(g.matter, o.id)
        matter.share(g.matter, g.room)
        store.set("group/" .. o.id, g)
    end,
}

acts["group-staff"] = {
    doc = "others run the group from now on",
    roles = { "manager" },
    fields = {
        group = { "office", required = true },
        leaders = STAFF.leaders,
        sergeants = STAFF.sergeants,
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local g = c.group(e.data.group)
        c.own(e, matter.get(g.matter))
        g.leaders, g.sergeants = e.data.leaders, e.data.sergeants
        check_staff(g)
        store.set("group/" .. e.data.group, g)
        matter.note(g.matter, e.data.reason)
    end,
}

acts["group-close"] = {
    doc = "the group ends",
    roles = { "manager" },
    fields = {
        group = { "office", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local g = c.group(e.data.group)
        c.own(e, matter.get(g.matter))
        matter.move(g.matter, "closed")
        store.set("closed/" .. e.data.group, g)
        store.set("group/" .. e.data.group, nil)
    end,
}

acts["roster-check"] = {
    doc = "the roster of the coming days: each hour that nobody has is a finding",
    roles = { "manager", "dispatcher", "leader" },
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
            finding { rule = "roster.hole", level = "fault", matter = g.matter, law = LAW.roster,
                text = text("group %s: nobody is on duty in %d of the next %d hours",
                    "群组 %s：未来有 %d 小时无人值守（共 %d 小时）", e.data.group, holes,
                    e.data.days * 24) }
        end
        for uid in pairs(strange) do
            finding { rule = "roster.stranger", level = "warn", matter = g.matter, law = LAW.roster,
                text = text("group %s: uid %d is neither of its leaders and sergeants nor of %s",
                    "群组 %s：用户 %d 既非群主、警长，也非 %s 人员", e.data.group, uid, g.room) }
        end
    end,
}

acts["entry"] = {
    doc = "a driver asks to come in, by real name: the identity stands in a blob alone",
    roles = { "gateway", "leader" },
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
            no("%s is in group %s already", "%s 已在群组 %s 中", e.data.subject, e.data.group)
        end
        local id = matter.open { kind = "entry", key = e.data.group .. "/" .. e.data.subject,
            office = g.manager, title = text("Entry to %s", "入群申请 %s", e.data.group),
            data = { group = e.data.group, subject = e.data.subject, identity = e.data.identity,
                company = e.data.company, vehicles = e.data.vehicles, by = e.uid } }
        matter.share(id, e.data.group)
        clock.start("entry-check", id)
        task { matter = id, office = g.manager, key = "check",
            text = text("check the identity", "核对实名身份") }
    end,
}

acts["entry-check"] = {
    doc = "the duty manager compared identity and person",
    roles = { "manager" },
    fields = {
        entry = { "matter", required = true },
        admit = { "boolean", required = true },
        reason = { "string", max = 200, doc = "required where not admitted" },
    },
    run = function(e)
        local m = need(e.data.entry, "entry", "asked")
        c.own(e, m)
        if m.data.by == e.uid then
            no("who entered it does not check it", "录入人不得自行审核")
        end
        if e.data.admit then
            store.set("member/" .. m.key, m.id)
            clock.stop("entry-check", m.id)
            c.done(m.id, "check")
            matter.move(m.id, "admitted")
            return
        elseif not e.data.reason then
            no("who is not admitted is told why", "不予入群须说明理由")
        end
        matter.set(m.id, { reason = e.data.reason })
        matter.move(m.id, "declined")
    end,
}

acts["leave"] = {
    doc = "a driver leaves the group, or is taken out with a reason",
    roles = { "gateway", "manager", "leader" },
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
    roles = { "gateway" },
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
            title = text("A driver asks %s", "驾驶人咨询 %s", e.data.group),
            data = { group = e.data.group, text = e.data.text, subject = e.data.subject } }
        matter.share(id, g.room)
        clock.start("answer", id)
        local on = office.duty(e.data.group, e.time)
        if #on == 0 then
            finding { rule = "roster.empty", level = "fault", matter = id, law = LAW.roster,
                text = text("group %s has nobody on duty now", "群组 %s 此刻无人值守", e.data.group) }
            task { matter = id, office = g.room, key = "answer", text = e.data.text }
        end
        for _, uid in ipairs(on) do
            task { matter = id, actor = uid, key = "answer/" .. tostring(uid), text = e.data.text }
        end
    end,
}

acts["reply"] = {
    doc = "the answer",
    roles = { "leader", "sergeant", "dispatcher", "manager" },
    fields = {
        call = { "matter", required = true },
        text = { "string", required = true, min = 1, max = 500 },
    },
    run = function(e)
        local m = need(e.data.call, "call", "asked")
        local g = c.group_that_was(m.data.group)
        if not runs(g, e.uid) and e.actor.office ~= g.room and not c.within(m.office, e.actor.office) then
            no("uid %d does not run group %s", "用户 %d 不负责群组 %s", e.uid, m.data.group)
        end
        if not c.contains(office.duty(m.data.group, e.time), e.uid) then
            finding { rule = "reply.off-duty", level = "info", matter = m.id, law = LAW.roster,
                text = text("uid %d answers and is not on duty now", "用户 %d 非当班应答", e.uid) }
        end
        matter.set(m.id, { reply = e.data.text, seconds = e.time - m.opened })
        matter.move(m.id, "answered")
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
        ["entry-check"] = { law = "entry-check" },
        -- Nobody answered: the office above is told by the engine, the room here
        ["answer"] = { law = "answer", due = function(_, due)
            local m = matter.get(due.matter)
            task { matter = m.id, office = c.group_that_was(m.data.group).room, key = "nobody",
                text = text("nobody answered in group %s", "群组 %s 无人应答", m.data.group) }
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
