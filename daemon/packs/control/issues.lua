-- SPDX-License-Identifier: GPL-2.0-only
-- From an audit's finding to its closing: owner, plan, milestones, verification

local common = include("common")
local raising = include("raise")
local raise = raising.raise

local ISSUE = { "matter", required = true, doc = "the finding's matter" }

-- The audit clock is data of the place: that of the office, or of one above it
local function region_of(office_id)
	for _ = 1, 16 do
		local it = office_id and office.get(office_id)
		if not it then
			return nil
		elseif it.data and it.data.region then
			return it.data.region
		end
		office_id = it.parent
	end
end

-- From the day the report is there its correction is a matter of its own, for the
-- audit closes when its last finding is entered.
local function correction(e, audit, region, from)
	if #matter.find{ kind = "correction", key = audit.id } > 0 then
		tables.refuse("report-received-already", { audit = audit.id })
	end
	local office_id = audit.data.office
	local id = matter.open{ kind = "correction", key = audit.id, office = office_id,
		title = tables.text("correction-after", { no = audit.data.no }),
		data = { audit = audit.id, region = region, received = from, auditor = audit.office } }
	matter.link(id, audit.id, "corrects")
	matter.share(id, audit.office)
	tables.start("comments", id, from)
	if region then
		tables.start("correction-" .. region, id, from)
	else
		tables.flag(id, "no-period", "info", "publication", e.date, tables.text("audit-law-names-no"))
		tables.tell(matter.get(id), "owner", "correction", tables.text("report-how-findings-were"))
	end
end

local acts = {}

acts["audit"] = {
	doc = "an audit of an office begins",
	fields = {
		no = { "string", required = true, min = 2, max = 40, doc = "the audit's number" },
		title = { "string", required = true, min = 2, max = 120, doc = "what is audited" },
		office = { "office", required = true, doc = "whom" },
		report = { "blob", doc = "hash of the audit report" },
		region = { "enum", values = { "zhejiang", "shanghai" },
			doc = "whose regulations set the time; else as the office's data.region, or that of one above it" },
	},
	run = function(e)
		if e.data.office == e.actor.office then
			tables.refuse("office-does-not-audit")
		end
		local id = matter.open{ kind = "audit", key = e.data.no, title = e.data.title,
			data = { no = e.data.no, office = e.data.office, report = e.data.report,
				region = e.data.region or region_of(e.data.office) } }
		matter.share(id, e.data.office)
		local audit = matter.get(id)
		if e.data.report and audit.data.region then     -- handed over at once
			correction(e, audit, audit.data.region, e.date)
		end
	end,
}

acts["audit-report"] = {
	doc = "the office has received the audit report or decision: its comments and its corrections are due",
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		report = { "blob", required = true, doc = "hash of the report" },
		received = { "date", doc = "when; today if absent" },
	},
	run = function(e, audit)
		if e.data.received and date.compare(e.data.received, e.date) > 0 then
			tables.refuse("received-has-not-come", { received = e.data.received })
		end
		correction(e, audit, audit.data.region, e.data.received or e.date)
	end,
}

acts["correction-report"] = {
	doc = "the office reports how the audit's findings were corrected; also published",
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		report = { "blob", required = true, doc = "hash of the report on correction" },
		published = { "boolean", default = false, doc = "it was made public" },
	},
	run = function(e, m)
		if m.data.region then
			tables.stop("correction-" .. m.data.region, m.id)
		end
		matter.set(m.id, { report = e.data.report, reported = e.date, published = e.data.published })
		if not e.data.published then
			tables.flag(m.id, "unpublished", "info", "publication", e.date,
				tables.text("correction-also-made-public"))
		end
	end,
}

acts["audit-comments"] = {
	doc = "the office's written comments on the audit report; silence counts as no objection",
	fields = { audit = { "matter", required = true, doc = "the audit" }, comments = { "blob", required = true,
		doc = "hash of the comments" } },
	run = function(e, m)
		matter.set(m.id, { comments = e.data.comments, commented = e.date })
		tables.tell(m, "auditor", "comments", tables.text("comments-came"))
	end,
}

