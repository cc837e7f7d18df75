"""``cordee demo``: a relay, a first technician and a customer's agent, on one machine.

For a newcomer who wants to see the main job working. Every part is the real one, in
a process of its own, started by the command that an operator or a customer would
use. Where there is no X11 desktop to help on, a virtual one is started, and said.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Final

from cordee_shared.errors import SettingsError

from .provider import TEMPLATE, TERMS

#: The account that the first run makes.
TECHNICIAN: Final = "claire"
#: Seconds that a part may take to stand, on a busy machine.
PATIENCE_S: Final = 30.0
#: Seconds that a part may take to end before it is killed.
FAREWELL_S: Final = 8.0
#: Pixels of the virtual desktop: the customer's usual laptop.
GEOMETRY: Final = "1366x768"

#: What an operator would write. The price is the demonstration's own: the terms of
#: 2021 name no tariff for remote work.
_SETTINGS: Final = """\
# Written by `cordee demo` on its first run; yours from then on.
data = "."

[listen]
address = "127.0.0.1"
port = {port}

[provider]
organisation = "Micro-Alpes"
phone = "04 79 07 11 96"
email = "contact@micro-alpes.fr"

[terms]
version = "2021-11-01"
file = "terms.txt"
hash = "0493c961b771bf3a1a9d3604d62bfa9987e77400e608809a95ee3436b3127d7c"

[[tariffs]]
id = "remote"
label = "Dépannage à distance, la demi-heure (démonstration)"
price_cents = 3000
unit_s = 1800
minimum_units = 1

[usual]
backup_cents = 2000
"""
#: What the terms do not say, made up so that documents can be seen, and marked so.
_MADE_UP: Final = (
    ('# legal_form = "EI"', 'legal_form = "EI"'),
    ('# regime = "franchise"', 'regime = "franchise"'),
    ('# name = ""', 'name = "Médiateur de démonstration"'),
    ('# address = ""', 'address = "1 rue de l’Exemple, 75000 Paris"'),
    ('# website = "https://…"', 'website = "https://mediateur.example"'),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A process of the demonstration."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        if not self.is_running:
            return
        self.process.terminate()
        try:
            self.process.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(folder: Path, say: Callable[[str], None], *, language: str = "") -> int:
    """Run everything until Ctrl-C or until a part ends; returns the exit status.

    Args:
        folder: settings, keys and database; used again by the next run.
        say: takes each line for the person at the terminal.
        language: of the agent's window, ``fr`` or ``en``; empty for the system's.

    Raises:
        SettingsError: the folder cannot be used, or a part did not start.
    """
    config = _settings(folder)
    origin = _origin(config)
    _first_technician(config, say)
    # A terminal's Ctrl-C and a service's stop end it alike, in the order below.
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as parts:
        try:
            relay = parts.enter_context(
                _part("relay", [*_cordee(), "serve", "--config", str(config)])
            )
            _wait_relay(relay, origin)
            say(f"Console:   {origin}/console/   (sign in as {TECHNICIAN})")
            say(f"Customers: {origin}")
            display = parts.enter_context(_desktop(folder, say))
            if display is None:
                say("Agent:     none here; see above. The relay and the console run.")
                relay.process.wait()
                return relay.process.returncode
            agent = parts.enter_context(_agent(origin, display, language))
            say("Agent:     its window is open. Ctrl-C here stops everything.")
            agent.process.wait()
            say("Agent:     ended, as after each session. Ctrl-C stops the rest.")
            relay.process.wait()
            return relay.process.returncode
        except KeyboardInterrupt:
            say("Stopping.")
            return 0


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


# --- data ----------------------------------------------------------------------------


def _settings(folder: Path) -> Path:
    """Return the settings file, writing it on the first run."""
    config = folder.resolve() / "cordee.toml"
    try:
        config.parent.mkdir(parents=True, exist_ok=True)
        if not config.exists():
            config.write_text(_SETTINGS.format(port=_free_port()), encoding="utf-8")
            config.with_name("provider.toml").write_text(_provider(), encoding="utf-8")
            config.with_name("terms.txt").write_bytes(TERMS.read_bytes())
            _run([*_cordee(), "init", "--config", str(config)])
        elif 'file = "terms.txt"' not in (text := config.read_text(encoding="utf-8")):
            # Of a former version: its customers could not read the terms yet.
            config.with_name("terms.txt").write_bytes(TERMS.read_bytes())
            named = text.replace("[terms]\n", '[terms]\nfile = "terms.txt"\n', 1)
            config.write_text(named, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"{config}: cannot be written ({error.strerror}); "
            "give another folder with --data"
        ) from None
    return config


def _provider() -> str:
    """Return the provider's facts, whole, and marked as a demonstration's."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for old, new in _MADE_UP:
        text = text.replace(old, new)
    return f"demonstration = true\n{text}"


