"""The commands that only read a store, as a person gives them."""

from __future__ import annotations

#: Whoever speaks of fraud and of residents can be asked all of these.
READING: tuple[tuple[str, ...], ...] = (
    ("export",), ("export", "--format", "nq"), ("export", "--format", "csv"), ("gaps", "--format", "json"),
    ("view", "--output", "-"), ("view", "--as", "source", "--output", "-"), ("owners", "fraud", "--format", "json"),
    ("coverage", "--format", "json"), ("ask", "Who raised fraud?", "--format", "json"),
    ("show", "fraud", "--format", "json"), ("search", "fraud", "--format", "json"),
    ("query", "--sparql", "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"), ("audit", "--format", "json"),
    ("vocabulary", "candidates", "--format", "json"),
    ("briefing", "--partnership", "ashvale", "--output", "-"),
)  # fmt: skip
