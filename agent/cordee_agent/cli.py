"""The agent's command line; a customer never sees it, a downloaded file starts it.

Qt has the main thread, the session an event loop in a thread of its own; they speak
through Qt's queued signals and ``call_soon_threadsafe`` (agent_platform.md 4.4).
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import Annotated

import typer

from cordee_agent.provision import this_program
from cordee_agent.settings import Settings, read_language, read_settings
from cordee_shared.errors import CordeeError, SettingsError

_cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@_cli.command()
def run(
    relay: Annotated[
        str, typer.Option(envvar="CORDEE_RELAY", help="Address of the relay.")
    ] = "",
    lang: Annotated[str, typer.Option(envvar="CORDEE_LANG", help="fr or en.")] = "",
    relay_key: Annotated[
        str, typer.Option(envvar="CORDEE_RELAY_KEY", help="The relay's key, to pin.")
    ] = "",
    dead_zone: Annotated[
        int | None,
        typer.Option(help="Pixels of movement that count as the hand; 0: any."),
    ] = None,
) -> None:
    """Open the window in which somebody may ask for help."""
    program = this_program()
    try:
        settings = read_settings(relay, lang, relay_key, dead_zone, program)
        raise SystemExit(serve(settings))
    except SettingsError as error:
        typer.echo(f"cordee-agent: {error}", err=True)
        if program is not None:
            _say_in_a_window("no_relay")  # who double-clicked a file reads no terminal
        raise SystemExit(2) from None


def serve(settings: Settings) -> int:
    """Show the window and run the session; returns the exit status."""
    if not sys.platform.startswith("linux"):
        typer.echo("cordee-agent: only X11 desktops can be helped so far.", err=True)
        return 2
    if not os.environ.get("DISPLAY"):
        typer.echo(
            "cordee-agent: there is no desktop here (DISPLAY is not set). "
            "Start it on the desktop of the person to be helped.",
            err=True,
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
        typer.echo(f"cordee-agent: {sentence}", err=True)
    return 1 if failed else 0


def _say_in_a_window(trouble: str) -> None:
    """Show why the program cannot start, until it is closed."""
    from cordee_agent.window.model import Stopped
    from cordee_agent.window.qt.window import QtWindow

    window = QtWindow(read_language(""), lambda _closed: window.quit())
    window.show(Stopped(trouble))
    window.run()


def main() -> None:
    """Enter here."""
    _cli()
