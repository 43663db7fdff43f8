-- SPDX-License-Identifier: GPL-2.0-only
-- Reconsideration (行政复议) of a knife that was taken, or of a penalty: the organ's own clocks, and what
-- its decision does. The organ enters what it receives; who asks stays in its file.

local ABOUT = { "matter", required = true, doc = "the request" }
local REASON = { "string", required = true, min = 2, max = 500, doc = "why" }

local acts = {}

-- Decided once, and by whom: a knife handed over, or a penalty
local function decided_of(id)
	local m = matter.get(id)
	local is = (m.kind == "item" and m.data.outcome == "handover") or (m.kind == "case" and m.data.officer)
	return is and m or tables.refuse("reconsider.about", { matter = id })
end

acts["reconsider"] = {
	doc = "the reconsideration organ has received a request about a knife taken or a penalty",
	fields = {
		about = { "matter", required = true, doc = "the knife, or the case" },
		received = { "date", doc = "when; absent: today" },
		known = { "date", doc = "when the person knew of the act; absent: the day of the decision" },
		told = { "boolean", default = true, doc = "the person was told of the right, the organ and the time" },
	},
	run = function(e)
		local m, d = decided_of(e.data.about), e.data
		local received, known = d.received or e.date, d.known or m.data.decided
		if known < m.data.decided or received < known or received > e.date then
			tables.refuse("reconsider.days")
		end
		local id = matter.open{ kind = "reconsideration", key = m.id, place = m.place,
			title = tables.text("reconsider.title", { matter = m.id }),
			data = { about = m.id, known = known, told = d.told, received = received, decider = m.office,
				keeper = m.data.keeper, officer = m.data.officer } }
		matter.share(id, m.office)
		matter.link(id, m.id, "against")
		if not m.closed then
			matter.set(m.id, { reconsidering = true })
		end
		tables.start("examine", id, received)
		tables.tell(matter.get(id), "owner", "examine", tables.text("reconsider.examine",
			{ day = clock.get("examine", id).date }))
		tables.check(id, e)
	end,
}

acts["reconsider-incomplete"] = {
	doc = "the request is incomplete: the person is told once what is missing",
	fields = { request = ABOUT, reason = REASON },
	run = function(e, m)
		matter.note(m.id, e.data.reason)
	end,
}

acts["reconsider-complete"] = {
	doc = "what was missing has come: the request is examined from this day on",
	fields = { request = ABOUT },
}

acts["reconsider-accept"] = {
	doc = "the request is accepted; the time for the decision runs",
	fields = { request = ABOUT, procedure = { "enum", required = true, values = { "ordinary", "simple" },
		doc = "simple: decided on the spot, a warning, up to 3,000 yuan, or both sides agree" } },
	run = function(e, m)
		local simple = e.data.procedure == "simple"
		matter.set(m.id, { procedure = e.data.procedure, accepted = e.date })
		return { ["reconsider-decision"] = not simple and e.date, ["reconsider-simple"] = simple and e.date }
	end,
}

local function free(id)
	if not matter.get(id).closed then
		matter.set(id, { reconsidering = false })
	end
end

acts["reconsider-refuse"] = {
	doc = "the request is not accepted, or counts as given up",
	fields = { request = ABOUT, reason = REASON },
	run = function(e, m)
		matter.note(m.id, e.data.reason)
		free(m.data.about)
	end,
}

acts["reconsider-extend"] = {
	doc = "a complex request: the decision takes longer, once; the person is told",
	fields = { request = ABOUT, reason = REASON },
	run = function(e, m)
		clock.extend("reconsider-decision", m.id, e.data.reason)
	end,
}

-- The knife goes back: at once, or from a file that is closed by who keeps it
local function undo_item(e, m, item)
	if not item.closed then
		if item.stage == "handed" or item.stage == "kept" then
			tables.stop("custody", item.id)
			matter.set(item.id, { officer = e.uid })
			matter.move(item.id, "released")
			tables.start("giveback", item.id)
		end
		return "decided"
	end
	matter.share(m.id, m.data.keeper)
	task{ matter = m.id, office = m.data.keeper, key = "giveback", text = tables.text("give-back", { matter = item.id }) }
	tables.start("giveback", m.id)
	return "revoked"
end

local function undo(e, m, about)
	tables.flag(m.id, "overturned", "warn", "reconsider-decision", e.date,
		tables.text("reconsider.overturned", { result = e.data.result, reason = e.data.reason }))
	if about.kind == "item" then
		return undo_item(e, m, about)
	end
	if not about.closed then
		matter.set(about.id, { lapsed = true })
	end
	tables.tell(m, "decider", "lapsed", tables.text("reconsider.lapsed", { matter = about.id }))
	return "decided"
end

acts["reconsider-decide"] = {
	doc = "the organ decides; what it revokes has no effect any more, and a lawsuit stays open",
	fields = {
		request = ABOUT, reason = REASON,
		result = { "enum", required = true, values = { "kept", "changed", "revoked", "unlawful", "dismissed", "ended" },
			doc = "kept: the act stands; dismissed: the request; ended: taken back" },
		document = { "blob", required = true, doc = "hash of the signed decision" },
	},
	run = function(e, m)
		local about, result = matter.get(m.data.about), e.data.result
		free(about.id)
		matter.set(m.id, { result = result, by = e.uid, document = e.data.document, reason = e.data.reason })
		local row = tables.some_law("lawsuit-after", e.date)
		matter.note(m.id, tables.text("reconsider.lawsuit", { last = deadline(e.date, row), source = row.source }))
		if result == "revoked" then
			-- Before it may close: met, not stopped
			tables.stop("reconsider-decision", m.id)
			tables.stop("reconsider-simple", m.id)
			matter.move(m.id, undo(e, m, about))
		end
	end,
}

-- Not refused within its five days: accepted as of the last of them
local function silent(_, k)
	local m = matter.get(k.matter)
	tables.done(m.id, "examine")
	matter.set(m.id, { procedure = "ordinary", accepted = k.date })
	matter.move(m.id, "accepted")
	matter.note(m.id, tables.text("reconsider.silent"))
	tables.start("reconsider-decision", m.id, k.date)
end

local function lapsed(_, k)
	tables.tell(matter.get(k.matter), "owner", "lapse", tables.text("reconsider.lapse"))
end

-- How long after the person knew it was asked
local function facts(m)
	local d = m.data
	return { on = d.known, told = d.told or nil, asked = { from = d.known, to = d.received } }
end

return { acts = acts, facts = facts, clocks = { examine = { due = silent }, complete = { due = lapsed } } }
