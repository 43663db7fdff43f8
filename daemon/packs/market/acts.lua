-- The acts of an inspection, in the order in which they come

local knife = include("classify")
local slip = include("slip")
local law_at, law = law.at, knife.law

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
	ethnic = { "boolean", default = false, doc = "a knife of an ethnic minority" },
	ceramic = { "boolean", default = false, doc = "its blade is of ceramics, not of metal" },
	instrument = { "string", max = 40, doc = "number of the measuring instrument" },
	calibrated_to = { "date", doc = "until when the instrument's calibration holds" },
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

local function round_of(e)
	local round = matter.get(e.data.round)
	if round.kind ~= "round" then
		refuse{ en = round.id .. " is not a round", zh = round.id .. "不是检查" }
	end
	if round.stage ~= "open" then
		refuse{ en = "the round is " .. round.stage, zh = "检查处于" .. round.stage .. "阶段" }
	end
	return round
end

local function item_of(e, ...)
	local item = matter.get(e.data.item)
	if item.kind ~= "item" then
		refuse{ en = item.id .. " is not a knife", zh = item.id .. "不是刀具" }
	end
	for _, stage in ipairs({ ... }) do
		if item.stage == stage then
			return item
		end
	end
	refuse{
		en = "the knife is " .. item.stage .. ": this act has no place there",
		zh = "刀具处于" .. item.stage .. "阶段，不能办理此事项",
	}
end

local function inspects(e, round)
	if e.uid ~= round.data.inspector and e.uid ~= round.data.second then
		refuse{ en = "only the two inspectors of this round may do this", zh = "仅限本次检查的两名检查人" }
	end
end

local function not_inspector(e, item)
	if e.uid == item.data.inspector or e.uid == item.data.second then
		refuse{ en = "who inspected must not do this: another person decides", zh = "检查人不得办理，须由他人决定" }
	end
end

-- The office of the matter, one that it was shared with, or one above it
local function belongs(e, m)
	local own = e.actor.office
	local at = m.office
	for _ = 1, 16 do
		if not at then
			break
		end
		if at == own then
			return
		end
		local office_above = office.get(at)
		at = office_above and office_above.parent
	end
	refuse{ en = "office " .. own .. " has no part in " .. m.id, zh = "单位" .. own .. "与" .. m.id .. "无关" }
end

local function check_measures(e)
	local d = e.data
	if not d.sharpened and (not d.tip_radius or not d.use) then
		refuse{
			en = "not sharpened: tip_radius and use must be given, or the exemption cannot be seen",
			zh = "未开刃刀具须填写刀尖倒角半径和用途，否则无法判断除外情形",
		}
	end
	if d.instrument and d.calibrated_to and date.compare(d.calibrated_to, e.date) < 0 then
		finding{ rule = "instrument", level = "warn",
			text = { en = "instrument " .. d.instrument .. " was last calibrated to hold until " .. d.calibrated_to,
				zh = "量具" .. d.instrument .. "校准有效期至" .. d.calibrated_to .. "，已过期" } }
	end
end

local FIRED = {
	controlled = { "warn", "counts as controlled by clause (%s): %s", "符合第（%s）项：%s" },
	boundary = { "warn", "on the limit, referred to an appraiser (%s): %s", "恰在界限，交专人认定（%s）：%s" },
	ethnic = { "info", "referred to an appraiser (%s): %s", "交专人认定（%s）：%s" },
	exempt = { "info", "not a controlled knife (%s): %s", "不属于管制刀具（%s）：%s" },
}

