-- SPDX-License-Identifier: GPL-2.0-only
-- What becomes of a knife: people decide, and each step is another person's

local told_of_remedies = include("remedies")
local acts = {}

-- Against a knife whose file is closed an objection is a matter of its own.
local function objection_of(item)
	return matter.find{ kind = "objection", key = item, open = true }[1]
end

acts["decide"] = {
	doc = "a named officer decides: handed over, or released",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		outcome = { "enum", required = true, values = { "handover", "release" }, doc = "what is decided" },
		to = { "office", doc = "who keeps it from now on; required for handover" },
		reason = { "string", required = true, min = 2, max = 500, doc = "why" },
		document = { "blob", doc = "hash of the signed decision" },
		on_the_spot = { "boolean", default = false, doc = "taken on the spot, before any approval" },
		recorded = { "boolean", default = false, doc = "sound and picture were recorded throughout" },
	},
	run = function(e, m)
		local out, class = e.data.outcome, m.data.class
		if out == "handover" and class ~= "controlled" then
			tables.flag(m.id, "taken", "fault", "clause.1", e.date, tables.text("taken-although-no-clause",
				{ reason = e.data.reason }))
		elseif out == "release" and class == "controlled" then
			tables.flag(m.id, "released", "warn", m.data.rows[1] or "clause.1", e.date,
				tables.text("released-although-counts-as", { reason = e.data.reason }))
		end
		matter.set(m.id, { officer = e.uid, outcome = out, reason = e.data.reason, decided = e.date, keeper = e.data.to,
			on_the_spot = out == "handover" and e.data.on_the_spot or nil, recorded = e.data.recorded or nil })
		if out == "handover" then
			told_of_remedies(e, m, "remedies", { seizure = tables.some_law("seizure", e.date).clause })
			matter.share(m.id, e.data.to)
		end
	end,
}

acts["seizure-approve"] = {
	doc = "a seizure on the spot is approved afterwards",
	fields = { item = { "matter", required = true, doc = "the knife" },
		document = { "blob", required = true, doc = "hash of the signed approval" } },
	run = function(e, m)
		matter.set(m.id, { approved = e.data.document, approved_by = e.uid })
	end,
}

acts["release-all"] = {
	doc = "a named officer releases all knives of a round that no clause fits; they stay at their stalls",
	fields = {
		round = { "matter", required = true, doc = "the round" },
		reason = { "string", required = true, min = 2, max = 500, doc = "why" },
	},
	run = function(e, round)
		local count = 0
		for _, stall in pairs(round.data.stalls) do
			for _, id in pairs(stall.items) do
				local m = matter.get(id)
				local free = m.data.class == "none" or m.data.class == "exempt"
				if free and m.stage == "measured" and m.data.explained then
					tables.stop("decision", id)
					matter.set(id, { officer = e.uid, outcome = "release", reason = e.data.reason, stayed = true })
					matter.move(id, "released")
					matter.move(id, "returned")
					count = count + 1
				end
			end
		end
		if count == 0 then
			tables.refuse("no-explained-knife-round")
		end
	end,
}

acts["receive"] = {
	doc = "the keeping office has the knife in hand",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		store = { "string", required = true, min = 1, max = 60, doc = "where it lies" },
	},
	run = function(e, m)
		matter.set(m.id, { store = e.data.store, received_by = e.uid })
	end,
}

acts["give-back"] = {
	doc = "a released knife is back at its stall",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		receipt = { "blob", doc = "hash of the holder's signed receipt" },
	},
}

local function object_late(e, m)
	if objection_of(m.id) then
		tables.refuse("objection-open-already")
	end
	local id = matter.open{ kind = "objection", office = m.office, key = m.id, place = m.place,
		title = tables.text("objection-whose-file-closed", { matter = m.id }),
		data = { item = m.id, text = e.data.text, date = e.date, decided = m.data.decided, keeper = m.data.keeper,
			inspector = m.data.inspector, second = m.data.second, officer = m.data.officer, appraiser = m.data.appraiser } }
	matter.link(id, m.id, "against")
	tables.start("review", id)
	tables.check(id, e)
end

