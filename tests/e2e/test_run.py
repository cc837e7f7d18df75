"""What ``make run`` starts: without a screen, twice, and to the last process."""

import os
import re
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.rig.agent import windows
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import BIN, Program, environment, wait_until
from tests.parts import command

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def demo(folder: Path, log: str) -> Program:
    """Start the demonstration without a desktop of its own."""
    command("Xvnc", package="tigervnc-standalone-server")
    command("openbox", package="openbox")
    env = environment(folder / "home", PYTHONUNBUFFERED="1")
    env = {name: value for name, value in env.items() if "DISPLAY" not in name}
    return Program(
        [BIN / "cordee", "demo", "--data", folder / "data", "--lang", "fr"],
        log=folder / log,
        env=env,
        name="demo",
    )


def children(pid: int) -> list[int]:
    """Return the processes that this one has started and not reaped."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in listed.split()]


def is_alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text("ascii").split()[2]


def test_everything_starts_by_itself_and_ends_by_ctrl_c(folder: Path) -> None:
    with demo(folder, "first.log") as first:
        first.wait_for_line("Agent:     its window is open")
        said = first.text()
        assert re.search(r"Password:\s+\S+", said)
        assert "otpauth://totp/" in said
        address = re.search(r"http://localhost:\d+", said)
        assert address is not None
        console = f"{address[0]}/console/"
        assert console in said
        with urllib.request.urlopen(console, timeout=5) as answer:  # noqa: S310 - ours
            assert b"Cord" in answer.read()
        viewer = re.search(r"vncviewer (\S+)", said)
        assert viewer is not None
        with Hand(Path(viewer[1])) as hand:
            hand.move(100, 100)  # somebody can sit in the customer's chair
        wait_until(
            lambda: len(children(first.pid)) >= 4,
            what=lambda: f"relay, desktop, openbox and agent:\n{first.text()}",
        )
        parts = children(first.pid)
        first.signal(signal.SIGINT)
        assert first.wait_for_end() == 0
        assert [pid for pid in parts if is_alive(pid)] == []
    with demo(folder, "second.log") as second:
        second.wait_for_line("Agent:     its window is open")
        assert "Technician: claire, as before" in second.text()
        assert "Password:" not in second.text()
        second.signal(signal.SIGINT)
        assert second.wait_for_end() == 0


def test_a_desktop_that_is_there_is_used(folder: Path) -> None:
    from tests.e2e.rig.xvnc import xvnc

    with xvnc(folder / "x") as desktop:
        before = windows(desktop)
        running = desktop.start(
            *(BIN / "cordee", "demo", "--data", folder / "data", "--lang", "fr"),
            name="demo",
        )
        running.wait_for_line("Agent:     its window is open")
        assert "virtual" not in running.text()
        wait_until(
            lambda: windows(desktop) - before,
            what=lambda: f"the agent's window:\n{running.text()}",
        )
        running.signal(signal.SIGINT)
        assert running.wait_for_end() == 0
