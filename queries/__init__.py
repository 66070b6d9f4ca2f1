"""Named queries, gap rules compiled from SHACL, and answers to questions."""
