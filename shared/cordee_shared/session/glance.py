"""What the journal says of the small things that pass: how much, never what (S-40).

::

    clipboard_passed  {bytes, to}  by the customer: a text went, or was taken
    machine_shown     {lines}      by the customer: what machine this is
    screenshot_taken  {}           by the technician, before it is taken

``bytes`` counts UTF-8, ``to`` is the side that got the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cordee_shared.canonical import Json
from cordee_shared.limits import CLIPBOARD_MAX, MACHINE_LINES_MAX
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import Remark, Side


def clipboard_passed(to: Side, size: int) -> dict[str, Json]:
    """Return what the act about a text of ``size`` bytes says."""
    return {"bytes": size, "to": to.value}


def machine_shown(lines: int) -> dict[str, Json]:
    """Return what the act about a machine's summary says."""
    return {"lines": lines}


def is_about_a_glance(kind: Kind, data: Mapping[str, Any]) -> bool:
    """Tell whether an act says what its kind may say of what passed, and no more.

    Args:
        kind: ``clipboard_passed`` or ``machine_shown``.
        data: what it says.
    """
    match kind, data:
        case (
            Remark.CLIPBOARD_PASSED,
            {"bytes": size, "to": "customer" | "technician", **rest},
        ) if not rest:
            return _is_count(size, CLIPBOARD_MAX)
        case Remark.MACHINE_SHOWN, {"lines": lines, **rest} if not rest:
            return _is_count(lines, MACHINE_LINES_MAX)
    return False


def _is_count(value: object, most: int) -> bool:
    # A bool is an int to Python, and no count.
    return type(value) is int and 0 < value <= most
