"""What stands for what was not said, and what is refused by its name."""

import msgspec
import pytest

from cordee_server.services.particulars import (
    USUAL_SLOT_MS,
    USUALLY,
    Details,
    line_of,
    settle_particulars,
)
from cordee_server.settings import Settings, Usual
from cordee_shared.billing.contract import CustomerKind
from cordee_shared.billing.particulars import Backup, Delivery, Particulars
from cordee_shared.errors import BadInput
from tests.builders import Dice

NOW = 1_741_942_800_000


def settled(settings: Settings, **given: object) -> Particulars:
    details = msgspec.convert(given, Details)
    return settle_particulars(details, "Mme Martin", settings, NOW, Dice())


def test_R01_R03_R10_the_usual_stands_for_what_was_not_said(settings: Settings) -> None:
    plain = msgspec.structs.replace(settings, usual=Usual())
    made = settle_particulars(USUALLY, "Mme Martin", plain, NOW, Dice())
    assert (made.kind, made.backup) == (CustomerKind.CONSUMER, Backup.ASK)
    assert (made.delivery, made.channel) == (Delivery.EMAIL, "phone")
    assert (made.requested_by, made.requested_ms) == ("Mme Martin", NOW)
    assert (made.slot_from_ms, made.slot_until_ms) == (NOW, NOW + USUAL_SLOT_MS)
    assert set(dict(made.prerequisites).values()) == {"yes"}
    assert made.ref.startswith("c-")
    assert "Martin" not in made.ref


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "friend"}, "kind"),
        ({"ref": ""}, "ref"),
        ({"email": "nowhere"}, "email"),
        ({"delivery": "fax"}, "delivery"),
        ({"delivery": "post"}, "post"),
        ({"delivery": "email"}, "email"),
        ({"channel": "pigeon"}, "channel"),
        ({"slot_from_ms": 0}, "slot"),
        ({"slot_from_ms": NOW, "slot_until_ms": NOW}, "slot"),
        ({"requested_by": ""}, "requested_by"),
        ({"requested_ms": 0}, "requested_by"),
        ({"offered_ms": NOW + 1}, "offered"),
        ({"prerequisites": {}}, "broadband"),
        ({"prerequisites": {"broadband": "yes"}}, "supported_os"),
        ({"prerequisites": {"flash": "yes"}}, "prerequisites"),
        ({"backup": "please"}, "backup"),
        ({"vouched": "a\u202eb"}, "vouched"),
        ({"post": ["\n"]}, "post"),
    ],
)
def test_R01_R02_each_missing_or_wrong_field_is_refused_by_its_name(
    settings: Settings, given: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        settled(settings, **given)
    assert refused.value.field == field
    assert str(refused.value)


def test_B08_post_needs_an_address_and_gets_there(settings: Settings) -> None:
    made = settled(settings, delivery="post", post=["12 rue des Lilas", "73210 LANDRY"])
    assert made.deliver_to == "12 rue des Lilas\n73210 LANDRY"


def test_R02_a_waiver_keeps_its_reason(settings: Settings) -> None:
    said = {"broadband": "yes", "supported_os": "yes", "licences": "aucun logiciel"}
    made = settled(settings, prerequisites=said)
    assert dict(made.prerequisites)["licences"] == "aucun logiciel"


@pytest.mark.parametrize("odd", ["", "  ", "x" * 201, "a\nb", "a\u200b"])
def test_a_line_that_says_nothing_or_hides_something_is_refused(odd: str) -> None:
    with pytest.raises(BadInput):
        line_of(odd, "purpose")


def test_a_line_is_tidied_and_kept_as_it_is_spelt() -> None:
    assert line_of("  M. Đặng  Œuvrard ", "customer") == "M. Đặng  Œuvrard"
