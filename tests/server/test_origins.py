"""The one origin that browsers may come from, exactly as they send it."""

import pytest

from cordee_server.origins import is_origin


@pytest.mark.parametrize(
    "text",
    ["https://help.example", "https://help.example:8443", "http://localhost:8080"],
)
def test_what_a_browser_sends_is_an_origin(text: str) -> None:
    assert is_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://help.example",
        "https://help.example/",
        "https://help.example:443",
        "https://user@help.example",
        "https://[::1",
        "ftp://localhost",
        "",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_origin(text)
