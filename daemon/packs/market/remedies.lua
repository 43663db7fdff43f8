-- SPDX-License-Identifier: GPL-2.0-only
-- Whoever a decision concerns is told until when he may ask for reconsideration, or sue: a note of @text.
return function(e, m, text, args)
	local asked, lawsuit = tables.some_law("reconsideration", e.date), tables.some_law("lawsuit", e.date)
	args.last, args.source, args.lawsuit = deadline(e.date, asked), asked.source, lawsuit.source
	args.court = deadline(e.date, lawsuit)
	matter.note(m.id, tables.text(text, args))
end
