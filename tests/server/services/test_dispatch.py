from cordee_server.services.dispatch import (
    Kept,
    Way,
    addressee_of,
    letter_of,
    way_of,
)
from cordee_shared.billing.addressee import Addressee
from tests.builders import engagement
from tests.shared.billing.papers import CONSUMER, FRANCHISE
from tests.shared.billing.samples import parked, record


def test_who_nothing_is_known_of_is_a_consumer_by_post() -> None:
    customer = addressee_of(record(), engagement())
    assert customer == Addressee(name="Mme Martin")
    assert way_of(record(), customer) == (Way.FOR_POST, "")


def test_B08_by_e_mail_where_there_is_an_address() -> None:
    assert way_of(record(), CONSUMER) == (Way.TO_SEND, "martin@example.org")


def test_what_waits_for_a_person_goes_nowhere() -> None:
    assert way_of(parked(), CONSUMER) == (Way.HELD, "")


def test_the_letter_is_the_providers_and_says_no_amount() -> None:
    kept = Kept(
        record=record().id,
        engagement="e-0123456789abcdef",
        revision=1,
        technician="luc",
        customer="Mme Martin",
        amount_cents=5000,
        currency="EUR",
        made_ms=1,
        provider=FRANCHISE.hash,
        way=Way.TO_SEND,
        to="martin@example.org",
    )
    letter = letter_of(kept, FRANCHISE, b"%PDF")
    assert (letter.sender, letter.to) == (FRANCHISE.email, "martin@example.org")
    assert letter.id == f"{record().id}@cordee"
    assert FRANCHISE.phones[0] in letter.text
    assert "50" not in letter.subject + letter.text.replace(FRANCHISE.phones[0], "")
