-- SPDX-License-Identifier: GPL-2.0-only
--
-- Eco-policing: stations, wardens, patrols, clues and cases, sensors.

local pack = {
    name = "ecology",
    title = { en = "Eco-policing", zh = "生态警务" },
    version = "1.0",
    roles = {
        warden = "生态警长: answers for places, patrols them, fills the five duties",
        station = "生态联勤警务站: duty officer of a station, dispatches clues, repairs",
        command = "binds wardens and sensors, opens and closes cases, extends deadlines",
        inspector = "checks stations against the standard; of another office",
        department = "speaks for a department of the joint duty",
    },
    acts = {}, matters = {}, clocks = {}, on = {}, reports = {},
}

for _, file in ipairs({ "stations", "wardens", "patrols", "clues", "sensors", "reports" }) do
    local part = include(file)
    for _, section in ipairs({ "acts", "matters", "clocks", "on", "reports" }) do
        for name, value in pairs(part[section] or {}) do
            pack[section][name] = value
        end
    end
end

-- Facts of a check: its score
function pack.facts(m)
    if m and m.kind == "check" and m.data.score then
        return { on = date.of(m.opened), score = m.data.score.all, station = m.data.station }
    end
end

pack.exports = include("exports")

return pack
