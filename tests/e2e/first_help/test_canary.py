"""What is said, typed and shown between the two people is nowhere in the relay.

Secret digits, typed text and pixels are made so that they can be recognised, and
searched for in the relay's memory while the session lives and after it, in every file
it has written, and in everything the page has asked for or sent.
"""

import random
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, WebSocket

from tests.e2e.first_help.story import CUSTOMER, FirstHelp, journal
from tests.e2e.rig.memory import encodings, found_in
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import Colour, Painting, terminal
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

#: Cells in a row of pixels that no other program could have made.
_CELLS = 64


class Overheard:
    """Everything that a page asks for or sends in words."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", self._opened)

    def _asked(self, request: Request) -> None:
        self.said += [request.url, request.post_data or ""]

    def _opened(self, link: WebSocket) -> None:
        self.said.append(link.url)
        link.on("framesent", self._sent)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            self.said.append(frame)


@pytest.fixture
def overheard(page: Page) -> Overheard:
    """What the technician's page says to the relay, from its first request on."""
    return Overheard(page)


def word(length: int = 16) -> str:
    """Return letters that stand nowhere else."""
    return "canari" + "".join(random.choices(string.ascii_lowercase, k=length))


def colours() -> list[Colour]:
    """Return a row of colours that stands nowhere else."""
    return [tuple(random.randbytes(3)) for _ in range(_CELLS)]  # type: ignore[misc]


def as_pixels(row: list[Colour]) -> dict[str, bytes]:
    """Return eight pixels of a row as they lie in memory, and in a picture message."""
    some = row[8:16]
    return {
        "pixels as the screen has them": b"".join(
            bytes((b, g, r)) + b"\0" for r, g, b in some
        )[:-1],
        "pixels as they are sent": b"".join(bytes(pixel) for pixel in some),
        "pixels column by column": bytes(red for red, _, _ in row[:24]),
    }


def files(relay: Relay) -> Iterator[tuple[Path, bytes]]:
    """Yield everything that the relay has written."""
    for path in relay.folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def alone(digits: str) -> re.Pattern[bytes]:
    """Match digits that are a word of their own, not a part of a longer number."""
    return re.compile(rb"(?<![0-9A-Za-z_-])" + digits.encode() + rb"(?![0-9A-Za-z_-])")


def test_r38_nothing_that_is_between_the_two_is_anywhere_in_the_relay(
    both: FirstHelp, relay: Relay, desktop: Desktop, overheard: Overheard
) -> None:
    claire, durand = both.claire, both.durand
    typed, composed = word(), word()
    row = colours()

    claire.signs_in()
    claire.agrees()
    code = claire.invites()
    durand.types_code(code)
    durand.allows_seeing()
    claire.waits_for_mode("viewing")
    place = terminal(desktop)
    both.gives_control()
    with Painting(desktop, 40, 600, _CELLS, 8, [row]) as painting:
        for at in (0, _CELLS // 2, _CELLS - 1):
            claire.sees_pixel(painting.middles()[0][at], row[at])
        claire.clicks(200, 500)
        place.wait_for_focus()
        claire.page.keyboard.insert_text(composed)
        claire.page.keyboard.type(typed)
        place.wait_for(composed + typed)

        digits = code.replace(" ", "")
        secret = digits[3:8]
        # Five digits come about by chance in any memory; these do not.
        hidden = {
            **encodings("the code as spoken", code),
            **encodings("the code", digits),
            **encodings("nameplate and secret", digits[:8]),
            **encodings("secret and check digit, grouped", code[4:]),
            **encodings("typed text", typed),
            **encodings("composed text", composed),
            "a key as the console writes it": b'"t":"k","code":"Key',
            "text as the console writes it": b'"t":"t","s":"',
            **as_pixels(row),
        }
        # It would be found if it were there: the customer's name is the relay's to
        # know, and the agent has the screen in its memory.
        public = encodings("the customer", CUSTOMER)
        assert found_in(relay.process, public) != set()
        assert found_in(durand.agent.process, as_pixels(row)) != set()
        assert found_in(relay.process, hidden) == set()

    claire.ends()
    claire.waits_for_end("technician_ended")
    wait_until(relay.billing_file.exists, what="the billing record")
    assert found_in(relay.process, hidden) == set()

    relay.command("billing", "export")
    relay.command("journal", "show", str(journal(relay)[0]["session"]))
    written = dict(files(relay))
    names = {path.name for path in written}
    assert names >= {"cordee.db", "cordee.db-wal", "billing.jsonl", "relay.log"}
    everything = {str(path): content for path, content in written.items()} | {
        f"said {at}": said.encode() for at, said in enumerate(overheard.said)
    }
    assert any(CUSTOMER.encode() in content for content in everything.values())
    leaks = [
        (where, name)
        for where, content in everything.items()
        for name, needle in hidden.items()
        if needle in content
    ]
    assert leaks == []
    assert [
        where for where, content in everything.items() if alone(secret).search(content)
    ] == []


def test_r38_a_code_that_is_read_out_does_not_reach_the_relay_either(
    both: FirstHelp, relay: Relay, overheard: Overheard
) -> None:
    claire, durand = both.claire, both.durand
    claire.signs_in()
    claire.agrees()
    code = durand.reads_code()
    claire.types_code(code)
    durand.allows_seeing()
    claire.waits_for_mode("viewing")
    digits = code.replace(" ", "")
    hidden = {
        **encodings("the code as spoken", code),
        **encodings("the code", digits),
        **encodings("nameplate and secret", digits[:8]),
    }
    # The nameplate alone is what was sent.
    assert any(f'"np":"{digits[:3]}"' in said for said in overheard.said)
    assert found_in(relay.process, hidden) == set()
    everything: dict[str, Any] = {str(path): content for path, content in files(relay)}
    everything |= {f"said {n}": s.encode() for n, s in enumerate(overheard.said)}
    found = [
        where
        for where, content in everything.items()
        if alone(digits[3:8]).search(content) or digits[:8].encode() in content
    ]
    assert found == []
