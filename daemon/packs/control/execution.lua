-- Execution checks: licences, contracts, budget, revenue, spending. What is wrong is
-- a finding at once, and a matter with an owner. Nothing is stopped: people decide.

local common = include("common")
local raise = include("raise").raise
local law, of_kind, fen, yuan = common.law, common.of_kind, common.fen, common.yuan

local acts = {}

-- Tells of it and raises the matter, in the office that acted
local function wrong(e, rule, it)
	finding{ rule = it.code, level = it.level or "fault", text = it.text, law = it.law, matter = it.matter }
	raise(e, { code = it.code, office = e.actor.office, text = it.text.en, risk = "medium", rule = rule,
		from = it.matter, source = "check" })
end

acts["entitlement"] = {
	doc = "licences bought: how many, for which product, until when",
	roles = { "clerk" },
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
				refuse{
					en = "certificate " .. e.data.no .. " is entered already",
					zh = "授权证书" .. e.data.no .. "已登记",
				}
			end
		end
		list[#list + 1] = { no = e.data.no, licences = e.data.licences, from = e.data.from, to = e.data.to }
		store.set(key, list)
	end,
}

acts["inventory"] = {
	doc = "installations counted, against the licences valid that day",
	roles = { "clerk" },
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
			refuse{ en = "on: " .. day .. " has not come yet", zh = day .. "尚未到" }
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
		if e.data.installs > valid then
			wrong(e, rule, { code = "licence.over", law = law.licence,
				text = { en = string.format("%s: %d installed, %d licences", e.data.product, e.data.installs, valid),
					zh = string.format("%s：安装%d份，授权%d份", e.data.product, e.data.installs, valid) } })
		end
	end,
}

acts["contract"] = {
	doc = "a contract is drafted",
	roles = { "clerk" },
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
			title = { en = "Contract " .. e.data.no, zh = "合同" .. e.data.no },
			data = { no = e.data.no, subject = e.data.subject, amount = fen(e.data.amount), drafted_by = e.uid,
				rule = rule and rule.id } }
	end,
}

acts["contract-approve"] = {
	doc = "another person approves the draft, up to its amount",
	roles = { "approver" },
	fields = {
		contract = { "matter", required = true, doc = "the contract" },
		document = { "blob", doc = "hash of the approval" },
	},
	run = function(e)
		local m = of_kind(e.data.contract, "contract", "draft", "unapproved")
		if e.actor.office ~= m.office and not common.is_above(e.actor.office, m.office) then
			refuse{
				en = "office " .. e.actor.office .. " does not approve for " .. m.office,
				zh = "单位" .. e.actor.office .. "无权为" .. m.office .. "审批",
			}
		end
		if e.uid == m.data.drafted_by then
			refuse{ en = "who drafted it must not approve it", zh = "起草人不得审批" }
		end
		matter.set(m.id, { approved = m.data.amount, approved_by = e.uid })
		if m.stage == "unapproved" then
			finding{ rule = "contract.late", level = "warn", matter = m.id, law = law.contract,
				text = { en = "contract " .. m.data.no .. " was approved only after it was signed",
					zh = "合同" .. m.data.no .. "签订后方补审批" } }
			matter.move(m.id, "signed")
		else
			matter.move(m.id, "approved")
		end
	end,
}

acts["contract-sign"] = {
	doc = "the contract was signed; without approval, or over it, is a finding",
	roles = { "clerk", "head" },
	fields = {
		contract = { "matter", required = true, doc = "the contract" },
		amount = { "number", unit = "yuan", min = 0, max = 1000000000, doc = "as signed; the draft's if absent" },
		text = { "blob", required = true, doc = "hash of the signed text" },
	},
	run = function(e)
		local m = of_kind(e.data.contract, "contract", "draft", "approved")
		common.own_office(e, m.office)
		local rule = m.data.rule and matter.get(m.data.rule)
		local amount = e.data.amount and fen(e.data.amount) or m.data.amount
		matter.set(m.id, { amount = amount, text = e.data.text, signed = e.date, signed_by = e.uid })
		if m.stage == "draft" then
			matter.move(m.id, "unapproved")
			wrong(e, rule, { code = "contract.unapproved", law = law.contract, matter = m.id,
				text = { en = "contract " .. m.data.no .. " was signed without approval",
					zh = "合同" .. m.data.no .. "未经审批签订" } })
			return
		end
		matter.move(m.id, "signed")
		if amount > m.data.approved then
			wrong(e, rule, { code = "contract.over", law = law.contract, matter = m.id,
				text = { en = string.format("contract %s: %s yuan signed, %s approved", m.data.no, yuan(amount), yuan(m.data.approved)),
					zh = string.format("合同%s：签订%s元，审批%s元", m.data.no, yuan(amount), yuan(m.data.approved)) } })
		end
	end,
}

