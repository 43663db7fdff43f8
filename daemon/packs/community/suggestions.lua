-- Meetings, suggestions and their answers. Who suggests has a receipt number and
-- nothing else: the pack keeps neither name nor uid of whoever speaks.

local law = data("law")

local TOPICS = { "security", "road", "housing", "school", "work", "environment", "fraud", "service", "other" }
local SUGGESTION = { "matter", required = true, doc = "the suggestion" }
local acts = {}

-- A petition has the clocks of the Petition Regulations: receipt, settling, and each
-- review by the office above. What is no petition has this pack's.
local function taking(m)
	return m.data.petition and "petition-receipt" or "take"
end

local function answering(m)
	if not m.data.petition then
		return "answer"
	end
	return m.data.reopened > 0 and "petition-review" or "petition-settle"
end

-- Does the office, or one above it, lie in that region?
local function lies_in(region, id)
	for _ = 1, 16 do
		local it = id and office.get(id)
		if not it or it.data and it.data.region then
			return it and it.data.region == region or nil
		end
		id = it.parent
	end
end

-- Facts of a suggestion: what the periods are counted from and to
local function facts(m, e)
	if m.kind ~= "suggestion" then
		return nil
	end
	local d, since = m.data, m.data.published and { from = m.data.published, to = e.date }
	return { on = d.held or d.date, petition = d.petition, passed = d.held and { from = d.held, to = d.given },
		published = since, answered = since, zhejiang = d.petition and lies_in("zhejiang", m.office),
		accepted = d.taken and { from = d.given or d.date, to = d.taken }, extended = d.extended,
		settled = d.taken and d.answered and d.reopened == 0 and { from = d.taken, to = d.answered } or nil }
end

acts["meeting"] = {
	doc = "newcomers' representatives, police and township will meet",
	fields = {
		title = { "string", required = true, min = 2, max = 120, doc = "what for" },
		place = { "place", required = true, doc = "where" },
		on = { "date", required = true, doc = "when" },
		with = { "list", of = { "office" }, required = true, max = 10, doc = "offices that take part: police, township" },
	},
	run = function(e)
		if date.compare(e.data.on, e.date) < 0 then
			tables.refuse("on-has-passed", { on = e.data.on })
		end
		if #e.data.with == 0 then
			tables.refuse("nobody-meet")
		end
		local id = matter.open{ kind = "meeting", place = e.data.place, title = e.data.title,
			data = { on = e.data.on, with = e.data.with } }
		for _, each in ipairs(e.data.with) do
			if each ~= e.actor.office then
				matter.share(id, each)
			end
		end
		tables.start("hold", id, e.data.on)
		notice{ kind = "meeting", key = id, place = e.data.place,
			title = tables.text("residents-forum", { title = e.data.title }),
			text = tables.text("on-suggestions-are-taken", { on = e.data.on }) }
	end,
}

acts["meeting-held"] = {
	doc = "the meeting was held: how many came, which offices; no names",
	fields = {
		meeting = { "matter", required = true, doc = "the meeting" },
		representatives = { "integer", required = true, min = 0, max = 10000, doc = "residents' representatives who came" },
		present = { "list", of = { "office" }, required = true, max = 10, doc = "offices that came" },
		suggestions = { "integer", required = true, min = 0, max = 10000, doc = "suggestions made there" },
		minutes = { "blob", doc = "hash of the minutes" },
	},
	run = function(e, m)
		local there = {}
		for _, each in ipairs(e.data.present) do
			there[each] = true
		end
		for _, each in ipairs(m.data.with) do
			if not there[each] then
				tables.flag(m.id, "absent", "warn", "absent", e.date,
					tables.text("office-did-not-come", { each = each }))
			end
		end
		if e.data.representatives == 0 then
			tables.flag(m.id, "nobody", "warn", "nobody", e.date, tables.text("no-representative-residents-came"))
		end
		matter.set(m.id, { representatives = e.data.representatives, made = e.data.suggestions,
			entered = m.data.entered or 0,
			minutes = e.data.minutes })
	end,
}

