-- SPDX-License-Identifier: GPL-2.0-only
-- What any station can give away: places, deadlines, the roster, what is public.

local exports = {}

-- As tongbuctl place import takes it back
function exports.places(_, given)
	local rows = {}
	for i, one in ipairs(given.places) do
		local properties, data = {}, {}
		for _, name in ipairs({ "kind", "name", "office", "parent", "road", "from_km", "to_km", "river", "length_km" }) do
			properties[name] = one[name]
		end
		for name, value in pairs(one.data or {}) do
			if name ~= "geometry" then data[name], properties.data = value, data end
		end
		rows[i] = { id = one.id, place = one.id, properties = properties }
	end
	return rows
end

local function both(en, zh)
	return { en = en, zh = zh }
end

local function in_language(text, language)
	return type(text) == "table" and (text[language] or text.en or text.zh) or text or ""
end

function exports.clocks(q, given, now)
	local rows = {}
	for _, one in ipairs(given.clocks) do
		local due, state = one.due, one.state
		local day = due and date.of(due)
		if due and (state == "running" or state == "waiting" or state == "overdue")
			and (not q.from or day >= q.from) and (not q.to or day <= q.to) then
			local title, law = one.matter_title, one.law or {}
			local clause = type(law.clause) == "table" and law.clause or { en = law.source, zh = law.source }
			rows[#rows + 1] = { id = "clock/" .. one.id, stamp = now, start = due, words = state,
				title = both(one.name .. ": " .. in_language(title, "en"), one.name .. "：" .. in_language(title, "zh")),
				text = both((one.matter or "") .. "\n" .. (clause.en or ""),
					(one.matter or "") .. "\n" .. (clause.zh or "")) }
		end
	end
	return rows
end

local function listed(list, day)
	for _, one in ipairs(list) do
		if one == day or one == date.weekday(day) then return true end
	end
	return #list == 0
end

-- The second at which a clock at the station shows this of a day; "30:00" is of the next
local function second(day, clock)
	return date.midnight(date.add(day, { days = -1 })) + tonumber(clock:sub(1, 2)) * 3600
		+ tonumber(clock:sub(4, 5)) * 60
end

-- Each duty of each day: four weeks from now, unless asked for others
function exports.roster(q, given, now)
	local rows, from = {}, q.from or date.of(now)
	local to = q.to or date.add(from, { days = 27 })
	if date.days(from, to) > 366 then
		error("a year of the roster at the most: --from and --to", 0)
	end
	for _, one in ipairs(given[".duties"]) do
		local day = from
		while date.compare(day, to) <= 0 do
			if listed(one.days, day) then
				local start, finish = second(day, one.from), second(day, one.to)
				local who = (one.office_name or one.office) .. ": " .. (one.name or tostring(one.uid))
				rows[#rows + 1] = { id = "duty/" .. one.no .. "/" .. day, stamp = now, start = start,
					finish = finish > start and finish or finish + 86400, title = who }
			end
			day = date.add(day, { days = 1 })
		end
	end
	return rows
end

local function time(seconds)
	return seconds and string.format("%s %02d:%02d", date.of(seconds), (seconds - second(date.of(seconds), "00:00")) // 3600,
		(seconds - second(date.of(seconds), "00:00")) // 60 % 60) or nil
end

-- Columns of a text in both languages
local function spell(row, name, text)
	if text then
		row[name .. "_en"], row[name .. "_zh"] = in_language(text, "en"), in_language(text, "zh")
	end
end

function exports.public(_, given)
	local notices, removed, by = {}, {}, {}
	for _, one in ipairs(given.notices) do
		if one.refers then by[one.refers] = one end
	end
	for _, one in ipairs(given.notices) do
		local at = one.place and place.get(one.place)
		local row = { id = one.id, pack = one.pack, kind = one.kind, number = one.key, place = one.place,
			place_name = at and at.name, published = time(one.time), from = time(one.from),
			to = time(one.to), refers_to = one.refers, record = one.record,
			in_force = one.cancelled == nil }
		spell(row, "title", one.title)
		spell(row, "text", one.text)
		notices[#notices + 1] = row
		if one.cancelled then
			local next = by[one.id]
			local gone = { id = one.id, pack = one.pack, kind = one.kind, number = one.key,
				published = time(one.time), removed = next and time(next.time), by_notice = next and next.id,
				by_record = next and next.record }
			spell(gone, "title", one.title)
			spell(gone, "why", one.cancelled)
			removed[#removed + 1] = gone
		end
	end
	local places = {}
	for i, one in ipairs(given.places) do
		places[i] = { id = one.id, kind = one.kind, name = one.name, parent = one.parent, road = one.road,
			from_km = one.from_km, to_km = one.to_km, river = one.river, length_km = one.length_km }
	end
	return {
		{ name = "notices", rows = notices, columns = { "id", "pack", "kind", "number", "in_force", "published", "from",
			"to", "place", "place_name", "title_en", "title_zh", "text_en", "text_zh", "refers_to", "record" } },
		{ name = "removed", rows = removed, columns = { "id", "pack", "kind", "number", "title_en", "title_zh",
			"published", "removed", "why_en", "why_zh", "by_notice", "by_record" } },
		{ name = "places", rows = places, columns = { "id", "kind", "name", "parent", "road", "from_km", "to_km",
			"river", "length_km" } },
		{ name = "packs", rows = given.packs, columns = { "id", "name", "hash", "record", "in_force" } },
	}
end

return exports
