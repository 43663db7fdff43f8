-- Meetings, suggestions and their answers. Who suggests has a receipt number and
-- nothing else: the pack keeps neither name nor uid of whoever speaks.

local common = include("common")
local law, of_kind, own_office = common.law, common.of_kind, common.own_office

local TOPICS = { "security", "road", "housing", "school", "work", "environment", "fraud", "service", "other" }
local SUGGESTION = { "matter", required = true, doc = "the suggestion" }
local acts = {}

-- A petition has the clocks of the Petition Regulations: receipt, settling, and each
-- review by the office above. What is no petition has this pack's.
local function taking(m)
	return m.data.petition and "petition-receipt" or "take"
end

local function answering(m)
	if not m.data.petition then
		return "answer"
	end
	return m.data.reopened > 0 and "petition-review" or "petition-settle"
end

acts["meeting"] = {
	doc = "newcomers' representatives, police and township will meet",
	roles = { "organiser" },
	fields = {
		title = { "string", required = true, min = 2, max = 120, doc = "what for" },
		place = { "place", required = true, doc = "where" },
		on = { "date", required = true, doc = "when" },
		with = { "list", of = { "office" }, required = true, max = 10, doc = "offices that take part: police, township" },
	},
	run = function(e)
		if date.compare(e.data.on, e.date) < 0 then
			refuse{ en = "on: " .. e.data.on .. " has passed", zh = e.data.on .. "已过" }
		end
		if #e.data.with == 0 then
			refuse{ en = "with: nobody to meet", zh = "未指定参会单位" }
		end
		local id = matter.open{ kind = "meeting", place = e.data.place, title = e.data.title,
			data = { on = e.data.on, with = e.data.with } }
		for _, each in ipairs(e.data.with) do
			if each ~= e.actor.office then
				matter.share(id, each)
			end
		end
		clock.start("hold", id, { from = e.data.on })
		notice{ kind = "meeting", key = id, place = e.data.place,
			title = { en = "Residents' forum: " .. e.data.title, zh = "居民议事会：" .. e.data.title },
			text = { en = "On " .. e.data.on .. ". Suggestions are taken before, there and afterwards.",
				zh = e.data.on .. "召开，会前、会中、会后均可提出建议。" } }
	end,
}

acts["meeting-held"] = {
	doc = "the meeting was held: how many came, which offices; no names",
	roles = { "organiser" },
	fields = {
		meeting = { "matter", required = true, doc = "the meeting" },
		representatives = { "integer", required = true, min = 0, max = 10000, doc = "residents' representatives who came" },
		present = { "list", of = { "office" }, required = true, max = 10, doc = "offices that came" },
		suggestions = { "integer", required = true, min = 0, max = 10000, doc = "suggestions made there" },
		minutes = { "blob", doc = "hash of the minutes" },
	},
	run = function(e)
		local m = of_kind(e.data.meeting, "meeting", "announced")
		own_office(e, m)
		clock.stop("hold", m.id)
		local there = {}
		for _, each in ipairs(e.data.present) do
			there[each] = true
		end
		for _, each in ipairs(m.data.with) do
			if not there[each] then
				finding{ rule = "absent", level = "warn", matter = m.id,
					text = { en = "office " .. each .. " did not come", zh = "单位" .. each .. "未到会" } }
			end
		end
		if e.data.representatives == 0 then
			finding{ rule = "nobody", level = "warn", matter = m.id,
				text = { en = "no representative of the residents came", zh = "无居民代表到会" } }
		end
		matter.set(m.id, { representatives = e.data.representatives, made = e.data.suggestions, entered = m.data.entered or 0,
			minutes = e.data.minutes })
		matter.move(m.id, "held")
	end,
}

acts["meeting-close"] = {
	doc = "every suggestion made at the meeting has its receipt",
	roles = { "organiser" },
	fields = { meeting = { "matter", required = true, doc = "the meeting" } },
	run = function(e)
		local m = of_kind(e.data.meeting, "meeting", "held")
		own_office(e, m)
		local entered = m.data.entered or 0
		if entered < m.data.made then
			refuse{
				en = string.format("%d suggestions were made, %d have a receipt", m.data.made, entered),
				zh = string.format("会上提出建议%d条，已登记%d条", m.data.made, entered),
			}
		end
		matter.move(m.id, "closed")
	end,
}