acts["meeting-close"] = {
	doc = "every suggestion made at the meeting has its receipt",
	fields = { meeting = { "matter", required = true, doc = "the meeting" } },
	run = function(e, m)
		local entered = m.data.entered or 0
		if entered < m.data.made then
			tables.refuse("suggestions-were-made-have", { made = m.data.made, entered = entered })
		end
	end,
}

-- A secret that is told to nobody but by who uses it; its hash alone is sealed before.
local function keep_receipt(hash, id)
	if store.get("receipt/" .. hash) then
		tables.refuse("receipt-used-already-draw")
	end
	store.set("receipt/" .. hash, id)
end

acts["suggestion"] = {
	doc = "a resident's suggestion; the number of its matter is the receipt",
	fields = {
		topic = { "enum", required = true, values = TOPICS, doc = "what about: decides who answers" },
		text = { "string", required = true, min = 5, max = 600, doc = "the suggestion; no names, no numbers of persons" },
		place = { "place", doc = "where; the meeting's if absent" },
		meeting = { "matter", doc = "the meeting at which it was made" },
		petition = { "boolean", default = false, doc = "it is a petition (信访): the clocks of the Petition Regulations run" },
		receipt = { "blob", doc = "SHA-256 of a secret that whoever suggests keeps: then the secret alone is the receipt" },
	},
	run = function(e)
		local meeting = e.data.meeting and tables.matter(e.data.meeting, "meeting", "announced", "held")
		local where = e.data.place or meeting and meeting.place
		if not where then
			tables.refuse("place-neither-place-nor")
		end
		local id = matter.open{
			kind = "suggestion", place = where, key = e.record, office = office.route(where, e.data.topic),
			title = tables.text("suggestion", { topic = e.data.topic }),
			data = { topic = e.data.topic, text = e.data.text, reopened = 0, date = e.date,
				petition = e.data.petition or nil, receipt = e.data.receipt },
		}
		if e.data.receipt then
			keep_receipt(e.data.receipt, id)
		end
		if meeting then
			matter.link(id, meeting.id, "made at")
			matter.set(meeting.id, { entered = (meeting.data.entered or 0) + 1 })
		end
		local m = matter.get(id)
		tables.start(taking(m), id)
		if not m.data.petition then
			tables.start("answer", id)
		end
	end,
}

acts["take"] = {
	doc = "the office takes it and names who answers",
	fields = {
		suggestion = SUGGESTION,
		by = { "uid", doc = "who answers; the actor if absent" },
	},
	run = function(e, m)
		local by = e.data.by or e.uid
		local who = actor.get(by)
		if not who or who.office ~= m.office then
			tables.refuse("actor-office", { owner = m.office })
		end
		matter.set(m.id, { answerer = by, taken = e.date })
		task{ matter = m.id, actor = by, key = "answer", text = tables.text("answer-suggestion") }
	end,
}

