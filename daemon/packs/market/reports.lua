-- SPDX-License-Identifier: GPL-2.0-only
-- Reports of the market pack

-- Matters hold the time of opening in seconds or as a date
local function opened(m)
	return type(m.opened) == "number" and date.of(m.opened) or m.opened
end

-- Matters opened in the period that is asked for
local function each(q, what, run)
	for _, m in ipairs(matter.find(what)) do
		local day = opened(m)
		if (not q.from or day >= q.from) and (not q.to or day <= q.to) then
			run(m)
		end
	end
end

local function items_of(round)
	local list = {}
	for _, stall in pairs(round.data.stalls) do
		for _, id in pairs(stall.items) do
			list[#list + 1] = matter.get(id)
		end
	end
	return list
end

local CLASSES = { "controlled", "none", "exempt", "refer" }

return {
	rounds = {
		doc = "each round: stalls, knives shown and measured, what they count as, what is open",
		columns = { "round", "place", "date", "stage", "stalls", "shown", "measured", "controlled",
			"none", "exempt", "refer", "explained", "decided", "open" },
		run = function(q)
			local rows = {}
			each(q, { kind = "round" }, function(m)
				local row = { round = m.id, place = m.place, date = opened(m), stage = m.stage, stalls = 0,
					shown = 0, measured = 0, controlled = 0, none = 0, exempt = 0, refer = 0,
					explained = 0, decided = 0, open = 0 }
				for _, stall in pairs(m.data.stalls) do
					row.stalls, row.shown = row.stalls + 1, row.shown + stall.knives
				end
				for _, item in ipairs(items_of(m)) do
					row.measured = row.measured + 1
					row[item.data.class] = row[item.data.class] + 1
					row.explained = row.explained + (item.data.explained and 1 or 0)
					row.decided = row.decided + (item.data.outcome and 1 or 0)
					if item.stage ~= "returned" and item.stage ~= "filed" then
						row.open = row.open + 1
					end
				end
				rows[#rows + 1] = row
			end)
			return rows
		end,
	},
	clauses = {
		doc = "how many knives each clause of the notice met, and its text",
		columns = { "clause", "met", "edge", "not_met", "text", "source", "mark" },
		run = function(q)
			local law, rows, by = data("law"), {}, {}
			for _, name in ipairs({ "clause.1", "clause.2", "clause.3", "clause.4", "clause.5", "exempt" }) do
				local row = { clause = name == "exempt" and name or name:sub(8), met = 0, edge = 0, not_met = 0,
					text = law[name].clause.zh,
					source = law[name].source, mark = law[name].mark }
				rows[#rows + 1], by[name] = row, row
			end
			each(q, { kind = "item" }, function(m)
				for _, reason in ipairs(m.data.reasons) do
					local row = by[reason.row]
					local column = reason.met == "yes" and "met" or reason.met == "edge" and "edge" or "not_met"
					row[column] = row[column] + 1
				end
			end)
			return rows
		end,
	},
	knives = {
		doc = "each knife that is not closed, its class and its stage",
		columns = { "item", "stall", "no", "class", "stage", "since" },
		run = function(q)
			local rows = {}
			each(q, { kind = "item", open = true }, function(m)
				rows[#rows + 1] = { item = m.id, stall = m.data.stall, no = m.data.no, class = m.data.class,
					stage = m.stage, since = opened(m) }
			end)
			return rows
		end,
	},
	classes = {
		doc = "how many knives of each class",
		columns = { "class", "knives" },
		run = function(q)
			local counts, rows = {}, {}
			each(q, { kind = "item" }, function(m)
				counts[m.data.class] = (counts[m.data.class] or 0) + 1
			end)
			for _, class in ipairs(CLASSES) do
				rows[#rows + 1] = { class = class, knives = counts[class] or 0 }
			end
			return rows
		end,
	},
}
