"""Roles, locks, recovery codes and deeds in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cordee_shared.errors import NotAllowed
from cordee_shared.ids import TechnicianId

from ...ports import SignIn
from ...roles import Role
from ...staff import Deed, Done
from .engine import Database
from .tables import DEEDS, RECOVERY_CODES, SIGN_INS, TECHNICIANS
from .technicians import sign_in_of, sign_out_of


class SqlStaff:
    """A :class:`~cordee_server.staff.StaffStore`, on the ground of the accounts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def set_role(self, technician: TechnicianId, role: Role, deed: Deed) -> bool:
        """Give an account a role and sign it out everywhere."""
        return await self._set(technician, {"role": role.value}, deed, out=True)

    async def set_locked(
        self, technician: TechnicianId, locked: bool, deed: Deed
    ) -> bool:
        """Lock or unlock an account; a lock signs it out."""
        return await self._set(technician, {"locked": int(locked)}, deed, out=locked)

    async def _set(
        self, technician: TechnicianId, values: dict[str, Any], deed: Deed, *, out: bool
    ) -> bool:
        def work(connection: Connection) -> bool:
            done = connection.execute(
                update(TECHNICIANS)
                .where(TECHNICIANS.c.id == technician)
                .values(**values)
            )
            if done.rowcount != 1:
                return False
            if out:
                sign_out_of(connection, technician)
            connection.execute(insert(DEEDS).values(**_row(deed)))
            return True

        return await self._db.write(work)

    async def sign_ins_of(self, technician: TechnicianId) -> list[SignIn]:
        """Return an account's sign-ins, the newest first."""
        rows = await self._db.read(
            lambda connection: connection.execute(
                select(SIGN_INS)
                .where(SIGN_INS.c.technician == technician)
                .order_by(SIGN_INS.c.since_ms.desc(), SIGN_INS.c.token)
            ).all()
        )
        return [sign_in_of(row) for row in rows]

    async def put_recovery(
        self, technician: TechnicianId, digests: Sequence[bytes]
    ) -> None:
        """Replace an account's recovery codes."""

        def work(connection: Connection) -> None:
            connection.execute(
                delete(RECOVERY_CODES).where(RECOVERY_CODES.c.technician == technician)
            )
            try:
                for digest in digests:
                    connection.execute(
                        insert(RECOVERY_CODES).values(
                            digest=digest, technician=technician
                        )
                    )
            except IntegrityError:
                raise NotAllowed("This account is gone.") from None

        await self._db.write(work)

    async def has_recovery(self, technician: TechnicianId, digest: bytes) -> bool:
        """Tell whether an account has this code, unused."""
        found = await self._db.read(
            lambda connection: connection.scalar(
                select(RECOVERY_CODES.c.technician).where(
                    RECOVERY_CODES.c.digest == digest
                )
            )
        )
        return found == technician

    async def use_recovery(self, technician: TechnicianId, digest: bytes) -> bool:
        """Use a code up: one statement, one winner."""

        def work(connection: Connection) -> bool:
            done = connection.execute(
                delete(RECOVERY_CODES).where(
                    RECOVERY_CODES.c.technician == technician,
                    RECOVERY_CODES.c.digest == digest,
                )
            )
            return done.rowcount == 1

        return await self._db.write(work)

    async def recovery_left(self, technician: TechnicianId) -> int:
        """Return how many unused codes an account has."""
        found = await self._db.read(
            lambda connection: connection.scalar(
                select(func.count())
                .select_from(RECOVERY_CODES)
                .where(RECOVERY_CODES.c.technician == technician)
            )
        )
        return found or 0

    async def note(self, deed: Deed) -> None:
        """Append a deed."""
        await self._db.write(
            lambda connection: connection.execute(
                insert(DEEDS).values(**_row(deed))
            ).close()
        )

    async def deeds(self, limit: int) -> list[Deed]:
        """Return the latest deeds, the latest first."""
        rows = await self._db.read(
            lambda connection: connection.execute(
                select(DEEDS).order_by(DEEDS.c.seq.desc()).limit(limit)
            ).all()
        )
        return [
            Deed(
                at_ms=row.at_ms,
                by=row.by,
                account=TechnicianId(row.account),
                done=Done(row.done),
                detail=row.detail,
            )
            for row in rows
        ]


def _row(deed: Deed) -> dict[str, Any]:
    return {
        "at_ms": deed.at_ms,
        "by": deed.by,
        "account": deed.account,
        "done": deed.done.value,
        "detail": deed.detail,
    }