acts["contract-end"] = {
	doc = "a contract is done with",
	roles = { "clerk", "head" },
	fields = { contract = { "matter", required = true, doc = "the contract" } },
	run = function(e)
		local m = of_kind(e.data.contract, "contract", "signed", "draft", "approved")
		common.own_office(e, m.office)
		matter.move(m.id, "ended")
	end,
}

-- The year money belongs to: the one named, else that of the voucher's day, else this one
local function year_of(e)
	if e.data.on and date.compare(e.data.on, e.date) > 0 then
		refuse{ en = "on: " .. e.data.on .. " has not come yet", zh = e.data.on .. "尚未到" }
	end
	local year = e.data.year or tonumber((e.data.on or e.date):sub(1, 4))
	if year > tonumber(e.date:sub(1, 4)) then
		refuse{ en = "year: " .. year .. " has not begun", zh = year .. "年尚未开始" }
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
	roles = { "approver" },
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
			refuse{
				en = "line " .. e.data.line .. " has a budget: a change needs a reason",
				zh = "科目" .. e.data.line .. "已有预算，调整须说明理由",
			}
		end
		local was = it and it.amount
		it = it or { spent = 0, changes = 0, line = e.data.line, year = e.data.year, office = e.actor.office }
		it.amount = fen(e.data.amount)
		if was then
			it.changes = it.changes + 1
			finding{ rule = "budget.changed", level = "info",
				text = { en = string.format("line %s: %s -> %s yuan: %s", e.data.line, yuan(was), yuan(it.amount), e.data.reason),
					zh = string.format("科目%s：%s元调整为%s元：%s", e.data.line, yuan(was), yuan(it.amount), e.data.reason) } }
		end
		store.set(key, it)
	end,
}

acts["payment"] = {
	doc = "money was paid: against its budget line and, if it has one, its contract",
	roles = { "clerk" },
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
			refuse{ en = "voucher " .. e.data.no .. " is entered already", zh = "凭证" .. e.data.no .. "已登记" }
		end
		local rule = common.executed(e, "budget")
		local year = year_of(e)
		local key = line_key("budget", e, e.data.line, year)
		local it, amount = store.get(key), fen(e.data.amount)
		-- Kept whole, so that what was mistyped can be taken back
		store.set(voucher, { record = e.record, uid = e.uid, amount = amount, contract = e.data.contract,
			line = it and key, year = year })
		if e.data.contract then
			local m = of_kind(e.data.contract, "contract")
			common.own_office(e, m.office)
			if not m.data.approved then
				wrong(e, rule, { code = "payment.unapproved", law = law.contract, matter = m.id,
					text = { en = "paid under contract " .. m.data.no .. ", which nobody has approved",
						zh = "按未经审批的合同" .. m.data.no .. "付款" } })
			end
			local paid = (m.data.paid or 0) + amount
			matter.set(m.id, { paid = paid })
			if paid > m.data.amount then
				wrong(e, rule, { code = "payment.contract", law = law.contract, matter = m.id,
					text = { en = string.format("contract %s: %s yuan paid of %s", m.data.no, yuan(paid), yuan(m.data.amount)),
						zh = string.format("合同%s：已付%s元，合同金额%s元", m.data.no, yuan(paid), yuan(m.data.amount)) } })
			end
		end
		if not it then
			wrong(e, rule, { code = "payment.no-line", law = law.budget,
				text = { en = "voucher " .. e.data.no .. ": there is no budget line " .. e.data.line .. " in " .. year,
					zh = "凭证" .. e.data.no .. "：" .. year .. "年无预算科目" .. e.data.line } })
			return
		end
		it.spent = it.spent + amount
		store.set(key, it)
		if it.spent > it.amount then
			wrong(e, rule, { code = "payment.over", law = law.budget,
				text = { en = string.format("line %s: %s yuan spent of %s", e.data.line, yuan(it.spent), yuan(it.amount)),
					zh = string.format("科目%s：已支出%s元，预算%s元", e.data.line, yuan(it.spent), yuan(it.amount)) } })
		end
	end,
}

