"""/api/documents: the technician's own, as PDF, and which are in the post."""

from __future__ import annotations

from aiohttp import web

from cordee_shared.errors import SettingsError, Unavailable

from ...keys import DOCUMENTS
from ...services.dispatch import Kept
from ...services.engagements import LISTED
from ..auth import signed_in
from ..body import json_answer


async def documents(request: web.Request) -> web.Response:
    """Answer the documents of the technician's latest engagements, latest first."""
    found = await request.app[DOCUMENTS].of(signed_in(request).id, LISTED)
    return json_answer({"documents": [_shown(one) for one in found]})


async def document(request: web.Request) -> web.Response:
    """Answer one document; it is made if the relay did not come to it yet.

    Somebody else's and none at all look the same (403).
    """
    technician = signed_in(request)
    record = request.match_info["record"]
    try:
        pdf = await request.app[DOCUMENTS].pdf(record, technician.id)
    except SettingsError as error:
        # Not a bug of ours: the operator was told which facts are missing.
        raise Unavailable(str(error)) from None
    name = f"justificatif-{record[:8]}.pdf"
    way = "inline" if "inline" in request.query else "attachment"
    return web.Response(
        body=pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{way}; filename="{name}"'},
    )


async def posted(request: web.Request) -> web.Response:
    """Mark a printed document as posted; answer it as the list shows it."""
    technician = signed_in(request)
    record = request.match_info["record"]
    kept = await request.app[DOCUMENTS].mark_posted(record, technician.id)
    return json_answer(_shown(kept))


def _shown(one: Kept) -> dict[str, str | int]:
    return {
        "record": one.record,
        "engagement": one.engagement,
        "revision": one.revision,
        "customer": one.customer,
        "amount_cents": one.amount_cents,
        "currency": one.currency,
        "made_ms": one.made_ms,
        "way": one.way.value,
        "to": one.to,
        "posted_ms": one.posted_ms,
    }
