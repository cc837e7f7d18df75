import pytest

from cordee_server.whereabouts import lower, place, sentence

TEXT = """\
data = "d"
listen.port = 1

[provider]
phone = "1"

[[tariffs]]
id = "a"
[[tariffs]]
id = "b"
[tls]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["data"], 1),
        (["listen", "port"], 2),
        (["provider"], 4),
        (["provider", "phone"], 5),
        (["tariffs", "0", "id"], 8),
        (["tariffs", "1", "id"], 10),
        (["tariffs"], 7),
        (["tls", "key"], 11),
        (["zone"], None),
    ],
)
def test_a_key_is_found_where_people_write_it(
    path: list[str], line: int | None
) -> None:
    expected = "f.toml" if line is None else f"f.toml, line {line}"
    assert place(TEXT, "f.toml", path) == expected


def test_what_the_library_says_becomes_one_sentence_of_ours() -> None:
    error = "Expected `int`, got `str` - at `$.tariffs[1].id`"
    assert str(sentence(error, TEXT, "f.toml", {})) == (
        "f.toml, line 10: tariffs.1.id: expected `int`, got `str`"
    )


def test_a_value_from_the_environment_is_blamed_on_its_variable() -> None:
    error = "Expected `int`, got `str` - at `$.listen.port`"
    came: dict[tuple[str, ...], str] = {("listen", "port"): "CORDEE_LISTEN_PORT"}
    assert str(sentence(error, TEXT, "f.toml", came)) == (
        "environment: CORDEE_LISTEN_PORT: expected `int`, got `str`"
    )


def test_a_sentence_goes_on_in_lower_case() -> None:
    assert lower("Expected") == "expected"
    assert lower("") == ""
