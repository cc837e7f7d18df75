"""``cordee engagement``, as a script uses it, mistakes included."""

import json
from pathlib import Path

import pytest

from cordee_server.engagement_commands import read_details, read_kind
from cordee_shared.billing.facts import FactKind
from cordee_shared.errors import BadInput
from tests.server.test_cli import Run, cordee, refused, relay

__all__ = ["cordee", "relay"]

pytestmark = pytest.mark.slow

LUC = ("--technician", "luc")
FIELDS = ("--customer", "Mme Martin", "--purpose", "Imprimante", "--tariff", "remote")


def test_R01_an_engagement_is_made_listed_and_shown(cordee: Run, relay: Path) -> None:
    assert cordee("technician", "add", "luc").returncode == 0
    details = {"kind": "professional", "siren": "828971028", "email": "a@example.fr"}
    made = cordee("engagement", "add", *LUC, *FIELDS, "--details", json.dumps(details))
    assert made.returncode == 0, made.stderr
    id = made.stdout.strip()
    assert id in cordee("engagement", "list", *LUC).stdout
    shown = json.loads(cordee("engagement", "show", id).stdout)
    assert shown["particulars"]["siren"] == "828971028"
    assert shown["offer"]["asks"] == ["backup"]
    assert shown["confirmed_by"] == "luc"


def test_B05_a_fact_is_journaled_and_shown(cordee: Run, relay: Path) -> None:
    cordee("technician", "add", "luc")
    id = cordee("engagement", "add", *LUC, *FIELDS).stdout.strip()
    said = ("--data", '{"channel": "phone"}')
    told = cordee("engagement", "fact", id, "contact_attempt", *LUC, *said)
    assert told.stdout.strip() == "fact 0: contact_attempt; no record yet"
    shown = json.loads(cordee("engagement", "show", id).stdout)
    assert shown["facts"][0]["data"] == {"channel": "phone"}


def test_R01_R02_each_mistake_has_its_sentence(cordee: Run, relay: Path) -> None:
    assert "no technician 'luc'" in refused(cordee("engagement", "list", *LUC))
    cordee("technician", "add", "luc")
    empty = ("--customer", "", *FIELDS[2:])
    assert refused(cordee("engagement", "add", *LUC, *empty)) == (
        "The customer's name is missing."
    )
    waived = ("--details", '{"prerequisites": {"broadband": "yes"}}')
    assert "supported_os" in refused(
        cordee("engagement", "add", *LUC, *FIELDS, *waived)
    )
    assert "no engagement's id" in refused(cordee("engagement", "show", "e-1"))


def test_what_is_no_kind_of_fact_is_refused_with_the_kinds_there_are() -> None:
    assert read_kind("released") is FactKind.RELEASED
    with pytest.raises(BadInput, match="contact_attempt"):
        read_kind("paid")


@pytest.mark.parametrize("text", ["", "[]", "7", '{"colour": 1}', '{"kind": 7}'])
def test_details_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="--details"):
        read_details(text)
