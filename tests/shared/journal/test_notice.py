import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.journal.checkpoint import Signer
from cordee_shared.journal.notice import (
    NoticeKind,
    read_notice,
    verify_notice,
    write_notice,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = Signer(KEY).public


def test_a_notice_comes_back_as_it_was_signed() -> None:
    made = write_notice(3, 1_000, NoticeKind.ERASED, {"customer": "c-1"}, KEY)
    found = read_notice(made.raw)
    verify_notice(found, PUBLIC)
    assert found == made
    assert (found.n, found.kind, found.data) == (3, "erased", {"customer": "c-1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 4),
        ("at_ms", 1_001),
        ("kind", "retained"),
        ("data", {}),
        ("sig", "00" * 64),
    ],
)
def test_s31_every_changed_field_of_a_notice_is_found(name: str, value: object) -> None:
    made = write_notice(3, 1_000, NoticeKind.ERASED, {"customer": "c-1"}, KEY)
    changed = canonical(read_canonical(made.raw) | {name: value})
    with pytest.raises(Tampered, match="notice"):
        verify_notice(read_notice(changed), PUBLIC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", -1),
        ("n", True),
        ("at_ms", "1"),
        ("kind", "lost"),
        ("data", []),
        ("sig", "zz"),
        ("sig", "00"),
        ("log", "f" * 32),
        ("v", 2),
    ],
)
def test_what_is_no_notice_is_refused(name: str, value: object) -> None:
    made = write_notice(3, 1_000, NoticeKind.ERASED, {"customer": "c-1"}, KEY)
    changed = canonical(read_canonical(made.raw) | {name: value})
    with pytest.raises(MalformedFrame):
        read_notice(changed)
