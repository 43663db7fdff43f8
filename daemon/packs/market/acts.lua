-- SPDX-License-Identifier: GPL-2.0-only
-- The acts of an inspection, in the order in which they come

local knife = include("classify")
local slip = include("slip")

local MEASURES = {
	blade = { "number", required = true, unit = "mm", min = 0, max = 2000,
		doc = "length of the blade" },
	tip_angle = { "number", required = true, unit = "degree", min = 0, max = 180,
		doc = "measured to the point 10 mm from the tip" },
	edges = { "enum", required = true, values = { "single", "double", "triple", "multi" },
		doc = "number of edges" },
	hilt = { "boolean", required = true, doc = "has a hilt (刀柄)" },
	guard = { "boolean", required = true, doc = "has a guard (刀格)" },
	blood_groove = { "boolean", required = true, doc = "has a blood groove (血槽)" },
	folding = { "boolean", required = true, doc = "folds" },
	spring = { "boolean", required = true, doc = "opens by a spring" },
	self_lock = { "boolean", required = true, doc = "the open blade locks by itself" },
	scraper = { "boolean", default = false, doc = "a scraper, a machining tool" },
	sharpened = { "boolean", required = true, doc = "an edge is ground" },
	tip_radius = { "number", unit = "mm", min = 0, max = 100,
		doc = "radius of the tip; required if not sharpened" },
	use = { "enum", values = { "martial", "craft", "gift", "other" },
		doc = "what it is made for; required if not sharpened" },
	edge = { "number", unit = "mm", min = 0, max = 100, doc = "thickness of the ground edge" },
	ethnic = { "boolean", default = false, doc = "a knife of an ethnic minority" },
	ceramic = { "boolean", default = false, doc = "its blade is of ceramics, not of metal" },
	instrument = { "string", max = 40, doc = "number of the measuring instrument" },
	calibrated_to = { "date", doc = "until when the instrument's calibration is valid" },
	photos = { "list", of = { "blob" }, max = 20, doc = "hashes of photographs" },
}

