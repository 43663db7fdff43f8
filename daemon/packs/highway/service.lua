-- SPDX-License-Identifier: GPL-2.0-only
--
-- Joint service: requests to road administration, rescue and operators, timed;
-- and rest posts at service areas.

local c = include("common")

local acts = {}

acts["request"] = {
    doc = "help is wanted from road administration, rescue or an operator",
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
            tables.refuse("your-own-office", { office = e.data.office })
        end
        e.data.road = c.road(e.data.road)
        local section = place.at(e.data.road, e.data.km)
        local id = matter.open { kind = "service", office = e.data.office,
            place = section and section.id,
            title = tables.text("k-2", { sort = e.data.sort, road = e.data.road, km = string.format("%.10g", e.data.km) }),
            data = { sort = e.data.sort, from = e.actor.office, text = e.data.text } }
        matter.share(id, e.actor.office)
        if e.data.group then
            c.group(e.data.group)
            matter.share(id, e.data.group)
        end
        tables.start("service-accept", id)
        task { matter = id, office = e.data.office, key = "accept", text = e.data.text }
    end,
}

acts["service-accept"] = {
    doc = "the other side comes",
    fields = {
        service = { "matter", required = true },
        minutes = { "integer", unit = "min", min = 0, max = 1440, doc = "until they are there" },
    },
    run = function(e, m)
        matter.set(m.id, { taken = e.time - m.opened, minutes = e.data.minutes })
    end,
}

acts["service-decline"] = {
    doc = "the other side cannot come: the person who asked names another one, with this matter's number",
    fields = {
        service = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        tables.flag(m.id, "service.declined", "warn", "service-owner", e.date, tables.text("does-not-come",
            { owner = m.office, reason = e.data.reason }))
        task { office = m.data.from, text = tables.text("ask-another-in-place", { matter = m.id }) }
        matter.set(m.id, { reason = e.data.reason })
    end,
}

acts["service-arrive"] = {
    doc = "they are on the spot",
    fields = { service = { "matter", required = true } },
    run = function(e, m)
        matter.set(m.id, { arrived = e.time - m.opened })
    end,
}

acts["service-done"] = {
    doc = "done; who asked says so",
    fields = {
        service = { "matter", required = true },
        text = { "string", required = true, min = 2, max = 300 },
    },
    run = function(e, m)
        matter.set(m.id, { result = e.data.text })
    end,
}

acts["post"] = {
    doc = "a rest post at a service area opens; the groups are told",
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
            title = tables.text("rest-post", { name = p.name }), data = { visits = 0,
                services = e.data.services } }
        notice { kind = "rest-post", key = id, place = p.id,
            title = tables.text("rest-post", { name = p.name }),
            text = tables.text("text-3", { name = p.name, from = e.data.from, to = e.data.to, services = services }) }
    end,
}

acts["post-visit"] = {
    doc = "drivers rested there: a count, no names",
    fields = {
        post = { "matter", required = true },
        drivers = { "integer", min = 1, max = 1000, required = true },
        service = { "enum", required = true,
            values = { "rest", "tea", "water", "shower", "charging", "medical", "repair", "lessons" } },
    },
    run = function(e, m)
        if not tables.contains(m.data.services, e.data.service) then
            tables.refuse("does-not-offer", { matter = m.id, service = e.data.service })
        end
        matter.set(m.id, { visits = m.data.visits + e.data.drivers })
    end,
}

acts["post-close"] = {
    doc = "the rest post closes",
    fields = {
        post = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        for _, n in ipairs(notice.find { kind = "rest-post", key = m.id, open = true }) do
            notice.cancel(n.id, e.data.reason)
        end
    end,
}

return {
    acts = acts,
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
