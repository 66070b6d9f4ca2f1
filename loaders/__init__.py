"""Documents to blocks to mentions to statements to store; one module a format, cues as data."""
