"""A technician's program that obeys nobody: it sends whatever it likes, whenever.

The console in the browser keeps its hands still once control is gone. What protects
the customer must not depend on that.
"""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from http.cookies import SimpleCookie
from typing import Any, Self

from cordee_shared.session.states import Remark, State
from cordee_shared.wire import picture
from cordee_shared.wire.frames import Channel
from tests.e2e.rig.processes import PATIENCE_S
from tests.e2e.rig.relay import Relay, Technician
from tests.ends import ConsoleEnd, connected


class Intruder:
    """A signed-in technician at a program of their own.

    The protocol runs on a loop of its own thread; every method waits for its outcome.
    """

    def __init__(self, relay: Relay, account: Technician) -> None:
        self._relay = relay
        self._end = ConsoleEnd(relay.url)
        self._cookie = self._sign_in(account)
        self._engagement = self._agree()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="intruder")
        self._leave: asyncio.Event
        self._link: Future[None]

    def __enter__(self) -> Self:
        self._thread.start()
        up: Future[None] = Future()
        self._link = asyncio.run_coroutine_threadsafe(self._stay(up), self._loop)
        up.result(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._link.result(PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def invites(self) -> str:
        """Ask for a code and dictate it."""
        self._do(lambda: self._end.invite(self._engagement))
        self.waits(lambda end: end.code is not None)
        assert self._end.code is not None
        return self._end.code.spoken

    def asks_for_control(self) -> None:
        """Ask as the protocol has it."""
        self._do(lambda: self._end.act(Remark.CONTROL_REQUESTED, {}))

    def waits_for(self, state: State) -> None:
        """Wait until the journal has led there."""
        self.waits(lambda end: end.state is state)

    def waits(self, fact: Callable[[ConsoleEnd], object]) -> None:
        """Wait until something holds."""
        wait = self._end.until(lambda: fact(self._end))
        asyncio.run_coroutine_threadsafe(wait, self._loop).result(PATIENCE_S)

    def clicks(self, x: int, y: int, times: int = 1) -> None:
        """Click a pixel of the customer's screen, whoever has control."""
        place = self._place(x, y)
        button = place | {"t": "b", "btn": 0}
        batch: list[dict[str, Any]] = [place | {"t": "p"}]
        batch += [button | {"down": 1}, button | {"down": 0}] * times
        self.sends(batch)

    def presses(self, code: str, key: str) -> None:
        """Press a key and let it go."""
        stroke = {"t": "k", "code": code, "key": key, "loc": 0, "mods": 0, "rep": 0}
        self.sends([stroke | {"down": 1}, stroke | {"down": 0}])

    def sends(self, batch: list[dict[str, Any]]) -> None:
        """Send a batch of input, sealed as it should be."""
        payload = json.dumps(batch).encode()
        self._do(lambda: self._end.seal(Channel.INPUT, payload))

    def _place(self, x: int, y: int) -> dict[str, Any]:
        layout = self._layout()
        (monitor,) = layout.monitors
        return {
            "mon": monitor.id,
            "cfg": layout.cfg,
            "x": round(x * 65535 / (layout.width - 1)),
            "y": round(y * 65535 / (layout.height - 1)),
        }

    def _layout(self) -> picture.Layout:
        def layouts() -> list[picture.Layout]:
            said = [o.payload for o in self._end.opened if o.channel is Channel.SCREEN]
            opening = [one for one in said if one[0] == picture.Kind.LAYOUT]
            read = [picture.decode(one, None) for one in opening]
            return [one for one in read if isinstance(one, picture.Layout)]

        self.waits(lambda _: layouts())
        return layouts()[-1]

    def _do(self, act: Callable[[], object]) -> None:
        done: Future[None] = Future()

        def now() -> None:
            try:
                act()
            except Exception as error:
                done.set_exception(error)
            else:
                done.set_result(None)

        self._loop.call_soon_threadsafe(now)
        done.result(PATIENCE_S)

    async def _stay(self, up: Future[None]) -> None:
        self._leave = asyncio.Event()
        url = f"ws://127.0.0.1:{self._relay.port}/console/v1"
        headers = {"Origin": self._relay.url, "Cookie": self._cookie}
        async with connected(self._end, url, headers):
            up.set_result(None)
            await self._leave.wait()

    def _sign_in(self, account: Technician) -> str:
        _, cookie = self._ask(
            "POST",
            "/api/login",
            {
                "name": account.login,
                "password": account.password,
                "totp": account.second_factor(),
            },
        )
        return cookie

    def _agree(self) -> str:
        tariffs, _ = self._ask("GET", "/api/tariffs")
        made, _ = self._ask(
            "POST",
            "/api/engagements",
            {
                "customer": "Mme Durand",
                "purpose": "imprimante",
                "tariff": tariffs["tariffs"][0]["id"],
            },
        )
        return str(made["id"])

    def _ask(
        self, method: str, path: str, body: dict[str, str] | None = None
    ) -> tuple[Any, str]:
        """Ask the relay over HTTP; return the answer, and the cookie it set."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._relay.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Origin": self._relay.url,
                "Host": self._relay.url.removeprefix("http://"),
                "Content-Type": "application/json",
                "Cookie": getattr(self, "_cookie", ""),
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - ours
            set_ = SimpleCookie(answer.headers.get("Set-Cookie", ""))
            pairs = "; ".join(f"{name}={one.value}" for name, one in set_.items())
            return json.loads(answer.read()), pairs
