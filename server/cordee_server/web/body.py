"""JSON in and out of the resources: strict and bounded."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from aiohttp import web

from cordee_shared.errors import BadInput

_T = TypeVar("_T")


async def read_body(request: web.Request, kind: type[_T]) -> _T:
    """Decode a body.

    Raises:
        BadInput: not JSON, or not of this form; the sentence says what is not right.
    """
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadInput(f"Not what was expected: {error}.") from None


def json_answer(value: object, status: int = 200) -> web.Response:
    """Return ``value`` as JSON."""
    return web.Response(
        status=status, body=msgspec.json.encode(value), content_type="application/json"
    )
