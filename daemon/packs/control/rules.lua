-- SPDX-License-Identifier: GPL-2.0-only
-- The rule register: what is in force from when to when, in which text, and the
-- loop of each rule: made, executed, supervised and fed back, improved

local common = include("common")

local CLASSES = { "software", "contract", "budget", "revenue", "spending", "asset", "procurement",
	"travel", "vehicle", "seal", "archive", "personnel", "other" }
local RULE = { "matter", required = true, doc = "the rule" }
local acts = {}

local function last_of(rule)
	return rule.data.versions[#rule.data.versions]
end

acts["rule"] = {
	doc = "a rule is made and put into the register",
	fields = {
		no = { "string", required = true, min = 1, max = 40, doc = "the rule's number" },
		title = { "string", required = true, min = 2, max = 120, doc = "its title" },
		class = { "enum", required = true, values = CLASSES, doc = "what it is about" },
		version = { "string", required = true, min = 1, max = 20, doc = "its version" },
		text = { "blob", required = true, doc = "hash of its text" },
		from = { "date", required = true, doc = "in force from" },
		to = { "date", doc = "in force to, that day included" },
		because = { "matter", doc = "the finding it was made for" },
	},
	run = function(e)
		if e.data.to and date.compare(e.data.to, e.data.from) < 0 then
			tables.refuse("before-from", { to = e.data.to, from = e.data.from })
		end
		local id = matter.open{ kind = "rule", key = e.data.no, title = e.data.title,
			data = { no = e.data.no, class = e.data.class, made = { date = e.date, record = e.record },
				versions = { { version = e.data.version, text = e.data.text, from = e.data.from,
					to = e.data.to } } } }
		if e.data.because then
			matter.link(id, tables.matter(e.data.because, "issue").id, "made for")
			matter.set(e.data.because, { rule = id })
		end
		tables.start("review", id, e.data.from)
	end,
}

acts["rule-revise"] = {
	doc = "a new version of a rule; the one before ends the day before",
	fields = {
		rule = RULE,
		version = { "string", required = true, min = 1, max = 20, doc = "the new version" },
		text = { "blob", required = true, doc = "hash of the new text" },
		from = { "date", required = true, doc = "in force from" },
		to = { "date", doc = "in force to, that day included" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
		because = { "matter", doc = "the finding that showed the need" },
	},
	run = function(e, rule)
		local versions, before = rule.data.versions, last_of(rule)
		for _, version in ipairs(versions) do
			if version.version == e.data.version then
				tables.refuse("rule-has-version-already", { no = rule.data.no, version = version.version })
			end
		end
		if before.text == e.data.text then
			tables.refuse("text-same-as-version", { version = before.version })
		end
		if date.compare(e.data.from, before.from) <= 0 then
			tables.refuse("from-version-in-force", { version = before.version, from = before.from })
		end
		if e.data.to and date.compare(e.data.to, e.data.from) < 0 then
			tables.refuse("before-from", { to = e.data.to, from = e.data.from })
		end
		local eve = date.add(e.data.from, { days = -1 })
		if not before.to or date.compare(eve, before.to) < 0 then
			before.to = eve
		end
		versions[#versions + 1] = { version = e.data.version, text = e.data.text, from = e.data.from, to = e.data.to }
		matter.set(rule.id, { versions = versions })
		if e.data.because then
			matter.link(rule.id, tables.matter(e.data.because, "issue").id, "revised for")
		end
		common.step(e, rule, "improved")
		if date.compare(e.data.from, e.date) < 0 then
			tables.flag(rule.id, "backdated", "warn", "backdated", e.date,
				tables.text("registered-on-in-force", { date = e.date, from = e.data.from }))
		end
	end,
}

acts["rule-repeal"] = {
	doc = "a rule is repealed: its last day in force",
	fields = {
		rule = RULE,
		to = { "date", required = true, doc = "last day in force" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
	},
	run = function(e, rule)
		local versions = rule.data.versions
		local last = last_of(rule)
		if date.compare(e.data.to, last.from) < 0 then
			tables.refuse("version-begins-on-only", { version = last.version, from = last.from })
		end
		last.to = e.data.to
		matter.set(rule.id, { versions = versions, repealed = e.data.to, why = e.data.reason })
	end,
}

acts["rule-keep"] = {
	doc = "a rule was read again and still fits: the next reading is counted from today",
	fields = { rule = RULE, reason = { "string", required = true, min = 5, max = 300, doc = "why it fits" } },
	run = function(e, rule)
		matter.set(rule.id, { read_again = e.date })
	end,
}

acts["rule-check"] = {
	doc = "somebody outside the making office looked how a rule is executed, and says so",
	fields = {
		rule = RULE,
		result = { "enum", required = true, values = { "works", "ignored", "outdated" }, doc = "what was seen" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
	},
	run = function(e, rule)
		common.step(e, rule, "supervised")
		if e.data.result ~= "works" then
			tables.flag(rule.id, "rule-" .. e.data.result, "warn", "rule-checked", e.date,
				{ en = "rule " .. rule.data.no .. " is " .. e.data.result .. ": " .. e.data.text,
					zh = "制度" .. rule.data.no .. (e.data.result == "ignored" and "未执行：" or "已过时：") .. e.data.text })
			task{ matter = rule.id, office = rule.office, key = "rule-check",
				text = tables.text("revise-keep-or-repeal") }
		end
	end,
}

return { acts = acts }
