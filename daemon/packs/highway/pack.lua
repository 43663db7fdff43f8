-- SPDX-License-Identifier: GPL-2.0-only
--
-- The publicity-and-prevention supermarket of a highway: groups, notices, hazards,
-- tips, points, joint service.

local pack = {
    name = "highway",
    title = { en = "Publicity-and-prevention supermarket", zh = "宣防超市" },
    version = "1.0",
    roles = {
        manager = "duty manager of the highway police: admits drivers, opens groups, hands over",
        dispatcher = "digital duty room: publishes, answers by night",
        leader = "群主: one of two leaders of a group",
        sergeant = "警长: one of two sergeants of a group",
        officer = "checks on the road",
        owner = "speaks for the owner of a section of road",
        crew = "fixes what is broken there",
        partner = "road administration, rescue, operator",
        keeper = "service area: goods and rest post",
        gateway = "through whom drivers speak",
    },
    acts = {}, matters = {}, clocks = {}, on = {}, reports = {},
}

for _, file in ipairs({ "groups", "notices", "hazards", "tips", "points", "service", "reports" }) do
    local part = include(file)
    for _, section in ipairs({ "acts", "matters", "clocks", "on", "reports" }) do
        for name, value in pairs(part[section] or {}) do
            pack[section][name] = value
        end
    end
end

pack.claim = include("hazards").claim
pack.exports = include("exports")

return pack
