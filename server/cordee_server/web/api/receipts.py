"""/api/documents/…/receipt: the technician's copy of what the customer carries away."""

from __future__ import annotations

from aiohttp import web

from ...keys import EVIDENCE
from ..auth import signed_in


async def receipt(request: web.Request) -> web.Response:
    """Answer the receipt of the session that a record was made by, as a file.

    Somebody else's and none at all look the same (403).
    """
    technician = signed_in(request)
    record = request.match_info["record"]
    made = await request.app[EVIDENCE].receipt_of_record(record, technician.id)
    return web.Response(
        body=made.write(),
        content_type="application/json",
        headers={
            "Content-Disposition": "attachment; "
            f'filename="receipt-{made.session[:8]}.json"'
        },
    )