local NAMES = {}
for name in pairs(MEASURES) do
	NAMES[#NAMES + 1] = name
end

local function with_measures(fields)
	for name, field in pairs(MEASURES) do
		fields[name] = field
	end
	return fields
end

local function check_measures(e)
	local d = e.data
	if not d.sharpened and (not d.tip_radius or not d.use) then
		tables.refuse("not-sharpened-tip-radius")
	end
	if d.instrument and d.calibrated_to and date.compare(d.calibrated_to, e.date) < 0 then
		tables.flag(nil, "instrument", "warn", "instrument", e.date,
			tables.text("instrument-was-last-calibrated", { instrument = d.instrument,
				calibrated_to = d.calibrated_to }))
	end
end

-- One finding for each clause that told
local function tell(id, item, result, day)
	if item.ceramic and result.class == "controlled" then
		tables.flag(id, "ceramic", "info", "ceramic", day, tables.text("ceramic"))
	end
	local thick = result.found["edge.thick"]
	if thick then
		finding{ rule = "edge.thick", level = thick.level, matter = id, text = thick.text, law = tables.version(thick.row) }
	end
	for _, name in ipairs(result.rows) do
		local found = result.found[name] or result.found[name .. ".edge"]
		if found and (result.why == "clause" or result.why == "exempt") then
			finding{ rule = name, level = found.level, matter = id, text = found.text, law = tables.version(found.row) }
		else
			tables.flag(id, result.why, result.why == "ethnic" and "info" or "warn", name, day,
				tables.text(result.why .. "." .. name))
		end
	end
end

local NEXT = { controlled = "measured", none = "measured", exempt = "measured", refer = "referred" }

-- Stage, clocks and slip that follow from what the measures gave
local function settle(e, id, item, place)
	local result = knife.classify(item, e.date)
	tell(id, item, result, e.date)
	item.class, item.why, item.reasons, item.rows = result.class, result.why, result.reasons, result.rows
	item.explained = false
	item.slip = slip.publish(id, item, result, place, e.date)
	for _, name in ipairs(NAMES) do
		item[name] = item[name] == nil and store.null or item[name]
	end
	matter.set(id, item)
	local stage = matter.get(id).stage
	if stage ~= NEXT[result.class] then
		matter.move(id, NEXT[result.class])
	end
	tables.stop("appraisal", id)
	tables.stop("decision", id)
	tables.start(result.class == "refer" and "appraisal" or "decision", id)
end

local acts = {}

acts["round"] = {
	doc = "two inspectors begin to inspect a market",
	fields = {
		place = { "place", required = true, doc = "the market" },
		second = { "uid", required = true, doc = "the other inspector" },
		basis = { "enum", required = true, values = { "routine", "tip", "campaign" }, doc = "why" },
	},
	run = function(e)
		if e.data.second == e.uid then
			tables.refuse("inspection-made-two-second")
		end
		local second = actor.get(e.data.second)
		if not (second.roles["market.inspector"] or second.roles.inspector) then
			tables.refuse("second-inspector-has-not")
		end
		local where = place.get(e.data.place)
		local id = matter.open{
			kind = "round", place = e.data.place, key = e.data.place,
			title = tables.text("inspection", { name = where.name }),
			data = { inspector = e.uid, second = e.data.second, basis = e.data.basis, stalls = {} },
		}
		local row = tables.some_law("two_officers", e.date)
		matter.note(id, { en = row.clause.en .. " (" .. row.source .. ")", zh = row.clause.zh })
	end,
}

acts["stall"] = {
	doc = "a stall of the round, and how many kinds of knife it shows",
	fields = {
		round = { "matter", required = true, doc = "the round" },
		stall = { "string", required = true, min = 1, max = 20, doc = "the stall's number" },
		knives = { "integer", required = true, min = 0, max = 1000, doc = "kinds of knife on show" },
	},
	run = function(e, round)
		if round.data.stalls[e.data.stall] then
			tables.refuse("stall-in-round-already", { stall = e.data.stall })
		end
		local stalls = round.data.stalls
		stalls[e.data.stall] = { knives = e.data.knives, items = {} }
		matter.set(round.id, { stalls = stalls })
	end,
}

acts["item"] = {
	doc = "one knife of a stall, as measured; what it counts as follows from the measures",
	fields = with_measures({
		round = { "matter", required = true, doc = "the round" },
		stall = { "string", required = true, max = 20, doc = "the stall's number" },
		no = { "string", required = true, min = 1, max = 20, doc = "number of the knife at this stall" },
	}),
	run = function(e, round)
		local stalls = round.data.stalls
		local stall = stalls[e.data.stall]
		if not stall then
			tables.refuse("stall-not-in-round", { stall = e.data.stall })
		end
		if stall.items[e.data.no] then
			tables.refuse("knife-stall-measured-already", { no = e.data.no, stall = e.data.stall })
		end
		check_measures(e)
		local item = e.data
		item.inspector, item.second = round.data.inspector, round.data.second
		local id = matter.open{
			kind = "item", office = round.office, place = round.place,
			title = tables.text("knife-stall", { no = item.no, stall = item.stall }),
			data = item,
		}
		matter.link(id, round.id, "found in")
		stall.items[e.data.no] = id
		matter.set(round.id, { stalls = stalls })
		settle(e, id, item, round.place)
	end,
}

acts["remeasure"] = {
	doc = "the knife measured again before a decision; the first measures stay on record",
	fields = with_measures({
		item = { "matter", required = true, doc = "the knife" },
		reason = { "string", required = true, min = 2, max = 300, doc = "why again" },
	}),
	run = function(e, m)
		check_measures(e)
		local item, changes = m.data, {}
		for _, name in ipairs(NAMES) do
			local was, is = item[name], e.data[name]
			if name ~= "photos" and was ~= is then
				changes[#changes + 1] = name .. " " .. tostring(was) .. " -> " .. tostring(is)
			end
			item[name] = is
		end
		local what = #changes > 0 and table.concat(changes, ", ") or "same"
		tables.flag(m.id, "remeasured", "info", "remeasure", e.date, tables.text("measured-again", { what = what }))
		settle(e, m.id, item, m.place)
	end,
}

acts["explain"] = {
	doc = "the slip was handed to and explained to whoever has the stall, on the spot",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		language = { "enum", required = true, values = { "zh", "en", "other" }, doc = "in which language" },
		understood = { "boolean", required = true, doc = "the holder said so" },
	},
	run = function(e, m)
		matter.set(m.id, { explained = true, language = e.data.language })
		if not e.data.understood then
			tables.flag(m.id, "explain", "warn", "explain", e.date, tables.text("holder-did-not-understand"))
		end
	end,
}

acts["appraise"] = {
	doc = "a person settles a knife that the text does not",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		controlled = { "boolean", required = true, doc = "what the appraiser says" },
		basis = { "string", required = true, min = 2, max = 500, doc = "which standard, and why" },
		report = { "blob", doc = "hash of the signed appraisal" },
	},
	run = function(e, m)
		matter.set(m.id, { class = e.data.controlled and "controlled" or "none",
			appraiser = e.uid, appraisal = e.data.basis, why = "appraised" })
	end,
}

return { acts = acts }
