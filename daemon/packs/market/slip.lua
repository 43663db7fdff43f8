-- SPDX-License-Identifier: GPL-2.0-only
-- The explanation slip: by which measure a knife counts as controlled, in Chinese and English, for
-- whoever has the stall. It names no person.

local function has(value, name)
	return tables.text(value and "part." .. name or "part.no-" .. name)
end

-- A measure beside its figure: "tip angle 45 degrees is under 60 degrees"
local function measure(name, value, way, limit)
	local is = value == limit and "at" or value < limit and "under" or "over"
	local is_so = is == way and is or is == "at" and "at-not-" .. way or "not-" .. way
	return tables.text("part." .. name, { value = value, limit = limit, is = tables.text("part." .. is_so) })
end

-- What each clause looks at
local parts = {}

parts["clause.1"] = function(k, limit)
	return { has(k.hilt, "hilt"), has(k.guard, "guard"), has(k.blood_groove, "groove"), measure("tip", k.tip_angle,
		"under", limit),
		tables.text("part." .. k.edges) }
end

parts["clause.2"] = function(k)
	return { has(k.scraper, "scraper"), tables.text("part." .. k.edges) }
end

parts["clause.3"] = function(k)
	return { tables.text(k.spring and "part.spring" or k.folding and "part.folding" or "part.fixed"), has(k.self_lock,
		"lock") }
end

parts["clause.4"] = function(k, limit, tip)
	return { measure("tip", k.tip_angle, "under", tip), measure("blade", k.blade, "over", limit),
		tables.text("part." .. k.edges) }
end

parts["clause.5"] = function(k, limit, tip)
	return { measure("tip", k.tip_angle, "over", tip), measure("blade", k.blade, "over", limit),
		tables.text("part." .. k.edges) }
end

function parts.exempt(k, limit)
	if k.sharpened then
		return { tables.text("part.sharpened") }
	end
	return { tables.text("part.no-sharpened"), measure("radius", k.tip_radius, "over", limit),
		k.use == "other" and tables.text("part.other-use") or nil }
end

local function joined(list, language, by)
	local words = {}
	for i, one in ipairs(list) do
		words[i] = one[language]
	end
	return table.concat(words, by)
end

-- A line for each clause, met or not, and what was measured
local function lines(item, result, day)
	local list = { tables.text("slip.head", { no = item.no, stall = item.stall, blade = item.blade,
		tip_angle = item.tip_angle }) }
	local tip = tables.some_law("tip-60", day).figure
	for _, reason in ipairs(result.reasons) do
		local row = tables.some_law(reason.row, day)
		local why = parts[reason.row](item, row.figure, tip)
		list[#list + 1] = tables.text("slip.clause", { name = tables.text("slip." .. reason.row),
			met = tables.text("slip." .. reason.met),
			why = { en = joined(why, "en", "; "), zh = joined(why, "zh", "；") }, clause = row.clause })
	end
	if result.why == "ethnic" then
		list[#list + 1] = tables.text("slip.ethnic", { clause = tables.some_law("ethnic", day).clause })
	end
	list[#list + 1] = tables.text("slip.class-" .. result.class)
	list[#list + 1] = tables.text("slip.end", { source = tables.some_law("clause.1", day).source })
	return { en = joined(list, "en", "\n"), zh = joined(list, "zh", "\n") }
end

-- Publishes it; refers to the one before if there is one. Returns its number.
local function publish(id, item, result, place, day)
	return notice{ kind = "slip", title = tables.text("slip.title", { no = item.no, stall = item.stall }),
		text = lines(item, result, day), place = place, key = id, refers = item.slip }
end

return { publish = publish }
