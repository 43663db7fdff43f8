-- Groups for law-abiding conduct and against fraud, and anti-fraud notices with
-- the counts of their delivery. Counts only: nobody is listed.

-- The last second of a day at the station
local function last_second(e, day)
	local low = e.time + date.days(e.date, day) * 86400
	local high = low + 86400
	while high - low > 1 do
		local middle = (low + high) // 2
		if date.of(middle) == day then
			low = middle
		else
			high = middle
		end
	end
	return low
end

local GROUP = { "matter", required = true, doc = "the group" }
local acts = {}

acts["group"] = {
	doc = "a group of residents is founded",
	fields = {
		name = { "string", required = true, min = 2, max = 80, doc = "its name" },
		purpose = { "enum", required = true, values = { "law-abiding", "anti-fraud" }, doc = "what for" },
		place = { "place", required = true, doc = "where" },
		members = { "integer", required = true, min = 1, max = 100000, doc = "how many; no list" },
		contact = { "uid", doc = "the officer who looks after it" },
	},
	run = function(e)
		local id = matter.open{ kind = "group", key = e.data.name, title = e.data.name, place = e.data.place,
			data = { purpose = e.data.purpose, members = e.data.members, contact = e.data.contact, activities = 0,
				reached = 0 } }
		tables.start("quiet", id)
	end,
}

acts["group-members"] = {
	doc = "how many members the group has now",
	fields = { group = GROUP, members = { "integer", required = true, min = 1, max = 100000, doc = "how many" } },
	run = function(e, m)
		matter.set(m.id, { members = e.data.members })
	end,
}

acts["activity"] = {
	doc = "the group did something",
	fields = {
		group = GROUP,
		what = { "enum", required = true, values = { "lecture", "visit", "stand", "patrol", "mediation", "online" },
			doc = "what" },
		reached = { "integer", required = true, min = 0, max = 1000000, doc = "people reached" },
		text = { "string", max = 300, doc = "about what; no names" },
		evidence = { "blob", doc = "hash of a photograph" },
	},
	run = function(e, m)
		local n = m.data.activities
		matter.set(m.id, { activities = n + 1, reached = m.data.reached + e.data.reached, last = e.date })
	end,
}

acts["group-end"] = {
	doc = "the group is dissolved",
	fields = { group = GROUP, reason = { "string", required = true, min = 5, max = 300, doc = "why" } },
}

acts["fraud-notice"] = {
	doc = "an anti-fraud notice is published, and is to be delivered",
	notice = { title = "title_en", ["title-zh"] = "title_zh", text = "en", ["text-zh"] = "zh",
		place = "place", to = "to" },
	fields = {
		title_zh = { "string", required = true, min = 2, max = 80, doc = "title in Chinese" },
		title_en = { "string", required = true, min = 2, max = 120, doc = "title in English" },
		zh = { "string", required = true, min = 5, max = 600, doc = "text in Chinese" },
		en = { "string", required = true, min = 5, max = 600, doc = "text in English" },
		place = { "place", required = true, doc = "for which place" },
		to = { "date", doc = "last day on which it is valid" },
		replaces = { "matter", doc = "the notice it takes the place of" },
	},
	run = function(e)
		if e.data.to and date.compare(e.data.to, e.date) < 0 then
			tables.refuse("has-passed", { to = e.data.to })
		end
		local before = e.data.replaces and tables.matter(e.data.replaces, "notice", "published")
		local id = matter.open{ kind = "notice", place = e.data.place,
			title = { en = e.data.title_en, zh = e.data.title_zh }, data = { delivered = 0, channels = {} } }
		local number = notice{ kind = "anti-fraud", key = id, place = e.data.place,
			title = { en = e.data.title_en, zh = e.data.title_zh }, text = { en = e.data.en, zh = e.data.zh },
			from = e.time, to = e.data.to and last_second(e, e.data.to), refers = before and before.data.notice }
		matter.set(id, { notice = number })
		if before then
			notice.cancel(before.data.notice, tables.text("replaced", { matter = id }))
			matter.link(id, before.id, "replaces")
			matter.move(before.id, "withdrawn")
		end
		tables.start("deliver", id)
	end,
}

acts["delivered"] = {
	doc = "the notice reached so many, by this channel, through this group",
	fields = {
		notice = { "matter", required = true, doc = "the notice" },
		channel = { "enum", required = true, values = { "door", "board", "meeting", "broadcast", "chat-group",
			"stand" }, doc = "how" },
		count = { "integer", required = true, min = 1, max = 1000000, doc = "how many it reached" },
		group = { "matter", doc = "the group that carried it" },
	},
	run = function(e, m)
		local channels = m.data.channels
		channels[e.data.channel] = (channels[e.data.channel] or 0) + e.data.count
		matter.set(m.id, { delivered = m.data.delivered + e.data.count, channels = channels })
		clock.stop("deliver", m.id)
		if not e.data.group then
			return
		end
		local group = tables.matter(e.data.group, "group", "active")
		matter.set(group.id, { reached = group.data.reached + e.data.count, carried = (group.data.carried or 0) + 1 })
		matter.link(m.id, group.id, "carried by")
		if e.data.channel == "chat-group" and e.data.count > group.data.members then
			tables.flag(m.id, "count", "warn", "count", e.date,
				tables.text("reached-in-group", { count = e.data.count, members = group.data.members }))
		end
	end,
}

acts["fraud-notice-end"] = {
	doc = "the notice is withdrawn",
	fields = {
		notice = { "matter", required = true, doc = "the notice" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
	},
	run = function(e, m)
		notice.cancel(m.data.notice, e.data.reason)
	end,
}

return { acts = acts }
