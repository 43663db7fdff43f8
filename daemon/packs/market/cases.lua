-- SPDX-License-Identifier: GPL-2.0-only
-- A case of carrying or selling controlled knives: its period, and whether what a named officer
-- decided is within what the Public Security Penalties Law allows on the day of the decision.

local CASE = { "matter", required = true, doc = "the case" }
local WHY = { "string", required = true, min = 2, max = 300, doc = "why" }
local told_of_remedies = include("remedies")
local acts = {}

acts["case"] = {
	doc = "a case is filed: of whom, is in its file alone",
	fields = {
		no = { "string", required = true, min = 2, max = 40, doc = "number of the case file" },
		conduct = { "enum", required = true, values = { "carrying", "public-place", "selling" },
			doc = "carried; carried into a public place or public transport; sold without permit" },
		committed = { "date", required = true, doc = "when it was done, or ended" },
		discovered = { "date", doc = "when the police discovered it; today if absent" },
		item = { "matter", doc = "the knife" },
		serious = { "boolean", default = false, doc = "it endangered public safety, and circumstances are serious" },
	},
	run = function(e)
		local d = e.data
		local item = d.item and tables.matter(d.item, "item")
		local seen = d.discovered or e.date
		if d.committed > seen or seen > e.date then
			tables.refuse("case.days")
		end
		local id = matter.open{ kind = "case", key = d.no, place = item and item.place,
			title = tables.text("case.title", { no = d.no }),
			data = { conduct = d.conduct, committed = d.committed, discovered = seen, filed = e.date,
				serious = d.serious or nil, filed_by = e.uid, item = d.item } }
		if item then
			matter.link(id, item.id, "about")
		end
		tables.start("case-period", id)
		tables.check(id, e)
	end,
}

acts["case-extend"] = {
	doc = "the period of the case is extended, with a reason, twice at the most",
	fields = { case = CASE, reason = WHY },
	run = function(e, m)
		clock.extend("case-period", m.id, e.data.reason)
	end,
}

-- Days of an expert opinion or a hearing, from the one named here to the one named when it is over
acts["case-pause"] = {
	doc = "an expert opinion or a hearing begins: its time is not counted",
	fields = { case = CASE,
		why = { "enum", required = true, values = { "expert", "hearing" }, doc = "an expert opinion, or a hearing" },
		on = { "date", doc = "when it began; today if absent" } },
	run = function(e, m)
		local on, since = e.data.on or e.date, m.data.resumed or m.data.filed
		if on > e.date or on < since then
			tables.refuse("case.past", { from = since })
		end
		clock.pause("case-period", m.id)
		matter.set(m.id, { paused = on, why = e.data.why })
	end,
}

acts["case-resume"] = {
	doc = "the expert opinion is there, or the hearing is over: the period goes on",
	fields = { case = CASE, on = { "date", doc = "when it was over; today if absent" } },
	run = function(e, m)
		local on = e.data.on or e.date
		if on > e.date or on < m.data.paused then
			tables.refuse("case.past", { from = m.data.paused })
		end
		local days = date.days(m.data.paused, on)
		local said = tables.text("case.not-counted", { why = m.data.why, days = days, from = m.data.paused, to = on })
		clock.rebase("case-period", m.id, { from = date.add(clock.get("case-period", m.id).started, { days = days }),
			reason = said.en })
		matter.note(m.id, said)
		matter.set(m.id, { paused = store.null, why = store.null, resumed = on })
	end,
}

acts["penalty"] = {
	doc = "what a named officer decided; it is compared with the figures of that day",
	fields = {
		case = CASE,
		fine = { "integer", unit = "yuan", min = 0, max = 1000000, default = 0, doc = "the fine; 0: none" },
		detention = { "integer", unit = "days", min = 0, max = 30, default = 0, doc = "days; 0: none" },
		minor = { "boolean", default = false, doc = "circumstances are minor" },
		on_the_spot = { "boolean", default = false, doc = "decided on the spot" },
		officers = { "integer", min = 1, max = 20, default = 2, doc = "how many decided on the spot" },
		recorded = { "boolean", default = false, doc = "sound and picture were recorded throughout" },
		disputed = { "boolean", default = false, doc = "the punished person objects" },
		document = { "blob", required = true, doc = "hash of the signed decision" },
	},
	run = function(e, m)
		local d = e.data
		matter.set(m.id, { decided = e.date, fine = d.fine, detention = d.detention, minor = d.minor,
			on_the_spot = d.on_the_spot, officers = d.officers, recorded = d.recorded, disputed = d.disputed, officer = e.uid, document = d.document })
		told_of_remedies(e, m, d.on_the_spot and "penalty.remedies-spot" or "penalty.remedies",
			{ first = tables.some_law("spot-first", e.date).source })
		tables.check(m.id, e)
		return { filed = d.on_the_spot and e.date or false }
	end,
}

acts["penalty-filed"] = {
	doc = "a penalty on the spot was filed with the office",
	fields = { case = CASE },
}

acts["case-close"] = {
	doc = "the penalty is carried out, or the case is dropped",
	fields = {
		case = CASE,
		reason = { "string", required = true, min = 2, max = 300, doc = "what became of it" },
	},
	run = function(e, m)
		matter.set(m.id, { result = e.data.reason })
	end,
}

local function facts(m)
	local d = m.data
	return { on = d.decided or m.data.discovered, conduct = d.conduct, serious = d.serious, undiscovered = { from = d.committed,
		to = d.discovered }, fine = d.fine,
		detention = d.detention, detained = (d.detention or 0) > 0, decided = d.decided and true, minor = d.minor,
		on_the_spot = d.on_the_spot, officers = d.officers, recorded = d.recorded, disputed = d.disputed }
end

return { acts = acts, facts = facts }