-- One finding for each clause that told
local function tell(id, item, result)
	local words = FIRED[result.why] or FIRED[result.class]
	if item.ceramic and result.class == "controlled" then
		finding{ rule = "ceramic", level = "info", matter = id, law = law.ceramic,
			text = { en = law.ceramic.en, zh = law.ceramic.zh } }
	end
	for _, name in ipairs(result.rows) do
		local why_en, why_zh = law[name].en, law[name].zh
		for _, reason in ipairs(result.reasons) do
			if reason.row == name then
				why_en, why_zh = reason.en, reason.zh
			end
		end
		finding{
			rule = result.why == "boundary" and "boundary" or name,
			level = words[1], matter = id, law = law[name],
			text = { en = string.format(words[2], law[name].clause, why_en),
				zh = string.format(words[3], law[name].clause, why_zh) },
		}
	end
end

local NEXT = { controlled = "measured", none = "measured", exempt = "measured", refer = "referred" }

-- Stage, clocks and slip that follow from what the measures gave
local function settle(id, item, result, place)
	tell(id, item, result)
	item.class, item.why, item.reasons, item.rows = result.class, result.why, result.reasons, result.rows
	item.explained = false
	item.slip = slip.publish(id, item, result, place, item.slip)
	matter.set(id, item)
	local stage = matter.get(id).stage
	if stage ~= NEXT[result.class] then
		matter.move(id, NEXT[result.class])
	end
	clock.stop("appraisal", id)
	clock.stop("decision", id)
	if result.class == "refer" then
		clock.start("appraisal", id)
		task{ matter = id, office = matter.get(id).office, key = "appraise",
			text = { en = "appraise the knife: the text does not settle it", zh = "认定刀具：标准文本不能直接认定" } }
	else
		clock.start("decision", id)
	end
end

local acts = {}

acts["round"] = {
	doc = "two inspectors begin to inspect a market",
	roles = { "inspector" },
	fields = {
		place = { "place", required = true, doc = "the market" },
		second = { "uid", required = true, doc = "the other inspector" },
		basis = { "enum", required = true, values = { "routine", "tip", "campaign" }, doc = "why" },
	},
	run = function(e)
		if e.data.second == e.uid then
			refuse{
				en = "an inspection is made by two: the second inspector must be another person",
				zh = "检查须由两人进行，另一检查人须为他人",
			}
		end
		local second = actor.get(e.data.second)
		if not (second.roles["market.inspector"] or second.roles.inspector) then
			refuse{ en = "the second inspector has not the role inspector", zh = "另一检查人没有检查角色" }
		end
		local where = place.get(e.data.place)
		local id = matter.open{
			kind = "round", place = e.data.place, key = e.data.place,
			title = { en = "Inspection at " .. where.name, zh = "检查：" .. where.name },
			data = { inspector = e.uid, second = e.data.second, basis = e.data.basis, stalls = {} },
		}
		local row = law_at(e.date).two_officers
		matter.note(id, { en = row.en .. " (" .. row.source .. ")", zh = row.zh })
	end,
}

acts["stall"] = {
	doc = "a stall of the round, and how many kinds of knife it shows",
	roles = { "inspector" },
	fields = {
		round = { "matter", required = true, doc = "the round" },
		stall = { "string", required = true, min = 1, max = 20, doc = "the stall's number" },
		knives = { "integer", required = true, min = 0, max = 1000, doc = "kinds of knife on show" },
	},
	run = function(e)
		local round = round_of(e)
		inspects(e, round)
		if round.data.stalls[e.data.stall] then
			refuse{
				en = "stall " .. e.data.stall .. " is in this round already",
				zh = "摊位" .. e.data.stall .. "已登记",
			}
		end
		local stalls = round.data.stalls
		stalls[e.data.stall] = { knives = e.data.knives, items = {} }
		matter.set(round.id, { stalls = stalls })
	end,
}

