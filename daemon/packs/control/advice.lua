-- Advice of an audit: accepted or declined with a reason, executed, confirmed

local common = include("common")
local of_kind, own_office = common.of_kind, common.own_office

local ADVICE = { "matter", required = true, doc = "the advice" }
local acts = {}

acts["advice"] = {
	doc = "the auditor advises, and says how it will be seen that it was executed",
	roles = { "auditor" },
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		office = { "office", required = true, doc = "to whom" },
		text = { "string", required = true, min = 5, max = 500, doc = "the advice" },
		seen_by = { "string", required = true, min = 5, max = 300,
			doc = "by what it is seen that it was executed: advice must be executable" },
		issue = { "matter", doc = "the finding it comes from" },
	},
	run = function(e)
		local audit = of_kind(e.data.audit, "audit", "open")
		own_office(e, audit.office)
		local id = matter.open{ kind = "advice", office = e.data.office,
			title = { en = "Advice of audit " .. audit.data.no, zh = "审计建议：" .. audit.data.no },
			data = { text = e.data.text, seen_by = e.data.seen_by, by = e.uid } }
		matter.share(id, audit.office)
		matter.link(id, audit.id, "advised in")
		if e.data.issue then
			matter.link(id, of_kind(e.data.issue, "issue").id, "advises on")
		end
		clock.start("advice", id)
		task{ matter = id, office = e.data.office, key = "advice",
			text = { en = "accept or decline this advice", zh = "答复审计建议" } }
	end,
}

acts["advice-answer"] = {
	doc = "the office accepts the advice, with a day, or declines it, with a reason",
	roles = { "head" },
	fields = {
		advice = ADVICE,
		accepted = { "boolean", required = true, doc = "accepted" },
		reason = { "string", min = 5, max = 500, doc = "why not; required if declined" },
		due = { "date", doc = "by when it is executed; required if accepted" },
	},
	run = function(e)
		local m = of_kind(e.data.advice, "advice", "given", "declined")
		own_office(e, m.office)
		if e.data.accepted and not e.data.due then
			refuse{ en = "due: accepted advice has a day", zh = "采纳须填写完成日期" }
		end
		if not e.data.accepted and not e.data.reason then
			refuse{ en = "reason: advice is declined with a reason", zh = "不采纳须说明理由" }
		end
		clock.stop("advice", m.id)
		common.done(m.id, "advice")
		matter.set(m.id, { accepted = e.data.accepted, reason = e.data.reason or store.null, due = e.data.due or store.null })
		if e.data.accepted then
			if date.compare(e.data.due, e.date) < 0 then
				refuse{ en = "due: " .. e.data.due .. " has passed", zh = e.data.due .. "已过" }
			end
			matter.move(m.id, "accepted")
			clock.start("execute", m.id, { from = e.data.due })
		else
			if m.stage ~= "declined" then
				matter.move(m.id, "declined")
			end
			finding{ rule = "declined", level = "info", matter = m.id,
				text = { en = "advice declined: " .. e.data.reason, zh = "建议未采纳：" .. e.data.reason } }
		end
	end,
}

acts["advice-extend"] = {
	doc = "more time to execute, with a reason, within the bound",
	roles = { "auditor" },
	fields = { advice = ADVICE, reason = { "string", required = true, min = 5, max = 300, doc = "why" } },
	run = function(e)
		local m = of_kind(e.data.advice, "advice", "accepted")
		clock.extend("execute", m.id, e.data.reason)
	end,
}

acts["advice-done"] = {
	doc = "the advice was executed",
	roles = { "head", "owner" },
	fields = { advice = ADVICE, evidence = { "blob", required = true, doc = "hash of what shows it" } },
	run = function(e)
		local m = of_kind(e.data.advice, "advice", "accepted")
		own_office(e, m.office)
		clock.stop("execute", m.id)
		matter.set(m.id, { evidence = e.data.evidence, done_by = e.uid, done = e.date })
		matter.move(m.id, "executed")
	end,
}

acts["advice-confirm"] = {
	doc = "the auditor has looked: executed or not; or accepts that it was declined",
	roles = { "auditor" },
	fields = {
		advice = ADVICE,
		executed = { "boolean", required = true, doc = "it is" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
	},
	run = function(e)
		local m = of_kind(e.data.advice, "advice", "executed", "declined")
		if e.uid == m.data.done_by then
			refuse{ en = "who executed it must not confirm it", zh = "执行人不得确认" }
		end
		if m.stage == "declined" and e.data.executed then
			refuse{ en = "it was declined, so it was not executed", zh = "建议未采纳，不存在已执行" }
		end
		if m.stage == "declined" then
			matter.move(m.id, "dropped")
		elseif e.data.executed then
			matter.move(m.id, "confirmed")
		else
			finding{ rule = "not-executed", level = "warn", matter = m.id,
				text = { en = "advice said to be executed is not: " .. e.data.text, zh = "建议未实际执行：" .. e.data.text } }
			matter.move(m.id, "given")
			clock.start("advice", m.id)
		end
	end,
}

return { acts = acts }
