import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cordee_server.logs import FIELD_MAX, configure


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What is written, with everything as it was afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    configure(written)
    yield written
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    """Return the lines, each of which has to be one JSON object."""
    text = out.getvalue()
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def test_a_fact_is_one_object_with_its_fields(out: io.StringIO) -> None:
    structlog.get_logger("cordee.x").info("entry", session="s", n=3, late=False)
    (line,) = lines(out)
    assert line.pop("at") is not None
    assert line == {
        "event": "entry",
        "level": "info",
        "logger": "cordee.x",
        "session": "s",
        "n": 3,
        "late": False,
    }


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    event=st.text(),
    value=st.one_of(st.text(), st.binary(), st.integers(), st.none(), st.floats()),
)
def test_s46_whatever_is_sent_a_line_is_one_json_object(
    out: io.StringIO, event: str, value: object
) -> None:
    out.seek(0)
    out.truncate()
    structlog.get_logger("cordee.x").warning(event, value=value)
    assert len(lines(out)) == 1
    assert out.getvalue().isascii()
    assert out.getvalue().count("\n") == 1


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x85", "\u2028", "\x1b[2J", "\x00"])
def test_s46_nobody_forges_a_line(out: io.StringIO, sign: str) -> None:
    forged = f'x"}}{sign}{{"event":"signed_in","technician":"admin"}}'
    structlog.get_logger("cordee.x").warning("foreign_origin", origin=forged)
    logging.getLogger("aiohttp.server").error("Error: %s", forged)
    first, second = lines(out)
    assert (first["event"], second["logger"]) == ("foreign_origin", "aiohttp.server")
    assert sign not in out.getvalue().replace("\n", "", 2)


def test_a_field_is_cut_when_it_is_too_long(out: io.StringIO) -> None:
    structlog.get_logger("cordee.x").info("x", path="a" * 10_000, raw=b"\xff" * 10_000)
    (line,) = lines(out)
    assert line["path"] == "a" * FIELD_MAX + "…"
    assert len(str(line["raw"])) < 3 * FIELD_MAX


def test_what_is_called_like_a_secret_is_left_out(out: io.StringIO) -> None:
    for name in ("password", "totp", "token", "seed", "secret", "cookie"):
        structlog.get_logger("cordee.x").info("x", **{name: "hunter2"})
    assert "hunter2" not in out.getvalue()
    assert len(lines(out)) == 6


def test_a_bug_comes_with_its_traceback_on_one_line(out: io.StringIO) -> None:
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError:
        structlog.get_logger("cordee.x").exception("bug")
    (line,) = lines(out)
    assert "ZeroDivisionError: by zero" in str(line["exception"])


def test_libraries_log_in_the_same_form_and_not_each_step(out: io.StringIO) -> None:
    logging.getLogger("alembic.runtime").info("Running upgrade")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    logging.getLogger("aiohttp.access").info("GET /")
    logging.getLogger("some.library").warning("careful")
    assert [line["event"] for line in lines(out)] == ["careful"]
