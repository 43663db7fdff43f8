-- SPDX-License-Identifier: GPL-2.0-only
-- Reports of the control pack

local common = include("common")
local watched_until = include("raise").watched_until

local function day_of(q)
	return q.to
end

local function opened(m)
	return date.of(m.opened)
end

local function within(q, day)
	return (not q.from or date.compare(day, q.from) >= 0) and (not q.to or date.compare(day, q.to) <= 0)
end

local function version_on(rule, day)
	if day then
		return common.in_force(rule, day)
	end
	return rule.data.versions[#rule.data.versions]
end

local function count(step)
	return step and step.count or 0
end

-- The step of the loop that has not been taken yet
local function missing(data)
	if count(data.executed) == 0 then
		return "executed"
	elseif count(data.supervised) == 0 then
		return "supervised"
	elseif count(data.improved) == 0 then
		return "improved"
	end
	return "none"
end

return {
	loop = {
		open = true,
		doc = "each rule's cycle: made, executed, supervised and fed back, improved; what is missing",
		columns = { "no", "title", "version", "made", "executed", "supervised", "improved", "missing" },
		run = function(q)
			local rows = {}
			for _, rule in ipairs(matter.find{ kind = "rule" }) do
				local version, data = version_on(rule, day_of(q)), rule.data
				rows[#rows + 1] = { no = data.no, title = rule.title, version = version and version.version or "-",
					made = data.made.date, executed = count(data.executed), supervised = count(data.supervised),
					improved = count(data.improved), missing = missing(data) }
			end
			return rows
		end,
	},
	rules = {
		open = true,
		doc = "the register: every version of every rule, in force from and to",
		columns = { "no", "title", "class", "version", "text", "from", "to", "in_force" },
		run = function(q)
			local rows = {}
			for _, rule in ipairs(matter.find{ kind = "rule" }) do
				local now = version_on(rule, day_of(q))
				for _, version in ipairs(rule.data.versions) do
					rows[#rows + 1] = { no = rule.data.no, title = rule.title, class = rule.data.class,
						version = version.version, text = version.text, from = version.from, to = version.to or "",
						-- Without a day: what has no last one
						in_force = now ~= nil and now.version == version.version
							and (day_of(q) ~= nil or not version.to) }
				end
			end
			return rows
		end,
	},
	findings = {
		doc = "each finding: owner, stage, milestones, who verified, how often it came back",
		columns = { "issue", "code", "office", "source", "stage", "owner", "milestones", "reached", "verifier",
			"recurred", "watched_until" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matter.find{ kind = "issue" }) do
				if within(q, opened(m)) then
					local list, reached = m.data.milestones or {}, 0
					for _, it in ipairs(list) do
						reached = reached + (it.done and 1 or 0)
					end
					rows[#rows + 1] = { issue = m.id, code = m.data.code, office = m.office, source = m.data.source,
						stage = m.stage, owner = m.data.owner or "", milestones = #list, reached = reached,
						verifier = m.data.verifier or "", recurred = m.data.recurred or 0,
						watched_until = m.stage == "verified" and watched_until(m) or "" }
				end
			end
			return rows
		end,
	},
	sideways = {
		doc = "each check a finding gave to a sister office, and what came of it",
		columns = { "check", "code", "from", "office", "stage" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matter.find{ kind = "check" }) do
				if within(q, opened(m)) then
					rows[#rows + 1] = { check = m.id, code = m.data.code, from = m.data.issue, office = m.office,
						stage = m.stage }
				end
			end
			return rows
		end,
	},
	advice = {
		doc = "each piece of advice: accepted or not, executed or not",
		columns = { "advice", "office", "text", "stage", "accepted", "due", "executed" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matter.find{ kind = "advice" }) do
				if within(q, opened(m)) then
					local accepted = m.data.accepted
					rows[#rows + 1] = { advice = m.id, office = m.office, text = m.data.text, stage = m.stage,
						accepted = accepted == nil and "" or accepted, due = m.data.due or "",
						executed = m.stage == "confirmed" }
				end
			end
			return rows
		end,
	},
	licences = {
		doc = "the last count of each product: installed, licensed",
		columns = { "office", "product", "on", "installs", "licences", "over" },
		run = function()
			local rows = {}
			for _, key in ipairs(store.keys("install:")) do
				local it = store.get(key)
				local office_id, product = key:match("^install:([^:]*):(.*)$")
				if office.seen(office_id) then
					rows[#rows + 1] = { office = office_id, product = product, on = it.on, installs = it.installs,
						licences = it.licences, over = math.max(0, it.installs - it.licences) }
				end
			end
			return rows
		end,
	},
	budget = {
		doc = "each budget line: amount, spent, left, how often changed",
		columns = { "office", "year", "line", "amount", "spent", "left", "changes" },
		run = function()
			local rows = {}
			for _, key in ipairs(store.keys("budget:")) do
				local it = store.get(key)
				local left = it.amount - it.spent
				if office.seen(it.office) then
					rows[#rows + 1] = { office = it.office, year = it.year, line = it.line, amount = common.yuan(it.amount),
						spent = common.yuan(it.spent), left = (left < 0 and "-" or "") .. common.yuan(math.abs(left)),
						changes = it.changes }
				end
			end
			return rows
		end,
	},
	contracts = {
		doc = "each contract: approved, signed, paid",
		columns = { "contract", "no", "office", "stage", "amount", "approved", "signed", "paid" },
		run = function(q)
			local rows = {}
			for _, m in ipairs(matter.find{ kind = "contract" }) do
				if within(q, opened(m)) then
					rows[#rows + 1] = { contract = m.id, no = m.data.no, office = m.office, stage = m.stage,
						amount = common.yuan(m.data.amount), approved = m.data.approved ~= nil, signed = m.data.signed or "",
						paid = common.yuan(m.data.paid or 0) }
				end
			end
			return rows
		end,
	},
}
