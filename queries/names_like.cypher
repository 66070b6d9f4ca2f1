// Every wording of an entity that holds one of $words (lower-case beginnings of words), in $partnership or anywhere when that is
// null. Issues of the vocabulary are looked up in the ontology instead of by their many mentions.
MATCH (e:Entity)
WHERE ($partnership IS NULL OR e.partnership = $partnership OR e.partnership IS NULL) AND EXISTS { (e)<-[:MENTIONS]-() }
CALL (e) {
    // How good the wording is: 2 the label shown, 1 a document's label, 0 words by which a document mentions it.
    RETURN e.name AS text, 2 AS rank
    UNION ALL
    MATCH (e)<-[m:MENTIONS]-() RETURN m.label AS text, 1 AS rank
    UNION ALL
    MATCH (e)<-[m:MENTIONS]-() WHERE e.partnership IS NOT NULL UNWIND m.quotes AS text RETURN text, 0 AS rank
}
WITH e, text, rank WHERE any(word IN $words WHERE toLower(text) CONTAINS word)
RETURN e.key AS key, $classes[e.type] AS type, e.name AS label, e.partnership AS partnership, e.kind AS kind, text, max(rank) AS rank
ORDER BY key, text
