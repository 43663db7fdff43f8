-- SPDX-License-Identifier: GPL-2.0-only
--
-- Joint service: requests to road administration, rescue and operators, timed;
-- and rest posts at service areas.

local c = include("common")
local text, no, need = c.text, c.no, c.need

local function theirs(e, m)
    if e.actor.office ~= m.office then
        no("%s is with %s", "%s 现由 %s 负责", m.id, m.office)
    end
end

local acts = {}

acts["request"] = {
    doc = "help is wanted from road administration, rescue or an operator",
    roles = { "manager", "dispatcher", "leader", "sergeant", "officer", "gateway" },
    fields = {
        office = { "office", required = true, doc = "of whom" },
        sort = { "enum", required = true, values = { "tow", "rescue", "medical", "fire", "fuel",
            "debris", "closure", "escort", "transfer", "water" } },
        road = { "string", required = true, max = 20 },
        km = { "number", unit = "km", required = true, min = 0, max = 10000 },
        group = { "office" },
        text = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        if e.data.office == e.actor.office then
            no("%s is your own office", "%s 是本单位", e.data.office)
        end
        e.data.road = c.road(e.data.road)
        local section = place.at(e.data.road, e.data.km)
        local id = matter.open { kind = "service", office = e.data.office,
            place = section and section.id,
            title = text("%s at %s K%.10g", "%s，%s K%.10g", e.data.sort, e.data.road, e.data.km),
            data = { sort = e.data.sort, from = e.actor.office, text = e.data.text } }
        matter.share(id, e.actor.office)
        if e.data.group then
            c.group(e.data.group)
            matter.share(id, e.data.group)
        end
        clock.start("service-accept", id)
        task { matter = id, office = e.data.office, key = "accept", text = e.data.text }
    end,
}

acts["service-accept"] = {
    doc = "the other side comes",
    roles = { "partner", "owner" },
    fields = {
        service = { "matter", required = true },
        minutes = { "integer", unit = "min", min = 0, max = 1440, doc = "until they are there" },
    },
    run = function(e)
        local m = need(e.data.service, "service", "asked")
        theirs(e, m)
        clock.stop("service-accept", m.id)
        c.done(m.id, "accept")
        matter.set(m.id, { taken = e.time - m.opened, minutes = e.data.minutes })
        matter.move(m.id, "coming")
        clock.start("service-arrive", m.id)
    end,
}

acts["service-decline"] = {
    doc = "the other side cannot: who asked names another, with this matter's number",
    roles = { "partner", "owner" },
    fields = {
        service = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local m = need(e.data.service, "service", "asked", "coming")
        theirs(e, m)
        finding { rule = "service.declined", level = "warn", matter = m.id, text = text(
            "%s does not come: %s", "%s 不能到场：%s", m.office, e.data.reason) }
        task { office = m.data.from, text = text("ask another in place of %s", "请另行请求，替代 %s", m.id) }
        matter.set(m.id, { reason = e.data.reason })
        matter.move(m.id, "declined")
    end,
}

acts["service-arrive"] = {
    doc = "they are on the spot",
    roles = { "partner", "owner" },
    fields = { service = { "matter", required = true } },
    run = function(e)
        local m = need(e.data.service, "service", "coming")
        theirs(e, m)
        clock.stop("service-arrive", m.id)
        matter.set(m.id, { arrived = e.time - m.opened })
        matter.move(m.id, "there")
    end,
}

acts["service-done"] = {
    doc = "done; who asked says so",
    roles = { "manager", "dispatcher", "leader", "sergeant", "officer", "gateway" },
    fields = {
        service = { "matter", required = true },
        text = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e)
        local m = need(e.data.service, "service", "there")
        if e.actor.office ~= m.data.from then
            no("%s asked for it and says that it is done", "由请求单位 %s 确认完成", m.data.from)
        end
        matter.set(m.id, { result = e.data.text })
        matter.move(m.id, "done")
    end,
}

acts["post"] = {
    doc = "a rest post at a service area opens; the groups are told",
    roles = { "keeper", "manager" },
    fields = {
        place = { "place", required = true },
        services = { "list", max = 8, required = true, of = { "enum",
            values = { "rest", "tea", "water", "shower", "charging", "medical", "repair", "lessons" } } },
        from = { "string", required = true, pattern = "^%d%d:%d%d$", doc = "opens, as 08:00" },
        to = { "string", required = true, pattern = "^%d%d:%d%d$", doc = "closes" },
        places = { "integer", min = 1, max = 1000, doc = "drivers at a time" },
    },
    run = function(e)
        local p = place.get(e.data.place)
        local services = table.concat(e.data.services, ", ")
        local id = matter.open { kind = "post", key = p.id, place = p.id,
            title = text("Rest post %s", "驾驶人休息驿站 %s", p.name), data = { visits = 0,
                services = e.data.services } }
        notice { kind = "rest-post", key = id, place = p.id,
            title = text("Rest post %s", "驾驶人休息驿站 %s", p.name),
            text = text("%s: %s to %s, %s", "%s：%s 至 %s，%s", p.name, e.data.from, e.data.to,
                services) }
    end,
}

acts["post-visit"] = {
    doc = "drivers rested there: a count, no names",
    roles = { "keeper", "officer", "sergeant" },
    fields = {
        post = { "matter", required = true },
        drivers = { "integer", min = 1, max = 1000, required = true },
        service = { "enum", required = true,
            values = { "rest", "tea", "water", "shower", "charging", "medical", "repair", "lessons" } },
    },
    run = function(e)
        local m = need(e.data.post, "post", "open")
        if not c.contains(m.data.services, e.data.service) then
            no("%s does not offer %s", "%s 不提供 %s", m.id, e.data.service)
        end
        matter.set(m.id, { visits = m.data.visits + e.data.drivers })
    end,
}

acts["post-close"] = {
    doc = "the rest post closes",
    roles = { "keeper", "manager" },
    fields = {
        post = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e)
        local m = need(e.data.post, "post", "open")
        c.own(e, m)
        for _, n in ipairs(notice.find { kind = "rest-post", key = m.id, open = true }) do
            notice.cancel(n.id, e.data.reason)
        end
        matter.move(m.id, "closed")
    end,
}

return {
    acts = acts,
    clocks = {
        ["service-accept"] = { law = "service-accept" },
        ["service-arrive"] = { law = "service-arrive" },
    },
    matters = {
        service = {
            title = { en = "Joint service", zh = "联动服务" },
            stages = {
                asked = { to = { "coming", "declined" } },
                coming = { to = { "there", "declined" } },
                there = { to = { "done" } },
                declined = { final = true },
                done = { final = true },
            },
            first = "asked",
        },
        post = {
            title = { en = "Rest post", zh = "休息驿站" },
            stages = { open = { to = { "closed" } }, closed = { final = true } },
            first = "open",
        },
    },
}
