-- From an audit's finding to its closing: owner, plan, milestones, verification

local common = include("common")
local raising = include("raise")
local raise = raising.raise
local law, of_kind, own_office = common.law, common.of_kind, common.own_office

local ISSUE = { "matter", required = true, doc = "the finding's matter" }

local function owner_only(e, m)
	if e.uid ~= m.data.owner then
		refuse{ en = "only the named owner does this", zh = "仅限指定责任人" }
	end
end

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
		refuse{ en = "the report of " .. audit.id .. " is received already", zh = audit.id .. "的审计报告已签收" }
	end
	local office_id = audit.data.office
	local id = matter.open{ kind = "correction", key = audit.id, office = office_id,
		title = { en = "Correction after " .. audit.data.no, zh = "审计" .. audit.data.no .. "整改" },
		data = { audit = audit.id, region = region, received = from } }
	matter.link(id, audit.id, "corrects")
	matter.share(id, audit.office)
	if region then
		clock.start("correction-" .. region, id, { from = from })
	else
		finding{ rule = "no-period", level = "info", matter = id, law = law.publication,
			text = { en = "the Audit Law names no number of days, and no region is set: the audit says by when",
				zh = "审计法未规定整改天数，且未设定适用地区，由审计机关规定期限" } }
	end
	task{ matter = id, office = office_id, key = "correction",
		text = { en = "report how the findings were corrected", zh = "报告审计查出问题整改情况" } }
end

local acts = {}

acts["audit"] = {
	doc = "an audit of an office begins",
	roles = { "auditor" },
	fields = {
		no = { "string", required = true, min = 2, max = 40, doc = "the audit's number" },
		title = { "string", required = true, min = 2, max = 120, doc = "what is audited" },
		office = { "office", required = true, doc = "whom" },
		report = { "blob", doc = "hash of the audit report" },
		region = { "enum", values = { "zhejiang", "shanghai" }, doc = "whose regulations set the time; else as the office's data.region, or that of one above it" },
	},
	run = function(e)
		if e.data.office == e.actor.office then
			refuse{ en = "an office does not audit itself", zh = "单位不得审计自身" }
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
	roles = { "head", "auditor" },
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		report = { "blob", required = true, doc = "hash of the report" },
		received = { "date", doc = "when; today if absent" },
	},
	run = function(e)
		local audit = of_kind(e.data.audit, "audit")
		if e.actor.office ~= audit.office then
			own_office(e, audit.data.office)
		end
		if e.data.received and date.compare(e.data.received, e.date) > 0 then
			refuse{ en = "received: " .. e.data.received .. " has not come yet", zh = e.data.received .. "尚未到" }
		end
		correction(e, audit, audit.data.region, e.data.received or e.date)
	end,
}

acts["correction-report"] = {
	doc = "the office reports how the audit's findings were corrected; also published",
	roles = { "head" },
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		report = { "blob", required = true, doc = "hash of the report on correction" },
		published = { "boolean", default = false, doc = "it was made public" },
	},
	run = function(e)
		local m = matter.find{ kind = "correction", key = e.data.audit, open = true }[1]
		if not m then
			refuse{ en = "no report of " .. e.data.audit .. " waits for its correction", zh = e.data.audit .. "没有待报告的整改" }
		end
		own_office(e, m.office)
		if m.data.region then
			clock.stop("correction-" .. m.data.region, m.id)
		end
		common.done(m.id, "correction")
		matter.set(m.id, { report = e.data.report, reported = e.date, published = e.data.published })
		if not e.data.published then
			finding{ rule = "unpublished", level = "info", matter = m.id, law = law.publication,
				text = { en = "the correction is also to be made public", zh = "整改结果还应当向社会公布" } }
		end
		matter.move(m.id, "reported")
	end,
}

acts["audit-close"] = {
	doc = "the audit's last finding has been entered",
	roles = { "auditor" },
	fields = { audit = { "matter", required = true, doc = "the audit" } },
	run = function(e)
		local audit = of_kind(e.data.audit, "audit", "open")
		own_office(e, audit.office)
		matter.move(audit.id, "closed")
	end,
}

acts["finding"] = {
	doc = "the audit has found something",
	roles = { "auditor" },
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
	run = function(e)
		local audit = of_kind(e.data.audit, "audit", "open")
		own_office(e, audit.office)
		if e.data.office == e.actor.office then
			refuse{ en = "an office does not audit itself", zh = "单位不得审计自身" }
		end
		raise(e, { code = e.data.code, office = e.data.office, text = e.data.text, risk = e.data.risk,
			rule = e.data.rule and of_kind(e.data.rule, "rule"), evidence = e.data.evidence,
			from = audit.id, by = audit.office, source = "audit" })
	end,
}

