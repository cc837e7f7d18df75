"""Dialogues with the gate: ``>>`` what comes in, ``<<`` what the injector must do.

A line of ``>>`` is followed by everything it causes, and nothing else is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from cordee_agent.desktops.base import Injector, Layout, Monitor, make_layout
from cordee_agent.guard.gate import Gate
from cordee_shared.wire.input import InputEvent

LEFT_OF_RIGHT = make_layout(
    3200,
    1080,
    [
        Monitor(0, 0, 0, 1920, 1080, primary=True),
        Monitor(1, 1920, 56, 1280, 1024, primary=False),
    ],
)
CFG = LEFT_OF_RIGHT.cfg

RELEASED = ("release_all",)


@dataclass
class Recorder:
    """An injector that writes down what it is told."""

    done: list[tuple[object, ...]] = field(default_factory=list)
    lent: int = 12
    present: Layout = LEFT_OF_RIGHT
    #: Called when a character is about to be typed, still under the gate's lock.
    before_character: Callable[[str], None] = lambda _: None

    def layout(self) -> Layout:
        """Return the monitors a test arranged."""
        return self.present

    def move(self, x: int, y: int) -> None:
        """Note it."""
        self.done.append(("move", x, y))

    def button(self, button: int, *, down: bool) -> None:
        """Note it."""
        self.done.append(("press" if down else "lift", button))

    def wheel(self, dx120: int, dy120: int) -> None:
        """Note it."""
        self.done.append(("wheel", dx120, dy120))

    def prepare(self, text: str) -> int:
        """Lend as many as the test allows."""
        return min(self.lent, len(text))

    def type_character(self, character: str) -> None:
        """Let the test step in, then note it."""
        self.before_character(character)
        self.done.append(("type", character))

    def key(self, code: str, letter: str, *, down: bool) -> None:
        """Note it, by the letter where there is one."""
        self.done.append(("key down" if down else "key up", letter or code))

    def release_all(self) -> None:
        """Note it."""
        self.done.append(RELEASED)

    def close(self) -> None:
        """Note it."""
        self.done.append(("close",))


class Playbook:
    """Says lines to a gate and checks each answer, whole and in order."""

    def __init__(self, pause: Callable[[float], None] | None = None) -> None:
        self.injector = Recorder()
        injector: Injector = self.injector
        self.pauses: list[float] = []
        self.gate = Gate(injector, pause or self.pauses.append)
        self._read = 0

    def __rshift__(self, line: InputEvent | list[InputEvent] | str | bool) -> Self:
        self._expect_nothing()
        match line:
            case "open":
                self.gate.open()
            case "shut":
                self.gate.shut()
            case "customer":
                assert self.gate.take_over()
            case "customer again":
                assert not self.gate.take_over()
            case "question":
                self.gate.question(True)
            case "answered":
                self.gate.question(False)
            case "silence":
                self.gate.silence(True)
            case "alive":
                self.gate.silence(False)
            case list():
                self.gate.inject(line, self.gate.grant)
            case str() | bool():
                raise AssertionError(line)
            case _:
                self.gate.inject([line], self.gate.grant)
        return self

    def __lshift__(self, expected: tuple[object, ...]) -> Self:
        assert self._read < len(self.injector.done), f"nothing was done for {expected}"
        assert self.injector.done[self._read] == expected
        self._read += 1
        return self

    def end(self) -> None:
        """Check that nothing more was done."""
        self._expect_nothing()

    def _expect_nothing(self) -> None:
        assert self.injector.done[self._read :] == []
