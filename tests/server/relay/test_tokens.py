"""Tokens of a resume."""

import pytest

from cordee_server.relay.tokens import TOKEN_BYTES, Tokens
from cordee_shared.canonical import b64

FIRST, SECOND, THIRD = (bytes([n]) * TOKEN_BYTES for n in (1, 2, 3))


def test_the_last_token_is_good_and_nothing_else() -> None:
    tokens = Tokens()
    assert not tokens.accept("")
    given = tokens.give(FIRST)
    assert given == b64(FIRST)
    for other in ("", "AAAA", "not base64url!", b64(SECOND), given[:-1]):
        assert not tokens.accept(other)
    assert tokens.accept(given)


def test_the_former_token_is_good_until_the_last_one_is_confirmed() -> None:
    tokens = Tokens()
    first, second = tokens.give(FIRST), tokens.give(SECOND)
    assert tokens.accept(first)
    second = tokens.give(SECOND)
    tokens.confirm()
    assert not tokens.accept(first)
    assert tokens.accept(second)


def test_showing_one_token_kills_the_other() -> None:
    tokens = Tokens()
    first, second = tokens.give(FIRST), tokens.give(SECOND)
    assert tokens.accept(second)
    assert not tokens.accept(first)


def test_only_one_former_token_is_kept() -> None:
    tokens = Tokens()
    first = tokens.give(FIRST)
    tokens.give(SECOND)
    tokens.give(THIRD)
    assert not tokens.accept(first)


def test_tokens_are_kept_as_hashes() -> None:
    tokens = Tokens()
    tokens.give(FIRST)
    assert FIRST not in vars(tokens).values()


def test_a_token_is_32_random_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        Tokens().give(b"short")
