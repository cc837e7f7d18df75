"""/api/accounts: what an admin does to others' accounts (security.md 5)."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from cordee_shared.errors import BadInput
from cordee_shared.ids import TechnicianId, read_technician_id
from cordee_shared.limits import TEXT_MAX

from ...keys import ACCOUNTS, TECHNICIANS
from ...roles import read_role
from ...services.accounts import Shown
from ...services.technicians import NewSecrets
from ...staff import Deed
from ..auth import signed_in
from ..body import json_answer, read_body
from .sign_ins import Revoked, shown_sign_ins

_Name = Annotated[str, msgspec.Meta(max_length=64)]


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account to be made."""

    name: _Name
    display_name: Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]
    role: _Name


class NewRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an account is for from now on."""

    role: _Name


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether an account may sign in."""

    locked: bool


async def accounts(request: web.Request) -> web.Response:
    """Answer every account, without its secrets."""
    found = await request.app[ACCOUNTS].all()
    return json_answer({"accounts": [_shown(one) for one in found]})


async def new_account(request: web.Request) -> web.Response:
    """Make an account; answer its secrets, once."""
    given = await read_body(request, NewAccount)
    role = read_role(given.role)
    name = given.name.strip().lower()
    try:
        read_technician_id(name)
    except ValueError as error:
        raise BadInput(f"{error}", field="name") from None
    made = await request.app[TECHNICIANS].add(
        name, given.display_name.strip(), role, by=signed_in(request).id
    )
    return json_answer(_secrets(made), status=201)


async def deeds(request: web.Request) -> web.Response:
    """Answer what was done to accounts, the latest first."""
    found = await request.app[ACCOUNTS].deeds()
    return json_answer({"deeds": [_deed(one) for one in found]})


async def set_role(request: web.Request) -> web.Response:
    """Give another account a role; it is signed out everywhere."""
    role = read_role((await read_body(request, NewRole)).role)
    await request.app[ACCOUNTS].set_role(signed_in(request).id, _named(request), role)
    return json_answer({})


async def set_lock(request: web.Request) -> web.Response:
    """Lock another account, or unlock it."""
    locked = (await read_body(request, Lock)).locked
    await request.app[ACCOUNTS].set_locked(
        signed_in(request).id, _named(request), locked=locked
    )
    return json_answer({})


async def reset(request: web.Request) -> web.Response:
    """Give another account new secrets; answer them, once."""
    made = await request.app[ACCOUNTS].reset(signed_in(request).id, _named(request))
    return json_answer(_secrets(made))


async def sign_ins_of(request: web.Request) -> web.Response:
    """Answer where an account is signed in."""
    return await shown_sign_ins(request, TechnicianId(_named(request)))


async def revoke_of(request: web.Request) -> web.Response:
    """End one of an account's sign-ins."""
    ended = await read_body(request, Revoked)
    await request.app[ACCOUNTS].revoke(
        signed_in(request).id, TechnicianId(_named(request)), ended.id
    )
    return json_answer({})


def _named(request: web.Request) -> str:
    return request.match_info["name"]


def _shown(one: Shown) -> dict[str, str | int | bool]:
    technician = one.technician
    return {
        "name": technician.id,
        "display_name": technician.display_name,
        "role": technician.role.value,
        "locked": technician.locked,
        "blocked_until_ms": one.blocked_until_ms,
        "recovery_left": one.recovery_left,
        "sign_ins": one.sign_ins,
        "created_ms": technician.created_ms,
    }


def _secrets(made: NewSecrets) -> dict[str, object]:
    """Return what is shown once; no answer of ours is kept by a browser."""
    return {
        "name": made.technician,
        "display_name": made.display_name,
        "role": made.role.value,
        "password": made.password,
        "seed": made.seed,
        "totp_uri": made.totp_uri,
        "recovery": made.recovery,
    }


def _deed(one: Deed) -> dict[str, str | int]:
    return {
        "at_ms": one.at_ms,
        "by": one.by,
        "account": one.account,
        "done": one.done.value,
        "detail": one.detail,
    }
