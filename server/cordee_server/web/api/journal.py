"""GET /api/journal and /api/journal/{session}: what happened, for those who check.

There is no other method: nobody corrects a journal, and nobody deletes from it.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from cordee_shared.errors import MalformedFrame, NotAllowed
from cordee_shared.ids import read_session_id

from ...keys import JOURNAL
from ..body import json_answer

#: Sessions that are shown at a time.
LISTED: Final = 200


async def journal(request: web.Request) -> web.Response:
    """Answer the latest sessions, the latest first."""
    found = await request.app[JOURNAL].summaries(LISTED)
    return json_answer(
        {
            "sessions": [
                {
                    "session": one.session,
                    "engagement": one.engagement,
                    "started_ms": one.started_ms,
                    "state": one.state,
                    "entries": one.entries,
                }
                for one in found
            ]
        }
    )


async def journal_of(request: web.Request) -> web.Response:
    """Answer one session's entries, as they are stored."""
    try:
        session = read_session_id(request.match_info["session"])
    except MalformedFrame:
        raise NotAllowed from None
    entries = await request.app[JOURNAL].entries_of(session)
    if not entries:
        raise NotAllowed
    return json_answer({"entries": [entry.raw.decode() for entry in entries]})
