-- SPDX-License-Identifier: GPL-2.0-only
-- Version 2: how the hub stands, in one row. 1952606306 is the lock of the hub that takes.
CREATE VIEW tongbu.status AS
	SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 1952606306
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS taking,
		(SELECT count(*) FROM tongbu.station) AS stations,
		(SELECT coalesce(sum(next), 0)::bigint FROM tongbu.station) AS entries,
		(SELECT coalesce(sum(next - size), 0)::bigint FROM tongbu.station) AS not_cosigned,
		(SELECT extract(epoch FROM now() - max(seen_at))::bigint FROM tongbu.station) AS silent_for,
		(SELECT count(*) FROM tongbu.evidence) AS refused,
		(SELECT count(*) FROM tongbu.damaged) AS damaged,
		(SELECT max(version) FROM tongbu.version) AS version;
INSERT INTO tongbu.version (version) VALUES (2);
