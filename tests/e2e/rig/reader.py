"""What a screen reader knows of the customer's windows: names, places, states.

A test finds a button as a blind customer does, by its accessible name, and then
the customer's hand presses it where it is. Nothing is asked of the program under
test that it does not tell everybody.

AT-SPI's library is bound to the system's Python, not to ours: run there as a
program, this module answers each line it reads with what is on the screen.
"""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

SYSTEM_PYTHON = Path("/usr/bin/python3")
PACKAGES = "at-spi2-core gir1.2-atspi-2.0 python3-gi"


class Place(NamedTuple):
    """A point of the screen."""

    x: int
    y: int


@dataclass(frozen=True)
class Widget:
    """One thing that is shown, as a screen reader would say it."""

    #: The program it belongs to.
    program: str
    #: AT-SPI's word: ``button``, ``label``, ``text``, ``check box``, ``frame``.
    role: str
    name: str
    description: str
    #: What is written in it, where it holds text.
    text: str
    #: AT-SPI's words: ``enabled``, ``focused``, ``checked``, ``showing`` …
    states: frozenset[str]
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Place:
        """Where to press it."""
        return Place(self.x + self.width // 2, self.y + self.height // 2)


class Reader:
    """A screen reader on one desktop; close it before the desktop."""

    def __init__(self, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            # AT-SPI's interfaces are deprecated by turns, each for the other.
            [SYSTEM_PYTHON, "-W", "ignore::DeprecationWarning", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def widgets(self) -> list[Widget]:
        """Return everything that is shown now, outer things first."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        answer = self._process.stdout.readline()
        assert answer, "the screen reader ended"
        return [
            Widget(**one | {"states": frozenset(one["states"])})
            for one in json.loads(answer)
        ]

    def find(self, name: str = "", role: str = "") -> list[Widget]:
        """Return what is shown under a name.

        Args:
            name: a regular expression, searched in the name and in the text.
            role: AT-SPI's word for its kind; any when empty.
        """
        said = re.compile(name)
        return [
            widget
            for widget in self.widgets()
            if role in ("", widget.role)
            and (said.search(widget.name) or said.search(widget.text))
        ]


def _main() -> None:
    """Answer each line on stdin with all that is shown, as one line of JSON."""
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib

    Atspi.init()
    for _ in sys.stdin:
        shown = []
        desktop = Atspi.get_desktop(0)
        for number in range(desktop.get_child_count()):
            # A program that ends while it is asked is not there any more.
            with contextlib.suppress(GLib.Error):
                program = desktop.get_child_at_index(number)
                if program is not None:
                    program.clear_cache()
                    shown += list(_told(Atspi, program, program.get_name()))
        print(json.dumps(shown), flush=True)  # noqa: T201 - this is its answer


def _told(atspi: Any, node: Any, program: str) -> Iterator[dict[str, object]]:
    """Yield what a node and those under it tell, when they are shown."""
    states = [state.value_nick for state in node.get_state_set().get_states()]
    part = node.get_component_iface()
    if part is not None and "showing" in states:
        box = part.get_extents(atspi.CoordType.SCREEN)
        text = node.get_text_iface()
        yield {
            "program": program,
            # AT-SPI renamed this one in 2.50.
            "role": node.get_role_name().replace("push button", "button"),
            "name": node.get_name() or "",
            "description": node.get_description() or "",
            "text": "" if text is None else atspi.Text.get_text(text, 0, -1),
            "states": states,
            "x": box.x,
            "y": box.y,
            "width": box.width,
            "height": box.height,
        }
    for number in range(node.get_child_count()):
        child = node.get_child_at_index(number)
        if child is not None:
            yield from _told(atspi, child, program)


if __name__ == "__main__":
    _main()
