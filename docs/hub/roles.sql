-- SPDX-License-Identifier: GPL-2.0-only
-- Who may do what with the tables of a hub. By a superuser of PostgreSQL, in the hub's
-- database, once tongbu-hub has made its tables there, and again after each new version:
--
--	psql -d tongbu -f roles.sql
--
-- tongbu_owner		owns the tables; nobody logs in as it
-- tongbu_hub		the hub: adds what comes, and replaces what a scrub found damaged. It
--			can take away nothing: no record, no evidence, no table
-- tongbu_reader	people: the views, and nothing behind them
\set ON_ERROR_STOP on
BEGIN;
DO $$
DECLARE
	name text;
	kind "char";
BEGIN
	FOREACH name IN ARRAY ARRAY['tongbu_owner', 'tongbu_hub', 'tongbu_reader'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', name);
		END IF;
	END LOOP;
	ALTER SCHEMA tongbu OWNER TO tongbu_owner;
	FOR name, kind IN SELECT relname, relkind FROM pg_class
		WHERE relnamespace = 'tongbu'::regnamespace AND relkind IN ('r', 'p', 'v') LOOP
		EXECUTE format('ALTER %s tongbu.%I OWNER TO tongbu_owner',
			CASE kind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, name);
		EXECUTE format('REVOKE ALL ON tongbu.%I FROM tongbu_hub, tongbu_reader, PUBLIC', name);
	END LOOP;
	ALTER FUNCTION tongbu.make_month(date) OWNER TO tongbu_owner;
END $$;

-- A month's table is made by who owns the others.
ALTER FUNCTION tongbu.make_month(date) SECURITY DEFINER SET search_path = pg_catalog;
REVOKE ALL ON FUNCTION tongbu.make_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tongbu.make_month(date) TO tongbu_hub;

GRANT USAGE ON SCHEMA tongbu TO tongbu_hub, tongbu_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA tongbu TO tongbu_hub;
GRANT INSERT ON tongbu.station, tongbu.record, tongbu.tree, tongbu.evidence, tongbu.damaged TO tongbu_hub;
GRANT UPDATE (next, frontier, size, note, held_at, seen_at, sent) ON tongbu.station TO tongbu_hub;
GRANT UPDATE (bytes) ON tongbu.record TO tongbu_hub;
GRANT UPDATE (times, last_at) ON tongbu.evidence TO tongbu_hub;
GRANT INSERT ON tongbu.witnessed, tongbu.witnessed_fork TO tongbu_hub;
GRANT UPDATE (size, root, note, held_at) ON tongbu.witnessed TO tongbu_hub;
GRANT DELETE ON tongbu.damaged TO tongbu_hub;
GRANT SELECT ON tongbu.status, tongbu.stations, tongbu.refused TO tongbu_reader;
COMMIT;
