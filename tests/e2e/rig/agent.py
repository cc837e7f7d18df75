"""A real agent on the customer's desktop.

``CORDEE_AGENT_FILE`` names a built file to start instead of the installed command: so
every test of the whole path can be run on what a customer downloads.
"""

import os
from pathlib import Path
from typing import Self

from tests.e2e.rig.processes import BIN, Program, wait_until
from tests.e2e.rig.xvnc import Desktop, closing


class Agent:
    """The agent as the customer starts it: one command, one window."""

    def __init__(
        self,
        desktop: Desktop,
        relay_url: str,
        *,
        language: str = "fr",
        program: Path | None = None,
        **env: str | None,
    ) -> None:
        self._desktop = desktop
        self._url = relay_url
        self._language = language
        self._env = env
        built = os.environ.get("CORDEE_AGENT_FILE")
        self._file = program or (Path(built) if built else BIN / "cordee-agent")
        self.program: Program | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.program is not None:
            self.program.stop()

    @property
    def process(self) -> Program:
        """The running agent; its guard is in the same process group."""
        assert self.program is not None, "the agent was not started"
        return self.program

    @property
    def data(self) -> Path:
        """The home folder the agent lives in."""
        return self._desktop.home

    def start(self) -> None:
        """Start the agent and wait until its window is on the screen."""
        before = windows(self._desktop)
        self.program = self._desktop.start(
            *(self._file, "--relay", self._url, "--lang", self._language),
            name="agent",
            **self._env,
        )

        def is_shown() -> bool:
            assert self.process.running, f"the agent ended:\n{self.process.text()}"
            return bool(windows(self._desktop) - before)

        wait_until(is_shown, what=lambda: f"its window:\n{self.process.text()}")


def windows(desktop: Desktop) -> set[int]:
    """Return the windows that the window manager knows of."""
    with closing(desktop.connect()) as connection:
        atom = connection.intern_atom("_NET_CLIENT_LIST")
        listed = connection.screen().root.get_full_property(atom, 0)
        return set() if listed is None else set(listed.value)
