"""Formats: from a file’s bytes to its text and blocks; they know nothing of meaning."""
