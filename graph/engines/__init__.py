"""Where a graph lives: in an SQLite file, or on a Neo4j server."""