acts["item"] = {
	doc = "one knife of a stall, as measured; what it counts as follows from the measures",
	roles = { "inspector" },
	fields = with_measures({
		round = { "matter", required = true, doc = "the round" },
		stall = { "string", required = true, max = 20, doc = "the stall's number" },
		no = { "string", required = true, min = 1, max = 20, doc = "number of the knife at this stall" },
	}),
	run = function(e)
		local round = round_of(e)
		inspects(e, round)
		local stalls = round.data.stalls
		local stall = stalls[e.data.stall]
		if not stall then
			refuse{
				en = "stall " .. e.data.stall .. " is not in this round",
				zh = "摊位" .. e.data.stall .. "不在本次检查中",
			}
		end
		if stall.items[e.data.no] then
			refuse{
				en = "knife " .. e.data.no .. " of stall " .. e.data.stall .. " is measured already",
				zh = "摊位" .. e.data.stall .. "刀具" .. e.data.no .. "已测量",
			}
		end
		check_measures(e)
		local item = e.data
		item.inspector, item.second = round.data.inspector, round.data.second
		local id = matter.open{
			kind = "item", office = round.office, place = round.place,
			title = { en = "Knife " .. item.no .. ", stall " .. item.stall,
				zh = "摊位" .. item.stall .. "，刀具" .. item.no },
			data = item,
		}
		matter.link(id, round.id, "found in")
		stall.items[e.data.no] = id
		matter.set(round.id, { stalls = stalls })
		settle(id, item, knife.classify(item), round.place)
	end,
}

acts["remeasure"] = {
	doc = "the knife measured again before a decision; the first measures stay on record",
	roles = { "inspector", "appraiser" },
	fields = with_measures({
		item = { "matter", required = true, doc = "the knife" },
		reason = { "string", required = true, min = 2, max = 300, doc = "why again" },
	}),
	run = function(e)
		local m = item_of(e, "measured", "referred")
		belongs(e, m)
		check_measures(e)
		local item, changes = m.data, {}
		for _, name in ipairs(NAMES) do
			local was, is = item[name], e.data[name]
			if name ~= "photos" and was ~= is then
				changes[#changes + 1] = name .. " " .. tostring(was) .. " -> " .. tostring(is)
			end
			item[name] = is == nil and store.null or is
		end
		local what = #changes > 0 and table.concat(changes, ", ") or "same"
		finding{ rule = "remeasured", level = "info", matter = m.id,
			text = { en = "measured again: " .. what, zh = "重新测量：" .. what } }
		settle(m.id, item, knife.classify(e.data), m.place)
	end,
}

acts["explain"] = {
	doc = "the slip was handed to and explained to whoever has the stall, on the spot",
	roles = { "inspector" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		language = { "enum", required = true, values = { "zh", "en", "other" }, doc = "in which language" },
		understood = { "boolean", required = true, doc = "the holder said so" },
	},
	run = function(e)
		local m = item_of(e, "measured", "referred", "appraised")
		inspects(e, m)
		matter.set(m.id, { explained = true, language = e.data.language })
		if not e.data.understood then
			finding{ rule = "explain", level = "warn", matter = m.id,
				text = { en = "the holder did not understand the explanation: explain again",
					zh = "摊主未理解说明，应再次说明" } }
		end
	end,
}

acts["appraise"] = {
	doc = "a person settles a knife that the text does not",
	roles = { "appraiser" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		controlled = { "boolean", required = true, doc = "what the appraiser says" },
		basis = { "string", required = true, min = 2, max = 500, doc = "which standard, and why" },
		report = { "blob", doc = "hash of the signed appraisal" },
	},
	run = function(e)
		local m = item_of(e, "referred")
		belongs(e, m)
		not_inspector(e, m)
		matter.set(m.id, { class = e.data.controlled and "controlled" or "none",
			appraiser = e.uid, appraisal = e.data.basis, why = "appraised" })
		matter.move(m.id, "appraised")
		clock.stop("appraisal", m.id)
		clock.start("decision", m.id)
		for _, each in ipairs(task.find{ matter = m.id, key = "appraise", open = true }) do
			task.done(each.id)
		end
	end,
}

return { acts = acts, item_of = item_of, round_of = round_of, inspects = inspects,
	not_inspector = not_inspector, belongs = belongs }
