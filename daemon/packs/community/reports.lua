-- Reports of the community pack: counts, never persons

local function within(q, day)
	return (not q.from or date.compare(day, q.from) >= 0) and (not q.to or date.compare(day, q.to) <= 0)
end

local function matters(q, kind)
	local list = {}
	for _, m in ipairs(matter.find{ kind = kind }) do
		if within(q, date.of(m.opened)) then
			list[#list + 1] = m
		end
	end
	return list
end

return {
	suggestions = {
		doc = "by topic: received, answered, late, published, satisfied, dissatisfied, reopened, open",
		columns = { "topic", "received", "answered", "late", "published", "satisfied", "dissatisfied", "reopened", "open" },
		run = function(q)
			local by, rows = {}, {}
			for _, m in ipairs(matters(q, "suggestion")) do
				local topic = m.data.topic
				by[topic] = by[topic] or { topic = topic, received = 0, answered = 0, late = 0, published = 0, satisfied = 0,
					dissatisfied = 0, reopened = 0, open = 0 }
				local row, d = by[topic], m.data
				row.received = row.received + 1
				row.answered = row.answered + (d.answered and 1 or 0)
				row.late = row.late + (#finding.find{ matter = m.id, rule = "clock.answer" } > 0 and 1 or 0)
				row.published = row.published + (d.published and 1 or 0)
				row.satisfied = row.satisfied + (d.satisfied == true and 1 or 0)
				row.dissatisfied = row.dissatisfied + (d.satisfied == false and 1 or 0)
				row.reopened = row.reopened + d.reopened
				row.open = row.open + (m.stage ~= "closed" and 1 or 0)
			end
			for _, row in pairs(by) do
				rows[#rows + 1] = row
			end
			return rows
		end,
	},
	meetings = {
		doc = "each meeting: who came, suggestions made and entered",
		columns = { "meeting", "on", "stage", "representatives", "made", "entered" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matters(q, "meeting")) do
				rows[#rows + 1] = { meeting = m.id, on = m.data.on, stage = m.stage,
					representatives = m.data.representatives or 0, made = m.data.made or 0, entered = m.data.entered or 0 }
			end
			return rows
		end,
	},
	delivery = {
		doc = "each anti-fraud notice: how many it reached, by channel",
		columns = { "notice", "title", "stage", "delivered", "channels" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matters(q, "notice")) do
				local parts = {}
				for channel, count in pairs(m.data.channels) do
					parts[#parts + 1] = channel .. " " .. count
				end
				rows[#rows + 1] = { notice = m.id, title = m.title, stage = m.stage, delivered = m.data.delivered,
					channels = table.concat(parts, ", ") }
			end
			return rows
		end,
	},
	groups = {
		doc = "each group: members, activities, people reached, when last active",
		columns = { "group", "name", "purpose", "members", "activities", "reached", "last", "stage" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matters(q, "group")) do
				rows[#rows + 1] = { group = m.id, name = m.title, purpose = m.data.purpose, members = m.data.members,
					activities = m.data.activities, reached = m.data.reached, last = m.data.last or "", stage = m.stage }
			end
			return rows
		end,
	},
}
