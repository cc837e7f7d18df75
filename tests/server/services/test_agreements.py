"""Engagements with the facts that belong to their beginning, and later ones."""

import re

import pytest

from cordee_server.services.agreements import is_warned_of
from cordee_server.services.particulars import Details
from cordee_shared.billing.facts import FORMS, FactKind
from cordee_shared.errors import BadInput
from tests.architecture.sources import CONSOLE
from tests.builders import LUC
from tests.server.conftest import House

#: A kind of the console's, and its fields.
KIND = re.compile(r"^    (\w+): \{(.*?)\},$", re.MULTILINE | re.DOTALL)
THREE = {"customer": "Mme Martin", "purpose": "Imprimante", "tariff": "remote"}
LATE = {"note": "Deux factures en retard"}


async def warned(house: House, details: Details) -> str:
    """Make an engagement whose customer is late; return its id."""
    made = await house.agreeing.agree(LUC, **THREE, details=details)
    await house.agreeing.state(made.id, LUC, "arrears", LATE)
    return made.id


@pytest.mark.parametrize(
    ("customer", "details", "is_warned"),
    [
        ("mme martin", Details(), True),
        ("Société Martin", Details(ref="c-martin"), True),
        ("Anne Martin", Details(email="Martin@example.fr"), True),
        ("M. Petit", Details(email="petit@example.fr"), False),
        ("M. Petit", Details(), False),
    ],
)
async def test_R11_the_same_customer_is_known_by_reference_address_or_name(
    house: House, customer: str, details: Details, is_warned: bool
) -> None:
    first = Details(ref="c-martin", email="martin@example.fr")
    await warned(house, first)
    found = await house.agreeing.warning(customer, details)
    assert (found is not None) is is_warned


async def test_R11_the_warning_says_what_was_noted_and_a_blank_reason_is_none(
    house: House,
) -> None:
    await warned(house, Details())
    for despite in ("", "   "):
        with pytest.raises(BadInput) as refused:
            await house.agreeing.agree(LUC, **THREE, details=Details(despite=despite))
        assert refused.value.field == "despite"
    assert len(await house.engagements.of(LUC)) == 1


async def test_R11_a_warning_is_lifted_and_given_again(house: House) -> None:
    id = await warned(house, Details())
    assert is_warned_of(await house.agreeing.facts(id, LUC))
    await house.agreeing.state(id, LUC, "arrears_lifted", {"reason": "En ordre"})
    assert not is_warned_of(await house.agreeing.facts(id, LUC))
    assert await house.agreeing.warning("Mme Martin", Details()) is None
    await house.agreeing.state(id, LUC, FactKind.ARREARS, LATE)
    assert is_warned_of(await house.agreeing.facts(id, LUC))
    assert await house.agreeing.warning("Mme Martin", Details()) is not None


async def test_R11_a_reason_without_a_warning_is_not_journaled(house: House) -> None:
    made = await house.agreeing.agree(LUC, **THREE, details=Details(despite="Urgent"))
    assert await house.agreeing.facts(made.id, LUC) == []


def test_the_console_asks_for_all_that_each_kind_says() -> None:
    text = (CONSOLE / "stating.js").read_text(encoding="utf-8")
    kinds = text.partition("export const KINDS")[2].partition("});")[0]
    found = {
        kind: set(re.findall(r"(\w+):", fields)) for kind, fields in KIND.findall(kinds)
    }
    assert len(found) > 10
    assert found == {kind: set(FORMS[FactKind(kind)]) for kind in found}
