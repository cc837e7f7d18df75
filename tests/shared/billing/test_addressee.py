from cordee_shared.billing.addressee import Addressee
from tests.shared.billing.papers import CONSUMER


def test_who_is_not_known_is_a_consumer() -> None:
    assert not Addressee(name="Mme Martin").is_professional


def test_the_last_line_of_post_is_postcode_and_city() -> None:
    assert CONSUMER.place == (("12 rue des Lilas",), "73000", "CHAMBÉRY")


def test_post_that_ends_otherwise_stays_as_it_was_written() -> None:
    abroad = Addressee(name="M. Rossi", post=("Via Roma 1", "Torino"))
    assert abroad.place == (("Via Roma 1", "Torino"), "", "")
    assert Addressee(name="M. Rossi").place == ((), "", "")
