"""goldenthread: the thread from what people worry about to who must act, with the words that prove it."""
