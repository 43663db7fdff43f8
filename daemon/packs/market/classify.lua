-- SPDX-License-Identifier: GPL-2.0-only
-- What the notice of 2007 says of one knife: data/conditions.csv finds which clauses fit (a rule)
-- and which it touches exactly on a limit (the rule with .edge). Nothing here decides what becomes
-- of the knife.

local CLAUSES = { "clause.1", "clause.2", "clause.3", "clause.4", "clause.5" }

local function facts(item, day)
	return { on = day, blade = item.blade, tip = item.tip_angle, edges = item.edges, hilt = item.hilt, guard = item.guard,
		groove = item.blood_groove, scraper = item.scraper, opens = item.folding or item.spring, self_lock = item.self_lock,
		sharpened = item.sharpened, radius = item.tip_radius, use = item.use, edge = item.edge }
end

-- class: "controlled", "exempt", "none" (no clause fits) or "refer" (a person looks); why: "clause", "exempt",
-- "none", "ethnic" or "boundary"; rows: the clauses that told; reasons: each clause, met or not
local function classify(item, day)
	local found = tables.evaluate("act.item", facts(item, day))
	local reasons, met, edge = {}, {}, {}
	local function look(name)
		local is = found[name] and "yes" or found[name .. ".edge"] and "edge" or "no"
		reasons[#reasons + 1] = { row = name, met = is }
		return is
	end
	for _, name in ipairs(CLAUSES) do
		local is = look(name)
		local list = is == "yes" and met or edge
		if is ~= "no" then
			list[#list + 1] = name
		end
	end
	local exempt = look("exempt")
	local function result(class, why, rows)
		return { class = class, why = why, rows = rows, reasons = reasons, found = found }
	end
	if item.ethnic then
		return result("refer", "ethnic", { "ethnic" })
	elseif exempt == "yes" then
		return result("exempt", "exempt", { "exempt" })
	end
	-- On the angle it is in neither (4) nor (5), whatever the length
	if found["tip.edge"] and #met + #edge == 0 then
		edge = { "clause.4", "clause.5" }
	end
	-- Whether it is exempt matters only to a knife that a clause fits, or may fit.
	if exempt == "edge" and #met + #edge > 0 then
		return result("refer", "boundary", { "exempt" })
	elseif #met > 0 then
		return result("controlled", "clause", met)
	elseif #edge > 0 then
		return result("refer", "boundary", edge)
	end
	return result("none", "none", {})
end

return { classify = classify }
