"""How far reading can be trusted: documents are read and held against annotations made by hand."""
