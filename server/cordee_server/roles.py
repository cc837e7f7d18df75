"""What an account is for: one of four, and none includes power over a customer.

What each may ask of the relay is the table in ``web/rights.py`` (security.md 5).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cordee_shared.errors import BadInput


class Role(StrEnum):
    """Whoever has two of them has two accounts: what is done is then done as one."""

    #: Helps customers; sees what is their own.
    TECHNICIAN = "technician"
    #: Helps too, and reads what all of them did.
    SUPERVISOR = "supervisor"
    #: Looks after accounts and the relay; cannot join a session.
    ADMIN = "admin"
    #: Reads the journal and nothing else.
    AUDITOR = "auditor"


ALL: Final = frozenset(Role)
#: Whose page may meet a customer.
HELPING: Final = frozenset({Role.TECHNICIAN, Role.SUPERVISOR})


def read_role(text: str) -> Role:
    """Return the role of this name.

    Raises:
        BadInput: there is none; the sentence names those that are.
    """
    try:
        return Role(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is no role: expected {', '.join(Role)}.", field="role"
        ) from None
