-- SPDX-License-Identifier: GPL-2.0-only
-- Execution checks: licences, contracts, budget, revenue, spending. What is wrong is
-- a finding at once, and a matter with an owner. Nothing is stopped: people decide.

local common = include("common")
local raise = include("raise").raise
local fen, yuan = common.fen, common.yuan

local acts = {}

-- What does not hold of an act: told of, and raised as a matter of the office that acted
local function judge(e, rule, facts, id)
	facts.on = e.date
	for code, it in pairs(tables.evaluate("act." .. e.kind, facts)) do
		if it.level ~= "refuse" then
			finding{ rule = code, level = it.level, text = it.text, law = tables.version(it.row), matter = id }
			raise(e, { code = code, office = e.actor.office, text = it.text.en, risk = "medium", rule = rule,
				from = id, source = "check" })
		end
	end
end

acts["entitlement"] = {
	doc = "licences bought: how many, for which product, until when",
	fields = {
		no = { "string", required = true, min = 1, max = 60, doc = "number of the licence certificate" },
		product = { "string", required = true, min = 1, max = 80, doc = "the product" },
		licences = { "integer", required = true, min = 1, max = 1000000, doc = "how many" },
		from = { "date", required = true, doc = "valid from" },
		to = { "date", doc = "valid to, that day included" },
		proof = { "blob", required = true, doc = "hash of the certificate" },
	},
	run = function(e)
		local key = "licence:" .. e.actor.office .. ":" .. e.data.product
		local list = store.get(key) or {}
		for _, it in ipairs(list) do
			if it.no == e.data.no then
				tables.refuse("certificate-entered-already", { no = e.data.no })
			end
		end
		list[#list + 1] = { no = e.data.no, licences = e.data.licences, from = e.data.from, to = e.data.to }
		store.set(key, list)
	end,
}

acts["inventory"] = {
	doc = "installations counted, against the licences valid that day",
	fields = {
		product = { "string", required = true, min = 1, max = 80, doc = "the product, as in entitlement" },
		installs = { "integer", required = true, min = 0, max = 1000000, doc = "how many were found" },
		on = { "date", doc = "day of the count; today if absent" },
		list = { "blob", doc = "hash of the list of machines" },
		rule = { "matter", doc = "the rule it is done under; else the first of class software" },
	},
	run = function(e)
		local day = e.data.on or e.date
		if date.compare(day, e.date) > 0 then
			tables.refuse("on-has-not-come", { day = day })
		end
		local rule = common.executed(e, "software")
		local valid = 0
		for _, it in ipairs(store.get("licence:" .. e.actor.office .. ":" .. e.data.product) or {}) do
			if date.compare(it.from, day) <= 0 and (not it.to or date.compare(day, it.to) <= 0) then
				valid = valid + it.licences
			end
		end
		store.set("install:" .. e.actor.office .. ":" .. e.data.product,
			{ installs = e.data.installs, licences = valid, on = day, record = e.record })
		judge(e, rule, { product = e.data.product, installs = e.data.installs, licences = valid })
	end,
}

acts["contract"] = {
	doc = "a contract is drafted",
	fields = {
		no = { "string", required = true, min = 1, max = 60, doc = "the contract's number" },
		subject = { "string", required = true, min = 2, max = 120, doc = "what it is about; no persons" },
		amount = { "number", required = true, unit = "yuan", min = 0, max = 1000000000, doc = "what it costs" },
		text = { "blob", doc = "hash of the draft" },
		rule = { "matter", doc = "the rule it is done under; else the first of class contract" },
	},
	run = function(e)
		local rule = common.executed(e, "contract")
		matter.open{ kind = "contract", key = e.actor.office .. ":" .. e.data.no,
			title = tables.text("contract", { no = e.data.no }),
			data = { no = e.data.no, subject = e.data.subject, amount = fen(e.data.amount), drafted_by = e.uid,
				rule = rule and rule.id } }
	end,
}

acts["contract-approve"] = {
	doc = "another person approves the draft, up to its amount",
	fields = {
		contract = { "matter", required = true, doc = "the contract" },
		document = { "blob", doc = "hash of the approval" },
	},
	run = function(e, m)
		matter.set(m.id, { approved = m.data.amount, approved_by = e.uid })
		if m.stage == "unapproved" then
			tables.flag(m.id, "contract.late", "warn", "contract", e.date, tables.text("contract-was-approved-only",
				{ no = m.data.no }))
		end
	end,
}

acts["contract-sign"] = {
	doc = "the contract was signed; without approval, or over it, is a finding",
	fields = {
		contract = { "matter", required = true, doc = "the contract" },
		amount = { "number", unit = "yuan", min = 0, max = 1000000000, doc = "as signed; the draft's if absent" },
		text = { "blob", required = true, doc = "hash of the signed text" },
	},
	run = function(e, m)
		local rule = m.data.rule and matter.get(m.data.rule)
		local amount = e.data.amount and fen(e.data.amount) or m.data.amount
		matter.set(m.id, { amount = amount, text = e.data.text, signed = e.date, signed_by = e.uid })
		judge(e, rule, { no = m.data.no, amount = amount, approved = m.data.approved }, m.id)
	end,
}

acts["contract-end"] = {
	doc = "a contract is done with",
	fields = { contract = { "matter", required = true, doc = "the contract" } },
}

-- The year money belongs to: the one named, else that of the voucher's day, else this one
local function year_of(e)
	if e.data.on and date.compare(e.data.on, e.date) > 0 then
		tables.refuse("on-has-not-come-2", { on = e.data.on })
	end
	local year = e.data.year or tonumber((e.data.on or e.date):sub(1, 4))
	if year > tonumber(e.date:sub(1, 4)) then
		tables.refuse("year-has-not-begun", { year = year })
	end
	return year
end

local function line_key(kind, e, line, year)
	return kind .. ":" .. e.actor.office .. ":" .. year .. ":" .. line
end

local LINE = { "string", required = true, min = 1, max = 40, pattern = "^[%w%.%-]+$", doc = "the line's code" }
local AMOUNT = { "number", required = true, unit = "yuan", min = 0.01, max = 1000000000, doc = "how much" }

acts["budget"] = {
	doc = "a budget line of a year, or its new amount, with the reason",
	fields = {
		line = LINE,
		year = { "integer", required = true, min = 2000, max = 2100, doc = "the year" },
		amount = { "number", required = true, unit = "yuan", min = 0, max = 1000000000, doc = "of the whole year" },
		reason = { "string", min = 5, max = 300, doc = "why; required for a change" },
	},
	run = function(e)
		local key = line_key("budget", e, e.data.line, e.data.year)
		local it = store.get(key)
		if it and not e.data.reason then
			tables.refuse("line-has-budget-change", { line = e.data.line })
		end
		local was = it and it.amount
		it = it or { spent = 0, changes = 0, line = e.data.line, year = e.data.year, office = e.actor.office }
		it.amount = fen(e.data.amount)
		if was then
			it.changes = it.changes + 1
			tables.flag(nil, "budget.changed", "info", "budget.changed", e.date,
				tables.text("line-yuan", { line = e.data.line, was = yuan(was), amount = yuan(it.amount),
					reason = e.data.reason }))
		end
		store.set(key, it)
	end,
}

acts["payment"] = {
	doc = "money was paid: against its budget line and, if it has one, its contract",
	fields = {
		no = { "string", required = true, min = 1, max = 60, doc = "the voucher's number" },
		line = LINE,
		amount = AMOUNT,
		on = { "date", doc = "the voucher's day; today if absent" },
		year = { "integer", min = 2000, max = 2100, doc = "the year it belongs to; that of `on` if absent" },
		contract = { "matter", doc = "the contract it is paid under" },
		voucher = { "blob", doc = "hash of the voucher" },
		rule = { "matter", doc = "the rule it is done under; else the first of class budget" },
	},
	run = function(e)
		local voucher = "voucher:" .. e.actor.office .. ":" .. e.data.no
		if store.get(voucher) then
			tables.refuse("voucher-entered-already", { no = e.data.no })
		end
		local rule = common.executed(e, "budget")
		local year = year_of(e)
		local key = line_key("budget", e, e.data.line, year)
		local it, amount = store.get(key), fen(e.data.amount)
		-- Kept whole, so that what was mistyped can be taken back
		store.set(voucher, { record = e.record, uid = e.uid, amount = amount, contract = e.data.contract,
			line = it and key, year = year })
		if e.data.contract then
			local m = tables.matter(e.data.contract, "contract")
			tables.need(e, m, { "owner" })
			local paid = (m.data.paid or 0) + amount
			matter.set(m.id, { paid = paid })
			judge(e, rule, { contract = m.data.no, approved = m.data.approved, agreed = m.data.amount, paid = paid }, m.id)
		end
		if it then
			it.spent = it.spent + amount
			store.set(key, it)
		end
		judge(e, rule, { no = e.data.no, line = e.data.line, year = year, budget = it and it.amount,
			spent = it and it.spent })
	end,
}

-- Findings of the record that booked it are told to hold no more.
local function withdrawn(e, record, rules)
	for _, rule in ipairs(rules) do
		for _, f in ipairs(finding.find{ rule = rule, open = true }) do
			if f.record == record then
				finding.resolve(f.id, tables.text("reversed", { reason = e.data.reason }))
			end
		end
	end
end

local function booked(e, key)
	local it = store.get(key)
	if not it then
		tables.refuse("voucher-not-entered", { no = e.data.no })
	elseif type(it) ~= "table" then
		tables.refuse("voucher-was-entered-before", { no = e.data.no })
	elseif it.uid == e.uid then
		tables.refuse("entered-not-reverse")
	end
	return it
end

local function reversed(e, key, it, what)
	store.set(key, nil)
	local past = "reversed:" .. key
	local list = store.get(past) or {}
	list[#list + 1] = { record = it.record, by = e.uid, reversal = e.record }
	store.set(past, list)
	tables.flag(nil, "reversed", "info", "reversed", e.date,
		tables.text("yuan-reversed", { what = what[1], no = e.data.no, amount = yuan(it.amount),
			reason = e.data.reason, what2 = what[2] }))
end

local REVERSAL = {
	no = { "string", required = true, min = 1, max = 60, doc = "the number as it was entered" },
	reason = { "string", required = true, min = 5, max = 300, doc = "what was wrong" },
}

acts["payment-reverse"] = {
	doc = "a mistyped voucher is taken back by another person; both stay on record, and the number is free again",
	fields = REVERSAL,
	run = function(e)
		local key = "voucher:" .. e.actor.office .. ":" .. e.data.no
		local it = booked(e, key)
		local line = it.line and store.get(it.line)
		if line then
			line.spent = line.spent - it.amount
			store.set(it.line, line)
		end
		local m = it.contract and matter.get(it.contract)
		if m then
			matter.set(m.id, { paid = (m.data.paid or 0) - it.amount })
		end
		withdrawn(e, it.record, { "payment.over", "payment.no-line", "payment.contract", "payment.unapproved" })
		reversed(e, key, it, { "voucher", "凭证" })
	end,
}

acts["revenue-reverse"] = {
	doc = "a mistyped receipt is taken back by another person; both stay on record, and the number is free again",
	fields = REVERSAL,
	run = function(e)
		local key = "receipt:" .. e.actor.office .. ":" .. e.data.no
		local it = booked(e, key)
		withdrawn(e, it.record, { "revenue.differs" })
		reversed(e, key, it, { "receipt", "票据" })
	end,
}

acts["revenue"] = {
	doc = "money was collected, and how much of it was paid in",
	fields = {
		no = { "string", required = true, min = 1, max = 60, doc = "the receipt's number" },
		line = LINE,
		collected = AMOUNT,
		paid_in = { "number", required = true, unit = "yuan", min = 0, max = 1000000000, doc = "paid into the account" },
		on = { "date", doc = "the receipt's day; today if absent" },
		year = { "integer", min = 2000, max = 2100, doc = "the year it belongs to; that of `on` if absent" },
		rule = { "matter", doc = "the rule it is done under; else the first of class revenue" },
	},
	run = function(e)
		local key = "receipt:" .. e.actor.office .. ":" .. e.data.no
		if store.get(key) then
			tables.refuse("receipt-entered-already", { no = e.data.no })
		end
		local rule = common.executed(e, "revenue")
		local collected, paid = fen(e.data.collected), fen(e.data.paid_in)
		store.set(key, { record = e.record, uid = e.uid, amount = collected, year = year_of(e) })
		judge(e, rule, { line = e.data.line, collected = collected, paid = paid })
	end,
}

acts["decision"] = {
	doc = "spending was decided: by whom together",
	fields = {
		topic = { "string", required = true, min = 2, max = 120, doc = "what for; no persons" },
		amount = AMOUNT,
		deciders = { "list", of = { "uid" }, required = true, max = 30, doc = "who decided" },
		minutes = { "blob", required = true, doc = "hash of the minutes" },
		rule = { "matter", doc = "the rule it is done under; else the first of class spending" },
	},
	run = function(e)
		local rule = common.executed(e, "spending")
		local people, seen = 0, {}
		for _, uid in ipairs(e.data.deciders) do
			if not seen["u" .. uid] then
				seen["u" .. uid], people = true, people + 1
			end
		end
		judge(e, rule, { amount = fen(e.data.amount), people = people })
	end,
}

return { acts = acts }
