-- What becomes of a knife: people decide, and each step is another person's

local inspection = include("acts")
local law_at = law.at
local law = data("law")
local item_of = inspection.item_of

local function same(e, uid, text)
	if e.uid == uid then
		refuse(text)
	end
end

local acts = {}

-- Until when the holder may ask for reconsideration: the file stays open as long
local function remedies_end(m)
	return (deadline(m.data.decided, law_at(m.data.decided).reconsideration))
end

local function told_of_remedies(m, e, outcome)
	if outcome ~= "handover" then
		return
	end
	local rows = law_at(e.date)
	local last = deadline(e.date, rows.reconsideration)
	matter.note(m.id, { en = string.format("%s. Reconsideration may be asked until %s (%s); a lawsuit within 6 months (%s)",
			rows.seizure.en, last, rows.reconsideration.source, rows.lawsuit.source),
		zh = string.format("%s。可在%s前申请行政复议（%s），或在6个月内起诉（%s）", rows.seizure.zh, last,
			rows.reconsideration.source, rows.lawsuit.source) })
end

-- Against a knife whose file is closed an objection is a matter of its own.
local function objection_of(item)
	return matter.find{ kind = "objection", key = item, open = true }[1]
end

acts["decide"] = {
	doc = "a named officer decides: handed over, or released",
	roles = { "officer" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		outcome = { "enum", required = true, values = { "handover", "release" }, doc = "what is decided" },
		to = { "office", doc = "who keeps it from now on; required for handover" },
		reason = { "string", required = true, min = 2, max = 500, doc = "why" },
		document = { "blob", doc = "hash of the signed decision" },
	},
	run = function(e)
		local m = item_of(e, "measured", "appraised")
		inspection.belongs(e, m)
		inspection.not_inspector(e, m)
		same(e, m.data.appraiser, { en = "who appraised must not decide", zh = "认定人不得作出决定" })
		if not m.data.explained then
			refuse{ en = "the slip has not been explained to the holder yet", zh = "尚未向摊主说明" }
		end
		local out, class = e.data.outcome, m.data.class
		if out == "handover" and not e.data.to then
			refuse{ en = "to: the office that keeps the knife must be named", zh = "须指明保管单位" }
		end
		if out == "handover" and class ~= "controlled" then
			finding{ rule = "taken", level = "fault", matter = m.id, law = law["clause.1"],
				text = { en = "taken although no clause fits: " .. e.data.reason,
					zh = "各条均不符合而予收缴：" .. e.data.reason } }
		elseif out == "release" and class == "controlled" then
			finding{ rule = "released", level = "warn", matter = m.id,
				law = m.data.rows[1] and law[m.data.rows[1]] or law["clause.1"],
				text = { en = "released although it counts as controlled: " .. e.data.reason,
					zh = "符合管制刀具标准而予放行：" .. e.data.reason } }
		end
		clock.stop("decision", m.id)
		matter.set(m.id, { officer = e.uid, outcome = out, reason = e.data.reason, decided = e.date })
		told_of_remedies(m, e, out)
		if out == "handover" then
			matter.move(m.id, "handed")
			matter.share(m.id, e.data.to)
			matter.set(m.id, { keeper = e.data.to })
			clock.start("custody", m.id)
			task{ matter = m.id, office = e.data.to, key = "receive",
				text = { en = "receive the knife and say so", zh = "接收刀具并登记" } }
		else
			matter.move(m.id, "released")
			clock.start("giveback", m.id)
		end
	end,
}

acts["release-all"] = {
	doc = "a named officer releases all knives of a round that no clause fits; they stay at their stalls",
	roles = { "officer" },
	fields = {
		round = { "matter", required = true, doc = "the round" },
		reason = { "string", required = true, min = 2, max = 500, doc = "why" },
	},
	run = function(e)
		local round = matter.get(e.data.round)
		if round.kind ~= "round" then
			refuse{ en = round.id .. " is not a round", zh = round.id .. "不是检查" }
		end
		inspection.belongs(e, round)
		inspection.not_inspector(e, round)
		local count = 0
		for _, stall in pairs(round.data.stalls) do
			for _, id in pairs(stall.items) do
				local m = matter.get(id)
				local free = m.data.class == "none" or m.data.class == "exempt"
				if free and m.stage == "measured" and m.data.explained then
					clock.stop("decision", id)
					matter.set(id, { officer = e.uid, outcome = "release", reason = e.data.reason, stayed = true })
					matter.move(id, "released")
					matter.move(id, "returned")
					count = count + 1
				end
			end
		end
		if count == 0 then
			refuse{
				en = "no explained knife of this round is free of every clause and undecided",
				zh = "本次检查没有已说明、各条均不符合且尚未决定的刀具",
			}
		end
	end,
}

