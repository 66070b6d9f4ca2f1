-- The partnerships whose documents say something of the entity :thing, or name it.
SELECT p.key, p.label
FROM entity AS e
CROSS JOIN partnership AS p
WHERE e.key = :thing
  AND (p.id = e.partnership
       OR EXISTS (SELECT 1 FROM statement AS t WHERE t.partnership = p.id AND t.object = e.id)
       OR EXISTS (SELECT 1 FROM statement AS t WHERE t.partnership = p.id AND t.subject = e.id)
       OR EXISTS (SELECT 1 FROM document AS d CROSS JOIN naming AS n ON n.entity = e.id AND n.document = d.id
                  WHERE d.partnership = p.id))
ORDER BY p.key