acts["own"] = {
	doc = "the head of the office names one person who answers for it",
	roles = { "head" },
	fields = {
		issue = ISSUE,
		owner = { "uid", required = true, doc = "who answers for it" },
	},
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "found", "reopened", "owned", "planned")
		own_office(e, m.office)
		local who = actor.get(e.data.owner)
		if not who or who.office ~= m.office then
			refuse{
				en = "the owner must be an actor of office " .. m.office,
				zh = "责任人须为单位" .. m.office .. "人员",
			}
		end
		matter.set(m.id, { owner = e.data.owner })
		common.done(m.id, "owner")
		if m.stage == "found" or m.stage == "reopened" then
			clock.stop("owner", m.id)
			matter.move(m.id, "owned")
			clock.start("plan", m.id)
		end
		task{ matter = m.id, actor = e.data.owner, key = "plan",
			text = { en = "you answer for this finding: make a plan", zh = "您为责任人：请制定整改计划" } }
	end,
}

acts["interim"] = {
	doc = "what was corrected at once",
	roles = { "head", "owner" },
	fields = {
		issue = ISSUE,
		text = { "string", required = true, min = 5, max = 500, doc = "what was done" },
		evidence = { "blob", doc = "hash of the evidence" },
	},
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "found", "reopened", "owned", "planned")
		own_office(e, m.office)
		matter.set(m.id, { interim = { text = e.data.text, date = e.date, evidence = e.data.evidence } })
	end,
}

acts["plan"] = {
	doc = "the owner's plan; each milestone is a clock",
	roles = { "owner" },
	fields = {
		issue = ISSUE,
		milestones = { "list", required = true, max = 20, doc = "in the order of their days",
			of = { "object", fields = {
				id = { "string", required = true, min = 1, max = 20, pattern = "^[%w%.%-]+$", doc = "its short name" },
				text = { "string", required = true, min = 2, max = 200, doc = "what will be done" },
				due = { "date", required = true, doc = "by when" },
			} } },
	},
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "owned")
		owner_only(e, m)
		local list, seen, last = {}, {}, e.date
		if #e.data.milestones == 0 then
			refuse{ en = "a plan has one milestone at least", zh = "计划至少有一个节点" }
		end
		for _, it in ipairs(e.data.milestones) do
			if seen[it.id] then
				refuse{ en = "milestone " .. it.id .. " is there twice", zh = "节点" .. it.id .. "重复" }
			end
			if date.compare(it.due, last) < 0 then
				refuse{
					en = "milestone " .. it.id .. " is due " .. it.due .. ", before " .. last,
					zh = "节点" .. it.id .. "期限" .. it.due .. "早于" .. last,
				}
			end
			seen[it.id], last = true, it.due
			list[#list + 1] = { id = it.id, text = it.text, due = it.due, done = false }
		end
		local bound = date.add(e.date, { months = law.plan_length.months })
		if date.compare(last, bound) > 0 then
			refuse{
				en = "the last milestone, " .. last .. ", is after " .. bound .. ": a plan has "
				.. law.plan_length.months .. " months at the most",
				zh = "最后节点" .. last .. "晚于" .. bound .. "：计划最长" .. law.plan_length.months .. "个月",
			}
		end
		clock.stop("plan", m.id)
		common.done(m.id, "plan")
		for _, it in ipairs(list) do
			clock.start("milestone", m.id, { from = it.due, key = it.id .. "@" .. m.data.round })
		end
		matter.set(m.id, { milestones = list, planned_by = e.uid })
		matter.move(m.id, "planned")
	end,
}

local function milestone_of(m, id)
	for _, it in ipairs(m.data.milestones) do
		if it.id == id then
			return it
		end
	end
	refuse{ en = "the plan has no milestone " .. id, zh = "计划中没有节点" .. id }
end

acts["milestone"] = {
	doc = "a milestone is reached, with evidence",
	roles = { "owner" },
	fields = {
		issue = ISSUE,
		milestone = { "string", required = true, max = 20, doc = "its short name in the plan" },
		evidence = { "blob", required = true, doc = "hash of what shows it" },
	},
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "planned")
		owner_only(e, m)
		local it = milestone_of(m, e.data.milestone)
		if it.done then
			refuse{ en = "milestone " .. it.id .. " is reached already", zh = "节点" .. it.id .. "已完成" }
		end
		it.done, it.on, it.evidence = true, e.date, e.data.evidence
		clock.stop("milestone", m.id, it.id .. "@" .. m.data.round)
		matter.set(m.id, { milestones = m.data.milestones })
		for _, other in ipairs(m.data.milestones) do
			if not other.done then
				return
			end
		end
		matter.set(m.id, { reported = e.uid })
		matter.move(m.id, "done")
		clock.start("verify", m.id)
		task{ matter = m.id, office = m.office, key = "verify",
			text = { en = "verify what was done: another person than the owner", zh = "由责任人以外的人核验整改" } }
	end,
}

