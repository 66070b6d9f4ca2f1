-- Every label of what the documents name, in :partnership or anywhere.
SELECT DISTINCT label FROM entity
WHERE (:partnership IS NULL OR partnership IS NULL OR partnership = (SELECT id FROM partnership WHERE key = :partnership))
  AND EXISTS (SELECT 1 FROM naming WHERE entity = entity.id)
ORDER BY label
