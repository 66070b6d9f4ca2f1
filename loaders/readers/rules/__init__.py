"""Reads by rules: wordings and layouts that state relations."""
