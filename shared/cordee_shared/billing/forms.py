"""What the words and numbers of a fact may be: each value, and its sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from cordee_shared.errors import MalformedFrame
from cordee_shared.ids import read_engagement_id

#: Characters of a reason or a wording: a paragraph, as somebody said it.
WORDING_MAX: Final = 1000

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SESSION: Final = re.compile(r"[0-9a-f]{32}")

#: Why a fault that came back is not ours (terms, 10.5).
EXCLUDED_CAUSES: Final = ("virus", "misuse", "third_party")


def is_wording(value: object) -> bool:
    """Tell whether it is a text that somebody said."""
    return isinstance(value, str) and 0 < len(value.strip()) <= WORDING_MAX


def is_count(value: object) -> bool:
    """Tell whether it is a whole number from 0."""
    return type(value) is int and value >= 0


def is_yes(value: object) -> bool:
    """Tell whether it is a yes or a no."""
    return type(value) is bool


def matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    """Return a test for texts of one pattern."""
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def is_day(value: object) -> bool:
    """Tell whether it is a day that exists."""
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        return False
    with suppress(ValueError):
        return bool(dt.date.fromisoformat(value))
    return False


def is_cause(value: object) -> bool:
    """Tell whether it is no cause, or one that the guarantee leaves out."""
    return value == "" or value in EXCLUDED_CAUSES


def is_engagement(value: object) -> bool:
    """Tell whether it is an engagement's id."""
    with suppress(MalformedFrame):
        return isinstance(value, str) and bool(read_engagement_id(value))
    return False


#: What a kind of fact says: each name, its sentence and its test.
Form = Mapping[str, tuple[str, Callable[[object], bool]]]
TEXT: Final = (f"a text of 1 to {WORDING_MAX} characters", is_wording)
NUMBER: Final = ("a whole number from 0", is_count)
BOOL: Final = ("true or false", is_yes)
ISO: Final = ("a day, such as 2026-11-23", is_day)
SHOWN: Final = ("the SHA-256 of the text shown", matches(_HASH))
CHANNEL: Final = ("a name, such as phone", matches(_NAME))
NOTE: Final[Form] = {"note": TEXT}
REASON: Final[Form] = {"reason": TEXT}
#: A session's id.
SESSION: Final = ("a session's id", matches(_SESSION))
#: The account of a technician.
is_name: Final = matches(_NAME)