acts["object"] = {
	doc = "the holder objects; the slip's number is enough, no name is asked",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		text = { "string", required = true, min = 2, max = 500, doc = "why" },
	},
	run = function(e, m)
		if m.stage == "filed" then
			object_late(e, m)
			return false
		end
		matter.set(m.id, { objecting = true, objection = { text = e.data.text, date = e.date, answered = false } })
	end,
}

-- Of a file that is closed: the knife is given back by who keeps it.
local function review_late(e, m)
	matter.set(m.id, { reason = e.data.reason, reviewer = e.uid })
	matter.move(m.id, e.data.upheld and "upheld" or "dismissed")
	if e.data.upheld then
		tables.flag(m.id, "overturned", "warn", "review", e.date, tables.text("objection-was-right",
			{ reason = e.data.reason }))
		matter.share(m.id, m.data.keeper)
		tables.start("giveback", m.id)
		task{ matter = m.id, office = m.data.keeper, key = "giveback", text = tables.text("give-back",
			{ matter = m.data.item }) }
	end
end

-- Upheld before anything was taken: what the knife counts as is for an appraiser.
local function appraise_anew(m)
	tables.stop("decision", m.id)
	matter.set(m.id, { class = "refer", why = "objection", appraiser = store.null })
	if m.stage ~= "referred" then
		matter.move(m.id, "referred")
		tables.start("appraisal", m.id)
	end
end

acts["review"] = {
	doc = "another officer answers the objection; overturned, the knife is given back",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		upheld = { "boolean", required = true, doc = "the objection is right" },
		reason = { "string", required = true, min = 2, max = 500, doc = "why" },
	},
	run = function(e, m)
		local open = m.data.objection
		if m.kind == "objection" then
			review_late(e, m)
			return
		elseif m.stage == "filed" then
			local late = objection_of(m.id) or tables.refuse("there-no-open-objection")
			tables.stop("review", late.id)
			review_late(e, late)
			return false
		end
		open.answered, open.upheld, open.reason = true, e.data.upheld, e.data.reason
		matter.set(m.id, { objection = open, objecting = false })
		if not e.data.upheld then
			return
		end
		tables.flag(m.id, "overturned", "warn", "review", e.date,
			tables.text("objection-was-right", { reason = e.data.reason }))
		if m.stage == "handed" or m.stage == "kept" then
			tables.stop("custody", m.id)
			matter.set(m.id, { officer = e.uid })
			matter.move(m.id, "released")
			tables.start("giveback", m.id)
		elseif m.stage ~= "released" then
			appraise_anew(m)
		end
	end,
}

acts["review-extend"] = {
	doc = "more time for the review, with a reason, once",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		reason = { "string", required = true, min = 2, max = 300, doc = "why" },
	},
	run = function(e, m)
		clock.extend("review", m.id, e.data.reason)
	end,
}

acts["archive"] = {
	doc = "a kept knife whose file is complete is filed: nothing more is open",
	fields = { item = { "matter", required = true, doc = "the knife" } },
}

acts["round-close"] = {
	doc = "the inspectors have been at every stall, and have explained every knife",
	fields = {
		round = { "matter", required = true, doc = "the round" },
		skipped = { "list", of = { "string", max = 40 }, max = 40, doc = "stalls not inspected, and why" },
	},
	run = function(e, round)
		local counted, shown = 0, 0
		for number, stall in pairs(round.data.stalls) do
			local here = 0
			for no, id in pairs(stall.items) do
				local item = matter.get(id)
				if not item.data.explained then
					tables.refuse("knife-stall-has-not", { no = no, number = number })
				end
				here = here + 1
			end
			if here < stall.knives then
				tables.flag(round.id, "uncounted", "warn", "uncounted", e.date,
					tables.text("stall-shows-knives-were", { number = number, knives = stall.knives, here = here }))
			end
			counted, shown = counted + here, shown + stall.knives
		end
		matter.set(round.id, { measured = counted, shown = shown, skipped = e.data.skipped or {} })
	end,
}

-- Facts of a decided knife, and of an objection to a closed file: how long the holder may ask
local function facts(m, e)
	local decided = m.data.decided
	if not decided or not e then
		return nil
	end
	return { on = decided, stage = m.stage, on_the_spot = m.data.on_the_spot, recorded = m.data.recorded,
		approved = m.data.approved and true, decided = { from = decided,
		to = m.kind == "objection" and m.data.date or e.date } }
end

return { acts = acts, facts = facts }
