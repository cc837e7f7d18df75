"""Technicians' accounts in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from cordee_shared.errors import NotAllowed
from cordee_shared.ids import TechnicianId

from ...ports import SignIn, Technician
from ...roles import Role
from .engine import Database
from .tables import ATTEMPTS, SIGN_INS, TECHNICIANS


class SqlTechnicians:
    """A :class:`~cordee_server.ports.TechnicianStore`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # --- accounts ------------------------------------------------------------

    async def add(self, technician: Technician) -> None:
        """Store a new account."""

        def work(connection: Connection) -> None:
            try:
                connection.execute(
                    insert(TECHNICIANS).values(
                        id=technician.id,
                        created_ms=technician.created_ms,
                        role=technician.role.value,
                        locked=technician.locked,
                        **_secrets(technician),
                    )
                )
            except IntegrityError:
                raise NotAllowed(
                    f"There is a technician {technician.id!r} already."
                ) from None

        await self._db.write(work)

    async def find(self, technician: TechnicianId) -> Technician | None:
        """Return the account, or ``None``."""
        row = await self._db.read(
            lambda connection: connection.execute(
                select(TECHNICIANS).where(TECHNICIANS.c.id == technician)
            ).one_or_none()
        )
        return None if row is None else _technician(row)

    async def all(self) -> list[Technician]:
        """Return every account, by name."""
        rows = await self._db.read(
            lambda connection: connection.execute(
                select(TECHNICIANS).order_by(TECHNICIANS.c.id)
            ).all()
        )
        return [_technician(row) for row in rows]

    async def replace(self, technician: Technician) -> bool:
        """Replace an account's name and secrets; sign it out everywhere."""

        def work(connection: Connection) -> bool:
            done = connection.execute(
                update(TECHNICIANS)
                .where(TECHNICIANS.c.id == technician.id)
                .values(**_secrets(technician))
            )
            sign_out_of(connection, technician.id)
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.name == technician.id))
            return done.rowcount == 1

        return await self._db.write(work)

    async def rehash(self, technician: TechnicianId, password: str) -> None:
        """Replace only the password's hash."""
        await self._db.write(
            lambda connection: connection.execute(
                update(TECHNICIANS)
                .where(TECHNICIANS.c.id == technician)
                .values(password=password)
            ).close()
        )

    async def remove(self, technician: TechnicianId) -> bool:
        """Remove an account and sign it out everywhere."""

        def work(connection: Connection) -> bool:
            sign_out_of(connection, technician)
            done = connection.execute(
                delete(TECHNICIANS).where(TECHNICIANS.c.id == technician)
            )
            return done.rowcount == 1

        return await self._db.write(work)

    async def use_step(self, technician: TechnicianId, step: int) -> bool:
        """Use up a step of the second factor: one statement, one winner (S-48)."""

        def work(connection: Connection) -> bool:
            done = connection.execute(
                update(TECHNICIANS)
                .where(TECHNICIANS.c.id == technician, TECHNICIANS.c.last_step < step)
                .values(last_step=step)
            )
            return done.rowcount == 1

        return await self._db.write(work)

    # --- attempts ------------------------------------------------------------

    async def attempt(self, name: str, now_ms: int, pauses_ms: Sequence[int]) -> int:
        """Count one attempt, or say how long the name is blocked."""

        def work(connection: Connection) -> int:
            former = connection.execute(
                select(ATTEMPTS).where(ATTEMPTS.c.name == name).with_for_update()
            ).one_or_none()
            if former is not None and former.until_ms > now_ms:
                return int(former.until_ms) - now_ms
            count = 1 if former is None else former.tries + 1
            pause = pauses_ms[min(count, len(pauses_ms)) - 1]
            _set_attempts(
                connection,
                name,
                {"tries": count, "until_ms": now_ms + pause, "last_ms": now_ms},
                known=former is not None,
            )
            return 0

        return await self._db.write(work)

    async def block(self, name: str, until_ms: int) -> None:
        """Let attempts under a name be refused until then."""

        def work(connection: Connection) -> None:
            former = connection.execute(
                select(ATTEMPTS).where(ATTEMPTS.c.name == name).with_for_update()
            ).one_or_none()
            if former is None:
                values = {"tries": 0, "until_ms": until_ms, "last_ms": 0}
                _set_attempts(connection, name, values, known=False)
            elif former.until_ms < until_ms:
                _set_attempts(connection, name, {"until_ms": until_ms}, known=True)

        await self._db.write(work)

    async def blocked_until(self, name: str) -> int:
        """Return until when a name is blocked."""
        found = await self._db.read(
            lambda connection: connection.scalar(
                select(ATTEMPTS.c.until_ms).where(ATTEMPTS.c.name == name)
            )
        )
        return found or 0

    async def forget_attempts(self, name: str) -> None:
        """Start counting from zero, and lift a block."""
        await self._db.write(
            lambda connection: connection.execute(
                delete(ATTEMPTS).where(ATTEMPTS.c.name == name)
            ).close()
        )

    # --- sign-ins ------------------------------------------------------------

    async def sign_in(self, sign_in: SignIn) -> None:
        """Remember a sign-in."""

        def work(connection: Connection) -> None:
            try:
                connection.execute(
                    insert(SIGN_INS).values(
                        token=sign_in.token,
                        technician=sign_in.technician,
                        since_ms=sign_in.since_ms,
                        seen_ms=sign_in.seen_ms,
                        browser=sign_in.browser,
                    )
                )
            except IntegrityError:
                raise NotAllowed("This account is gone.") from None

        await self._db.write(work)

    async def signed_in(self, token: bytes) -> SignIn | None:
        """Return the sign-in with this token's hash."""
        row = await self._db.read(
            lambda connection: connection.execute(
                select(SIGN_INS).where(SIGN_INS.c.token == token)
            ).one_or_none()
        )
        if row is None:
            return None
        return sign_in_of(row)

    async def seen(self, token: bytes, now_ms: int) -> None:
        """Note that a sign-in was used."""
        await self._db.write(
            lambda connection: connection.execute(
                update(SIGN_INS).where(SIGN_INS.c.token == token).values(seen_ms=now_ms)
            ).close()
        )

    async def sign_out(self, token: bytes) -> None:
        """Forget one sign-in."""
        await self._db.write(
            lambda connection: connection.execute(
                delete(SIGN_INS).where(SIGN_INS.c.token == token)
            ).close()
        )

    async def sign_out_everywhere(self, technician: TechnicianId) -> None:
        """Forget all sign-ins of an account."""
        await self._db.write(lambda connection: sign_out_of(connection, technician))

    async def forget_before(
        self, since_ms: int, seen_ms: int, attempts_ms: int
    ) -> None:
        """Forget what is too old to matter."""

        def work(connection: Connection) -> None:
            old = or_(SIGN_INS.c.since_ms < since_ms, SIGN_INS.c.seen_ms < seen_ms)
            connection.execute(delete(SIGN_INS).where(old))
            connection.execute(
                delete(ATTEMPTS)
                .where(ATTEMPTS.c.last_ms < attempts_ms)
                .where(ATTEMPTS.c.until_ms < attempts_ms)
            )

        await self._db.write(work)


