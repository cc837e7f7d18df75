from pathlib import Path

import aiohttp

from cordee_server.keyfiles import public_bytes
from cordee_shared.ids import RecordId
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.session.states import State
from tests.house import house
from tests.server.services.test_evidence import helping


async def test_s28_the_console_takes_the_technicians_copy(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        async with helping(relay) as (agent, _):
            agent.end("customer_ended")
            await agent.until_state(State.ENDED)
        await relay.until_ended()
        (record,) = await relay.parts.outbox.records()
        headers = relay.headers(await relay.sign_in())
        base = f"http://127.0.0.1:{relay.port}/api/documents"
        async with aiohttp.ClientSession(headers=headers) as browser:
            async with browser.get(f"{base}/{record.id}/receipt") as answer:
                assert answer.status == 200
                assert "attachment" in answer.headers["Content-Disposition"]
                raw = await answer.read()
            async with browser.get(f"{base}/{RecordId('0' * 32)}/receipt") as answer:
                assert answer.status == 403
        check(Receipt.read(raw), public_bytes(relay.parts.relay_key))
