import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cordee_server.web.body import json_answer, read_body
from cordee_shared.errors import BadInput


class Point(msgspec.Struct, forbid_unknown_fields=True):
    """Something to send."""

    x: int


async def read(body: bytes) -> str:
    async def handler(request: web.Request) -> web.Response:
        try:
            return json_answer(await read_body(request, Point), status=201)
        except BadInput as refusal:
            return json_answer(str(refusal), status=422)

    app = web.Application()
    app.router.add_post("/", handler)
    async with (
        TestClient(TestServer(app)) as client,
        client.post("/", data=body) as answer,
    ):
        assert answer.content_type == "application/json"
        return f"{answer.status} {await answer.text()}"


async def test_a_body_of_the_right_form_is_read() -> None:
    assert await read(b'{"x": 1}') == '201 {"x":1}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"x": "1"}',
        b'{"x": 1.5}',
        b'{"x": 1, "y": 2}',
        b"\xff",
        b'{"x": 1}}',
        b"[" * 30_000,
    ],
)
async def test_any_other_body_is_bad_input_and_nothing_else(body: bytes) -> None:
    assert (await read(body)).startswith('422 "Not what was expected: ')
