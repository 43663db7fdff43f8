-- What the files of this pack share: whose matter it is, which rule is meant, money

local law = data("law")

local function of_kind(id, kind, ...)
	local m = matter.get(id)
	if not m or m.kind ~= kind then
		refuse{ en = tostring(id) .. " is not of kind " .. kind, zh = tostring(id) .. "类型不符，应为" .. kind }
	end
	local stages = { ... }
	for _, stage in ipairs(stages) do
		if m.stage == stage then
			return m
		end
	end
	if #stages > 0 then
		refuse{
			en = id .. " is " .. m.stage .. ": this act has no place there",
			zh = id .. "处于" .. m.stage .. "阶段，不能办理此事项",
		}
	end
	return m
end

-- Whoever acts must be of that office
local function own_office(e, office_id)
	if e.actor.office ~= office_id then
		refuse{
			en = "this is for office " .. office_id .. ", not for " .. e.actor.office,
			zh = "应由单位" .. office_id .. "办理，而非" .. e.actor.office,
		}
	end
end

local function is_above(above, below)
	local at = below
	for _ = 1, 16 do
		if at == above then
			return true
		end
		local it = at and office.get(at)
		at = it and it.parent
	end
	return false
end

local function done(id, key)
	for _, each in ipairs(task.find{ matter = id, key = key, open = true }) do
		task.done(each.id)
	end
end

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
		rule = of_kind(e.data.rule, "rule")
		if rule.data.class ~= class then
			refuse{
				en = "rule " .. rule.data.no .. " is of class " .. rule.data.class .. ", not " .. class,
				zh = "制度" .. rule.data.no .. "属" .. rule.data.class .. "类，而非" .. class,
			}
		end
	else
		for _, each in ipairs(matter.find{ kind = "rule", open = true }) do
			if each.data.class == class and is_above(each.office, e.actor.office) then
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
		finding{ rule = "not-in-force", level = "warn", matter = rule.id,
			text = { en = "no version of rule " .. rule.data.no .. " is in force on " .. e.date,
				zh = "制度" .. rule.data.no .. "在" .. e.date .. "无有效版本" } }
	end
	step(e, rule, "executed")
	return rule
end

return { law = law, of_kind = of_kind, own_office = own_office, is_above = is_above,
	done = done, fen = fen, yuan = yuan, in_force = in_force, rule_of = rule_of, step = step,
	executed = executed }
