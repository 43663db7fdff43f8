-- SPDX-License-Identifier: GPL-2.0-only
-- Controlled-knife inspection at markets: measures are recorded, the clauses of the
-- ministry's notice are applied to them at once and explained on the spot; what
-- becomes of a knife a named officer decides.

local inspection = include("acts")
local decision = include("decide")
local reports = include("reports")
local cases = include("cases")
local reconsider = include("reconsider")

local acts = {}
for _, part in ipairs({ inspection.acts, decision.acts, cases.acts, reconsider.acts }) do
	for kind, act in pairs(part) do
		acts[kind] = act
	end
end

return {
	name = "market",
	title = { en = "Controlled-knife inspection", zh = "管制刀具检查" },
	version = "1.0",
	roles = {
		inspector = "inspects stalls, measures, explains",
		appraiser = "settles what the text does not",
		officer = "decides: handed over or released; reviews objections",
		keeper = "receives and keeps what is handed over",
		reconsideration = "the reconsideration organ: examines requests, decides",
	},
	acts = acts,
	matters = {
		round = {
			title = { en = "Inspection round", zh = "检查" },
			first = "open",
			stages = {
				open = { to = { "closed" }, doc = "stalls are being inspected" },
				closed = { final = true, doc = "every knife was explained" },
			},
		},
		item = {
			title = { en = "Knife", zh = "刀具" },
			first = "measured",
			stages = {
				measured = { to = { "referred", "handed", "released" }, doc = "the clauses are applied" },
				referred = { to = { "measured", "appraised" }, doc = "the text does not settle it" },
				appraised = { to = { "handed", "released", "referred" }, doc = "a person has settled it" },
				handed = { to = { "kept", "released" }, doc = "on its way to the office that keeps it" },
				kept = { to = { "filed", "released" }, doc = "in store" },
				released = { to = { "returned" }, doc = "to be given back" },
				returned = { final = true, doc = "back at its stall" },
				filed = { final = true, doc = "kept, the file complete" },
			},
		},
		objection = {
			title = { en = "Objection to a closed file", zh = "对已归档事项的异议" },
			first = "open",
			stages = {
				open = { to = { "dismissed", "upheld" }, doc = "another officer reviews it" },
				upheld = { to = { "returned" }, doc = "the knife is to be given back" },
				dismissed = { final = true, doc = "the objection was not right" },
				returned = { final = true, doc = "the knife is back" },
			},
		},
		reconsideration = {
			title = { en = "Reconsideration", zh = "行政复议" },
			first = "received",
			stages = {
				received = { to = { "incomplete", "accepted", "refused" }, doc = "the organ examines it" },
				incomplete = { to = { "received", "refused" }, doc = "the person is to complete it" },
				accepted = { to = { "decided", "revoked" }, doc = "the time for the decision runs" },
				revoked = { to = { "returned" }, doc = "the knife of a closed file is to be given back" },
				refused = { final = true, doc = "not accepted, or given up" },
				decided = { final = true, doc = "decided, and carried out where it revokes" },
				returned = { final = true, doc = "the knife is back" },
			},
		},
		case = {
			title = { en = "Case", zh = "案件" },
			first = "filed",
			stages = {
				filed = { to = { "punished", "closed" }, doc = "the period of the case runs" },
				punished = { to = { "closed" }, doc = "a named officer has decided" },
				closed = { final = true, doc = "carried out, or dropped" },
			},
		},
	},
	clocks = reconsider.clocks,
	facts = function(m, e)
		if m.kind == "case" then
			return cases.facts(m)
		elseif m.kind == "reconsideration" then
			return reconsider.facts(m)
		end
		return decision.facts(m, e)
	end,
	reports = reports,
}
