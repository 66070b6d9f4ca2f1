"""Names and issues in a text, and what a document says of itself."""