-- Findings of the record that booked it are told to hold no more.
local function withdrawn(e, record, rules)
	for _, rule in ipairs(rules) do
		for _, f in ipairs(finding.find{ rule = rule, open = true }) do
			if f.record == record then
				finding.resolve(f.id, { en = "reversed: " .. e.data.reason, zh = "已冲销：" .. e.data.reason })
			end
		end
	end
end

local function booked(e, key)
	local it = store.get(key)
	if not it then
		refuse{ en = "voucher " .. e.data.no .. " is not entered", zh = "凭证" .. e.data.no .. "未登记" }
	elseif type(it) ~= "table" then
		refuse{ en = "voucher " .. e.data.no .. " was entered before reversals were kept", zh = "凭证" .. e.data.no .. "登记较早，无法冲销" }
	elseif it.uid == e.uid then
		refuse{ en = "who entered it must not reverse it", zh = "登记人不得自行冲销" }
	end
	return it
end

local function reversed(e, key, it, what)
	store.set(key, nil)
	local past = "reversed:" .. key
	local list = store.get(past) or {}
	list[#list + 1] = { record = it.record, by = e.uid, reversal = e.record }
	store.set(past, list)
	finding{ rule = "reversed", level = "info",
		text = { en = string.format("%s %s, %s yuan, is reversed: %s", what[1], e.data.no, yuan(it.amount), e.data.reason),
			zh = string.format("%s%s（%s元）已冲销：%s", what[2], e.data.no, yuan(it.amount), e.data.reason) } }
end

local REVERSAL = {
	no = { "string", required = true, min = 1, max = 60, doc = "the number as it was entered" },
	reason = { "string", required = true, min = 5, max = 300, doc = "what was wrong" },
}

acts["payment-reverse"] = {
	doc = "a mistyped voucher is taken back by another person; both stay on record, and the number is free again",
	roles = { "clerk", "head", "approver" },
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
	roles = { "clerk", "head", "approver" },
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
	roles = { "clerk" },
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
			refuse{ en = "receipt " .. e.data.no .. " is entered already", zh = "票据" .. e.data.no .. "已登记" }
		end
		local rule = common.executed(e, "revenue")
		local collected, paid = fen(e.data.collected), fen(e.data.paid_in)
		store.set(key, { record = e.record, uid = e.uid, amount = collected, year = year_of(e) })
		if paid ~= collected then
			wrong(e, rule, { code = "revenue.differs", law = law.revenue,
				text = { en = string.format("line %s: %s yuan collected, %s paid in", e.data.line, yuan(collected), yuan(paid)),
					zh = string.format("科目%s：收取%s元，缴存%s元", e.data.line, yuan(collected), yuan(paid)) } })
		end
	end,
}

acts["decision"] = {
	doc = "spending was decided: by whom together",
	roles = { "head", "approver" },
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
		if fen(e.data.amount) >= fen(law.collective.amount) and people < law.collective.people then
			wrong(e, rule, { code = "decision.alone", law = law.collective,
				text = { en = string.format("%s yuan decided by %d, %d are wanted", yuan(fen(e.data.amount)), people, law.collective.people),
					zh = string.format("%s元由%d人决定，应不少于%d人", yuan(fen(e.data.amount)), people, law.collective.people) } })
		end
	end,
}

return { acts = acts }
