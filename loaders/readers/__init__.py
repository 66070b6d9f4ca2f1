"""Ways of reading: each hands over claims, and knows nothing of the others."""
