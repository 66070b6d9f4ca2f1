"""Claims that others wrote down, as JSON lines."""
