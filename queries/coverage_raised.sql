-- How many sources raise each issue, by stance, in :partnerships (a JSON list).
SELECT p.key, o.key, o.label, t.stance, count(*)
FROM json_each(:partnerships) AS scope
CROSS JOIN partnership AS p ON p.key = scope.value
CROSS JOIN statement AS t ON t.partnership = p.id AND t.predicate = :raises
CROSS JOIN entity AS o ON o.id = t.object
GROUP BY p.id, t.object, t.stance
ORDER BY p.key, o.key, t.stance
