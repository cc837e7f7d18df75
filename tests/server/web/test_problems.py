from collections.abc import Iterator
from contextlib import suppress

import pytest
from aiohttp import ClientConnectionError, web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from cordee_server.web import problems
from cordee_server.web.problems import TABLE, Problem, problem_of
from cordee_shared.errors import (
    CodeExpired,
    CodeSpent,
    CodeUnknown,
    CordeeError,
    LocalViolation,
    PeerGone,
    ProtocolViolation,
    Refused,
    Tampered,
    TooManyGuesses,
)


def every(kind: type[CordeeError]) -> Iterator[type[CordeeError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from every(below)


ALL = list(dict.fromkeys(every(CordeeError)))


def made(kind: type[CordeeError]) -> CordeeError:
    """Return an error as it is raised, with a sentence that must not leave."""
    if issubclass(kind, PeerGone | Tampered):
        return kind("customer", "SECRET")
    return kind("SECRET")


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_a_row_of_its_own_family(kind: type[CordeeError]) -> None:
    row = problem_of(made(kind))
    assert row in TABLE.values()
    assert 400 <= row.status < 600
    assert row.close in {1001, 1009, 1011, 1013} or 4400 <= row.close < 4500
    assert row != TABLE[CordeeError] or row.is_ours


@pytest.mark.parametrize(
    "kind", [k for k in ALL if issubclass(k, Refused)], ids=lambda kind: kind.__name__
)
def test_a_refusals_key_is_its_code(kind: type[Refused]) -> None:
    assert problem_of(made(kind)).key == kind.code


@pytest.mark.parametrize(
    "kind",
    [
        k
        for k in ALL
        if issubclass(k, ProtocolViolation) and not issubclass(k, LocalViolation)
    ],
    ids=lambda kind: kind.__name__,
)
def test_a_violation_closes_the_link_and_says_no_more(
    kind: type[ProtocolViolation],
) -> None:
    row = problem_of(made(kind))
    assert (row.close, row.key) in {(4400, "violation"), (1009, "too_large")}


def test_s12_unknown_spent_and_expired_look_the_same() -> None:
    rows = {problem_of(kind()) for kind in (CodeUnknown, CodeExpired, CodeSpent)}
    assert rows == {Problem(404, 4404, "code_invalid")}


def test_a_bug_has_the_roots_row() -> None:
    assert problem_of(ZeroDivisionError()) == TABLE[CordeeError]


async def answer_to(error: Exception) -> tuple[int, bytes, str]:
    async def handler(_: web.Request) -> web.Response:
        raise error

    app = web.Application(middlewares=[problems.middleware])
    app.router.add_get("/", handler)
    async with TestClient(TestServer(app)) as client, client.get("/") as answer:
        return (
            answer.status,
            await answer.read(),
            answer.headers.get("Retry-After", ""),
        )


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
async def test_no_errors_own_text_leaves_this_side(kind: type[CordeeError]) -> None:
    status, body, _ = await answer_to(made(kind))
    row = problem_of(made(kind))
    assert (status, body) == (row.status, b'{"code":"%s"}' % row.key.encode())


async def test_a_bug_is_told_nothing() -> None:
    assert await answer_to(ZeroDivisionError("SECRET")) == (
        500,
        b'{"code":"internal"}',
        "",
    )


@pytest.mark.parametrize(("leaves", "said"), [(True, "left"), (False, "bug")])
async def test_whoever_leaves_before_the_answer_is_no_bug(
    leaves: bool, said: str
) -> None:
    async def handler(request: web.Request) -> web.Response:
        if leaves:
            assert request.transport is not None
            request.transport.abort()
        raise ConnectionResetError("connection lost")

    app = web.Application(middlewares=[problems.middleware])
    app.router.add_get("/", handler)
    with capture_logs() as logs:
        async with TestClient(TestServer(app)) as client:
            with suppress(ClientConnectionError):
                await client.get("/")
    assert [line["event"] for line in logs] == [said]


async def test_too_many_tries_say_when_another_makes_sense() -> None:
    refusal = TooManyGuesses()
    refusal.retry_s = 16
    assert await answer_to(refusal) == (429, b'{"code":"too_many_guesses"}', "16")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (web.HTTPNotFound(), b'{"code":"not_found"}'),
        (web.HTTPRequestEntityTooLarge(1, 2), b'{"code":"too_large"}'),
        (web.HTTPBadRequest(), b'{"code":"refused"}'),
    ],
)
async def test_what_aiohttp_refuses_has_the_same_form(
    error: web.HTTPException, said: bytes
) -> None:
    assert await answer_to(error) == (error.status, said, "")
