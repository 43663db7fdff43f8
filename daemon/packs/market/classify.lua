-- What the notice of 2007 says of one knife: every clause, met or not, and why.
-- Figures come from data/law.json; nothing here decides what becomes of the knife.

local law = data("law")

local CLAUSES = { "clause.1", "clause.2", "clause.3", "clause.4", "clause.5" }

local function has(list, value)
	for _, each in ipairs(list) do
		if each == value then
			return true
		end
	end
	return false
end

-- 60.0 is written "60", 59.5 as it is
local function figure(number)
	if number == math.floor(number) then
		return string.format("%d", number)
	end
	local text = string.format("%.3f", number):gsub("0+$", "")
	return text
end

-- One test against a limit: "yes", "no" or, on the limit itself, "edge"
local function under(value, limit)
	return value == limit and "edge" or value < limit and "yes" or "no"
end

local function over(value, limit)
	return value == limit and "edge" or value > limit and "yes" or "no"
end

-- A part of a clause: its verdict and the words for it
local function part(met, en, zh)
	return { met = met, en = en, zh = zh }
end

local function feature(value, en, zh)
	if value then
		return part("yes", en, "有" .. zh)
	end
	return part("no", "no " .. en, "无" .. zh)
end

local WORDS = {
	yes = { under = { "under", "小于" }, over = { "over", "大于" } },
	no = { under = { "not under", "不小于" }, over = { "not over", "不大于" } },
	edge = { under = { "exactly at, not under,", "恰为" }, over = { "exactly at, not over,", "恰为" } },
}

local NAMES = {
	tip = { "tip angle", "刀尖角度", " degrees", "度" },
	blade = { "blade", "刀身长度", " mm", "毫米" },
	radius = { "tip radius", "刀尖倒角半径", " mm", "毫米" },
}

local function measure(name, value, way, limit)
	local met = (way == "under" and under or over)(value, limit)
	local words = WORDS[met][way]
	local it = NAMES[name]
	return part(met,
		string.format("%s %s%s is %s %s%s", it[1], figure(value), it[3], words[1], figure(limit), it[3]),
		string.format("%s%s%s，%s%s%s", it[2], figure(value), it[4], words[2], figure(limit), it[4]))
end

local function shape(item, row)
	local zh = { single = "单刃", double = "双刃", triple = "三刃", multi = "多刃" }
	local met = has(row.edges, item.edges) and "yes" or "no"
	return part(met, item.edges .. "-edged", zh[item.edges])
end

local parts = {}

parts["clause.1"] = function(item, row)
	return {
		feature(item.hilt, "hilt", "刀柄"),
		feature(item.guard, "guard", "刀格"),
		feature(item.blood_groove, "blood groove", "血槽"),
		measure("tip", item.tip_angle, "under", row.tip_under),
		shape(item, row),
	}
end

parts["clause.2"] = function(item, row)
	return {
		item.scraper and part("yes", "a scraper, a machining tool", "机械加工用刮刀")
			or part("no", "not a scraper", "非刮刀"),
		shape(item, row),
	}
end

parts["clause.3"] = function(item)
	local opens = item.spring or item.folding
	return {
		opens and part("yes", item.spring and "spring knife" or "folding knife",
			item.spring and "弹簧刀" or "折叠刀")
			or part("no", "neither spring nor folding knife", "非弹簧刀或折叠刀"),
		feature(item.self_lock, "self-lock", "自锁装置"),
	}
end

parts["clause.4"] = function(item, row)
	return {
		measure("tip", item.tip_angle, "under", row.tip_under),
		measure("blade", item.blade, "over", row.blade_over),
		shape(item, row),
	}
end

parts["clause.5"] = function(item, row)
	return {
		measure("tip", item.tip_angle, "over", row.tip_over),
		measure("blade", item.blade, "over", row.blade_over),
		shape(item, row),
	}
end

parts.exempt = function(item, row)
	if item.sharpened then
		return { part("no", "sharpened", "已开刃") }
	end
	local list = {
		part("yes", "not sharpened", "未开刃"),
		measure("radius", item.tip_radius, "over", row.radius_over),
	}
	if not has(row.uses, item.use) then
		-- the list of uses ends in "等", "and the like": a person reads it
		list[#list + 1] = part("edge", "use is none of those named", "用途不在所列之内")
	end
	return list
end

-- A clause: "yes" if all parts are, "no" if one is not, "edge" if only a limit is in doubt
local function judge(name, item)
	local row = law[name]
	local met, en, zh = "yes", {}, {}
	for _, each in ipairs(parts[name](item, row)) do
		if each.met == "no" then
			met = "no"
		elseif each.met == "edge" and met == "yes" then
			met = "edge"
		end
		en[#en + 1] = each.en
		zh[#zh + 1] = each.zh
	end
	return {
		clause = row.clause, row = name, met = met,
		en = table.concat(en, "; "), zh = table.concat(zh, "；"),
	}
end

-- class: "controlled", "exempt", "none" (no clause fits) or "refer" (a person looks);
-- why: "clause", "exempt", "none", "ethnic" or "boundary"; rows: the clauses that told
local function classify(item)
	local reasons, met, edge = {}, {}, {}
	for _, name in ipairs(CLAUSES) do
		local reason = judge(name, item)
		reasons[#reasons + 1] = reason
		if reason.met == "yes" then
			met[#met + 1] = name
		elseif reason.met == "edge" then
			edge[#edge + 1] = name
		end
	end
	local exempt = judge("exempt", item)
	reasons[#reasons + 1] = exempt

	local function result(class, why, rows)
		return { class = class, why = why, rows = rows, reasons = reasons }
	end
	if item.ethnic then
		return result("refer", "ethnic", { "ethnic" })
	end
	if exempt.met == "yes" then
		return result("exempt", "exempt", { "exempt" })
	end
	-- 60 degrees exactly is in neither (4) nor (5), whatever the length
	if item.tip_angle == law["clause.4"].tip_under and #met + #edge == 0 then
		edge = { "clause.4", "clause.5" }
	end
	-- Whether it is exempt matters only to a knife that a clause fits, or may fit.
	if exempt.met == "edge" and #met + #edge > 0 then
		return result("refer", "boundary", { "exempt" })
	end
	if #met > 0 then
		return result("controlled", "clause", met)
	end
	if #edge > 0 then
		return result("refer", "boundary", edge)
	end
	return result("none", "none", {})
end

return { classify = classify, figure = figure, clauses = CLAUSES, law = law }