-- A secret that is told to nobody but by who uses it; its hash alone is sealed before.
local function keep_receipt(hash, id)
	if store.get("receipt/" .. hash) then
		refuse{ en = "this receipt is used already: draw another secret", zh = "该回执已使用，请另行生成" }
	end
	store.set("receipt/" .. hash, id)
end

acts["suggestion"] = {
	doc = "a resident's suggestion; the number of its matter is the receipt",
	roles = "public",
	fields = {
		topic = { "enum", required = true, values = TOPICS, doc = "what about: decides who answers" },
		text = { "string", required = true, min = 5, max = 600, doc = "the suggestion; no names, no numbers of persons" },
		place = { "place", doc = "where; the meeting's if absent" },
		meeting = { "matter", doc = "the meeting at which it was made" },
		petition = { "boolean", default = false, doc = "it is a petition (信访): the clocks of the Petition Regulations run" },
		receipt = { "blob", doc = "SHA-256 of a secret that whoever suggests keeps: then the secret alone is the receipt" },
	},
	run = function(e)
		local meeting = e.data.meeting and of_kind(e.data.meeting, "meeting", "announced", "held")
		local where = e.data.place or meeting and meeting.place
		if not where then
			refuse{
				en = "place: neither a place nor a meeting says where, and so who answers",
				zh = "未说明地点或会议，无法确定承办单位",
			}
		end
		local id = matter.open{
			kind = "suggestion", place = where, key = e.record, office = office.route(where, e.data.topic),
			title = { en = "Suggestion: " .. e.data.topic, zh = "居民建议：" .. e.data.topic },
			data = { topic = e.data.topic, text = e.data.text, reopened = 0, date = e.date,
				petition = e.data.petition or nil, receipt = e.data.receipt },
		}
		if e.data.receipt then
			keep_receipt(e.data.receipt, id)
		end
		if meeting then
			matter.link(id, meeting.id, "made at")
			matter.set(meeting.id, { entered = (meeting.data.entered or 0) + 1 })
		end
		local m = matter.get(id)
		clock.start(taking(m), id)
		if not m.data.petition then
			clock.start("answer", id, { key = "0" })
		end
		task{ matter = id, office = matter.get(id).office, key = "take",
			text = { en = "take this suggestion or pass it on", zh = "受理或转交该建议" } }
	end,
}

acts["take"] = {
	doc = "the office takes it and names who answers",
	roles = { "answerer" },
	fields = {
		suggestion = SUGGESTION,
		by = { "uid", doc = "who answers; the actor if absent" },
	},
	run = function(e)
		local m = of_kind(e.data.suggestion, "suggestion", "received", "reopened")
		own_office(e, m)
		local by = e.data.by or e.uid
		local who = actor.get(by)
		if not who or who.office ~= m.office then
			refuse{ en = "by: must be an actor of office " .. m.office, zh = "承办人须为单位" .. m.office .. "人员" }
		end
		clock.stop(taking(m), m.id)
		common.done(m.id, "take")
		matter.set(m.id, { answerer = by, taken = e.date })
		matter.move(m.id, "taken")
		if m.data.petition and m.data.reopened == 0 then
			clock.start("petition-settle", m.id, { key = "0" })
		end
		task{ matter = m.id, actor = by, key = "answer", text = { en = "answer this suggestion", zh = "答复该建议" } }
	end,
}

