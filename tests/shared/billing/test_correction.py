import pytest

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.correction import Correction
from cordee_shared.errors import BadInput, MalformedFrame

FORMER = Addressee(
    name="Mme Martn", email="a@example.fr", post=("1 rue", "73210 Landry")
)


def test_only_what_was_put_right_changes() -> None:
    found = Correction(name="Mme Martin").applied(FORMER)
    assert (found.name, found.email, found.post) == (
        "Mme Martin",
        FORMER.email,
        FORMER.post,
    )
    later = Correction(email="b@example.fr").over(Correction(name="Mme Martin"))
    assert later == Correction(name="Mme Martin", email="b@example.fr")
    assert later.fields == ["email", "name"]
    assert Correction(name="x").over(None) == Correction(name="x")


def test_it_comes_back_as_it_was() -> None:
    made = Correction(name="É", post=("1 rue", "73210 Landry"))
    assert Correction.read(made.canonical()) == made
    with pytest.raises(MalformedFrame):
        Correction.read(b'{"v":1}')


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a\nb"),
        ("email", "nobody"),
        ("phone", "x" * 300),
        ("post", ("\u202e",)),
    ],
)
def test_what_nobody_is_called_is_refused(field: str, value: object) -> None:
    with pytest.raises(BadInput) as found:
        Correction(**{field: value})  # type: ignore[arg-type]  # one of each
    assert found.value.field == field
