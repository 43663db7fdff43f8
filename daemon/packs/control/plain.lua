-- Personal data has no place in a text that is sealed in clear: what looks like the
-- number of an identity card (18 digits, the last may be X) or of a mobile telephone
-- (11 digits, the first 1) is refused.

local ZERO, NINE, SPACE, DASH, X, x = 48, 57, 32, 45, 88, 120

local function looks_personal(text)
	local digits, first = 0, nil
	for i = 1, #text + 1 do
		local byte = text:byte(i) or 0
		if byte >= ZERO and byte <= NINE then
			digits = digits + 1
			first = first or byte
		elseif digits == 17 and (byte == X or byte == x) then
			return true
		elseif (byte ~= SPACE and byte ~= DASH) or digits == 0 then
			if digits == 18 or (digits == 11 and first == ZERO + 1) then
				return true
			end
			digits, first = 0, nil
		end
	end
	return false
end

return function(...)
	for i = 1, select("#", ...) do
		local text = select(i, ...)
		if type(text) == "string" and looks_personal(text) then
			refuse{
				en = "the text holds what looks like an identity or telephone number: personal data belongs in a blob",
				zh = "文本中疑似含有身份证号或手机号：个人信息须另存密文",
			}
		end
	end
end
