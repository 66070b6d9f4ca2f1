"""Writes what others open: files replaced as a whole, cells that no spreadsheet runs, characters that hide nothing."""
