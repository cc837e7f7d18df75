"""The agent's command line; a customer never sees it, a downloaded file starts it.

Qt has the main thread, the session an event loop in a thread of its own; they speak
through Qt's queued signals and ``call_soon_threadsafe`` (agent_platform.md 4.4).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import NoReturn

from cordee_agent.provision import this_program
from cordee_agent.settings import Settings, read_language, read_settings
from cordee_shared.errors import CordeeError, SettingsError


class _Words(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Say it and leave with 2."""
        raise SettingsError(message)


def _words() -> _Words:
    # The standard library's: a larger one would be a tenth of the customer's file.
    words = _Words(
        prog="cordee-agent",
        description="Open the window in which somebody may ask for help.",
        allow_abbrev=False,
    )
    env = os.environ.get
    words.add_argument(
        "--relay", default=env("CORDEE_RELAY", ""), help="address of the relay"
    )
    words.add_argument("--lang", default=env("CORDEE_LANG", ""), help="fr or en")
    words.add_argument(
        "--relay-key",
        default=env("CORDEE_RELAY_KEY", ""),
        help="the relay's key, to pin; without it the first one seen is remembered",
    )
    words.add_argument(
        "--dead-zone",
        type=int,
        help="pixels of movement that count as the hand; 0: any",
    )
    words.add_argument(
        "--about", action="store_true", help="say what is inside, by whose licence"
    )
    words.add_argument(
        "--sbom", action="store_true", help="say the same as CycloneDX (JSON)"
    )
    return words


def run(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks; returns the exit status."""
    program = this_program()
    try:
        given = _words().parse_args(words)
        if given.about or given.sbom:
            return _tell("sbom.json" if given.sbom else "about.txt")
        return serve(
            read_settings(
                given.relay, given.lang, given.relay_key, given.dead_zone, program
            )
        )
    except SettingsError as error:
        _complain(str(error))
        if program is not None and _has_screen():
            _say_in_a_window("no_relay")  # who double-clicked a file reads no terminal
        return 2


def _tell(name: str) -> int:
    """Print a list that was packed with the program."""
    listed = files("cordee_agent").joinpath("about", name)
    if not listed.is_file():
        raise SettingsError("only a packed program has that list; see `pip list`")
    sys.stdout.write(listed.read_text("utf-8"))
    return 0


def _complain(sentence: str) -> None:
    if sys.stderr is not None:  # a program without a terminal has none on Windows
        sys.stderr.write(f"cordee-agent: {sentence}\n")


def serve(settings: Settings) -> int:
    """Show the window and run the session; returns the exit status."""
    if not sys.platform.startswith("linux"):
        _complain("only X11 desktops can be helped so far.")
        return 2
    if not _has_screen():
        _complain(
            "there is no desktop here (DISPLAY is not set). "
            "Start it on the desktop of the person to be helped."
        )
        return 2
    # Late: Qt, numpy and X are not needed to say what is wrong above.
    from cordee_agent.app import App
    from cordee_agent.clock import SystemClock
    from cordee_agent.desktops.choose import open_screen
    from cordee_agent.guard.client import Guard
    from cordee_agent.picture.pipeline import PictureSource
    from cordee_agent.window.model import Command, EndSession, Quit
    from cordee_agent.window.qt.interrupts import Interrupts
    from cordee_agent.window.qt.window import QtWindow

    loop = asyncio.new_event_loop()
    clock = SystemClock()
    guard = Guard()
    apps: list[App] = []
    failed: list[str] = []

    def command(said: Command) -> None:
        if apps:
            loop.call_soon_threadsafe(apps[0].deliver, said)

    window = QtWindow(settings.language, command)
    window.on_rects = lambda rects: loop.call_soon_threadsafe(guard.own_windows, rects)
    app = App(
        settings,
        window,
        clock,
        guard,
        lambda send: PictureSource(open_screen, send, clock.monotonic),
    )
    apps.append(app)

    def live() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(app.run())
        except CordeeError as error:
            failed.append(str(error))
        finally:
            window.quit()

    def leave() -> None:
        """The system wants us to end: a session is ended first, and journaled."""
        command(EndSession())
        command(Quit())

    interrupts = Interrupts(leave)
    thread = threading.Thread(target=live, name="session")
    thread.start()
    window.run()
    thread.join()
    interrupts.close()
    loop.close()
    for sentence in failed:
        _complain(sentence)
    return 1 if failed else 0


def _has_screen() -> bool:
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY"))


def _say_in_a_window(trouble: str) -> None:
    """Show why the program cannot start, until it is closed."""
    from cordee_agent.window.model import Stopped
    from cordee_agent.window.qt.window import QtWindow

    window = QtWindow(read_language(""), lambda _closed: window.quit())
    window.show(Stopped(trouble))
    window.run()


def main() -> None:
    """Enter here."""
    sys.exit(run())
