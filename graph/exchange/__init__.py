"""The graph as files: JSON lines, RDF, networks for other programs, and back."""
