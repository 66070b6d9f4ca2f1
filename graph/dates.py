"""Dates as the graph holds them: a day, a month or a year, as ISO 8601 writes them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date


def first_day(text: str) -> date | None:
    """Return the first day of '2024-05-31', '2024-05' or '2024'; None where it is no date."""
    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        with suppress(ValueError):
            return date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    return None
