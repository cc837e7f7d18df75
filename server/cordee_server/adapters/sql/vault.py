"""What names a customer, sealed under a key of that customer's own (security.md 3.4).

Rules:

1. AES-256-GCM under a random key for each customer and use, 12 random bytes of nonce
   before it; what it belongs to (table and row) is authenticated with it.
2. Those keys stand in the database, each wrapped under the key file outside it and
   outside its backups: the database alone tells nobody who the customers are.
3. Deleting a key erases what it sealed, in every backup at once. Nothing of it is in
   the journal's leaves.
4. Two uses: ``service`` is what the work needed, and goes when the customer asks;
   ``billing`` is what the law holds (ten years), and goes when that time is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row, Table, delete, insert, select, text, update

from cordee_shared.billing.particulars import Particulars
from cordee_shared.canonical import canonical
from cordee_shared.errors import Tampered
from cordee_shared.ids import EngagementId

from ...services.particulars import deal_of
from .log_tables import CUSTOMER_KEYS
from .tables import ENGAGEMENTS, FACTS, RECORDS

_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
#: Before what is sealed; what is not begins with the brace of its JSON.
_SEALED: Final = b"\x01"


class Use(StrEnum):
    """What a customer's key is for; see rule 4."""

    SERVICE = "service"
    BILLING = "billing"


class Vault(Protocol):
    """Seals on the way into the database, opens on the way out."""

    def seal(
        self, connection: Connection, customer: str, use: Use, about: str, data: bytes
    ) -> bytes:
        """Return what is stored; a customer without a key gets one."""
        ...

    def open(
        self, connection: Connection, customer: str, use: Use, about: str, data: bytes
    ) -> bytes | None:
        """Return what was sealed; ``None``: its key was deleted."""
        ...


class NoVault:
    """Stores as it is: for databases without a key file, as tests open them."""

    def seal(
        self, connection: Connection, customer: str, use: Use, about: str, data: bytes
    ) -> bytes:
        """Return what is given."""
        return data

    def open(
        self, connection: Connection, customer: str, use: Use, about: str, data: bytes
    ) -> bytes | None:
        """Return what is given."""
        return data


class SqlVault:
    """A :class:`Vault` whose keys stand in the database, wrapped; it keeps none."""

    def __init__(self, master: bytes, token: Callable[[int], bytes]) -> None:
        """Wrap keys under ``master``, 32 bytes; ``token`` gives random bytes."""
        self._master = AESGCM(master)
        self._token = token

    def seal(
        self, connection: Connection, customer: str, use: Use, about: str, data: bytes
    ) -> bytes:
        """Seal under the customer's key, which is made if there is none."""
        if not customer:
            return data  # belongs to nobody who could be named
        key = self._key(connection, customer, use) or self._new(
            connection, customer, use
        )
        nonce = self._token(_NONCE_BYTES)
        return _SEALED + nonce + AESGCM(key).encrypt(nonce, data, about.encode())

    def open(
        self, connection: Connection, customer: str, use: Use, about: str, data: bytes
    ) -> bytes | None:
        """Open what was sealed; what never was comes as it is."""
        if not data.startswith(_SEALED):
            return data
        key = self._key(connection, customer, use)
        return None if key is None else _open(AESGCM(key), data[1:], about)

    def forget(self, connection: Connection, customer: str, use: Use) -> bool:
        """Delete a key; return whether there was one."""
        gone = delete(CUSTOMER_KEYS).where(
            CUSTOMER_KEYS.c.customer == customer, CUSTOMER_KEYS.c.use == use.value
        )
        return bool(connection.execute(gone).rowcount)

    def seal_what_is_open(self, connection: Connection) -> None:
        """Seal what was stored before there was a vault; nothing is said anew."""
        for row in connection.execute(
            select(ENGAGEMENTS).where(ENGAGEMENTS.c.customer.is_(None))
        ).all():
            agreed = (
                None if row.particulars is None else Particulars.read(row.particulars)
            )
            values = sealed_columns(connection, self, row.id, row.offer, agreed)
            connection.execute(
                update(ENGAGEMENTS).where(ENGAGEMENTS.c.id == row.id).values(values)
            )
        self._seal_written_once(connection, RECORDS, "id")
        self._seal_written_once(connection, FACTS, "seq")

    def _seal_written_once(
        self, connection: Connection, table: Table, name: str
    ) -> None:
        rows = connection.execute(select(table)).all()
        left = [row for row in rows if not row.bytes.startswith(_SEALED)]
        if not left:
            return
        trigger = f"{table.name}_no_update"
        made = connection.scalar(
            text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": trigger}
        )
        # The one change that is ever made to them: the same bytes, sealed.
        connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for row in left:
            customer = customer_of(connection, row.engagement)
            sealed = self.seal(
                connection, customer, Use.BILLING, about(table, row), row.bytes
            )
            key = table.c[name]
            connection.execute(
                update(table).where(key == getattr(row, name)).values(bytes=sealed)
            )
        if made is not None:
            connection.execute(text(str(made)))

    def _key(self, connection: Connection, customer: str, use: Use) -> bytes | None:
        wrapped = connection.scalar(
            select(CUSTOMER_KEYS.c.wrapped).where(
                CUSTOMER_KEYS.c.customer == customer, CUSTOMER_KEYS.c.use == use.value
            )
        )
        if wrapped is None:
            return None
        return _open(self._master, wrapped, f"{customer} {use.value}")

    def _new(self, connection: Connection, customer: str, use: Use) -> bytes:
        key, nonce = self._token(_KEY_BYTES), self._token(_NONCE_BYTES)
        about = f"{customer} {use.value}".encode()
        connection.execute(
            insert(CUSTOMER_KEYS).values(
                customer=customer,
                use=use.value,
                wrapped=nonce + self._master.encrypt(nonce, key, about),
            )
        )
        return key


def customer_of(connection: Connection, engagement: EngagementId | str) -> str:
    """Return whose an engagement is; empty when it is not there."""
    found = connection.scalar(
        select(ENGAGEMENTS.c.customer).where(ENGAGEMENTS.c.id == engagement)
    )
    return found or ""


def about(table: Table, row: Row[Any]) -> str:
    """Name what a sealed record or fact belongs to."""
    if table is RECORDS:
        return f"record {row.id}"
    return f"fact {row.engagement} {row.n}"


def sealed_columns(
    connection: Connection,
    vault: Vault,
    engagement: str,
    offer: bytes,
    particulars: Particulars | None,
) -> dict[str, Any]:
    """Return the columns of an engagement that name its customer, sealed.

    What the books have to know stands apart from the rest: it stays when that goes.
    """
    customer = engagement if particulars is None else particulars.ref
    columns: dict[str, Any] = {
        "customer": customer,
        "offer": vault.seal(
            connection, customer, Use.BILLING, f"offer {engagement}", offer
        ),
    }
    deal = deal_of(particulars)
    if particulars is not None and deal is not None:
        held, rest = canonical(asdict(deal)), particulars.canonical()
        columns["deal"] = vault.seal(
            connection, customer, Use.BILLING, f"deal {engagement}", held
        )
        columns["particulars"] = vault.seal(
            connection, customer, Use.SERVICE, f"particulars {engagement}", rest
        )
    return columns


def _open(key: AESGCM, sealed: bytes, about: str) -> bytes:
    nonce, data = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return key.decrypt(nonce, data, about.encode())
    except InvalidTag:
        raise Tampered(about, "was changed, or the key file is another") from None
