-- SPDX-License-Identifier: GPL-2.0-only
-- Penalty execution, reviewed in step by prison and prosecutors. It flags and times; a
-- named person decides.

local c = include("common")
local facts = include("facts")

local acts = {}
for _, part in ipairs { include("acts_person"), include("acts_case").acts, include("acts_court"), include("acts_flaw") } do
    for name, act in pairs(part) do acts[name] = act end
end

-- After a transfer that named no prosecutors, those of the new place take the side by their first act.
local function claim(e, m, who)
    local mine = e.actor and e.actor.office
    if not (c.has(who, "prosecutors") and mine and m.data.prosecutors_open and e.actor.roles["sentence.prosecutor"]) then
        return false
    end
    if mine == m.office or mine == m.data.court or mine == m.data.authority then return false end
    for _, id in ipairs { m.id, m.data.person } do
        matter.share(id, mine)
        matter.set(id, { prosecutors = mine, prosecutors_open = false })
    end
    matter.note(m.id, tables.text("prosecutors-are-from-here", { mine = mine }))
    return true
end

local function court_case(en, zh)
    return {
        title = { en = en, zh = zh },
        first = "drafted",
        stages = {
            drafted = { to = { "copied", "withdrawn" }, doc = "proposed, not yet countersigned" },
            copied = { to = { "reviewed", "submitted", "withdrawn" }, doc = "the prosecutors' opinion is awaited" },
            reviewed = { to = { "drafted", "submitted", "withdrawn" }, doc = "the opinion is given" },
            submitted = { to = { "court", "withdrawn" }, doc = "with the court, not docketed" },
            court = { to = { "ruled", "withdrawn" }, doc = "docketed" },
            ruled = { to = { "served" }, doc = "not served yet" },
            served = { to = { "objected", "closed" }, doc = "the prosecutors review the ruling" },
            objected = { to = { "ruled" }, doc = "a new panel makes the final ruling" },
            withdrawn = { to = { "closed" }, doc = "the prosecutors look at why" },
            closed = { final = true },
        },
    }
end

return {
    name = "sentence",
    title = { en = "Penalty-execution synchronous review", zh = "刑罚执行同步审查" },
    version = "1.0",
    roles = {
        registrar = "prison: admits, transfers, releases, files documents; community correction: begins probation",
        assessor = "prison: assesses, records merit and punishment",
        medic = "prison: files medical evidence",
        proposer = "prison: proposes",
        reviewer = "prison: countersigns, discusses, hears",
        prosecutor = "prosecutors: reviews, objects, closes",
        clerk = "court: dockets, publishes, serves",
        judge = "court: rules",
        corrections = "community correction: records what happens outside prison; begins and ends probation",
        authority = "decides on temporary execution outside prison",
    },
    matters = {
        person = {
            title = { en = "Sentence served", zh = "服刑" },
            first = "serving",
            stages = {
                serving = { to = { "outside", "paroled", "escaped", "probation", "released" } },
                probation = { to = { "serving", "released" }, doc = "the sentence is suspended, under community correction" },
                outside = { to = { "serving", "escaped", "released" }, doc = "temporarily outside prison" },
                paroled = { to = { "serving", "escaped", "released" } },
                escaped = { to = { "serving", "released" } },
                released = { final = true },
            },
        },
        commutation = court_case("Commutation", "减刑"),
        parole = court_case("Parole", "假释"),
        outside = {
            title = { en = "Temporary execution outside prison", zh = "暂予监外执行" },
            first = "drafted",
            stages = {
                drafted = { to = { "copied", "withdrawn" }, doc = "proposed, not yet countersigned" },
                copied = { to = { "reviewed", "submitted", "withdrawn" }, doc = "the prosecutors' opinion is awaited" },
                reviewed = { to = { "drafted", "submitted", "withdrawn" }, doc = "the opinion is given" },
                submitted = { to = { "decided", "withdrawn" }, doc = "with the deciding authority" },
                decided = { to = { "objected", "closed" }, doc = "the prosecutors review the decision" },
                objected = { to = { "decided" }, doc = "rechecked at once" },
                withdrawn = { to = { "closed" }, doc = "the prosecutors look at why" },
                closed = { final = true },
            },
        },
        flaw = {
            title = { en = "Flaw to be corrected", zh = "瑕疵纠正" },
            first = "open",
            stages = {
                open = { to = { "corrected" } },
                corrected = { to = { "closed", "open" } },
                closed = { final = true },
            },
        },
    },
    acts = acts,
    facts = facts.facts,
    clocks = include("term").clocks,
    claim = claim,
    reports = include("reports"),
}