acts["pass-on"] = {
	doc = "it is another office's; without one named it goes up. The chain of owners stays",
	fields = {
		suggestion = SUGGESTION,
		to = { "office", doc = "to whom; the office above if absent" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
	},
	run = function(e, m)
		local passed = m.data.passed or {}
		local to = e.data.to
		-- who had it before does not get it again: then it goes up
		if not to or to == m.office then
			to = nil
		else
			for _, before in ipairs(passed) do
				if before == to then
					tables.refuse("office-had-before-leave", { to = to })
				end
			end
		end
		to = to or office.get(m.office).parent
		if not to then
			tables.refuse("there-no-office-above", { owner = m.office })
		end
		passed[#passed + 1] = m.office
		matter.set(m.id, { passed = passed, answerer = store.null, given = e.date, held = m.data.given or m.data.date })
		matter.hand(m.id, to, e.data.reason)
		if m.stage == "taken" then
			if m.data.petition and m.data.reopened == 0 then
				tables.stop("petition-settle", m.id)
			end
			matter.move(m.id, "received")
			tables.start(taking(m), m.id)
		else
			task{ matter = m.id, office = to, key = "take:" .. to, text = tables.text("take") }
		end
	end,
}

acts["answer"] = {
	doc = "the answer, by whom was named for it",
	fields = {
		suggestion = SUGGESTION,
		outcome = { "enum", required = true, values = { "done", "planned", "declined" }, doc = "what becomes of it" },
		en = { "string", min = 5, max = 600, doc = "the answer in English" },
		zh = { "string", required = true, min = 2, max = 600, doc = "the answer in Chinese" },
	},
	run = function(e, m)
		matter.set(m.id, { outcome = e.data.outcome, answered = e.date,
			answer = { en = e.data.en or e.data.zh, zh = e.data.zh } })
	end,
}

acts["answer-extend"] = {
	doc = "more time for the answer, with a reason, once",
	fields = { suggestion = SUGGESTION, reason = { "string", required = true, min = 5, max = 300, doc = "why" } },
	run = function(e, m)
		clock.extend(answering(m), m.id, e.data.reason)
		matter.set(m.id, { extended = true })
	end,
}

acts["publish"] = {
	doc = "another person has read the answer and publishes it under the receipt number",
	notice = { matter = "suggestion" },
	fields = { suggestion = SUGGESTION },
	run = function(e, m)
		local before = m.data.notice
		local number = notice{ kind = "answer", key = m.id, place = m.place, refers = before,
			title = tables.text("answer-suggestion-2", { matter = m.id }), text = m.data.answer }
		matter.set(m.id, { notice = number, published = e.date })
	end,
}

local function by_receipt(receipt)
	local secret = store.get("receipt/" .. sha256(receipt))
	if secret then
		return matter.get(secret)
	end
	local m = matter.get(receipt)
	if not m or m.kind ~= "suggestion" then
		m = matter.find{ kind = "suggestion", key = receipt }[1]
	end
	if m and m.data.receipt then
		tables.refuse("receipt-suggestion-secret-was")
	elseif not m then
		tables.refuse("there-no-suggestion-receipt", { receipt = receipt })
	end
	return m
end

acts["satisfaction"] = {
	doc = "whoever has the receipt says whether the answer satisfies; if not, it is reopened, within bounds",
	fields = {
		receipt = { "string", required = true, min = 3, max = 80,
			doc = "the secret; without one the number of the matter, or of the suggestion's record" },
		next = { "blob", doc = "SHA-256 of the next secret: this one is known from now on" },
		satisfied = { "boolean", required = true, doc = "yes or no" },
		text = { "string", max = 500, doc = "why; no names" },
	},
	run = function(e)
		local m = tables.matter(by_receipt(e.data.receipt).id, "suggestion", "published")
		if m.data.receipt and e.data.next then
			store.set("receipt/" .. sha256(e.data.receipt), nil)
			keep_receipt(e.data.next, m.id)
		end
		if e.actor and e.actor.office == m.office then
			tables.refuse("office-answered-does-not")
		end
		if e.data.satisfied then
			matter.set(m.id, { satisfied = true })
			matter.move(m.id, "closed")
			return
		end
		local bound = m.data.petition and "petition-review-asked" or "reopen"
		local late = tables.evaluate("suggestion", facts(m, e))["asked-late"]
		if m.data.reopened >= law.reopen.times or late then
			matter.set(m.id, { satisfied = false })
			local above = office.get(m.office).parent
			tables.flag(m.id, "dissatisfied", "warn", bound, e.date, late and late.text or
				tables.text("dissatisfied", { reopened = m.data.reopened }))
			matter.move(m.id, "closed")
			task{ matter = m.id, office = above or m.office, key = "dissatisfied",
				text = tables.text("suggestion-was-closed-dissatisfied") }
			return
		end
		local times = m.data.reopened + 1
		matter.set(m.id, { reopened = times, satisfied = store.null, why = e.data.text })
		tables.flag(m.id, "reopened", "info", bound, e.date, tables.text("reopened", { times = times }))
		matter.move(m.id, "reopened")
		if m.data.petition then
			-- Reviewed by the office above, then by the one above that
			local above = office.get(m.office).parent
			if above then
				matter.hand(m.id, above, "review asked for")
			end
			tables.start("petition-review", m.id)
		else
			tables.start("take", m.id)
			tables.start("answer", m.id)
		end
		task{ matter = m.id, office = matter.get(m.id).office, key = "take",
			text = tables.text("dissatisfied-answer-again") }
	end,
}

acts["suggestion-close"] = {
	doc = "the answer was published for the period and nobody objected",
	fields = { suggestion = SUGGESTION },
}

return { acts = acts, facts = facts }
