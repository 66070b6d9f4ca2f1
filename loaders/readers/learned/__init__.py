"""The reader that learned from marked documents: a small network on this machine, without a network connection."""
