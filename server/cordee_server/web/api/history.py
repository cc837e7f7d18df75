"""GET /api/history, /api/history/{session}, /api/history-month: what was.

A technician sees their own sessions, a supervisor everybody's.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from cordee_shared.errors import BadInput, MalformedFrame, NotAllowed
from cordee_shared.ids import TechnicianId, read_session_id

from ...keys import ENGAGEMENTS, JOURNAL, SETTINGS
from ...roles import Role
from ...services.history import LOOKED_THROUGH, History, month_csv
from ..auth import signed_in
from ..body import json_answer

_DAY_MS = 86_400_000
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z", re.ASCII)


async def history(request: web.Request) -> web.Response:
    """Answer the sessions that fit ``text``, ``from``, ``until``: days, inclusive."""
    asked, zone = request.query, _zone(request)
    found = await _history(request).search(
        _whose(request),
        asked.get("text", "")[:200],
        _day_ms(asked.get("from", ""), zone, 0),
        _day_ms(asked.get("until", ""), zone, 2**53 - _DAY_MS) + _DAY_MS,
    )
    return json_answer({"sessions": msgspec.to_builtins(found)})


async def history_of(request: web.Request) -> web.Response:
    """Answer one session: its states along the time, and every entry."""
    try:
        session = read_session_id(request.match_info["session"])
    except MalformedFrame:
        raise NotAllowed from None
    found = await _history(request).session(session, _whose(request))
    if found is None:
        raise NotAllowed
    past, bands, marks = found
    return json_answer(
        msgspec.to_builtins({"session": past, "bands": bands, "marks": marks})
    )


async def history_month(request: web.Request) -> web.Response:
    """Answer a ``month`` (``2026-11``) as CSV for an accountant."""
    month = request.query.get("month", "")
    found = _MONTH.match(month)
    if found is None:
        raise BadInput("A month is written like 2026-11.", field="month")
    zone = _zone(request)
    year, number = int(found[1]), int(found[2])
    try:
        begin = dt.datetime(year, number, 1, tzinfo=zone)
        end = dt.datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    except ValueError:
        raise BadInput("There is no such month.", field="month") from None
    sessions = await _history(request).search(
        _whose(request),
        "",
        int(begin.timestamp() * 1000),
        int(end.timestamp() * 1000),
        LOOKED_THROUGH,
    )
    return web.Response(
        text=month_csv(sessions[::-1], zone),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="seances-{month}.csv"'},
    )


def _history(request: web.Request) -> History:
    return History(request.app[JOURNAL], request.app[ENGAGEMENTS])


def _whose(request: web.Request) -> TechnicianId | None:
    technician = signed_in(request)
    return None if technician.role is Role.SUPERVISOR else technician.id


def _zone(request: web.Request) -> dt.tzinfo:
    return ZoneInfo(request.app[SETTINGS].zone)


def _day_ms(text: str, zone: dt.tzinfo, otherwise: int) -> int:
    if not text:
        return otherwise
    try:
        day = dt.date.fromisoformat(text)
        begun = dt.datetime(day.year, day.month, day.day, tzinfo=zone)
        return int(begun.timestamp()) * 1000
    except (ValueError, OverflowError):
        raise BadInput("A day is written like 2026-11-23.", field="from") from None
