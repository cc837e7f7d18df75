"""What is done to accounts: by an admin to others, by everybody to their own.

Rules (security.md 5):

1. An admin changes others, never their own role or lock: one admin is always left.
2. A change of role or a lock signs the account out everywhere, open sockets included.
3. Whatever is done to an account stands in the record of deeds, for ever.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cordee_shared.errors import NotAllowed
from cordee_shared.ids import TechnicianId

from ..ports import Clock, SignIn, Technician, TechnicianStore
from ..roles import Role
from ..staff import Deed, Done, StaffStore
from .technicians import ABSOLUTE_MS, IDLE_MS, OPERATOR, NewSecrets, TechnicianService

#: Deeds that are shown at a time.
LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One account, as an admin sees it: nothing of its secrets."""

    technician: Technician
    #: Until when too many attempts block it; past or 0 when they do not.
    blocked_until_ms: int
    #: Unused recovery codes.
    recovery_left: int
    #: Valid sign-ins.
    sign_ins: int


class Accounts:
    """Roles, locks, second factors and sign-ins of accounts."""

    def __init__(
        self,
        store: TechnicianStore,
        staff: StaffStore,
        technicians: TechnicianService,
        clock: Clock,
    ) -> None:
        self._store = store
        self._staff = staff
        self._technicians = technicians
        self._clock = clock

    async def all(self) -> list[Shown]:
        """Return every account, by name."""
        return [
            Shown(
                technician=one,
                blocked_until_ms=await self._technicians.blocked_until(one.id),
                recovery_left=await self._staff.recovery_left(one.id),
                sign_ins=len(await self.sign_ins(one.id)),
            )
            for one in await self._store.all()
        ]

    async def deeds(self, limit: int = LISTED) -> list[Deed]:
        """Return what was done to accounts, the latest first."""
        return await self._staff.deeds(limit)

    async def set_role(self, by: str, name: str, role: Role) -> None:
        """Give another account a role.

        Raises:
            NotAllowed: one's own, or there is none.
        """
        account = self._other(by, name)
        deed = Deed(self._clock.now_ms(), by, account, Done.ROLE, role.value)
        if not await self._staff.set_role(account, role, deed):
            raise NotAllowed(f"There is no technician {name!r}.")
        self._technicians.tell()

    async def set_locked(self, by: str, name: str, *, locked: bool) -> None:
        """Lock another account until it is unlocked, or unlock it.

        Raises:
            NotAllowed: one's own, or there is none.
        """
        account = self._other(by, name)
        done = Done.LOCKED if locked else Done.UNLOCKED
        deed = Deed(self._clock.now_ms(), by, account, done)
        if not await self._staff.set_locked(account, locked, deed):
            raise NotAllowed(f"There is no technician {name!r}.")
        self._technicians.tell()

    async def reset(self, by: str, name: str) -> NewSecrets:
        """Give another account new secrets; the old ones end at once.

        Raises:
            NotAllowed: one's own, or there is none.
        """
        return await self._technicians.reset(self._other(by, name), by=by)

    async def new_recovery(self, by: str, name: str) -> tuple[str, ...]:
        """Replace an account's recovery codes; return the new ones, once.

        Raises:
            NotAllowed: there is none.
        """
        return await self._technicians.new_recovery(TechnicianId(name), by=by)

    async def recovery_left(self, technician: TechnicianId) -> int:
        """Return how many unused recovery codes an account has."""
        return await self._staff.recovery_left(technician)

    async def sign_ins(self, technician: TechnicianId) -> list[SignIn]:
        """Return an account's valid sign-ins, the newest first."""
        now = self._clock.now_ms()
        return [
            one
            for one in await self._staff.sign_ins_of(technician)
            if now - one.since_ms < ABSOLUTE_MS and now - one.seen_ms < IDLE_MS
        ]

    async def revoke(self, by: str, technician: TechnicianId, shown: str) -> None:
        """End the sign-in that is shown under this name; its sockets close.

        Raises:
            NotAllowed: this account has no such sign-in (any more).
        """
        for one in await self._staff.sign_ins_of(technician):
            if name_of(one) == shown:
                await self._store.sign_out(one.token)
                self._technicians.tell()
                await self._technicians.note(by, technician, Done.SIGNED_OUT)
                return
        raise NotAllowed("This sign-in is over.")

    def _other(self, by: str, name: str) -> TechnicianId:
        if by == name and by != OPERATOR:
            raise NotAllowed("Another admin has to do this to your account.")
        return TechnicianId(name)


def name_of(sign_in: SignIn) -> str:
    """Return what a sign-in is called in lists: nobody signs in with that."""
    return hashlib.sha256(b"cordee sign-in\x00" + sign_in.token).hexdigest()[:16]
