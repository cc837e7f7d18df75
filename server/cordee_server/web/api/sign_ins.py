"""/api/me/…: one's own sign-ins and recovery codes."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from cordee_shared.ids import TechnicianId

from ...keys import ACCOUNTS
from ...services.accounts import name_of
from ..auth import digest_of, signed_in
from ..body import json_answer, read_body


class Revoked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which sign-in is to end."""

    id: Annotated[str, msgspec.Meta(max_length=64)]


async def sign_ins(request: web.Request) -> web.Response:
    """Answer where one is signed in, and which of them is this browser."""
    return await shown_sign_ins(request, signed_in(request).id)


async def shown_sign_ins(request: web.Request, of: TechnicianId) -> web.Response:
    """Answer an account's valid sign-ins, the newest first."""
    here = digest_of(request)
    found = await request.app[ACCOUNTS].sign_ins(of)
    return json_answer(
        {
            "sign_ins": [
                {
                    "id": name_of(one),
                    "since_ms": one.since_ms,
                    "seen_ms": one.seen_ms,
                    "browser": one.browser,
                    "is_this": one.token == here,
                }
                for one in found
            ]
        }
    )


async def revoke(request: web.Request) -> web.Response:
    """End one of one's own sign-ins, this one too; its sockets close (S-50)."""
    ended = await read_body(request, Revoked)
    me = signed_in(request).id
    await request.app[ACCOUNTS].revoke(me, me, ended.id)
    return json_answer({})


async def new_recovery(request: web.Request) -> web.Response:
    """Make new recovery codes, the old ones end; answer them, once."""
    me = signed_in(request).id
    codes = await request.app[ACCOUNTS].new_recovery(me, me)
    return json_answer({"recovery": codes})
