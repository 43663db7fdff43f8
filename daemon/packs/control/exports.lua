-- SPDX-License-Identifier: GPL-2.0-only
-- Findings as a plan of action and milestones

local exports = {}

local function text_of(value)
	return type(value) == "table" and (value.zh or value.en) or value or ""
end

function exports.poam(q)
	local rows = {}
	for _, m in ipairs(matter.find{ kind = "issue", open = not (q.from or q.to) }) do
		local day, d = date.of(m.opened), m.data
		if (not q.from or date.compare(day, q.from) >= 0) and (not q.to or date.compare(day, q.to) <= 0) then
			local milestones, last = {}, nil
			for i, one in ipairs(d.milestones or {}) do
				milestones[i] = { text = text_of(one.text), due = one.due, done = one.on }
				last = one.due and (not last or one.due > last) and one.due or last
			end
			rows[#rows + 1] = { id = m.id, title = text_of(m.title), text = text_of(d.text or m.title),
				closed = m.closed ~= nil, due = last, milestones = milestones,
				words = { code = d.code, stage = m.stage, office = m.office, source = d.source,
					owner = d.owner, recurred = d.recurred } }
		end
	end
	return rows
end

return exports
