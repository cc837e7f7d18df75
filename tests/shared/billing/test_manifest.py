import json

from cordee_shared.billing.manifest import (
    JournalHead,
    current,
    handed_over,
    manifest,
)
from cordee_shared.canonical import canonical, sha256_hex
from tests.shared.billing.samples import RELAY_ID, parked, record
from tests.shared.journals import helped

HEAD = JournalHead(24, "ab" * 32)
ONE = record(helped(1801))
FIRST = record(helped(60), engagement="e-1111111111111111")
SECOND = record(helped(60), helped(1801, number=2), engagement="e-1111111111111111")


def test_only_the_newest_revision_of_an_engagement_is_current() -> None:
    assert current([FIRST, ONE, SECOND]) == [ONE, SECOND]
    assert current([SECOND, FIRST]) == [SECOND]
    assert current([]) == []


def test_what_waits_for_a_person_is_not_handed_over() -> None:
    assert handed_over([ONE, parked()]) == [ONE]


def test_a_parked_revision_leaves_the_former_one_standing() -> None:
    later = parked("e-1111111111111111")
    assert current(handed_over([FIRST, later])) == [FIRST]


def test_sums_are_of_the_current_records_and_files_have_their_hash() -> None:
    files = {"b.csv": b"two", "a.jsonl": b"one"}
    written = manifest([FIRST, ONE, SECOND, parked()], files, HEAD, RELAY_ID)
    value = json.loads(written)
    assert written == canonical(value) + b"\n"
    assert value == {
        "v": 1,
        "relay": RELAY_ID,
        "records": 3,
        "engagements": 2,
        "seconds": 1801 + SECOND.seconds,
        "units": 2 + SECOND.units,
        "cents": 5000 + SECOND.amount_cents,
        "currencies": ["EUR"],
        "parked": [parked().id],
        "journal": {"size": 24, "root": "ab" * 32},
        "files": [
            {"name": "a.jsonl", "bytes": 3, "sha256": sha256_hex(b"one")},
            {"name": "b.csv", "bytes": 3, "sha256": sha256_hex(b"two")},
        ],
    }


def test_nothing_is_a_manifest_too() -> None:
    value = json.loads(manifest([], {}, JournalHead(0, "0" * 64), RELAY_ID))
    assert (value["records"], value["units"], value["cents"]) == (0, 0, 0)
