-- SPDX-License-Identifier: GPL-2.0-only
-- Offices, actors, places, duties and holidays: what all packs have in common. Set
-- by an admin; while there is none, by anybody, who so founds the station.

local function admin(e)
	if e.actor and e.actor.roles.admin then
		return
	end
	if set.role_count("admin") > 0 then
		refuse("this needs the role admin")
	end
end

local function act(declaration, run)
	declaration.roles = "public"
	declaration.run = function(e)
		admin(e)
		run(e)
	end
	return declaration
end

-- Hours go on behind midnight, as rosters write them: 20:00 to 30:00
local point = "[0-4][0-9]:[0-5][0-9]"

return {
	name = "base",
	title = { en = "Offices, actors, places", zh = "单位、人员、地点" },
	version = "1.0",
	roles = {
		admin = "sets offices, actors, places, duties and holidays",
		supervisor = "sees all matters, and all records",
		auditor = "sees all matters, and all records",
	},
	exports = include("exports"),
	acts = {
		office = act({
			doc = "a unit with duties, set or changed",
			fields = {
				id = { "string", required = true, min = 1, max = 64, pattern = "^[%w%-_%.]+$" },
				name = { "string", required = true, min = 1, max = 120 },
				parent = { "office", doc = "the office above" },
				type = { "string", max = 64, doc = "its kind" },
				owns = { "list", of = { "string", max = 48 }, max = 32,
					 doc = "kinds of matter it owns" },
				data = { "object" },
			},
		}, function(e)
			e.data.kind = e.data.type
			set.office(e.data)
		end),
		actor = act({
			doc = "a person of an office, set or changed",
			fields = {
				uid = { "uid", required = true },
				name = { "string", required = true, min = 1, max = 120,
					 doc = "how the person is called at work" },
				office = { "office", required = true },
				roles = { "list", of = { "string", max = 48 }, max = 32, default = {} },
			},
		}, function(e)
			set.actor(e.data)
		end),
		["actor-end"] = act({
			doc = "a person is no longer an actor",
			fields = { uid = { "uid", required = true } },
		}, function(e)
			local gone = actor.get(e.data.uid)

			if not gone then
				refuse("user " .. e.data.uid .. " is not an actor")
			end
			if gone.roles.admin and set.role_count("admin") == 1 then
				refuse("the last admin cannot be removed: name another admin first")
			end
			set.actor_end(e.data.uid)
		end),
		place = act({
			doc = "a place, set or changed",
			fields = {
				id = { "string", required = true, min = 1, max = 64 },
				type = { "string", required = true, min = 1, max = 64, doc = "its kind" },
				name = { "string", required = true, min = 1, max = 120 },
				office = { "office", doc = "who owns it" },
				parent = { "place", doc = "the place around it" },
				road = { "string", max = 32 },
				from_km = { "number", unit = "km", min = 0 },
				to_km = { "number", unit = "km", min = 0 },
				river = { "string", max = 64 },
				length_km = { "number", unit = "km", min = 0 },
				area = { "object", doc = "GeoJSON Polygon or MultiPolygon" },
				data = { "object" },
			},
		}, function(e)
			e.data.kind, e.data.type = e.data.type, nil
			set.place(e.data)
		end),
		places = act({
			doc = "a file of places, one JSON object a line: all of them, or none",
			fields = {
				blob = { "blob", required = true },
				count = { "integer", required = true, min = 1, max = 1000000 },
			},
		}, function(e)
			set.places(e.data.blob, e.data.count)
		end),
		duty = act({
			doc = "who is on duty when",
			fields = {
				office = { "office", required = true },
				uid = { "uid", required = true },
				days = { "list", of = { "any" }, max = 366, default = {},
					 doc = "1 Monday to 7, or dates; none: every day" },
				from = { "string", required = true, pattern = "^" .. point .. "$" },
				to = { "string", required = true, pattern = "^" .. point .. "$",
				       doc = "if before from: until the next morning; or hours past 24, as 30:00" },
			},
		}, function(e)
			if not actor.get(e.data.uid) then
				refuse("user " .. e.data.uid .. " is not an actor")
			end
			if e.data.from > "29:59" or e.data.to > "48:00" then
				refuse("from must be 29:59 at the latest and to 48:00, counted from the day's midnight")
			end
			set.duty(e.data)
		end),
		holiday = act({
			doc = "a day that is not a working day, or a weekend day that is one",
			fields = {
				date = { "date", required = true },
				working = { "boolean", default = false },
				name = { "string", max = 64 },
			},
		}, function(e)
			set.holiday(e.data)
		end),
		calendar = act({
			doc = "the days off and the working weekend days of a year, all of them",
			fields = {
				year = { "integer", required = true, min = 2000, max = 2200 },
				off = { "list", of = { "any" }, max = 100, required = true,
					doc = "dates, or [first, last]" },
				working = { "list", of = { "date" }, max = 60, default = {} },
				source = { "string", required = true, min = 2, max = 200,
					   doc = "the notice that says so" },
			},
		}, function(e)
			set.calendar(e.data)
		end),
		["clock-rebase"] = act({
			doc = "a clock that began while the machine's clock was not synchronised counts from this day",
			fields = {
				clock = { "integer", required = true, min = 1, doc = "its number" },
				from = { "date", required = true, doc = "not counted" },
				reason = { "string", required = true, min = 2, max = 250 },
			},
		}, function(e)
			set.clock(e.data.clock, e.data.from, e.data.reason)
		end),
		erased = {
			doc = "the data of a person were erased",
			roles = "public",
			fields = { subject = { "subject", required = true } },
			run = function(e)
				local key = "erased:" .. e.data.subject

				if e.uid ~= 0 and not (e.actor and e.actor.roles.admin) then
					refuse("this needs root or the role admin")
				end
				store.set(key, store.get(key) or e.date)
			end,
		},
		pack = {
			doc = "from now on this version of the pack is in force",
			roles = "public",
			fields = {
				name = { "string", required = true, max = 31 },
				hash = { "blob", required = true },
			},
			run = function(e)
				-- The daemon says it by itself, under the uid that reads the chain.
				if e.uid ~= set.reader() then
					admin(e)
				end
				set.pack(e.data.name, e.data.hash)
			end,
		},
		zone = {
			doc = "from now on this is the station's time zone",
			roles = "public",
			fields = {
				name = { "string", required = true, max = 47 },
				rule = { "string", required = true, max = 79,
					 doc = "+08:00, or as POSIX has it: CET-1CEST,M3.5.0,M10.5.0/3" },
			},
			run = function(e)
				-- As with packs
				if e.uid ~= set.reader() then
					admin(e)
				end
				set.zone(e.data.name, e.data.rule)
			end,
		},
		measure = {
			doc = "from now on the source is read in this way; without values it is not read",
			roles = "public",
			fields = {
				source = { "string", required = true, min = 1, max = 31 },
				framing = { "enum", values = { "count", "line", "nmea", "modbus" },
					    required = true },
				values = { "list", of = { "object" }, max = 32, required = true },
				silent = { "integer", min = 0, max = 4294967295,
					   doc = "longest time without a value, ms" },
			},
			run = function(e)
				-- As with packs
				if e.uid ~= set.reader() then
					admin(e)
				end
				set.measure(e.data.source, e.data.framing, e.data.values, e.data.silent)
			end,
		},
	},
}