acts["ruling-ask"] = {
	doc = "the audited office asks its government to rule on an audit decision on public finance",
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		to = { "office", required = true, doc = "the government" },
		delivered = { "date", required = true, doc = "when the audit decision was delivered" },
		decision = { "blob", required = true, doc = "hash of the audit decision" },
	},
	run = function(e, audit)
		local d = e.data
		if #matter.find{ kind = "ruling", key = audit.id } > 0 then
			tables.refuse("ruling.asked", { audit = audit.id })
		elseif d.delivered > e.date then
			tables.refuse("ruling.delivered", { day = d.delivered })
		elseif d.to == audit.office or d.to == audit.data.office then
			tables.refuse("ruling.self")
		end
		local id = matter.open{ kind = "ruling", key = audit.id, office = d.to,
			title = tables.text("ruling.title", { no = audit.data.no }),
			data = { audit = audit.id, delivered = d.delivered, asked = e.date, decision = d.decision,
				auditor = audit.office } }
		matter.link(id, audit.id, "about")
		matter.share(id, audit.office)
		matter.share(id, audit.data.office)
		tables.start("finance-ruling", id)
		tables.check(id, e)
	end,
}

acts["ruling-extend"] = {
	doc = "the case is complex: more time for the ruling, once, with a reason",
	fields = { audit = { "matter", required = true, doc = "the audit" }, reason = { "string", required = true, min = 5,
		max = 300, doc = "why" } },
	run = function(e, m)
		clock.extend("finance-ruling", m.id, e.data.reason)
	end,
}

acts["ruling"] = {
	doc = "the government has ruled on the audit decision",
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		result = { "enum", required = true, values = { "kept", "changed", "revoked" }, doc = "what becomes of the decision" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
		document = { "blob", required = true, doc = "hash of the ruling" },
	},
	run = function(e, m)
		matter.set(m.id, { result = e.data.result, ruled = e.date, document = e.data.document })
		tables.tell(m, "auditor", "ruled", tables.text("ruling.given", { result = e.data.result, reason = e.data.reason }))
	end,
}

acts["audit-close"] = {
	doc = "the audit's last finding has been entered",
	fields = { audit = { "matter", required = true, doc = "the audit" } },
}

acts["finding"] = {
	doc = "the audit has found something",
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		office = { "office", required = true, doc = "the office that has to correct it" },
		code = { "string", required = true, min = 3, max = 60, pattern = "^%l[%l%d%.%-]*$",
			doc = "kind of finding, the same word each time: software.unlicensed" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was found" },
		risk = { "enum", values = { "low", "medium", "high" }, default = "medium", doc = "how grave" },
		rule = { "matter", doc = "the rule it breaks" },
		evidence = { "list", of = { "blob" }, max = 50, doc = "hashes of the evidence" },
	},
	run = function(e, audit)
		if e.data.office == e.actor.office then
			tables.refuse("office-does-not-audit")
		end
		raise(e, { code = e.data.code, office = e.data.office, text = e.data.text, risk = e.data.risk,
			rule = e.data.rule and tables.matter(e.data.rule, "rule"), evidence = e.data.evidence,
			from = audit.id, by = audit.office, source = "audit" })
	end,
}

acts["own"] = {
	doc = "the head of the office names one person who answers for it",
	fields = {
		issue = ISSUE,
		owner = { "uid", required = true, doc = "who answers for it" },
	},
	run = function(e, m)
		local who = actor.get(e.data.owner)
		if not who or who.office ~= m.office then
			tables.refuse("owner-actor-office", { owner = m.office })
		end
		matter.set(m.id, { owner = e.data.owner })
		task{ matter = m.id, actor = e.data.owner, key = "plan",
			text = tables.text("you-answer-for-finding") }
	end,
}

acts["interim"] = {
	doc = "what was corrected at once",
	fields = {
		issue = ISSUE,
		text = { "string", required = true, min = 5, max = 500, doc = "what was done" },
		evidence = { "blob", doc = "hash of the evidence" },
	},
	run = function(e, m)
		matter.set(m.id, { interim = { text = e.data.text, date = e.date, evidence = e.data.evidence } })
	end,
}

