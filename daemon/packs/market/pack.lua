-- Controlled-knife inspection at markets: measures are recorded, the clauses of the
-- ministry's notice are applied to them at once and explained on the spot; what
-- becomes of a knife a named officer decides.

local inspection = include("acts")
local decision = include("decide")
local reports = include("reports")
local law = data("law")

local acts = {}
for _, part in ipairs({ inspection.acts, decision.acts }) do
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
				handed = { to = { "kept", "released" }, doc = "on its way to who keeps it" },
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
	},
	clocks = {
		appraisal = { working_days = law.appraisal.working_days, warn = law.appraisal.warn, law = "appraisal" },
		decision = { working_days = law.decision.working_days, warn = law.decision.warn, law = "decision" },
		custody = { hours = law.custody.hours, law = "custody" },
		giveback = { working_days = law.giveback.working_days, law = "giveback" },
		review = { working_days = law.review.working_days, warn = law.review.warn, law = "review",
			extend = { days = law.review.extend_days, times = law.review.times } },
	},
	reports = reports,
}
