"""The tables, as the newest migration leaves them.

``entries``, ``records``, ``facts`` and ``deeds`` are written once: triggers of the
database abort any UPDATE or DELETE (security.md 3.2). The leaf of an entry is what a
Merkle log over ``seq`` will hash.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA: Final = MetaData()

#: SQLite counts rows by INTEGER only, and that has 64 bits there.
_SEQ: Final = BigInteger().with_variant(Integer(), "sqlite")

ENTRIES: Final = Table(
    "entries",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("session", Text, nullable=False),
    Column("n", Integer, nullable=False),
    #: State after the entry.
    Column("state", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    #: Where the entry puts its session under an engagement.
    Column("engagement", Text),
    #: SHA-256(0x00 || bytes), as RFC 9162 hashes leaves; the bytes are in ``bodies``.
    Column("leaf", LargeBinary(32), nullable=False),
    UniqueConstraint("session", "n"),
    sqlite_autoincrement=True,
)
Index("entries_engagement", ENTRIES.c.engagement)
Index("entries_state", ENTRIES.c.session, ENTRIES.c.state)

RECORDS: Final = Table(
    "records",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("engagement", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    #: Whose end made it; or else
    Column("session", Text, unique=True),
    #: which fact of the engagement did.
    Column("fact", Integer),
    Column("bytes", LargeBinary, nullable=False),
    UniqueConstraint("engagement", "revision"),
    UniqueConstraint("engagement", "fact"),
)

FACTS: Final = Table(
    "facts",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("engagement", Text, nullable=False),
    Column("n", Integer, nullable=False),
    #: ``seq`` of the newest entry when it was appended: its place among the ends.
    Column("after_seq", BigInteger, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    UniqueConstraint("engagement", "n"),
    sqlite_autoincrement=True,
)

#: May be lost: a record without a row is to be delivered (billing_legal.md 4.1).
DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("record", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("status", Integer, nullable=False),
    Column("why", Text, nullable=False),
)
Index("deliveries_next", DELIVERIES.c.state, DELIVERIES.c.next_ms)

#: Sinks that said 410, by SHA-256 of their address.
GONE_SINKS: Final = Table(
    "gone_sinks",
    METADATA,
    Column("sink", Text, primary_key=True),
    Column("since_ms", BigInteger, nullable=False),
)

ENGAGEMENTS: Final = Table(
    "engagements",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("technician", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("offer", LargeBinary, nullable=False),
    Column("policy", LargeBinary, nullable=False),
    Column("tariff", LargeBinary, nullable=False),
    #: What names the customer, apart from the journal; absent in old rows.
    Column("particulars", LargeBinary),
    #: Whose keys seal it (``vault.py``); absent until it is sealed.
    Column("customer", Text),
    #: What the books have to know of the customer: it outlasts the particulars.
    Column("deal", LargeBinary),
    sqlite_autoincrement=True,
)
Index("engagements_customer", ENGAGEMENTS.c.customer)
Index("engagements_technician", ENGAGEMENTS.c.technician)

TECHNICIANS: Final = Table(
    "technicians",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("totp", LargeBinary, nullable=False),
    #: Highest step of the second factor that was used.
    Column("last_step", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("locked", Integer, nullable=False),
)

SIGN_INS: Final = Table(
    "sign_ins",
    METADATA,
    Column("token", LargeBinary(32), primary_key=True),
    Column(
        "technician",
        Text,
        ForeignKey("technicians.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("since_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("browser", Text, nullable=False),
)
Index("sign_ins_technician", SIGN_INS.c.technician)

#: SHA-256 of codes of 80 random bits; a row goes when its code is used.
RECOVERY_CODES: Final = Table(
    "recovery_codes",
    METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column(
        "technician",
        Text,
        ForeignKey("technicians.id", ondelete="CASCADE"),
        nullable=False,
    ),
)
Index("recovery_codes_technician", RECOVERY_CODES.c.technician)

#: What was done to accounts. Written once, like the journal: triggers see to it.
DEEDS: Final = Table(
    "deeds",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("done", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)

#: By SHA-256 of the name as it was entered, whether such an account exists or not.
ATTEMPTS: Final = Table(
    "attempts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
)
