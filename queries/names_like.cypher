// Every wording of an entity that holds one of $words (lower-case beginnings of words), in $partnership or anywhere when that is
// null. Issues of the vocabulary are looked up in the ontology instead of by their many mentions.
CALL () {
    MATCH (e:Entity {partnership: $partnership}) RETURN e
    UNION ALL
    MATCH (e:Issue|Duty) WHERE $partnership IS NOT NULL RETURN e
    UNION ALL
    MATCH (e:Entity) WHERE $partnership IS NULL RETURN e
}
CALL (e) {
    // How good the wording is: 2 the label shown, 1 a document's label, 0 words by which a document mentions it.
    WITH e WHERE EXISTS { (e)<-[:MENTIONS]-() } RETURN e.name AS text, 2 AS rank
    UNION ALL
    MATCH (e)<-[m:MENTIONS]-() WHERE e.vocabulary IS NULL RETURN m.label AS text, 1 AS rank
    UNION ALL
    MATCH (e)<-[m:MENTIONS]-() WHERE e.partnership IS NOT NULL UNWIND m.quotes AS text RETURN text, 0 AS rank
}
WITH e, text, rank WHERE any(word IN $words WHERE toLower(text) CONTAINS word)
WITH e, text, max(rank) AS rank
RETURN [e.key, $classes[e.type], e.name, e.partnership, e.kind, text, rank] AS row
ORDER BY e.key, text
