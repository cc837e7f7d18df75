"""ONE table: what an error becomes for whoever is at the other end.

A bug, and whatever the peer did wrong on purpose, is told nothing: a status and the
key of a sentence. The sentence itself is the console's and the agent's to say, in
their own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from cordee_shared.errors import (
    BadInput,
    Busy,
    CodeMistyped,
    CodeUnknown,
    ConsentDenied,
    CordeeError,
    FrameTooLarge,
    LocalViolation,
    NameRefused,
    NotAllowed,
    NotInControl,
    NotSignedIn,
    PairingFailed,
    PeerGone,
    ProtocolViolation,
    Refused,
    SessionOver,
    SettingsError,
    SignInRefused,
    Tampered,
    TextRefused,
    TooManyGuesses,
    Unavailable,
)

_log = structlog.get_logger("cordee.web")


@dataclass(frozen=True, slots=True)
class Problem:
    """How an error is told."""

    #: Over HTTP.
    status: int
    #: Of a WebSocket, where the error ends the link.
    close: int
    #: Key of its sentence.
    key: str
    #: Whether the operator should hear of it.
    is_ours: bool = False


#: Looked up along an error's classes: the nearest one counts.
TABLE: Final[Mapping[type[CordeeError], Problem]] = MappingProxyType(
    {
        CordeeError: Problem(500, 1011, "internal", is_ours=True),
        ProtocolViolation: Problem(400, 4400, "violation"),
        LocalViolation: Problem(500, 1011, "internal", is_ours=True),
        FrameTooLarge: Problem(413, 1009, "too_large"),
        Tampered: Problem(400, 4400, "violation"),
        PairingFailed: Problem(409, 4403, "run_failed"),
        PeerGone: Problem(410, 1001, "peer_gone"),
        Refused: Problem(409, 4409, Refused.code),
        BadInput: Problem(422, 4422, BadInput.code),
        NameRefused: Problem(422, 4422, NameRefused.code),
        TextRefused: Problem(422, 4422, TextRefused.code),
        CodeMistyped: Problem(422, 4422, CodeMistyped.code),
        # One row for unknown, spent and expired: they must look the same (S-12).
        CodeUnknown: Problem(404, 4404, CodeUnknown.code),
        ConsentDenied: Problem(409, 4409, ConsentDenied.code),
        NotInControl: Problem(409, 4409, NotInControl.code),
        NotSignedIn: Problem(401, 4401, NotSignedIn.code),
        SignInRefused: Problem(401, 4401, SignInRefused.code),
        SessionOver: Problem(410, 4410, SessionOver.code),
        NotAllowed: Problem(403, 4405, NotAllowed.code),
        TooManyGuesses: Problem(429, 4429, TooManyGuesses.code),
        Unavailable: Problem(503, 1013, Unavailable.code),
        Busy: Problem(503, 1013, Busy.code),
        SettingsError: Problem(500, 1011, "internal", is_ours=True),
    }
)


def problem_of(error: BaseException) -> Problem:
    """Return the row of an error; a bug has the root's."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind]
    return TABLE[CordeeError]


def answer(status: int, key: str, retry_s: int = 0, field: str = "") -> web.Response:
    """Return the one form that every refusal over HTTP has: ``{"code": key}``.

    Where one field of a form is wrong, ``field`` names it.
    """
    headers = {"Retry-After": str(retry_s)} if retry_s else {}
    said = {"code": key, "field": field} if field else {"code": key}
    return web.Response(
        status=status,
        body=msgspec.json.encode(said),
        content_type="application/json",
        headers=headers,
    )


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into an answer that says no more than it must."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        # What aiohttp refuses by itself: no such page, method, size.
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return answer(error.status, _KEYS.get(error.status, "refused"))
    except CordeeError as error:
        problem = problem_of(error)
        if problem.is_ours:
            _log.exception("bug", path=request.path)
        retry_s, field = getattr(error, "retry_s", 0), getattr(error, "field", "")
        return answer(problem.status, problem.key, retry_s, field)
    except Exception as error:
        if isinstance(error, ConnectionError) and _has_left(request):
            # Nobody's mistake, and nobody reads the answer.
            _log.info("left", path=request.path)
        else:
            _log.exception("bug", path=request.path)
        return answer(500, "internal")


def _has_left(request: web.Request) -> bool:
    transport = request.transport
    return transport is None or transport.is_closing()


_KEYS: Final[Mapping[int, str]] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: "not_found",
        HTTPStatus.METHOD_NOT_ALLOWED: "not_found",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
        HTTPStatus.FORBIDDEN: NotAllowed.code,
    }
)
