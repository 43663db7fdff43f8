-- SPDX-License-Identifier: GPL-2.0-only
-- A pack with one more report: what its rules find of given facts. Its own declaration is
-- in original.lua by then, and nothing else of it is touched.

local pack = include("original")

local function commutation(facts)
    local list = {}
    for rule in pairs(tables.evaluate("commutation", facts)) do list[#list + 1] = { finding = rule } end
    return list
end

local function knife(facts)
    local result = include("classify").classify(facts, "2026-11-20")
    local list = {}
    for i, row in ipairs(result.rows) do list[i] = { finding = result.class .. ":" .. row } end
    return list
end

pack.reports = {
    judge = { doc = "what is found of given facts", columns = { "finding" }, run = pack.matters.commutation and commutation or knife },
}
return pack
