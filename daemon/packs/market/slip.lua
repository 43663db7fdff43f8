-- The explanation slip: by which measure a knife counts as controlled, in Chinese
-- and English, for whoever has the stall. It names no person.

local knife = include("classify")

local CLASS = {
	controlled = {
		"By these measures it counts as a controlled knife.",
		"依上述测量结果，符合管制刀具认定标准。",
	},
	exempt = {
		"By these measures it is exempt: not a controlled knife.",
		"依上述测量结果，属于除外情形，不属于管制刀具。",
	},
	none = {
		"No clause fits: by these measures it is not a controlled knife.",
		"各条均不符合，依上述测量结果不属于管制刀具。",
	},
	refer = {
		"The text does not settle it: an appraiser looks at it.",
		"标准文本不能直接认定，交由专人认定。",
	},
}

local MET = {
	yes = { "met", "符合" },
	no = { "not met", "不符合" },
	edge = { "on the limit, for a person", "恰在界限，须专人认定" },
}

local function name(clause)
	if clause == "exempt" then
		return "exemption", "除外情形"
	end
	return "clause (" .. clause .. ")", "第（" .. clause .. "）项"
end

-- Lines of the clauses, in both languages
local function reasons(result)
	local en, zh = {}, {}
	for _, reason in ipairs(result.reasons) do
		local en_name, zh_name = name(reason.clause)
		local row = knife.law[reason.row]
		en[#en + 1] = string.format("%s: %s (%s). %s", en_name, MET[reason.met][1], reason.en, row.en)
		zh[#zh + 1] = string.format("%s：%s（%s）。%s", zh_name, MET[reason.met][2], reason.zh, row.zh)
	end
	return en, zh
end

local function text(item, result)
	local en, zh = reasons(result)
	local head_en = string.format("Knife %s of stall %s: blade %s mm, tip angle %s degrees (10 mm from the tip).",
		item.no, item.stall, knife.figure(item.blade), knife.figure(item.tip_angle))
	local head_zh = string.format("摊位%s刀具%s：刀身长度%s毫米，刀尖角度%s度（距刀尖10毫米处测量）。",
		item.stall, item.no, knife.figure(item.blade), knife.figure(item.tip_angle))
	table.insert(en, 1, head_en)
	table.insert(zh, 1, head_zh)
	if result.why == "ethnic" then
		en[#en + 1] = knife.law.ethnic.en .. "."
		zh[#zh + 1] = knife.law.ethnic.zh .. "。"
	end
	en[#en + 1] = CLASS[result.class][1]
	zh[#zh + 1] = CLASS[result.class][2]
	en[#en + 1] = "What becomes of it a named officer decides, not this slip. You may object. Source: "
		.. knife.law["clause.1"].source
	zh[#zh + 1] = "如何处理由具名民警决定，本说明不作决定。您可以提出异议。依据：公通字[2007]2号《管制刀具认定标准》"
	return { en = table.concat(en, "\n"), zh = table.concat(zh, "\n") }
end

-- Publishes it; refers to the one before if there is one. Returns its number.
local function publish(id, item, result, place, before)
	return notice{
		kind = "slip",
		title = { en = "Explanation: knife " .. item.no .. ", stall " .. item.stall,
			zh = "管制刀具检查说明：摊位" .. item.stall .. "，刀具" .. item.no },
		text = text(item, result),
		place = place,
		key = id,
		refers = before,
	}
end

return { publish = publish }
