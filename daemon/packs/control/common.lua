-- SPDX-License-Identifier: GPL-2.0-only
-- What the files of this pack share: which rule is meant, money

local law = data("law")

-- Yuan with two decimals, kept as whole fen so that sums are exact
local function fen(yuan)
	return math.floor(yuan * 100 + 0.5)
end

local function yuan(amount)
	return string.format("%d.%02d", amount // 100, amount % 100)
end

-- The version of a rule in force on a day, or nil
local function in_force(rule, day)
	for _, version in ipairs(rule.data.versions) do
		if date.compare(version.from, day) <= 0
			and (not version.to or date.compare(day, version.to) <= 0) then
			return version
		end
	end
	return nil
end

-- The rule an act is done under: the one named, else the first of the class
-- that binds the office
local function rule_of(e, class)
	local rule
	if e.data.rule then
		rule = tables.matter(e.data.rule, "rule")
		if rule.data.class ~= class then
			tables.refuse("rule-class-not", { no = rule.data.no, class = rule.data.class, class2 = class })
		end
	else
		for _, each in ipairs(matter.find{ kind = "rule", open = true }) do
			if each.data.class == class and tables.within(e.actor.office, each.office) then
				rule = each
				break
			end
		end
	end
	return rule
end

-- One more of a step of the loop: executed, supervised or improved
local function step(e, rule, name)
	if not rule then
		return
	end
	local now = matter.get(rule.id).data[name] or { count = 0 }
	matter.set(rule.id, { [name] = { count = now.count + 1, last = e.date, record = e.record } })
end

-- A rule is executed: counted, and told of if no version was in force that day
local function executed(e, class)
	local rule = rule_of(e, class)
	if not rule then
		return nil
	end
	if not in_force(rule, e.date) then
		tables.flag(rule.id, "not-in-force", "warn", "not-in-force", e.date,
			tables.text("no-version-rule-in", { no = rule.data.no, date = e.date }))
	end
	step(e, rule, "executed")
	return rule
end

return { law = law, fen = fen, yuan = yuan, in_force = in_force, rule_of = rule_of, step = step, executed = executed }
