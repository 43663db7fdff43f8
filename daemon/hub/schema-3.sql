-- SPDX-License-Identifier: GPL-2.0-only
-- Version 3: logs of others, of which the hub holds no entries, but signs that they go on.
-- size, root, note: the last checkpoint that it signed, and that with both signatures
CREATE TABLE tongbu.witnessed (
	origin text PRIMARY KEY,
	vkey text NOT NULL,
	size bigint NOT NULL DEFAULT 0,
	root bytea,
	note text,
	held_at timestamptz
);

-- Two checkpoints of as many entries under one key that are not the same: a fork
CREATE TABLE tongbu.witnessed_fork (
	origin text NOT NULL REFERENCES tongbu.witnessed,
	first_at timestamptz NOT NULL DEFAULT now(),
	held text NOT NULL,
	came text NOT NULL,
	root bytea NOT NULL,
	UNIQUE (origin, root)
);
INSERT INTO tongbu.version (version) VALUES (3);
