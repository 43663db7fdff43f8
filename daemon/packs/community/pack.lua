-- Residents' forum: meetings, suggestions that are answered in time and in public,
-- groups, anti-fraud notices. It keeps no profile of anybody.

local reports = include("reports")

local acts = {}
for _, file in ipairs({ "suggestions", "publicity" }) do
	for kind, act in pairs(include(file).acts) do
		acts[kind] = act
	end
end

return {
	name = "community",
	title = { en = "Residents' forum", zh = "居民议事" },
	version = "1.0",
	roles = {
		organiser = "calls meetings, founds groups, is the desk for residents",
		answerer = "takes and answers suggestions",
		publisher = "publishes answers and anti-fraud notices",
	},
	acts = acts,
	matters = {
		meeting = {
			title = { en = "Meeting", zh = "会议" },
			first = "announced",
			stages = {
				announced = { to = { "held" }, doc = "has a day" },
				held = { to = { "closed" }, doc = "suggestions are entered" },
				closed = { final = true, doc = "each suggestion has its receipt" },
			},
		},
		suggestion = {
			title = { en = "Suggestion", zh = "建议" },
			first = "received",
			stages = {
				received = { to = { "taken" }, doc = "an office has to take it" },
				taken = { to = { "answered", "received" }, doc = "one person answers" },
				answered = { to = { "published" }, doc = "another person reads the answer" },
				published = { to = { "closed", "reopened" }, doc = "whoever has the receipt may speak" },
				reopened = { to = { "taken" }, doc = "dissatisfied" },
				closed = { final = true, doc = "satisfied, or bounds reached" },
			},
		},
		group = {
			title = { en = "Group", zh = "小组" },
			first = "active",
			stages = {
				active = { to = { "ended" }, doc = "is active" },
				ended = { final = true, doc = "dissolved" },
			},
		},
		notice = {
			title = { en = "Anti-fraud notice", zh = "反诈提示" },
			first = "published",
			stages = {
				published = { to = { "withdrawn" }, doc = "stands" },
				withdrawn = { final = true, doc = "withdrawn or replaced" },
			},
		},
	},
	facts = include("suggestions").facts,
	reports = reports,
	exports = include("exports"),
}
