"""Roles, locks, recovery codes and deeds in memory, on accounts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cordee_shared.errors import NotAllowed
from cordee_shared.ids import TechnicianId

from ..ports import SignIn
from ..roles import Role
from ..staff import Deed
from .memory import MemoryTechnicians


@dataclass
class MemoryStaff:
    """A :class:`~cordee_server.staff.StaffStore`."""

    accounts: MemoryTechnicians
    _codes: dict[bytes, TechnicianId] = field(default_factory=dict)
    _deeds: list[Deed] = field(default_factory=list)

    async def set_role(self, technician: TechnicianId, role: Role, deed: Deed) -> bool:
        """Give an account a role and sign it out everywhere."""
        found = await self.accounts.find(technician)
        if found is None:
            return False
        self.accounts.put(replace(found, role=role))
        await self.accounts.sign_out_everywhere(technician)
        self._deeds.append(deed)
        return True

    async def set_locked(
        self, technician: TechnicianId, locked: bool, deed: Deed
    ) -> bool:
        """Lock or unlock an account; a lock signs it out."""
        found = await self.accounts.find(technician)
        if found is None:
            return False
        self.accounts.put(replace(found, locked=locked))
        if locked:
            await self.accounts.sign_out_everywhere(technician)
        self._deeds.append(deed)
        return True

    async def sign_ins_of(self, technician: TechnicianId) -> list[SignIn]:
        """Return an account's sign-ins, the newest first."""
        return sorted(
            (one for one in self.accounts.sign_ins() if one.technician == technician),
            key=lambda one: (-one.since_ms, one.token),
        )

    async def put_recovery(
        self, technician: TechnicianId, digests: Sequence[bytes]
    ) -> None:
        """Replace an account's recovery codes."""
        if await self.accounts.find(technician) is None:
            raise NotAllowed("This account is gone.")
        self._codes = {
            digest: owner
            for digest, owner in self._codes.items()
            if owner != technician
        } | dict.fromkeys(digests, technician)

    async def has_recovery(self, technician: TechnicianId, digest: bytes) -> bool:
        """Tell whether an account has this code, unused."""
        return self._codes.get(digest) == technician

    async def use_recovery(self, technician: TechnicianId, digest: bytes) -> bool:
        """Use a code up, once."""
        if self._codes.get(digest) != technician:
            return False
        del self._codes[digest]
        return True

    async def recovery_left(self, technician: TechnicianId) -> int:
        """Return how many unused codes an account has."""
        if await self.accounts.find(technician) is None:
            return 0  # SQL forgets them with the account
        return list(self._codes.values()).count(technician)

    async def note(self, deed: Deed) -> None:
        """Append a deed."""
        self._deeds.append(deed)

    async def deeds(self, limit: int) -> list[Deed]:
        """Return the latest deeds, the latest first."""
        return self._deeds[::-1][:limit]
