"""The documents of Harrowmere, an invented borough."""
