"""The guard's own process: three threads, two pipes, and no way round the gate.

::

    stdin ──> pipe thread ──> gate: open, shut, hold <── take_over ── watcher thread
                  └─ batches ──> typing thread ──> gate.inject ──> injector  │
    stdout <── pipe thread <── reports <─────────────────────────────────────┘

Rules:

1. The watcher's thread shuts the gate itself, before it reports; it never waits for a
   pipe, nor for a text being typed.
2. It imports neither the window, nor the network, nor the picture: nothing of theirs
   may hold the interpreter while the customer's hand moves.
3. Whatever ends (the agent, the X server, this process by a signal), keys and buttons
   are released first. Only SIGKILL is left to ``client.py``.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from cordee_agent.desktops import choose
from cordee_agent.desktops.base import (
    Injector,
    LocalEvent,
    NoDesktop,
    Origin,
    Seen,
    Watcher,
)
from cordee_agent.guard.gate import Gate
from cordee_agent.guard.pipe import (
    Alive,
    Beat,
    Command,
    Configure,
    Failed,
    Inject,
    Open,
    OwnWindows,
    Pressed,
    Question,
    Reader,
    Ready,
    Reclaimed,
    Report,
    Shut,
    Still,
    Stop,
    WaitStill,
    commands,
    pack,
)
from cordee_agent.guard.reclaim import Detector
from cordee_shared.errors import LocalViolation, RemoteViolation
from cordee_shared.limits import GUARD_SILENCE_S
from cordee_shared.wire.input import InputEvent, decode_batch

#: How often silence, stillness and the parent are looked at.
_LOOK_S: Final = 0.1
#: Batches waiting to be typed. A hand's are done as they come; a flood is let go.
_BATCHES_MAX: Final = 256
#: Presses waiting for a reader that has stopped reading; the rest are not told.
_REPORTS_MAX: Final = 1024
#: The interpreter changes threads ten times as often as by default (5 ms): the
#: watcher shall not wait for the typing thread.
_SWITCH_S: Final = 0.0005
_JOIN_S: Final = 2.0

#: Exit statuses, for the log.
ENDED: Final = 0
NO_DESKTOP: Final = 3
BROKEN_PIPE: Final = 4


class GuardProcess:
    """Joins a desktop's hands, the gate and the pipes. Owned by the pipe thread."""

    def __init__(
        self,
        watcher: Watcher,
        injector: Injector,
        dead_zone_px: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make it; the gate is shut and nothing runs.

        Args:
            watcher: of the same desktop as the injector, knowing its requests.
            injector: nobody else has it.
            dead_zone_px: see ``limits.DEAD_ZONE_PX``.
            clock: monotonic seconds.
        """
        self._watcher = watcher
        self._clock = clock
        self._detector = Detector(dead_zone_px)
        self._gate = Gate(injector)
        self._reports: deque[bytes] = deque()
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._status: int | None = None
        self._heard = clock()
        #: Written by the watcher's thread alone.
        self._moved = clock()
        self._quiet_s: float | None = None
        self._batches: deque[tuple[list[InputEvent], int]] = deque()
        self._typing = threading.Condition()
        self._typing_ends = False

    def run(self, commands_fd: int, reports_fd: int, reader: Reader) -> int:
        """Guard until the agent says stop, or goes; return the exit status."""
        os.set_blocking(reports_fd, False)
        threads = [
            threading.Thread(target=self._watch, name="watcher", daemon=True),
            threading.Thread(target=self._type, name="typing", daemon=True),
        ]
        for thread in threads:
            thread.start()
        self._report(Ready())
        parent = os.getppid()
        try:
            while self._status is None:
                self._step(commands_fd, reports_fd, reader)
                if os.getppid() != parent:
                    self.end(ENDED)
        except LocalViolation:
            self._status = BROKEN_PIPE
        except (BrokenPipeError, ConnectionResetError):
            self._status = ENDED  # the agent has gone
        self._close(threads)
        return ENDED if self._status is None else self._status

    def end(self, status: int) -> None:
        """Make :meth:`run` return; callable from any thread or signal handler."""
        if self._status is None:
            self._status = status
        self._wake_up()

    # --- the pipe thread ------------------------------------------------------------

    def _step(self, commands_fd: int, reports_fd: int, reader: Reader) -> None:
        writing = [reports_fd] if self._reports else []
        ready, writable, _ = select.select(
            [commands_fd, self._wake], writing, [], _LOOK_S
        )
        if self._wake in ready:
            os.read(self._wake, 4096)
        if commands_fd in ready:
            data = os.read(commands_fd, 65536)
            if not data:
                self.end(ENDED)
                return
            for command in reader.take(data, commands):
                self._do(command)
        self._look()
        if writable or self._reports:
            self._write(reports_fd)

    def _do(self, command: Command) -> None:
        match command:
            case Open():
                self._detector.reset()
                self._heard = self._clock()
                self._gate.open()
            case Shut():
                self._gate.shut()
            case Inject(batch):
                self._queue(batch)
            case Alive():
                self._heard = self._clock()
                self._gate.silence(False)
                self._report(Beat())
            case Question(asking):
                self._gate.question(asking)
            case OwnWindows(rects):
                self._gate.own_windows(rects)
            case WaitStill(quiet_s):
                self._quiet_s = quiet_s
            case Stop():
                self.end(ENDED)
            case Configure():
                raise LocalViolation("configured twice")

    def _queue(self, batch: bytes) -> None:
        if self._gate.is_held:
            return  # it is dropped now, not done when the hold is over
        try:
            events = decode_batch(batch)
        except RemoteViolation:
            # The agent's link closes on it; here it is only not done.
            return
        with self._typing:
            if len(self._batches) >= _BATCHES_MAX:
                # Half of a flood is worse than none: a key might stay down.
                self._batches.clear()
                self._gate.release()
                return
            self._batches.append((events, self._gate.grant))
            self._typing.notify()

    def _look(self) -> None:
        now = self._clock()
        if self._gate.is_open and now - self._heard > GUARD_SILENCE_S:
            self._gate.silence(True)
        if self._quiet_s is not None and now - self._moved >= self._quiet_s:
            self._quiet_s = None
            self._report(Still())

    def _write(self, fd: int) -> None:
        while self._reports:
            data = self._reports.popleft()
            try:
                written = os.write(fd, data)
            except BlockingIOError:
                written = 0
            if written < len(data):
                self._reports.appendleft(data[written:])
                return

    def _close(self, threads: list[threading.Thread]) -> None:
        self._gate.shut()
        with self._typing:
            self._typing_ends = True
            self._typing.notify()
        self._watcher.stop()
        for thread in threads:
            thread.join(_JOIN_S)
        self._gate.close()

    # --- the watcher's thread -------------------------------------------------------

    def _watch(self) -> None:
        try:
            self._watcher.run(self.seen)
        except NoDesktop:
            self.end(NO_DESKTOP)

    def seen(self, event: LocalEvent) -> None:
        """Take one event of any hand: shut first, then report."""
        customer = event.origin is Origin.CUSTOMER
        if customer:
            self._moved = self._clock()
            if self._gate.is_open:
                cause = self._detector.see(event)
                if cause is not None and self._gate.take_over():
                    self._report(Reclaimed(cause.value, event.time_ms))
        if event.what in (Seen.BUTTON_DOWN, Seen.KEY_DOWN):
            button = event.detail if event.what is Seen.BUTTON_DOWN else 0
            self._report(Pressed(event.time_ms, button, customer))

    def _report(self, report: Report) -> None:
        if isinstance(report, Pressed) and len(self._reports) >= _REPORTS_MAX:
            return
        self._reports.append(pack(report))
        self._wake_up()

    def _wake_up(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is awake already
            os.write(self._waker, b"\0")

    # --- the typing thread ----------------------------------------------------------

    def _type(self) -> None:
        while True:
            with self._typing:
                self._typing.wait_for(lambda: self._batches or self._typing_ends)
                if self._typing_ends:
                    return
                events, grant = self._batches.popleft()
                # What has been waiting is done at once: its moves are merged.
                while self._batches and self._batches[0][1] == grant:
                    events = events + self._batches.popleft()[0]
            try:
                self._gate.inject(events, grant)
            except NoDesktop:
                self.end(NO_DESKTOP)
                return


def main() -> int:
    """Run as the guard: commands on stdin, reports on stdout."""
    # Not for Ctrl-C in a terminal: the agent decides, and its pipe closes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reports_fd = os.dup(1)
    os.dup2(2, 1)  # whatever prints by mistake is no report
    reader = Reader()
    sys.setswitchinterval(_SWITCH_S)
    try:
        first, rest = _read_first(reader)
        if first is None:
            return ENDED
        hands = choose.open_hands(first.display or None)
    except LocalViolation:
        return BROKEN_PIPE
    except NoDesktop as error:
        os.write(reports_fd, pack(Failed(str(error))))
        return NO_DESKTOP
    guard = GuardProcess(hands.watcher, hands.injector, first.dead_zone_px)
    signal.signal(signal.SIGTERM, lambda *_: guard.end(ENDED))
    return guard.run(0, reports_fd, rest)


def _read_first(reader: Reader) -> tuple[Configure | None, Reader]:
    """Read the first command; nothing follows it before ``Ready``."""
    while True:
        data = os.read(0, 65536)
        if not data:
            return None, reader
        for command in reader.take(data, commands):
            if not isinstance(command, Configure):
                raise LocalViolation("the first command does not configure")
            return command, reader
