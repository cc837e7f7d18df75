"""What was agreed beside the price: checked, hashed with salt, kept off the journal."""

from dataclasses import replace

import pytest

from cordee_shared.billing.contract import CustomerKind
from cordee_shared.billing.particulars import (
    PREREQUISITES,
    Backup,
    Channel,
    Delivery,
    Particulars,
)
from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import BadInput, MalformedFrame

GIVEN = Particulars(
    kind=CustomerKind.CONSUMER,
    ref="c-0123456789ab",
    siren="",
    email="martin@example.fr",
    phone="06 00 00 00 00",
    post=("12 rue des Lilas", "73210 LANDRY"),
    delivery=Delivery.EMAIL,
    channel=Channel.PHONE,
    slot_from_ms=2_000,
    slot_until_ms=5_000,
    requested_by="Mme Martin",
    requested_ms=900,
    offered_ms=1_000,
    prerequisites=tuple((name, "yes") for name in PREREQUISITES),
    backup=Backup.ASK,
    vouched="",
    salt="0" * 32,
)


def test_R01_they_read_back_as_they_were() -> None:
    assert Particulars.read(GIVEN.canonical()) == GIVEN
    assert Particulars.read(GIVEN.canonical()).hash == GIVEN.hash


def test_R39_the_hash_says_nothing_without_the_salt() -> None:
    assert replace(GIVEN, salt="1" * 32).hash != GIVEN.hash


def test_B08_documents_go_by_mail_or_by_post() -> None:
    assert GIVEN.deliver_to == "martin@example.fr"
    by_post = replace(GIVEN, delivery=Delivery.POST)
    assert by_post.deliver_to == "12 rue des Lilas\n73210 LANDRY"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"ref": "Mme Martin"}, "ref", "reference"),
        ({"siren": "828971028"}, "siren", "a professional's"),
        ({"email": "martin"}, "email", "e-mail address"),
        ({"slot_from_ms": 0}, "slot", "day and hour are missing"),
        ({"slot_until_ms": 2_000}, "slot", "ends before it begins"),
        ({"requested_by": ""}, "requested_by", "Who asked"),
        ({"requested_ms": 0}, "requested_by", "Who asked"),
        ({"requested_ms": 1_001}, "offered", "older than the request"),
        ({"salt": ""}, "salt", "salt"),
    ],
)
def test_R01_R10_each_missing_field_has_its_own_error(
    changes: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        replace(GIVEN, **changes)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize("name", PREREQUISITES)
def test_R02_R36_a_prerequisite_is_checked_or_waived_with_a_reason(name: str) -> None:
    some = {one: "yes" for one in PREREQUISITES}
    waived = some | {name: "vu avec le client le 20"}
    made = replace(GIVEN, prerequisites=tuple(waived.items()))
    assert dict(made.prerequisites)[name] == "vu avec le client le 20"
    for odd in (some | {name: ""}, {one: "yes" for one in some if one != name}):
        with pytest.raises(BadInput, match=name) as refused:
            replace(GIVEN, prerequisites=tuple(odd.items()))
        assert refused.value.field == name


def test_what_is_no_prerequisite_is_refused() -> None:
    more = (*GIVEN.prerequisites, ("flash", "yes"))
    with pytest.raises(BadInput, match="no such prerequisite"):
        replace(GIVEN, prerequisites=more)


def test_a_professional_has_a_siren() -> None:
    firm = replace(GIVEN, kind=CustomerKind.PROFESSIONAL, siren="828971028")
    assert firm.siren == "828971028"
    with pytest.raises(BadInput, match="check digit"):
        replace(firm, siren="828971029")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 2),
        ("kind", "friend"),
        ("delivery", "fax"),
        ("backup", "later"),
        ("prerequisites", 7),
        ("prerequisites", ["yes"]),
        ("colour", "blue"),
    ],
)
def test_other_bytes_are_not_particulars(name: str, value: object) -> None:
    fields = read_canonical(GIVEN.canonical()) | {name: value}
    with pytest.raises(MalformedFrame):
        Particulars.read(canonical(fields))