def _secrets(technician: Technician) -> dict[str, Any]:
    """Return what a reset replaces; a new seed starts at step 0."""
    return {
        "display_name": technician.display_name,
        "password": technician.password,
        "totp": technician.totp,
        "last_step": 0,
    }


def _technician(row: Row[Any]) -> Technician:
    return Technician(
        id=TechnicianId(row.id),
        display_name=row.display_name,
        password=row.password,
        totp=row.totp,
        created_ms=row.created_ms,
        role=Role(row.role),
        locked=bool(row.locked),
    )


def sign_in_of(row: Row[Any]) -> SignIn:
    """Return the sign-in that a row holds."""
    technician = TechnicianId(row.technician)
    return SignIn(row.token, technician, row.since_ms, row.seen_ms, row.browser)


def sign_out_of(connection: Connection, technician: TechnicianId) -> None:
    """Forget an account's sign-ins, inside the caller's transaction."""
    connection.execute(delete(SIGN_INS).where(SIGN_INS.c.technician == technician))


def _set_attempts(
    connection: Connection, name: str, values: dict[str, int], *, known: bool
) -> None:
    if known:
        connection.execute(
            update(ATTEMPTS).where(ATTEMPTS.c.name == name).values(**values)
        )
    else:
        connection.execute(insert(ATTEMPTS).values(name=name, **values))
