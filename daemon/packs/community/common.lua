-- What the files of this pack share


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

local function own_office(e, m)
	if e.actor.office ~= m.office then
		refuse{
			en = "this is for office " .. m.office .. ", not for " .. e.actor.office,
			zh = "应由单位" .. m.office .. "办理，而非" .. e.actor.office,
		}
	end
end

local function side(e, m)
	for _, each in ipairs(m.offices) do
		if each == e.actor.office then
			return
		end
	end
	refuse{
		en = "office " .. e.actor.office .. " has no part in " .. m.id,
		zh = "单位" .. e.actor.office .. "与" .. m.id .. "无关",
	}
end

local function done(id, key)
	for _, each in ipairs(task.find{ matter = id, key = key, open = true }) do
		task.done(each.id)
	end
end

return { law = data("law"), of_kind = of_kind, own_office = own_office, side = side, done = done }