acts["receive"] = {
	doc = "the keeping office has the knife in hand",
	roles = { "keeper" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		store = { "string", required = true, min = 1, max = 60, doc = "where it lies" },
	},
	run = function(e)
		local m = item_of(e, "handed")
		if e.actor.office ~= m.data.keeper then
			refuse{
				en = "the knife goes to office " .. m.data.keeper .. ", not " .. e.actor.office,
				zh = "刀具应交单位" .. m.data.keeper .. "，而非" .. e.actor.office,
			}
		end
		same(e, m.data.officer, { en = "who decided must not receive", zh = "决定人不得接收" })
		clock.stop("custody", m.id)
		for _, each in ipairs(task.find{ matter = m.id, key = "receive", open = true }) do
			task.done(each.id)
		end
		matter.set(m.id, { store = e.data.store, received_by = e.uid })
		matter.move(m.id, "kept")
	end,
}

local function give_back_late(e, m)
	if m.stage ~= "upheld" then
		refuse{ en = m.id .. " is " .. m.stage .. ": nothing is to be given back", zh = m.id .. "处于" .. m.stage .. "阶段，无须返还" }
	end
	local item = matter.get(m.data.item)
	if e.actor.office ~= item.data.keeper then
		inspection.belongs(e, item)
	end
	same(e, m.data.reviewer, { en = "who decided must not give back: two see it go", zh = "决定人不得自行返还，须两人经手" })
	clock.stop("giveback", m.id)
	matter.move(m.id, "returned")
end

acts["give-back"] = {
	doc = "a released knife is back at its stall",
	roles = { "inspector", "keeper" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		receipt = { "blob", doc = "hash of the holder's signed receipt" },
	},
	run = function(e)
		local late = matter.get(e.data.item)
		if late.kind == "objection" then
			give_back_late(e, late)
			return
		end
		local m = item_of(e, "released")
		inspection.belongs(e, m)
		same(e, m.data.officer, { en = "who decided must not give back: two see it go", zh = "决定人不得自行返还，须两人经手" })
		clock.stop("giveback", m.id)
		matter.move(m.id, "returned")
	end,
}

local function object_late(e, m)
	if objection_of(m.id) then
		refuse{ en = "an objection is open already", zh = "已有异议尚未复核" }
	end
	local id = matter.open{ kind = "objection", office = m.office, key = m.id, place = m.place,
		title = { en = "Objection to " .. m.id .. ", whose file is closed", zh = "对已归档刀具" .. m.id .. "的异议" },
		data = { item = m.id, text = e.data.text, date = e.date } }
	matter.link(id, m.id, "against")
	clock.start("review", id)
	task{ matter = id, office = m.office, key = "review",
		text = { en = "another officer reviews the objection", zh = "由另一民警复核异议" } }
	local last = remedies_end(m)
	if date.compare(e.date, last) > 0 then
		finding{ rule = "objection.late", level = "info", matter = id, law = law.reconsideration,
			text = { en = "reconsideration could be asked until " .. last .. "; who was not told of it has up to a year",
				zh = "行政复议申请期限至" .. last .. "；未告知权利的最长一年" } }
	end
end

acts["object"] = {
	doc = "the holder objects; the slip's number is enough, no name is asked",
	roles = "public",
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		text = { "string", required = true, min = 2, max = 500, doc = "why" },
	},
	run = function(e)
		local m = item_of(e, "measured", "referred", "appraised", "handed", "kept", "released", "filed")
		if m.stage == "filed" then
			object_late(e, m)
			return
		end
		if m.data.objection and not m.data.objection.answered then
			refuse{ en = "an objection is open already", zh = "已有异议尚未复核" }
		end
		matter.set(m.id, { objection = { text = e.data.text, date = e.date, answered = false } })
		clock.start("review", m.id, { key = e.record })
		matter.set(m.id, { objection_clock = e.record })
		task{ matter = m.id, office = m.office, key = "review",
			text = { en = "another officer reviews the objection", zh = "由另一民警复核异议" } }
	end,
}

local function review_late(e, m)
	local open = objection_of(m.id)
	if not open then
		refuse{ en = "there is no open objection", zh = "没有待复核的异议" }
	end
	clock.stop("review", open.id)
	matter.set(open.id, { reason = e.data.reason, reviewer = e.uid })
	if not e.data.upheld then
		matter.move(open.id, "dismissed")
		return
	end
	finding{ rule = "overturned", level = "warn", matter = open.id,
		text = { en = "the objection was right: " .. e.data.reason, zh = "异议成立：" .. e.data.reason } }
	matter.share(open.id, m.data.keeper)
	matter.move(open.id, "upheld")
	clock.start("giveback", open.id)
	task{ matter = open.id, office = m.data.keeper, key = "giveback",
		text = { en = "give back " .. m.id, zh = "返还" .. m.id } }
end

