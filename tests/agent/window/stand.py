"""The window on a real desktop with a real guard: ``python -m …stand FIFO LANGUAGE``.

Lines written to the FIFO are done: ``show NAME`` a view of ``screens.py``, ``inject
BUTTON`` presses it as the technician's hand would (through the guard, which is not
told here where our windows are: the window alone has to refuse), ``own`` tells the
guard, ``quit`` ends. What happens is written to standard output, one line each.
"""

import asyncio
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputEvent
from PySide6.QtWidgets import QApplication

from cordee_agent.desktops.choose import open_screen
from cordee_agent.guard.client import Guard
from cordee_agent.guard.pipe import Pressed, Reclaimed
from cordee_agent.window.model import Command, Live, Question, View
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.hand import HandButton
from cordee_agent.window.qt.interrupts import Interrupts
from cordee_agent.window.qt.window import QtWindow, Rects
from cordee_shared.session.consent import Language
from cordee_shared.wire.input import FAR, Button, Pointer, encode_batch
from tests.agent.window.screens import NOW, views

_PRESSES = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.KeyPress,
)


def say(*words: object) -> None:
    """Write one line."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Stand(QObject):
    """Owned by Qt's thread; the guard lives in the loop's."""

    _line = Signal(str)

    def __init__(self, language: Language, loop: asyncio.AbstractEventLoop) -> None:
        """Make the window; nothing is shown."""
        self.window = QtWindow(language, self._told)
        super().__init__()
        self._views = views(language)
        self._loop = loop
        self.guard = Guard()
        self._screen = open_screen()
        self._alive = False
        self.window.on_rects = self._rects
        self._own = False
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._line.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def do(self, line: str) -> None:
        """Do one line; from any thread."""
        self._line.emit(line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say which presses Qt sees on our buttons, and when."""
        if isinstance(watched, HandButton) and event.type() in _PRESSES:
            assert isinstance(event, QInputEvent)
            say("seen", event.timestamp(), watched.accessibleName())
        return False

    async def watch(self) -> None:
        """Run the guard and pass its reports on."""
        await self.guard.start()
        say("ready")
        async with asyncio.TaskGroup() as group:
            beat = group.create_task(self._beat())
            async for event in self.guard.events():
                if isinstance(event, Pressed):
                    say("guard", event.time_ms, "customer" if event.customer else "us")
                    self.window.pressed(event.time_ms, customer=event.customer)
                elif isinstance(event, Reclaimed):
                    say("reclaimed", event.cause)
            beat.cancel()

    async def _beat(self) -> None:
        while True:
            self.guard.alive()
            await asyncio.sleep(0.5)

    def _told(self, command: Command) -> None:
        say("told", command)

    def _rects(self, rects: Rects) -> None:
        say("rects", rects)
        if self._own:
            self._loop.call_soon_threadsafe(self.guard.own_windows, rects)

    def _do(self, line: str) -> None:
        match line.split():
            case ["show", name]:
                self._show(self._views[name])
                say("shown", name)
            case ["inject", *words]:
                self._inject(" ".join(words))
            case ["own"]:
                self._own = True
            case ["quit"]:
                self.window.quit()

    def _show(self, view: View) -> None:
        """Show a view as if it began now."""
        until = time.monotonic() + 112
        if isinstance(view, Question):
            view = replace(view, until=until)
        if isinstance(view, Live):
            view = replace(view, since=view.since - NOW + time.monotonic())
            if view.question is not None:
                asked = replace(view.question, until=until)
                view = replace(view, question=asked)
        self.window.show(view)

    def _inject(self, name: str) -> None:
        page = self.window.card.page
        found = list(self.window.bar.buttons)
        if isinstance(page, QuestionPage):
            found += [page.yes, page.no]
        button = next(
            each for each in found if each.accessibleName() == name and each.isVisible()
        )
        at = button.mapToGlobal(button.rect().center())
        layout = self._screen.layout()
        where = {
            "mon": 0,
            "cfg": layout.cfg,
            "x": round(at.x() * FAR / (layout.width - 1)),
            "y": round(at.y() * FAR / (layout.height - 1)),
        }
        batch = encode_batch(
            [
                Pointer(**where),
                Button(**where, btn=0, down=1),
                Button(**where, btn=0, down=0),
            ]
        )
        self._loop.call_soon_threadsafe(self._press, batch)

    def _press(self, batch: bytes) -> None:
        self.guard.open()
        self.guard.inject(batch)


def main() -> None:
    """Run until told to quit."""
    fifo, language = Path(sys.argv[1]), Language(sys.argv[2])
    loop = asyncio.new_event_loop()
    stand = Stand(language, loop)

    def leave() -> None:
        say("interrupted")
        stand.window.quit()

    interrupts = Interrupts(leave)

    def read() -> None:
        while True:
            with fifo.open(encoding="utf-8") as lines:
                for line in lines:
                    stand.do(line)

    threading.Thread(target=read, daemon=True).start()
    session = threading.Thread(target=lambda: loop.run_until_complete(stand.watch()))
    session.start()
    stand.window.run()
    asyncio.run_coroutine_threadsafe(stand.guard.stop(), loop).result()
    session.join()
    interrupts.close()
    say("ended")


if __name__ == "__main__":
    main()