acts["plan"] = {
	doc = "the owner's plan; each milestone is a clock",
	fields = {
		issue = ISSUE,
		milestones = { "list", required = true, max = 12, doc = "in the order of their days",
			of = { "object", fields = {
				id = { "string", required = true, min = 1, max = 20, pattern = "^[%w%.%-]+$", doc = "its short name" },
				text = { "string", required = true, min = 2, max = 120, doc = "what will be done" },
				due = { "date", required = true, doc = "by when" },
			} } },
	},
	run = function(e, m)
		local list, seen, last = {}, {}, e.date
		if #e.data.milestones == 0 then
			tables.refuse("plan-has-one-milestone")
		end
		for _, it in ipairs(e.data.milestones) do
			if seen[it.id] then
				tables.refuse("milestone-there-twice", { it = it.id })
			end
			if date.compare(it.due, last) < 0 then
				tables.refuse("milestone-due-before", { it = it.id, due = it.due, last = last })
			end
			seen[it.id], last = true, it.due
			list[#list + 1] = { id = it.id, text = it.text, due = it.due, done = false }
		end
		for _, it in ipairs(list) do
			tables.start("milestone", m.id, it.due, it.id .. "@" .. m.data.round)
		end
		matter.set(m.id, { milestones = list, planned_by = e.uid })
	end,
}

local function milestone_of(m, id)
	for _, it in ipairs(m.data.milestones) do
		if it.id == id then
			return it
		end
	end
	tables.refuse("plan-has-no-milestone", { matter = id })
end

acts["milestone"] = {
	doc = "a milestone is reached, with evidence",
	fields = {
		issue = ISSUE,
		milestone = { "string", required = true, max = 20, doc = "its short name in the plan" },
		evidence = { "blob", required = true, doc = "hash of what shows it" },
	},
	run = function(e, m)
		local it = milestone_of(m, e.data.milestone)
		if it.done then
			tables.refuse("milestone-reached-already", { it = it.id })
		end
		it.done, it.on, it.evidence = true, e.date, e.data.evidence
		tables.stop("milestone", m.id, e.date, it.id .. "@" .. m.data.round)
		matter.set(m.id, { milestones = m.data.milestones })
		for _, other in ipairs(m.data.milestones) do
			if not other.done then
				return
			end
		end
		matter.set(m.id, { reported = e.uid })
		matter.move(m.id, "done")
		tables.start("verify", m.id)
	end,
}

acts["milestone-extend"] = {
	doc = "the head gives a milestone more time, with a reason, within the bound",
	fields = {
		issue = ISSUE,
		milestone = { "string", required = true, max = 20, doc = "its short name in the plan" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
	},
	run = function(e, m)
		local it = milestone_of(m, e.data.milestone)
		clock.extend("milestone", m.id, e.data.reason, it.id .. "@" .. m.data.round)
	end,
}

acts["verify"] = {
	doc = "a person other than the owner has checked whether the correction holds",
	fields = {
		issue = ISSUE,
		holds = { "boolean", required = true, doc = "it is corrected" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
		evidence = { "blob", doc = "hash of what shows it" },
	},
	run = function(e, m)
		matter.set(m.id, { verifier = e.uid, verified = { holds = e.data.holds, date = e.date, text = e.data.text } })
		if e.data.holds then
			common.step(e, m.data.rule and matter.get(m.data.rule), "improved")
			for _, each in ipairs(finding.find{ matter = m.id, rule = "recurrence", open = true }) do
				finding.resolve(each.id, tables.text("corrected-again-verified"))
			end
		else
			tables.flag(m.id, "not-corrected", "warn", "verify", e.date, tables.text("verification-does-not-hold",
				{ text = e.data.text }))
			matter.set(m.id, { round = m.data.round + 1 })
		end
	end,
}

acts["issue-close"] = {
	doc = "the period has passed and the finding has not come back",
	fields = { issue = ISSUE },
}

acts["check-result"] = {
	doc = "a sister office has checked whether it has the same problem",
	fields = {
		check = { "matter", required = true, doc = "the check" },
		found = { "boolean", required = true, doc = "the same problem exists here" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
	},
	run = function(e, m)
		matter.set(m.id, { found = e.data.found, text = e.data.text })
		if e.data.found then
			local from = matter.get(m.data.issue)
			raise(e, { code = m.data.code, office = m.office, text = e.data.text, risk = from.data.risk,
				rule = from.data.rule and matter.get(from.data.rule), from = m.id, source = "sideways",
				wave = m.data.wave })
		end
	end,
}

-- Facts of a finding: how far a plan reaches, how long it is watched; of a ruling, when it was asked for
local function facts(m, e)
	if m and m.kind == "ruling" then
		return { on = m.data.delivered, asked = { from = m.data.delivered, to = m.data.asked } }
	elseif not e or not m or m.kind ~= "issue" then
		return nil
	end
	local last = e.kind == "plan" and e.data.milestones[#e.data.milestones]
	local verified = m.data.verified
	return { on = verified and verified.date or e.date, stage = m.stage, plan = last and { from = e.date, to = last.due },
		watched = verified and { from = verified.date, to = e.date } }
end

return { acts = acts, facts = facts }
