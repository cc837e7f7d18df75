"""The tree of errors: one root, a sentence for people, nothing told to strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cordee_shared import errors
from cordee_shared.errors import (
    CodeExpired,
    CodeMistyped,
    CodeSpent,
    CodeUnknown,
    CordeeError,
    LocalViolation,
    PeerGone,
    ProtocolViolation,
    Refused,
    RemoteViolation,
    Tampered,
)


def tree(root: type[CordeeError]) -> Iterator[type[CordeeError]]:
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from tree(child)


REFUSALS: list[type[Refused]] = [
    Refused,
    *(error for error in tree(Refused) if issubclass(error, Refused)),
]


def test_every_error_descends_from_the_root_and_is_drawn_at_the_top() -> None:
    defined = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert set(defined) == {CordeeError, *tree(CordeeError)}
    assert [
        e.__name__ for e in defined if e.__name__ not in (errors.__doc__ or "")
    ] == []


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_says_a_sentence_without_being_told(refusal: type[Refused]) -> None:
    sentence = str(refusal())
    assert sentence == (refusal.__doc__ or "").strip()
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_says_what_it_was_given_instead(refusal: type[Refused]) -> None:
    assert str(refusal("Wait an hour.")) == "Wait an hour."


def test_each_refusal_has_a_name_of_its_own() -> None:
    names = [
        refusal.code for refusal in REFUSALS if refusal not in (CodeExpired, CodeSpent)
    ]
    assert len(set(names)) == len(names)


def test_s12_unknown_expired_and_spent_codes_look_the_same() -> None:
    alike: tuple[type[CodeUnknown], ...] = (CodeUnknown, CodeExpired, CodeSpent)
    assert len({(str(error()), error.code) for error in alike}) == 1
    assert not issubclass(CodeMistyped, CodeUnknown)


def test_a_bug_here_is_never_the_peers_fault() -> None:
    assert not issubclass(LocalViolation, RemoteViolation)
    assert not issubclass(ProtocolViolation, Refused)


def test_errors_with_parts_keep_them() -> None:
    gone = PeerGone("customer", "heartbeat")
    assert (gone.side, gone.reason) == ("customer", "heartbeat")
    assert str(gone) == "customer left: heartbeat"
    tampered = Tampered("entry 7", "does not fit its root")
    assert (tampered.where, tampered.why) == ("entry 7", "does not fit its root")
    assert str(tampered) == "entry 7: does not fit its root"
