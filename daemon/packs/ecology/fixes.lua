-- SPDX-License-Identifier: GPL-2.0-only
--
-- Position fixes. A device numbers its fixes for ever, so a number that was there
-- already with other values is forged, one under a new number is a replay, and what a
-- patrol could not have moved is impossible. What honest devices do is marked and
-- accuses nobody: they begin far off before they have found themselves, send again
-- what they think was lost, and hand in late. Bad fixes stay on record and count for
-- nothing.

local geo = include("geo")
local LAW = data("law")

local SEEN = 64     -- fixes of a device that are kept to compare
local GAPS = 32     -- runs of numbers that never came


local LEVEL = { ["fix.repeated"] = "info", ["fix.filled"] = "info", ["fix.cold"] = "info", ["fix.gap"] = "info",
    ["fix.late"] = "info",
    ["fix.paused"] = "warn", ["fix.outside"] = "warn" }

local M = {}

local function same(a, b)
    return a.t == b.t and a.lon == b.lon and a.lat == b.lat
end

local function in_pause(p, t)
    for _, pause in ipairs(p.data.pauses) do
        if t > pause[1] and (not pause[2] or t < pause[2]) then
            return true
        end
    end
end

local function remember(dev, f)
    dev.seen[#dev.seen + 1] = f
    if #dev.seen > SEEN then
        table.remove(dev.seen, 1)
    end
end

local function too_fast(p, a, b)
    return geo.metres(a, b) * 3600 > LAW["speed-" .. p.data.mode].kmh * 1000 * math.abs(b.t - a.t)
end

-- Does it lie between its neighbours by number, in time and in reach, on this patrol?
local function fits(p, dev, f)
    local before, after
    for _, old in ipairs(dev.seen) do
        if old.n < f.n and (not before or old.n > before.n) then
            before = old
        elseif old.n > f.n and (not after or old.n < after.n) then
            after = old
        end
    end
    return before and after and before.t < f.t and f.t < after.t and f.t >= p.data.started
        and not in_pause(p, f.t) and not too_fast(p, before, f) and not too_fast(p, f, after)
end

-- A number not above the last: it filled a gap, or it was there before
local function number_again(p, dev, f)
    for i, gap in ipairs(dev.gaps) do
        if f.n >= gap[1] and f.n <= gap[2] then
            table.remove(dev.gaps, i)
            if f.n < gap[2] then
                table.insert(dev.gaps, i, { f.n + 1, gap[2] })
            end
            if f.n > gap[1] then
                table.insert(dev.gaps, i, { gap[1], f.n - 1 })
            end
            if not fits(p, dev, f) then
                return "fix.inserted"
            end
            remember(dev, f)
            return "fix.filled"
        end
    end
    for _, old in ipairs(dev.seen) do
        if old.n == f.n and not same(old, f) then
            return "fix.inserted"
        elseif old.n == f.n and f.t >= p.data.started then
            return "fix.repeated"
        end
    end
    return "fix.replayed"
end

local function copied(dev, f)
    for _, old in ipairs(dev.seen) do
        if same(old, f) then
            return true
        end
    end
end

-- The rule that the fix breaks, or nil; `p.data` and `dev` go on with it
local function judge(e, p, dev, f, say)
    if dev.n and f.n <= dev.n then
        return number_again(p, dev, f)
    end
    if dev.n and f.n > dev.n + 1 then
        say("fix.gap", f.n)
        dev.gaps[#dev.gaps + 1] = { dev.n + 1, f.n - 1 }
        if #dev.gaps > GAPS then
            table.remove(dev.gaps, 1)
        end
    end
    dev.n = f.n
    local again = copied(dev, f)
    remember(dev, f)
    if again then
        return "fix.replayed"
    elseif f.t > e.time + LAW["fix-future"].seconds then
        return "fix.future"
    elseif f.t < p.data.started then
        return "fix.before"
    end
    local last = p.data.last
    if last and f.t <= last.t then
        return "fix.order"
    elseif in_pause(p, f.t) then
        return "fix.paused"
    end
    local inside = {}
    for _, id in ipairs(p.data.places) do
        local is = geo.inside(id, f.lon, f.lat)
        if is or (is == nil and #p.data.places == 1) then     -- its extent is not known
            inside[#inside + 1] = id
        end
    end
    -- Before a first fix where it should be the device may not have found itself.
    local lost = p.data.good == 0
    if last and not lost and too_fast(p, last, f) then
        return "fix.speed"
    end
    p.data.last = f
    if e.time - f.t > LAW["fix-late"].hours * 3600 then
        say("fix.late", f.n)
    end
    if #inside == 0 then
        return lost and last and too_fast(p, last, f) and "fix.cold" or "fix.outside"
    end
    for _, id in ipairs(inside) do
        p.data.seen[id] = (p.data.seen[id] or 0) + 1
        p.data.days = p.data.days or {}
        p.data.days[date.of(f.t) .. "/" .. id] = true
    end
    if lost then
        return nil, last and too_fast(p, last, f)
    end
    local day = date.of(f.t)
    local metres = last and geo.metres(last, f) or 0
    p.data.by_day = p.data.by_day or {}
    p.data.by_day[day] = (p.data.by_day[day] or 0) + metres
    p.data.metres = p.data.metres + metres
end

-- All fixes of one act, in the order they were handed in
function M.take(e, p, fixes)
    local key = "device/" .. p.data.device
    local dev = store.get(key) or { gaps = {}, seen = {} }
    local said, rules, track = {}, {}, {}
    local function say(rule, n)
        if not said[rule] then
            said[rule] = {}
            rules[#rules + 1] = rule
        end
        said[rule][#said[rule] + 1] = tostring(n)
    end
    for _, f in ipairs(fixes) do
        local rule, found = judge(e, p, dev, f, say)
        if found and said["fix.outside"] then     -- those before it in this act were no place
            for _, n in ipairs(said["fix.outside"]) do
                say("fix.cold", n)
            end
            said["fix.outside"] = nil
            for _, p in ipairs(track) do
                p.rule = p.rule == "fix.outside" and "fix.cold" or p.rule
            end
        end
        track[#track + 1] = { n = f.n, t = f.t, lon = f.lon, lat = f.lat,
            rule = rule ~= "fix.filled" and rule or nil }
        if rule == "fix.filled" then
            say(rule, f.n)
        elseif rule then
            say(rule, f.n)
            p.data.bad = p.data.bad + 1
        else
            p.data.good = p.data.good + 1
        end
    end
    store.set(key, dev)
    local handed = (p.data.handed or 0) + 1
    store.set(string.format("track/%s/%06d", p.id, handed), track)
    matter.set(p.id, { handed = handed, last = p.data.last, seen = p.data.seen, metres = p.data.metres,
        days = p.data.days, by_day = p.data.by_day, good = p.data.good, bad = p.data.bad })
    for _, rule in ipairs(rules) do
        if said[rule] then
            tables.flag(p.id, rule, LEVEL[rule] or "fault", "warden-duty", e.date,
                tables.text(rule, { fixes = table.concat(said[rule], ", ") }))
        end
    end
end

-- All fixes of a patrol, the earlier ones first; those that count for nothing have a rule
function M.track(id)
    local all = {}
    for _, key in ipairs(store.keys("track/" .. id .. "/")) do
        for _, f in ipairs(store.get(key)) do
            all[#all + 1] = f
        end
    end
    table.sort(all, function(a, b) return a.t < b.t or a.t == b.t and a.n < b.n end)
    return all
end

return M
