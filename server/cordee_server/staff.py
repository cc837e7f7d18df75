"""What the relay keeps about accounts beside their secrets: a port of its own.

The rules of ``ports.py`` hold for it too; ``tests/contract/test_staff_store.py``
checks it on every adapter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cordee_shared.ids import TechnicianId

from .ports import SignIn
from .roles import Role


class Done(StrEnum):
    """What was done to an account."""

    ADDED = "added"
    ROLE = "role"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    RESET = "reset"
    RECOVERY_MADE = "recovery_made"
    RECOVERY_USED = "recovery_used"
    SIGNED_OUT = "signed_out"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the accounts' own record: who did what to whom, and when."""

    at_ms: int
    #: An account, or ``operator``: the command on the relay's own machine.
    by: str
    account: TechnicianId
    done: Done
    #: What there is to add, such as the new role; never a secret.
    detail: str = ""


class StaffStore(Protocol):
    """Roles, locks, recovery codes and sign-ins of accounts; the record of deeds.

    Deeds are append-only: no method changes or removes one.
    """

    async def set_role(self, technician: TechnicianId, role: Role, deed: Deed) -> bool:
        """Give an account a role and sign it out everywhere; whether it exists.

        The deed is appended with it, or neither.
        """
        ...

    async def set_locked(
        self, technician: TechnicianId, locked: bool, deed: Deed
    ) -> bool:
        """Lock or unlock an account; a lock signs it out; whether it exists."""
        ...

    async def sign_ins_of(self, technician: TechnicianId) -> list[SignIn]:
        """Return an account's sign-ins, however old, the newest first."""
        ...

    async def put_recovery(
        self, technician: TechnicianId, digests: Sequence[bytes]
    ) -> None:
        """Replace an account's recovery codes, used ones included, by these.

        Raises:
            NotAllowed: the account is gone.
        """
        ...

    async def has_recovery(self, technician: TechnicianId, digest: bytes) -> bool:
        """Tell whether an account has this code, unused. Changes nothing."""
        ...

    async def use_recovery(self, technician: TechnicianId, digest: bytes) -> bool:
        """Use a code up; of parallel calls with one code exactly one gets ``True``."""
        ...

    async def recovery_left(self, technician: TechnicianId) -> int:
        """Return how many unused codes an account has."""
        ...

    async def note(self, deed: Deed) -> None:
        """Append a deed."""
        ...

    async def deeds(self, limit: int) -> list[Deed]:
        """Return the latest ``limit`` deeds, the latest first."""
        ...
