"""What was handed over in files: which, how much, and how one sees that it is whole.

Rules:

1. A record that waits for a person is not handed over; the manifest counts and names
   it.
2. Sums are those of the *current* records: of each engagement the newest revision
   that was handed over. Adding up all revisions would count work twice.
3. Canonical JSON: the same journal gives the same manifest, to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import canonical, sha256_hex
from cordee_shared.ids import EngagementId


@dataclass(frozen=True, slots=True)
class JournalHead:
    """How far the journal was: a Merkle root over all of its entries (RFC 9162)."""

    size: int
    #: 64 hexadecimal digits.
    root: str


def handed_over(records: Iterable[BillingRecord]) -> list[BillingRecord]:
    """Return the records that do not wait for a person, in their order."""
    return [record for record in records if not record.is_parked]


def current(records: Iterable[BillingRecord]) -> list[BillingRecord]:
    """Return each engagement's newest revision of these, in their order."""
    newest: dict[EngagementId, BillingRecord] = {}
    known = list(records)
    for record in known:
        there = newest.get(record.agreed.engagement)
        if there is None or there.revision < record.revision:
            newest[record.agreed.engagement] = record
    return [r for r in known if newest[r.agreed.engagement] is r]


def manifest(
    records: Sequence[BillingRecord],
    files: Mapping[str, bytes],
    head: JournalHead,
    relay: str,
) -> bytes:
    """Return the manifest of a hand-over, one line of canonical JSON.

    Args:
        records: every record, those that wait for a person included.
        files: each file's name and its content.
        head: how far the journal was when ``records`` were read, or before.
        relay: names the relay, as the records do.
    """
    out = handed_over(records)
    counted = current(out)
    parked = [r for r in current(records) if r.is_parked]
    return (
        canonical(
            {
                "v": 1,
                "relay": relay,
                "records": len(out),
                "engagements": len(counted),
                "seconds": sum(record.seconds for record in counted),
                "units": sum(record.units for record in counted),
                "cents": sum(record.amount_cents for record in counted),
                "currencies": sorted({record.currency for record in counted}),
                "parked": [record.id for record in parked],
                "journal": asdict(head),
                "files": [
                    {"name": name, "bytes": len(body), "sha256": sha256_hex(body)}
                    for name, body in sorted(files.items())
                ],
            }
        )
        + b"\n"
    )
