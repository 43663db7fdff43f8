-- SPDX-License-Identifier: GPL-2.0-only
-- What a hub holds. Version 1; what has changed since is in the files that follow, and is
-- done to tables that are there: this one stays as it is.
CREATE SCHEMA tongbu;
CREATE TABLE tongbu.version (version integer NOT NULL, since timestamptz NOT NULL DEFAULT now());
INSERT INTO tongbu.version (version) VALUES (1);

-- next: entries held; frontier: roots of the whole subtrees of their tree, the large ones first
-- size, note, held_at: the last checkpoint that was cosigned; sent: the station's latest time, ns
CREATE TABLE tongbu.station (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	origin text NOT NULL UNIQUE,
	vkey text NOT NULL,
	next bigint NOT NULL DEFAULT 0,
	frontier bytea NOT NULL DEFAULT '',
	size bigint NOT NULL DEFAULT 0,
	note text,
	held_at timestamptz,
	seen_at timestamptz,
	sent bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- One row an entry. That no entry is there twice follows from station.next, which goes on
-- in the transaction that adds them.
CREATE TABLE tongbu.record (
	station integer NOT NULL,
	entry bigint NOT NULL,
	received timestamptz NOT NULL DEFAULT now(),
	bytes bytea NOT NULL
) PARTITION BY RANGE (received);
CREATE INDEX ON tongbu.record (station, entry);
CREATE TABLE tongbu.record_other PARTITION OF tongbu.record DEFAULT;

-- Roots of whole subtrees of 256^base entries
CREATE TABLE tongbu.tree (
	station integer NOT NULL,
	base smallint NOT NULL,
	index bigint NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (station, base, index)
);

-- What was refused: why, what was held then, and what came
CREATE TABLE tongbu.evidence (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	station integer NOT NULL REFERENCES tongbu.station,
	kind text NOT NULL,
	entry bigint NOT NULL,
	first_at timestamptz NOT NULL DEFAULT now(),
	last_at timestamptz NOT NULL DEFAULT now(),
	times bigint NOT NULL DEFAULT 1,
	held text,
	proof text NOT NULL,
	root bytea NOT NULL,
	UNIQUE (station, kind, root)
);

-- Blocks of 256 entries that a scrub found damaged, until the station has sent them again
CREATE TABLE tongbu.damaged (
	station integer NOT NULL REFERENCES tongbu.station,
	block bigint NOT NULL,
	found_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (station, block)
);

-- A month of records is a table, to be detached when it may go
CREATE FUNCTION tongbu.make_month(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	begins date := date_trunc('month', day)::date;
BEGIN
	EXECUTE format('CREATE TABLE IF NOT EXISTS tongbu.%I PARTITION OF tongbu.record FOR VALUES FROM (%L) TO (%L)',
		'record_' || to_char(begins, 'YYYY_MM'), begins, (begins + interval '1 month')::date);
END $$;

-- For people
CREATE VIEW tongbu.stations AS
	SELECT origin AS station, next AS entries, size AS held, held_at,
		extract(epoch FROM now() - seen_at)::bigint AS silent_for,
		(SELECT count(*) FROM tongbu.evidence e WHERE e.station = s.id) AS refused,
		(SELECT count(*) FROM tongbu.damaged d WHERE d.station = s.id) AS damaged
	FROM tongbu.station s;
CREATE VIEW tongbu.refused AS
	SELECT e.id, origin AS station, kind, entry, first_at, last_at, times
	FROM tongbu.evidence e JOIN tongbu.station s ON s.id = e.station;
