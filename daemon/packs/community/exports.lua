-- Anti-fraud notices as alerts. One that was withdrawn is told as a cancellation of it.

local exports = {}

function exports.alerts(q, given, now)
	local rows, by, replaced = {}, {}, {}
	for _, one in ipairs(given.notices) do
		by[one.id] = one
		if one.refers then replaced[one.refers] = true end
	end
	for i = #given.notices, 1, -1 do
		local one = given.notices[i]
		local day, gone = date.of(one.time), one.cancelled ~= nil
		local asked = q.from or q.to or q.id
		local wanted = asked and (not q.from or day >= q.from) and (not q.to or day <= q.to)
			or not asked and not replaced[one.id] and (not one.to or one.to > now)
		if one.pack == "community" and one.kind == "anti-fraud" and wanted then
			local before, at = one.refers and by[one.refers], one.place and place.get(one.place)
			local row = { id = one.key, sent = one.time, from = one.from, to = one.to,
				type = before and "Update" or "Alert",
				refers = before and { { id = before.key, sent = before.time } } or nil,
				category = "Security", event = { en = "Fraud warning", zh = "反诈提示" }, urgency = "Expected",
				severity = "Moderate", certainty = "Observed", title = one.title, text = one.text,
				area = at and at.name or one.place, place = one.place or nil }
			rows[#rows + 1] = row
			if gone and not replaced[one.id] then
				local last = {}
				for name, value in pairs(row) do last[name] = value end
				last.id, last.type, last.refers = one.key .. "-cancel", "Cancel", { { id = one.key, sent = one.time } }
				last.text = one.cancelled
				local m = matter.get(one.key)
				last.sent = m and m.closed or one.time
				last.from = last.sent
				rows[#rows] = last
			end
		end
	end
	return rows
end

return exports
