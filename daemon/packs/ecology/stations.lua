-- SPDX-License-Identifier: GPL-2.0-only
--
-- Stations against the station standard: an inspector enters five chapters, the
-- score follows, what is unmet is repaired and seen again by a deadline. An item's
-- threshold is by the local standard: the inspector says met, in part, or not.

local CHAPTERS = data("checklist").chapters
local PRINCIPLES = data("checklist").principles

-- The items of one chapter that a station of this class must meet, in order
local function applicable(chapter, class)
    local items = {}
    for _, item in ipairs(chapter.items) do
        if tables.contains(item.classes, class) then
            items[#items + 1] = item
        end
    end
    return items
end

local function chapter_of(id)
    for _, chapter in ipairs(CHAPTERS) do
        if chapter.id == id then
            return chapter
        end
    end
end

local function each_item(class, fn)
    for _, chapter in ipairs(CHAPTERS) do
        for _, item in ipairs(applicable(chapter, class)) do
            fn(item, chapter)
        end
    end
end

-- Points in hundredths of the whole: in all, by chapter, by principle
local function score(class, marks)
    local got, most = {}, {}
    local function add(key, points, share)
        got[key] = (got[key] or 0) + points * share
        most[key] = (most[key] or 0) + points
    end
    each_item(class, function(item, chapter)
        local share = marks[item.id] == "met" and 2 or marks[item.id] == "part" and 1 or 0
        for _, key in ipairs({ "all", chapter.id, item.principle }) do
            add(key, item.points, share)
        end
    end)
    local percent = {}
    for key, points in pairs(got) do
        percent[key] = points * 50 // most[key]
    end
    return percent
end

local function open_items(m)
    local ids = {}
    each_item(m.data.class, function(item)
        if m.data.marks[item.id] ~= "met" then
            ids[#ids + 1] = item.id
        end
    end)
    return ids
end

local function to_repair(m, ids)
    matter.set(m.id, { repair = ids, repaired = {} })
    tables.start("repair", m.id)
    task { matter = m.id, office = m.data.station, key = "repair", text = tables.text("repair-show-photos",
        { ids = table.concat(ids, " ") }) }
end

local function judge(e, m, marks)
    local percent = score(m.data.class, marks)
    matter.set(m.id, { marks = marks, score = percent })
    each_item(m.data.class, function(item)
        if item.must and marks[item.id] ~= "met" then
            tables.flag(m.id, "station.must", "fault", "station-item", e.date,
                { en = item.id .. " is unmet at " .. m.data.station .. ": " .. item.en,
                    zh = m.data.station .. " 的 " .. item.id .. " 未达标：" .. item.zh })
        end
    end)
    return percent
end

local function not_the_station(e, station)
    if tables.within(e.actor.office, station) then
        tables.refuse("station-checked", { station = station })
    end
end

local acts = {}

acts["check-open"] = {
    doc = "a check of one station against the standard begins",
    fields = {
        station = { "office", required = true, doc = "office of kind `station`" },
        class = { "enum", values = { "A", "B", "C" }, required = true, doc = "class of construction" },
    },
    run = function(e)
        local station = office.get(e.data.station)
        if station.kind ~= "station" then
            tables.refuse("office-no-station", { station = station.id })
        end
        not_the_station(e, station.id)
        if #matter.find { kind = "check", key = station.id, open = true } > 0 then
            tables.refuse("check-still-open", { station = station.id })
        end
        local id = matter.open { kind = "check", key = station.id, office = e.actor.office,
            title = tables.text("check", { id = station.name or station.id }),
            data = { station = station.id, class = e.data.class, marks = {}, chapters = {},
                inspector = e.uid } }
        matter.share(id, station.id)
        tables.start("check-fill", id)
    end,
}

acts["check-chapter"] = {
    doc = "one of the five chapters, each item that its class has rated once; the fifth gives the score",
    fields = {
        check = { "matter", required = true },
        chapter = { "enum", required = true,
            values = { "siting", "construction", "rooms", "digital", "signs" } },
        met = { "list", of = { "string", max = 8 }, max = 20, doc = "items met" },
        part = { "list", of = { "string", max = 8 }, max = 20, doc = "items met in part: half the points" },
        unmet = { "list", of = { "string", max = 8 }, max = 20, doc = "items not met" },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e, m)
        if m.data.chapters[e.data.chapter] then
            tables.refuse("chapter-entered-already", { chapter = e.data.chapter })
        end
        local marks, given = m.data.marks, {}
        for _, mark in ipairs({ "met", "part", "unmet" }) do
            for _, id in ipairs(e.data[mark] or {}) do
                if given[id] then
                    tables.refuse("item-rated-twice", { matter = id })
                end
                given[id] = mark
            end
        end
        for _, item in ipairs(applicable(chapter_of(e.data.chapter), m.data.class)) do
            if not given[item.id] then
                tables.refuse("item-not-rated", { matter = item.id, item = item.en, item2 = item.en })
            end
            marks[item.id], given[item.id] = given[item.id], nil
        end
        for id in pairs(given) do
            tables.refuse("item-none-chapter-for", { matter = id, chapter = e.data.chapter, class = m.data.class })
        end
        local chapters, done = m.data.chapters, 0
        chapters[e.data.chapter] = true
        for _ in pairs(chapters) do
            done = done + 1
        end
        matter.set(m.id, { marks = marks, chapters = chapters })
        if done < #CHAPTERS then
            return
        end
        m.data.marks = marks
        tables.stop("check-fill", m.id)
        local percent = judge(e, m, marks)
        matter.note(m.id, tables.text("score", { all = percent.all }))
        local ids = open_items(m)
        if #ids == 0 then
            matter.move(m.id, "closed")
            return
        end
        matter.move(m.id, "repair")
        to_repair(m, ids)
    end,
}

acts["repair-done"] = {
    doc = "the station shows items repaired; with the last one the re-visit is due",
    fields = {
        check = { "matter", required = true },
        items = { "list", of = { "string", max = 8 }, max = 40, required = true },
        photos = { "list", of = { "blob" }, max = 6, required = true, doc = "at least one" },
    },
    run = function(e, m)
        if #e.data.photos == 0 then
            tables.refuse("repair-shown-photo")
        end
        local repaired = m.data.repaired or {}
        for _, id in ipairs(e.data.items) do
            if not tables.contains(m.data.repair, id) then
                tables.refuse("item-not-repaired", { matter = id })
            end
            repaired[id] = e.uid
        end
        matter.set(m.id, { repaired = repaired })
        for _, id in ipairs(m.data.repair) do
            if not repaired[id] then
                return
            end
        end
        tables.stop("repair", m.id)
        matter.move(m.id, "revisit")
        tables.start("revisit", m.id)
    end,
}

acts["repair-extend"] = {
    doc = "more time for the repair, once",
    fields = {
        check = { "matter", required = true },
        reason = { "string", required = true, min = 2, max = 200 },
    },
    run = function(e, m)
        clock.extend("repair", m.id, e.data.reason)
    end,
}

acts["revisit"] = {
    doc = "the inspector saw the repaired items; all met closes the check, else repair begins again",
    fields = {
        check = { "matter", required = true },
        met = { "list", of = { "string", max = 8 }, max = 40 },
        unmet = { "list", of = { "string", max = 8 }, max = 40 },
        photos = { "list", of = { "blob" }, max = 6 },
    },
    run = function(e, m)
        not_the_station(e, m.data.station)
        local seen, again, marks = {}, {}, m.data.marks
        for _, mark in ipairs({ "met", "unmet" }) do
            for _, id in ipairs(e.data[mark] or {}) do
                if seen[id] or not tables.contains(m.data.repair, id) then
                    tables.refuse("item-rated-twice-or", { matter = id })
                elseif m.data.repaired[id] == e.uid then
                    tables.refuse("repaired-cannot-say-met", { matter = id })
                end
                seen[id], marks[id] = true, mark
            end
        end
        for _, id in ipairs(m.data.repair) do
            if not seen[id] then
                tables.refuse("item-not-seen-again", { matter = id })
            elseif marks[id] ~= "met" then
                again[#again + 1] = id
            end
        end
        tables.stop("revisit", m.id)
        matter.set(m.id, { marks = marks, score = score(m.data.class, marks) })
        if #again == 0 then
            matter.move(m.id, "closed")
            return
        end
        tables.flag(m.id, "station.again", "fault", "station-item", e.date, tables.text("still-unmet",
            { station = m.data.station, again = table.concat(again, " ") }))
        matter.move(m.id, "repair")
        to_repair(m, again)
    end,
}

local function stations_report()
    local rows, last = {}, {}
    for _, m in ipairs(matter.find { kind = "check" }) do
        last[m.data.station] = m
    end
    for _, station in ipairs(office.find { kind = "station" }) do
        local row = { station = station.id, stage = "unchecked" }
        local m = last[station.id]
        if m then
            row.stage, row.class = m.stage, m.data.class
            row.open = #open_items(m)
            for key, value in pairs(m.data.score or {}) do
                row[key == "all" and "score" or key] = value
            end
        end
        if m or office.seen(station.id) then
            rows[#rows + 1] = row
        end
    end
    return rows
end

local columns = { "station", "class", "stage", "score", "open" }
for _, chapter in ipairs(CHAPTERS) do
    columns[#columns + 1] = chapter.id
end
for principle in pairs(PRINCIPLES) do
    columns[#columns + 1] = principle
end

return {
    acts = acts,
    matters = {
        check = {
            title = { en = "Check of a station", zh = "警务站规范检查" },
            stages = {
                filling = { to = { "repair", "closed" }, doc = "chapters are being entered" },
                repair = { to = { "revisit" }, doc = "the station repairs what is unmet" },
                revisit = { to = { "repair", "closed" }, doc = "all is said to be repaired" },
                closed = { final = true, doc = "every item met" },
            },
            first = "filling",
        },
    },
    reports = {
        stations = {
            doc = "the last check of each station: score in all, by chapter and by principle",
            columns = columns,
            run = stations_report,
        },
    },
}
