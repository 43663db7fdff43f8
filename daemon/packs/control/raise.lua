-- SPDX-License-Identifier: GPL-2.0-only
-- A finding is raised: by an auditor, by an execution check or by a sister office.
-- The same one again, within the period, reopens what was verified.

local common = include("common")
local law = common.law

local function sisters(office_id)
	local it = office.get(office_id)
	local list = {}
	if it and it.parent then
		for _, each in ipairs(office.find{ parent = it.parent }) do
			if each.id ~= office_id and each.kind == it.kind then
				list[#list + 1] = each.id
			end
		end
	end
	return list
end

local function asked(key, wave)
	for _, check in ipairs(matter.find{ kind = "check", key = key }) do
		if not check.closed or check.data.wave == wave then
			return true
		end
	end
	return #matter.find{ kind = "issue", key = key, open = true } > 0
end

-- The same finding in sister offices becomes a check for each of them, once a wave
local function sideways(id, code, office_id, wave)
	for _, sister in ipairs(sisters(office_id)) do
		local key = code .. ":" .. sister
		if not asked(key, wave) then
			local check = matter.open{
				kind = "check", office = sister, key = key,
				title = tables.text("does-hold-you", { code = code }),
				data = { code = code, issue = id, wave = wave },
			}
			matter.link(check, id, "sideways")
			tables.start("check", check)
		end
	end
end

local function reopen(e, old, it)
	matter.move(old.id, "reopened")
	matter.set(old.id, { recurred = (old.data.recurred or 0) + 1, owner = store.null,
		milestones = store.null, reported = store.null })
	tables.flag(old.id, "recurrence", "fault", "watch", e.date,
		tables.text("same-finding-again-within", { text = it.text }))
	tables.start("owner", old.id)
	local above = office.get(old.office)
	task{ matter = old.id, office = above and above.parent or old.office, key = "recurrence",
		text = tables.text("verified-finding-has-come", { code = it.code }) }
end

local function watched_until(m)
	return date.add(m.data.verified.date, { months = law.watch.figure })
end

-- it: code, office, text, risk, rule (a matter or nil), from (a matter or nil), by (office that shares), wave
-- (which spread of checks it belongs to)
local function raise(e, it)
	local key = it.code .. ":" .. it.office
	local old = matter.find{ kind = "issue", key = key, open = true }[1]
	local id
	if old and old.stage == "verified" and date.compare(e.date, watched_until(old)) > 0 then
		matter.move(old.id, "closed")
		old = nil
	end
	if old then
		id = old.id
		if it.from then
			matter.link(id, it.from, "again in")
		end
		if old.stage == "verified" then
			reopen(e, old, it)
		else
			tables.flag(id, "known", "info", "known", e.date,
				tables.text("same-finding-still-open", { text = it.text }))
		end
	else
		local before = matter.find{ kind = "issue", key = key }
		id = matter.open{
			kind = "issue", office = it.office, key = key,
			title = tables.text("finding", { code = it.code }),
			data = { code = it.code, text = it.text, risk = it.risk, rule = it.rule and it.rule.id,
				evidence = it.evidence, round = 1, source = it.source },
		}
		if it.from then
			matter.link(id, it.from, "found in")
		end
		if #before > 0 then
			matter.link(id, before[#before].id, "after the period")
			tables.flag(id, "again", "warn", "watch", e.date,
				tables.text("same-finding-was-closed", { id = before[#before].id }))
		end
		tables.start("owner", id)
	end
	if it.by and it.by ~= it.office then
		matter.share(id, it.by)
	end
	if it.rule then
		matter.link(id, it.rule.id, "against rule")
		common.step(e, it.rule, "supervised")
	end
	sideways(id, it.code, it.office, it.wave or id .. "/" .. (matter.get(id).data.recurred or 0))
	return id
end

return { raise = raise, watched_until = watched_until }
