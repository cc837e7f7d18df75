"""A signal reaches the session at once, although Qt waits."""

import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.rig.processes import Program, environment

PROGRAM = """
import os, signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from cordee_agent.window.qt.interrupts import Interrupts
app = QApplication([])
def told():
    print("told", flush=True)
    if sys.argv[1] == "stays":
        return
    app.quit()
listening = Interrupts(told)
QTimer.singleShot(0, lambda: print("runs", flush=True))
app.exec()
listening.close()
listening.close()
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
print("left", flush=True)
"""


def start(folder: Path, how: str) -> Program:
    return Program(
        [sys.executable, "-c", PROGRAM, how],
        log=folder / "log",
        env=environment(folder / "home", QT_QPA_PLATFORM="offscreen"),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_each_wish_to_end_is_told_and_obeyed(tmp_path: Path, name: str) -> None:
    with start(tmp_path, "leaves") as program:
        program.wait_for_line("^runs$")
        program.signal(signal.Signals[name])
        assert program.wait_for_end() == 0
        assert program.text().split() == ["runs", "told", "left"]


@pytest.mark.slow
def test_a_second_signal_ends_the_program_whatever_it_does(tmp_path: Path) -> None:
    with start(tmp_path, "stays") as program:
        program.wait_for_line("^runs$")
        program.signal(signal.SIGTERM)
        program.wait_for_line("^told$")
        program.signal(signal.SIGTERM)
        assert program.wait_for_end() == -signal.SIGTERM
