"""How hard the generated tests try: a little in each run, much in ``make thorough``."""

from __future__ import annotations

import os
from typing import Final

#: Set by ``make thorough`` (security.md 6: 500 x 60 steps, 200 000 inputs).
IS_THOROUGH: Final = os.environ.get("CORDEE_THOROUGH") == "1"


def many(few: int, thorough: int) -> int:
    """Return how many examples this run makes."""
    return thorough if IS_THOROUGH else few
