"""The tables of the Merkle log over the journal, and of customers' keys.

An entry's row in ``entries`` holds its leaf; what the leaf stands for is in ``bodies``,
because a body may have to go one day (retention, erasure) while its leaf stays: the
log verifies all the same. ``entries``, ``nodes`` and ``heads`` are never changed, and
triggers see to it; of ``bodies`` rows can be deleted, and nothing else.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from .tables import METADATA as METADATA

BODIES: Final = Table(
    "bodies",
    METADATA,
    #: The entry's ``seq``, which is its index in the log and one.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)

#: Keys of customers, wrapped under the key file (``vault.py``); to be deleted.
CUSTOMER_KEYS: Final = Table(
    "customer_keys",
    METADATA,
    Column("customer", Text, primary_key=True),
    Column("use", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

#: What a customer had put right, sealed; it stands before what was agreed.
CORRECTIONS: Final = Table(
    "corrections",
    METADATA,
    Column("customer", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

#: Complete subtrees above the leaves, each written once.
NODES: Final = Table(
    "nodes",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

#: One for each transaction that appended something.
HEADS: Final = Table(
    "heads",
    METADATA,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    #: The signed checkpoint (c2sp.org/tlog-checkpoint).
    Column("note", Text, nullable=False),
)
