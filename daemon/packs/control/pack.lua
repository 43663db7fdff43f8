-- SPDX-License-Identifier: GPL-2.0-only
-- Audit-driven internal control: a finding has an owner, a plan, a verification by
-- another person; rules are made, executed, supervised and fed back, improved.

local reports = include("reports")
local facts = include("issues").facts

local acts = {}
for _, file in ipairs({ "issues", "advice", "rules", "execution" }) do
	for kind, act in pairs(include(file).acts) do
		acts[kind] = act
	end
end

return {
	name = "control",
	title = { en = "Audit-driven internal control", zh = "内部控制" },
	version = "1.0",
	roles = {
		auditor = "audits, finds, advises, confirms",
		head = "heads an office: names owners, answers advice",
		owner = "answers for a finding: plans, reports milestones",
		verifier = "verifies what others have corrected",
		registrar = "keeps the rule register",
		clerk = "enters licences, contracts, payments, revenue",
		approver = "approves contracts and budgets",
	},
	acts = acts,
	matters = {
		audit = {
			title = { en = "Audit", zh = "审计" },
			first = "open",
			stages = {
				open = { to = { "closed" }, doc = "findings are entered" },
				closed = { final = true, doc = "all findings are entered" },
			},
		},
		correction = {
			title = { en = "Correction after an audit", zh = "审计整改" },
			first = "due",
			stages = {
				due = { to = { "reported" }, doc = "by the regulations of the place" },
				reported = { final = true, doc = "the office has reported" },
			},
		},
		ruling = {
			title = { en = "Ruling on an audit decision", zh = "审计决定裁决" },
			first = "asked",
			stages = {
				asked = { to = { "given" }, doc = "the government's time runs" },
				given = { final = true, doc = "the government has ruled" },
			},
		},
		issue = {
			title = { en = "Finding", zh = "问题" },
			first = "found",
			stages = {
				found = { to = { "owned" }, doc = "has no owner yet" },
				owned = { to = { "planned" }, doc = "one person answers for it" },
				planned = { to = { "done" }, doc = "milestones run" },
				done = { to = { "verified", "owned" }, doc = "said to be done" },
				verified = { to = { "reopened", "closed" }, doc = "holds; watched for the period" },
				reopened = { to = { "owned" }, doc = "has come back" },
				closed = { final = true, doc = "has not come back within the period" },
			},
		},
		check = {
			title = { en = "Check in a sister office", zh = "举一反三自查" },
			first = "open",
			stages = {
				open = { to = { "found", "clear" }, doc = "to be looked at" },
				found = { final = true, doc = "same problem here: it becomes a finding of its own" },
				clear = { final = true, doc = "does not hold here" },
			},
		},
		advice = {
			title = { en = "Advice", zh = "审计建议" },
			first = "given",
			stages = {
				given = { to = { "accepted", "declined" }, doc = "to be answered" },
				accepted = { to = { "executed" }, doc = "to be executed by the day named" },
				declined = { to = { "accepted", "dropped" }, doc = "with a reason" },
				executed = { to = { "confirmed", "given" }, doc = "said to be executed" },
				confirmed = { final = true, doc = "the auditor has looked" },
				dropped = { final = true, doc = "the auditor accepts the reason" },
			},
		},
		rule = {
			title = { en = "Rule", zh = "制度" },
			first = "registered",
			stages = {
				registered = { to = { "repealed" }, doc = "in the register" },
				repealed = { final = true, doc = "has a last day" },
			},
		},
		contract = {
			title = { en = "Contract", zh = "合同" },
			first = "draft",
			stages = {
				draft = { to = { "approved", "unapproved", "ended" }, doc = "not approved yet" },
				approved = { to = { "signed", "ended" }, doc = "another person approved" },
				unapproved = { to = { "signed" }, doc = "signed without approval" },
				signed = { to = { "ended" }, doc = "in force" },
				ended = { final = true, doc = "done with" },
			},
		},
	},
	clocks = { comments = { due = function(_, k)
		matter.note(k.matter, tables.text("no-comments"))
	end } },
	facts = facts,
	reports = reports,
	exports = include("exports"),
}
