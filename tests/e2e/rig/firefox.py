"""A headless Firefox, driven over WebDriver BiDi: Playwright drives only its own build.

Source: W3C WebDriver BiDi; Firefox speaks it on ``--remote-debugging-port``.
"""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.parts import command

_LISTENING = "WebDriver BiDi listening on "
PATIENCE_S = 30.0


class Firefox:
    """One tab of a running Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked = 0
        self.name = str(self._call("session.new", capabilities={})["capabilities"])
        (tab, *_) = self._call("browsingContext.getTree")["contexts"]
        self._tab = tab["context"]

    def goto(self, url: str) -> None:
        """Open a page, and wait until it is complete."""
        self._call(
            "browsingContext.navigate", context=self._tab, url=url, wait="complete"
        )

    def evaluate(self, expression: str) -> Any:
        """Return what an expression gives, after a promise: JSON's kinds of values."""
        answer = self._call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((v) => JSON.stringify(v))",
            target={"context": self._tab},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"].get("value", "null"))

    def _call(self, method: str, **params: Any) -> Any:
        self._asked += 1
        asked = {"id": self._asked, "method": method, "params": params}
        self._socket.send(json.dumps(asked))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE_S))
            if answer.get("id") == self._asked:
                assert answer["type"] == "success", answer
                return answer["result"]


@contextlib.contextmanager
def firefox(home: Path) -> Iterator[Firefox]:
    """Run a fresh Firefox; everything it writes is under ``home``."""
    program = command("firefox-esr", "firefox", package="firefox-esr")
    argv = [str(program), "--headless", "--no-remote", "--profile", str(home)]
    running = subprocess.Popen(
        [*argv, "--remote-debugging-port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
    )
    try:
        assert running.stdout is not None
        said = next((line for line in running.stdout if _LISTENING in line), "")
        assert said, "Firefox ended before it listened"
        address = said.split(_LISTENING)[1].strip()
        with connect(f"{address}/session", max_size=None, proxy=None) as socket:
            yield Firefox(socket)
    finally:
        running.terminate()
        running.communicate(timeout=PATIENCE_S)