-- Upheld before anything was taken: what the knife counts as is for an appraiser.
local function appraise_anew(m)
	clock.stop("decision", m.id)
	matter.set(m.id, { class = "refer", why = "objection", appraiser = store.null })
	if m.stage ~= "referred" then
		matter.move(m.id, "referred")
		clock.start("appraisal", m.id)
	end
	task{ matter = m.id, office = m.office, key = "appraise",
		text = { en = "appraise the knife anew: the objection was right", zh = "异议成立，重新认定刀具" } }
end

acts["review"] = {
	doc = "another officer answers the objection; overturned, the knife is given back",
	roles = { "officer" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		upheld = { "boolean", required = true, doc = "the objection is right" },
		reason = { "string", required = true, min = 2, max = 500, doc = "why" },
	},
	run = function(e)
		local m = item_of(e, "measured", "referred", "appraised", "handed", "kept", "released", "filed")
		inspection.belongs(e, m)
		inspection.not_inspector(e, m)
		local open = m.data.objection
		if m.stage ~= "filed" and (not open or open.answered) then
			refuse{ en = "there is no open objection", zh = "没有待复核的异议" }
		end
		same(e, m.data.officer, { en = "who decided must not review that decision", zh = "决定人不得复核该决定" })
		same(e, m.data.appraiser, { en = "who appraised must not review that appraisal", zh = "认定人不得复核该认定" })
		if m.stage == "filed" then
			review_late(e, m)
			return
		end
		open.answered, open.upheld, open.reason = true, e.data.upheld, e.data.reason
		matter.set(m.id, { objection = open })
		clock.stop("review", m.id, m.data.objection_clock)
		for _, each in ipairs(task.find{ matter = m.id, key = "review", open = true }) do
			task.done(each.id)
		end
		if not e.data.upheld then
			return
		end
		finding{ rule = "overturned", level = "warn", matter = m.id,
			text = { en = "the objection was right: " .. e.data.reason, zh = "异议成立：" .. e.data.reason } }
		if m.stage == "handed" or m.stage == "kept" then
			clock.stop("custody", m.id)
			matter.set(m.id, { officer = e.uid })
			matter.move(m.id, "released")
			clock.start("giveback", m.id)
		elseif m.stage ~= "released" then
			appraise_anew(m)
		end
	end,
}

acts["review-extend"] = {
	doc = "more time for the review, with a reason, once",
	roles = { "officer" },
	fields = {
		item = { "matter", required = true, doc = "the knife" },
		reason = { "string", required = true, min = 2, max = 300, doc = "why" },
	},
	run = function(e)
		local m = item_of(e, "measured", "referred", "appraised", "handed", "kept", "released")
		inspection.belongs(e, m)
		clock.extend("review", m.id, e.data.reason, m.data.objection_clock)
	end,
}

acts["archive"] = {
	doc = "a kept knife whose file is complete is filed: nothing more is open",
	roles = { "officer" },
	fields = { item = { "matter", required = true, doc = "the knife" } },
	run = function(e)
		local m = item_of(e, "kept")
		inspection.belongs(e, m)
		if m.data.objection and not m.data.objection.answered then
			refuse{ en = "an objection is open", zh = "有异议尚未复核" }
		end
		local last = remedies_end(m)
		if date.compare(e.date, last) <= 0 then
			refuse{
				en = "the holder may ask for reconsideration until " .. last .. ": the file stays open (" .. law.reconsideration.source .. ")",
				zh = "行政复议申请期限至" .. last .. "，期满前不得归档（" .. law.reconsideration.source .. "）",
			}
		end
		matter.move(m.id, "filed")
	end,
}

acts["round-close"] = {
	doc = "the inspectors have been at every stall, and have explained every knife",
	roles = { "inspector" },
	fields = {
		round = { "matter", required = true, doc = "the round" },
		skipped = { "list", of = { "string" }, max = 50, doc = "stalls not inspected, and why" },
	},
	run = function(e)
		local round = inspection.round_of(e)
		inspection.inspects(e, round)
		local counted, shown = 0, 0
		for number, stall in pairs(round.data.stalls) do
			local here = 0
			for no, id in pairs(stall.items) do
				local item = matter.get(id)
				if not item.data.explained then
					refuse{
						en = "knife " .. no .. " of stall " .. number .. " has not been explained",
						zh = "摊位" .. number .. "刀具" .. no .. "尚未说明",
					}
				end
				here = here + 1
			end
			if here < stall.knives then
				finding{ rule = "uncounted", level = "warn", matter = round.id,
					text = { en = string.format("stall %s shows %d knives, %d were measured", number, stall.knives, here),
						zh = string.format("摊位%s陈列刀具%d种，测量%d种", number, stall.knives, here) } }
			end
			counted, shown = counted + here, shown + stall.knives
		end
		matter.set(round.id, { measured = counted, shown = shown, skipped = e.data.skipped or {} })
		matter.move(round.id, "closed")
	end,
}

return { acts = acts }
