"""The customer's window, drawn in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Command
from cordee_agent.window.qt.window import QtWindow
from cordee_shared.session.consent import Language
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NOW


class Clock:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def now() -> Clock:
    """The window's time."""
    return Clock()


@pytest.fixture
def told() -> list[Command]:
    """What the window told the session."""
    return []


@pytest.fixture(params=list(Language), ids=str)
def language(request: pytest.FixtureRequest) -> Language:
    """Each language in turn."""
    return Language(request.param)


@pytest.fixture
def window(qtbot: QtBot, now: Clock, told: list[Command]) -> Iterator[QtWindow]:
    """A window in French that shows nothing yet."""
    with made(Language.FR, now, told) as shown:
        yield shown


@pytest.fixture
def spoken(
    qtbot: QtBot, now: Clock, told: list[Command], language: Language
) -> Iterator[QtWindow]:
    """A window in each language that shows nothing yet."""
    with made(language, now, told) as shown:
        yield shown


@pytest.fixture
def hands(window: QtWindow) -> Hands:
    """The customer's and the technician's."""
    return Hands(window.judge)


@contextmanager
def made(language: Language, now: Clock, told: list[Command]) -> Iterator[QtWindow]:
    """A window for as long as the block lasts."""
    window = QtWindow(language, told.append, now)
    yield window
    window.put_away()
    for each in (window.main, window.bar, window.card, window.reading, window):
        each.deleteLater()
    QApplication.processEvents()


def settle() -> None:
    """Let Qt do what is queued."""
    for _ in range(3):
        QApplication.processEvents()
