-- SPDX-License-Identifier: GPL-2.0-only
-- What the day came to: for each pack a line of its matters by stage, one of its
-- findings by level, and what else there is.
WITH p(no, pack) AS (VALUES (1, 'base'), (2, 'sentence'), (3, 'ecology'), (4, 'highway'),
	(5, 'control'), (6, 'market'), (7, 'community')),
stages AS (SELECT pack, kind || ' ' || stage || ' ' || count(*) AS word FROM matter
	GROUP BY pack, kind, stage ORDER BY kind, stage),
levels AS (SELECT pack, count(*) FILTER (WHERE level = 'fault') AS faults,
	count(*) FILTER (WHERE level = 'warn' AND rule != 'engine.refused') AS warnings,
	count(*) FILTER (WHERE level = 'info') AS hints,
	count(*) FILTER (WHERE rule = 'engine.refused') AS refused,
	count(*) FILTER (WHERE resolved IS NOT NULL) AS resolved
	FROM finding GROUP BY pack),
lines(no, part, line) AS (
	SELECT no, 1, format('%-10s matters   %s', pack,
		(SELECT group_concat(word, ', ') FROM stages s WHERE s.pack = p.pack))
		FROM p WHERE pack != 'base'
	UNION ALL
	SELECT no, 2, format('%-10s findings  %d faults, %d warnings, %d hints, %d resolved; %d acts refused',
		CASE pack WHEN 'base' THEN pack ELSE '' END, coalesce(faults, 0), coalesce(warnings, 0),
		coalesce(hints, 0), coalesce(resolved, 0), coalesce(refused, 0))
		FROM p LEFT JOIN levels USING (pack)
	UNION ALL
	SELECT no, 3, format('%-10s besides   %d clocks run, %d tasks are open, %d notices stand, points %d', '',
		(SELECT count(*) FROM clock c WHERE c.pack = p.pack AND c.state = 'running'),
		(SELECT count(*) FROM task t WHERE t.pack = p.pack AND t.done IS NULL),
		(SELECT count(*) FROM notice n WHERE n.pack = p.pack AND n.cancelled IS NULL),
		(SELECT coalesce(sum(n), 0) FROM points x WHERE x.pack = p.pack))
		FROM p WHERE pack != 'base')
SELECT line FROM lines ORDER BY no, part;