acts["pass-on"] = {
	doc = "it is another office's; without one named it goes up. The chain of owners stays",
	roles = { "answerer" },
	fields = {
		suggestion = SUGGESTION,
		to = { "office", doc = "to whom; the office above if absent" },
		reason = { "string", required = true, min = 5, max = 300, doc = "why" },
	},
	run = function(e)
		local m = of_kind(e.data.suggestion, "suggestion", "received", "reopened", "taken")
		own_office(e, m)
		local passed = m.data.passed or {}
		local to = e.data.to
		-- who had it before does not get it again: then it goes up
		if not to or to == m.office then
			to = nil
		else
			for _, before in ipairs(passed) do
				if before == to then
					refuse{
						en = "office " .. to .. " had it before: leave out to, and it goes up",
						zh = "单位" .. to .. "已经办过，不填写去向即报上级",
					}
				end
			end
		end
		to = to or office.get(m.office).parent
		if not to then
			refuse{
				en = "there is no office above " .. m.office .. ": it stays",
				zh = "单位" .. m.office .. "没有上级，不得再转",
			}
		end
		if m.data.petition then
			local last = deadline(m.data.given or m.data.date, law["petition-objection"])
			if date.compare(e.date, last) > 0 then
				finding{ rule = "petition.late-objection", level = "warn", matter = m.id, law = law["petition-objection"],
					text = { en = "that it is another office's was to be said until " .. last, zh = "异议应在" .. last .. "前提出" } }
			end
		end
		passed[#passed + 1] = m.office
		matter.set(m.id, { passed = passed, answerer = store.null, given = e.date })
		matter.hand(m.id, to, e.data.reason)
		if m.stage == "taken" then
			if m.data.petition and m.data.reopened == 0 then
				clock.stop("petition-settle", m.id, "0")
			end
			matter.move(m.id, "received")
			clock.start(taking(m), m.id)
		end
		task{ matter = m.id, office = to, key = "take:" .. to,
			text = { en = "take this suggestion or pass it on", zh = "受理或转交该建议" } }
	end,
}

acts["answer"] = {
	doc = "the answer, by whom was named for it",
	roles = { "answerer" },
	fields = {
		suggestion = SUGGESTION,
		outcome = { "enum", required = true, values = { "done", "planned", "declined" }, doc = "what becomes of it" },
		en = { "string", min = 5, max = 600, doc = "the answer in English" },
		zh = { "string", required = true, min = 2, max = 600, doc = "the answer in Chinese" },
	},
	run = function(e)
		local m = of_kind(e.data.suggestion, "suggestion", "taken")
		own_office(e, m)
		if e.uid ~= m.data.answerer then
			refuse{ en = "another person was named to answer", zh = "已指定他人答复" }
		end
		clock.stop(answering(m), m.id, tostring(m.data.reopened))
		common.done(m.id, "answer")
		matter.set(m.id, { outcome = e.data.outcome, answered = e.date,
			answer = { en = e.data.en or e.data.zh, zh = e.data.zh } })
		matter.move(m.id, "answered")
		clock.start("publish", m.id)
		task{ matter = m.id, office = m.office, key = "publish",
			text = { en = "publish the answer: another person", zh = "由另一人审核公布答复" } }
	end,
}

acts["answer-extend"] = {
	doc = "more time for the answer, with a reason, once",
	roles = { "answerer" },
	fields = { suggestion = SUGGESTION, reason = { "string", required = true, min = 5, max = 300, doc = "why" } },
	run = function(e)
		local m = of_kind(e.data.suggestion, "suggestion", "received", "taken", "reopened")
		own_office(e, m)
		clock.extend(answering(m), m.id, e.data.reason, tostring(m.data.reopened))
	end,
}

acts["publish"] = {
	doc = "another person has read the answer and publishes it under the receipt number",
	roles = { "publisher" },
	notice = { matter = "suggestion" },
	fields = { suggestion = SUGGESTION },
	run = function(e)
		local m = of_kind(e.data.suggestion, "suggestion", "answered")
		common.side(e, m)
		if e.uid == m.data.answerer then
			refuse{
				en = "who answered must not publish it: another person reads it first",
				zh = "答复人不得自行公布，须由他人审核",
			}
		end
		clock.stop("publish", m.id)
		common.done(m.id, "publish")
		local before = m.data.notice
		local number = notice{ kind = "answer", key = m.id, place = m.place, refers = before,
			title = { en = "Answer to suggestion " .. m.id, zh = "建议" .. m.id .. "的答复" }, text = m.data.answer }
		matter.set(m.id, { notice = number, published = e.date })
		matter.move(m.id, "published")
	end,
}

local function by_receipt(receipt)
	local secret = store.get("receipt/" .. sha256(receipt))
	if secret then
		return matter.get(secret)
	end
	local m = matter.get(receipt)
	if not m or m.kind ~= "suggestion" then
		m = matter.find{ kind = "suggestion", key = receipt }[1]
	end
	if m and m.data.receipt then
		refuse{
			en = "the receipt of this suggestion is the secret it was made with, not its number",
			zh = "该建议的回执为提交时的密码，而非编号",
		}
	elseif not m then
		refuse{ en = "there is no suggestion with receipt " .. receipt, zh = "没有回执号为" .. receipt .. "的建议" }
	end
	return m
end

acts["satisfaction"] = {
	doc = "whoever has the receipt says whether the answer satisfies; if not, it is reopened, within bounds",
	roles = "public",
	fields = {
		receipt = { "string", required = true, min = 3, max = 80, doc = "the secret; without one the number of the matter, or of the suggestion's record" },
		next = { "blob", doc = "SHA-256 of the next secret: this one is known from now on" },
		satisfied = { "boolean", required = true, doc = "yes or no" },
		text = { "string", max = 500, doc = "why; no names" },
	},
	run = function(e)
		local m = of_kind(by_receipt(e.data.receipt).id, "suggestion", "published")
		if m.data.receipt and e.data.next then
			store.set("receipt/" .. sha256(e.data.receipt), nil)
			keep_receipt(e.data.next, m.id)
		end
		if e.actor and e.actor.office == m.office then
			refuse{ en = "the office that answered does not say whether it satisfies", zh = "答复单位不得作满意度评价" }
		end
		if e.data.satisfied then
			matter.set(m.id, { satisfied = true })
			matter.move(m.id, "closed")
			return
		end
		local bound = m.data.petition and law["petition-review-asked"] or law.reopen
		local late = date.days(m.data.published, e.date) > law.reopen.days
		if m.data.petition then
			late = date.compare(e.date, (deadline(m.data.published, bound))) > 0
		end
		if m.data.reopened >= law.reopen.times or late then
			matter.set(m.id, { satisfied = false })
			local above = office.get(m.office).parent
			finding{ rule = "dissatisfied", level = "warn", matter = m.id, law = bound,
				text = { en = "still dissatisfied after " .. m.data.reopened .. " reopenings" .. (late and ", and late" or "") .. ": closed, known to the office above",
					zh = "重办" .. m.data.reopened .. "次后仍不满意" .. (late and "（已过期限）" or "") .. "，结案并报上级" } }
			matter.move(m.id, "closed")
			task{ matter = m.id, office = above or m.office, key = "dissatisfied",
				text = { en = "a suggestion was closed, dissatisfied", zh = "有建议在不满意状态下结案" } }
			return
		end
		local times = m.data.reopened + 1
		matter.set(m.id, { reopened = times, satisfied = store.null, why = e.data.text })
		finding{ rule = "reopened", level = "info", matter = m.id, law = bound,
			text = { en = "dissatisfied, reopened for the " .. times .. ". time", zh = "不满意，第" .. times .. "次重办" } }
		matter.move(m.id, "reopened")
		if m.data.petition then
			-- Reviewed by the office above, then by the one above that
			local above = office.get(m.office).parent
			if above then
				matter.hand(m.id, above, "review asked for")
			end
			clock.start("petition-review", m.id, { key = tostring(times) })
		else
			clock.start("take", m.id)
			clock.start("answer", m.id, { key = tostring(times) })
		end
		task{ matter = m.id, office = matter.get(m.id).office, key = "take", text = { en = "dissatisfied: answer again", zh = "不满意，重新办理" } }
	end,
}

acts["suggestion-close"] = {
	doc = "the answer stands published for the period and nobody objected",
	roles = { "organiser" },
	fields = { suggestion = SUGGESTION },
	run = function(e)
		local m = of_kind(e.data.suggestion, "suggestion", "published")
		if e.actor.office == m.office and e.uid == m.data.answerer then
			refuse{ en = "who answered must not close it", zh = "答复人不得结案" }
		end
		if date.days(m.data.published, e.date) <= law.reopen.days then
			refuse{
				en = "published on " .. m.data.published .. ": it stays open " .. law.reopen.days .. " days",
				zh = m.data.published .. "公布，" .. law.reopen.days .. "日内不得结案",
			}
		end
		matter.move(m.id, "closed")
	end,
}

return { acts = acts }