acts["milestone-extend"] = {
	doc = "the head gives a milestone more time, with a reason, within the bound",
	roles = { "head" },
	fields = {
		issue = ISSUE,
		milestone = { "string", required = true, max = 20, doc = "its short name in the plan" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
	},
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "planned")
		own_office(e, m.office)
		if e.uid == m.data.owner then
			refuse{ en = "the owner does not give himself more time", zh = "责任人不得为自己延期" }
		end
		local it = milestone_of(m, e.data.milestone)
		clock.extend("milestone", m.id, e.data.reason, it.id .. "@" .. m.data.round)
	end,
}

acts["verify"] = {
	doc = "another person than the owner has looked whether it holds",
	roles = { "verifier", "auditor" },
	fields = {
		issue = ISSUE,
		holds = { "boolean", required = true, doc = "it is corrected" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
		evidence = { "blob", doc = "hash of what shows it" },
	},
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "done")
		if e.uid == m.data.owner or e.uid == m.data.reported or e.uid == m.data.planned_by then
			refuse{
				en = "who owns or reported it must not verify it: another person does",
				zh = "责任人或报告人不得核验，须由他人核验",
			}
		end
		local mine = false
		for _, side in ipairs(m.offices) do
			mine = mine or side == e.actor.office
		end
		if not mine and not common.is_above(e.actor.office, m.office) then
			refuse{
				en = "office " .. e.actor.office .. " has no part in " .. m.id,
				zh = "单位" .. e.actor.office .. "与" .. m.id .. "无关",
			}
		end
		clock.stop("verify", m.id)
		common.done(m.id, "verify")
		matter.set(m.id, { verifier = e.uid, verified = { holds = e.data.holds, date = e.date, text = e.data.text } })
		if e.data.holds then
			matter.move(m.id, "verified")
			common.step(e, m.data.rule and matter.get(m.data.rule), "improved")
			for _, each in ipairs(finding.find{ matter = m.id, rule = "recurrence", open = true }) do
				finding.resolve(each.id, { en = "corrected again and verified", zh = "再次整改并经核验" })
			end
		else
			finding{ rule = "not-corrected", level = "warn", matter = m.id, law = law.verify,
				text = { en = "verification: it does not hold: " .. e.data.text, zh = "核验未通过：" .. e.data.text } }
			matter.set(m.id, { round = m.data.round + 1 })
			matter.move(m.id, "owned")
			clock.start("plan", m.id)
		end
	end,
}

acts["issue-close"] = {
	doc = "the period has passed and the finding has not come back",
	roles = { "auditor", "verifier" },
	fields = { issue = ISSUE },
	run = function(e)
		local m = of_kind(e.data.issue, "issue", "verified")
		local last = raising.watched_until(m)
		if e.uid == m.data.owner then
			refuse{ en = "the owner does not close his own finding", zh = "责任人不得自行销号" }
		end
		if date.compare(e.date, last) <= 0 then
			refuse{
				en = "watched until " .. last .. ": it may still come back",
				zh = "观察期至" .. last .. "，仍可能再发",
			}
		end
		matter.move(m.id, "closed")
	end,
}

acts["check-result"] = {
	doc = "a sister office has looked whether the finding holds with it too",
	roles = { "head", "owner" },
	fields = {
		check = { "matter", required = true, doc = "the check" },
		found = { "boolean", required = true, doc = "it holds here too" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
	},
	run = function(e)
		local m = of_kind(e.data.check, "check", "open")
		own_office(e, m.office)
		clock.stop("check", m.id)
		common.done(m.id, "check")
		matter.set(m.id, { found = e.data.found, text = e.data.text })
		if e.data.found then
			local from = matter.get(m.data.issue)
			matter.move(m.id, "found")
			raise(e, { code = m.data.code, office = m.office, text = e.data.text, risk = from.data.risk,
				rule = from.data.rule and matter.get(from.data.rule), from = m.id, source = "sideways",
				wave = m.data.wave })
		else
			matter.move(m.id, "clear")
		end
	end,
}

return { acts = acts }
