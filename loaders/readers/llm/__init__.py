"""What a language model is asked about a document: its text in windows, and the prompt for each."""