def _first_technician(config: Path, say: Callable[[str], None]) -> None:
    """Make the first account, whose password is printed this once."""
    command = [*_cordee(), "technician"]
    listed = _run([*command, "list", "--config", str(config)])
    if TECHNICIAN in listed.split():
        say(f"Technician: {TECHNICIAN}, as before. A new password and second factor:")
        say(f"            cordee technician reset {TECHNICIAN} --config {config}")
        return
    # Straight to the terminal: its QR code is drawn only there.
    add = ["add", TECHNICIAN, "--display-name", "Claire Martin"]
    subprocess.run([*command, *add, "--config", str(config)], check=True)


def _origin(config: Path) -> str:
    # The settings know it; only the demonstration needs it outside of the relay.
    from cordee_server.settings import load

    return load(config, os.environ).origin


def _free_port() -> int:
    """Return 8080, or a port that nobody listens on when that is taken."""
    for port in (8080, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SettingsError("no port is free on this machine")


# --- parts ---------------------------------------------------------------------------


def _cordee() -> list[str]:
    return [sys.executable, "-m", "cordee_server"]


def _run(command: Sequence[str]) -> str:
    """Run a command to its end and return what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SettingsError(done.stderr.strip() or f"{command[-1]} failed")
    return done.stdout


@contextmanager
def _part(
    name: str, command: Sequence[str], log: IO[bytes] | None = None, **env: str
) -> Iterator[Part]:
    # A session of its own: Ctrl-C reaches this process, which ends the parts in order.
    part = Part(
        name,
        subprocess.Popen(
            command,
            env={**os.environ, **env},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ),
    )
    try:
        yield part
    finally:
        part.stop()


def _wait_relay(relay: Part, origin: str) -> None:
    """Wait until the relay accepts connections."""
    port = int(origin.rsplit(":", 1)[1])
    deadline = monotonic() + PATIENCE_S
    while monotonic() < deadline:
        if not relay.is_running:
            raise SettingsError("the relay did not start; its reason stands above")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            try:
                relay.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise SettingsError(f"the relay did not answer on port {port} in time")


@contextmanager
def _agent(origin: str, display: str, language: str) -> Iterator[Part]:
    command = [sys.executable, "-m", "cordee_agent", "--relay", origin]
    if language:
        command += ["--lang", language]
    with _part("agent", command, DISPLAY=display) as part:
        yield part


@contextmanager
def _desktop(folder: Path, say: Callable[[str], None]) -> Iterator[str | None]:
    """Yield the X display to help on, ``None`` where there can be none."""
    present = os.environ.get("DISPLAY")
    if present and not os.environ.get("WAYLAND_DISPLAY"):
        yield present
        return
    if not sys.platform.startswith("linux"):
        say("Desktop:   only X11 desktops can be helped so far (Linux).")
        yield None
        return
    missing = [name for name in ("Xvnc", "openbox") if shutil.which(name) is None]
    if missing:
        say(
            "Desktop:   no X11 desktop here, and no virtual one without "
            f"{' and '.join(missing)} (Debian: tigervnc-standalone-server, openbox)."
        )
        yield None
        return
    why = "Wayland" if os.environ.get("WAYLAND_DISPLAY") else "no screen"
    say(f"Desktop:   {why} here, so a virtual one is started.")
    with ExitStack() as parts:
        viewer = folder.resolve() / "desktop.sock"
        display = _virtual(viewer, folder, parts)
        say(f"           To sit in the customer's chair: vncviewer {viewer}")
        yield display


def _virtual(viewer: Path, folder: Path, parts: ExitStack) -> str:
    """Start an X server that this user alone can look into, and its window manager."""
    viewer.unlink(missing_ok=True)
    ready, tell = os.pipe()
    log = parts.enter_context((folder / "desktop.log").open("wb"))
    server = subprocess.Popen(
        [
            "Xvnc",
            *("-displayfd", str(tell)),
            *("-SecurityTypes", "None"),
            *("-rfbport", "-1"),
            *("-rfbunixpath", str(viewer)),
            *("-rfbunixmode", "0600"),
            *("-geometry", GEOMETRY),
            *("-depth", "24"),
            *("-nolisten", "tcp"),
            "-AlwaysShared",
        ],
        stdout=log,
        stderr=log,
        pass_fds=(tell,),
        start_new_session=True,
    )
    os.close(tell)
    parts.callback(Part("desktop", server).stop)
    with os.fdopen(ready) as told:
        number = told.readline().strip()
    if not number:
        raise SettingsError(
            f"the virtual desktop did not start; see {folder}/desktop.log"
        )
    display = f":{number}"
    parts.enter_context(_part("openbox", ["openbox"], log, DISPLAY=display))
    return display
