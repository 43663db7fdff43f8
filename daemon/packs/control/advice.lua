-- SPDX-License-Identifier: GPL-2.0-only
-- Advice of an audit: accepted or declined with a reason, executed, confirmed

local ADVICE = { "matter", required = true, doc = "the advice" }
local acts = {}

acts["advice"] = {
	doc = "the auditor advises, and says how it will be seen that it was executed",
	fields = {
		audit = { "matter", required = true, doc = "the audit" },
		office = { "office", required = true, doc = "to whom" },
		text = { "string", required = true, min = 5, max = 500, doc = "the advice" },
		seen_by = { "string", required = true, min = 5, max = 300,
			doc = "what will show that it was executed: advice must be executable" },
		issue = { "matter", doc = "the finding it comes from" },
	},
	run = function(e, audit)
		local id = matter.open{ kind = "advice", office = e.data.office,
			title = tables.text("advice-audit", { no = audit.data.no }),
			data = { text = e.data.text, seen_by = e.data.seen_by, by = e.uid } }
		matter.share(id, audit.office)
		matter.link(id, audit.id, "advised in")
		if e.data.issue then
			matter.link(id, tables.matter(e.data.issue, "issue").id, "advises on")
		end
		tables.start("advice", id)
	end,
}

acts["advice-answer"] = {
	doc = "the office accepts the advice, with a day, or declines it, with a reason",
	fields = {
		advice = ADVICE,
		accepted = { "boolean", required = true, doc = "accepted" },
		reason = { "string", min = 5, max = 500, doc = "why not; required if declined" },
		due = { "date", doc = "by when it is executed; required if accepted" },
	},
	run = function(e, m)
		matter.set(m.id, { accepted = e.data.accepted, reason = e.data.reason or store.null,
			due = e.data.due or store.null })
		if e.data.accepted and e.data.due < e.date then
				tables.refuse("due-has-passed", { due = e.data.due })
		elseif not e.data.accepted then
			tables.flag(m.id, "declined", "info", "declined", e.date,
				tables.text("advice-declined", { reason = e.data.reason }))
		end
	end,
}

acts["advice-extend"] = {
	doc = "more time to execute, with a reason, within the bound",
	fields = { advice = ADVICE, reason = { "string", required = true, min = 5, max = 300, doc = "why" } },
	run = function(e, m)
		clock.extend("execute", m.id, e.data.reason)
	end,
}

acts["advice-done"] = {
	doc = "the advice was executed",
	fields = { advice = ADVICE, evidence = { "blob", required = true, doc = "hash of what shows it" } },
	run = function(e, m)
		matter.set(m.id, { evidence = e.data.evidence, done_by = e.uid, done = e.date })
	end,
}

acts["advice-confirm"] = {
	doc = "the auditor has looked: executed or not; or accepts that it was declined",
	fields = {
		advice = ADVICE,
		executed = { "boolean", required = true, doc = "it is" },
		text = { "string", required = true, min = 5, max = 500, doc = "what was looked at" },
	},
	run = function(e, m)
		if m.stage == "executed" and not e.data.executed then
			tables.flag(m.id, "not-executed", "warn", "not-executed", e.date,
				tables.text("advice-said-executed-not", { text = e.data.text }))
		end
	end,
}

return { acts = acts }
